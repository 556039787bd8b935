/**
 * Fields of a form, as the object that they name.
 *
 * @module
 */

/** A tree without a prototype: a field may have any name. */
interface FieldTree {
  [key: string]: unknown;
}

/** Somebody who sends deeper names than this is no form. */
const MAX_DEPTH = 32;

/** A form can't have a method of its own, so the client says it by a field. */
const METHOD_FIELD = "_method";

/**
 * Reads fields: `user[name]`, `tags[]` and `users[0][email]`, as the client writes objects into a form.
 *
 * Values stay texts and files; a name that comes twice gives a list.
 */
export function parseFields(fields: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const tree: FieldTree = Object.create(null);
  for (const [name, value] of fields) {
    if (name !== METHOD_FIELD) setField(tree, segmentsOf(name), value);
  }
  return finish(tree) as Record<string, unknown>; // The root has no index for its first name.
}

/** user[name] -> ["user", "name"]; what is not of that form is one name. */
function segmentsOf(name: string): readonly string[] {
  const [, first, rest = ""] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? [];
  if (first === undefined) return [name];
  const segments = [first, ...rest.slice(1, -1).split("][")];
  return segments.length > MAX_DEPTH ? [name] : segments;
}

function setField(tree: FieldTree, segments: readonly string[], value: unknown): void {
  const [segment = "", ...below] = segments;
  const key = segment === "" ? String(Object.keys(tree).length) : segment;
  const found = tree[key];
  if (below.length === 0) {
    tree[key] = found === undefined ? value : [...(Array.isArray(found) ? found : [found]), value];
    return;
  }
  const next: FieldTree = isTree(found) ? found : Object.create(null);
  tree[key] = next;
  setField(next, below, value);
}

function isTree(value: unknown): value is FieldTree {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
}

/** Trees with the keys 0, 1, 2 … are lists. */
function finish(value: unknown): unknown {
  if (!isTree(value)) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, finish(child)] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}
