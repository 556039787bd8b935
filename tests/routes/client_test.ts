import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { z } from "zod";
import { createClientRoutes, type InferRoutes } from "../../routes/client.ts";
import { defineRoutes } from "../../routes/mod.ts";
import { test } from "../_support/test.ts";
import { bundleSizes } from "../codegen/_support/bundle_sizes.ts";

/** The run-time of generated routes, and what makes its rows. */
const CLIENT_BYTES = 3_300;

const routes = defineRoutes({
  home: { path: "/" },
  "users.show": { path: "/users/{id:int}" },
  "users.me": { path: "/users/me" },
  search: { path: "/search", query: z.object({ q: z.string(), page: z.number().optional() }) },
  file: { path: "/files/{rest:path}", methods: ["PUT", "DELETE"] },
});
type Routes = InferRoutes<typeof routes>;
/** As it comes out of the page. */
const source = JSON.parse(JSON.stringify(routes.toRoutesJson()));

test("createClientRoutes() writes and reads URLs as generated routes do", () => {
  const { route, match, has, names } = createClientRoutes<Routes>(source, { base: "/v2" });
  equal(
    route("users.show", { id: 7, _query: { tab: ["a", "b"] }, _hash: "top" }),
    "/v2/users/7?tab=a&tab=b#top",
  );
  equal(route("search", { q: "a&b", page: 2 }), "/v2/search?q=a%26b&page=2");
  equal(route("file", { rest: ["a b", "c"] }), "/v2/files/a%20b/c");
  equal(match("/v2/users/me")?.name, "users.me");
  deepEqual({ ...match("/v2/users/7")?.params }, { id: 7 });
  equal(match("/v2/files/a", "GET"), null);
  equal(has("users.*"), true);
  equal(names().length, 5);
});

test("createClientRoutes() throws where a generated route does", () => {
  const { route } = createClientRoutes<Routes>(source);
  const untyped = route as (name: string, params?: object) => string;
  for (const id of ["", "x", NaN, undefined]) {
    throws(() => untyped("users.show", { id }), TypeError);
  }
  throws(() => untyped("search", {}), /missing parameter "q"/);
  throws(() => untyped("nowhere"), /unknown route/);
  throws(() => untyped("toString"), /unknown route/);
});

test("createClientRoutes() reads what the sidecar put into the page, and says so if it did not", () => {
  throws(
    () => createClientRoutes(),
    /^TypeError: Cannot find the routes of the server: there is no "__LV_ROUTES__"/,
  );
  Object.assign(globalThis, { __LV_ROUTES__: source });
  try {
    equal(createClientRoutes<Routes>().route("home"), "/");
  } finally {
    Reflect.deleteProperty(globalThis, "__LV_ROUTES__");
  }
});

test("createClientRoutes() finds the specific route whatever order JSON was left in", () => {
  const { route, match } = createClientRoutes({
    routes: {
      "2": { uri: "/{any}" },
      "1": { uri: "/{all:path}" },
      z: { uri: "/a" },
      n: { uri: "/{n:int}" },
    },
  });
  deepEqual(["/a", "/7", "/b", "/b/c"].map((path) => match(path)?.name), ["z", "n", "2", "1"]);
  equal(route("z", {}), "/a");
});

test("a front end carries the router alone: no validator, no server", async () => {
  const entry = `export { createClientRoutes } from "../../../routes/client.ts";\n`;
  for (const [bundler, bytes] of Object.entries(await bundleSizes([], entry))) {
    ok(bytes > 1_000 && bytes <= CLIENT_BYTES, `${bytes} bytes by ${bundler}`);
  }
});
