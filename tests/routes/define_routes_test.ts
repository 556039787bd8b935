import { deepEqual, equal, throws } from "node:assert/strict";
import { defineRoutes, type RouteEntries } from "../../routes/mod.ts";
import { test } from "../_support/test.ts";

/** As JavaScript calls it: what types refuse has to be refused at run time too. */
const define = (entries: unknown, options?: { componentKeys?: string[] }) =>
  defineRoutes(entries as RouteEntries, options);

function refuses(entries: unknown, message: RegExp): void {
  throws(() => define(entries), message);
}

test("defineRoutes() names the routes of groups after them, and joins their paths and tags", () => {
  const routes = defineRoutes({
    home: { path: "/" },
    users: {
      prefix: "/users",
      tags: ["users"],
      routes: {
        index: { path: "/" },
        show: { path: "/{id:int}", tags: ["one"] },
        posts: {
          prefix: "/{user:int}/posts",
          routes: { show: { path: "/{id:int}" }, all: { path: "" } },
        },
      },
    },
    bare: { routes: { ping: { path: "/ping" } } },
    rooted: { prefix: "/", routes: { pong: { path: "/pong" } } },
  });
  deepEqual(routes.names, [
    ...["home", "users.index", "users.show", "users.posts.show", "users.posts.all"],
    ...["bare.ping", "rooted.pong"],
  ]);
  deepEqual(routes.paths, [
    ...["/", "/users", "/users/{id:int}", "/users/{user:int}/posts/{id:int}"],
    ...["/users/{user:int}/posts", "/ping", "/pong"],
  ]);
  const { paths } = routes.toOpenApi({ title: "t", version: "1" });
  deepEqual(paths["/users/{id}"]?.get?.tags, ["users", "one"]);
});

test("defineRoutes() deprecates the routes of a deprecated group", () => {
  const routes = defineRoutes({
    old: { deprecated: true, routes: { a: { path: "/a" } } },
    b: { path: "/b" },
  });
  const { paths } = routes.toOpenApi({ title: "t", version: "1" });
  equal(paths["/a"]?.get?.deprecated, true);
  equal(paths["/b"]?.get?.deprecated, undefined);
});

for (
  const [path, state] of [
    ["users", /"users" as a path: it does not begin with a slash$/],
    ["/users/{id:slug}", /there is no converter "slug", but str, int, float, decimal, uuid, date/],
    ["/users/{id:string}", /there is no converter "string"/],
    ["/users/{id", /its braces do not enclose a name/],
    ["/users/{}", /its braces do not enclose a name/],
    ["/users/{{id}}", /its braces do not enclose a name/],
    ["/v{major}.{minor}", /"v\{major\}\.\{minor\}" is not one parameter: it takes a whole segment/],
    ["/{ id:int }", /there is a space in/],
    ["/{id:int}/{id}", /the parameter "id" stands there twice/],
    ["/{rest:path}/edit", /"rest" takes the rest of the path, and something follows/],
    ["/a//b", /one of its segments is empty/],
    ["/a/../b", /a browser resolves "\.\."/],
    ["/a/%2e%2E", /a browser resolves "%2e%2E"/],
    ["/a?b=1", /a query or a fragment is no part of it/],
    ["/a#b", /a query or a fragment is no part of it/],
    ["/a b", /"a b" has to be percent-encoded/],
    ["/a%2", /"a%2" has to be percent-encoded/],
    ["/a[b]", /has to be percent-encoded/],
  ] as const
) {
  test(`defineRoutes() refuses the path ${path}, and names its route`, () => {
    throws(() => define({ x: { path } }), { name: "SyntaxError", message: state });
    throws(() => define({ x: { path } }), /^SyntaxError: Cannot define the route "x": /);
    if (path.startsWith("/")) {
      refuses({ g: { prefix: path, routes: { x: { path: "/y" } } } }, state);
    }
  });
}

test("defineRoutes() refuses what is no entry", () => {
  refuses({ x: null }, /^TypeError: Cannot define the route "x": it is null$/);
  refuses({ x: {} }, /it has no path$/);
  refuses({ x: { path: 1 } }, /its path is no text$/);
  refuses({ " ": { path: "/" } }, /Cannot define the route " ": a name is empty$/);
  refuses(
    { x: { path: "/", respnose: 1 } },
    /it has the unknown field "respnose"; there are path, method/,
  );
  refuses({ g: { prefix: "/g", routes: {}, path: "/" } }, /"g": it has the unknown field "path"/);
  refuses({ "a.b": { routes: {} } }, /"a\.b": the name of a group has no dot$/);
  refuses({ g: { routes: null } }, /its routes are null$/);
});

