/**
 * A route table as the `routes.json` of litestar-vite, which the code generator and a front end read.
 *
 * @module
 */
import { createDiagnostics } from "../codegen/diagnostic.ts";
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

/** Describes routes, the most specific paths first. */
export function renderRoutesJson(
  routes: readonly DefinedRoute[],
  describe: DescribeSchema | undefined,
): RoutesJson {
  const sorted = [...routes].sort((a, b) => a.path.rank < b.path.rank ? -1 : 1);
  // fromEntries defines its keys: a route `__proto__` is one like any other.
  return {
    routes: Object.fromEntries(
      sorted.map((route) => [route.name, renderRoute(route, describe)] as const),
    ),
  };
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
