import { createInertia, serveInertia } from "@lv/sidecar/inertia";
import type { InertiaOptions } from "@lv/sidecar/inertia";
import type { Pages } from "./pages.ts";

/** Makes the app: `page` is index.html, from Vite in development and from the build in production. */
export function createApp({ page }/*+: Pick<InertiaOptions, "page">*/) {
  const inertia = createInertia/*+<Pages>*/({ page__SSR__ });

  return {
    fetch: serveInertia(inertia, async (request) => {
      const { pathname } = new URL(request.url);
      switch (pathname) {
        case "/":
          return await inertia.render(request, "Home", { message: "Hello from __RUNTIME__" });
        case "/about":
          return await inertia.render(request, "About", { template: "__TEMPLATE__" });
        case "/api/hello":
          return Response.json({ message: "Hello from __RUNTIME__" });
        default:
          return await inertia.render(request, "Missing", { path: pathname }, { status: 404 });
      }
    }),
  };
}
