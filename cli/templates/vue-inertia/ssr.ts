// Renders a page on the server; `ssrEntry` of sidecar.config names it.
import type { Page } from "@inertiajs/core";
import { createInertiaApp } from "@inertiajs/vue3";
import { createSSRApp, h } from "vue";
import { renderToString } from "vue/server-renderer";
import { resolvePage } from "./resolve_page";

export default (page/*+: Page*/) =>
  createInertiaApp({
    page,
    title: (title) => title === "" ? "__NAME__" : `${title} · __NAME__`,
    render: renderToString,
    resolve: resolvePage,
    setup: ({ App, props, plugin }) => createSSRApp({ render: () => h(App, props) }).use(plugin),
  });
