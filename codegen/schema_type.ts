/**
 * JSON Schemas of OpenAPI as types.
 *
 * @module
 */
import type { DiagnosticSink } from "./diagnostic.ts";
import { entriesOf, get, getList, getText, isObject } from "./json_value.ts";
import { type TypeNode, type TypeProperty, TYPES, unionOf, withoutNull } from "./type_node.ts";
import type { RefResolver } from "./ref_resolver.ts";

/** More members than a reader or a compiler likes. */
const MAX_LITERALS = 100;
const MAX_DEPTH = 16;
/** Types that one schema may become: aliases of YAML can make a small text a huge tree. */
const MAX_NODES = 5_000;

/** How schemas are read. */
export interface SchemaReading {
  readonly resolver: RefResolver;
  readonly sink: DiagnosticSink;
  /**
   * `url`: what a caller may put into a URL, without references and `null`. `body`: what JSON carries, where a reference
   * to a component stays one.
   */
  readonly use: "url" | "body";
  /** Called for each component that a type refers to. */
  readonly onRef?: (name: string, where: string) => void;
}

/** Reads a schema. */
export function readSchema(schema: unknown, where: string, reading: SchemaReading): TypeNode {
  const type = new SchemaReader(reading).read(schema, where, 0, new Set());
  return reading.use === "url" ? withoutNull(type) : type;
}

const COMPONENT_REGEXP = /^#\/(?:components\/schemas|definitions)\/([^/]+)$/;

/** The component that a reference names. */
export function componentName(ref: string): string | undefined {
  const name = COMPONENT_REGEXP.exec(ref)?.[1];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}

class SchemaReader {
  readonly #reading: SchemaReading;
  #nodes = 0;

  constructor(reading: SchemaReading) {
    this.#reading = reading;
  }

  read(schema: unknown, where: string, depth: number, refs: ReadonlySet<string>): TypeNode {
    if (schema === false) return this.#never(where);
    if (!isObject(schema) || depth > MAX_DEPTH || ++this.#nodes > MAX_NODES) {
      return this.#anything();
    }
    const ref = getText(schema, "$ref");
    const type = ref === undefined
      ? this.#readPlain(schema, where, depth, refs)
      : this.#readRef(ref, where, depth, refs);
    return get(schema, "nullable") === true ? unionOf([type, TYPES.null]) : type;
  }

