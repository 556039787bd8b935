/**
 * From a method and a path to a route and its parameters.
 *
 * The router knows texts and places, but no converters: which of several routes at one place is meant is decided here.
 *
 * @module
 */
import {
  addRoute,
  createRouter,
  findAllRoutes,
  findRoute,
  NullProtoObj,
  type RouterContext,
} from "rou3";
import type { DefinedRoute } from "./defined_route.ts";
import { type ConverterRule, CONVERTERS } from "./path_values.ts";
import type { PathSegment } from "./route_path.ts";

/** The parameters of a path, and nothing that every object has: a parameter may have any name. */
export interface FoundParams {
  /** A value. */
  readonly [name: string]: string | number;
}

/** A route that fits. */
export interface FoundRoute {
  readonly route: DefinedRoute;
  readonly params: FoundParams;
}

/** Finds routes. */
export interface RouteFinder {
  /**
   * The most specific route that fits.
   *
   * @param path As a URL has it, without the query.
   */
  find(method: string, path: string): FoundRoute | undefined;
  /** The methods of the routes that a path fits, sorted. */
  methodsAt(path: string): readonly string[];
}

/** A parameter on its way: what the router calls it, what the table calls it, and what becomes of it. */
interface Place {
  readonly key: string;
  readonly name: string;
  readonly rule: ConverterRule;
}

interface Candidate {
  readonly route: DefinedRoute;
  readonly places: readonly Place[];
}

/** Routes that differ in their converters alone, the most specific first. */
interface Leaf {
  readonly candidates: Candidate[];
  /** Whether some other leaf may be meant, though the router prefers this one: see {@linkcode contestedPlaces}. */
  readonly isContested: boolean;
}

type Texts = Readonly<Record<string, string>> | undefined;

const NO_PARAMS: FoundParams = Object.freeze(new NullProtoObj());

/** Creates a finder for the routes of a table. */
export function createRouteFinder(routes: readonly DefinedRoute[]): RouteFinder {
  const router = createRouter<Leaf>();
  addLeaves(router, routes);
  const methods = [...new Set(routes.flatMap((route) => route.methods))].sort();
  const find = (method: string, path: string): FoundRoute | undefined => {
    const found = findRoute(router, method, path);
    if (found === undefined) return undefined;
    if (!found.data.isContested) {
      const fitting = firstFit(found.data, found.params);
      if (fitting !== undefined) return fitting;
    }
    return bestFit(router, method, path);
  };
  return {
    find,
    methodsAt: (path) => methods.filter((method) => find(method, path) !== undefined),
  };
}

function addLeaves(router: RouterContext<Leaf>, routes: readonly DefinedRoute[]): void {
  const contested = contestedPlaces(routes);
  const leaves = new Map<string, Leaf>();
  for (const route of [...routes].sort((a, b) => a.path.rank < b.path.rank ? -1 : 1)) {
    const { segments, places } = route.path;
    const pattern = patternOf(segments);
    const candidate: Candidate = {
      route,
      places: places.map(({ name, converter }, index) => ({
        key: `p${index}`,
        name,
        rule: CONVERTERS[converter],
      })),
    };
    for (const method of route.methods) {
      const known = leaves.get(`${method} ${pattern}`);
      if (known !== undefined) {
        known.candidates.push(candidate);
        continue;
      }
      const isContested = prefixesOf(segments).some((prefix) => contested.has(prefix));
      const leaf: Leaf = { candidates: [candidate], isContested };
      leaves.set(`${method} ${pattern}`, leaf);
      addRoute(router, method, pattern, leaf);
    }
  }
}

/** The path as the router reads it; its own signs in a text are escaped. */
function patternOf(segments: readonly PathSegment[]): string {
  let index = 0;
  return `/${
    segments.map((segment) => {
      if (typeof segment === "string") return segment.replace(/[:(){}*+?\\]/g, "\\$&");
      return `${segment.converter === "path" ? "**" : ""}:p${index++}`;
    }).join("/")
  }`;
}

/** The patterns up to each parameter that something follows. */
function prefixesOf(segments: readonly PathSegment[]): readonly string[] {
  return segments.flatMap((segment, index) =>
    typeof segment === "object" && index < segments.length - 1
      ? [patternOf(segments.slice(0, index + 1))]
      : []
  );
}

/**
 * Places before the end at which one route has a type and another any text: `/{id:int}/{tab}` and `/{name}/edit`.
 *
 * There the router goes by what follows, which is the wrong order.
 */
function contestedPlaces(routes: readonly DefinedRoute[]): ReadonlySet<string> {
  const ranks = new Map<string, string>();
  const contested = new Set<string>();
  for (const { path: { segments, rank } } of routes) {
    for (const [index, segment] of segments.entries()) {
      if (typeof segment === "string") continue;
      const prefix = patternOf(segments.slice(0, index + 1));
      const own = rank.charAt(index);
      if ((ranks.get(prefix) ?? own) !== own) contested.add(prefix);
      ranks.set(prefix, own);
    }
  }
  return contested;
}

function firstFit({ candidates }: Leaf, texts: Texts): FoundRoute | undefined {
  for (const { route, places } of candidates) {
    const params = places.length === 0 ? NO_PARAMS : readParams(places, texts);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function bestFit(
  router: RouterContext<Leaf>,
  method: string,
  path: string,
): FoundRoute | undefined {
  let best: FoundRoute | undefined;
  for (const { data, params } of findAllRoutes(router, method, path)) {
    const fitting = firstFit(data, params);
    if (fitting === undefined) continue;
    // The router lists what it prefers last.
    if (best === undefined || fitting.route.path.rank <= best.route.path.rank) best = fitting;
  }
  return best;
}

function readParams(places: readonly Place[], texts: Texts): FoundParams | undefined {
  // Of a class without a prototype: of `Object.create(null)` engines make a hash table, which takes twice as long.
  const params: Record<string, string | number> = new NullProtoObj();
  for (const { key, name, rule } of places) {
    const text = decode(texts?.[key] ?? "");
    const value = text === undefined ? undefined : rule.parse(text);
    if (value === undefined) return undefined;
    params[name] = value;
  }
  return params;
}

/** A broken escape is no text, so no route fits. */
function decode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What stands before the query and the fragment. */
export function withoutQuery(url: string, start = 0): string {
  const query = url.indexOf("?", start);
  const hash = url.indexOf("#", start);
  const end = query < 0 || (hash >= 0 && hash < query) ? hash : query;
  return end < 0 ? url.slice(start) : url.slice(start, end);
}
