/**
 * Values of a parsed document, read without trusting their shape.
 *
 * @module
 */

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property of its own: a document's "constructor" is none unless it is written there. */
export function get(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A text, or nothing. */
export function getText(value: unknown, key: string): string | undefined {
  const text = get(value, key);
  return typeof text === "string" ? text : undefined;
}

/** A list; empty where there is none. */
export function getList(value: unknown, key: string): readonly unknown[] {
  const list = get(value, key);
  return Array.isArray(list) ? list : [];
}

/** The entries of an object in the order of their keys; none where there is no object. PHP writes `[]` for an empty one. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (!isObject(value)) return [];
  return Object.keys(value).sort().map((key) => [key, value[key]]);
}

/** What a value is, in a word for a message. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
