/**
 * Props that are loaded right after the page.
 *
 * @module
 */
import { type MergeOptions, mergeRule } from "./merge_rule.ts";
import { type OnceOptions, onceRule } from "./once_rule.ts";
import { Prop, type PropSource } from "./prop.ts";

/** The group of a prop that names none. */
export const DEFAULT_GROUP = "default";

/** Options of {@linkcode defer}. */
export interface DeferOptions {
  /** Props of one group are loaded in one request, groups side by side. @default "default" */
  readonly group?: string | undefined;
  /** Whether the page goes on without it when its function throws; the error is reported. @default false */
  readonly rescue?: boolean | undefined;
  /** Whether it is joined with what the client has, and how. @default false */
  readonly merge?: boolean | MergeOptions | undefined;
  /** Whether the client keeps it from visit to visit, and how. @default false */
  readonly once?: boolean | OnceOptions | undefined;
}

/**
 * A prop that the client asks for once the page is there.
 *
 * @example Usage
 * ```ts
 * import { createInertia, defer } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const request = new Request("http://localhost/users");
 * const loadStats = () => Promise.resolve({ total: 3 });
 * await inertia.render(request, "Users/Index", { stats: defer(loadStats, { group: "side" }) });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options Its group, what happens if it fails, how it merges and is kept.
 * @returns The prop.
 */
export function defer<T>(source: PropSource<T>, options: DeferOptions = {}): Prop<T, "maybe"> {
  const { group = DEFAULT_GROUP, rescue = false, merge = false, once } = options;
  return new Prop("defer", source, {
    skipsFirstVisit: true,
    group,
    rescue,
    merge: merge === false ? undefined : mergeRule(merge === true ? {} : merge),
    once: onceRule(once),
  });
}
