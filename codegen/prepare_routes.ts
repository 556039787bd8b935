/**
 * A route table made ready to be written: its names, what is reserved, and the order in which URLs are looked up.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { camelIdentifier } from "./identifier.ts";
import { compareText } from "./literal.ts";
import { CONVERTER_KINDS, KIND_PATTERNS } from "./converter_kinds.ts";
import type { PathPart, Route, RouteParameter } from "./model.ts";
import type { GenerateOptions, Naming } from "./options.ts";
import { isJoined, joinText, pathShape, pathText } from "./path_template.ts";

/** Keys of a call's parameters that are not parameters. */
const RESERVED: readonly string[] = ["_query", "_hash"];

const NONE: readonly never[] = [];
/** What stands for a route outside of a list: for the compiler alone. */
export const NO_ROUTE: Route = { name: "", path: [], methods: [] };

/** Routes in two orders: both are needed, and to sort is a twentieth of the time. */
export interface PreparedRoutes {
  /** In the order of their names. */
  readonly sorted: readonly Route[];
  /** The places in `sorted`, in the order in which URLs are looked up. */
  readonly ranked: readonly number[];
  readonly paths: PathNumbers;
}

/** Routes with one path share its parts, and a number. */
export interface PathNumbers {
  /** That of each route's path, in the order of the routes' names: numbered from 0 as they come. */
  readonly of: readonly number[];
  readonly count: number;
}

/**
 * A function that is asked for something of a route's path, by the place of the route in `sorted`. It is made once for
 * each path, and found again without a map.
 */
export function ofPaths<Value>(
  { of, count }: PathNumbers,
  make: (path: readonly PathPart[]) => Value,
): (place: number, path: readonly PathPart[]) => Value {
  const known = new Array<Value | undefined>(count).fill(undefined);
  return (place, path) => known[of[place] ?? 0] ??= make(path);
}

/** Makes a table ready. */
export function prepareRoutes(
  routes: readonly Route[],
  options: GenerateOptions,
  where: string,
  sink: DiagnosticSink,
): PreparedRoutes {
  const named = nameRoutes(
    routes.map((route) => isReady(route, options) ? route : prepare(route, options, where, sink)),
    options.naming ?? "keep",
    where,
    sink,
  );
  const sorted = byName(named);
  const paths = numberPaths(sorted);
  const ranked = byRank(sorted, paths);
  tellAmbiguous({ sorted, ranked, paths }, where, sink);
  return { sorted, ranked, paths };
}

/** A table is read in the order of its names. */
function byName(routes: readonly Route[]): readonly Route[] {
  return isSorted(routes) ? routes : [...routes].sort((a, b) => compareText(a.name, b.name));
}

/** Whether each name comes behind the one before it. */
function isSorted(routes: readonly Route[]): boolean {
  let last: string | undefined;
  for (const { name } of routes) {
    if (last !== undefined && name <= last) return false;
    last = name;
  }
  return true;
}

function numberPaths(routes: readonly Route[]): PathNumbers {
  const numbers = new Map<readonly PathPart[], number>();
  const of: number[] = [];
  for (let place = 0; place < routes.length; place++) {
    const { path } = routes[place] ?? NO_ROUTE;
    // Routes of one resource are neighbours by their names.
    if (path === routes[place - 1]?.path) of.push(of[place - 1] ?? 0);
    else if (path === routes[place - 2]?.path) of.push(of[place - 2] ?? 0);
    else of.push(numberOf(numbers, path));
  }
  return { of, count: numbers.size };
}

