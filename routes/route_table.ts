/**
 * A route table, as its users see it.
 *
 * @module
 */
import type { ClientRouteFn, InferRoutes, RouteHandlers } from "./call_types.ts";
import type { MarkedTable } from "./find_route_table.ts";
import type { OpenApiDocument, OpenApiOptions } from "./openapi.ts";
import type { FoundParams } from "./route_finder.ts";
import type { RouteMap } from "./route_types.ts";
import type { RoutesJson, RoutesJsonFilter } from "./routes_json.ts";
import type { ServeOptions } from "./serve_types.ts";

/** What a path means. */
export interface MatchedRoute<Name extends string = string> {
  /** The name of the route. */
  readonly name: Name;
  /** The parameters of the path, converted. */
  readonly params: FoundParams;
  /** The Inertia component, if it has one. */
  readonly component: string | undefined;
}

/** Routes by name: the router of a server, its description, and the types of its clients. */
export interface RouteTable<Routes = RouteMap, ComponentKey extends string = string>
  extends MarkedTable {
  /** For the type checker alone. */
  readonly "~routes"?: Routes;
  /** For the type checker alone. */
  readonly "~componentKey"?: ComponentKey;
  /** The names, in the order of the table. */
  readonly names: readonly (keyof Routes & string)[];
  /**
   * The route that a path means.
   *
   * @param method In capitals.
   * @param path As a URL has it; what is behind `?` is not looked at.
   */
  match(method: string, path: string): MatchedRoute<keyof Routes & string> | undefined;
  /**
   * Writes the URL of a route.
   *
   * @throws {TypeError} If a parameter is missing, empty or of a wrong type.
   */
  readonly route: ClientRouteFn<InferRoutes<{ readonly "~routes"?: Routes }>>;
  /**
   * The `routes.json` of litestar-vite: for the code generator, and for `window.__LV_ROUTES__`.
   *
   * @param filter Which routes; all by default.
   * @throws {TypeError} If a pattern fits no route.
   */
  toRoutesJson(filter?: RoutesJsonFilter): RoutesJson;
  /** The OpenAPI 3.1 document. */
  toOpenApi(options: OpenApiOptions): OpenApiDocument;
  /**
   * Makes a fetch handler.
   *
   * @param handlers A handler for each route.
   * @throws {TypeError} If a route has none.
   */
  serve<Context = unknown>(
    handlers: RouteHandlers<Routes, Context>,
    options?: ServeOptions,
  ): ServedRoutes<Routes, Context, ComponentKey>;
}

/** A route table that answers requests: what `deno serve`, `Bun.serve` and `--entry` take. */
export interface ServedRoutes<
  Routes = RouteMap,
  Context = unknown,
  ComponentKey extends string = string,
> {
  /** The table. */
  readonly routes: RouteTable<Routes, ComponentKey>;
  /** Answers a request. It needs no `this`. */
  readonly fetch: (request: Request, context?: Context) => Response | Promise<Response>;
  /** Answers a request, or gives `undefined` where no route has its path, for what comes next in the app around it. */
  readonly tryFetch: (
    request: Request,
    context?: Context,
  ) => Response | Promise<Response> | undefined;
}
