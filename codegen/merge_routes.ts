/**
 * A route table and an OpenAPI document of the same application as one table.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import type { PathPart, Route, RouteModel, RouteParameter } from "./model.ts";
import { pathShape, pathText } from "./path_template.ts";

/**
 * Merges them: names, paths and several segments are those of the table, types of the query, bodies and responses those
 * of OpenAPI. What belongs together has the same path and a method in common, whatever its parameters are called.
 */
export function mergeRoutes(
  table: RouteModel,
  openapi: RouteModel,
  where: string,
  sink: DiagnosticSink,
): RouteModel {
  const byKey = new Map(
    openapi.routes.flatMap((route) => keysOf(route).map((key) => [key, route] as const)),
  );
  const used = new Set<Route>();
  const routes = table.routes.map((route) => {
    const others = keysOf(route).flatMap((key) => byKey.get(key) ?? []);
    const [other] = others;
    if (other === undefined) {
      sink.add(
        "info",
        "not-in-openapi",
        where,
        `The route "${shown(route.name)}" is not in the OpenAPI document`,
      );
      return route;
    }
    // A document has an operation for each method of a route.
    for (const each of others) used.add(each);
    return mergeRoute(route, other, where, sink);
  });
  for (const { methods, path } of openapi.routes.filter((route) => !used.has(route))) {
    sink.add(
      "info",
      "not-in-routes",
      where,
      `"${methods[0]} ${
        shown(pathText(path))
      }" is in the OpenAPI document but not in the route table; it is left out`,
    );
  }
  return {
    ...openapi,
    ...table,
    routes,
    // Of two with one name the last one is taken.
    ...openapi.types === undefined ? {} : { types: [...table.types ?? [], ...openapi.types] },
  };
}

/** Takes the routes of another table beside those that are there; what has a route of its own already is left out. */
export function addRoutes(model: RouteModel, beside: RouteModel): RouteModel {
  const known = new Set(model.routes.flatMap(keysOf));
  const added = beside.routes.filter((route) => keysOf(route).some((key) => !known.has(key)));
  return { ...model, routes: [...model.routes, ...added] };
}

/** What requests it answers. */
function keysOf({ methods, path }: Route): readonly string[] {
  return methods.map((method) => `${method} ${pathShape(path)}`);
}

function mergeRoute(route: Route, other: Route, where: string, sink: DiagnosticSink): Route {
  const tell = (what: string): void =>
    sink.add(
      "warning",
      "mismatch",
      where,
      `The route "${shown(route.name)}" and the OpenAPI document differ in ${what}`,
    );
  const missing = other.methods.filter((method) => !route.methods.includes(method));
  if (missing.length > 0) tell(`the method ${missing.join(", ")}`);
  const places = other.path.filter((part) => typeof part === "object");
  let place = 0;
  const path = route.path.map((part): PathPart => {
    if (typeof part === "string") return part;
    const theirs = places[place++];
    if (theirs === undefined) return part;
    // What the table says of a number is only that it is one.
    const isFiner = part.converter === "number" && theirs.converter === "int";
    const isOpen = part.converter === "str" && theirs.converter !== "path";
    if (isFiner || isOpen) return { ...part, converter: theirs.converter };
    if (
      theirs.converter !== "str" && theirs.converter !== part.converter &&
      !isKin(part.converter, theirs.converter)
    ) {
      tell(`the parameter "${shown(part.name)}": ${part.converter} and ${theirs.converter}`);
    }
    return part;
  });
  return { ...other, ...route, path, parameters: mergeParameters(route, other) };
}

function isKin(a: string, b: string): boolean {
  return [a, b].every((each) => ["int", "float", "number", "decimal"].includes(each));
}

function mergeParameters(route: Route, other: Route): readonly RouteParameter[] {
  const theirs = (other.parameters ?? []).filter(({ place }) => place === "query");
  const known = new Set(theirs.map(({ name }) => name));
  return [
    ...(route.parameters ?? []).filter(({ place, name }) => place !== "query" || !known.has(name)),
    ...theirs,
  ];
}
