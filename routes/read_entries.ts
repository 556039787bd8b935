/**
 * A route table as it is written, into routes: groups opened, and whatever is wrong told.
 *
 * Types can't see all of it, and a table may come from JavaScript.
 *
 * @module
 */
import type { DefinedRoute } from "./defined_route.ts";
import { joinPath, parseRoutePath, type RoutePath } from "./route_path.ts";
import type {
  BodyType,
  RouteEntries,
  RouteEntry,
  RouteMethod,
  RouteSchema,
} from "./route_types.ts";

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const BODY_TYPES: readonly BodyType[] = ["json", "form", "multipart"];
const SCHEMAS = ["params", "query", "body", "response"] as const;

const ROUTE_KEYS: readonly string[] = [
  ...["path", "method", "methods", "params", "query", "body", "bodyTypes", "response", "status"],
  ...["component", "summary", "description", "tags", "deprecated"],
];
const GROUP_KEYS: readonly string[] = ["prefix", "tags", "deprecated", "routes"];

/** What the groups around an entry say. */
interface Surroundings {
  readonly name: string;
  readonly prefix: string;
  readonly tags: readonly string[];
  readonly isDeprecated: boolean;
}

const NO_GROUP: Surroundings = { name: "", prefix: "", tags: [], isDeprecated: false };

/**
 * Reads a table.
 *
 * @throws {TypeError} If an entry is not one, or two of them can't be told apart.
 * @throws {SyntaxError} If a path is none.
 */
export function readEntries(
  entries: RouteEntries,
  componentKeys: readonly string[],
): readonly DefinedRoute[] {
  const routes = listEntries(entries, NO_GROUP, componentKeys)
    .map((route, index): DefinedRoute => ({ ...route, index }));
  checkNames(routes);
  checkShapes(routes);
  return routes;
}

type Unplaced = Omit<DefinedRoute, "index">;

function listEntries(
  entries: RouteEntries,
  around: Surroundings,
  componentKeys: readonly string[],
): readonly Unplaced[] {
  return Object.entries(entries).flatMap(([key, entry]): readonly Unplaced[] => {
    const name = around.name + key;
    if (key.trim() === "") fail(name, "a name is empty");
    if (typeof entry !== "object" || entry === null) fail(name, `it is ${String(entry)}`);
    const isGroup = "routes" in entry;
    checkKeys(name, entry, isGroup ? GROUP_KEYS : [...ROUTE_KEYS, ...componentKeys]);
    if (!isGroup) return [readEntry(name, entry, around, componentKeys)];
    // Else "a.b.c" may be "c" in "a.b", or "b.c" in "a".
    if (key.includes(".")) fail(name, "the name of a group has no dot");
    const { prefix = "", tags = [], deprecated = false, routes } = entry;
    if (typeof routes !== "object" || routes === null) fail(name, `its routes are ${routes}`);
    return listEntries(routes, {
      name: `${name}.`,
      prefix: prefix === "" ? around.prefix : joinPath(around.prefix, checkPrefix(name, prefix)),
      tags: [...around.tags, ...tags],
      isDeprecated: around.isDeprecated || deprecated,
    }, componentKeys);
  });
}

function checkPrefix(name: string, prefix: string): string {
  return pathOf(name, prefix).segments.length === 0 ? "" : prefix;
}

function readEntry(
  name: string,
  entry: RouteEntry,
  around: Surroundings,
  componentKeys: readonly string[],
): Unplaced {
  for (const key of SCHEMAS) checkSchema(name, key, entry[key]);
  const methods = methodsOf(name, entry);
  const { path, params, query, body, response, summary, description } = entry;
  if (body !== undefined && methods.every((method) => method === "GET" || method === "HEAD")) {
    fail(name, `a request by ${methods.join(" and ")} has no body`);
  }
  return {
    name,
    path: pathOf(
      name,
      path === "" ? around.prefix || "/" : joinPath(around.prefix, textOf(name, path)),
    ),
    methods,
    params,
    query,
    body,
    bodyTypes: bodyTypesOf(name, entry),
    response,
    status: statusOf(name, entry),
    component: componentOf(name, entry, componentKeys),
    summary,
    description,
    tags: [...around.tags, ...entry.tags ?? []],
    isDeprecated: around.isDeprecated || entry.deprecated === true,
  };
}

