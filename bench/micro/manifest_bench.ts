/**
 * What a build costs: its manifest once, and the tags of a page with each request.
 *
 * Run it with `deno bench -A bench/micro/manifest_bench.ts`.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { createAssets } from "../../sidecar/asset_source.ts";
import { versionIdOf } from "../../sidecar/asset_version.ts";
import { resolveEntries } from "../../sidecar/entry_assets.ts";
import { parseManifest } from "../../sidecar/manifest.ts";

const CHUNKS = 1000;

/** A large app: pages that import() loads, each with its style sheet and four of fifty shared chunks. */
function fixture(): string {
  const shared = Array.from({ length: 50 }, (_, index) => [`_shared${index}-AAAAAAAA.js`, {
    file: `assets/shared${index}-AAAAAAAA.js`,
    name: `shared${index}`,
    imports: index === 0 ? [] : [`_shared${Math.floor(index / 2)}-AAAAAAAA.js`],
    css: [`assets/shared${index}-AAAAAAAA.css`],
  }]);
  const pages = Array.from({ length: CHUNKS - 51 }, (_, index) => [`src/pages/${index}.tsx`, {
    file: `assets/page${index}-AAAAAAAA.js`,
    name: `page${index}`,
    src: `src/pages/${index}.tsx`,
    isDynamicEntry: true,
    imports: [1, 2, 3, 4].map((step) => `_shared${(index * step) % 50}-AAAAAAAA.js`),
    css: [`assets/page${index}-AAAAAAAA.css`],
  }]);
  const main = {
    file: "assets/main-AAAAAAAA.js",
    name: "main",
    src: "src/main.tsx",
    isEntry: true,
    imports: [1, 7, 12].map((index) => `_shared${index}-AAAAAAAA.js`),
    dynamicImports: pages.map(([key]) => key),
    css: ["assets/main-AAAAAAAA.css"],
  };
  return JSON.stringify(Object.fromEntries([...shared, ...pages, ["src/main.tsx", main]]));
}

const TEXT = fixture();
const MANIFEST = parseManifest(TEXT, "manifest.json");
const built = { manifest: MANIFEST, versionId: versionIdOf(TEXT) };
const assets = createAssets({ kind: "built", current: () => built, assetUrl: "/static/" });
const dev = createAssets({ kind: "dev", base: "/", isReact: true });
const NONCE = { nonce: "rAnd0mrAnd0mrAnd0mrAnd==" };
const TAGS = assets.tags("src/main.tsx", NONCE);

equal(MANIFEST.records.size, CHUNKS);
equal(assets.tags("src/main.tsx", NONCE), TAGS);

const encoder = new TextEncoder();
let bytes = 0;
/** A concatenation costs nothing until somebody reads it: every candidate pays for the bytes that go out. */
const toBytes = (text: string): void => void (bytes += encoder.encode(text).length);

const once = `a manifest of ${CHUNKS} chunks, once per deploy`;
Deno.bench({ name: "JSON.parse()", group: once, baseline: true, fn: () => void JSON.parse(TEXT) });
Deno.bench({ name: "parseManifest()", group: once, fn: () => void parseManifest(TEXT, "x") });
Deno.bench({ name: "versionIdOf()", group: once, fn: () => void versionIdOf(TEXT) });
Deno.bench({
  name: "resolveEntries()",
  group: once,
  fn: () => void resolveEntries(MANIFEST, "src/main.tsx"),
});

const each = "the tags of a page, with each request";
Deno.bench({ name: "a constant", group: each, baseline: true, fn: () => toBytes(TAGS) });
Deno.bench({ name: "tags()", group: each, fn: () => toBytes(assets.tags("src/main.tsx")) });
Deno.bench({
  name: "tags(), with a nonce",
  group: each,
  fn: () => toBytes(assets.tags("src/main.tsx", NONCE)),
});
Deno.bench({
  name: "partial()",
  group: each,
  fn: () => toBytes(assets.partial("src/pages/7.tsx", { after: "src/main.tsx" })),
});
Deno.bench({
  name: "tags() in development",
  group: each,
  fn: () => toBytes(dev.tags("src/main.tsx")),
});