test("defineRoutes() refuses methods, schemas, statuses and bodies that are none", () => {
  refuses({ x: { path: "/", method: "get" } }, /there is no method "get", but GET, POST/);
  refuses({ x: { path: "/", methods: [] } }, /it has no method$/);
  refuses({ x: { path: "/", method: "GET", methods: ["GET"] } }, /both method and methods$/);
  refuses({ x: { path: "/", query: { parse() {} } } }, /its query is no Standard Schema$/);
  refuses({ x: { path: "/", response: "User" } }, /its response is no Standard Schema$/);
  refuses({ x: { path: "/", status: 99 } }, /the status 99 is not within 200 and 599$/);
  refuses(
    { x: { path: "/", bodyTypes: ["xml"] } },
    /its bodyTypes are none of json, form, multipart$/,
  );
  const body = {
    "~standard": { version: 1, vendor: "own", validate: (value: unknown) => ({ value }) },
  };
  refuses({ x: { path: "/", body } }, /a request by GET has no body$/);
  equal(define({ x: { path: "/", methods: ["GET", "POST"], body } }).names.length, 1);
});

test("defineRoutes() refuses two routes of one name", () => {
  refuses(
    { "users.show": { path: "/a" }, users: { routes: { show: { path: "/b" } } } },
    /^TypeError: Cannot define the route "users\.show": there is another one of that name$/,
  );
});

test("defineRoutes() refuses two routes that no URL tells apart, and names both", () => {
  const message =
    /^TypeError: Cannot define the route "b": GET \/u\/\{y:float\} is also "a", \/u\/\{x:int\}$/;
  refuses({ a: { path: "/u/{x:int}" }, b: { path: "/u/{y:float}" } }, message);
  refuses({ a: { path: "/u/{x}" }, b: { path: "/u/{y}" } }, /is also "a"/);
  refuses({ a: { path: "/u" }, b: { path: "/u/" } }, /is also "a"/);
  refuses({ a: { path: "/caf%c3%a9" }, b: { path: "/café" } }, /is also "a"/);
  refuses(
    { a: { path: "/u", methods: ["GET", "POST"] }, b: { path: "/u", method: "POST" } },
    /POST \/u is also "a"/,
  );
  equal(define({ a: { path: "/u/{x:int}" }, b: { path: "/u/{y}" } }).names.length, 2);
  equal(define({ a: { path: "/u" }, b: { path: "/u", method: "POST" } }).names.length, 2);
});

test("defineRoutes() takes any name and any parameter's name", async () => {
  const names = ["__proto__", "constructor", "toString", "o'brien", "用户", "a b", "</script>"];
  const entries = Object.fromEntries(
    names.map((name, index) => [name, { path: `/r${index}/{__proto__}/{constructor:int}` }]),
  );
  const routes = define(entries);
  deepEqual(routes.names, names);
  const found = routes.match("GET", "/r0/x/7");
  equal(found?.name, "__proto__");
  deepEqual(Object.entries(found?.params ?? {}), [["__proto__", "x"], ["constructor", 7]]);
  equal("toString" in (found?.params ?? {}), false);
  deepEqual(Object.keys(routes.toRoutesJson().routes), names);
  const handlers = Object.fromEntries(names.map((name) => [name, () => ({ name })]));
  const response = await routes.serve(handlers).fetch(new Request("http://x/r0/x/7"));
  deepEqual(await response.json(), { name: "__proto__" });
  equal(({} as Record<string, unknown>).path, undefined);
});

test("serve() does not take what every object has for a handler", () => {
  throws(
    () => define({ toString: { path: "/" } }).serve({}),
    /^TypeError: Cannot serve "toString": it has no handler$/,
  );
});

test("serve() refuses a handler without a route", () => {
  throws(
    () => define({ a: { path: "/" } }).serve({ a: () => 1, b: () => 2 }),
    /^TypeError: Cannot serve "b": there is no such route$/,
  );
});

test("defineRoutes() finds components under the keys that it is told", () => {
  const options = { componentKeys: ["component", "page"] };
  const routes = define({
    a: { path: "/a", page: "A" },
    b: { path: "/b", component: "B" },
    c: { path: "/c" },
  }, options);
  equal(routes.match("GET", "/a")?.component, "A");
  equal(routes.match("GET", "/b")?.component, "B");
  equal(routes.match("GET", "/c")?.component, undefined);
  refuses({ a: { path: "/a", page: "A" } }, /it has the unknown field "page"/);
  throws(
    () => define({ a: { path: "/a", page: "A", component: "B" } }, options),
    /it has both page and component$/,
  );
  throws(() => define({ a: { path: "/a", page: 1 } }, options), /its page is no text$/);
});
