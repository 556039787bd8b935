/**
 * The router of production: who answers when Vite does not run. A pure function, as its twin `router.ts` is.
 *
 * @module
 */
import type { KnownRoutes } from "./known_routes.ts";
import {
  isDocumentRequest,
  isFilePath,
  isWebSocket,
  type Route,
  type RoutedRequest,
  VITE_PROTOCOLS,
} from "./router.ts";

/** What the router knows of a build. */
export interface BuiltRouterConfig {
  /** Whether there is an app behind us at all. */
  readonly hasApp: boolean;
  /** Patterns that the configuration gives to the app. */
  readonly appRoutes: KnownRoutes;
  /** What the app itself says that it answers. */
  readonly knownRoutes: KnownRoutes;
  /** Whether a path is of the built files; also one that was, in a build that is gone. */
  readonly hasFile: (path: string) => boolean;
  /** Below which path the page of the single-page app stands, with slashes at both ends; `undefined` without one. */
  readonly pagePath: string | undefined;
}

/**
 * Says who answers a request: what the configuration gives to the app; built files; routes of the app; for a document
 * the app, and where it has none the page; for anything else the app. A typo is never answered with the page.
 */
export function routeBuilt(request: RoutedRequest, config: BuiltRouterConfig): Route {
  const { method, path } = request;
  const nobody: Route = config.hasApp ? { kind: "app" } : { kind: "nobody" };
  if (isWebSocket(request)) return routeSocket(request, config);
  if (config.appRoutes.matches(path)) return nobody;
  if (config.hasFile(path)) return { kind: "file" };
  if (config.knownRoutes.matches(path)) return nobody;
  if (method !== "GET" && method !== "HEAD") return nobody;
  if (!wantsPage(request, config.pagePath)) return nobody;
  return { kind: config.hasApp ? "app-or-page" : "page" };
}

/** A tab that was open while Vite ran asks for Vite's sockets: it gets an answer, and no socket. */
function routeSocket(request: RoutedRequest, { hasApp }: BuiltRouterConfig): Route {
  const protocol = request.header("sec-websocket-protocol");
  if (protocol !== null && VITE_PROTOCOLS.has(protocol)) return { kind: "nobody" };
  return { kind: hasApp ? "app-socket" : "nobody" };
}

function wantsPage(request: RoutedRequest, pagePath: string | undefined): boolean {
  const { path } = request;
  if (pagePath === undefined) return false;
  // Case: "/ui/" mounts it at "/ui", "/ui/" and below
  if (!path.startsWith(pagePath) && `${path}/` !== pagePath) return false;
  if (path === pagePath || path === `${pagePath}index.html`) return true;
  if (path === "/api" || path.startsWith("/api/") || path.startsWith("/.well-known/")) return false;
  return isDocumentRequest(request) && !isFilePath(path);
}
