/**
 * An OpenAPI document as `@hey-api/openapi-ts` gets it: the same text for any order of keys, and nothing in it that
 * leads out of the document or that the generator stumbles over.
 *
 * @module
 */

/** A document for the generator. */
export interface CanonicalDocument {
  /** JSON. */
  readonly text: string;
  /** References to files and to other hosts. The generator would read them; they are left out. */
  readonly externalRefs: readonly string[];
}

/** Real documents have some dozens; the generator recurses. */
const MAX_DEPTH = 400;
/** Of the largest real document more than ten times; an alias of YAML can stand for any number of them. */
const MAX_VALUES = 20_000_000;

const REF_REGEXP = /^#(?:\/(?:components\/schemas|definitions)\/)([^/]+)$/;
/** What is left of other names as identifiers is nothing, which the generator can't print. */
const NAMED_REGEXP = /[\p{L}\p{N}]/u;

interface Walk {
  readonly externalRefs: Set<string>;
  /** Other names for components. */
  readonly renamed: ReadonlyMap<string, string>;
  values: number;
  depth: number;
}

/**
 * Makes a document fit for the generator.
 *
 * @throws {RangeError} If it is nested too deeply or has too many values; the message says which.
 */
export function canonicalDocument(document: unknown): CanonicalDocument {
  const walk: Walk = {
    externalRefs: new Set(),
    renamed: renameComponents(document),
    values: 0,
    depth: 0,
  };
  const text = JSON.stringify(copy(document, [], walk));
  return { text, externalRefs: [...walk.externalRefs].sort() };
}

function copy(value: unknown, place: readonly string[], walk: Walk): unknown {
  if (++walk.values > MAX_VALUES) throw new RangeError(`it has more than ${MAX_VALUES} values`);
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object") return String(value);
  if (value instanceof Date) return value.toJSON();
  if (++walk.depth > MAX_DEPTH) {
    throw new RangeError(`it is nested more than ${MAX_DEPTH} levels deep`);
  }
  const whole = Array.isArray(value)
    ? value.map((item) => copy(item, below(place, ""), walk))
    : copyObject(value, place, walk);
  walk.depth--;
  return whole;
}

/** Only the first steps of a place mean anything. */
function below(place: readonly string[], key: string): readonly string[] {
  return place.length > 3 ? place : [...place, key];
}

function copyObject(value: object, place: readonly string[], walk: Walk): unknown {
  const fields = new Map<string, unknown>(Object.entries(value));
  const ref = fields.get("$ref");
  if (typeof ref === "string" && ref !== "" && !ref.startsWith("#")) {
    walk.externalRefs.add(ref);
    return {};
  }
  const entries = [...fields].filter(([key]) => isKept(key, fields, place)).map(([key, item]) => {
    const name = isComponents(place) ? walk.renamed.get(key) ?? key : key;
    if (key === "$ref" && typeof item === "string") return [key, renamedRef(item, walk)] as const;
    return [name, copy(item, below(place, name), walk)] as const;
  });
  // Defines what is called "__proto__", where an assignment would set the prototype.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Without an id, the generator takes method and path. */
function isKept(key: string, fields: ReadonlyMap<string, unknown>, place: readonly string[]) {
  const id = fields.get(key);
  return key !== "operationId" || place[0] !== "paths" || place.length !== 3 ||
    (typeof id === "string" && NAMED_REGEXP.test(id));
}

const isComponents = (place: readonly string[]): boolean => {
  const way = place.join("/");
  return way === "components/schemas" || way === "definitions";
};

/** Case: "🚀" -> "Schema1", "__proto__" -> "Schema2" */
function renameComponents(document: unknown): ReadonlyMap<string, string> {
  const names = [["components", "schemas"], ["definitions"]].flatMap((way) => {
    let value = document;
    for (const key of way) value = ownProperty(value, key);
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
  });
  const taken = new Set(names);
  let number = 0;
  return new Map(
    names.filter((name) => !NAMED_REGEXP.test(name) || name === "__proto__").sort().map((name) => {
      do number++; while (taken.has(`Schema${number}`));
      return [name, `Schema${number}`];
    }),
  );
}

function ownProperty(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function renamedRef(ref: string, { renamed }: Walk): string {
  const step = REF_REGEXP.exec(ref)?.[1];
  const name = step === undefined ? undefined : renamed.get(pointerName(step));
  return name === undefined ? ref : ref.slice(0, ref.lastIndexOf("/") + 1) + name;
}

/** Case: "a~1b%20c" -> "a/b c" */
function pointerName(step: string): string {
  const text = step.replaceAll("~1", "/").replaceAll("~0", "~");
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
