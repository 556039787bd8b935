/**
 * Schemas of an OpenAPI document that have a name.
 *
 * @module
 */
import { isSchema, type JsonSchema, type SchemaSide } from "./json_schema.ts";

/** Collects them. */
export interface Components {
  /**
   * Takes the definitions out of a schema, and gives what is left, with references to where they are now.
   *
   * @param wanted The name of the schema itself, should it refer to itself.
   */
  take(schema: JsonSchema, side: SchemaSide, wanted: string): JsonSchema;
  /** A reference to a schema under this very name. */
  refer(name: string, schema: JsonSchema): JsonSchema;
  /** What was taken, by name. */
  list(): JsonSchema;
}

/** What zod calls a definition without a name. */
const ANONYMOUS_REGEXP = /^__schema\d+$/;

/** Creates an empty collection. */
export function createComponents(): Components {
  const schemas = new Map<string, { readonly text: string; schema: JsonSchema }>();
  /** A name for this very schema: the wanted one, or with what tells it apart. */
  const nameFor = (wanted: string, side: SchemaSide, text: string): string => {
    const plain = wanted.replace(/[^\w.-]/g, "_");
    const title = side === "input" ? "Input" : "Output";
    for (let number = 1;; number++) {
      const name = number === 1 ? plain : `${plain}${title}${number === 2 ? "" : number - 1}`;
      const known = schemas.get(name);
      if (known === undefined || known.text === text) return name;
    }
  };
  return {
    take(schema, side, wanted) {
      const { $schema: _, $defs, $id: __, ...rest } = side === "output" ? opened(schema) : schema;
      const definitions = isSchema($defs) ? Object.entries($defs) : [];
      const names = new Map<string, string>();
      const isRecursive = refersTo(schema, "#");
      const all: readonly (readonly [string, string, unknown])[] = [
        ...definitions.map(([key, value]) => [`#/$defs/${pointer(key)}`, key, value] as const),
        ...isRecursive ? [["#", wanted, rest] as const] : [],
      ];
      for (const [reference, key, value] of all) {
        const own = ANONYMOUS_REGEXP.test(key) ? `${wanted}${key.slice("__schema".length)}` : key;
        const text = JSON.stringify(value);
        const name = nameFor(own, side, text);
        names.set(reference, `#/components/schemas/${name}`);
        schemas.set(name, { text, schema: {} });
      }
      for (const [reference, , value] of all) {
        const name = names.get(reference)?.slice("#/components/schemas/".length) ?? "";
        const known = schemas.get(name);
        if (known !== undefined) known.schema = withReferences(value, names) as JsonSchema; // an object in, one out
      }
      const self = names.get("#");
      return self === undefined
        ? withReferences(rest, names) as JsonSchema // an object in, one out
        : { $ref: self };
    },
    refer(name, schema) {
      schemas.set(name, { text: JSON.stringify(schema), schema });
      return { $ref: `#/components/schemas/${name}` };
    },
    list: () =>
      Object.fromEntries(
        [...schemas].map(([name, { schema }]) => [name, schema] as const)
          .sort(([a], [b]) => a < b ? -1 : 1),
      ),
  };
}

/** As a step of a JSON pointer in a fragment. */
function pointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function refersTo(value: unknown, reference: string): boolean {
  if (Array.isArray(value)) return value.some((each) => refersTo(each, reference));
  if (!isSchema(value)) return false;
  return value.$ref === reference ||
    Object.values(value).some((each) => refersTo(each, reference));
}

function withReferences(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withReferences(each, names));
  if (!isSchema(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key === "$ref" && typeof each === "string"
        ? [key, names.get(each) ?? each] as const
        : [key, withReferences(each, names)] as const
    ),
  );
}

/**
 * Without the closing of objects that zod adds for what it gives, and not for what it takes.
 *
 * One `User` is taken and given; closed, it would be two components, and a field that is added later would break who
 * checks responses.
 */
function opened(value: JsonSchema): JsonSchema {
  return JSON.parse(
    JSON.stringify(value),
    (key, each: unknown) => key === "additionalProperties" && each === false ? undefined : each,
  );
}
