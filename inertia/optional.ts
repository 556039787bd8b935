/**
 * Props that are sent when they are asked for.
 *
 * @module
 */
import { type OnceOptions, onceRule } from "./once_rule.ts";
import { Prop, type PropSource } from "./prop.ts";

/** Options of {@linkcode optional}. */
export interface OptionalOptions {
  /** Whether the client keeps it from visit to visit, and how. @default false */
  readonly once?: boolean | OnceOptions | undefined;
}

/**
 * A prop that only a partial reload gets: never on a first visit, and not computed before it is asked for.
 *
 * @example Usage
 * ```ts
 * import { createInertia, optional } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const request = new Request("http://localhost/users");
 * await inertia.render(request, "Users/Index", { filters: optional(() => ["active"]) });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options How the client keeps it.
 * @returns The prop.
 */
export function optional<T>(
  source: PropSource<T>,
  options: OptionalOptions = {},
): Prop<T, "maybe"> {
  return new Prop("optional", source, { skipsFirstVisit: true, once: onceRule(options.once) });
}

/**
 * The name that {@linkcode optional} had in version 1 of the protocol.
 *
 * @example Usage
 * ```ts
 * import { lazy } from "@lv/sidecar/inertia";
 *
 * // A function: computed when it is asked for. A value would be computed here and now.
 * lazy(() => ["active"]);
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options How the client keeps it.
 * @returns The prop.
 */
export function lazy<T>(source: PropSource<T>, options: OptionalOptions = {}): Prop<T, "maybe"> {
  return optional(source, options);
}
