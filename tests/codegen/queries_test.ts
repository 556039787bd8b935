/** Queries: cases 41 to 51. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { test } from "../_support/test.ts";
import { caseOf } from "./_support/cases.ts";
import { codes, load, type LoadedRoutes, paramsOf, sound, throwsCode } from "./_support/sound.ts";

const loadCase = (key: string): Promise<LoadedRoutes> => load(sound(caseOf(key)));

test("case 41: lists are written as their parameter says", async () => {
  const { route } = await loadCase("41");
  equal(route("a", { tags: ["x", "y,z"] }), "/a?tags=x&tags=y%2Cz");
  equal(route("a", { csv: ["x", "y,z"] }), "/a?csv=x,y%2Cz");
  equal(route("a", { pipe: ["a", "b"] }), "/a?pipe=a%7Cb");
  equal(route("a", { space: ["a", "b"] }), "/a?space=a%20b");
  equal((await loadCase("41b")).route("a", { tags: ["x", "y"] }), "/a?tags%5B%5D=x&tags%5B%5D=y");
  equal((await loadCase("41c")).route("a", { tags: ["x", "y"] }), "/a?tags%5B0%5D=x&tags%5B1%5D=y");
});

test("case 42: objects are written at any depth, or flat where their parameter says so", async () => {
  const { route } = await loadCase("42");
  equal(route("a", { f: { a: 1, b: { c: 2 } } }), "/a?f%5Ba%5D=1&f%5Bb%5D%5Bc%5D=2");
  equal(route("a", { expand: ["x"] }), "/a?expand%5B0%5D=x");
  equal(route("a", { flat: { a: 1, b: 2 } }), "/a?a=1&b=2");
  equal(
    route("a", { _query: { list: [{ x: 1 }, { x: 2 }] } }),
    "/a?list%5B0%5D%5Bx%5D=1&list%5B1%5D%5Bx%5D=2",
  );
});

test("case 43: a parameter with content is JSON", async () => {
  const { route } = await loadCase("43");
  equal(route("a", { filter: { x: 1 } }), `/a?filter=${encodeURIComponent('{"x":1}')}`);
  equal(
    paramsOf(sound(caseOf("43")), "a"),
    `  readonly "filter"?: { readonly "x"?: number | undefined } | undefined;`,
  );
});

test("case 44: what is nothing is left out, what is no value throws", async () => {
  const { route } = await loadCase("44");
  const url = (_query: object): string => route("a", { _query });
  equal(url({ a: null, b: undefined, c: [], d: {} }), "/a");
  equal(url({ a: [null, 1] }), "/a?a=1");
  equal(url({ a: true, b: new Date(0), c: 10n }), "/a?a=true&b=1970-01-01T00%3A00%3A00.000Z&c=10");
  for (const value of [NaN, Infinity, () => 1, Symbol(), new Date(NaN), "\ud800"]) {
    throwsCode(() => url({ a: value }), "param-type");
  }
  const other = (await loadCase("44b")).route;
  equal(other("a", { _query: { a: null, b: true, c: false, d: undefined } }), "/a?a=&b=1&c=0");
});

test("case 45: names are written as they are, and encoded", async () => {
  const { route } = await loadCase("45");
  const names = ["page[size]", "filter.name", "X-Y", "$top", "a b", "page-size", "class"];
  for (const name of names) {
    equal(route("a", { [name]: 1 }), `/a?${encodeURIComponent(name)}=1`);
    ok(
      paramsOf(sound(caseOf("45")), "a").includes(
        `readonly ${JSON.stringify(name)}?: number | undefined;`,
      ),
    );
  }
});

test("case 46: of a path and a query parameter with one name, the query's is in _query", async () => {
  const generated = sound(caseOf("46"));
  deepEqual(codes(generated), ["reserved-param"]);
  equal(paramsOf(generated, "a"), `  readonly "id": number | string;`);
  const { route } = await load(generated);
  equal(route("a", { id: 1, _query: { id: "x" } }), "/a/1?id=x");
});

test("case 47: reserved names are reached through _query", async () => {
  const generated = sound(caseOf("47"));
  deepEqual(codes(generated), ["reserved-param"]);
  const { route } = await load(generated);
  equal(
    route("a", { method: "m", _hash: "h", _query: { _query: "q", _hash: "x" } }),
    "/a?method=m&_query=q&_hash=x#h",
  );
});

test("case 48: a required query parameter is required when it runs, too", async () => {
  const { route } = await loadCase("48");
  throws(() => route("required", {}), /missing parameter "q"/);
  equal(route("required", { q: "" }), "/required?q=");
  equal(route("optional"), "/optional");
});

test("case 49: enums are unions, as far as a reader can read them", () => {
  const generated = sound(caseOf("49"));
  const text = paramsOf(generated, "a");
  deepEqual(codes(generated), ["bad-enum"]);
  for (
    const line of [
      `readonly "sort"?: "asc" | "desc" | undefined;`,
      `readonly "level"?: 1 | 2 | -3 | undefined;`,
      `readonly "mixed"?: "a" | 1 | true | undefined;`,
      `readonly "nullable"?: "x" | undefined;`,
      `readonly "quoted"?: "a\\"b" | "c\\nd" | "*/PWN()" | "\`\${PWN()}\`" | undefined;`,
      `readonly "many"?: string | undefined;`,
      `readonly "none"?: string | undefined;`,
      `readonly "fixed"?: "only" | undefined;`,
    ]
  ) ok(text.includes(line), `${line} in\n${text}`);
});

test("case 50: reserved characters stay where they may; headers and cookies are no part of a URL", async () => {
  const { route } = await loadCase("50");
  equal(route("a", { r: ":/?#[]@!$&'()*+,;= é" }), "/a?r=:/?%23[]@!$%26'()*%2B,;=%20%C3%A9");
  equal(paramsOf(sound(caseOf("50")), "a"), `  readonly "r"?: string | undefined;`);
});

test("case 51: defaults and deprecations are shown; what has a default may be missing", () => {
  equal(
    paramsOf(sound(caseOf("51")), "a"),
    `  readonly "empty"?: string | undefined;
  /**
   * @default "*\\/PWN()/*"
   * @deprecated
   */
  readonly "old"?: string | undefined;
  /** @default 20 */
  readonly "size"?: number | undefined;`,
  );
});

test("a hash is encoded, and wins over the route's own", async () => {
  const { route } = await loadCase("44");
  equal(route("a", { _hash: "a b#c" }), "/a#a%20b%23c");
  equal((await loadCase("35")).route("hash", { _hash: "x" }), "/#x");
});

test("a list under _query is not taken for one of its entries", async () => {
  const { route } = await loadCase("44");
  equal(route("a", { x: [1, 2], _query: { x: 3 } }), "/a?x=3");
});
