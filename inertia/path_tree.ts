/**
 * Paths that a request names, as a tree of their keys.
 *
 * @module
 */

interface PathNode {
  readonly below: Map<string, PathNode>;
  /** Whether a path ends here. */
  isEnd: boolean;
}

/** What a path is to those of a tree: one of them or below one, above one, or neither. */
export type PathRelation = "within" | "above" | "apart";

/**
 * Paths, looked up key by key.
 *
 * A field may name ten thousand, and each prop of a page is looked up: one by one that is seconds of a processor for one
 * request.
 */
export class PathTree {
  readonly #root: PathNode = newNode();

  /** Plants paths. */
  constructor(paths: readonly string[]) {
    for (const path of paths) this.#plant(path);
  }

  /** Tells what a path is to the paths of the tree, by whole keys: `users` is not below `user`. */
  relationOf(path: string): PathRelation {
    let node = this.#root;
    for (let start = 0; start <= path.length;) {
      const end = endOfKey(path, start);
      const next = node.below.get(path.slice(start, end));
      if (next === undefined) return "apart";
      if (next.isEnd) return "within";
      node = next;
      start = end + 1;
    }
    return "above";
  }

  /** Whether a path is one of the tree's, in which `*` stands for any one key. */
  matches(path: string): boolean {
    return matchesBelow(this.#root, path.split("."), 0);
  }

  #plant(path: string): void {
    let node = this.#root;
    for (const key of path.split(".")) {
      let next = node.below.get(key);
      if (next === undefined) node.below.set(key, next = newNode());
      node = next;
    }
    node.isEnd = true;
  }
}

function newNode(): PathNode {
  return { below: new Map(), isEnd: false };
}

function endOfKey(path: string, start: number): number {
  const end = path.indexOf(".", start);
  return end === -1 ? path.length : end;
}

function matchesBelow(node: PathNode, keys: readonly string[], index: number): boolean {
  const key = keys[index];
  if (key === undefined) return node.isEnd;
  return [key, "*"].some((name) => {
    const next = node.below.get(name);
    return next !== undefined && matchesBelow(next, keys, index + 1);
  });
}
