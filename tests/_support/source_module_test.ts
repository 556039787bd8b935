import { deepEqual, throws } from "node:assert/strict";
import { parseSourceModule } from "./source_module.ts";
import { test } from "./test.ts";

const parse = (text: string) => parseSourceModule("x.ts", text);
const names = (text: string) => parse(text).names.map(({ name }) => name);

test("parseSourceModule() finds every way to import", () => {
  const { imports } = parse(`import a from "./a.ts";
import type { B } from "./b.ts";
export { c } from "./c.ts";
export * from "./d.ts";
const e = await import("./e.ts");
type F = import("./f.ts").F;
import g from "./g.js" with { type: "text" };`);
  deepEqual(imports.map(({ specifier, kind, line }) => `${line} ${specifier} ${kind}`), [
    "1 ./a.ts value",
    "2 ./b.ts type",
    "3 ./c.ts value",
    "4 ./d.ts value",
    "5 ./e.ts dynamic",
    "6 ./f.ts type",
    "7 ./g.js text",
  ]);
  deepEqual(imports.filter(({ isStar }) => isStar).map(({ line }) => line), [4]);
});

test("parseSourceModule() takes comments, texts, properties and types for no use of a name", () => {
  deepEqual(names('// fetch()\n"fetch"; `fetch`;\ninterface A { fetch(): Date }\nlet a: Date;'), [
    "a",
  ]);
  deepEqual(names("a.fetch;"), ["a.fetch", "a"]);
  deepEqual(names("({ fetch: 1 });"), []);
});

test("parseSourceModule() finds values in use", () => {
  deepEqual(names("fetch(a);"), ["fetch", "a"]);
  deepEqual(names("({ fetch });"), ["fetch"]);
  deepEqual(names("Math.random();"), ["Math.random", "Math"]);
  deepEqual(names("`${Date}`;"), ["Date"]);
});

test("parseSourceModule() finds a runtime's name wherever it stands", () => {
  const { identifiers } = parse("globalThis.Deno; let b: typeof Bun; // Deno");
  deepEqual(identifiers.map(({ name }) => name), ["globalThis", "Deno", "b", "Bun"]);
});

test("parseSourceModule() finds what waits", () => {
  const { waits } = parse("async () => { await a; for await (const b of c) b; };");
  deepEqual(waits.map(({ name }) => name), ["async", "await", "await"]);
});

test("parseSourceModule() finds default exports", () => {
  deepEqual(parse("export const a = 1;\nexport default a;").defaultExports, [2]);
});

test("parseSourceModule() refuses what it can't parse", () => {
  throws(() => parse("const = ;"), /Cannot parse "x.ts"/);
});
