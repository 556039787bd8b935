/**
 * `routes.json` of litestar-vite, with converters in the paths or without.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { get, getList, getText, isObject } from "./json_value.ts";
import type { Converter, PathPart, Route, RouteModel, RouteParameter } from "./model.ts";
import { converterOf, parsePathTemplate, type PathTemplate } from "./path_template.ts";
import { pointerStep } from "./ref_resolver.ts";
import { type TypeNode, TYPES, withoutNull } from "./type_node.ts";
import { parseType } from "./type_text.ts";

/** How a table is read. */
export interface LitestarReading {
  /** Its name for diagnostics. */
  readonly where: string;
  /** The names of its routes in their order, where they are known already. */
  readonly names?: readonly string[];
  /** Whether a path parameter of the type `URI` takes several segments: Litestar describes `{name:path}` so. */
  readonly uriIsPath: boolean;
}

/** The names that litestar-vite writes for texts of a form, and the converters that mean the same. */
const ALIASES: ReadonlyMap<string, Converter> = new Map([
  ["UUID", "uuid"],
  ["DateTime", "datetime"],
  ["DateOnly", "date"],
  ["TimeOnly", "time"],
  ["Duration", "timedelta"],
  ["Email", "str"],
  ["URI", "str"],
  ["IPv4", "str"],
  ["IPv6", "str"],
]);

const DATES = new Set<Converter>(["date", "datetime"]);

const NO_PARAMETERS: readonly RouteParameter[] = [];

/** What has been read already: a table repeats paths, methods and types over and over. */
interface Context extends LitestarReading {
  readonly sink: DiagnosticSink;
  readonly paths: Map<string, ReadPath>;
  /** By their names, and then by their types. */
  readonly queryParameters: Map<string, Map<unknown, ReadParameter>>;
}

interface ReadPath {
  readonly template: PathTemplate;
  /** As the template has it. */
  readonly untyped: TypedPath;
  /** With the converters that types gave it, back to the untyped one: routes with one path share its parts. */
  typed: TypedPath;
}

interface TypedPath {
  readonly path: readonly PathPart[];
  /** What types say of parameters beside converters. */
  readonly typed: readonly RouteParameter[];
  /** With blanks between. */
  readonly converters: string;
  readonly next: TypedPath | undefined;
}

interface ReadParameter {
  readonly parameter: RouteParameter;
  /** The parameters of a route that has this one alone, as most have. */
  readonly alone: readonly RouteParameter[];
}

/** Reads a parsed table. */
export function readLitestar(
  document: unknown,
  reading: LitestarReading,
  sink: DiagnosticSink,
): RouteModel {
  const context: Context = {
    ...reading,
    sink,
    paths: new Map(),
    queryParameters: new Map(),
  };
  const table = get(document, "routes");
  if (!isObject(table)) return { routes: [] };
  const { names = Object.keys(table).sort() } = reading;
  return { routes: names.map((name) => readRoute(name, table[name], context)) };
}

/** What an entry of a table may say. No object has a property of such a name that is not its own. */
interface Entry {
  readonly uri?: unknown;
  readonly path?: unknown;
  readonly method?: unknown;
  readonly methods?: unknown;
  readonly parameterTypes?: unknown;
  readonly queryParameters?: unknown;
  readonly component?: unknown;
}

const NO_ENTRY: Entry = {};

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function readRoute(name: string, value: unknown, context: Context): Route {
  const entry: Entry = isObject(value) ? value : NO_ENTRY;
  const read = readPath(name, entry, context);
  const { fixedQuery, fixedHash } = read.template;
  const types = entry.parameterTypes;
  const { path, typed } = types === undefined
    ? read.untyped
    : typedPath(name, read, types, context);
  const queried = queryParametersOf(name, entry.queryParameters, context);
  const parameters = typed.length === 0 ? queried : [...typed, ...queried];
  const route = { name, path, methods: methodsOf(entry), parameters };
  const component = textOf(entry.component);
  if (fixedQuery.length === 0 && fixedHash === undefined && component === undefined) return route;
  return {
    ...route,
    ...fixedQuery.length === 0 ? {} : { fixedQuery },
    ...fixedHash === undefined ? {} : { fixedHash },
    ...component === undefined ? {} : { component },
  };
}

