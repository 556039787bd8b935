import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { defaultTreeAdapter as adapter, type DefaultTreeAdapterTypes as Tree, parse } from "parse5";
import { renderLegacyTags, renderNonceMeta, renderTags } from "../../sidecar/asset_tags.ts";
import { joinAssetUrl } from "../../sidecar/asset_url.ts";
import { parseImportMap } from "../../sidecar/build_info.ts";
import { type EntryAssets, resolveEntries, resolveLegacy } from "../../sidecar/entry_assets.ts";
import { parseManifest } from "../../sidecar/manifest.ts";
import { readFixture, VITES } from "../_support/manifest_fixtures.ts";
import { test } from "../_support/test.ts";

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The elements of a head, as a browser sees them. */
function elementsOf(html: string): readonly Element[] {
  const found: Element[] = [];
  const visit = (node: Tree.Node): void => {
    if (adapter.isElementNode(node) && ["script", "link", "meta"].includes(node.tagName)) {
      const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
      const [child] = node.childNodes;
      const text = child !== undefined && adapter.isTextNode(child) ? child.value : "";
      found.push({ tag: node.tagName, attributes, text });
    }
    if ("childNodes" in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

const ASSETS: EntryAssets = {
  scripts: ["assets/main-1.js"],
  preloads: ["assets/shared-1.js"],
  css: ["assets/shared-1.css", "assets/main-1.css", "assets/styles-1.css"],
  dynamic: ["assets/lazy-1.js"],
  own: new Set(["assets/main-1.js", "assets/styles-1.css"]),
};
const assetUrl = "/static/";
const HASH = `sha384-${"A".repeat(64)}`;
const integrity = new Map(
  [...ASSETS.scripts, ...ASSETS.preloads, ...ASSETS.css, ...ASSETS.dynamic]
    .map((file, index) => [file, HASH.slice(0, -1) + index]),
);

const PAGES = [
  ["pages", "index.html", "/"],
  ["pages", "about.html", "/"],
  ["pages", "docs/index.html", "/"],
  ["cdn_pages", "index.html", "https://cdn.example.com/app/"],
  ["one_css_pages", "index.html", "/static/"],
] as const;

for (const vite of VITES) {
  test(`renderTags() writes what the HTML writer of ${vite} does`, async () => {
    for (const [name, page, base] of PAGES) {
      const manifest = parseManifest(await readFixture(`${name}.${vite}.json`), name);
      const html = await readFixture(`${name}.${vite}.${page.replaceAll("/", "_")}`);
      const ours = renderTags(resolveEntries(manifest, page), { assetUrl: base });
      ok(elementsOf(ours).length > 1);
      deepEqual(elementsOf(ours), elementsOf(html), `${name} ${page}`);
    }
  });
}

test("renderTags() puts the import map of a build in front, as Vite does", async () => {
  const manifest = parseManifest(await readFixture("import_map.vite8.json"), "x");
  const importMap = parseImportMap(await readFixture("import_map.vite8.importmap"), "x");
  const tags = renderTags(resolveEntries(manifest, "index.html"), { assetUrl, importMap });
  const [map, ...others] = elementsOf(tags);
  deepEqual(JSON.parse(map?.text ?? ""), importMap);
  // The page's own map still names a chunk that Vite took out of the bundle.
  deepEqual(others, elementsOf(await readFixture("import_map.vite8.index.html")).slice(1));
});

test("renderTags() writes one tag a line, modules first", () => {
  equal(
    renderTags(ASSETS, { assetUrl }),
    `<script type="module" crossorigin src="/static/assets/main-1.js"></script>
<link rel="modulepreload" crossorigin href="/static/assets/shared-1.js">
<link rel="stylesheet" crossorigin href="/static/assets/shared-1.css">
<link rel="stylesheet" crossorigin href="/static/assets/main-1.css">
<link rel="stylesheet" crossorigin href="/static/assets/styles-1.css">`,
  );
});

test("renderTags() gives attributes to the entries, a nonce and crossorigin to all", () => {
  const attributes = {
    nonce: "abc=",
    crossorigin: "use-credentials",
    "data-a": "x",
    defer: true,
    async: false,
  };
  for (const { attributes: shown } of elementsOf(renderTags(ASSETS, { assetUrl, attributes }))) {
    const isOwn = ASSETS.own.has((shown.src ?? shown.href ?? "").slice(assetUrl.length));
    equal(shown.nonce, "abc=");
    equal(shown.crossorigin, "use-credentials");
    equal(shown["data-a"], isOwn ? "x" : undefined);
    equal(shown.defer, isOwn ? "" : undefined);
    equal("async" in shown, false);
  }
});

test("renderTags() escapes every attribute: a value stays one", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.webPath(), (value, file) => {
      const assets = { ...ASSETS, scripts: [file], preloads: [], css: [], own: new Set([file]) };
      const [script, ...others] = elementsOf(
        renderTags(assets, { assetUrl, attributes: { title: value } }),
      );
      deepEqual(others, []);
      // The parser reads a carriage return as a line break, and a NUL as a replacement.
      const read = value.replace(/\r\n?/g, "\n").replaceAll("\0", "\uFFFD");
      equal(script?.attributes.title, read);
      deepEqual(Object.keys(script?.attributes ?? {}), ["type", "crossorigin", "src", "title"]);
    }),
  );
});

