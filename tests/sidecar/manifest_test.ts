import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { filesOf, parseManifest } from "../../sidecar/manifest.ts";
import { listFixtures, readFixture } from "../_support/manifest_fixtures.ts";
import { test } from "../_support/test.ts";

const parse = (value: unknown) => parseManifest(JSON.stringify(value), "dist/manifest.json");

function refusal(text: string): unknown {
  try {
    parseManifest(text, "dist/manifest.json");
  } catch (error) {
    return error;
  }
  throw new Error("It is read");
}

test("parseManifest() reads what Vite 5 to 8 write", async () => {
  const names = await listFixtures(".json");
  ok(names.length >= 20);
  for (const name of names) {
    const text = await readFixture(name);
    const manifest = parseManifest(text, name);
    equal(manifest.place, name);
    deepEqual([...manifest.records.keys()], Object.keys(JSON.parse(text)));
  }
});

test("parseManifest() gives every record the same fields, and leaves out what it does not know", () => {
  const { records } = parse({
    "src/a.ts": { file: "assets/a.js", isEntry: true, spare: { x: 1 } },
  });
  deepEqual(records.get("src/a.ts"), {
    file: "assets/a.js",
    names: [],
    isEntry: true,
    isDynamicEntry: false,
    imports: [],
    dynamicImports: [],
    css: [],
    assets: [],
  });
});

test("parseManifest() keeps the names that a style sheet has since Vite 7", async () => {
  const names = async (fixture: string) =>
    parseManifest(await readFixture(fixture), fixture).records.get("src/styles.css")?.names;
  deepEqual(await names("entries.vite8.json"), ["styles.css"]);
  deepEqual(await names("entries.vite7.json"), ["styles.css"]);
  deepEqual(await names("entries.vite6.json"), []);
});

test("parseManifest() takes keys that are names of JavaScript's own", () => {
  const text = `{"__proto__":{"file":"p.js","isEntry":true},"constructor":{"file":"c.js"}}`;
  const { records } = parseManifest(text, "x");
  deepEqual([...records.keys()], ["__proto__", "constructor"]);
  equal(records.get("__proto__")?.file, "p.js");
  equal(records.get("toString"), undefined);
  equal(({} as { file?: string }).file, undefined);
});

test("parseManifest() takes a byte order mark", () => {
  equal(parseManifest(`\uFEFF{"a":{"file":"a.js"}}`, "x").records.size, 1);
});

test("parseManifest() refuses a text that is half written, at every place", async () => {
  const text = (await readFixture("entries.vite8.json")).trimEnd();
  for (let end = 0; end < text.length; end++) {
    throws(() => parseManifest(text.slice(0, end), "x"), SyntaxError);
  }
});

test("parseManifest() says of a text what is wrong with it", () => {
  const manifest = 'Cannot read "dist/manifest.json" as a manifest: ';
  const cases: readonly (readonly [string, string])[] = [
    ["", "SyntaxError: " + manifest + "it is empty"],
    ["{", "SyntaxError: " + manifest + "it is not JSON, or not whole"],
    ["[]", "TypeError: " + manifest + "it is not an object"],
    ["null", "TypeError: " + manifest + "it is not an object"],
    ["{}", "TypeError: " + manifest + "it lists nothing"],
    ['{"a.js":"a.1.js"}', `TypeError: ${manifest}"a.js" is not an object`],
    ['{"a":["/a.js"]}', `TypeError: ${manifest}"a" is not an object`],
    ['{"a":{}}', `TypeError: ${manifest}"a".file is not a text`],
    ['{"a":{"file":"a.js","css":"a.css"}}', `TypeError: ${manifest}"a".css is not a list`],
    ['{"a":{"file":"a.js","css":[1]}}', `TypeError: ${manifest}"a".css.0 is not a text`],
    ['{"a":{"file":"a.js","isEntry":1}}', `TypeError: ${manifest}"a".isEntry is neither true nor`],
  ];
  for (const [text, message] of cases) ok(String(refusal(text)).startsWith(message), text);
});

test("parseManifest() refuses files outside of the bundle directory", () => {
  const outside = [
    "",
    "/a.js",
    "//evil.test/a.js",
    "https://evil.test/a.js",
    "javascript:alert(1)",
    "../a.js",
    "assets/../../a.js",
    "./a.js",
    "a/.",
    "a\\..\\b.js",
    "C:/a.js",
    "a\0.js",
    "a\nb.js",
  ];
  for (const file of outside) {
    throws(() => parse({ a: { file } }), TypeError, file);
    throws(() => parse({ a: { file: "a.js", css: [file] } }), TypeError, file);
    throws(() => parse({ a: { file: "a.js", assets: [file] } }), TypeError, file);
  }
  for (const file of ["a.js", "..a.js", "a..js", "assets/.a/b c.js", "ä/[id]-$1.js", "a#b?.js"]) {
    equal(parse({ a: { file } }).records.get("a")?.file, file);
  }
});

test("parseManifest() gives a manifest or an error of ours, whatever it reads", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
  );
  fc.assert(fc.property(texts, (text) => {
    try {
      return parseManifest(text, "x").records.size > 0;
    } catch (error) {
      return /^(?:Syntax|Type)Error: Cannot read "x" as a manifest: /.test(String(error));
    }
  }));
});

test("filesOf() gives every file once", async () => {
  const manifest = parseManifest(await readFixture("entries.vite8.json"), "x");
  const files = [...filesOf(manifest)];
  equal(new Set(files).size, files.length);
  deepEqual(files.filter((file) => /\.svg$/.test(file)).length, 1);
  ok(files.some((file) => /^assets\/lazy-.*\.css$/.test(file)));
  ok(files.every((file) => file.startsWith("assets/")));
});
