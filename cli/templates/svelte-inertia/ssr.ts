// Renders a page on the server; `ssrEntry` of sidecar.config names it.
import type { Page } from "@inertiajs/core";
import { createInertiaApp } from "@inertiajs/svelte";
import { render } from "svelte/server";
import { resolvePage } from "./resolve_page";

export default (page/*+: Page*/) =>
  createInertiaApp({
    page,
    resolve: resolvePage,
    setup: ({ App, props }) => render(App, { props }),
  });
