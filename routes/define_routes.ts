/**
 * One table that is the router, the OpenAPI document and the types of the clients.
 *
 * @module
 */
import { createClientRoutes } from "./client.ts";
import type { RouteHandlers } from "./call_types.ts";
import type { DefinedRoute } from "./defined_route.ts";
import { ROUTE_TABLE } from "./find_route_table.ts";
import type { DescribeSchema } from "./json_schema.ts";
import { renderOpenApi } from "./openapi.ts";
import { readEntries } from "./read_entries.ts";
import { createRouteFinder, type RouteFinder, withoutQuery } from "./route_finder.ts";
import type { RouteTable, ServedRoutes } from "./route_table.ts";
import type { CheckedEntries, FlatRoutes, RouteEntries } from "./route_types.ts";
import { renderRoutesJson } from "./routes_json.ts";
import { type AnyHandler, createServer } from "./serve.ts";
import type { ServeOptions } from "./serve_types.ts";

/** Options of {@linkcode defineRoutes}. */
export interface DefineRoutesOptions<ComponentKey extends string = string> {
  /** The keys under which an entry names its Inertia component. @default ["component"] */
  readonly componentKeys?: readonly ComponentKey[] | undefined;
  /**
   * Describes schemas of a library that does not describe them itself, as zod 4 does.
   *
   * Documents are made from it, and numbers of a query or a form are read by it.
   */
  readonly jsonSchema?: DescribeSchema | undefined;
}

/**
 * Defines the routes of a server.
 *
 * @example Usage
 * ```ts
 * import { defineRoutes } from "@lv/sidecar/routes";
 * import { equal } from "node:assert/strict";
 * import { z } from "zod";
 *
 * const routes = defineRoutes({
 *   home: { path: "/" },
 *   users: {
 *     prefix: "/users",
 *     routes: {
 *       show: { path: "/{id:int}", response: z.object({ id: z.number(), name: z.string() }) },
 *       store: { method: "POST", path: "/", body: z.object({ name: z.string() }) },
 *     },
 *   },
 * });
 * const app = routes.serve({
 *   home: () => new Response("hello"),
 *   "users.show": ({ params }) => ({ id: params.id, name: "Ada" }),
 *   "users.store": ({ body }) => ({ stored: body.name }),
 * });
 *
 * const response = await app.fetch(new Request("http://localhost/users/7"));
 * equal(await response.text(), '{"id":7,"name":"Ada"}');
 * equal(routes.route("users.show", { id: 7 }), "/users/7");
 * ```
 *
 * @param entries Routes and groups of routes by name.
 * @param options What the keys of a component are, and who describes schemas.
 * @returns The table.
 * @throws {TypeError} If an entry is not one, or two of them can't be told apart.
 * @throws {SyntaxError} If a path is none.
 */
export function defineRoutes<
  const Entries extends RouteEntries,
  const ComponentKey extends string = "component",
>(
  entries: Entries & CheckedEntries<Entries, ComponentKey>,
  options: DefineRoutesOptions<ComponentKey> = {},
): RouteTable<FlatRoutes<Entries>, ComponentKey> {
  const routes = readEntries(entries, options.componentKeys ?? ["component"]);
  return createTable<FlatRoutes<Entries>, ComponentKey>(routes, options.jsonSchema);
}

function createTable<Routes, ComponentKey extends string>(
  routes: readonly DefinedRoute[],
  describe: DescribeSchema | undefined,
): RouteTable<Routes, ComponentKey> {
  type Table = RouteTable<Routes, ComponentKey>;
  const finder = createRouteFinder(routes);
  const toRoutesJson: Table["toRoutesJson"] = (filter) =>
    renderRoutesJson(routes, describe, filter);
  let write: Table["route"] | undefined;
  const table: Table = {
    [ROUTE_TABLE]: true,
    names: routes.map(({ name }) => name as keyof Routes & string), // the keys that the types were made from
    paths: routes.map(({ path }) => path.uri),
    match: (method, path) => matchPath(finder, method, path),
    // Most servers write no URL.
    route: (name, ...parameters) =>
      (write ??= createClientRoutes(toRoutesJson()).route as Table["route"])(name, ...parameters),
    toRoutesJson,
    toOpenApi: (options) => renderOpenApi(routes, options, describe),
    serve: <Context>(handlers: RouteHandlers<Routes, Context>, options: ServeOptions = {}) =>
      serveTable<Routes, Context, ComponentKey>(table, handlers, {
        ...options,
        routes,
        finder,
        describe,
      }),
  };
  return table;
}

function matchPath<Name extends string>(
  finder: RouteFinder,
  method: string,
  path: string,
): ReturnType<RouteTable<Readonly<Record<Name, never>>>["match"]> {
  const found = finder.find(method, withoutQuery(path));
  if (found === undefined) return undefined;
  const { route: { name, component }, params } = found;
  return { name: name as Name, params, component }; // a name of this very table
}

function serveTable<Routes, Context, ComponentKey extends string>(
  routes: RouteTable<Routes, ComponentKey>,
  handlers: RouteHandlers<Routes, Context>,
  options: Omit<Parameters<typeof createServer>[0], "handlers">,
): ServedRoutes<Routes, Context, ComponentKey> {
  const server = createServer({
    ...options,
    // Each handler takes the calls of its own route.
    handlers: handlers as unknown as Readonly<Record<string, AnyHandler>>,
  });
  return {
    routes,
    fetch: (request, context) => server.answer(request, context) ?? server.notFound(request),
    tryFetch: server.answer,
  };
}
