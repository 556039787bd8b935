import { deepEqual, equal, match } from "node:assert/strict";
import { chooseBundle } from "../../sidecar/ssr_bundle.ts";
import { test } from "../_support/test.ts";

const chosen = (names: readonly string[], entry?: string): string => {
  const found = chooseBundle(names, entry);
  return found.kind === "found" ? found.name : found.state;
};

test("chooseBundle() takes what is named as its entry", () => {
  const names = ["app.js", "app.js.map", "assets", "renderer.mjs", "style.css"];
  equal(chosen(names, "renderer.tsx"), "renderer.mjs");
  equal(chosen(["main.js"], "renderer.tsx"), "main.js");
});

test("chooseBundle() takes the only one, or one with a usual name", () => {
  deepEqual(
    [chosen(["x.js", "x.js.map"]), chosen(["chunk.js", "app.js", "ssr.js"])],
    ["x.js", "ssr.js"],
  );
});

test("chooseBundle() says why there is none", () => {
  match(chosen(["a.css"]), /^no JavaScript is there; build it with --ssr-entry$/);
  match(chosen(["a.js", "b.js"]), /^there is "a\.js", "b\.js"; name one by the option ssrBundle$/);
});