/** By rank and then, as they come, by name. There are few ranks: routes are put together by them, and they are sorted. */
function byRank(routes: readonly Route[], paths: PathNumbers): readonly number[] {
  const ranks = new Map<number, { readonly rank: string; readonly places: number[] }>();
  const numbers = new Map<string, number>();
  const rankOfPath = ofPaths(paths, (path) =>
    // A text for each route would be looked up by all of its characters.
    numberOf(numbers, pathRank(path)));
  for (let place = 0; place < routes.length; place++) {
    const route = routes[place] ?? NO_ROUTE;
    const key = rankOfPath(place, route.path) * RANKS_OF_PATH +
      rankBesidePath(route);
    const same = ranks.get(key);
    if (same === undefined) ranks.set(key, { rank: rankOf(route), places: [place] });
    else same.places.push(place);
  }
  const sorted = Array.from(ranks.values()).sort((a, b) => compareText(a.rank, b.rank));
  return sorted.flatMap(({ places }) => places);
}

/** Whether there is nothing to do, as with most routes: not to copy them saves a tenth of the time. */
function isReady(route: Route, { trailingSlash = "keep" }: GenerateOptions): boolean {
  const { path, parameters, methods, host } = route;
  if (trailingSlash !== "keep" || host !== undefined || methods.length === 0) return false;
  if (parameters === undefined || !isReadyPath(path)) return false;
  for (const { name, place } of parameters) {
    if (!isPlainName(name) || (place === "query" && hasPlace(path, name))) return false;
  }
  return true;
}

/** Texts with parameters between them that can't be missing. */
function isReadyPath(path: readonly PathPart[]): boolean {
  for (const part of path) {
    if (typeof part !== "string" && (part.isOptional || !isPlainName(part.name))) return false;
  }
  return isJoined(path);
}

function isPlainName(name: string): boolean {
  return name.isWellFormed() && !RESERVED.includes(name);
}

function hasPlace(path: readonly PathPart[], name: string): boolean {
  for (const part of path) if (typeof part === "object" && part.name === name) return true;
  return false;
}

function prepare(
  route: Route,
  options: GenerateOptions,
  where: string,
  sink: DiagnosticSink,
): Route {
  const at = `${where}: ${shown(route.name)}`;
  const rename = (name: string): string => {
    // Half a surrogate pair can't be written in a URL.
    const whole = name.toWellFormed();
    if (!RESERVED.includes(whole)) return whole;
    sink.add(
      "warning",
      "reserved-param",
      at,
      `The parameter "${whole}" is called "${whole}_" here`,
    );
    return `${whole}_`;
  };
  const part = (each: PathPart): PathPart =>
    typeof each === "string" ? each : { ...each, name: rename(each.name) };
  const path = slashed(
    checkOptional(joinText(route.path.map(part)), at, sink),
    options.trailingSlash,
  );
  const host = route.host === undefined ? undefined : checkHost(route.host.map(part), at, sink);
  const { host: _, ...rest } = route;
  return {
    ...rest,
    path,
    ...host === undefined ? {} : { host },
    parameters: prepareParameters(route, path, rename, at, sink),
    methods: route.methods.length === 0 ? ["GET"] : route.methods,
  };
}

function prepareParameters(
  { parameters = [] }: Route,
  path: readonly PathPart[],
  rename: (name: string) => string,
  at: string,
  sink: DiagnosticSink,
): readonly RouteParameter[] {
  const inPath = new Set(path.flatMap((each) => typeof each === "string" ? [] : [each.name]));
  return parameters.map((parameter) => {
    if (parameter.place !== "query") return { ...parameter, name: rename(parameter.name) };
    const name = parameter.name.toWellFormed();
    if (inPath.has(name) || RESERVED.includes(name)) {
      sink.add(
        "warning",
        "reserved-param",
        at,
        `The query parameter "${shown(name)}" can be given in "_query" alone`,
      );
      return { ...parameter, name, isRequired: false };
    }
    return { ...parameter, name };
  });
}

