import { createInertiaApp } from "@inertiajs/vue3";
import { resolvePage } from "./resolve_page";
import "./style.css";

createInertiaApp({
  title: (title) => title === "" ? "__NAME__" : `${title} · __NAME__`,
  resolve: resolvePage,
});
