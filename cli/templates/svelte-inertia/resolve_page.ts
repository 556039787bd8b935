import type { ResolvedComponent } from "@inertiajs/svelte";

const pages = import.meta.glob/*+<ResolvedComponent>*/("./pages/*.svelte");

/** A page comes with its code, when it is visited. */
export async function resolvePage(name/*+: string*/) {
  const load = pages[`./pages/${name}.svelte`];
  if (load === undefined) throw new Error(`There is no page "${name}"`);
  return await load();
}
