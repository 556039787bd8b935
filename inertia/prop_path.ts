/**
 * Paths of props, and which of them a partial reload selects.
 *
 * @module
 */
import { PathTree } from "./path_tree.ts";

/** A place in the tree of props. Its text is made when somebody reads it, which a full visit seldom does. */
export class PropPath {
  /** How many keys lead here. */
  readonly depth: number;
  // Plain fields: one of these is made for each object of the props.
  private readonly parent: PropPath | undefined;
  private readonly key: string | number;
  private cached: string | undefined = undefined;

  /** A key below a path. */
  constructor(parent: PropPath | undefined, key: string | number) {
    this.parent = parent;
    this.key = key;
    this.depth = parent === undefined ? 1 : parent.depth + 1;
  }

  /** The keys, joined by dots. */
  get text(): string {
    return this.cached ??= this.parent === undefined
      ? String(this.key)
      : joinPath(this.parent.text, this.key);
  }
}

/**
 * A path and a key below it.
 *
 * Not by a template, which gives a string in two pieces: V8's fast serialiser gives up at one, and a page with many
 * paths beside its props would take four times as long.
 */
export function joinPath(path: string, key: string | number): string {
  return [path, key].join(".");
}

/** What a partial reload asks for; null where it does not say. */
export interface Selection {
  /** Paths that are wanted. */
  readonly only: PathTree | null;
  /** Paths that are not, though they be wanted. */
  readonly except: PathTree | null;
}

/** Reads what a partial reload asks for. */
export function parseSelection(only: string | null, except: string | null): Selection {
  return { only: parsePathTree(only), except: parsePathTree(except) };
}

function parsePathTree(value: string | null): PathTree | null {
  const paths = parsePaths(value);
  return paths === null ? null : new PathTree(paths);
}

/** Whether a path is to be sent, or leads to one that is. */
export function isSelected(path: string, { only, except }: Selection): boolean {
  if (only !== null && only.relationOf(path) === "apart") return false;
  return except === null || except.relationOf(path) !== "within";
}

/** Whether a path is to be sent as a whole: only then the client is told how to merge it. */
export function isIncluded(path: string, { only, except }: Selection): boolean {
  if (only !== null && only.relationOf(path) !== "within") return false;
  return except === null || except.relationOf(path) !== "within";
}

/** Reads a list of paths: `a,,b` -> ["a", "b"]; null where there is none. */
export function parsePaths(value: string | null): readonly string[] | null {
  if (value === null || value === "") return null;
  const paths = value.split(",").filter((path) => path !== "");
  return paths.length === 0 ? null : paths;
}
