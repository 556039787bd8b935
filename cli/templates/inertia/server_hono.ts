import { createInertia, honoInertia } from "@lv/sidecar/inertia";
import type { InertiaOptions } from "@lv/sidecar/inertia";
import { Hono } from "hono";
import type { Pages } from "./pages.ts";

/** Makes the app: `page` is index.html, from Vite in development and from the build in production. */
export function createApp({ page }/*+: Pick<InertiaOptions, "page">*/) {
  const inertia = createInertia/*+<Pages>*/({ page__SSR__ });
  const app = new Hono();

  app.use(honoInertia(inertia));
  app.get("/", (c) => inertia.render(c.req.raw, "Home", { message: "Hello from Hono" }));
  app.get("/about", (c) => inertia.render(c.req.raw, "About", { template: "__TEMPLATE__" }));
  app.get("/api/hello", (c) => c.json({ message: "Hello from Hono" }));
  app.notFound((c) => inertia.render(c.req.raw, "Missing", { path: c.req.path }, { status: 404 }));
  return app;
}
