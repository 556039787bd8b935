/**
 * A route table as the `routes.json` of litestar-vite, which the code generator and a front end read.
 *
 * @module
 */
import { createDiagnostics } from "../codegen/diagnostic.ts";
import { filterRoutes } from "../codegen/filter_routes.ts";
import { renderType, URL_STYLE } from "../codegen/render_type.ts";
import { readSchema } from "../codegen/schema_type.ts";
import type { DefinedRoute } from "./defined_route.ts";
import {
  alternativesOf,
  createSchemaResolver,
  type DescribeSchema,
  describeSchema,
  isSchema,
} from "./json_schema.ts";

/** One route of the document. */
export interface RouteJson {
  /** The path, with its converters. */
  readonly uri: string;
  /** The method that callers mean, in lower case. */
  readonly method: string;
  /** All methods. */
  readonly methods: readonly string[];
  /** The names of the parameters. */
  readonly parameters?: readonly string[];
  /** Their converters. */
  readonly parameterTypes?: { readonly [name: string]: string };
  /** The query: a type in TypeScript by name. */
  readonly queryParameters?: { readonly [name: string]: string };
  /** The Inertia component. */
  readonly component?: string;
}

/** The document. */
export interface RoutesJson {
  /** The routes by name. */
  readonly routes: { readonly [name: string]: RouteJson };
}

/** Which routes of a table. A pattern that begins with `/` is for paths; `*` stands for any text, `!` takes away. */
export interface RoutesJsonFilter {
  /** Only these; of several patterns for a route, the last one decides. @default all */
  readonly only?: readonly string[] | undefined;
  /** Not these; wins over `only`. @default none */
  readonly except?: readonly string[] | undefined;
}

/**
 * Describes routes, the most specific paths first.
 *
 * @throws {TypeError} If a pattern fits no route: who misspells what is not to be told would tell it.
 */
export function renderRoutesJson(
  routes: readonly DefinedRoute[],
  describe: DescribeSchema | undefined,
  filter: RoutesJsonFilter = {},
): RoutesJson {
  const sorted = filterDefined(routes, filter).sort((a, b) => a.path.rank < b.path.rank ? -1 : 1);
  // fromEntries defines its keys: a route `__proto__` is one like any other.
  return {
    routes: Object.fromEntries(
      sorted.map((route) => [route.name, renderRoute(route, describe)] as const),
    ),
  };
}

function filterDefined(
  routes: readonly DefinedRoute[],
  { only = [], except = [] }: RoutesJsonFilter,
): DefinedRoute[] {
  const sink = createDiagnostics();
  const shown = routes.map((route) => ({
    route,
    name: route.name,
    // Case: "/users/{id:int}" -> "/users/{id}"
    path: [route.path.uri.replace(/:\w+\}/g, "}")],
  }));
  const kept = filterRoutes(shown, { only, except }, sink).map(({ route }) => route);
  const [problem] = sink.list();
  if (problem !== undefined) {
    throw new TypeError(`Cannot filter the routes: ${problem.message.replace(/^The/, "the")}`);
  }
  return kept;
}

function renderRoute(route: DefinedRoute, describe: DescribeSchema | undefined): RouteJson {
  const { path: { uri, places }, methods, component } = route;
  const query = queryTypes(route, describe);
  return {
    uri,
    method: (methods[0] ?? "GET").toLowerCase(),
    methods,
    ...places.length === 0 ? {} : {
      parameters: places.map(({ name }) => name),
      parameterTypes: Object.fromEntries(
        places.map(({ name, converter }) => [name, converter] as const),
      ),
    },
    ...query.length === 0 ? {} : { queryParameters: Object.fromEntries(query) },
    ...component === undefined ? {} : { component },
  };
}

function queryTypes(
  { query }: DefinedRoute,
  describe: DescribeSchema | undefined,
): readonly (readonly [string, string])[] {
  const root = query === undefined ? undefined : describeSchema(query, "input", describe);
  if (root === undefined) return [];
  const sink = createDiagnostics();
  const resolver = createSchemaResolver(root);
  return alternativesOf(root, resolver).flatMap(({ properties, required }) =>
    Object.entries(isSchema(properties) ? properties : {}).map(([name, property]) => {
      const type = renderType(readSchema(property, "", { resolver, sink, use: "url" }), URL_STYLE);
      const isRequired = Array.isArray(required) && required.includes(name);
      return [name, isRequired ? type : `${type} | undefined`] as const;
    })
  );
}
