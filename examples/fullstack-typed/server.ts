import { join } from "node:path";
import process from "node:process";
import { Books } from "./books.ts";
import { routes } from "./routes.ts";

export { routes };

/** Makes the app. The handlers are checked by the table: what comes in is validated, what goes out has its type. */
export function createApp() {
  const books = new Books(
    process.env["DATABASE"] ?? join(import.meta.dirname ?? ".", "books.db"),
  );
  const missing = (id: number) =>
    Response.json({ message: `There is no book ${id}` }, { status: 404 });

  return routes.serve({
    "books.index": ({ query }) => ({
      books: books.list(query),
      summary: books.summary(),
    }),
    "books.store": ({ body }) => books.add(body),
    "books.update": ({ params, body }) => books.change(params.id, body) ?? missing(params.id),
    "books.destroy": ({ params }) =>
      books.remove(params.id) ? new Response(null, { status: 204 }) : missing(params.id),
  }, { onError: (error) => console.error(error) });
}