function fail(name: string, state: string): never {
  throw new TypeError(`Cannot define the route ${JSON.stringify(name)}: ${state}`);
}

function textOf(name: string, path: unknown): string {
  if (typeof path !== "string") {
    fail(name, path === undefined ? "it has no path" : "its path is no text");
  }
  // Joined, a prefix would give it the slash that it lacks.
  if (!path.startsWith("/")) pathOf(name, path);
  return path;
}

function pathOf(name: string, text: string): RoutePath {
  try {
    return parseRoutePath(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(`Cannot define the route ${JSON.stringify(name)}: ${why}`);
  }
}

function checkKeys(name: string, entry: object, known: readonly string[]): void {
  const unknown = Object.keys(entry).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    fail(name, `it has the unknown field "${unknown}"; there are ${known.join(", ")}`);
  }
}

function checkSchema(name: string, key: string, schema: RouteSchema | undefined): void {
  if (schema === undefined) return;
  // Arktype's are functions.
  const isObject = (typeof schema === "object" && schema !== null) || typeof schema === "function";
  if (!isObject || typeof schema["~standard"]?.validate !== "function") {
    fail(name, `its ${key} is no Standard Schema`);
  }
}

function methodsOf(name: string, { method, methods }: RouteEntry): readonly RouteMethod[] {
  if (method !== undefined && methods !== undefined) fail(name, "it has both method and methods");
  const all = methods ?? [method ?? "GET"];
  if (all.length === 0) fail(name, "it has no method");
  const wrong = all.find((each) => !METHODS.includes(each));
  if (wrong !== undefined) fail(name, `there is no method "${wrong}", but ${METHODS.join(", ")}`);
  return [...new Set(all)];
}

function bodyTypesOf(name: string, { bodyTypes = BODY_TYPES }: RouteEntry): readonly BodyType[] {
  const wrong = bodyTypes.find((each) => !BODY_TYPES.includes(each));
  if (wrong !== undefined || bodyTypes.length === 0) {
    fail(name, `its bodyTypes are none of ${BODY_TYPES.join(", ")}`);
  }
  return bodyTypes;
}

function statusOf(name: string, { status = 200 }: RouteEntry): number {
  return Number.isInteger(status) && status >= 200 && status <= 599
    ? status
    : fail(name, `the status ${status} is not within 200 and 599`);
}

function componentOf(
  name: string,
  entry: object,
  componentKeys: readonly string[],
): string | undefined {
  const found = Object.entries(entry).filter(([key, value]) =>
    componentKeys.includes(key) && value !== undefined
  );
  const [first, second] = found;
  if (second !== undefined) fail(name, `it has both ${first?.[0]} and ${second[0]}`);
  if (first === undefined) return undefined;
  return typeof first[1] === "string" ? first[1] : fail(name, `its ${first[0]} is no text`);
}

/** `users.show` may stand at the top and in the group `users`. */
function checkNames(routes: readonly DefinedRoute[]): void {
  const known = new Set<string>();
  for (const { name } of routes) {
    if (known.has(name)) fail(name, "there is another one of that name");
    known.add(name);
  }
}

function checkShapes(routes: readonly DefinedRoute[]): void {
  const known = new Map<string, DefinedRoute>();
  for (const route of routes) {
    for (const method of route.methods) {
      const key = `${method} ${route.path.shape}`;
      const other = known.get(key);
      if (other !== undefined) {
        fail(
          route.name,
          `${method} ${route.path.uri} is also ${JSON.stringify(other.name)}, ${other.path.uri}`,
        );
      }
      known.set(key, route);
    }
  }
}
