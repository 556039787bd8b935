/**
 * Props that grow while they are scrolled.
 *
 * @module
 */
import { DEFAULT_GROUP } from "./defer.ts";
import { type MergeOptions, mergeRule } from "./merge_rule.ts";
import { Prop, type PropSource } from "./prop.ts";
import type { ScrollMetadata } from "./scroll_metadata.ts";

/** Options of {@linkcode scroll}. */
export interface ScrollOptions<T> extends MergeOptions {
  /**
   * The key under which the value has its items; `""` if it is a list itself. A pagination container is one.
   * @default "data"
   */
  readonly wrapper?: string | undefined;
  /** The pages around this one, or a function that tells them of the value. @default read off the value */
  readonly metadata?: ScrollMetadata | ((value: T) => ScrollMetadata) | undefined;
  /** The query parameter that names the page. @default what the metadata says, else "page" or "cursor" */
  readonly pageName?: string | undefined;
}

/** Options of a {@linkcode scroll} that is loaded after the page. */
export interface DeferredScrollOptions<T> extends ScrollOptions<T> {
  /** `true`, or the group to load it with. */
  readonly defer: true | string;
}

/**
 * A page of a list for an infinite scroll: the client adds it to what it has, behind or in front.
 *
 * @example Usage
 * ```ts
 * import { createInertia, scroll } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia();
 * const listUsers = (page: number) => ({ items: ["Ada"], limit: 1, offset: page - 1, total: 3 });
 * const request = new Request("http://localhost/users?page=2");
 * await inertia.render(request, "Users/Index", { users: scroll(() => listUsers(2)) });
 * ```
 *
 * @param source A pagination container, or any object with explicit metadata, or a function that computes it.
 * @param options Where its items are, and which pages are around it.
 * @returns The prop.
 */
export function scroll<T>(
  source: PropSource<T>,
  options: DeferredScrollOptions<T>,
): Prop<T, "maybe">;
/**
 * A page of a list for an infinite scroll, sent with the first answer.
 *
 * @param source A pagination container, or any object with explicit metadata, or a function that computes it.
 * @param options Where its items are, and which pages are around it.
 * @returns The prop.
 */
export function scroll<T>(source: PropSource<T>, options?: ScrollOptions<T>): Prop<T, "sent">;
export function scroll<T>(
  source: PropSource<T>,
  options: ScrollOptions<T> & { readonly defer?: true | string } = {},
): Prop<T> {
  const { wrapper, metadata, pageName, defer } = options;
  return new Prop("scroll", source, {
    group: defer === true ? DEFAULT_GROUP : defer,
    merge: mergeRule(options),
    scroll: {
      wrapper,
      pageName,
      // The value is what the source gives, which is a T.
      metadata: metadata as ScrollMetadata | ((value: unknown) => ScrollMetadata) | undefined,
    },
  });
}