/** A segment may be missing where it is whole, and nothing but such segments follows. */
function checkOptional(
  parts: readonly PathPart[],
  at: string,
  sink: DiagnosticSink,
): readonly PathPart[] {
  const isFree = (index: number): boolean => {
    const [before, behind] = [parts[index - 1], parts[index + 1]];
    if (typeof before !== "string" || !before.endsWith("/")) return false;
    if (behind === undefined) return true;
    const next = parts[index + 2];
    return behind === "/" && typeof next === "object" && next.isOptional && isFree(index + 2);
  };
  return parts.map((part, index) => {
    if (typeof part === "string" || !part.isOptional || isFree(index)) return part;
    sink.add(
      "warning",
      "bad-template",
      at,
      `The parameter "${shown(part.name)}" is not at the end, so that it can't be left out`,
    );
    return { ...part, isOptional: false };
  });
}

function checkHost(
  host: readonly PathPart[],
  at: string,
  sink: DiagnosticSink,
): readonly PathPart[] | undefined {
  const isGood = host.every((part) => typeof part !== "string" || /^[\w.-]*$/.test(part));
  if (!isGood) sink.add("warning", "bad-template", at, "The host is none; it is left out");
  return isGood && host.length > 0 ? host : undefined;
}

/** Without a slash at the end, unless it is kept: the run-time adds it. */
function slashed(
  parts: readonly PathPart[],
  option: GenerateOptions["trailingSlash"] = "keep",
): readonly PathPart[] {
  const last = parts.at(-1);
  if (option === "keep" || typeof last !== "string") return parts;
  const bare = last.replace(/\/+$/, "");
  const rest = parts.slice(0, -1);
  return bare === "" && rest.length > 0 ? rest : [...rest, bare === "" ? "/" : bare];
}

function nameRoutes(
  routes: readonly Route[],
  naming: Naming,
  where: string,
  sink: DiagnosticSink,
): readonly Route[] {
  if (naming === "keep" && hasNames(routes)) return routes;
  const byName = new Map<string, Route[]>();
  for (const route of routes) {
    const name = rename(route, naming);
    if (name.trim() === "") {
      sink.add(
        "warning",
        "empty-name",
        where,
        `The route for "${shown(pathText(route.path))}" has no name; it is left out`,
      );
      continue;
    }
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [route]);
    else same.push(route);
  }
  const named: Route[] = [];
  for (const [name, same] of byName) {
    const [route] = same;
    if (route !== undefined && same.length === 1) {
      named.push(route.name === name ? route : { ...route, name });
    } else named.push(...numbered(name, same, byName, where, sink));
  }
  return named;
}

/** Whether each has a name of its own. Where they come in the order of their names, neighbours tell. */
function hasNames(routes: readonly Route[]): boolean {
  for (const { name } of routes) if (name.trim() === "") return false;
  return isSorted(routes) || new Set(routes.map(({ name }) => name)).size === routes.length;
}

function rename(route: Route, naming: Naming): string {
  if (typeof naming === "function") return naming(route.name, route);
  if (naming === "keep") return route.name;
  if (naming === "camel") return camelIdentifier(route.name);
  const words = route.name.replace(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, ".").split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word !== "").join(".").toLowerCase();
}

/** In the order of their paths, which no other route changes. */
function numbered(
  name: string,
  routes: readonly Route[],
  taken: ReadonlyMap<string, unknown>,
  where: string,
  sink: DiagnosticSink,
): readonly Route[] {
  sink.add(
    "warning",
    "duplicate-name",
    where,
    `${routes.length} routes are called "${shown(name)}"; they are numbered`,
  );
  const keyOf = (route: Route): string => `${pathShape(route.path)} ${route.methods[0]}`;
  let number = 1;
  return [...routes].sort((a, b) => compareText(keyOf(a), keyOf(b))).map((route, index) => {
    if (index === 0) return { ...route, name };
    do number++; while (taken.has(`${name}~${number}`));
    return { ...route, name: `${name}~${number}` };
  });
}

/** Sorts before what is less specific: a host, then segment by segment a text, a type, any text, any segments. */
function rankOf(route: Route): string {
  const beside = String(rankBesidePath(route)).padStart(2, "0");
  return `${route.host === undefined ? 1 : 0}${pathRank(route.path)} ${beside}`;
}

