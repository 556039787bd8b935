// What the browser and the server have in common: where pages are, their title and their layout.
import type { ResolvedComponent } from "@inertiajs/react";
import { Layout } from "./Layout.tsx";

const pages = import.meta.glob<{ default: ResolvedComponent }>(
  "./pages/**/*.tsx",
);

export const app = {
  title: (title: string): string => title === "" ? "Contacts" : `${title} · Contacts`,
  layout: () => Layout,
  /** A page comes with its code, when it is visited. */
  async resolve(name: string): Promise<ResolvedComponent> {
    const load = pages[`./pages/${name}.tsx`];
    if (load === undefined) throw new Error(`There is no page ${name}`);
    return (await load()).default;
  },
};
