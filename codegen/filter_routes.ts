/**
 * Which routes of a table are taken.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import type { Route } from "./model.ts";
import type { RouteFilter } from "./options.ts";
import { pathText } from "./path_template.ts";

/** What a pattern is held against. */
export type FilteredRoute = Pick<Route, "name" | "path">;

/** Takes the routes that `only` and its group name, without those that `except` names. */
export function filterRoutes<Given extends FilteredRoute>(
  routes: readonly Given[],
  { only = [], except = [], groups = {}, group }: RouteFilter,
  sink: DiagnosticSink,
): readonly Given[] {
  const ofGroup = group === undefined
    ? []
    : Object.hasOwn(groups, group)
    ? groups[group]
    : undefined;
  if (ofGroup === undefined) {
    sink.add(
      "warning",
      "unknown-group",
      "options",
      `There is no group "${shown(group ?? "")}"; it is left out`,
    );
  }
  const wanted = [...ofGroup ?? [], ...only];
  for (const pattern of [...wanted, ...except]) {
    if (!routes.some((route) => fits(pattern.replace(/^!/, ""), route))) {
      sink.add(
        "warning",
        "unmatched-pattern",
        "options",
        `The pattern "${shown(pattern)}" fits no route`,
      );
    }
  }
  if (wanted.length + except.length === 0) return routes;
  return routes.filter((route) =>
    (wanted.length === 0 || isListed(wanted, route)) && !isListed(except, route)
  );
}

/** The last pattern that fits decides. A list of `!` alone begins with everything. */
function isListed(patterns: readonly string[], route: FilteredRoute): boolean {
  const startsFull = patterns.length > 0 && patterns.every((pattern) => pattern.startsWith("!"));
  return patterns.reduce(
    (isIn, pattern) => fits(pattern.replace(/^!/, ""), route) ? !pattern.startsWith("!") : isIn,
    startsFull,
  );
}

function fits(pattern: string, { name, path }: FilteredRoute): boolean {
  return pattern.startsWith("/")
    ? isGlob(pattern, pathText(path), "/") || isGlob(pattern, name, "")
    : isGlob(pattern, name, "");
}

/**
 * Whether a text fits a pattern with `*`, compared piece by piece: no expression is built from it.
 *
 * @param separator What one `*` does not cross; two of them do.
 */
export function isGlob(pattern: string, text: string, separator: string): boolean {
  const pieces = pattern.split(/(\*+)/);
  // The places of the text that can be reached behind the pieces so far.
  let places = new Set([0]);
  pieces.forEach((piece, index) => {
    const next = new Set<number>();
    for (const place of places) {
      if (index % 2 === 0) {
        if (text.startsWith(piece, place)) next.add(place + piece.length);
        continue;
      }
      const stop = piece.length > 1 || separator === "" ? -1 : text.indexOf(separator, place);
      for (let at = place; at <= (stop < 0 ? text.length : stop); at++) next.add(at);
    }
    places = next;
  });
  return places.has(text.length);
}