test("renderTags() refuses names of attributes that are none, or not free", () => {
  const render = (name: string) => () =>
    renderTags(ASSETS, { assetUrl, attributes: { [name]: "" } });
  for (const name of ["", "a b", "a=b", 'a"', "a>", "a/b", "a\0", "a\n", "a'", "<a"]) {
    throws(render(name), RangeError, JSON.stringify(name));
  }
  for (const name of ["src", "HREF", "rel", "type", "Integrity"]) {
    throws(render(name), { message: new RegExp(`^Cannot set the attribute "${name}" of a tag: `) });
  }
  for (const name of ["data-x", "@click", ":bind", "x-on:click.prevent", "[attr]"]) render(name)();
});

test("renderTags() takes a nonce that is base64, and no other", () => {
  const render = (nonce: string | boolean) => () =>
    renderTags(ASSETS, { assetUrl, attributes: { nonce } });
  for (const nonce of ["a", "AZaz09+/_-", "abcd==", "YQ="]) {
    match(render(nonce)(), new RegExp(`nonce="${nonce.replace("+", "\\+")}"`));
  }
  for (const nonce of ["", '"', "a b", "a'b", "a===", "=", "{{nonce}}", "é", "a\n", "a;b"]) {
    throws(render(nonce), { name: "TypeError", message: /it is not base64$/ });
  }
  throws(render(true), TypeError);
  ok(!render(false)().includes("nonce"));
});

test("renderTags() with integrity says the same of a module in its tag and in the import map", () => {
  const [map, ...rest] = elementsOf(
    renderTags(ASSETS, { assetUrl, integrity, attributes: { nonce: "x" } }),
  );
  deepEqual([map?.attributes.type, map?.attributes.nonce], ["importmap", "x"]);
  const inMap = (JSON.parse(map?.text ?? "") as { integrity: Record<string, string> }).integrity;
  deepEqual(Object.keys(inMap), ["/static/assets/shared-1.js", "/static/assets/lazy-1.js"]);
  equal(rest.length, 5);
  for (const { attributes } of rest) {
    const url = attributes.src ?? attributes.href ?? "";
    equal(attributes.integrity, integrity.get(url.slice(assetUrl.length)));
    if (url in inMap) equal(inMap[url], attributes.integrity);
  }
});

test("renderTags() with integrity refuses a file without a hash, and a hash that is none", () => {
  const render = (map: ReadonlyMap<string, string>) => () =>
    renderTags(ASSETS, { assetUrl, integrity: map });
  throws(render(new Map()), {
    name: "RangeError",
    message: /^Cannot find the integrity of "assets/,
  });
  for (const hash of ["md5-AAAA", "sha384-", 'sha384-A" onload="x', "sha384-A A"]) {
    throws(render(new Map([...integrity.keys()].map((file) => [file, hash]))), RangeError);
  }
});

test("an import map can't leave its script", () => {
  const importMap = { imports: { "</script><script>alert(1)": "<!--" } };
  const [map, ...rest] = elementsOf(renderTags(ASSETS, { assetUrl, importMap }));
  deepEqual(JSON.parse(map?.text ?? ""), importMap);
  equal(rest.length, 5);
});

test("joinAssetUrl() encodes what would end a path", () => {
  equal(
    joinAssetUrl("/static/", "a b/ü-[id]#1?2%3.js"),
    "/static/a%20b/%C3%BC-%5Bid%5D%231%3F2%253.js",
  );
});

test("renderLegacyTags() writes the tags of the plugin, for browsers without modules", async () => {
  const manifest = parseManifest(await readFixture("legacy.vite7.json"), "x");
  const legacy = resolveLegacy(manifest, "src/main.ts");
  equal(
    legacy && renderLegacyTags(legacy, { assetUrl, attributes: { nonce: "x" } }),
    `<script nomodule crossorigin nonce="x" id="vite-legacy-polyfill" src="/static/assets/polyfills-legacy-BwAVxBq6.js"></script>
<script nomodule crossorigin nonce="x" id="vite-legacy-entry" data-src="/static/assets/main-legacy-Zk1tQ7bD.js">System.import(document.getElementById('vite-legacy-entry').getAttribute('data-src'))</script>`,
  );
});

test("renderNonceMeta() writes where Vite's runtime finds the nonce", () => {
  equal(renderNonceMeta("abc"), `<meta property="csp-nonce" nonce="abc">`);
  equal(renderNonceMeta(undefined), "");
});
