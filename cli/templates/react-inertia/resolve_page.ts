import type { ResolvedComponent } from "@inertiajs/react";

const pages = import.meta.glob/*+<{ default: ResolvedComponent }>*/("./pages/*.__SX__");

/** A page comes with its code, when it is visited. */
export async function resolvePage(name/*+: string*/) {
  const load = pages[`./pages/${name}.__SX__`];
  if (load === undefined) throw new Error(`There is no page "${name}"`);
  return (await load()).default;
}
