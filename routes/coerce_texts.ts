/**
 * Texts of a query or a form as the values that a schema wants.
 *
 * A URL holds texts alone. `{ page: z.number() }` lets a front end write `page: 2`; without this the server would refuse
 * its own front end's URL.
 *
 * @module
 */
import type { RefResolver } from "../codegen/ref_resolver.ts";
import { alternativesOf, createSchemaResolver, isSchema, type JsonSchema } from "./json_schema.ts";

const NUMBER_REGEXP = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TRUE_TEXTS = new Set(["true", "1", "on"]);
const FALSE_TEXTS = new Set(["false", "0", "off"]);

/** As deep as fields of a form are read. */
const MAX_DEPTH = 40;

/** Makes a function that turns texts into values, where the schema leaves no doubt; whatever does not fit stays for the schema to refuse. */
export function createCoercion(schema: JsonSchema): (value: unknown) => unknown {
  const resolver = createSchemaResolver(schema);
  return (value) => coerce(value, schema, resolver, 0);
}

function coerce(value: unknown, schema: unknown, resolver: RefResolver, depth: number): unknown {
  if (depth > MAX_DEPTH) return value;
  const alternatives = alternativesOf(schema, resolver);
  const list = alternatives.find(({ type }) => type === "array");
  if (Array.isArray(value)) {
    return list === undefined
      ? value
      : value.map((item) => coerce(item, list.items, resolver, depth + 1));
  }
  if (typeof value === "string") return coerceText(value, alternatives, resolver, depth);
  return isFields(value) ? coerceFields(value, alternatives, resolver, depth) : value;
}

/** A file of a form is an object too, and stays what it is. */
function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return isSchema(value) && Object.getPrototypeOf(value) === Object.prototype;
}

function coerceText(
  text: string,
  alternatives: readonly JsonSchema[],
  resolver: RefResolver,
  depth: number,
): unknown {
  // Which of several a text means, its schema has to find out.
  if (alternatives.some(takesText)) return text;
  for (const alternative of alternatives) {
    const value = coerceOne(text, alternative, resolver, depth);
    if (value !== text) return value;
  }
  return text;
}

/** A schema that says nothing takes anything. */
function takesText({ type, const: constant, enum: members }: JsonSchema): boolean {
  if (Array.isArray(members)) return members.every((member) => typeof member === "string");
  if (constant !== undefined) return typeof constant === "string";
  return type === undefined || type === "string" ||
    (Array.isArray(type) && type.includes("string"));
}

function coerceOne(
  text: string,
  schema: JsonSchema,
  resolver: RefResolver,
  depth: number,
): unknown {
  const { const: constant, enum: members } = schema;
  const literals = Array.isArray(members) ? members : constant === undefined ? [] : [constant];
  const literal = literals.find((member) => String(member) === text);
  if (literal !== undefined) return literal;
  const types = [schema.type].flat();
  // One box of several that is ticked; one item of a list.
  if (types.includes("array")) return [coerce(text, schema.items, resolver, depth + 1)];
  if (types.includes("number") || types.includes("integer")) {
    if (NUMBER_REGEXP.test(text)) return Number(text);
  }
  if (types.includes("boolean")) {
    if (TRUE_TEXTS.has(text)) return true;
    if (FALSE_TEXTS.has(text)) return false;
  }
  return types.includes("null") && text === "" ? null : text;
}

function coerceFields(
  value: Readonly<Record<string, unknown>>,
  alternatives: readonly JsonSchema[],
  resolver: RefResolver,
  depth: number,
): unknown {
  const entries = Object.entries(value).map(([key, field]) => {
    const schema = alternatives.map((alternative) => fieldOf(alternative, key))
      .find((found) => found !== undefined);
    return [
      key,
      schema === undefined ? field : coerce(field, schema, resolver, depth + 1),
    ] as const;
  });
  // fromEntries defines its keys: a field `__proto__` is one like any other.
  return Object.fromEntries(entries);
}

function fieldOf({ properties, additionalProperties }: JsonSchema, key: string): unknown {
  if (isSchema(properties) && Object.hasOwn(properties, key)) return properties[key];
  return isSchema(additionalProperties) ? additionalProperties : undefined;
}
