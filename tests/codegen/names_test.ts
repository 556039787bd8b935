/** Names of routes, parameters and pages, however hostile: cases 1 to 22. */
import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import { parseSync } from "oxc-parser";
import { test } from "../_support/test.ts";
import { caseOf } from "./_support/cases.ts";
import {
  codes,
  identifiers,
  load,
  type LoadedRoutes,
  paramsOf,
  sound,
  textOf,
} from "./_support/sound.ts";

const loadCase = (key: string): Promise<LoadedRoutes> => load(sound(caseOf(key)));
type Handles = { readonly [name: string]: (() => string) & { readonly routeName: string } };
const exportsOf = (key: string, path: string): Promise<Handles> =>
  load<Handles>(sound(caseOf(key)), path);

test("case 1: an apostrophe in a name is part of the name", async () => {
  const { route } = await loadCase("1");
  equal(route("o'brien"), "/a");
});

test("case 2: quotes and backslashes round-trip, at the end too", async () => {
  const { route, router } = await loadCase("2");
  deepEqual([...router.names()].sort(), ['a"b', "a\\", "a\\b"]);
  equal(route('a"b'), "/a");
  equal(route("a\\b"), "/b");
  equal(route("a\\"), "/c");
});

test("case 3: what looks like a template literal is text", async () => {
  const { route } = await loadCase("3");
  equal(route("`${PWN()}"), "/%60$%7BPWN()%7D%60");
  for (const { path, text } of sound(caseOf("3")).files) {
    if (path === "routes-runtime.ts") continue;
    const { program } = parseSync(path, text);
    equal(JSON.stringify(program).includes('"TemplateLiteral"'), false);
  }
});

test("case 4: a comment can't be ended from within", () => {
  const text = textOf(sound(caseOf("4")));
  ok(text.includes("*\\/PWN()/*"));
  ok(text.includes("@deprecated"));
});

test("case 5: line ends of any kind stay in the comment, and orders to compilers are text", () => {
  const text = textOf(sound(caseOf("5")));
  ok(text.includes("   * ;PWN()//"));
  equal(/[\u2028\u2029\r]/.test(text), false);
  equal(/@ts-|sourceMappingURL/.test(text), false);
});

test("case 6: a chunk can stand in an HTML document", async () => {
  const generated = sound(caseOf("6"));
  const data = textOf(generated).slice(textOf(generated).indexOf("const rows"));
  equal(data.includes("</script"), false);
  equal(data.includes("<!--"), false);
  const { route } = await load(generated);
  equal(route("</script><script>PWN()</script>"), "/%3C!--");
});

test("case 7: a name that every object has is a name only where it is given", async () => {
  const { route, router } = await loadCase("7");
  equal(router.has("__proto__"), true);
  equal(route("__proto__"), "/p");
  const other = (await loadCase("7b")).router;
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    equal(other.has(name), false);
    throws(() => other.with({}).route(name), /unknown route/);
  }
});

test("case 8: a parameter that every object has is taken only where it is given", async () => {
  const { route, router } = await loadCase("8");
  equal(route("p", JSON.parse('{"__proto__":"x"}')), "/x");
  throws(() => route("p", {}), /missing parameter "__proto__"/);
  throws(() => route("c", { hasOwnProperty: "x" }), /missing parameter "constructor"/);
  equal(route("p", JSON.parse('{"__proto__":"x","constructor":"y"}')), "/x?constructor=y");
  const found = router.match("/c/a/b");
  equal(Object.getPrototypeOf(found?.params), null);
  deepEqual({ ...found?.params }, { constructor: "a", hasOwnProperty: "b" });
  deepEqual(Object.keys(router.match("/x")?.params ?? {}), ["__proto__"]);
});

test("case 9: reserved words are names of routes, and get an underscore as functions", async () => {
  const { route } = await loadCase("9");
  for (const [index, word] of ["delete", "class", "default", "import"].entries()) {
    equal(route(word), `/r${index}`);
  }
  const handles = await exportsOf("9", "routes/group.ts");
  deepEqual(Object.keys(handles).sort(), [
    "arguments_",
    "await_",
    "class_",
    "default_",
    "delete_",
    "enum_",
    "eval_",
    "import_",
    "interface_",
    "let_",
    "package_",
    "static_",
  ]);
  equal(handles.delete_?.(), "/r0");
});

test("case 10: a function never shadows a global", async () => {
  const handles = await exportsOf("10", "routes/group.ts");
  for (const name of Object.keys(handles)) equal(name in globalThis, false, name);
  equal(handles.fetch_?.(), "/r3");
});

test("case 11: any script is kept, and what can't be seen is written as an escape", async () => {
  const generated = sound(caseOf("11"));
  const { route } = await load(generated);
  equal(route("用户.列表"), "/r6");
  equal(route("\u00e9"), "/r4");
  equal(route("e\u0301"), "/r5");
  equal(/[\u202E\u200B]/.test(generated.files.map(({ text }) => text).join("")), false);
  const handles = await load<{ [group: string]: Handles }>(generated, "routes/index.ts");
  const names = Object.values(handles).flatMap(Object.keys);
  ok(names.includes("列表"));
  ok(names.includes("_4oD_Browse"));
  for (const name of names) match(name, /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u);
});

