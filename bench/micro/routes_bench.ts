/**
 * The route table: finding a route, and a request's whole way.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { z } from "zod";
import { defineRoutes, type RouteMap } from "../../routes/mod.ts";

function entries(count: number): RouteMap {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `resource${index}.show`,
      { path: `/api/resource${index}/{id:int}/items/{item}` },
    ]),
  );
}

for (const count of [200, 1_000]) {
  const table = defineRoutes(entries(count));
  equal(table.match("GET", `/api/resource${count - 1}/7/items/x`)?.params.id, 7);

  Deno.bench(`match(): ${count} routes`, () => {
    table.match("GET", `/api/resource${count - 1}/7/items/x`);
  });

  Deno.bench(`match(): nothing among ${count} routes`, () => {
    table.match("GET", "/api/nothing/7/items/x");
  });

  Deno.bench(`defineRoutes(): ${count} routes`, () => {
    defineRoutes(entries(count));
  });
}

const app = defineRoutes({
  fixed: { path: "/fixed" },
  show: { path: "/users/{id:int}" },
  list: { path: "/users", query: z.object({ page: z.number().default(1) }) },
  store: { method: "POST", path: "/users", body: z.object({ name: z.string() }) },
}).serve({
  fixed: () => new Response("fixed"),
  show: ({ params }) => ({ id: params.id }),
  list: ({ query }) => ({ page: query.page }),
  store: ({ body }) => ({ name: body.name }),
});

const fixed = new Request("http://localhost/fixed");
const show = new Request("http://localhost/users/7");
const list = new Request("http://localhost/users?page=2");
const BODY = JSON.stringify({ name: "Ada" });

equal(await (await app.fetch(list)).text(), '{"page":2}');

Deno.bench("fetch(): a fixed path", () => {
  app.fetch(fixed);
});

Deno.bench("fetch(): a parameter, JSON", () => {
  app.fetch(show);
});

Deno.bench("fetch(): a query that zod checks", async () => {
  await app.fetch(list);
});

Deno.bench("fetch(): a body that zod checks", async () => {
  await app.fetch(
    new Request("http://localhost/users", {
      method: "POST",
      body: BODY,
      headers: { "content-type": "application/json", "content-length": String(BODY.length) },
    }),
  );
});
