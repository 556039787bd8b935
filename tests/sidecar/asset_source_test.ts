import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import { type Assets, type BuiltAssets, createAssets } from "../../sidecar/asset_source.ts";
import { versionIdOf } from "../../sidecar/asset_version.ts";
import type { TagAttributes } from "../../sidecar/html_tag.ts";
import { parseManifest } from "../../sidecar/manifest.ts";
import { readFixture } from "../_support/manifest_fixtures.ts";
import { test } from "../_support/test.ts";

async function readBuild(fixture: string): Promise<BuiltAssets> {
  const text = await readFixture(fixture);
  return { manifest: parseManifest(text, fixture), versionId: versionIdOf(text) };
}

async function createBuilt(fixture = "entries.vite8.json"): Promise<Assets> {
  const built = await readBuild(fixture);
  const hasFile = (path: string) => path === "favicon.svg";
  return createAssets({ kind: "built", current: () => built, assetUrl: "/static/", hasFile });
}

const dev = createAssets({ kind: "dev", base: "/static/", isReact: true });
const urls = (tags: string): readonly string[] =>
  [...tags.matchAll(/ (?:src|href)="\/static\/([^"]+)"/g)].map(([, url = ""]) =>
    url.replace(/^assets\/([a-z]+)-[\w-]{8}/, "$1")
  );

test("the same calls give sources in development and built files in production", async () => {
  const built = await createBuilt();
  deepEqual(urls(dev.tags("src/main.ts")), ["@vite/client", "src/main.ts"]);
  deepEqual(urls(built.tags("src/main.ts")), ["main.js", "shared.js", "shared.css", "main.css"]);
  deepEqual(urls(dev.tags(["src/modal.ts", "src/styles.css"])), [
    "@vite/client",
    "src/modal.ts",
    "src/styles.css",
  ]);
  deepEqual(urls(built.tags(["src/modal.ts", "src/styles.css"])), [
    "modal.js",
    "shared.js",
    "shared.css",
    "modal.css",
    "styles.css",
  ]);
});

test("tags() of a development has React's preamble before the entries, where there is React", () => {
  const tags = dev.tags("src/main.tsx");
  ok(tags.indexOf("@react-refresh") < tags.indexOf("src/main.tsx"));
  const plain = createAssets({ kind: "dev", base: "/", isReact: false });
  ok(!plain.tags("src/main.ts").includes("react"));
  equal(plain.reactRefreshTag(), "");
});

test("tags() with a nonce says it in every tag and to Vite's runtime", async () => {
  for (const assets of [dev, await createBuilt()]) {
    const tags = assets.tags("src/main.ts", { nonce: "abc" });
    match(tags, /^<meta property="csp-nonce" nonce="abc">\n/);
    for (const line of tags.match(/<(?:script|link|meta)[^>]*>/g) ?? []) {
      match(line, / nonce="abc"/);
    }
    throws(() => assets.tags("src/main.ts", { nonce: '"' }), TypeError);
  }
});

test("hmrTags() and reactRefreshTag() are there with Vite only", async () => {
  const built = await createBuilt();
  equal(
    dev.hmrTags({ nonce: "abc" }),
    // Without the meta element the styles that the client adds are refused.
    `<meta property="csp-nonce" nonce="abc">
<script type="module" crossorigin src="/static/@vite/client" nonce="abc"></script>`,
  );
  equal(
    dev.hmrTags(),
    `<script type="module" crossorigin src="/static/@vite/client"></script>`,
  );
  match(dev.reactRefreshTag({ nonce: "abc" }), /^<script type="module" nonce="abc">/);
  deepEqual([built.hmrTags(), built.reactRefreshTag()], ["", ""]);
});

test("partial() leaves out what the page has", async () => {
  const built = await createBuilt();
  const after = "src/main.ts";
  deepEqual(urls(built.partial("src/modal.ts", { after })), ["modal.js", "modal.css"]);
  deepEqual(urls(built.partial("src/modal.ts")), [
    "modal.js",
    "shared.js",
    "shared.css",
    "modal.css",
  ]);
  deepEqual(urls(built.partial("src/main.ts", { after: ["/src/main.ts"] })), []);
  deepEqual(urls(dev.partial("src/modal.ts", { after })), ["src/modal.ts"]);
  deepEqual(urls(dev.partial(["src/main.ts"], { after: ["/src/main.ts"] })), []);
});

test("partial() brings no client, preamble, import map or meta", async () => {
  const build = await readBuild("entries.vite8.json");
  const integrity = new Map(
    [...build.manifest.records.values()].flatMap(({ file, css }) => [file, ...css])
      .map((file) => [file, "sha384-AAAA"]),
  );
  const current = () => ({ ...build, integrity });
  const built = createAssets({ kind: "built", current, assetUrl: "/static/" });
  match(built.tags("src/modal.ts"), /^<script type="importmap">/);
  const attributes = { nonce: "abc" };
  for (const assets of [built, dev]) {
    const tags = assets.partial("src/modal.ts", { attributes });
    ok(!/importmap|<meta|@vite|refresh/.test(tags));
    match(tags, / nonce="abc"/);
  }
  match(built.partial("src/modal.ts"), / integrity="sha384-AAAA"/);
});

