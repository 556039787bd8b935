/**
 * Objects that stand for several props.
 *
 * @module
 */
import type { PropContext } from "./prop.ts";

/** Props by name: values, functions and props of any kind, at any depth. */
export type PropTree = Readonly<Record<string, unknown>>;

/**
 * An object that expands into props where it stands, made by {@linkcode provide}.
 *
 * @example A function that takes one
 * ```ts
 * import { createInertia, type PropProvider, provide } from "@lv/sidecar/inertia";
 *
 * const inertiaWith = (...shared: PropProvider[]) => createInertia({ share: shared });
 * inertiaWith(provide(() => ({ locale: "pl" })));
 * ```
 */
export class PropProvider {
  /** Computes the props. */
  readonly props: (context: PropContext) => PropTree | Promise<PropTree>;

  /** Made by `provide`. */
  constructor(props: (context: PropContext) => PropTree | Promise<PropTree>) {
    this.props = props;
  }
}

/**
 * Props that are computed for each answer, for a list of shared props or of a page's.
 *
 * @example Usage
 * ```ts
 * import { createInertia, defer, provide } from "@lv/sidecar/inertia";
 *
 * const account = provide(({ request }) => ({
 *   locale: request.headers.get("accept-language"),
 *   invoices: defer(() => []),
 * }));
 * createInertia({ share: [account] });
 * ```
 *
 * @param props A function that gives the props.
 * @returns An object that stands for them.
 */
export function provide(
  props: (context: PropContext) => PropTree | Promise<PropTree>,
): PropProvider {
  return new PropProvider(props);
}

/**
 * Expands the providers of an array where they stand; the other items keep their index as a key.
 *
 * @returns One object, or a promise of it if a provider gives one.
 */
export function expandProviders(
  items: readonly unknown[],
  context: PropContext,
): PropTree | Promise<PropTree> {
  const parts = items.map((item, index) =>
    item instanceof PropProvider ? item.props(context) : { [index]: item }
  );
  return parts.some((part) => part instanceof Promise)
    ? Promise.all(parts).then(joinTrees)
    : joinTrees(parts as readonly PropTree[]); // None is a promise.
}

/** Joins trees: later ones win, and keys stay where they came first. */
export function joinTrees(trees: readonly PropTree[]): PropTree {
  let joined = trees[0] ?? {};
  for (let index = 1; index < trees.length; index++) joined = { ...joined, ...trees[index] };
  return joined;
}
