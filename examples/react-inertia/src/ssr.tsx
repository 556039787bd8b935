// Renders a page on the server; `ssrEntry` of sidecar.config.ts names it.
import type { Page } from "@inertiajs/core";
import { createInertiaApp } from "@inertiajs/react";
import { renderToString } from "react-dom/server";
import { app } from "./app.ts";

export default (page: Page) =>
  createInertiaApp({
    ...app,
    page,
    render: renderToString,
    setup: ({ App, props }) => <App {...props} />,
  });
