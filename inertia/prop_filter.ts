/**
 * Which of a page's props are considered at all, whatever the client asks for.
 *
 * @module
 */
import { setOwn } from "./own_property.ts";
import type { PropTree } from "./prop_provider.ts";

/** Names of props, and whether these or the others are considered. */
export interface PropFilter {
  /** Whether the named ones are kept, or left out. */
  readonly kind: "only" | "except";
  /** Their names. */
  readonly keys: readonly string[];
}

/**
 * Considers the named props alone. What is shared stays.
 *
 * @example Usage
 * ```ts
 * import { createInertia, only } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const request = new Request("http://localhost/me");
 * const user = { name: "Ada", email: "ada@example.org" };
 * await inertia.render(request, "Me", user, { filter: only("name") });
 * ```
 *
 * @param keys Their names.
 * @returns The filter.
 */
export function only(...keys: readonly string[]): PropFilter {
  return { kind: "only", keys };
}

/**
 * Considers all props but the named ones. What is shared stays.
 *
 * @example Usage
 * ```ts
 * import { createInertia, except } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const request = new Request("http://localhost/me");
 * const user = { name: "Ada", email: "ada@example.org" };
 * await inertia.render(request, "Me", user, { filter: except("email") });
 * ```
 *
 * @param keys Their names.
 * @returns The filter.
 */
export function except(...keys: readonly string[]): PropFilter {
  return { kind: "except", keys };
}

/** Applies a filter to a page's props. */
export function filterProps(tree: PropTree, { kind, keys }: PropFilter): PropTree {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(tree)) {
    if (keys.includes(key) === (kind === "only")) setOwn(kept, key, tree[key]);
  }
  return kept;
}