test("case 12: names that would be one identifier are numbered in the order of names", async () => {
  const { router } = await loadCase("12");
  equal(router.names().length, 4);
  deepEqual(codes(sound(caseOf("12b"))), ["ident-collision"]);
  const handles = await exportsOf("12b", "routes/g.ts");
  deepEqual(
    Object.entries(handles).map(([name, handle]) => [name, handle.routeName]).sort(),
    [["usersList", "g.users-list"], ["usersList2", "g.users.list"], ["usersList3", "g.usersList"], [
      "users_list",
      "g.users_list",
    ]],
  );
});

test("case 13: names that differ in their case share a file and no identifier", async () => {
  const generated = sound(caseOf("13"));
  deepEqual(generated.files.map(({ path }) => path), [
    "routes-runtime.ts",
    "routes.ts",
    "routes/index.ts",
    "routes/users.ts",
  ]);
  const handles = await load<Handles>(generated, "routes/users.ts");
  deepEqual(Object.keys(handles).sort(), ["show", "show2"]);
});

test("case 14: a name may be a prefix of others", async () => {
  const handles = await exportsOf("14", "routes/main.ts");
  deepEqual(Object.keys(handles).sort(), ["child", "childGrandchild", "main"]);
});

test("case 15: a segment may be called like its parent", async () => {
  const handles = await exportsOf("15", "routes/prism.ts");
  deepEqual(Object.keys(handles).sort(), ["prismShow", "show"]);
});

test("case 16: a key that stands twice is told, ids that are equal become method and path", async () => {
  const twice = sound(caseOf("16"));
  deepEqual(codes(twice), ["duplicate-key"]);
  equal((await load(twice)).route("a"), "/2");
  deepEqual([...(await loadCase("16b")).router.names()].sort(), ["get /x", "get /y"]);
});

test("case 17: long names work, in files with short names", async () => {
  const { route } = await loadCase("17");
  equal(route("n".repeat(5_000)), "/a");
  for (const { path } of sound(caseOf("17")).files) ok(path.length < 120, path);
  equal((await loadCase("17b")).router.names().length, 300);
});

test("case 18: a route without a name is left out, one with spaces in its name is not", async () => {
  deepEqual(codes(sound(caseOf("18"))), ["empty-name"]);
  deepEqual((await loadCase("18")).router.names(), ["Pull Doc"]);
});

test("case 19: type strings are read with a grammar, and never become code", () => {
  const generated = sound(caseOf("19"));
  const text = textOf(generated);
  deepEqual(codes(generated), ["bad-type"]);
  for (const name of ["a", "f", "g"]) {
    equal(
      paramsOf(generated, name),
      `  readonly "id": string | number;\n  readonly "x"?: QueryValue | undefined;`,
    );
  }
  equal(paramsOf(generated, "b"), `  readonly "id": string | number;\n  readonly "x": QueryValue;`);
  equal(paramsOf(generated, "c"), `  readonly "id": string;\n  readonly "x"?: string | undefined;`);
  equal(paramsOf(generated, "d"), `  readonly "id": "a" | "b";\n  readonly "x": "a" | "b";`);
  equal(
    paramsOf(generated, "e"),
    `  readonly "id": string | number;\n  readonly "x": { readonly "a": string };`,
  );
  ok(paramsOf(generated, "h").includes(`readonly "x"?: readonly (string | number)[] | undefined;`));
  equal(/\bany\b/.test(text.replace(/\/\*[^]*?\*\/|\/\/.*/g, "")), false);
});

test("case 20: names of pages are quoted", () => {
  const text = textOf(sound(caseOf("20")), "page-props.ts");
  for (const name of ['"Settings/profile"', '"a\\"b"', '"__proto__"', '"Users::Index"']) {
    ok(text.includes(`readonly ${name}:`), name);
  }
});

test("case 21: a shared type that is not known is unknown", () => {
  const generated = sound(caseOf("21"));
  const text = textOf(generated, "page-props.ts");
  deepEqual(codes(generated), ["unresolved-type"]);
  ok(text.includes(`readonly "csrf-token"?: string | undefined;`));
  ok(text.includes(`readonly "auth"?: unknown;`));
});

test("case 22: headers and sources are comments of one line each", () => {
  const { files } = sound(caseOf("22"));
  for (const { path, text } of files) {
    notEqual(identifiers(parseSync(path, text).program).includes("PWN"), true);
    ok(text.startsWith("// Generated by @lv/sidecar."));
    equal(text.includes("@jsx"), false);
  }
  ok(textOf({ files, diagnostics: [] }).includes("@see C:\\u0041\\new *\\/PWN() PWN()"));
});
