/**
 * Props that the client keeps.
 *
 * @module
 */
import { type OnceOptions, onceRule } from "./once_rule.ts";
import { Prop, type PropSource } from "./prop.ts";

/**
 * A prop that is computed once: the client says that it has it, and keeps it from visit to visit.
 *
 * @example Kept for a day, by every page that uses the name
 * ```ts
 * import { createInertia, once } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const request = new Request("http://localhost/billing");
 * const plans = once(() => ["free", "team"], { as: "plans", until: 24 * 60 * 60 });
 * await inertia.render(request, "Billing", { plans });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @param options Its name, how long it is kept, and whether it is sent anew.
 * @returns The prop.
 */
export function once<T>(source: PropSource<T>, options: OnceOptions = {}): Prop<T, "sent"> {
  return new Prop("once", source, { once: onceRule(options) });
}
