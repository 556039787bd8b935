import { expect, test } from "bun:test";
import { createApp } from "./server";

// A document of the test's own: no Vite runs here.
const app = createApp({ page: '<div id="app"></div>' });

function visit(path/*+: string*/) {
  return app.fetch(
    new Request(`http://localhost${path}`, {
      headers: { "x-inertia": "true", "x-inertia-version": "" },
    }),
  );
}

test("a visit of / gets the page Home with its props", async () => {
  const response = await visit("/");
  expect(response.status).toBe(200);
  const page = await response.json();
  expect(page).toMatchObject({ component: "Home", props: { message: "Hello from __FROM__" } });
});

test("an unknown path is a page, and a 404", async () => {
  const response = await visit("/unknown");
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ component: "Missing" });
});
