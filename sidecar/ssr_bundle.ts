/**
 * Which file of a folder is the SSR bundle.
 *
 * @module
 */

/** A file, or why there is none. */
export type ChosenBundle =
  | { readonly kind: "found"; readonly name: string }
  | { readonly kind: "missing"; readonly state: string };

const BUNDLE_REGEXP = /\.[cm]?js$/;
/** What people call the module that renders, the likeliest first. */
const USUAL_NAMES = ["ssr", "entry-server", "server", "app", "main", "index"];

/**
 * Chooses the bundle: the one that is named as its entry, the only one there is, or one with a usual name.
 *
 * @param names The files of the folder.
 * @param entry The file name of the module that it was built of, if that is known.
 */
export function chooseBundle(names: readonly string[], entry?: string): ChosenBundle {
  const bundles = names.filter((name) => BUNDLE_REGEXP.test(name));
  const [first, second] = bundles;
  if (first === undefined) {
    return { kind: "missing", state: "no JavaScript is there; build it with --ssr-entry" };
  }
  const wanted = [...(entry === undefined ? [] : [stem(entry)]), ...USUAL_NAMES];
  if (entry === undefined && second === undefined) return { kind: "found", name: first };
  for (const one of wanted) {
    const name = bundles.find((name) => stem(name) === one);
    if (name !== undefined) return { kind: "found", name };
  }
  if (second === undefined) return { kind: "found", name: first };
  const listed = bundles.slice(0, 3).map((name) => `"${name}"`).join(", ");
  return { kind: "missing", state: `there is ${listed}; name one by the option ssrBundle` };
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, "");
}
