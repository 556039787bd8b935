/**
 * Props that are joined with what the client has.
 *
 * @module
 */
import { type MergeOptions, mergeRule } from "./merge_rule.ts";
import { type OnceOptions, onceRule } from "./once_rule.ts";
import { Prop, type PropSource } from "./prop.ts";

/** Options of {@linkcode merge}. */
export interface MergePropOptions extends MergeOptions {
  /** Whether the client keeps it from visit to visit, and how. @default false */
  readonly once?: boolean | OnceOptions | undefined;
}

/**
 * A prop whose items are added to those that the client has; without options behind them.
 *
 * @example Items that replace their older selves
 * ```ts
 * import { createInertia, merge } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const request = new Request("http://localhost/feed?page=2");
 * await inertia.render(request, "Feed", { posts: merge(() => [{ id: 7 }], { matchOn: "id" }) });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options Where items go, and how they are recognised.
 * @returns The prop.
 */
export function merge<T>(source: PropSource<T>, options: MergePropOptions = {}): Prop<T, "sent"> {
  return new Prop("merge", source, { merge: mergeRule(options), once: onceRule(options.once) });
}

/**
 * A prop that is joined with the client's key by key, at every depth.
 *
 * @example Usage
 * ```ts
 * import { deepMerge } from "@lv/sidecar/inertia";
 *
 * deepMerge(() => ({ messages: [{ id: 7 }] }), { matchOn: "messages.id" });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options How items are recognised.
 * @returns The prop.
 */
export function deepMerge<T>(
  source: PropSource<T>,
  options: Omit<MergePropOptions, "deep"> = {},
): Prop<T, "sent"> {
  return merge(source, { ...options, deep: true });
}

/**
 * A prop whose items are put in front of those that the client has.
 *
 * @example Usage
 * ```ts
 * import { prepend } from "@lv/sidecar/inertia";
 *
 * prepend(() => [{ id: 8 }], { matchOn: "id" });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options How items are recognised.
 * @returns The prop.
 */
export function prepend<T>(
  source: PropSource<T>,
  options: Omit<MergePropOptions, "prepend" | "append" | "deep"> = {},
): Prop<T, "sent"> {
  return merge(source, { ...options, prepend: true });
}
