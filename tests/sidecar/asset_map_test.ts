import { deepEqual, equal } from "node:assert/strict";
import {
  buildAssetMap,
  chooseResident,
  decodePath,
  isHashedName,
  isLeftOut,
  isLostAsset,
  isPathLeftOut,
  type ScannedFile,
} from "../../sidecar/asset_map.ts";
import { test } from "../_support/test.ts";

const RULES = { prefix: "/static/", assetsDir: "assets", listed: new Set<string>() };

function file(path: string, { size = 1000, mtimeMs = 0 } = {}): ScannedFile {
  return { path, realPath: `/dist/${path}`, size, mtimeMs };
}

test("buildAssetMap() puts every file under the prefix", () => {
  const map = buildAssetMap([file("index.html"), file("assets/ä b.js")], RULES);
  deepEqual([...map.keys()], ["/static/index.html", "/static/assets/ä b.js"]);
  deepEqual([...buildAssetMap([file("a")], { ...RULES, prefix: "/a%20b/" }).keys()], ["/a b/a"]);
});

test("buildAssetMap() offers the codings that lie beside a file and are smaller", () => {
  const files = [
    file("a.js"),
    file("a.js.br", { size: 300 }),
    file("a.js.gz", { size: 400 }),
    file("a.js.zst", { size: 1000 }),
    file("b.tar.gz"),
  ];
  const map = buildAssetMap(files, RULES);
  deepEqual(map.get("/static/a.js")?.variants.map(({ coding }) => coding), [
    undefined,
    "br",
    "gzip",
  ]);
  deepEqual(map.get("/static/b.tar.gz")?.variants.map(({ coding }) => coding), [undefined]);
});

test("buildAssetMap() does not believe a coding that is older than its file", () => {
  const files = (path: string) => [
    file(path, { mtimeMs: 10_000 }),
    file(`${path}.br`, { size: 300, mtimeMs: 5_000 }),
    file(`${path}.gz`, { size: 300, mtimeMs: 9_000 }),
  ];
  const codings = (path: string) =>
    buildAssetMap(files(path), RULES).get(`/static/${path}`)?.variants.map(({ coding }) => coding);
  deepEqual(codings("a.js"), [undefined, "gzip"]);
  // The name tells the content, so its date does not matter.
  deepEqual(codings("assets/index-BxC_12a4.js"), [undefined, "br", "gzip"]);
});

test("decodePath() decodes once, strictly", () => {
  const cases: Record<string, string | undefined> = {
    "/a.js": "/a.js",
    "/%61.js": "/a.js",
    "/a%20b.js": "/a b.js",
    "/%C3%A4.js": "/ä.js",
    "/%252e%252e/a": "/%2e%2e/a",
    "/%2e%2e/a": "/../a",
    "/a%2Fb": undefined,
    "/a%5cb": undefined,
    "/a%00.js": undefined,
    "/a%": undefined,
    "/a%zz": undefined,
    "/%c0%ae%c0%ae/": undefined,
    "/%ff": undefined,
  };
  for (const [path, expected] of Object.entries(cases)) equal(decodePath(path), expected, path);
});

test("a path in another spelling is not in the map, whatever the file system would make of it", () => {
  const map = buildAssetMap([file("assets/Index.js"), file("longfilename.txt")], RULES);
  equal(map.has("/static/assets/Index.js"), true);
  for (
    const path of [
      "/static/assets/index.js",
      "/STATIC/assets/Index.js",
      "/static/assets/Index.js/",
      "/static/assets/Index.js.",
      "/static/assets/Index.js%20",
      "/static/assets/Index.js::$DATA",
      "/static/assets/Index.js:$DATA",
      "/static/assets\\Index.js",
      "/static//assets/Index.js",
      "/static/./assets/Index.js",
      "/static/assets/../assets/Index.js",
      "/static/assets/%2e%2e/assets/Index.js",
      "/static/assets/..%2fassets/Index.js",
      "/static/assets/..;/assets/Index.js",
      "/static/assets/Index.js;v=1",
      "/static/C:/dist/assets/Index.js",
      "/static/\\\\host\\share\\Index.js",
      "//static/assets/Index.js",
      "/static/LONGFI~1.TXT",
      "/static/CON",
      "/static/NUL.js",
      "/static/assets",
      "/static/assets/",
      "/static/",
    ]
  ) {
    const decoded = decodePath(path);
    equal(decoded !== undefined && map.has(decoded), false, path);
  }
});