const RANKS_OF_PATH = 40;

/** Below `RANKS_OF_PATH`. More of a fixed query is more specific; a host counts before the path. */
function rankBesidePath({ host, fixedQuery, methods }: Route): number {
  const queries = 9 - Math.min(9, fixedQuery?.length ?? 0);
  return (host === undefined ? 20 : 0) + queries * 2 + (methods.includes("GET") ? 0 : 1);
}

function pathRank(path: readonly PathPart[]): string {
  let ranks = "";
  let content = 0;
  let length = 0;
  for (const part of path) {
    if (typeof part !== "string") {
      content |= contentOf(part);
      continue;
    }
    let start = 0;
    for (let slash = part.indexOf("/"); slash >= 0; slash = part.indexOf("/", start)) {
      ranks += segmentRank(content, length + slash - start);
      content = 0;
      length = 0;
      start = slash + 1;
    }
    length += part.length - start;
  }
  return ranks + segmentRank(content, length);
}

/** What is in a segment beside text, as bits. */
const CONTENT = { typed: 1, any: 2, path: 4, optional: 8 } as const;

function contentOf({ converter, isOptional }: PathPart & object): number {
  const value = converter === "path"
    ? CONTENT.path
    : KIND_PATTERNS[CONVERTER_KINDS[converter]] === undefined
    ? CONTENT.any
    : CONTENT.typed;
  return isOptional ? value | CONTENT.optional : value;
}

/** Beside parameters, more text is more specific. */
function segmentRank(content: number, text: number): string {
  if (content === 0) return "000";
  const length = String(99 - Math.min(99, text)).padStart(2, "0");
  if (content & CONTENT.path) return `6${length}`;
  if (content & CONTENT.optional) return "500";
  const isAny = (content & CONTENT.any) > 0;
  if (text > 0) return `${isAny ? 2 : 1}${length}`;
  return isAny ? "400" : "300";
}

/** Of several routes that fit the same URLs, the first one is found. */
function tellAmbiguous(
  { sorted, ranked, paths }: PreparedRoutes,
  where: string,
  sink: DiagnosticSink,
): void {
  const shapes = new Map<string, number>();
  const verbs = new Map<string, number>();
  for (const { methods } of sorted) for (const each of methods) numberOf(verbs, each);
  const shapeOf = ofPaths(paths, (path) => numberOf(shapes, pathKinds(path)));
  // Of shape and method: texts of both would be the greatest part of what this keeps in memory.
  const firsts: (string | undefined)[] = [];
  for (const place of ranked) {
    const { name, path, host = NONE, fixedQuery = NONE, fixedHash, methods } = sorted[place] ??
      NO_ROUTE;
    const isPlain = host.length + fixedQuery.length === 0;
    const shape = isPlain
      ? shapeOf(place, path)
      : numberOf(shapes, `${pathKinds(path)}\0${JSON.stringify([pathKinds(host), fixedQuery])}`);
    for (const method of methods) {
      const key = shape * verbs.size + numberOf(verbs, method);
      const first = firsts[key];
      if (first === undefined) firsts[key] = name;
      else {
        const why = fixedHash === undefined ? "" : ", since what is behind # is not sent";
        sink.add(
          "info",
          "ambiguous",
          where,
          `"${shown(name)}" has the same URLs as "${shown(first)}", which is found${why}`,
        );
      }
    }
  }
}

/** The number of an item: how many others were asked for before it. */
function numberOf<Item>(numbers: Map<Item, number>, item: Item): number {
  const known = numbers.get(item);
  if (known !== undefined) return known;
  const number = numbers.size;
  numbers.set(item, number);
  return number;
}

function pathKinds(parts: readonly PathPart[]): string {
  let text = "";
  for (const part of parts) text += typeof part === "string" ? part : `{${part.converter}}`;
  return text;
}
