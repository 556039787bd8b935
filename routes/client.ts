/**
 * Names to URLs and back in a front end, typed by its server's route table alone.
 *
 * ```ts no-run
 * // Types are gone at run time: the server says which routes there are, in `window.__LV_ROUTES__`.
 * import { createClientRoutes, type InferRoutes } from "@lv/sidecar/routes/client";
 * import { defineRoutes } from "@lv/sidecar/routes";
 *
 * // In a front end: import type { routes } from "../server.ts";
 * const routes = defineRoutes({ "users.show": { path: "/users/{id:int}" } });
 *
 * const router = createClientRoutes<InferRoutes<typeof routes>>();
 * console.log(router.route("users.show", { id: 7 }));
 * ```
 *
 * @module
 */
import { CONVERTER_KINDS, KIND_PATTERNS } from "../codegen/converter_kinds.ts";
import { createRouter, type RouteRow, type RouterSettings } from "../codegen/routes_runtime.ts";
import type { ClientRouter, ClientRoutes } from "./call_types.ts";

export type {
  ClientRoute,
  ClientRouteFn,
  ClientRouteOf,
  ClientRouter,
  ClientRoutes,
  InferRoutes,
  Joined,
  ParamsIn,
  QueryArguments,
  RouteBody,
  RouteResponse,
  RoutesOf,
  SchemaInput,
  SchemaOutput,
  Sent,
  UrlParams,
} from "./call_types.ts";
export type { ConverterOfPlace, NameOfPlace, PathArguments, PlaceIn } from "./path_types.ts";
export type { PathConverter, PathInputs, PathValues } from "./path_values.ts";
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

/** Routes as `toRoutesJson()` writes them; of each, what a URL is made of. */
export interface RouteSource {
  /** The routes by name. */
  readonly routes: {
    /** A route. */
    readonly [name: string]: {
      /** The path, with its converters. */
      readonly uri: string;
      /** Its methods; without them, `GET`. */
      readonly methods?: readonly string[] | undefined;
      /** The query: types by name, of which those count that say `undefined`. */
      readonly queryParameters?: { readonly [name: string]: string } | undefined;
    };
  };
}

/**
 * Creates what the generated `routes.ts` exports, without a generator: `route`, `match`, `current`, `has`.
 *
 * @example Usage
 * ```ts
 * import { createClientRoutes, type InferRoutes } from "@lv/sidecar/routes/client";
 * import { defineRoutes } from "@lv/sidecar/routes";
 * import { equal } from "node:assert/strict";
 *
 * const routes = defineRoutes({ "users.show": { path: "/users/{id:int}" } });
 * const { route, match } = createClientRoutes<InferRoutes<typeof routes>>(routes.toRoutesJson());
 *
 * equal(route("users.show", { id: 7, _query: { tab: "posts" } }), "/users/7?tab=posts");
 * equal(match("/users/7")?.name, "users.show");
 * ```
 *
 * @param source What the server says; without it, `window.__LV_ROUTES__`.
 * @param settings How URLs are written: a base, an origin, the page's location.
 * @returns The router.
 * @throws {TypeError} If there is no source.
 */
export function createClientRoutes<Routes extends ClientRoutes>(
  source: RouteSource | undefined = injectedRoutes(),
  settings: RouterSettings = {},
): ClientRouter<Routes> {
  if (source === undefined) {
    throw new TypeError(
      'Cannot find the routes of the server: there is no "__LV_ROUTES__", which the option "routes" of the sidecar sets',
    );
  }
  const rows = Object.entries(source.routes)
    .map(([name, { uri, methods = ["GET"], queryParameters = {} }]) => ({
      rank: rankOf(uri),
      row: [name, templateOf(uri, queryParameters), methods.join(" ")] as RouteRow,
    }))
    // A parser of JSON may have put them into another order.
    .sort((a, b) => a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)
    .map(({ row }) => row);
  return createRouter(rows, { kinds: KIND_PATTERNS, ...settings });
}

function injectedRoutes(): RouteSource | undefined {
  return (globalThis as { __LV_ROUTES__?: RouteSource }).__LV_ROUTES__;
}

const PLACE_REGEXP = /\{([^{}:]+)(?::(\w+))?\}/g;

/** `/users/{id:int}` with a query that has to have `page` -> `/users/{id:int}?page:!` */
function templateOf(uri: string, query: { readonly [name: string]: string }): string {
  const path = uri.replace(
    PLACE_REGEXP,
    (_, name: string, converter: string) => `{${field(name)}:${kindOf(converter)}}`,
  );
  const required = Object.entries(query)
    .filter(([, type]) => !/\bundefined$/.test(type))
    .map(([name]) => `${field(name)}:!`);
  return required.length === 0 ? path : `${path}?${required.join("&")}`;
}

function kindOf(converter = "str"): string {
  const kinds: { readonly [name: string]: string } = CONVERTER_KINDS;
  return Object.hasOwn(kinds, converter) ? kinds[converter] ?? "" : "";
}

/** The template's own signs are escaped. */
function field(text: string): string {
  return encodeURIComponent(text).replaceAll("!", "%21");
}

/** A text before a type, a type before any text, any text before several. */
function rankOf(uri: string): string {
  return uri.split("/").map((segment) => {
    const [place, , converter] = [...segment.matchAll(PLACE_REGEXP)][0] ?? [];
    if (place === undefined) return 0;
    const kind = kindOf(converter);
    return kind === "path" ? 3 : kind === "" ? 2 : 1;
  }).join("");
}