  #anything(): TypeNode {
    return this.#isUrl() ? TYPES.value : TYPES.unknown;
  }

  #isUrl(): boolean {
    return this.#reading.use === "url";
  }

  #never(where: string): TypeNode {
    this.#reading.sink.add("warning", "bad-type", where, "A schema that is false admits no value");
    return TYPES.never;
  }

  #readRef(ref: string, where: string, depth: number, refs: ReadonlySet<string>): TypeNode {
    const { resolver, sink, onRef } = this.#reading;
    const name = componentName(ref);
    if (!this.#isUrl() && name !== undefined) {
      onRef?.(name, where);
      return { kind: "ref", name };
    }
    if (refs.has(ref)) {
      // No fault of the document: a body may have any depth, and a URL's types end here.
      sink.add("info", "ref-loop", where, `The schema "${ref}" holds values of its own kind`);
      return this.#isUrl() ? TYPES.values : TYPES.unknown;
    }
    const { value, isLoop } = resolver.follow(ref, where);
    if (isLoop) return this.#isUrl() ? TYPES.values : TYPES.unknown;
    return value === undefined
      ? this.#anything()
      : this.read(value, where, depth + 1, new Set([...refs, ref]));
  }

  #readPlain(
    schema: { readonly [key: string]: unknown },
    where: string,
    depth: number,
    refs: ReadonlySet<string>,
  ): TypeNode {
    if (Object.hasOwn(schema, "const")) return this.#literals([schema.const], where);
    const values = get(schema, "enum");
    if (Array.isArray(values)) return this.#literals(values, where, getText(schema, "type"));
    const many = [...getList(schema, "oneOf"), ...getList(schema, "anyOf")];
    if (many.length > 0) return this.#readMany(schema, many, where, depth, refs);
    const all = getList(schema, "allOf");
    if (all.length > 0) return this.#readAll(schema, all, where, depth, refs);
    return this.#readTyped(schema, where, depth, refs);
  }

  /** One of several, and what the schema itself says beside them. */
  #readMany(
    schema: { readonly [key: string]: unknown },
    many: readonly unknown[],
    where: string,
    depth: number,
    refs: ReadonlySet<string>,
  ): TypeNode {
    const alternatives = many.map((each) => this.read(each, where, depth + 1, refs));
    const { oneOf: _, anyOf: __, ...rest } = schema;
    const hasOwn = getList(rest, "allOf").length > 0 ||
      entriesOf(get(rest, "properties")).length > 0;
    if (!hasOwn) return unionOf(alternatives);
    const own = this.#readPlain(rest, where, depth + 1, refs);
    // Case: {"properties": …, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, which no type says
    const isOpen = alternatives.some(({ kind }) => kind === "unknown" || kind === "value");
    if (isOpen || this.#isUrl()) return own;
    return { kind: "intersection", members: [own, unionOf(alternatives)] };
  }

  #readAll(
    schema: { readonly [key: string]: unknown },
    all: readonly unknown[],
    where: string,
    depth: number,
    refs: ReadonlySet<string>,
  ): TypeNode {
    const own = get(schema, "properties") === undefined
      ? []
      : [this.#readTyped(schema, where, depth, refs)];
    const members = [...all.map((each) => this.read(each, where, depth + 1, refs)), ...own];
    const known = members.filter(({ kind }) => kind !== "unknown" && kind !== "value");
    const [only] = known;
    if (only === undefined) return this.#anything();
    if (known.length === 1) return only;
    const objects = known.filter((each) => each.kind === "object");
    if (objects.length === known.length) return mergeObjects(objects);
    // In a URL, the narrowest is enough.
    return this.#isUrl() ? only : { kind: "intersection", members: known };
  }

  #readTyped(
    schema: { readonly [key: string]: unknown },
    where: string,
    depth: number,
    refs: ReadonlySet<string>,
  ): TypeNode {
    const type = get(schema, "type");
    if (Array.isArray(type)) {
      return unionOf(
        type.map((each) => this.#readTyped({ ...schema, type: each }, where, depth, refs)),
      );
    }
    switch (type) {
      case "string":
        return this.#readString(schema);
      case "integer":
        return this.#isUrl() && getText(schema, "format") === "int64"
          ? TYPES.bigint
          : TYPES.integer;
      case "number":
        return TYPES.number;
      case "boolean":
        return TYPES.boolean;
      case "null":
        return TYPES.null;
      case "file":
        return TYPES.file;
      case "array":
        return this.#readArray(schema, where, depth, refs);
      case "object":
        return this.#readObject(schema, where, depth, refs);
      default:
        return this.#readUntyped(schema, where, depth, refs);
    }
  }

  /** Many documents leave out the type of an object or a list. */
  #readUntyped(
    schema: { readonly [key: string]: unknown },
    where: string,
    depth: number,
    refs: ReadonlySet<string>,
  ): TypeNode {
    if (isObject(get(schema, "properties")) || isObject(get(schema, "additionalProperties"))) {
      return this.#readObject(schema, where, depth, refs);
    }
    const isList = isObject(get(schema, "items")) || Array.isArray(get(schema, "prefixItems"));
    return isList ? this.#readArray(schema, where, depth, refs) : this.#anything();
  }

  #readString(schema: unknown): TypeNode {
    const format = getText(schema, "format");
    if (this.#isUrl()) {
      return format === "date" || format === "date-time" ? TYPES.date : TYPES.string;
    }
    const isFile = format === "binary" ||
      getText(schema, "contentMediaType") === "application/octet-stream";
    return isFile ? TYPES.file : TYPES.string;
  }

  #readArray(schema: unknown, where: string, depth: number, refs: ReadonlySet<string>): TypeNode {
    const prefix = getList(schema, "prefixItems");
    const rest = get(schema, "items");
    const items = this.read(rest ?? true, where, depth + 1, refs);
    const safe = this.#isUrl() ? withoutNull(items) : items;
    if (prefix.length === 0 || this.#isUrl()) return { kind: "array", items: safe };
    const fixed = prefix.map((each) => this.read(each, where, depth + 1, refs));
    return rest === false
      ? { kind: "tuple", items: fixed }
      : { kind: "tuple", items: fixed, rest: items };
  }

  #readObject(schema: unknown, where: string, depth: number, refs: ReadonlySet<string>): TypeNode {
    const required = new Set(getList(schema, "required"));
    const properties = entriesOf(get(schema, "properties")).map(([name, value]): TypeProperty => {
      const type = this.read(value, where, depth + 1, refs);
      const description = this.#isUrl() ? undefined : getText(value, "description");
      return {
        name,
        type: this.#isUrl() ? withoutNull(type) : type,
        isOptional: !required.has(name),
        isDeprecated: get(value, "deprecated") === true,
        ...description === undefined ? {} : { description },
      };
    });
    const more = get(schema, "additionalProperties");
    const keys = this.#keysOf(schema, where);
    if (properties.length === 0 && keys !== undefined && isObject(more)) {
      const type = this.read(more, where, depth + 1, refs);
      return {
        kind: "object",
        properties: keys.map((name) => ({ name, type, isOptional: !required.has(name) })),
      };
    }
    if (properties.length === 0 && this.#isUrl() && !isObject(more)) return TYPES.values;
    if (!isObject(more) || Object.keys(more).length === 0) return { kind: "object", properties };
    return { kind: "object", properties, additional: this.read(more, where, depth + 1, refs) };
  }

  /** The only names that properties may have, where they are listed. */
  #keysOf(schema: unknown, where: string): readonly string[] | undefined {
    const names = get(schema, "propertyNames");
    const values = getList(this.#reading.resolver.resolve(names, where), "enum");
    const keys = values.filter((value) => typeof value === "string");
    return keys.length === 0 || keys.length < values.length || keys.length > MAX_LITERALS
      ? undefined
      : [...new Set(keys)];
  }

  #literals(values: readonly unknown[], where: string, type?: string): TypeNode {
    const { sink } = this.#reading;
    const wide = type === "integer" || type === "number" ? TYPES.number : TYPES.string;
    if (values.length === 0) {
      sink.add(
        "warning",
        "bad-enum",
        where,
        "An enum without members admits no value; any is taken",
      );
      return wide;
    }
    const literals = values.filter((value) => value !== null).map((value): TypeNode => {
      const isLiteral = typeof value === "string" || typeof value === "boolean" ||
        (typeof value === "number" && Number.isFinite(value));
      return isLiteral ? { kind: "literal", value } : this.#anything();
    });
    if (literals.length > MAX_LITERALS) {
      sink.add(
        "info",
        "bad-enum",
        where,
        `An enum of ${literals.length} members is written as ${wide.kind}`,
      );
    }
    const members = literals.length > MAX_LITERALS ? [wide] : literals;
    const hasNull = values.includes(null);
    // Of `null` alone nothing is left in a URL, which then may not be there.
    return unionOf([...members, ...hasNull ? [TYPES.null] : []]);
  }
}

function mergeObjects(objects: readonly (TypeNode & { kind: "object" })[]): TypeNode {
  const properties = objects.flatMap((each) => each.properties);
  const additional = objects.map((each) => each.additional).find((each) => each !== undefined);
  return { kind: "object", properties, ...additional === undefined ? {} : { additional } };
}
