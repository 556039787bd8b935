import { equal } from "node:assert/strict";
import { createApp } from "./server.__X__";

// A document of the test's own: no Vite runs here.
const app = createApp({ page: '<div id="app"></div>' });

function visit(path/*+: string*/) {
  return app.fetch(
    new Request(`http://localhost${path}`, {
      headers: { "x-inertia": "true", "x-inertia-version": "" },
    }),
  );
}

Deno.test("a visit of / gets the page Home with its props", async () => {
  const response = await visit("/");
  equal(response.status, 200);
  const { component, props } = await response.json();
  equal(component, "Home");
  equal(props.message, "Hello from __FROM__");
});

Deno.test("an unknown path is a page, and a 404", async () => {
  const response = await visit("/unknown");
  equal(response.status, 404);
  equal((await response.json()).component, "Missing");
});
