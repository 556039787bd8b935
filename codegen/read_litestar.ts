/**
 * `routes.json` of litestar-vite, with converters in the paths or without.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { entriesOf, get, getList, getText } from "./json_value.ts";
import type { Converter, PathPart, Route, RouteModel, RouteParameter } from "./model.ts";
import { converterOf, parsePathTemplate } from "./path_template.ts";
import { pointerStep } from "./ref_resolver.ts";
import { type TypeNode, TYPES, withoutNull } from "./type_node.ts";
import { parseType } from "./type_text.ts";

/** How a table is read. */
export interface LitestarReading {
  /** Its name for diagnostics. */
  readonly where: string;
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

/** Reads a parsed table. */
export function readLitestar(
  document: unknown,
  reading: LitestarReading,
  sink: DiagnosticSink,
): RouteModel {
  const routes = entriesOf(get(document, "routes")).map(([name, value]) => {
    const where = `${reading.where}#/routes/${pointerStep(name)}`;
    return readRoute(name, value, where, reading, sink);
  });
  return { routes };
}

function readRoute(
  name: string,
  value: unknown,
  where: string,
  { uriIsPath }: LitestarReading,
  sink: DiagnosticSink,
): Route {
  const uri = getText(value, "uri") ?? getText(value, "path") ?? "/";
  const template = parsePathTemplate(uri, "litestar");
  if (template.hasOddBraces) {
    sink.add(
      "warning",
      "bad-template",
      where,
      `Braces in "${shown(uri)}" enclose no name; they are text`,
    );
  }
  for (const converter of template.unknownConverters) {
    sink.add(
      "warning",
      "unknown-converter",
      where,
      `The converter "${shown(converter)}" is not known; any text is taken`,
    );
  }
  const types = get(value, "parameterTypes");
  const parameters: RouteParameter[] = [];
  const path = template.parts.map((part, index): PathPart => {
    if (typeof part === "string") return part;
    const isLast = index === template.parts.length - 1;
    const type = getText(types, part.name);
    const read = readPathType(type, { uriIsPath, isLast, where, name: part.name }, sink);
    if (read.type !== undefined) {
      parameters.push({ name: part.name, place: "path", type: read.type });
    }
    return part.converter === "str" ? { ...part, converter: read.converter } : part;
  });
  for (const [key, type] of entriesOf(get(value, "queryParameters"))) {
    parameters.push(readQueryParameter(key, type, where, sink));
  }
  const component = getText(value, "component");
  return {
    name,
    path,
    methods: methodsOf(value),
    parameters,
    ...template.fixedQuery.length === 0 ? {} : { fixedQuery: template.fixedQuery },
    ...template.fixedHash === undefined ? {} : { fixedHash: template.fixedHash },
    ...component === undefined ? {} : { component },
  };
}

/** The one of `method` first; a table of the old form has only the list, or nothing. */
export function methodsOf(value: unknown): readonly string[] {
  const listed = getList(value, "methods").filter((each) => typeof each === "string");
  const all = [getText(value, "method"), ...listed.sort()]
    .flatMap((each) => each === undefined ? [] : [each.toUpperCase()])
    .filter((each) => /^[A-Z-]{1,40}$/.test(each));
  const methods = [...new Set(all)];
  // What everybody means stands first, whatever the table's order.
  if (getText(value, "method") === undefined && methods.includes("GET")) {
    return ["GET", ...methods.filter((each) => each !== "GET")];
  }
  return methods.length === 0 ? ["GET"] : methods;
}

interface PathTypeContext {
  readonly uriIsPath: boolean;
  readonly isLast: boolean;
  readonly where: string;
  readonly name: string;
}

function readPathType(
  text: string | undefined,
  { uriIsPath, isLast, where, name }: PathTypeContext,
  sink: DiagnosticSink,
): { readonly converter: Converter; readonly type?: TypeNode } {
  if (text === undefined) return { converter: "str" };
  // A static mount: litestar-vite knows no type for its path.
  if (text === "any") return { converter: isLast ? "path" : "str" };
  if (text === "URI" && uriIsPath) return { converter: "path" };
  const known = ALIASES.get(text) ?? converterOf(text === "string" ? "str" : text);
  if (known !== undefined) return { converter: known };
  const type = parseType(text, () => undefined);
  if (type === undefined || !isScalar(withoutUndefined(type))) {
    sink.add(
      "warning",
      "bad-type",
      where,
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
  where: string,
  sink: DiagnosticSink,
): RouteParameter {
  const type = typeof text === "string" ? parseType(text, aliasType) : undefined;
  if (type === undefined) {
    sink.add(
      "warning",
      "bad-type",
      where,
      `The type "${shown(String(text))}" of the parameter "${
        shown(name)
      }" is not understood; any value is taken`,
    );
  }
  const isOptional = type?.kind === "undefined" ||
    (type?.kind === "union" && type.members.some(({ kind }) => kind === "undefined"));
  return {
    name,
    place: "query",
    type: type === undefined ? TYPES.value : withoutUndefined(withoutNull(type)),
    isRequired: type !== undefined && !isOptional,
  };
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
