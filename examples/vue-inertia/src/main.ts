import { createInertiaApp } from "@inertiajs/vue3";
import type { DefineComponent } from "vue";
import Layout from "./Layout.vue";
import "./app.css";

const pages = import.meta.glob<{ default: DefineComponent }>(
  "./pages/**/*.vue",
);

createInertiaApp({
  title: (title) => title === "" ? "Tickets" : `${title} · Tickets`,
  // A page comes with its code, when it is visited.
  resolve: async (name) => (await pages[`./pages/${name}.vue`]!()).default,
  layout: () => Layout,
  progress: { color: "#0d9488" },
});
