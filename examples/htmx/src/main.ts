import Alpine from "alpinejs";
import "htmx.org";
// Alpine's state outlives htmx's swaps; it finds htmx, and htmx finds Alpine, at the window.
import "htmx.org/dist/ext/hx-alpine-compat.js";
import "./main.css";

Object.assign(globalThis, { Alpine });
Alpine.start();

// A new to-do empties the form and what was wrong with the last one.
document.addEventListener("todos-changed", () => {
  document.querySelector<HTMLFormElement>("form[action]")?.reset();
  document.querySelector("#error")?.replaceChildren();
});
