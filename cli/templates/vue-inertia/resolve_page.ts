import type { DefineComponent } from "vue";

const pages = import.meta.glob/*+<{ default: DefineComponent }>*/("./pages/*.vue");

/** A page comes with its code, when it is visited. */
export async function resolvePage(name/*+: string*/) {
  const load = pages[`./pages/${name}.vue`];
  if (load === undefined) throw new Error(`There is no page "${name}"`);
  return (await load()).default;
}