test("tags() that were rendered before take the nonce and the attributes of this call", async () => {
  const built = await createBuilt();
  const tags = (attributes?: TagAttributes) => built.tags("src/main.ts", attributes);
  for (let round = 0; round < 2; round++) {
    equal(tags({ nonce: "abc" }).match(/ nonce="abc"/g)?.length, 5);
    equal(tags({ nonce: "xyz" }), tags({ nonce: "abc" }).replaceAll("abc", "xyz"));
    for (const none of [undefined, {}, { nonce: undefined }, { nonce: false }]) {
      ok(!tags(none).includes("nonce"));
    }
    match(tags({ nonce: "abc", defer: true, "data-x": "1" }), / nonce="abc" defer data-x="1">/);
    ok(!tags({ nonce: "abc", "data-x": "2" }).includes("defer"));
    for (const nonce of ['"', "", true]) throws(() => tags({ nonce }), TypeError);
    throws(() => tags({ src: "x" }), RangeError);
  }
});

test("asset() gives the URL of a source, or of a file in publicDir", async () => {
  const built = await createBuilt();
  match(built.asset("src/logo.svg"), /^\/static\/assets\/logo-[\w-]{8}\.svg$/);
  match(built.asset("/src/logo.svg?v=1#a/b"), /^\/static\/assets\/logo-[\w-]{8}\.svg\?v=1#a\/b$/);
  equal(built.asset("favicon.svg"), "/static/favicon.svg");
  equal(dev.asset("src/logo.svg#x"), "/static/src/logo.svg#x");
  equal(dev.asset("/favicon.svg"), "/static/favicon.svg");
  throws(() => built.asset("src/lgo.svg"), {
    name: "RangeError",
    message: 'Cannot find "src/lgo.svg" in the manifest "entries.vite8.json": ' +
      'it is no source of the build, the nearest is "src/logo.svg"',
  });
  for (const path of ["../secret", "toString", ""]) throws(() => built.asset(path), RangeError);
});

test("an assetUrl of another server goes into every URL", async () => {
  const built = await readBuild("entries.vite8.json");
  const assetUrl = "https://cdn.example.com/app/";
  const assets = createAssets({ kind: "built", current: () => built, assetUrl });
  equal(
    assets.tags("src/main.ts").split(' crossorigin src="https://cdn.example.com/app/').length,
    2,
  );
  match(assets.asset("src/logo.svg"), /^https:\/\/cdn\.example\.com\/app\/assets\//);
});

test("legacyTags() is there where the plugin was", async () => {
  match((await createBuilt("legacy.vite7.json")).legacyTags("src/main.ts"), /<script nomodule/);
  equal((await createBuilt()).legacyTags("src/main.ts"), "");
  equal(dev.legacyTags("src/main.ts"), "");
});

test("versionId is constant in development, and of the manifest in production", async () => {
  const built = await createBuilt();
  equal(dev.versionId, createAssets({ kind: "dev", base: "/", isReact: false }).versionId);
  equal(built.versionId, versionIdOf(await readFixture("entries.vite8.json")));
  notEqual(built.versionId, (await createBuilt("entries.vite7.json")).versionId);
});

test("another build is seen by the next call, whole", async () => {
  const builds = [await readBuild("entries.vite8.json"), await readBuild("entries.vite5.json")];
  let at = 0;
  const current = () => builds[at]!;
  const assets = createAssets({ kind: "built", current, assetUrl: "/" });
  const before = [assets.tags("src/main.ts"), assets.versionId];
  at = 1;
  const after = [assets.tags("src/main.ts"), assets.versionId];
  notEqual(after[0], before[0]);
  notEqual(after[1], before[1]);
  at = 0;
  deepEqual([assets.tags("src/main.ts"), assets.versionId], before);
});

test("two sidecars in one process share nothing", async () => {
  const one = await createBuilt("entries.vite8.json");
  const other = await createBuilt("legacy.vite7.json");
  notEqual(one.tags("src/main.ts"), other.tags("src/main.ts"));
  throws(() => other.tags("src/modal.ts"), RangeError);
  ok(one.tags("src/modal.ts"));
});

test("any number of entries in use keeps the memory bounded and the answers right", () => {
  const records = Object.fromEntries(
    Array.from({ length: 2500 }, (_, i) => [`e${i}`, { file: `e${i}.js`, isEntry: true }]),
  );
  const built = { manifest: parseManifest(JSON.stringify(records), "x"), versionId: "x" };
  const assets = createAssets({ kind: "built", current: () => built, assetUrl: "/" });
  for (const key of [...Object.keys(records), "e0", "e2499"]) {
    equal(assets.tags(key), `<script type="module" crossorigin src="/${key}.js"></script>`);
  }
});
