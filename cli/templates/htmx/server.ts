import { htmxResponse } from "@lv/sidecar/htmx";
import { helloView, pageView } from "./views.__X__";

/** Makes the app: `front` knows the tags, of the sources in development and of the build in production. */
export function createApp(front/*+: { tags(entry: string): string }*/) {
  return {
    fetch(request/*+: Request*/) {
      const { pathname } = new URL(request.url);
      if (pathname === "/") {
        return htmxResponse(pageView(front.tags("src/main.__X__")));
      }
      if (pathname === "/api/hello") return htmxResponse(helloView("Hello from __RUNTIME__"));
      return htmxResponse("There is nothing here", { status: 404 });
    },
  };
}
