import { deepEqual } from "node:assert/strict";
import { resolve } from "node:path";
import { disagreements, type OurAnswers } from "../../sidecar/disagreements.ts";
import type { ViteConfigAnswers } from "../../sidecar/vite_protocol.ts";
import { test } from "../_support/test.ts";

const root = resolve("/project");
const BUILD = { bundleDir: resolve(root, "dist"), isBundleDirGiven: false, manifest: undefined };

const dev = (said: ViteConfigAnswers, ours: Partial<OurAnswers> = {}): string[] =>
  disagreements(said, { root, assetUrl: undefined, ...ours });
const build = (
  said: ViteConfigAnswers,
  ours: { readonly assetUrl?: string } & Partial<typeof BUILD | { manifest: string }> = {},
): string[] => {
  const { assetUrl, ...rest } = ours;
  return disagreements(said, { root, assetUrl, build: { ...BUILD, ...rest } });
};

test("where only one says something there is no disagreement", () => {
  deepEqual(dev({}), []);
  deepEqual(dev({ base: "/x/", outDir: "o", manifest: false }), []);
  deepEqual(dev({}, { base: "/x/", assetUrl: "/y/" }), []);
  deepEqual(build({}, { assetUrl: "/y/" }), []);
  deepEqual(build({ base: "/x/" }), []);
});

test("two spellings of one place are none", () => {
  deepEqual(dev({ base: "/static" }, { base: "/static/" }), []);
  deepEqual(build({ base: "/static" }, { assetUrl: "/static/" }), []);
  deepEqual(build({ base: "/static/" }, { assetUrl: "https://cdn.test/static/" }), []);
  deepEqual(build({ outDir: "./dist/" }), []);
  deepEqual(build({ outDir: resolve(root, "dist") }), []);
  deepEqual(build({ manifest: "manifest.json" }), []);
  deepEqual(build({ manifest: true }, { manifest: "m.json" }), []);
});

test("a base differs in development from ours, or from that of a build", () => {
  deepEqual(dev({ base: "/x/" }, { base: "/y/", assetUrl: "/z/" }), [
    'vite.config says base "/x/", and the option base "/y/": "/y/" counts; take one of them out',
  ]);
  deepEqual(dev({ base: "./" }, { assetUrl: "/z/" }), [
    'vite.config says base "./", and assetUrl is "/z/": the first counts in development, the second for a build; ' +
    "take base out of vite.config",
  ]);
  deepEqual(dev({ base: "/x/" }, { assetUrl: "/z/", isAssetUrlBase: true }), [
    'vite.config says base "/x/", and assetUrl is "/z/": the second counts, as the app makes the pages; ' +
    "take base out of vite.config",
  ]);
});

test("of a build, everything that differs is told", () => {
  deepEqual(
    build({ base: "/x/", outDir: "out", manifest: false }, {
      assetUrl: "/y/",
      isBundleDirGiven: true,
    }),
    [
      'vite.config says base "/x/", and assetUrl is "/y/": the build is made for "/y/"; take base out of vite.config',
      'vite.config says build.outDir "out", and bundleDir is "dist": the build goes to "dist"; take outDir out of ' +
      "vite.config",
      "vite.config says build.manifest false: one is written all the same, as tags need it",
    ],
  );
});

test("what would not be found by what serves it is told", () => {
  deepEqual(build({ outDir: "out", manifest: "m.json" }), [
    'vite.config puts the build into "out", and what serves it looks into "dist": set bundleDir to "out"',
    'vite.config says build.manifest "m.json", and what serves it looks for ".vite/manifest.json" and "manifest.json": ' +
    'set manifest to "m.json"',
  ]);
  deepEqual(build({ manifest: "m.json" }, { manifest: "n.json" }), [
    'vite.config says build.manifest "m.json", and manifest is "n.json": it is written as "n.json"; take one of them out',
  ]);
});
