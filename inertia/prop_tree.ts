/**
 * The tree of props: what is shared and what the page has, in one.
 *
 * @module
 */
import { isPlainObject, isThenable, setOwn } from "./own_property.ts";
import type { PropContext } from "./prop.ts";
import { isSelected, type Selection } from "./prop_path.ts";
import { joinTrees, PropProvider, type PropTree } from "./prop_provider.ts";

/** Props, or several of them and of objects that provide some: later ones win. */
export type PropTrees = PropTree | PropProvider | readonly (PropTree | PropProvider)[];

/** Joins what is given into one object, or a promise of it if a provider gives one. */
export function propTree(
  trees: readonly PropTrees[],
  context: PropContext,
): PropTree | Promise<PropTree> {
  const [only] = trees;
  if (trees.length === 1 && isTree(only)) return only;
  const parts: (PropTree | Promise<PropTree>)[] = [];
  for (const tree of trees.flat()) {
    // Flat: no list is in a list.
    parts.push(tree instanceof PropProvider ? tree.props(context) : tree as PropTree);
  }
  return parts.some(isThenable)
    ? Promise.all(parts).then(joinTrees)
    : joinTrees(parts as readonly PropTree[]); // None is a promise.
}

/** Whether it is an object with props and nothing else. */
function isTree(value: PropTrees | undefined): value is PropTree {
  return value !== undefined && !Array.isArray(value) && !(value instanceof PropProvider) &&
    !isThenable(value);
}

/** The names of the props that every page has: `auth.user` and `auth.team` are both `auth`. */
export function topLevelKeys(tree: PropTree): readonly string[] {
  const keys = Object.keys(tree);
  if (!hasDottedKeys(tree)) return keys;
  return [...new Set(keys.map((key) => key.split(".", 1)[0] as string))]; // At least one part.
}

/** Whether a tree has keys like `auth.user`. */
export function hasDottedKeys(tree: PropTree): boolean {
  for (const key in tree) if (key.includes(".")) return true;
  return false;
}

/**
 * Moves `auth.user` to where it says: into the object `auth`, or the one that the function `auth` gives.
 *
 * @param selection What a partial reload selects; what it does not, is neither called nor moved.
 */
export async function unpackDottedKeys(
  tree: PropTree,
  context: PropContext,
  selection: Selection | undefined,
): Promise<PropTree> {
  const isWanted = (path: string): boolean =>
    selection === undefined || isSelected(path, selection);
  const unpacked = Object.fromEntries(Object.entries(tree).filter(([key]) => !key.includes(".")));
  for (const [key, value] of Object.entries(tree)) {
    if (!key.includes(".")) continue;
    const parent = await openParent(unpacked, key.split("."), context, isWanted);
    if (parent === undefined) continue;
    // Called now, so that other keys can go into its result.
    const now = typeof value === "function" && isWanted(key) ? await value(context) : value;
    setOwn(parent, key.slice(key.lastIndexOf(".") + 1), now);
  }
  return unpacked;
}

/** The object that a path leads to: a copy at each step, for it may be somebody's constant. */
async function openParent(
  tree: Record<string, unknown>,
  segments: readonly string[],
  context: PropContext,
  isWanted: (path: string) => boolean,
): Promise<Record<string, unknown> | undefined> {
  let current = tree;
  for (const [index, segment] of segments.slice(0, -1).entries()) {
    if (!isWanted(segments.slice(0, index + 1).join("."))) return undefined;
    const found = Object.hasOwn(current, segment) ? current[segment] : undefined;
    const value: unknown = typeof found === "function" ? await found(context) : await found;
    const next = openCopy(value, segments[index + 1] ?? "");
    setOwn(current, segment, next);
    current = next;
  }
  return current;
}

/** A list stays one if the key is one of its indexes, or the next; else its items become keys, as they do in PHP. */
function openCopy(value: unknown, key: string): Record<string, unknown> {
  if (Array.isArray(value)) {
    const isIndex = /^(?:0|[1-9]\d*)$/.test(key) && Number(key) <= value.length;
    // Its index is a key like any other.
    return isIndex ? [...value] as unknown as Record<string, unknown> : { ...value };
  }
  return typeof value === "object" && value !== null && isPlainObject(value) ? { ...value } : {};
}
