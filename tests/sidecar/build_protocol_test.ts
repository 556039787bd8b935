import { deepEqual, equal } from "node:assert/strict";
import { parseBuildLine, renderBuildRequest } from "../../sidecar/build_protocol.ts";
import { test } from "../_support/test.ts";

const parse = (value: object, nonce = "n"): unknown =>
  parseBuildLine(JSON.stringify({ lv: "n", ...value }), nonce);

const BUILT = {
  event: "built",
  target: "client",
  outDir: "/p/dist",
  root: "/p",
  emptyOutDir: true,
  base: "/static/",
  assetsDir: "a",
  publicDir: "/p/public",
  manifest: "m.json",
  importMap: "importmap.json",
  said: { base: "/x/", outDir: "o", manifest: false },
  usesBase: ["src/a.ts"],
  isPageless: true,
};

test("a whole message is read", () => {
  deepEqual(parse(BUILT), BUILT);
  deepEqual(parse({ event: "done" }), { event: "done" });
  deepEqual(parse({ event: "building", target: "ssr", version: "8.3.8" }), {
    event: "building",
    target: "ssr",
    version: "8.3.8",
  });
});

test("what a build does not tell has a default", () => {
  deepEqual(parse({ event: "built", target: "ssr", outDir: "/o", root: "/r", base: null }), {
    event: "built",
    target: "ssr",
    outDir: "/o",
    root: "/r",
    emptyOutDir: undefined,
    base: null,
    assetsDir: "assets",
    publicDir: "",
    manifest: undefined,
    importMap: undefined,
    said: { base: undefined, outDir: undefined, manifest: undefined },
    usesBase: [],
    isPageless: false,
  });
});

test("an error of the process itself is a build that failed", () => {
  deepEqual(parse({ event: "error", phase: "fatal", message: "no vite" }), {
    event: "failed",
    target: "client",
    message: "no vite",
    hint: undefined,
    frame: undefined,
    file: undefined,
    line: undefined,
    column: undefined,
  });
});

test("anything else is nobody's message", () => {
  equal(parse(BUILT, "other"), undefined);
  equal(parse({ ...BUILT, outDir: 1 }), undefined);
  equal(parse({ ...BUILT, target: "moon" }), undefined);
  equal(parse({ event: "later" }), undefined);
  for (const line of ["", "noise", "{", '{"lv":"n"', "null", "[]", '"n"']) {
    equal(parseBuildLine(line, "n"), undefined, line);
  }
});

test("a request is one line", () => {
  const text = renderBuildRequest({
    nonce: "n",
    root: "/p\n",
    logLevel: "warn",
    clientStaging: "/s/client",
    ssrStaging: "/s/ssr",
    given: { input: ["a.ts"] },
    defaults: { base: "/static/" },
  });
  equal(text.indexOf("\n"), text.length - 1);
  deepEqual(JSON.parse(text).given, { input: ["a.ts"] });
});
