/**
 * What requests and responses of OpenAPI operations carry.
 *
 * @module
 */
import { entriesOf, get, getText, isObject } from "./json_value.ts";
import type { RouteContent } from "./model.ts";
import { readSchema, type SchemaReading } from "./schema_type.ts";
import { type TypeNode, type TypeProperty, TYPES, unionOf } from "./type_node.ts";

/** Reads the body of a request; `parameters` are those that Swagger 2 keeps for it. */
export function readBody(
  operation: unknown,
  parameters: readonly unknown[] | undefined,
  _document: unknown,
  reading: SchemaReading,
  where: string,
): RouteContent | undefined {
  if (parameters !== undefined) return readSwaggerBody(parameters, reading, where);
  const body = reading.resolver.resolve(get(operation, "requestBody"), where);
  if (!isObject(body)) return undefined;
  const type = readMedia(get(body, "content"), `${where}/requestBody`, reading);
  return type && { type, isOptional: get(body, "required") !== true };
}

function readSwaggerBody(
  parameters: readonly unknown[],
  reading: SchemaReading,
  where: string,
): RouteContent {
  const [first] = parameters;
  if (getText(first, "in") === "body") {
    const type = readSchema(get(first, "schema") ?? true, where, reading);
    return { type, isOptional: get(first, "required") !== true };
  }
  const properties = parameters.map((each): TypeProperty => ({
    name: getText(each, "name") ?? "",
    type: readSchema(each, where, reading),
    isOptional: get(each, "required") !== true,
  }));
  return { type: { kind: "object", properties } };
}

/** Reads what a successful response carries: of 2xx, else of any other. */
export function readResponse(
  operation: unknown,
  document: unknown,
  reading: SchemaReading,
  where: string,
): RouteContent | undefined {
  const responses = entriesOf(get(operation, "responses"));
  const good = responses.filter(([status]) => /^2(?:\d\d|XX)$/i.test(status));
  const taken = good.length > 0 ? good : responses.filter(([status]) => status === "default");
  if (taken.length === 0) return undefined;
  const types = taken.map(([status, given]) =>
    readOneResponse(given, `${where}/responses/${status}`, document, reading)
  );
  return { type: unionOf(types) };
}

function readOneResponse(
  given: unknown,
  where: string,
  document: unknown,
  reading: SchemaReading,
): TypeNode {
  const response = reading.resolver.resolve(given, where);
  const schema = get(response, "schema");
  // Swagger 2 has one schema and says elsewhere in which media types.
  if (schema !== undefined && getText(document, "swagger") !== undefined) {
    return readSchema(schema, where, reading);
  }
  return readMedia(get(response, "content"), where, reading) ?? TYPES.undefined;
}

const JSON_REGEXP = /^[\w.+*-]+\/(?:[\w.+-]*\+)?json\b/i;
const FORM_REGEXP = /^(?:multipart\/|application\/x-www-form-urlencoded\b)/i;

/** JSON first; a union where media types differ; nothing where there is no content. */
function readMedia(content: unknown, where: string, reading: SchemaReading): TypeNode | undefined {
  const entries = entriesOf(content);
  if (entries.length === 0) return undefined;
  const json = entries.filter(([media]) => JSON_REGEXP.test(media));
  const rest = entries.filter(([media]) => !JSON_REGEXP.test(media));
  const types = [...json, ...rest].map(([media, value]) =>
    readMediaType(media, value, where, reading)
  );
  if (types.length === 1) return types[0];
  const distinct = new Map(types.map((type) => [JSON.stringify(type), type]));
  return unionOf([...distinct.values()]);
}

function readMediaType(
  media: string,
  value: unknown,
  where: string,
  reading: SchemaReading,
): TypeNode {
  const schema = get(value, "schema") ?? get(value, "itemSchema");
  if (JSON_REGEXP.test(media) || FORM_REGEXP.test(media) || media === "*/*") {
    return schema === undefined ? TYPES.unknown : readSchema(schema, where, reading);
  }
  return /^text\/|xml\b|yaml\b/i.test(media) ? TYPES.string : TYPES.file;
}