test("isHashedName() knows Vite's names", () => {
  const rules = {
    assetsDir: "assets",
    listed: new Set(["app/x-D1b2Zk9q.js", "assets/a-abc12DEF.js"]),
  };
  for (
    const path of [
      "assets/index-BxC_12a4.js",
      "assets/index-BxC_12a4.js.map",
      "assets/index-BxC_12a4.js.br",
      "assets/deep/er/index-D1b2Zk9q.css",
      "assets/index.D1b2Zk9q.css",
      "assets/a-abc12DEF.js",
      "assets/a-abc12DEF.js.map",
      "assets/a-abc12DEF.js.br",
      "app/x-D1b2Zk9q.js",
    ]
  ) {
    equal(isHashedName(path, rules), true, path);
  }
});

test("isHashedName() takes no word, date or camera's name for a hash", () => {
  const rules = (path: string) => ({ assetsDir: "assets", listed: new Set([path]) });
  const names = ["my-calendar.js", "my-Calendar.js", "photo-20240101.jpg", "photo-IMG_1234.jpg"];
  for (const name of [...names, "a-chapter1.pdf", "vendor-react-18.js", "my-document.pdf"]) {
    equal(isHashedName(`assets/${name}`, RULES), false, name);
    equal(isHashedName(`assets/${name}`, rules(`assets/${name}`)), false, name);
  }
  for (const name of ["index.js", "index-.js", "index-BxC_12.js", "BxC_12a4.js", "sw.js", "hot"]) {
    equal(isHashedName(`assets/${name}`, rules(`assets/${name}`)), false, name);
  }
});

test("isHashedName() asks more of a name that no build listed, and all of one outside", () => {
  const path = "assets/intro-abc12DEF.js";
  equal(isHashedName(path, { assetsDir: "assets", listed: new Set([path]) }), true);
  equal(isHashedName(path, RULES), false);
  equal(isHashedName("img/index-BxC_12a4.js", RULES), false);
  equal(isHashedName("index-BxC_12a4.js", { assetsDir: "", listed: new Set() }), true);
});

test("isLostAsset() knows a file of another build by its name", () => {
  for (
    const path of ["/static/assets/index-BxC_12a4.js", "/static/assets/x/a-calendar.css"]
  ) {
    equal(isLostAsset(path, RULES), true, path);
  }
  for (
    const path of [
      "/assets/index-BxC_12a4.js",
      "/static/index-BxC_12a4.js",
      "/static/assets/index.js",
      "/static/assets/",
      "/static/users/a-calendar",
    ]
  ) {
    equal(isLostAsset(path, RULES), false, path);
  }
});

test("chooseResident() takes the smallest files, as many as fit", () => {
  const sizes = [5, 300_000, 10, 262_144, 7].map((size) => file(String(size), { size }));
  const chosen = (max: number) => [...chooseResident(sizes, max)].map(({ size }) => size);
  deepEqual(chosen(22), [5, 7, 10]);
  deepEqual(chosen(21), [5, 7]);
  deepEqual(chosen(10_000_000), [5, 7, 10, 262_144]);
  deepEqual(chosen(0), []);
});

test("isLeftOut() leaves hidden names out, but .well-known at the top", () => {
  for (const name of [".env", ".vite", ".git", ".DS_Store", "..", ".", "a\\b", "a\nb", "a\0"]) {
    equal(isLeftOut("", name), true, JSON.stringify(name));
  }
  equal(isLeftOut("", ".well-known"), false);
  equal(isLeftOut("x", ".well-known"), true);
  equal(isLeftOut("", "[...slug].js"), false);
  equal(isLeftOut("", "a..b"), false);
  equal(isPathLeftOut(".well-known/security.txt"), false);
  equal(isPathLeftOut(".well-known/.env"), true);
  equal(isPathLeftOut("a/.vite/manifest.json"), true);
  equal(isPathLeftOut("a/../b"), true);
});
