/**
 * Finds the route table of a module: for commands that are given an entry, and for the sidecar in front of it.
 *
 * @module
 */

/**
 * Marks a route table, whichever copy of this package made it.
 *
 * @example Usage
 * ```ts
 * import { defineRoutes, ROUTE_TABLE } from "@lv/sidecar/routes";
 * import { equal } from "node:assert/strict";
 *
 * equal(defineRoutes({ home: { path: "/" } })[ROUTE_TABLE], true);
 * ```
 */
export const ROUTE_TABLE: unique symbol = Symbol.for("@lv/sidecar/routes") as typeof ROUTE_TABLE;

/**
 * Whether a value is a route table.
 *
 * @example Usage
 * ```ts
 * import { defineRoutes, isRouteTable } from "@lv/sidecar/routes";
 * import { equal } from "node:assert/strict";
 *
 * equal(isRouteTable(defineRoutes({ home: { path: "/" } })), true);
 * ```
 */
export function isRouteTable(value: unknown): value is MarkedTable {
  return typeof value === "object" && value !== null && ROUTE_TABLE in value;
}

/** What is known of a value with the mark. */
export interface MarkedTable {
  /** The mark. */
  readonly [ROUTE_TABLE]: true;
  /** The paths of the routes, with their parameters in braces. */
  readonly paths: readonly string[];
  /** What a front end is told of the routes; of tables of every version that has the mark. */
  readonly toRoutesJson?: () => unknown;
}

/**
 * The table that a value is, or that it serves.
 *
 * @example Usage
 * ```ts
 * import { defineRoutes, routeTableOf } from "@lv/sidecar/routes";
 * import { equal } from "node:assert/strict";
 *
 * const routes = defineRoutes({ home: { path: "/" } });
 *
 * equal(routeTableOf(routes.serve({ home: () => "hello" })), routes);
 * ```
 */
export function routeTableOf(value: unknown): MarkedTable | undefined {
  if (isRouteTable(value)) return value;
  // A served table is an object; an app that is a function may have it as a property.
  const isHolder = (typeof value === "object" && value !== null) || typeof value === "function";
  const routes = isHolder && "routes" in value ? value.routes : undefined;
  return isRouteTable(routes) ? routes : undefined;
}

/**
 * Finds the route table of a module: its default export's `routes`, its default export, or one of its named exports.
 *
 * @example Usage
 * ```ts
 * import { defineRoutes, findRouteTable } from "@lv/sidecar/routes";
 * import { equal } from "node:assert/strict";
 *
 * const routes = defineRoutes({ home: { path: "/" } });
 *
 * equal(findRouteTable({ default: { fetch() {} }, routes })?.paths[0], "/");
 * ```
 *
 * @param module What `import()` gives.
 * @returns The table; of several named ones the first by name.
 */
export function findRouteTable<Table extends MarkedTable = MarkedTable>(
  module: Readonly<Record<string, unknown>>,
): Table | undefined {
  const names = Object.keys(module).filter((name) => name !== "default").sort();
  const found = routeTableOf(module.default) ??
    names.map((name) => routeTableOf(module[name])).find((table) => table !== undefined);
  // The mark says so.
  return found as Table | undefined;
}
