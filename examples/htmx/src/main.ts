// Alpine's build for a strict content security policy: it evaluates no text, so what is more than a name is written here.
import Alpine from "@alpinejs/csp";
import "htmx.org";
// Alpine's state outlives htmx's swaps; it finds htmx, and htmx finds Alpine, at the window.
import "htmx.org/dist/ext/hx-alpine-compat.js";
import "./main.css";

Alpine.data("todo", () => ({
  isEdited: false,
  edit() {
    this.isEdited = true;
    this.$nextTick(() => this.$refs["text"]?.focus());
  },
  leave() {
    this.isEdited = false;
  },
}));

Object.assign(globalThis, { Alpine });
Alpine.start();

// A new to-do empties the form and what was wrong with the last one.
document.addEventListener("todos-changed", () => {
  document.querySelector<HTMLFormElement>("form[action]")?.reset();
  document.querySelector("#error")?.replaceChildren();
});
