import { deepEqual } from "node:assert/strict";
import { honoPaths, honoRoutesJson } from "../../typegen/hono_routes.ts";
import { test } from "../_support/test.ts";

const uris = (path: string): readonly string[] => honoPaths(path).map(({ uri }) => uri);

const CASES: readonly (readonly [hono: string, ...ours: string[]])[] = [
  ["/", "/"],
  ["/users", "/users"],
  ["/users/:id", "/users/{id}"],
  ["/users/:id{[0-9]+}", "/users/{id:int}"],
  ["/users/:id{\\d+}", "/users/{id:int}"],
  ["/years/:year{[0-9]{4}}", "/years/{year:int}"],
  ["/years/:year{[0-9]{2,4}}/x", "/years/{year:int}/x"],
  ["/posts/:slug{[a-z-]+}", "/posts/{slug}"],
  ["/posts/:file{.+\\.png}", "/posts/{file}"],
  ["/files/:path{.+}", "/files/{path:path}"],
  ["/files/:path{.*}", "/files/{path:path}"],
  ["/files/*", "/files/{path:path}"],
  ["/any/*/edit", "/any/{any}/edit"],
  ["/:a/:b", "/{a}/{b}"],
  ["/api/:version?", "/api", "/api/{version}"],
  ["/:lang?", "/", "/{lang}"],
];

for (const [hono, ...ours] of CASES) {
  test(`honoPaths() reads ${hono}`, () => deepEqual(uris(hono), ours));
}

test("honoPaths() takes a choice of words as a type", () => {
  deepEqual(honoPaths("/:lang{en|de}/x"), [{
    uri: "/{lang}/x",
    types: { lang: '"en" | "de"' },
  }]);
});

test("honoRoutesJson() names routes by method and path, once for all handlers of a path", () => {
  const routes = [
    { method: "ALL", path: "/*", takesNext: true },
    { method: "ALL", path: "/api/x", takesNext: true },
    { method: "GET", path: "/users/:id{[0-9]+}", takesNext: true },
    { method: "GET", path: "/users/:id{[0-9]+}", takesNext: false },
    { method: "POST", path: "/users", takesNext: false },
    { method: "ALL", path: "/hook", takesNext: false },
  ];
  deepEqual(JSON.parse(honoRoutesJson(routes)), {
    routes: {
      "get /users/{id}": { uri: "/users/{id:int}", methods: ["GET"] },
      "post /users": { uri: "/users", methods: ["POST"] },
      "all /hook": { uri: "/hook", methods: ["GET", "POST", "PUT", "PATCH", "DELETE"] },
    },
  });
});
