/**
 * The router: who answers a request. A pure function of the request, the configuration and the known routes.
 *
 * @module
 */
import type { KnownRoutes } from "./known_routes.ts";

/** What the router looks at. */
export interface RoutedRequest {
  readonly method: string;
  /** Still encoded, without the query. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
  /** The value of a header by its name in lower case, or `null`. */
  header(name: string): string | null;
}

/** What the router knows. */
export interface RouterConfig {
  /** Vite's dev base: `/`, or a prefix with slashes at both ends. */
  readonly base: string;
  /** Whether there is an app behind us at all. */
  readonly hasApp: boolean;
  /** Whether the app makes all pages, so that its 404 is one of them. @default false */
  readonly appMakesPages?: boolean | undefined;
  /** Patterns that the configuration gives to the app. */
  readonly appRoutes: KnownRoutes;
  /** Patterns that the configuration gives to Vite. */
  readonly viteRoutes: KnownRoutes;
  /** What the app itself says that it answers; empty if it says nothing. */
  readonly knownRoutes: KnownRoutes;
}

/** Who answers. */
export type Route =
  /** Vite alone. */
  | { readonly kind: "vite" }
  /** The app alone: its 404 is the answer. */
  | { readonly kind: "app" }
  /** A document: the app first; its 404 gives the page of the single-page app. */
  | { readonly kind: "app-or-page" }
  /** A file: Vite first; a miss gives it to the app. */
  | { readonly kind: "vite-or-app" }
  /** A WebSocket of Vite. */
  | { readonly kind: "vite-socket" }
  /** A WebSocket of the app. */
  | { readonly kind: "app-socket" }
  /** A WebSocket of the framework's own. In framework mode only. */
  | { readonly kind: "framework-socket" }
  /** A built file, or the answer that there is none of that name. In production only. */
  | { readonly kind: "file" }
  /** The page of the single-page app. In production only. */
  | { readonly kind: "page" }
  /** Nobody: what browsers ask on their own account. */
  | { readonly kind: "nobody" };

const VITE: Route = { kind: "vite" };
const APP: Route = { kind: "app" };
const APP_OR_PAGE: Route = { kind: "app-or-page" };
const VITE_OR_APP: Route = { kind: "vite-or-app" };
const VITE_SOCKET: Route = { kind: "vite-socket" };
const APP_SOCKET: Route = { kind: "app-socket" };
const NOBODY: Route = { kind: "nobody" };

/** Chromium's DevTools ask for it on every page. */
const DEVTOOLS_PATH = "/.well-known/appspecific/com.chrome.devtools.json";

/** Vite's own queries; each also occurs in apps, so none decides alone. */
const VITE_QUERY_REGEXP =
  /[?&](?:import|t|v|url|raw|inline|no-inline|worker|sharedworker|worker_file|direct|html-proxy|init|vue|svelte|astro)(?:=|&|$)/;

/** Sources that only Vite can turn into something that a browser reads. */
const SOURCE_REGEXP =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|css|s[ac]ss|less|styl|stylus|pcss|postcss|map|mdx?|wasm|gql|graphql|glsl|vert|frag)$/i;

/** Files that a page loads as they are. */
const ASSET_REGEXP =
  /\.(?:png|jpe?g|gif|svg|ico|webp|avif|bmp|woff2?|ttf|otf|eot|mp4|webm|ogg|mp3|wav|flac|aac|opus|mov|m4a|vtt|webmanifest|json5?|txt|xml|pdf|ya?ml)$/i;

/** `Sec-Fetch-Dest` of a module, a stylesheet or a worker. */
const CODE_DESTINATIONS = new Set([
  "script",
  "style",
  "worker",
  "sharedworker",
  "serviceworker",
  "audioworklet",
  "paintworklet",
  "xslt",
]);
/** `Sec-Fetch-Dest` of a file. */
const FILE_DESTINATIONS = new Set([
  "image",
  "font",
  "audio",
  "video",
  "track",
  "manifest",
  "object",
  "embed",
]);
/** `Sec-Fetch-Dest` of a document. */
const DOCUMENT_DESTINATIONS = new Set(["document", "iframe", "frame", "fencedframe"]);

/**
 * Says who answers a request.
 *
 * With a base prefix the prefix decides. In root mode, in this order: what the configuration says; Vite's own
 * paths; routes that the app is known to have; methods that change something; modules and files; documents; and
 * the rest, such as `fetch()` calls, is the app's: Vite's fallback would turn a typo into 200 HTML.
 */
