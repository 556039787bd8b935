import { deepEqual, equal, ok, throws } from "node:assert/strict";
import {
  entriesOf,
  normalizeEntry,
  resolveEntries,
  resolveLegacy,
  withoutLoaded,
} from "../../sidecar/entry_assets.ts";
import { type Manifest, parseManifest } from "../../sidecar/manifest.ts";
import { readFixture, VITES } from "../_support/manifest_fixtures.ts";
import { test } from "../_support/test.ts";

const make = (records: Readonly<Record<string, object>>): Manifest =>
  parseManifest(
    JSON.stringify(
      Object.fromEntries(
        Object.entries(records).map(([key, record]) => [key, { file: `${key}.js`, ...record }]),
      ),
    ),
    "dist/manifest.json",
  );

async function fixture(name: string): Promise<Manifest> {
  return parseManifest(await readFixture(name), name);
}

/** Case: assets/main-5Pm-suxE.js -> main.js */
const bare = (files: readonly string[]): readonly string[] =>
  files.map((file) => file.replace(/^assets\/([a-z-]+?)-[\w-]{8}(\.\w+)$/, "$1$2"));

test("resolveEntries() finds an entry with or without a slash", async () => {
  const manifest = await fixture("entries.vite8.json");
  const expected = resolveEntries(manifest, "src/main.ts");
  for (const entry of ["/src/main.ts", "./src/main.ts", "src\\main.ts"]) {
    deepEqual(resolveEntries(manifest, entry), expected);
  }
  equal(normalizeEntry("//src/main.ts"), "src/main.ts");
});

for (const vite of [...VITES, "vite5"]) {
  test(`resolveEntries() finds modules, preloads and style sheets in a manifest of ${vite}`, async () => {
    const manifest = await fixture(`entries.${vite}.json`);
    const assets = resolveEntries(manifest, "src/main.ts");
    deepEqual(bare(assets.scripts), ["main.js"]);
    deepEqual(bare(assets.preloads), ["shared.js"]);
    deepEqual(bare(assets.css), ["shared.css", "main.css"]);
    ok(bare(assets.dynamic).includes("lazy.js"));
    ok(!bare(assets.dynamic).includes("main.js"));
  });

  test(`resolveEntries() takes a style sheet as an entry of ${vite}`, async () => {
    const manifest = await fixture(`entries.${vite}.json`);
    const { scripts, css, preloads, own } = resolveEntries(manifest, "src/styles.css");
    deepEqual([scripts, bare(css), preloads, [...own]], [[], ["styles.css"], [], css]);
  });
}

test("resolveEntries() gives every file once, however many entries share it", async () => {
  const manifest = await fixture("entries.vite8.json");
  const both = resolveEntries(manifest, ["src/main.ts", "src/styles.css", "src/modal.ts"]);
  deepEqual(bare(both.scripts), ["main.js", "modal.js"]);
  deepEqual(bare(both.preloads), ["shared.js"]);
  deepEqual(bare(both.css), ["shared.css", "main.css", "styles.css", "modal.css"]);
  deepEqual(bare(resolveEntries(manifest, ["src/main.ts", "/src/main.ts"]).scripts), ["main.js"]);
});

test("resolveEntries() keeps the order of the entries", async () => {
  const manifest = await fixture("entries.vite8.json");
  const { css, scripts } = resolveEntries(manifest, [
    "src/styles.css",
    "src/modal.ts",
    "src/main.ts",
  ]);
  deepEqual(bare(scripts), ["modal.js", "main.js"]);
  deepEqual(bare(css), ["styles.css", "shared.css", "modal.css", "main.css"]);
});

test("resolveEntries() takes what import() loads as an entry, and ends where its imports lead back", async () => {
  const manifest = await fixture("pages.vite8.json");
  const assets = resolveEntries(manifest, "src/lazy.ts");
  deepEqual(bare(assets.scripts), ["lazy.js"]);
  deepEqual(bare(assets.preloads), ["deep.js", "top.js", "shared.js", "index.js"]);
  deepEqual(bare(assets.css).at(-1), "lazy.css");
});

test("resolveEntries() ends where chunks import each other, at any length", () => {
  const ring = (length: number): Manifest =>
    make(Object.fromEntries(Array.from({ length }, (_, index) => [`r${index}`, {
      isEntry: index === 0,
      imports: [`r${(index + 1) % length}`],
      dynamicImports: [`r${(index + 2) % length}`],
      css: [`r${index}.css`],
    }])));
  for (const length of [1, 2, 3, 2000]) {
    const { scripts, preloads, css, dynamic } = resolveEntries(ring(length), "r0");
    deepEqual(scripts, ["r0.js"]);
    equal(preloads.length, length - 1);
    equal(css.length, length);
    equal(css.at(-1), "r0.css");
    deepEqual(dynamic, []);
  }
});

test("resolveEntries() passes over a chunk that is named, but not listed", () => {
  const manifest = make({
    a: { isEntry: true, imports: ["gone", "_b"], dynamicImports: ["gone"] },
    _b: {},
  });
  deepEqual(resolveEntries(manifest, "a").preloads, ["_b.js"]);
});

