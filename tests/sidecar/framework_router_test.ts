import { equal } from "node:assert/strict";
import { type FrameworkRouterConfig, routeFramework } from "../../sidecar/framework_router.ts";
import { FRAMEWORKS } from "../../sidecar/framework.ts";
import { compileRoutes } from "../../sidecar/known_routes.ts";
import { test } from "../_support/test.ts";

const NONE = compileRoutes([]);
const CONFIG: FrameworkRouterConfig = {
  isDevelopment: true,
  appRoutes: NONE,
  frontRoutes: NONE,
  reservedRoutes: compileRoutes(FRAMEWORKS.nuxt.reserved),
  knownRoutes: NONE,
};

function kindOf(
  path: string,
  { hasApp = true, ...config }: Partial<FrameworkRouterConfig> & { readonly hasApp?: boolean } = {},
  { method = "GET", headers = {} }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): string {
  const request = { method, path, search: "", header: (name: string) => headers[name] ?? null };
  return routeFramework(request, { ...CONFIG, ...config }, hasApp).kind;
}

test("the framework is the rule: pages, files and what only it understands", () => {
  for (const path of ["/", "/about", "/_.data", "/x.json", "/apix", "/schema", "/favicon.ico"]) {
    equal(kindOf(path), "vite", path);
    equal(kindOf(path, {}, { method: "POST" }), "vite", path);
  }
});

test("the app has what is below /api, whatever the method", () => {
  for (const path of ["/api", "/api/", "/api/books/1"]) {
    equal(kindOf(path), "app", path);
    equal(kindOf(path, {}, { method: "DELETE" }), "app", path);
  }
});

test("the configuration shares out what both could answer", () => {
  equal(kindOf("/api/mine", { frontRoutes: compileRoutes(["/api/mine"]) }), "vite");
  equal(kindOf("/schema/ui", { appRoutes: compileRoutes(["/schema/*"]) }), "app");
  equal(kindOf("/", { appRoutes: compileRoutes(["/"]) }), "app");
});

test("what the app says that it answers is its own, but for the front page and what is reserved", () => {
  const knownRoutes = compileRoutes(["/", "/login", "/_nuxt/{x:path}", "/@vite/client"]);
  equal(kindOf("/login", { knownRoutes }), "app");
  equal(kindOf("/", { knownRoutes }), "vite");
  equal(kindOf("/_nuxt/entry.js", { knownRoutes }), "vite");
  equal(kindOf("/@vite/client", { knownRoutes }), "vite");
});

test("an app that says it answers everything has said nothing", () => {
  const knownRoutes = compileRoutes(["/{rest:path}", "/login"]);
  equal(kindOf("/login", { knownRoutes }), "vite");
  equal(kindOf("/api/x", { knownRoutes }), "app");
});

test("without an app the framework has /api as well", () => {
  equal(kindOf("/api/x", { hasApp: false }), "vite");
});

test("sockets: Vite's by their protocol, the app's by their path, the rest is the framework's", () => {
  const open = (path: string, protocol?: string, config: Partial<FrameworkRouterConfig> = {}) =>
    kindOf(path, config, {
      headers: {
        upgrade: "websocket",
        ...(protocol === undefined ? {} : { "sec-websocket-protocol": protocol }),
      },
    });
  equal(open("/", "vite-hmr"), "vite-socket");
  equal(open("/_nuxt/", "vite-hmr"), "vite-socket");
  equal(open("/api/stream"), "app-socket");
  equal(open("/_ws"), "framework-socket");
  equal(open("/", "vite-hmr", { isDevelopment: false }), "nobody");
  equal(open("/_ws", undefined, { isDevelopment: false }), "framework-socket");
});
