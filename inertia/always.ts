/**
 * Props that every answer has.
 *
 * @module
 */
import { Prop, type PropSource } from "./prop.ts";

/**
 * A prop that is sent with every answer, whatever a partial reload selects.
 *
 * @example Usage
 * ```ts
 * import { always, createInertia } from "@lv/sidecar/inertia";
 *
 * createInertia({ share: { unread: always(() => 3) } });
 * ```
 *
 * @param source Its value, or a function that computes it.
 * @returns The prop.
 */
export function always<T>(source: PropSource<T>): Prop<T, "sent"> {
  return new Prop("always", source);
}
