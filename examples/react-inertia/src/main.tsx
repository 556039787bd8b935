import { createInertiaApp } from "@inertiajs/react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { app } from "./app.ts";
import "./app.css";

createInertiaApp({
  ...app,
  progress: { color: "#4f46e5" },
  setup: ({ el, App, props }) => {
    // What the server rendered is taken over; where it could not, it is rendered here.
    if (el!.hasAttribute("data-server-rendered")) {
      hydrateRoot(el!, <App {...props} />);
    } else createRoot(el!).render(<App {...props} />);
  },
});
