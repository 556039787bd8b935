import { equal } from "node:assert/strict";
import { defineRoutes, findRouteTable, isRouteTable } from "../../routes/mod.ts";
import { test } from "../_support/test.ts";

const table = defineRoutes({ home: { path: "/" } });
const other = defineRoutes({ other: { path: "/other" } });
const app = table.serve({ home: () => "home" });

test("findRouteTable() takes what the default export serves, then the default export, then a named one", () => {
  equal(findRouteTable({ default: app, routes: other }), table);
  equal(findRouteTable({ default: table, routes: other }), table);
  equal(findRouteTable({ default: { fetch() {} }, routes: table }), table);
  equal(findRouteTable({ b: table, a: other }), other);
  equal(findRouteTable({ app }), table);
  equal(findRouteTable({ default: Object.assign(() => new Response(), { routes: table }) }), table);
});

test("findRouteTable() takes no other routes for a table", () => {
  // Hono has `routes` too, a list.
  equal(findRouteTable({ default: { fetch() {}, routes: [{ path: "/" }] } }), undefined);
  equal(findRouteTable({ default: null, a: undefined, b: "routes" }), undefined);
  equal(findRouteTable({}), undefined);
});

test("isRouteTable() knows the table of another copy of this package by its mark", () => {
  equal(isRouteTable({ [Symbol.for("@lv/sidecar/routes")]: true }), true);
  equal(isRouteTable({ paths: [] }), false);
});
