import { createInertiaApp } from "@inertiajs/react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { resolvePage } from "./resolve_page";
import "./style.css";

createInertiaApp({
  title: (title) => title === "" ? "__NAME__" : `${title} · __NAME__`,
  resolve: resolvePage,
  setup({ el, App, props }) {
    if (el === null) throw new Error("The page has no #app");
    // What the server rendered is taken over; where it could not, it is rendered here.
    if (el.hasAttribute("data-server-rendered")) hydrateRoot(el, <App {...props} />);
    else createRoot(el).render(<App {...props} />);
  },
});
