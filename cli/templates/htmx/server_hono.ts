import { Hono } from "hono";
import { helloView, pageView } from "./views.__X__";

/** Makes the app: `front` knows the tags, of the sources in development and of the build in production. */
export function createApp(front/*+: { tags(entry: string): string }*/) {
  const app = new Hono();

  app.get("/", (c) => c.html(pageView(front.tags("src/main.__X__"))));
  app.get("/api/hello", (c) => c.html(helloView("Hello from Hono")));
  app.notFound((c) => c.html("There is nothing here", 404));
  return app;
}
