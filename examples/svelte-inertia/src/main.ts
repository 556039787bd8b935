import { createInertiaApp, type ResolvedComponent } from "@inertiajs/svelte";
import Layout from "./Layout.svelte";
import "./app.css";

const pages = import.meta.glob<ResolvedComponent>("./pages/**/*.svelte");

createInertiaApp({
  // A page comes with its code, when it is visited.
  resolve: (name) => pages[`./pages/${name}.svelte`]!(),
  layout: () => Layout,
  progress: { color: "#c2410c" },
});
