/**
 * What handlers get and give, and what a front end knows of the routes: types alone.
 *
 * @module
 */
import type { HandleArgs, QueryValue, RouteExtras, Router } from "../codegen/routes_runtime.ts";
import type { PathArguments, PathParams } from "./path_types.ts";

/** What a schema takes. */
export type SchemaInput<Schema> = Schema extends {
  readonly "~standard": { readonly types?: { readonly input: infer Input } | undefined };
} ? Input
  : unknown;

/** What a schema gives. */
export type SchemaOutput<Schema> = Schema extends {
  readonly "~standard": { readonly types?: { readonly output: infer Output } | undefined };
} ? Output
  : unknown;

/** A query that no schema describes: texts, lists of them, and objects of `filter[a]=1`. */
export interface RawQuery {
  /** A field. */
  readonly [name: string]: unknown;
}

/** What a handler gets. */
export interface RouteCall<Route, Context = unknown> {
  /** The request. Its body is read already where the route has a schema for it. */
  readonly request: Request;
  /** The parameters of the path. */
  readonly params: CallParams<Route>;
  /** The query. */
  readonly query: CallQuery<Route>;
  /** The body, where the route has a schema for it. */
  readonly body: CallBody<Route>;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** The name of the route. */
  readonly name: string;
  /** What `fetch` got beside the request: Deno's info, Bun's server, Hono's environment. */
  readonly context: Context;
}

/** What a handler gets for the path. */
export type CallParams<Route> = Route extends { readonly params: infer Schema extends object }
  ? SchemaOutput<Schema>
  : Route extends { readonly path: infer Path extends string } ? PathParams<Path>
  : never;

/** What a handler gets for the query. */
export type CallQuery<Route> = Route extends { readonly query: infer Schema extends object }
  ? SchemaOutput<Schema>
  : RawQuery;

/** What a handler gets for the body. */
export type CallBody<Route> = Route extends { readonly body: infer Schema extends object }
  ? SchemaOutput<Schema>
  // Of a table that is computed nobody knows.
  : "body" extends keyof Route ? unknown
  : undefined;

/** What a handler gives: what the route says that it sends, or a response of its own. */
export type RouteAnswer<Route> = Route extends { readonly response: infer Schema extends object }
  ? SchemaOutput<Schema> | Response
  : unknown;

/** Answers the calls of a route. */
export type RouteHandler<Route, Context = unknown> = (
  call: RouteCall<Route, Context>,
) => RouteAnswer<Route> | Promise<RouteAnswer<Route>>;

/** A handler for each route. */
export type RouteHandlers<Routes, Context = unknown> = {
  readonly [Name in keyof Routes]: RouteHandler<Routes[Name], Context>;
};

/** A value as the other side of JSON gets it: a `Date` is a text there, and a function is gone. */
export type Sent<Value> = unknown extends Value ? Value
  : Value extends { toJSON(): infer Json } ? Sent<Json>
  : Value extends readonly unknown[] ? { [Index in keyof Value]: Sent<Value[Index]> }
  : Value extends object ? {
      [Key in keyof Value as Value[Key] extends (...values: never) => unknown ? never : Key]: Sent<
        Value[Key]
      >;
    }
  : Value;

/** What a front end knows of one route. */
export interface ClientRoute<Params = unknown, Body = unknown, Response = unknown> {
  /** What its URL is built from. */
  readonly params: Params;
  /** What it takes. */
  readonly body: Body;
  /** What it sends. */
  readonly response: Response;
}

/** What a front end knows of the routes, by name. */
export interface ClientRoutes {
  /** A route. */
  readonly [name: string]: ClientRoute;
}

/**
 * What a front end knows of a route table, from its type alone.
 *
 * @example Usage
 * ```ts
 * import { defineRoutes, type InferRoutes } from "@lv/sidecar/routes";
 *
 * const routes = defineRoutes({ "users.show": { path: "/users/{id:int}" } });
 * type Routes = InferRoutes<typeof routes>;
 *
 * const params: Routes["users.show"]["params"] = { id: 7 };
 * console.log(params);
 * ```
 */
export type InferRoutes<Table> = {
  readonly [Name in keyof RoutesOf<Table>]: ClientRouteOf<RoutesOf<Table>[Name]>;
};

/** The routes of a table, of what it serves, or of an object with either as `routes`. */
export type RoutesOf<Table> = Table extends { readonly "~routes"?: infer Routes }
  ? NonNullable<Routes>
  : Table extends { readonly routes: infer Inner } ? RoutesOf<Inner>
  : never;

/** What a front end knows of a route, from its entry. */
export type ClientRouteOf<Route> = ClientRoute<
  UrlParams<Route>,
  Route extends { readonly body: infer Schema extends object } ? SchemaInput<Schema> : undefined,
  Route extends { readonly response: infer Schema extends object } ? Sent<SchemaOutput<Schema>>
    : unknown
>;

/**
 * What a URL of a route is built from: the parameters of its path, its query, and more of both.
 *
 * One object: of intersections a compiler looks at those of all routes for each single call, which at 1,000 routes and
 * 2,000 calls is 5 million instantiations in place of half a million.
 */
export type UrlParams<Route> = Joined<
  & (Route extends { readonly path: infer Path extends string } ? PathArguments<Path> : unknown)
  & (Route extends { readonly query: infer Schema extends object }
    ? QueryArguments<SchemaInput<Schema>>
    : unknown)
  & RouteExtras
>;

/** Several objects as one. */
export type Joined<Parts> = { readonly [Key in keyof Parts]: Parts[Key] };

/** What a schema takes however it comes (`z.coerce`) may be whatever a query holds. */
export type QueryArguments<Input> = {
  readonly [Key in keyof Input]: unknown extends Input[Key] ? QueryValue : Input[Key];
};

/** Writes URLs of these routes. */
export interface ClientRouteFn<Routes extends ClientRoutes> {
  <Name extends keyof Routes & string>(
    name: Name,
    ...parameters: HandleArgs<Routes[Name]["params"]>
  ): string;
}

/** The parameters of a route of the front end. */
export type ParamsIn<Route> = Route extends { readonly params: infer Params } ? Params : never;

/** Names of these routes to URLs and back. */
export type ClientRouter<Routes extends ClientRoutes> = Router<
  keyof Routes & string,
  ClientRouteFn<Routes>
>;

/** What a route of a front end takes. */
export type RouteBody<Routes, Name extends keyof Routes> = Routes[Name] extends
  { readonly body: infer Body } ? Body : never;

/** What a route of a front end gets. */
export type RouteResponse<Routes, Name extends keyof Routes> = Routes[Name] extends
  { readonly response: infer Sent } ? Sent : never;

/**
 * The pages of a route table: each component and its props, from the response schemas of the routes that it shows.
 *
 * Give it to `createInertia<PagesOf<typeof routes>>()`.
 */
export type PagesOf<Table> = {
  readonly [
    Name in keyof RoutesOf<Table> as ComponentIn<RoutesOf<Table>[Name], ComponentKeyOf<Table>>
  ]: PropsIn<RoutesOf<Table>[Name]>;
};

/** The keys under which a table names components. */
export type ComponentKeyOf<Table> = Table extends { readonly "~componentKey"?: infer Key }
  ? NonNullable<Key>
  : "component";
/** The component of a route. */
export type ComponentIn<Route, Key> = Extract<Route[Key & keyof Route], string>;
/** The props that a route gives its component. */
export type PropsIn<Route> = Route extends { readonly response: infer Schema extends object }
  ? SchemaOutput<Schema>
  : Record<never, never>;
