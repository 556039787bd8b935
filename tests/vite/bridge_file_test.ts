import { deepEqual, throws } from "node:assert/strict";
import { parseBridgeFile } from "../../vite/bridge_file.ts";
import { test } from "../_support/test.ts";

/** As litestar-vite 0.29 writes it. */
const WHOLE = {
  assetUrl: "/static/",
  deployAssetUrl: null,
  appUrl: "http://127.0.0.1:8000",
  litestarPort: 8000,
  bundleDir: "public",
  hotFile: "hot",
  resourceDir: "src",
  staticDir: "src/public",
  manifest: "manifest.json",
  mode: "hybrid",
  proxyMode: "vite",
  csrfCookieName: null,
  csrfHeaderName: null,
  port: 53929,
  host: "127.0.0.1",
  ssrOutDir: null,
  types: { enabled: true, output: "src/generated", routesPath: "src/generated/routes.json" },
  logging: { level: "normal" },
  spa: { useScriptElement: true },
  executor: "node",
  litestarVersion: "2.24.0",
  staticProps: { appName: "Demo", features: { dark: true } },
};

const parse = (value: unknown): ReturnType<typeof parseBridgeFile> =>
  parseBridgeFile(typeof value === "string" ? value : JSON.stringify(value), ".litestar.json");

test("a file of litestar-vite is read without a warning", () => {
  deepEqual(parse(WHOLE), {
    bridge: {
      assetUrl: "/static/",
      bundleDir: "public",
      resourceDir: "src",
      staticDir: "src/public",
      hotFile: "hot",
      manifest: "manifest.json",
      mode: "hybrid",
      generatedDir: "src/generated",
      staticProps: { appName: "Demo", features: { dark: true } },
    },
    warnings: [],
  });
});

test("what is missing, or null, is not said", () => {
  deepEqual(parse({}), { bridge: {}, warnings: [] });
  deepEqual(parse({ staticProps: null, types: null, deployAssetUrl: null }), {
    bridge: {},
    warnings: [],
  });
});

test("each key counts by itself: what is wrong is told, and the rest holds", () => {
  deepEqual(
    parse({ assetUrl: 1, bundleDir: "", mode: "x", staticProps: [], y: 1, hotFile: "hot" }),
    {
      bridge: { hotFile: "hot" },
      warnings: [
        'Cannot use "y" of ".litestar.json": it is not known',
        'Cannot use "assetUrl" of ".litestar.json": it is not a text',
        'Cannot use "bundleDir" of ".litestar.json": it is not a text',
        'Cannot use "mode" of ".litestar.json": it is none of spa, template, hybrid, framework, external',
        'Cannot use "staticProps" of ".litestar.json": it is not an object',
      ],
    },
  );
});

test("a byte order mark is no part of it", () => {
  deepEqual(parse(`\uFEFF{"manifest":"m.json"}`).bridge, { manifest: "m.json" });
});

test("what is no object of JSON is refused", () => {
  throws(() => parse('{"assetUrl":'), {
    name: "SyntaxError",
    message: 'Cannot read ".litestar.json": it is not JSON',
  });
  for (const text of ["", "[]", "null", "3"]) throws(() => parse(text), /Cannot read/);
});
