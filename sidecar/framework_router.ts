/**
 * The router of framework mode: the framework is the rule, the app the exception. A pure function, as its twins
 * `router.ts` and `built_router.ts` are.
 *
 * A framework answers every path: its 404 page is final, and a path of its own may look like anything. So nobody is asked
 * first to see whether he knows it; the app has what the configuration, its own routes, or `/api` give it.
 *
 * @module
 */
import type { KnownRoutes } from "./known_routes.ts";
import { isWebSocket, type Route, type RoutedRequest, VITE_PROTOCOLS } from "./router.ts";

/** What the router knows. */
export interface FrameworkRouterConfig {
  /** Whether the framework's dev server runs, and has sockets of Vite. */
  readonly isDevelopment: boolean;
  /** Patterns that the configuration gives to the app. */
  readonly appRoutes: KnownRoutes;
  /** Patterns that the configuration gives to the framework. */
  readonly frontRoutes: KnownRoutes;
  /** Paths that the framework alone has. */
  readonly reservedRoutes: KnownRoutes;
  /** What the app itself says that it answers. */
  readonly knownRoutes: KnownRoutes;
}

/** A path that nobody has: an app that says it answers this one answers everything, which tells nothing. */
const NOWHERE = "/.well-known/lv-sidecar/nobody-has-this";

/**
 * Says who answers a request.
 *
 * @param hasApp Whether there is an app behind us at all.
 */
export function routeFramework(
  request: RoutedRequest,
  config: FrameworkRouterConfig,
  hasApp: boolean,
): Route {
  const isApp = hasApp && isApps(request.path, config);
  if (request.header("upgrade") !== null && isWebSocket(request)) {
    return routeSocket(request, config, isApp);
  }
  return { kind: isApp ? "app" : "vite" };
}

function routeSocket(
  request: RoutedRequest,
  { isDevelopment }: FrameworkRouterConfig,
  isApp: boolean,
): Route {
  const protocol = request.header("sec-websocket-protocol");
  if (protocol !== null && VITE_PROTOCOLS.has(protocol)) {
    return { kind: isDevelopment ? "vite-socket" : "nobody" };
  }
  return { kind: isApp ? "app-socket" : "framework-socket" };
}

function isApps(path: string, config: FrameworkRouterConfig): boolean {
  if (config.appRoutes.matches(path)) return true;
  if (config.frontRoutes.matches(path) || isReserved(path) || config.reservedRoutes.matches(path)) {
    return false;
  }
  if (path === "/api" || path.startsWith("/api/")) return true;
  // The front page is what a framework is put behind the port for; the app gets it by the option appRoutes.
  return path !== "/" && isKnown(path, config.knownRoutes);
}

function isKnown(path: string, known: KnownRoutes): boolean {
  return known.matches(path) && !known.matches(NOWHERE);
}

/** What Vite has in every framework: `/@vite/client`, `/@id/…`, `/__inspect/`, `/node_modules/…`. */
function isReserved(path: string): boolean {
  return /^\/(?:@|__|node_modules\/)/.test(path);
}