export function routeRequest(request: RoutedRequest, config: RouterConfig): Route {
  if (request.header("upgrade") !== null && isWebSocket(request)) {
    return routeSocket(request, config);
  }
  if (!config.hasApp) return request.path === DEVTOOLS_PATH ? NOBODY : VITE;
  if (config.appRoutes.matches(request.path)) return APP;
  if (config.viteRoutes.matches(request.path)) return VITE;
  if (config.base !== "/") return isBelow(request.path, config.base) ? VITE : APP;
  return routeInRoot(request, config);
}

/** Whether a request asks for a WebSocket. */
export function isWebSocket(request: RoutedRequest): boolean {
  return request.method === "GET" && request.header("upgrade")?.toLowerCase() === "websocket";
}

/** Whether a path ends like a source or an asset: what is there is a file, or nothing. */
export function isFilePath(path: string): boolean {
  // Most paths of an API have no dot.
  return path.includes(".") && (SOURCE_REGEXP.test(path) || ASSET_REGEXP.test(path));
}

/** Whether a browser is to show what it gets. */
export function isDocumentRequest(request: RoutedRequest): boolean {
  const destination = request.header("sec-fetch-dest");
  if (destination !== null && destination !== "empty") {
    return DOCUMENT_DESTINATIONS.has(destination);
  }
  return request.header("accept")?.includes("text/html") === true;
}

function isBelow(path: string, base: string): boolean {
  return path.startsWith(base) || path === base.slice(0, -1);
}

/** Vite's sockets speak a subprotocol of their own, whatever path the project's configuration gives them. */
export const VITE_PROTOCOLS: ReadonlySet<string> = new Set(["vite-hmr", "vite-ping"]);

function routeSocket(request: RoutedRequest, config: RouterConfig): Route {
  const protocol = request.header("sec-websocket-protocol");
  if (protocol !== null && VITE_PROTOCOLS.has(protocol)) return VITE_SOCKET;
  if (!config.hasApp) return VITE_SOCKET;
  if (config.appRoutes.matches(request.path)) return APP_SOCKET;
  if (config.viteRoutes.matches(request.path)) return VITE_SOCKET;
  // Plugins open sockets of their own, such as those of DevTools, below the prefixes that Vite reserves.
  const isVites = config.base === "/"
    ? isReserved(request.path)
    : isBelow(request.path, config.base);
  return isVites ? VITE_SOCKET : APP_SOCKET;
}

/** What no app has: `/@vite/client`, `/@id/…`, `/__inspect/`, `/node_modules/…`. */
function isReserved(path: string): boolean {
  const second = path.charCodeAt(1);
  // 0x40 is "@", 0x5f is "_"
  if (second === 0x40) return true;
  if (second === 0x5f) return path.charCodeAt(2) === 0x5f;
  return path.startsWith("/node_modules/");
}

function routeInRoot(request: RoutedRequest, config: RouterConfig): Route {
  const { method, path } = request;
  const reads = method === "GET" || method === "HEAD";
  if (reads && isReserved(path)) return VITE;
  if (config.knownRoutes.matches(path)) return APP;
  // A body can't be sent twice, and Vite answers every preflight itself.
  if (!reads) return APP;
  if (path.startsWith("/.well-known/")) return path === DEVTOOLS_PATH ? NOBODY : APP;
  const route = routeByKind(request);
  return route === APP_OR_PAGE && config.appMakesPages ? APP : route;
}

function routeByKind(request: RoutedRequest): Route {
  const { path, search } = request;
  // The page's own address is one for tools too, which take anything.
  if (path === "/" || path === "/index.html") return APP_OR_PAGE;
  // An image at `/api/avatars/5` is no file of Vite's: it need not be asked first.
  if (isApi(path) && !path.includes(".")) return APP;
  // Absent over plain HTTP from another machine, so never the only sign.
  const destination = request.header("sec-fetch-dest");
  if (destination !== null && DOCUMENT_DESTINATIONS.has(destination)) return documentRoute(path);
  if (destination !== null && CODE_DESTINATIONS.has(destination)) return VITE_OR_APP;
  if (destination !== null && FILE_DESTINATIONS.has(destination)) return VITE_OR_APP;
  const isFile = isFilePath(path);
  const isQuery = search !== "" && VITE_QUERY_REGEXP.test(search);
  if (request.header("accept")?.includes("text/html") === true) return documentRoute(path);
  if (isFile) return VITE_OR_APP;
  // An app may have `/api/items?v=2`: only a module would ask so for a path with an extension.
  return isQuery && path.includes(".") ? VITE_OR_APP : APP;
}

/** A typo under `/api` that is typed into the address bar is still the app's 404, never the page. */
function documentRoute(path: string): Route {
  return isApi(path) ? APP : APP_OR_PAGE;
}

function isApi(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}
