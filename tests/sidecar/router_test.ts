import { equal } from "node:assert/strict";
import { compileRoutes } from "../../sidecar/known_routes.ts";
import { type RoutedRequest, type RouterConfig, routeRequest } from "../../sidecar/router.ts";
import { test } from "../_support/test.ts";

type Headers = Readonly<Record<string, string>>;

interface Setting {
  readonly base?: string;
  readonly hasApp?: boolean;
  readonly app?: readonly string[];
  readonly vite?: readonly string[];
  readonly known?: readonly string[];
  readonly appMakesPages?: boolean;
}

function config(
  { base = "/", hasApp = true, app = [], vite = [], known = [], appMakesPages }: Setting,
): RouterConfig {
  return {
    base,
    hasApp,
    appRoutes: compileRoutes(app),
    viteRoutes: compileRoutes(vite),
    knownRoutes: compileRoutes(known),
    appMakesPages,
  };
}

function routed(target: string, headers: Headers, method: string): RoutedRequest {
  const [path = "", query] = target.split("?", 2);
  return {
    method,
    path,
    search: query === undefined ? "" : `?${query}`,
    header: (name) => headers[name] ?? null,
  };
}

function route(
  target: string,
  headers: Headers = {},
  setting: Setting = {},
  method = "GET",
): string {
  return routeRequest(routed(target, headers, method), config(setting)).kind;
}

const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
// What Chromium sends for each.
const DOCUMENT = { accept: HTML, "sec-fetch-dest": "document", "sec-fetch-mode": "navigate" };
const SCRIPT = { accept: "*/*", "sec-fetch-dest": "script" };
const STYLE = { accept: "text/css,*/*;q=0.1", "sec-fetch-dest": "style" };
const IMAGE = { accept: "image/avif,image/webp,*/*;q=0.8", "sec-fetch-dest": "image" };
const FETCH = { accept: "*/*", "sec-fetch-dest": "empty" };
// Over plain HTTP from another machine browsers send no Sec-Fetch-*.
const REMOTE_DOCUMENT = { accept: HTML };
const REMOTE_SCRIPT = { accept: "*/*" };
const REMOTE_IMAGE = { accept: "image/avif,image/webp,*/*;q=0.8" };

function table(rows: readonly (readonly [string, Headers, string])[], setting: Setting = {}): void {
  for (const [target, headers, expected] of rows) {
    equal(route(target, headers, setting), expected, `${target} ${JSON.stringify(headers)}`);
  }
}

test("routeRequest() in root mode gives Vite's own paths to Vite alone", () =>
  table([
    ["/@vite/client", SCRIPT, "vite"],
    ["/@vite/client", {}, "vite"],
    ["/@id/__x00__virtual:x", SCRIPT, "vite"],
    ["/@fs/home/me/lib/a.ts", SCRIPT, "vite"],
    ["/@react-refresh", SCRIPT, "vite"],
    ["/__open-in-editor?file=a.ts", FETCH, "vite"],
    ["/__inspect/", DOCUMENT, "vite"],
    ["/node_modules/.vite/deps/react.js?v=1a2b", SCRIPT, "vite"],
  ]));

test("routeRequest() in root mode asks Vite first for modules, styles and workers", () =>
  table([
    ["/src/main.tsx", SCRIPT, "vite-or-app"],
    ["/src/main.tsx?t=17", SCRIPT, "vite-or-app"],
    ["/src/App.vue?vue&type=style&index=0&lang.css", SCRIPT, "vite-or-app"],
    ["/src/style.css", STYLE, "vite-or-app"],
    ["/src/style.css?direct", STYLE, "vite-or-app"],
    ["/src/worker.ts?worker_file&type=module", { "sec-fetch-dest": "worker" }, "vite-or-app"],
    ["/src/routes/[...slug].ts", SCRIPT, "vite-or-app"],
    ["/src/routes/(group)/[id]/+page.svelte", REMOTE_SCRIPT, "vite-or-app"],
    ["/src/no-extension", SCRIPT, "vite-or-app"],
    ["/src/main.tsx", REMOTE_SCRIPT, "vite-or-app"],
    ["/src/main.tsx", {}, "vite-or-app"],
    ["/src/data.csv?raw", REMOTE_SCRIPT, "vite-or-app"],
    ["/src/data.csv?import&url", REMOTE_SCRIPT, "vite-or-app"],
    ["/hmr_patch_1.js", SCRIPT, "vite-or-app"],
  ]));

