/**
 * Parameters of OpenAPI and Swagger operations.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { entriesOf, get, getText, isObject } from "./json_value.ts";
import type { Converter, QueryStyle, RouteParameter } from "./model.ts";
import type { RefResolver } from "./ref_resolver.ts";
import { readSchema } from "./schema_type.ts";
import type { TypeNode } from "./type_node.ts";

/** The parameters of an operation; what Swagger 2 keeps among them and is a body stands beside. */
export type OperationParameters = readonly RouteParameter[] & {
  readonly body?: readonly unknown[];
};

/** Reads parameters, each object of the document once. */
export interface ParameterReader {
  /** The parameters of a path item, and those of an operation, which win. */
  read(ofItem: unknown, ofOperation: unknown, where: string): OperationParameters;
  /** How a path parameter is written. */
  converterOf(name: string, parameter: RouteParameter | undefined): Converter;
}

/** A parameter, or a body in the old way, or nothing. */
interface ReadParameter {
  readonly key: string;
  readonly parameter?: RouteParameter;
  readonly body?: unknown;
}

/** Creates a reader for one document. */
export function createParameterReader(
  resolver: RefResolver,
  sink: DiagnosticSink,
): ParameterReader {
  // Shared parameters are one object for thousands of operations.
  const known = new WeakMap<object, ReadParameter>();
  const converters = new WeakMap<RouteParameter, Converter>();
  const readOne = (given: unknown, where: string): ReadParameter | undefined => {
    const value = resolver.resolve(given, where);
    if (!isObject(value)) return undefined;
    const old = known.get(value);
    if (old !== undefined) return old;
    const read = readParameter(value, where, resolver, sink, converters);
    if (read !== undefined) known.set(value, read);
    return read;
  };
  return {
    read: (ofItem, ofOperation, where) => {
      const found = new Map<string, ReadParameter>();
      for (const [list, at] of [[ofItem, ".."], [ofOperation, where]] as const) {
        for (const [index, given] of Array.isArray(list) ? list.entries() : []) {
          const read = readOne(given, `${at === ".." ? parentOf(where) : at}/parameters/${index}`);
          if (read !== undefined) found.set(read.key, read);
        }
      }
      const all = [...found.values()];
      const parameters = all.flatMap(({ parameter }) => parameter === undefined ? [] : [parameter]);
      const body = all.flatMap((each) => each.body === undefined ? [] : [each.body]);
      return Object.assign(parameters, body.length === 0 ? {} : { body });
    },
    converterOf: (_name, parameter) => (parameter && converters.get(parameter)) ?? "str",
  };
}

const parentOf = (where: string): string => where.slice(0, where.lastIndexOf("/"));

function readParameter(
  value: object,
  where: string,
  resolver: RefResolver,
  sink: DiagnosticSink,
  converters: WeakMap<RouteParameter, Converter>,
): ReadParameter | undefined {
  const name = getText(value, "name");
  const place = getText(value, "in");
  if (place === "body" || place === "formData") return { key: `${place} ${name}`, body: value };
  if (name === undefined || name === "") {
    sink.add("warning", "bad-parameter", where, "A parameter has no name; it is left out");
    return undefined;
  }
  if (place !== "path" && place !== "query") {
    // Headers and cookies are no part of a URL.
    return place === "header" || place === "cookie" || place === "querystring"
      ? undefined
      : (sink.add(
        "warning",
        "bad-parameter",
        where,
        `The parameter "${shown(name)}" is in no place; it is left out`,
      ),
        undefined);
  }
  const schema = schemaOf(value);
  const type = schema === undefined
    ? undefined
    : readSchema(schema, where, { resolver, sink, use: "url" });
  const resolved = resolver.resolve(schema, where);
  const style = place === "query" ? styleOf(value, type) : undefined;
  const fallback = get(resolved, "default") ?? get(value, "default");
  const parameter: RouteParameter = {
    name,
    place,
    isRequired: place === "path" ||
      (get(value, "required") === true && fallback === undefined &&
        get(value, "allowEmptyValue") !== true),
    ...type === undefined ? {} : { type },
    ...style === undefined ? {} : { style },
    ...fallback === undefined ? {} : { defaultText: JSON.stringify(fallback) ?? "" },
    ...get(value, "deprecated") === true ? { isDeprecated: true } : {},
  };
  converters.set(parameter, converterOfSchema(resolved, type));
  return { key: `${place} ${name}`, parameter };
}

/** Of 3.x, of a parameter with `content`, or of Swagger 2, where the parameter is its own schema. */
function schemaOf(value: object): unknown {
  const schema = get(value, "schema");
  if (schema !== undefined) return schema;
  const [media] = entriesOf(get(value, "content"));
  if (media !== undefined) return get(media[1], "schema");
  return getText(value, "type") === undefined ? undefined : value;
}

const COLLECTION_STYLES: ReadonlyMap<string, QueryStyle> = new Map([
  ["csv", "comma"],
  ["ssv", "space"],
  ["tsv", "tab"],
  ["pipes", "pipe"],
  ["multi", "form"],
]);

function styleOf(value: object, type: TypeNode | undefined): QueryStyle | undefined {
  if (entriesOf(get(value, "content")).length > 0) return "json";
  const isList = type?.kind === "array";
  const collection = getText(value, "collectionFormat");
  // Swagger 2: csv unless it says otherwise.
  if (collection !== undefined || (isList && get(value, "schema") === undefined)) {
    return COLLECTION_STYLES.get(collection ?? "csv");
  }
  const style = getText(value, "style") ?? "form";
  const explode = get(value, "explode");
  if (style === "deepObject") return "deep";
  if (style === "pipeDelimited") return "pipe";
  if (style === "spaceDelimited") return "space";
  if (get(value, "allowReserved") === true) return "reserved";
  if (explode === false) return isList || isStructure(type) ? "comma" : undefined;
  return isStructure(type) ? "formObject" : undefined;
}

function isStructure(type: TypeNode | undefined): boolean {
  return type?.kind === "object" || type?.kind === "values";
}

const FORMATS: ReadonlyMap<string, Converter> = new Map([
  ["date", "date"],
  ["date-time", "datetime"],
  ["uuid", "uuid"],
]);

function converterOfSchema(schema: unknown, type: TypeNode | undefined): Converter {
  if (type?.kind === "integer" || type?.kind === "bigint") return "int";
  if (type?.kind === "number") return "number";
  const isText = type?.kind === "string" || type?.kind === "date";
  return isText ? FORMATS.get(getText(schema, "format") ?? "") ?? "str" : "str";
}