function queryParametersOf(
  route: string,
  queries: unknown,
  context: Context,
): readonly RouteParameter[] {
  if (!isObject(queries)) return NO_PARAMETERS;
  const names = Object.keys(queries);
  const only = names[0];
  // As with most routes: no list of pairs is made for it.
  if (only !== undefined && names.length === 1) {
    return readQueryParameter(only, queries[only], route, context).alone;
  }
  return names.sort().map((name) =>
    readQueryParameter(name, queries[name], route, context).parameter
  );
}

/** The path with the converters of its types, and what these say beside. */
function typedPath(route: string, read: ReadPath, types: unknown, context: Context): TypedPath {
  const { parts } = read.template;
  let typed = NO_PARAMETERS;
  let converters = "";
  for (const part of parts) {
    if (typeof part === "string") continue;
    const { name } = part;
    const text = getText(types, name) ?? "string";
    let converter = plainConverter(text);
    if (converter === undefined) {
      const said = readPathType(text, { isLast: part === parts.at(-1), route, name }, context);
      converter = said.converter;
      if (said.type !== undefined) typed = [...typed, { name, place: "path", type: said.type }];
    }
    converters = converters === "" ? converter : `${converters} ${converter}`;
  }
  const path = withConverters(read, converters);
  return typed.length === 0 ? path : { ...path, typed };
}

/** The same for the same. */
function withConverters(read: ReadPath, converters: string): TypedPath {
  for (let known: TypedPath | undefined = read.typed; known !== undefined; known = known.next) {
    if (known.converters === converters) return known;
  }
  const words = converters.split(" ") as Converter[]; // as they were put together above
  let index = 0;
  const path = read.template.parts.map((part): PathPart => {
    if (typeof part === "string") return part;
    const converter = words[index++] ?? "str";
    return part.converter !== "str" || converter === "str" ? part : { ...part, converter };
  });
  return read.typed = { path, typed: NO_PARAMETERS, converters, next: read.typed };
}

function readPath(name: string, entry: Entry, { sink, where, paths }: Context): ReadPath {
  const uri = textOf(entry.uri) ?? textOf(entry.path) ?? "/";
  let path = paths.get(uri);
  if (path === undefined) {
    const template = parsePathTemplate(uri, "litestar");
    const untyped = { path: template.parts, typed: NO_PARAMETERS, converters: "", next: undefined };
    paths.set(uri, path = { template, untyped, typed: untyped });
  }
  if (path.template.hasOddBraces) {
    sink.add(
      "warning",
      "bad-template",
      placeOf(where, name),
      `Braces in "${shown(uri)}" enclose no name; they are text`,
    );
  }
  for (const converter of path.template.unknownConverters) {
    sink.add(
      "warning",
      "unknown-converter",
      placeOf(where, name),
      `The converter "${shown(converter)}" is not known; any text is taken`,
    );
  }
  return path;
}

function placeOf(where: string, name: string): string {
  return `${where}#/routes/${pointerStep(name)}`;
}

const METHOD_REGEXP = /^[A-Z-]{1,40}$/;
/** Those of most routes, each as one list, by both of the texts that tables have for them. */
const SINGLE_METHODS: ReadonlyMap<unknown, readonly string[]> = new Map(
  ["GET", "POST", "PUT", "PATCH", "DELETE"].flatMap((method) => {
    const methods = [method];
    return [[method, methods], [method.toLowerCase(), methods]] as const;
  }),
);

/** `{ method: "get", methods: ["GET"] }` or less, as most entries have it. */
function singleMethodOf(
  { method: given, methods: listed }: Pick<Entry, "method" | "methods">,
): readonly string[] | undefined {
  const method = SINGLE_METHODS.get(given);
  if (!Array.isArray(listed)) return method;
  const only = listed.length === 1 ? SINGLE_METHODS.get(listed[0]) : undefined;
  return method === only || typeof given !== "string" ? only : undefined;
}

