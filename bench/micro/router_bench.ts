/**
 * Who answers: the router, without and with a route table.
 *
 * @module
 */
import { compileRoutes } from "../../sidecar/known_routes.ts";
import { type RoutedRequest, type RouterConfig, routeRequest } from "../../sidecar/router.ts";

const NONE = compileRoutes([]);
const TABLE = compileRoutes(
  Array.from({ length: 500 }, (_, index) => `/api/resource${index}/{id:int}/items/{item}`),
);
const CONFIG: RouterConfig = {
  base: "/",
  hasApp: true,
  appRoutes: NONE,
  viteRoutes: NONE,
  knownRoutes: NONE,
};

function requestOf(path: string, fields: Readonly<Record<string, string>> = {}): RoutedRequest {
  const headers = new Headers(fields);
  return { method: "GET", path, search: "", header: (name) => headers.get(name) };
}

const MODULE = requestOf("/src/pages/Dashboard.tsx", { "sec-fetch-dest": "script" });
const BARE = requestOf("/src/pages/Dashboard.tsx");
const DOCUMENT = requestOf("/users/5", { accept: "text/html", "sec-fetch-dest": "document" });
const CALL = requestOf("/api/resource250/7/items/9", { "sec-fetch-dest": "empty" });

Deno.bench("routeRequest(): a module", () => {
  routeRequest(MODULE, CONFIG);
});

Deno.bench("routeRequest(): a module without Sec-Fetch-Dest", () => {
  routeRequest(BARE, CONFIG);
});

Deno.bench("routeRequest(): a document", () => {
  routeRequest(DOCUMENT, CONFIG);
});

Deno.bench("routeRequest(): a call of the API", () => {
  routeRequest(CALL, CONFIG);
});

Deno.bench("routeRequest(): a call found among 500 routes", () => {
  routeRequest(CALL, { ...CONFIG, knownRoutes: TABLE });
});

Deno.bench("routeRequest(): a module, 500 routes known", () => {
  routeRequest(MODULE, { ...CONFIG, knownRoutes: TABLE });
});
