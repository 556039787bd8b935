/**
 * The typed route table of a TypeScript server: it is the router, the OpenAPI document and the types of its clients.
 *
 * ```ts
 * import { defineRoutes } from "@lv/sidecar/routes";
 * import { z } from "zod";
 *
 * const User = z.object({ id: z.number(), name: z.string() }).meta({ id: "User" });
 *
 * export const routes = defineRoutes({
 *   "users.show": { path: "/users/{id:int}", response: User },
 *   "users.store": { method: "POST", path: "/users", body: User.omit({ id: true }), response: User },
 * });
 *
 * // export default …: what `deno serve`, Bun and `--entry` take.
 * export const app = routes.serve({
 *   "users.show": ({ params }) => ({ id: params.id, name: "Ada" }),
 *   "users.store": ({ body }) => ({ id: 1, name: body.name }),
 * });
 *
 * console.log(routes.toOpenApi({ title: "Users", version: "1.0.0" }).paths);
 * ```
 *
 * It stands on `Request` and `Response` alone, so it works in any server that has them, with or without the sidecar in
 * front.
 *
 * @module
 */
export { defineRoutes, type DefineRoutesOptions } from "./define_routes.ts";
export { createClientRoutes, type RouteSource } from "./client.ts";
export {
  findRouteTable,
  isRouteTable,
  type MarkedTable,
  ROUTE_TABLE,
  routeTableOf,
} from "./find_route_table.ts";
export type { MatchedRoute, RouteTable, ServedRoutes } from "./route_table.ts";
export type {
  CallBody,
  CallParams,
  CallQuery,
  ClientRoute,
  ClientRouteFn,
  ClientRouteOf,
  ClientRouter,
  ClientRoutes,
  ComponentIn,
  ComponentKeyOf,
  InferRoutes,
  Joined,
  PagesOf,
  ParamsIn,
  PropsIn,
  QueryArguments,
  RawQuery,
  RouteAnswer,
  RouteBody,
  RouteCall,
  RouteHandler,
  RouteHandlers,
  RouteResponse,
  RoutesOf,
  SchemaInput,
  SchemaOutput,
  Sent,
  UrlParams,
} from "./call_types.ts";
export type {
  BodyType,
  CheckedEntries,
  CheckedPrefix,
  EntryAt,
  FlatName,
  FlatRoutes,
  InnerOf,
  NoOther,
  PrefixOf,
  RouteEntries,
  RouteEntry,
  RouteGroup,
  RouteMap,
  RouteMethod,
  RouteSchema,
} from "./route_types.ts";
export type {
  BadPlace,
  CheckedPath,
  ConverterOfPlace,
  JoinedPath,
  NameOfPlace,
  PathArguments,
  PathParams,
  PlaceIn,
} from "./path_types.ts";
export type { StandardIssue, StandardResult, StandardSchema } from "../inertia/standard_schema.ts";
export type { ServeOptions } from "./serve_types.ts";
export type { InputPart, InvalidInput, RouteIssue } from "./answers.ts";
export type { FoundParams } from "./route_finder.ts";
export type { PathConverter, PathInputs, PathValues } from "./path_values.ts";
export type { DescribeSchema, JsonSchema, SchemaSide } from "./json_schema.ts";
export type { OpenApiDocument, OpenApiOptions } from "./openapi.ts";
export type { RouteJson, RoutesJson, RoutesJsonFilter } from "./routes_json.ts";
export type {
  HandleArgs,
  QueryObject,
  QueryValue,
  RouteExtras,
  RouteMatch,
  RouteOptions,
  Router,
  RouterSettings,
} from "../codegen/routes_runtime.ts";