/** The one of `method` first; a table of the old form has only the list, or nothing. */
export function methodsOf(entry: Pick<Entry, "method" | "methods">): readonly string[] {
  const single = singleMethodOf(entry);
  if (single !== undefined) return single;
  const method = textOf(entry.method);
  const listed = getList(entry, "methods").filter((each) => typeof each === "string");
  const all = [method, ...listed.sort()]
    .flatMap((each) => each === undefined ? [] : [each.toUpperCase()])
    .filter((each) => METHOD_REGEXP.test(each));
  const methods = [...new Set(all)];
  // What everybody means stands first, whatever the table's order.
  if (method === undefined && methods.includes("GET")) {
    return ["GET", ...methods.filter((each) => each !== "GET")];
  }
  return methods.length === 0 ? ["GET"] : methods;
}

/** Of the types that say all by themselves: those of nearly all places. */
function plainConverter(text: string): Converter | undefined {
  if (text === "any" || text === "URI") return undefined;
  return converterOf(text) ?? ALIASES.get(text);
}

/** What a type says with its place, or as a type of TypeScript. */
interface PathType {
  readonly converter: Converter;
  readonly type?: TypeNode;
}

interface PathPlace {
  readonly isLast: boolean;
  readonly route: string;
  readonly name: string;
}

function readPathType(
  text: string,
  { isLast, route, name }: PathPlace,
  { uriIsPath, where, sink }: Context,
): PathType {
  // A static mount: litestar-vite knows no type for its path.
  if (text === "any") return { converter: isLast ? "path" : "str" };
  if (text === "URI") return { converter: uriIsPath ? "path" : "str" };
  const type = parseType(text, () => undefined);
  if (type === undefined || !isScalar(withoutUndefined(type))) {
    sink.add(
      "warning",
      "bad-type",
      placeOf(where, route),
      `The type "${shown(text)}" of the parameter "${shown(name)}" is none that a path takes`,
    );
    return { converter: "str" };
  }
  return { converter: "str", type: withoutUndefined(type) };
}

function isScalar(type: TypeNode): boolean {
  if (type.kind === "union") return type.members.every(isScalar);
  return ["string", "number", "integer", "boolean", "literal"].includes(type.kind);
}

function readQueryParameter(
  name: string,
  text: unknown,
  route: string,
  { queryParameters, where, sink }: Context,
): ReadParameter {
  const known = queryParameters.get(name)?.get(text);
  if (known !== undefined) return known;
  const type = typeof text === "string" ? parseType(text, aliasType) : undefined;
  if (type === undefined) {
    sink.add(
      "warning",
      "bad-type",
      placeOf(where, route),
      `The type "${shown(String(text))}" of the parameter "${
        shown(name)
      }" is not understood; any value is taken`,
    );
    return readParameter({ name, place: "query", type: TYPES.value, isRequired: false });
  }
  const isOptional = type.kind === "undefined" ||
    (type.kind === "union" && type.members.some(({ kind }) => kind === "undefined"));
  const read = readParameter({
    name,
    place: "query",
    type: withoutUndefined(withoutNull(type)),
    isRequired: !isOptional,
  });
  const ofName = queryParameters.get(name);
  if (ofName === undefined) queryParameters.set(name, new Map([[text, read]]));
  else ofName.set(text, read);
  return read;
}

function readParameter(parameter: RouteParameter): ReadParameter {
  return { parameter, alone: [parameter] };
}

function aliasType(name: string): TypeNode | undefined {
  const converter = ALIASES.get(name);
  if (converter === undefined) return undefined;
  return DATES.has(converter) ? TYPES.date : TYPES.string;
}

/** The type without `undefined`. */
function withoutUndefined(type: TypeNode): TypeNode {
  if (type.kind === "undefined") return TYPES.value;
  if (type.kind !== "union") return type;
  const members = type.members.filter(({ kind }) => kind !== "undefined");
  return members.length === 1 ? members[0] ?? TYPES.value : { kind: "union", members };
}
