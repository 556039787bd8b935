// The routes say of themselves what the front end's types are made of.
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";

const Hello = z.object({ message: z.string() }).openapi("Hello");

const hello = createRoute({
  operationId: "hello",
  method: "get",
  path: "/api/hello",
  responses: {
    200: { description: "A greeting", content: { "application/json": { schema: Hello } } },
  },
});

const app = new OpenAPIHono();

app.openapi(hello, (c) => c.json({ message: "Hello from Hono" }, 200));
app.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}` }, 404));
app.doc31("/openapi.json", { openapi: "3.1.0", info: { title: "__NAME__", version: "0.1.0" } });

export default app;