test("routeRequest() in root mode asks Vite first for files", () =>
  table([
    ["/logo.png", IMAGE, "vite-or-app"],
    ["/logo.png", REMOTE_IMAGE, "vite-or-app"],
    ["/avatars/5", IMAGE, "vite-or-app"],
    ["/favicon.ico", IMAGE, "vite-or-app"],
    ["/fonts/a.woff2", { "sec-fetch-dest": "font" }, "vite-or-app"],
    ["/report.json", FETCH, "vite-or-app"],
    ["/robots.txt", {}, "vite-or-app"],
    ["/manifest.webmanifest", { "sec-fetch-dest": "manifest" }, "vite-or-app"],
  ]));

test("routeRequest() in root mode asks the app first for documents", () =>
  table([
    ["/", DOCUMENT, "app-or-page"],
    ["/users/5", DOCUMENT, "app-or-page"],
    ["/users/5", REMOTE_DOCUMENT, "app-or-page"],
    ["/users/5", { accept: "*/*", "sec-fetch-dest": "iframe" }, "app-or-page"],
    ["/v1.2/notes", DOCUMENT, "app-or-page"],
    ["/report.json", DOCUMENT, "app-or-page"],
    ["/src/App.tsx", DOCUMENT, "app-or-page"],
    // The page's own address, which tools ask for with any or no Accept.
    ["/", {}, "app-or-page"],
    ["/?x=1", { accept: "*/*" }, "app-or-page"],
    ["/index.html", { accept: "*/*" }, "app-or-page"],
  ]));

test("routeRequest() in root mode gives fetch() and what is no browser to the app alone", () =>
  table([
    ["/api/users", FETCH, "app"],
    ["/users/5", FETCH, "app"],
    ["/users/5", {}, "app"],
    ["/users/5", { accept: "application/json" }, "app"],
  ]));

test("routeRequest() never gives a typo under /api to Vite's page", () =>
  table([
    ["/api/nope", DOCUMENT, "app"],
    ["/api", DOCUMENT, "app"],
    ["/api/", REMOTE_DOCUMENT, "app"],
    ["/api/nope", FETCH, "app"],
    ["/apiary", DOCUMENT, "app-or-page"],
  ]));

test("routeRequest() takes Vite's queries for a sign only together with a file", () =>
  table([
    ["/api/x?v=2", FETCH, "app"],
    ["/api/items?t=1&url=/x", FETCH, "app"],
    ["/items?raw", {}, "app"],
    ["/src/lib.odd?import", FETCH, "vite-or-app"],
    ["/src/lib.odd?important", FETCH, "app"],
  ]));

test("routeRequest() gives every method that may change something to the app", () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"]) {
    for (
      const target of [
        "/api/x",
        "/src/main.tsx",
        "/logo.png",
        "/@vite/client",
        "/",
        "/upload?import",
      ]
    ) {
      equal(route(target, FETCH, {}, method), "app", `${method} ${target}`);
    }
  }
});

test("routeRequest() treats HEAD as GET", () => {
  for (const target of ["/@vite/client", "/src/main.tsx", "/logo.png", "/users/5", "/api/x", "/"]) {
    for (const headers of [SCRIPT, IMAGE, DOCUMENT, FETCH, {}]) {
      equal(route(target, headers, {}, "HEAD"), route(target, headers), target);
    }
  }
});

test("routeRequest() gives /.well-known/ to the app, but not what Chromium asks by itself", () =>
  table([
    ["/.well-known/openid-configuration", FETCH, "app"],
    ["/.well-known/acme-challenge/x", {}, "app"],
    ["/.well-known/change-password", DOCUMENT, "app"],
    ["/.well-known/security.txt", {}, "app"],
    ["/.well-known/appspecific/com.chrome.devtools.json", FETCH, "nobody"],
  ]));

test("routeRequest() lets known routes decide, but for what only Vite has", () =>
  table([
    ["/report.json", FETCH, "app"],
    ["/report.json", DOCUMENT, "app"],
    ["/feed.xml", IMAGE, "app"],
    ["/users/5", DOCUMENT, "app"],
    ["/users/5/", IMAGE, "app"],
    ["/schema/openapi.json", FETCH, "app"],
    ["/@vite/client", SCRIPT, "vite"],
    ["/users", DOCUMENT, "app-or-page"],
    ["/src/main.tsx", SCRIPT, "vite-or-app"],
  ], {
    known: ["/report.json", "/feed.xml", "/users/{id:int}", "/schema/openapi.json", "/@{name}"],
  }));

