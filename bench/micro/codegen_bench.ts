/**
 * Generating routes, and what they cost when they run.
 *
 * At most: `generate()` 30 ms for 1,000 routes and 250 ms for 10,000; `route()` 2 µs; `match()` 50 µs at 1,000 routes.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { generate } from "../../codegen/mod.ts";
import { createRouter, type RouteRow } from "../../codegen/routes_runtime.ts";

const ACTIONS = [
  ["index", "GET", ""],
  ["store", "POST", ""],
  ["show", "GET", "/{id}"],
  ["update", "PATCH", "/{id}"],
  ["destroy", "DELETE", "/{id}"],
] as const;

/** A table of litestar-vite, five routes for each resource. */
function table(count: number): string {
  const routes = Array.from({ length: count }, (_, index) => {
    const [action, method, rest] = ACTIONS[index % 5] ?? ACTIONS[0];
    const name = `resource${Math.floor(index / 5)}`;
    return [`${name}.${action}`, {
      uri: `/api/${name}${rest}`,
      method: method.toLowerCase(),
      methods: [method],
      ...rest === "" ? { queryParameters: { limit: "number | undefined" } } : {
        parameters: ["id"],
        parameterTypes: { id: "number" },
      },
    }];
  });
  return JSON.stringify({ litestar_version: "2.24.0", routes: Object.fromEntries(routes) });
}

/** The same as an OpenAPI document, with the schemas that such documents have. */
function document(count: number): string {
  const schema = {
    type: "object",
    properties: Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`field${index}`, {
        type: "string",
        description: "What it is.",
      }]),
    ),
  };
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (let index = 0; index < count; index++) {
    const [action, method, rest] = ACTIONS[index % 5] ?? ACTIONS[0];
    const name = `resource${Math.floor(index / 5)}`;
    const parameters = rest === ""
      ? [{ name: "limit", in: "query", schema: { type: "integer" } }]
      : [{ name: "id", in: "path", required: true, schema: { type: "integer" } }];
    (paths[`/api/${name}${rest}`] ??= {})[method.toLowerCase()] = {
      operationId: `${name}_${action}`,
      tags: [name],
      parameters,
      responses: { 200: { content: { "application/json": { schema } } } },
    };
  }
  return JSON.stringify({ openapi: "3.1.0", paths });
}

const rows = (count: number): readonly RouteRow[] => {
  const text = generate({ routes: table(count) }).files.find(({ path }) => path === "routes.ts")
    ?.text;
  return [...(text ?? "").matchAll(/^ {2}(\[".*\]),$/gm)].map(([, row = ""]) => JSON.parse(row));
};

for (const count of [1_000, 10_000]) {
  const routes = table(count);
  const openapi = document(count);
  equal(generate({ routes }).diagnostics.length, 0);
  const group = `${count} routes`;
  Deno.bench(`generate(): ${group} of a table`, { group }, () => {
    generate({ routes });
  });
  Deno.bench(`generate(): ${group} of OpenAPI`, { group }, () => {
    generate({ openapi });
  });
  Deno.bench(`4 times JSON.parse() and JSON.stringify() of that document`, {
    group,
    baseline: true,
  }, () => {
    for (let run = 0; run < 4; run++) JSON.stringify(JSON.parse(openapi));
  });
}

type Route = (name: string, params?: object) => string;

for (const count of [1_000, 10_000]) {
  const router = createRouter<string, Route>(rows(count), {
    kinds: { number: "-?\\d+(?:\\.\\d+)?(?:e[^/]+)?" },
  });
  const last = `resource${count / 5 - 1}`;
  equal(router.match(router.route(`${last}.show`, { id: 7 }))?.name, `${last}.show`);
  const group = `run-time at ${count} routes`;
  Deno.bench(`route(): one parameter, ${count} routes`, { group }, () => {
    router.route(`${last}.show`, { id: 7 });
  });
  Deno.bench(`route(): a query, ${count} routes`, { group }, () => {
    router.route(`${last}.index`, { limit: 10, _query: { q: "a b", tags: ["x", "y"] } });
  });
  Deno.bench(`match(): a path with a parameter, ${count} routes`, { group }, () => {
    router.match(`/api/${last}/7?tab=a`);
  });
  Deno.bench(`match(): a path of nobody, ${count} routes`, { group }, () => {
    router.match("/api/nobody/7");
  });
}