test("resolveEntries() adds the one style sheet of a build without cssCodeSplit, for modules", async () => {
  for (const vite of VITES) {
    const manifest = await fixture(`one_css.${vite}.json`);
    deepEqual(bare(resolveEntries(manifest, "src/main.ts").css), ["style.css"]);
    deepEqual(bare(resolveEntries(manifest, ["src/main.ts", "src/modal.ts"]).css), ["style.css"]);
  }
});

test("resolveEntries() takes no other style.css for the one", () => {
  const sheet = { file: "s.css", src: "style.css" };
  const entry = { isEntry: true };
  const css = (records: Readonly<Record<string, object>>) => resolveEntries(make(records), "a").css;
  deepEqual(css({ a: entry, "style.css": sheet }), ["s.css"]);
  deepEqual(css({ a: entry, "style.css": { ...sheet, isEntry: true } }), []);
  deepEqual(css({ a: entry, "style.css": sheet, b: { css: ["b.css"] } }), []);
  deepEqual(css({ a: entry, "style.css": { file: "s.css", src: "other/style.css" } }), []);
});

test("resolveEntries() says which entries there are, the nearest first", async () => {
  const manifest = await fixture("entries.vite8.json");
  const find = (entry: string) => () => resolveEntries(manifest, entry);
  const start = (entry: string) => `Cannot find "${entry}" in the manifest "entries.vite8.json": `;
  const rest = "it lists 3 entries, the nearest first: ";
  const cases: readonly (readonly [string, string])[] = [
    ["src/mdal.ts", `"src/modal.ts", "src/main.ts", "src/styles.css"`],
    ["src/styles.scss", `"src/styles.css", "src/main.ts", "src/modal.ts"`],
    ["modal", `"src/modal.ts", "src/main.ts", "src/styles.css"`],
    ["modal.ts", `"src/modal.ts", "src/main.ts", "src/styles.css"`],
    ["styles.css", `"src/styles.css", "src/main.ts", "src/modal.ts"`],
    ["toString", `"src/main.ts", "src/modal.ts", "src/styles.css"`],
    ["", `"src/main.ts", "src/modal.ts", "src/styles.css"`],
  ];
  for (const [entry, listed] of cases) {
    throws(find(entry), { name: "RangeError", message: start(entry) + rest + listed });
  }
  throws(find("src/logo.svg"), { message: /it is there, but not as an entry; it lists 3 entries/ });
});

test("resolveEntries() lists at most ten entries, and one or none in the singular", () => {
  const many = make(
    Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`e${i}`, { isEntry: true }])),
  );
  throws(() => resolveEntries(many, "zzz"), /it lists 13 entries, .*"e9" and 3 more$/);
  throws(() => resolveEntries(make({ a: { isEntry: true } }), "zzz"), /: it lists 1 entry: "a"$/);
  throws(() => resolveEntries(make({ a: {} }), "zzz"), /: it lists no entry$/);
});

test("withoutLoaded() leaves what a page does not have", async () => {
  const manifest = await fixture("entries.vite8.json");
  const page = resolveEntries(manifest, "src/main.ts");
  const modal = withoutLoaded(resolveEntries(manifest, "src/modal.ts"), page);
  deepEqual([bare(modal.scripts), modal.preloads, bare(modal.css)], [["modal.js"], [], [
    "modal.css",
  ]]);
  const again = withoutLoaded(page, page);
  deepEqual([again.scripts, again.preloads, again.css], [[], [], []]);
});

test("legacy scripts are no entries, and come in the modern tags' place only for old browsers", async () => {
  const manifest = await fixture("legacy.vite7.json");
  deepEqual(entriesOf(manifest), ["src/main.ts", "src/theme.css"]);
  const modern = resolveEntries(manifest, ["src/main.ts", "src/theme.css"]);
  deepEqual(modern.scripts, ["assets/polyfills-Bx0p1nQe.js", "assets/main-CtMcVhJ0.js"]);
  deepEqual(modern.preloads, ["assets/shared-CBPXwbuv.js"]);
  deepEqual(resolveEntries(manifest, "src/theme.css").scripts, []);
  throws(() => resolveEntries(manifest, "src/main-legacy.ts"), RangeError);
  deepEqual(resolveLegacy(manifest, ["src/theme.css", "src/main.ts"]), {
    polyfills: "assets/polyfills-legacy-BwAVxBq6.js",
    scripts: ["assets/theme-legacy-DHw1Z0rN.js", "assets/main-legacy-Zk1tQ7bD.js"],
  });
});

test("a name that ends with -legacy is an entry where no plugin made it", () => {
  const manifest = make({
    "src/app.ts": { isEntry: true },
    "src/app-legacy.ts": { isEntry: true },
  });
  deepEqual(entriesOf(manifest), ["src/app.ts", "src/app-legacy.ts"]);
  deepEqual(resolveEntries(manifest, "src/app-legacy.ts").scripts, ["src/app-legacy.ts.js"]);
  equal(resolveLegacy(manifest, "src/app.ts"), undefined);
});