test("routeRequest() lets the configuration decide before all else", () =>
  table([
    ["/@me", DOCUMENT, "app"],
    ["/@me/posts", FETCH, "app"],
    ["/assets/x.png", IMAGE, "vite"],
    ["/both/app", FETCH, "app"],
    ["/both", FETCH, "vite"],
    ["/@vite/client", SCRIPT, "vite"],
  ], { app: ["/@me/*", "/both/app"], vite: ["/assets/*", "/both/*"], known: ["/assets/{x}"] }));

test("routeRequest() lets the configuration decide on other methods too", () => {
  equal(route("/graphql", FETCH, { vite: ["/graphql"] }, "POST"), "vite");
  equal(route("/@me", FETCH, { app: ["/@me"] }, "POST"), "app");
});

test("routeRequest() with a base gives Vite what is below it, and the app all else", () => {
  const setting = { base: "/static/", known: ["/static/x"] };
  table([
    ["/static/@vite/client", SCRIPT, "vite"],
    ["/static/src/main.ts", SCRIPT, "vite"],
    ["/static/nope", DOCUMENT, "vite"],
    ["/static", DOCUMENT, "vite"],
    ["/static/", FETCH, "vite"],
    ["/statics", FETCH, "app"],
    ["/", DOCUMENT, "app"],
    ["/src/main.ts", SCRIPT, "app"],
    ["/@vite/client", SCRIPT, "app"],
    ["/node_modules/x.js", SCRIPT, "app"],
    ["/.well-known/appspecific/com.chrome.devtools.json", FETCH, "app"],
  ], setting);
  equal(route("/static/x", FETCH, setting, "POST"), "vite");
  equal(route("/static/x", FETCH, { ...setting, app: ["/static/x"] }), "app");
  equal(route("/vite-only", FETCH, { ...setting, vite: ["/vite-only"] }), "vite");
});

test("routeRequest() without an app gives everything to Vite", () => {
  for (const [headers, method] of [[DOCUMENT, "GET"], [FETCH, "GET"], [{}, "POST"]] as const) {
    equal(route("/api/x", headers, { hasApp: false }, method), "vite");
  }
  const devtools = "/.well-known/appspecific/com.chrome.devtools.json";
  equal(route(devtools, FETCH, { hasApp: false }), "nobody");
});

const socket = (protocol?: string): Headers => ({
  upgrade: "websocket",
  ...(protocol === undefined ? {} : { "sec-websocket-protocol": protocol }),
});

test("routeRequest() knows Vite's sockets by their subprotocol, whatever their path", () => {
  for (const setting of [{}, { base: "/static/" }, { hasApp: false }, { app: ["/*"] }]) {
    for (const protocol of ["vite-hmr", "vite-ping"]) {
      equal(route("/?token=x", socket(protocol), setting), "vite-socket");
      equal(route("/odd/path", socket(protocol), setting), "vite-socket");
    }
  }
  equal(route("/", { upgrade: "WebSocket", "sec-websocket-protocol": "vite-hmr" }), "vite-socket");
});

test("routeRequest() gives other sockets to the app, but for those below Vite's prefixes", () => {
  for (
    const protocol of [
      undefined,
      "graphql-ws",
      "vite-hmr, x",
      "x, vite-hmr",
      "VITE-HMR",
      "vite-hmr2",
    ]
  ) {
    equal(route("/ws", socket(protocol)), "app-socket", protocol);
  }
  equal(route("/@x/ws", socket()), "vite-socket");
  equal(route("/__devtools/ws", socket()), "vite-socket");
  equal(route("/static/ws", socket(), { base: "/static/" }), "vite-socket");
  equal(route("/@x/ws", socket(), { base: "/static/" }), "app-socket");
  equal(route("/@x/ws", socket(), { app: ["/@x/*"] }), "app-socket");
  equal(route("/plug/ws", socket(), { vite: ["/plug/*"] }), "vite-socket");
  equal(route("/ws", socket(), { hasApp: false }), "vite-socket");
});

test("routeRequest() takes no other upgrade for a socket", () => {
  equal(route("/ws", { upgrade: "h2c" }), "app");
  equal(route("/ws", { upgrade: "websocket, h2c" }), "app");
  equal(route("/ws", socket("vite-hmr"), {}, "POST"), "app");
});

test("an app that makes all pages makes the one that says that there is none, too", () => {
  const setting = { appMakesPages: true };
  table([
    ["/", DOCUMENT, "app"],
    ["/nowhere", DOCUMENT, "app"],
    ["/nowhere", REMOTE_DOCUMENT, "app"],
    ["/src/main.ts", SCRIPT, "vite-or-app"],
    ["/@vite/client", SCRIPT, "vite"],
  ], setting);
});
