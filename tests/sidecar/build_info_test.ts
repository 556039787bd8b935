import { deepEqual, doesNotThrow, equal, ok, throws } from "node:assert/strict";
import {
  baseOfPage,
  type BuildInfo,
  checkBase,
  integrityOfBuild,
  parseBuildInfo,
  parseImportMap,
  renderBuildInfo,
} from "../../sidecar/build_info.ts";
import { filesOf, parseManifest } from "../../sidecar/manifest.ts";
import { listFixtures, readFixture } from "../_support/manifest_fixtures.ts";
import { test } from "../_support/test.ts";

const INFO: BuildInfo = {
  base: "/static/",
  viteVersion: "8.3.8",
  versionId: "44136fa355b3678a",
  files: new Map([["assets/a.js", { integrity: "sha384-AAAA" }], ["assets/b.svg", {}]]),
};

test("parseBuildInfo() reads what renderBuildInfo() writes", () => {
  deepEqual(parseBuildInfo(renderBuildInfo(INFO), "x"), INFO);
  const other = { ...INFO, base: null, importMap: "importmap.json", files: new Map() };
  deepEqual(parseBuildInfo(renderBuildInfo(other), "x"), other);
});

test("renderBuildInfo() writes the same text whatever the order of the files", () => {
  const files = new Map([...INFO.files].reverse());
  equal(renderBuildInfo({ ...INFO, files }), renderBuildInfo(INFO));
});

test("parseBuildInfo() takes a file called __proto__, and leaves out what it does not know", () => {
  const text =
    `{"base":"/","viteVersion":"8","versionId":"x","spare":1,"files":{"__proto__":{"integrity":"y","z":1}}}`;
  deepEqual(parseBuildInfo(text, "x"), {
    base: "/",
    viteVersion: "8",
    versionId: "x",
    files: new Map([["__proto__", { integrity: "y" }]]),
  });
});

test("parseBuildInfo() says what is wrong", () => {
  const fields = { base: "/", viteVersion: "8", versionId: "x" };
  const cases = [
    ["{", "SyntaxError", "it is not JSON, or not whole"],
    ["[]", "TypeError", "it is not an object"],
    [JSON.stringify({ ...fields, base: 1 }), "TypeError", '"base" is not a text'],
    [JSON.stringify({ ...fields, files: [] }), "TypeError", '"files" is not an object'],
    [JSON.stringify({ ...fields, files: { a: 1 } }), "TypeError", '"files.a" is not an object'],
    [
      JSON.stringify({ ...fields, files: { a: { integrity: 1 } } }),
      "TypeError",
      '"files.a.integrity" is not a text',
    ],
  ] as const;
  for (const [text, name, state] of cases) {
    const message = `Cannot read "x" as the info of a build: ${state}`;
    throws(() => parseBuildInfo(text, "x"), { name, message });
  }
});

test("integrityOfBuild() gives the hashes, or nothing where there are none", () => {
  deepEqual(integrityOfBuild(INFO), new Map([["assets/a.js", "sha384-AAAA"]]));
  equal(integrityOfBuild({ ...INFO, files: new Map([["a", {}]]) }), undefined);
});

test("parseImportMap() reads Vite's, and refuses others", async () => {
  const { imports } = parseImportMap(await readFixture("import_map.vite8.importmap"), "x");
  ok(Object.keys(imports ?? {}).length > 3);
  for (const text of ["{}", '{"imports":[]}', '{"imports":{"a":1}}', '{"imports":null}']) {
    throws(() => parseImportMap(text, "x"), {
      name: "TypeError",
      message: /as an import map: "imp/,
    });
  }
});

test("baseOfPage() finds the base in the pages of every Vite", async () => {
  const bases: Readonly<Record<string, string>> = {
    pages: "/",
    cdn_pages: "https://cdn.example.com/app/",
    relative_pages: "./",
    one_css_pages: "/static/",
    import_map: "/static/",
  };
  const pages = await listFixtures(".html");
  ok(pages.length > 15);
  for (const page of pages) {
    const [name = "", vite] = page.split(".");
    const manifest = parseManifest(await readFixture(`${name}.${vite}.json`), page);
    equal(baseOfPage(await readFixture(page), filesOf(manifest)), bases[name], page);
  }
});

test("baseOfPage() takes the longest name of a file, and none that is not built", () => {
  const files = new Set(["assets/main.js", "main.js", "a b.js"]);
  equal(baseOfPage('<script src="/static/assets/main.js">', files), "/static/");
  equal(baseOfPage('<script src="main.js">', files), "./");
  equal(baseOfPage('<script src="/x/a%20b.js">', files), "/x/");
  equal(baseOfPage('<script src="/%/main.js">', files), "/%/");
  equal(baseOfPage('<script src="/other.js"><link href="/favicon.svg">', files), undefined);
  equal(baseOfPage("", files), undefined);
});

test("checkBase() lets a build be served where it was built for", () => {
  const pairs = [
    ["/static/", "/static/"],
    ["/static/", "/static"],
    ["/static", "/static/"],
    ["https://cdn.example.com/app/", "https://CDN.example.com:443/app"],
    ["./", "/anywhere/"],
    ["", "https://cdn.example.com/"],
    [null, "/anywhere/"],
    [undefined, "/anywhere/"],
  ] as const;
  for (const [base, assetUrl] of pairs) doesNotThrow(() => checkBase(base, assetUrl, "dist"));
});

test("checkBase() refuses every other place", () => {
  throws(() => checkBase("/", "/static/", "dist"), {
    name: "RangeError",
    message: 'Cannot serve "dist" under "/static/": it was built for the base "/"',
  });
  const pairs = [
    ["/static/", "/"],
    ["/static/", "/Static/"],
    ["/static/", "https://cdn.example.com/static/"],
    ["https://cdn.example.com/static/", "/static/"],
    ["https://cdn.example.com/", "https://other.example.com/"],
    ["https://cdn.example.com/", "http://cdn.example.com/"],
    ["static", "/static/"],
    ["//cdn.example.com/", "https://cdn.example.com/"],
  ] as const;
  for (const [base, assetUrl] of pairs) {
    throws(() => checkBase(base, assetUrl, "dist"), RangeError, `${base} ${assetUrl}`);
  }
});
