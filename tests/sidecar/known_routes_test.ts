import { deepEqual, equal, throws } from "node:assert/strict";
import { compileRoutes, parseRoutePaths } from "../../sidecar/known_routes.ts";
import { test } from "../_support/test.ts";

function matches(pattern: string, ...paths: string[]): boolean[] {
  const routes = compileRoutes([pattern]);
  return paths.map((path) => routes.matches(path));
}

test("compileRoutes() matches literal paths, with or without a final slash", () => {
  deepEqual(matches("/users/all", "/users/all", "/users/all/", "/users//all"), [true, true, true]);
  deepEqual(matches("/users/all", "/users", "/users/all/x", "/Users/all"), [false, false, false]);
  deepEqual(matches("/", "/", "", "/x"), [true, true, false]);
});

test("compileRoutes() takes one segment for a parameter, in the spelling of every framework", () => {
  for (const pattern of ["/users/{id}", "/users/{id:int}", "/users/:id"]) {
    deepEqual(matches(pattern, "/users/5", "/users/", "/users/5/x"), [true, false, false], pattern);
  }
});

test("compileRoutes() claims no more than a parameter with a literal beside it says", () => {
  deepEqual(matches("/{id}.json", "/5.json", "/about", "/.json", "/5.json/x"), [
    true,
    false,
    false,
    false,
  ]);
  deepEqual(matches("/@{name}", "/@me", "/me", "/@"), [true, false, false]);
  deepEqual(matches("/v{a}.{b}/x", "/v1.2/x", "/1.2/x", "/v1.2/y"), [true, false, false]);
  const routes = compileRoutes(["/{id}.json", "/{id}.xml", "/ü{x}/y"]);
  deepEqual(["/a.json", "/a.xml", "/a.txt", "/%c3%bc1/y"].map(routes.matches), [
    true,
    true,
    false,
    true,
  ]);
});

test("compileRoutes() takes the rest of the path for a final star or a path parameter", () => {
  for (const pattern of ["/files/*", "/files/**", "/files/{rest:path}", "/files/:rest*"]) {
    const found = matches(pattern, "/files", "/files/a", "/files/a/b.c", "/filesystem", "/");
    deepEqual(found, [true, true, true, false, false], pattern);
  }
  deepEqual(matches("/*", "/", "/x", "/x/y"), [true, true, true]);
});

test("compileRoutes() takes one segment for a star in the middle", () => {
  deepEqual(matches("/a/*/c", "/a/b/c", "/a/c", "/a/b/b/c", "/a/b"), [true, false, false, false]);
});

test("compileRoutes() tries a parameter where a literal leads nowhere", () => {
  const routes = compileRoutes(["/users/me/edit", "/users/{id}/posts", "/users/{id}"]);
  for (const path of ["/users/me", "/users/me/edit", "/users/me/posts", "/users/5/posts"]) {
    equal(routes.matches(path), true, path);
  }
  equal(routes.matches("/users/5/edit"), false);
});

test("compileRoutes() compares encoded, however the pattern is written", () => {
  deepEqual(matches("/größe", "/gr%C3%B6%C3%9Fe", "/gr%c3%b6%c3%9fe"), [true, true]);
  deepEqual(matches("/gr%C3%B6%C3%9Fe", "/gr%C3%B6%C3%9Fe"), [true]);
  deepEqual(matches("/a b", "/a%20b"), [true]);
  deepEqual(matches("/a%2Fb", "/a%2Fb", "/a/b"), [true, false]);
  deepEqual(matches("/100%", "/100%25"), [true]);
  deepEqual(matches("/100%25", "/100%25"), [true]);
  deepEqual(matches("/half\ud800", "/half"), [false]);
});

test("compileRoutes() has no properties of objects for routes", () => {
  deepEqual(matches("/a", "/__proto__", "/constructor", "/a/__proto__"), [false, false, false]);
  deepEqual(matches("/__proto__", "/__proto__"), [true]);
});

test("compileRoutes() matches nothing without patterns", () => {
  const routes = compileRoutes([]);
  equal(routes.size, 0);
  equal(routes.matches("/"), false);
});

test("parseRoutePaths() reads an OpenAPI document, below its relative server", () => {
  const paths = { "/users/{id}": {}, "/users": {}, "x-odd": {} };
  deepEqual(parseRoutePaths(JSON.stringify({ openapi: "3.1.0", paths })), [
    "/users/{id}",
    "/users",
  ]);
  const under = (url: unknown): string[] =>
    parseRoutePaths(JSON.stringify({ servers: [{ url }], paths: { "/u": {} } }));
  deepEqual(under("/v1"), ["/v1/u"]);
  deepEqual(under("/v1/"), ["/v1/u"]);
  deepEqual(under("/"), ["/u"]);
  for (const url of ["https://api.test/v1", "//evil.test/v1", "", 5, null]) {
    deepEqual(under(url), ["/u"], String(url));
  }
});

test("parseRoutePaths() reads routes.json of litestar-vite and of Ziggy", () => {
  const routes = {
    home: { uri: "/", methods: ["GET"] },
    user: { uri: "users/{id}", methods: ["GET"] },
    odd: { path: "/no" },
    none: null,
  };
  deepEqual(parseRoutePaths(JSON.stringify({ routes })), ["/", "/users/{id}"]);
});

test("parseRoutePaths() refuses what is neither", () => {
  for (
    const text of ["", "{", "[]", "null", "5", "{}", '{"paths":[]}', '{"routes":"x"}', "<html>"]
  ) {
    throws(() => parseRoutePaths(text), SyntaxError, text);
  }
});
