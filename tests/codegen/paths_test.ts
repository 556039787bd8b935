/** Path templates, converters and values: cases 23 to 40. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { test } from "../_support/test.ts";
import { caseOf } from "./_support/cases.ts";
import {
  codes,
  litestar,
  load,
  type LoadedRoutes,
  openapi,
  paramsOf,
  path,
  sound,
  textOf,
  throwsCode,
} from "./_support/sound.ts";

const loadCase = (key: string): Promise<LoadedRoutes> => load(sound(caseOf(key)));
const params = (routes: LoadedRoutes, url: string): object => ({
  ...routes.router.match(url)?.params,
});

test("case 23: a whole number is one, given as a number or as its text", async () => {
  const generated = sound(caseOf("23"));
  equal(paramsOf(generated, "users.show"), `  readonly "user_id": number | string;`);
  const routes = await load(generated);
  equal(routes.route("users.show", { user_id: 5 }), "/users/5");
  equal(routes.route("users.show", { user_id: "5" }), "/users/5");
  for (const user_id of [NaN, Infinity, 1.5, "abc"]) {
    throwsCode(() => routes.route("users.show", { user_id }), "param-type");
  }
  equal(routes.router.match("/users/abc"), null);
  deepEqual(params(routes, "/users/-5"), { user_id: -5 });
});

test("case 24: every converter of Litestar has its type, and writes what its server reads", async () => {
  const generated = sound(caseOf("24"));
  const types = {
    ...{ str: "string | number", int: "number | string", float: "number | string", uuid: "string" },
    ...{
      decimal: "number | string",
      date: "string | Date",
      datetime: "string | Date",
      time: "string",
    },
    ...{ timedelta: "string | number", path: "string | readonly string[]" },
  };
  for (const [name, type] of Object.entries(types)) {
    equal(paramsOf(generated, name), `  readonly "x": ${type};`);
  }
  const { route, router } = await load(generated);
  const date = new Date("2020-02-03T04:05:06Z");
  equal(route("date", { x: date }), "/date/2020-02-03");
  equal(route("datetime", { x: date }), "/datetime/2020-02-03T04%3A05%3A06.000Z");
  equal(router.match(route("datetime", { x: date }))?.params.x, "2020-02-03T04:05:06.000Z");
  equal(router.match(route("time", { x: "04:05:06" }))?.params.x, "04:05:06");
  equal(router.match("/float/-1.5")?.params.x, -1.5);
  equal(route("decimal", { x: "1.50" }), "/decimal/1.50");
  equal(router.match("/decimal/1.50")?.params.x, "1.50");
  throwsCode(() => route("uuid", { x: "no" }), "param-type");
  throwsCode(() => route("date", { x: "03.02.2020" }), "param-type");
});

test("case 25: a path keeps its slashes, but no empty segments and no way up", async () => {
  const routes = await loadCase("25");
  const { route, router } = routes;
  equal(route("file", { p: "a/b c?d#e" }), "/files/a/b%20c%3Fd%23e");
  equal(route("file", { p: ["a/b", "c"] }), "/files/a%2Fb/c");
  // "//abs" behind another template would be another host.
  throwsCode(() => route("file", { p: "/abs" }), "param-empty");
  throwsCode(() => route("file", { p: "a//b" }), "param-empty");
  throwsCode(() => route("file", { p: "" }), "param-empty");
  throwsCode(() => route("file", { p: [] }), "param-type");
  throwsCode(() => route("file", { p: "a/../b" }), "param-type");
  deepEqual(params(routes, "/files/a/b%20c"), { p: "a/b c" });
  equal(router.match("/files/"), null);
  equal(router.match("/files//abs"), null);
});

test("case 26: a stripped converter is found again by its type, where Litestar wrote the table", async () => {
  const generated = sound(caseOf("26"));
  equal(paramsOf(generated, "file"), `  readonly "file_path": string | readonly string[];`);
  equal(paramsOf(generated, "static"), `  readonly "file_path": string | readonly string[];`);
  equal((await load(generated)).router.match("/files/a/b")?.name, "file");
  equal(paramsOf(sound(caseOf("26b")), "file"), `  readonly "p": string | number;`);
  const asked = sound({ ...caseOf("26b"), options: { litestarUriIsPath: true } });
  equal(paramsOf(asked, "file"), `  readonly "p": string | readonly string[];`);
});

test("case 27: both forms of a table give the same", () => {
  deepEqual(sound(caseOf("27")).files, sound(caseOf("27b")).files);
});

test("case 28: what is not understood is told, and braces that enclose nothing are text", async () => {
  const generated = sound(caseOf("28"));
  deepEqual(codes(generated), ["bad-template", "unknown-converter"]);
  const { route, router } = await load(generated);
  equal(route("slug", { id: "a-b" }), "/s/a-b");
  deepEqual(["a", "b", "c", "d", "e"].map((name) => route(name)), [
    "/a/%7B",
    "/b/%7D",
    "/c/%7B%7D",
    "/d/%7B%7Bx%7D%7D",
    "/e/%7Bx",
  ]);
  equal(router.match("/c/{}")?.name, "c");
});

test("case 29: several parameters share a segment", async () => {
  const routes = await loadCase("29");
  const { route } = routes;
  equal(route("get /{name}-{version}.zip", { name: "a", version: "1.2" }), "/a-1.2.zip");
  deepEqual(params(routes, "/a-1.2.zip"), { name: "a", version: "1.2" });
  deepEqual(params(routes, "/r/1...22"), { from: 1, to: 22 });
  deepEqual(params(routes, route("get /x/{id}{ext}", { id: 12, ext: ".zip" })), {
    id: 12,
    ext: ".zip",
  });
  throwsCode(() => route("get /{name}-{version}.zip", { name: "a" }), "param-missing");
  ok(codes(sound(caseOf("29"))).includes("ambiguous"));
});

test("a value in a segment with others is never cut within an escape", async () => {
  const { route, router } = await load(sound({
    input: {
      openapi: openapi({
        "get /blog/{page}{extension}": {},
        "get /windows/{day}F{start}T{end}": {},
        "get /media/{key}.{extension}": {},
      }),
    },
  }));
  const cases = [
    ["get /blog/{page}{extension}", { page: "%2F", extension: "a b" }, "/blog/%252Fa%20b"],
    ["get /blog/{page}{extension}", { page: "é", extension: "用" }, "/blog/%C3%A9%E7%94%A8"],
    [
      "get /windows/{day}F{start}T{end}",
      { day: "\u000f", start: "\uef7f", end: "x" },
      "/windows/%0FF%EE%BD%BFTx",
    ],
    ["get /media/{key}.{extension}", { key: "é%", extension: "png" }, "/media/%C3%A9%25.png"],
  ] as const;
  for (const [name, given, url] of cases) {
    equal(route(name, given), url);
    const found = router.match(url);
    equal(found?.name, name);
    equal(route(name, found?.params), url);
  }
  deepEqual({ ...router.match("/windows/%0FF%EE%BD%BFTx")?.params }, cases[2][1]);
});

test("what routers add to a name in braces is not part of it, where the name is declared", async () => {
  const declared = path(["id", { type: "integer" }]);
  const generated = sound({
    input: {
      openapi: openapi({
        "get /a/{id:int}": declared,
        "get /b/{id:[0-9]+}": declared,
        "get /c/{id?}": declared,
        "get /d/{ id }": declared,
        "get /e/{id=7}": declared,
        "get /f/{id:[0-9]+}": {},
      }),
    },
  });
  const { route } = await load(generated);
  for (const letter of ["a", "b", "c", "d", "e"]) {
    const name = textOf(generated).match(new RegExp(`"(get /${letter}/[^"]*)"`))?.[1] ?? "";
    equal(route(name, { id: 7 }), `/${letter}/7`);
  }
  // Without a declaration it is a name like any other, and no wildcard.
  equal(route("get /f/{id:[0-9]+}", { "id:[0-9]+": "7" }), "/f/7");
  throwsCode(() => route("get /a/{id:int}", { id: "x" }), "param-type");
});

test("case 30: a parameter that stands there twice has one value", async () => {
  const routes = await loadCase("30");
  equal(routes.route("twice", { loc: "a" }), "/a/x/a");
  deepEqual(params(routes, "/a/x/a"), { loc: "a" });
  equal(routes.router.match("/a/x/b"), null);
});

test("case 31: a parameter may be called anything", async () => {
  const routes = await loadCase("31");
  const given = {
    "resource-arn": "1",
    "user.id": "2",
    $filter: "3",
    "ns:name": "4",
    "123": "5",
    名: "6",
  };
  equal(routes.route("odd", given), "/1/2/3/4/5/6");
  deepEqual(params(routes, "/1/2/3/4/5/6"), given);
});

test("case 32: Ziggy's tables: hosts, patterns, bindings, defaults, segments that may be missing", async () => {
  const generated = sound(caseOf("32"));
  const routes = await load(generated);
  const { route, router } = routes;
  equal(
    paramsOf(generated, "posts.show"),
    `  readonly "team": string | number;\n` +
      `  readonly "post"?: string | number | { readonly "slug": string | number } | undefined;`,
  );
  equal(paramsOf(generated, "localized"), `  readonly "locale"?: string | number | undefined;`);
  equal(route("home"), "/");
  equal(route("home", {}, { absolute: true }), "https://app.test/");
  equal(route("posts.show", { team: "a", post: 5 }), "https://a.x.test/posts/5");
  equal(route("posts.show", { team: "a", post: { slug: "7" } }), "https://a.x.test/posts/7");
  equal(route("posts.show", { team: "a" }), "https://a.x.test/posts");
  throwsCode(() => route("posts.show", { team: "a", post: "b" }), "param-type");
  equal(route("localized"), "/en/about");
  equal(route("localized", { locale: "de" }), "/de/about");
  deepEqual(params(routes, "https://a.x.test/posts/5"), { team: "a", post: "5" });
  deepEqual(params(routes, "https://a.x.test/posts"), { team: "a" });
  equal(router.match("https://a.x.test/posts/b"), null);
  equal(router.match("/posts/5")?.name, undefined);
  deepEqual(params(routes, "/any/a/b"), { rest: "a/b" });
});

test("case 33: a pattern is checked before it is used: one that could hang is left out", async () => {
  const generated = sound(caseOf("33"));
  const { router } = await load(generated);
  const refused = generated.diagnostics.filter(({ code }) => code === "bad-regex").map((
    { where },
  ) => where.split("/").at(-1));
  deepEqual(refused, ["w2", "w3", "w4", "w5", "w8", "w9"]);
  const found = (url: string): unknown => router.match(url)?.params.x;
  deepEqual(["/w0/12", "/w0/a", "/w1/b", "/w1/c"].map(found), ["12", undefined, "b", undefined]);
  deepEqual(["/w6/abc", "/w6/abcde", "/w7/xy", "/w10/bc"].map(found), [
    "abc",
    undefined,
    "xy",
    "bc",
  ]);
  const start = performance.now();
  equal(found(`/w5/${"a".repeat(50)}b`), `${"a".repeat(50)}b`);
  ok(performance.now() - start < 50);
});

test("case 34: the most specific route is found, whatever its name", async () => {
  const { router } = await loadCase("34");
  const found = (url: string): unknown => router.match(url)?.name;
  deepEqual(
    ["/users/me", "/users/7", "/a/b/c", "/a/x/c", "/t/5", "/t/x", "/some/where"].map(found),
    ["b", "a", "d", "c", "f", "g", "e"],
  );
  equal(found("/q/1"), "h");
  ok(codes(sound(caseOf("34"))).includes("ambiguous"));
});

test("case 35: what OpenAPI keys have beside paths", async () => {
  const routes = await loadCase("35");
  const { route, router } = routes;
  equal(route("hash"), "/#Action=X");
  equal(router.match("/")?.name, "hash");
  equal(route("export", { filename: "a b" }), "/export?filename=a%20b");
  throwsCode(() => route("export", {}), "param-missing");
  equal(route("fixed"), "/fixed?format=csv&b=");
  equal(route("fixed", { _query: { c: 1 } }), "/fixed?format=csv&b=&c=1");
  equal(router.match("/fixed?format=csv&b")?.name, "fixed");
  equal(router.match("/fixed"), null);
  equal(route("quotes", { key: "k" }), "/docs('k')");
  equal(route("verb", { name: "n" }), "/v1/n:cancel");
  equal(router.match("/v1/n%3Acancel")?.name, "verb");
  equal(route("odata", { a: 1, b: 2 }), "/$reset(a=1,b=2)*");
  deepEqual(params(routes, "/$reset(a=1,b=2)*"), { a: "1", b: "2" });
});

test("case 36: parameters that are not declared are there, declared ones that are not there are not", () => {
  const generated = sound(caseOf("36"));
  deepEqual(codes(generated), ["undeclared-param", "unused-param"]);
  equal(paramsOf(generated, "a"), `  readonly "x": string | number;`);
});

test("case 37: a slash at the end is kept, added or taken away; only kept ones are told apart", async () => {
  const urls = async (key: string): Promise<readonly string[]> => {
    const { route } = await loadCase(key);
    return [route("a"), route("b"), route("c", { x: 1 }), route("home")];
  };
  deepEqual(await urls("37"), ["/a/", "/b", "/c/1", "/"]);
  deepEqual(await urls("37b"), ["/a/", "/b/", "/c/1/", "/"]);
  deepEqual(await urls("37c"), ["/a", "/b", "/c/1", "/"]);
  const kept = (await loadCase("37")).router;
  equal(kept.match("/a"), null);
  equal(kept.match("/b/"), null);
  for (const key of ["37b", "37c"]) {
    const { router } = await loadCase(key);
    deepEqual(
      ["/a", "/a/", "/b", "/b/", "/c/1", "/c/1/", "/"].map((url) => router.match(url)?.name),
      ["a", "a", "b", "b", "c", "c", "home"],
    );
  }
});

test("case 38: no value leaves its segment", async () => {
  const { route } = await loadCase("38");
  const url = (a: unknown, b: unknown = "b"): string => route("a", { a, b });
  equal(url("../admin?x=1#y"), "/a/..%2Fadmin%3Fx%3D1%23y/b");
  deepEqual(["$&", "$1", "$`"].map((value) => url(value)), [
    "/a/%24%26/b",
    "/a/%241/b",
    "/a/%24%60/b",
  ]);
  equal(url("{b}"), "/a/%7Bb%7D/b");
  equal(url("a", "{a}"), "/a/a/%7Ba%7D");
  for (const value of [".", "..", {}, [], ["x"], () => 1, NaN, new Date(NaN)]) {
    throwsCode(() => url(value), "param-type");
  }
  throwsCode(() => url(""), "param-empty");
  for (const value of [null, undefined]) throwsCode(() => url(value), "param-missing");
  throws(() => url(Symbol()));
  deepEqual([0, false, -0, 10n].map((value) => url(value)), [
    "/a/0/b",
    "/a/false/b",
    "/a/0/b",
    "/a/10/b",
  ]);
  throwsCode(() => url("\ud800"), "param-type");
});

test("case 39: matching never throws, and knows no other host", async () => {
  const { router } = await loadCase("39");
  for (
    const url of [
      "/u/%E0%A4%A",
      "",
      "?x=1",
      "/USERS/ME",
      "u/1",
      "javascript:alert(1)",
      "\ud800",
      "/u/%2",
    ]
  ) {
    equal(router.match(url), null, url);
  }
  for (const url of ["//evil.test/u/1", "http://other.host/u/1"]) {
    equal(router.with({ location: "http://own.host/" }).match(url), null, url);
  }
  equal(router.with({ location: "http://own.host/" }).match("http://own.host/u/1")?.name, "u");
  const based = (await loadCase("39b")).router;
  equal(based.match("/v2/u/1")?.name, "u");
  equal(based.match("/v2")?.name, "home");
  equal(based.match("/v2/")?.name, "home");
  equal(based.match("/v2x/u/1"), null);
  equal(based.match("/u/1"), null);
});

const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) =>
  !/^\.{1,2}$/.test(value)
);
const VALUES: { readonly [kind: string]: fc.Arbitrary<string | number> } = {
  int: fc.maxSafeInteger(),
  float: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) =>
    value === 0 ? 0 : value
  ),
  uuid: fc.uuid(),
  decimal: fc.integer().map(String),
  date: fc.date({ min: new Date("0001-01-01"), max: new Date("9999-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  datetime: fc.date({
    min: new Date("0001-01-01"),
    max: new Date("9999-01-01"),
    noInvalidDate: true,
  }).map((date) => date.toISOString()),
  time: fc.date({ min: new Date("2000-01-01"), max: new Date("2001-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(11, 19)),
  path: fc.array(
    text.map((value) => value.replaceAll("/", "-")).filter((value) => !/^\.{1,2}$/.test(value)),
    { minLength: 1 },
  ).map((items) => items.join("/")),
  str: text,
};

test("case 40: match(route(name, params)) is the name and the params", async () => {
  const kinds = Object.keys(VALUES);
  const routes = Object.fromEntries(kinds.flatMap((kind) => [
    [`one.${kind}`, `/one/${kind}/{x:${kind}}`],
    [`two.${kind}`, `/two/${kind}/{x:${kind}}/and/{y}`],
    [`three.${kind}`, `/three/{y}/${kind}/{x:${kind}}`],
  ]));
  const { route, router } = await load(sound({ input: { routes: litestar(routes) } }));
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds).chain((kind) =>
        fc.tuple(
          fc.constant(kind),
          VALUES[kind] ?? text,
          text,
          fc.constantFrom("one", "two", "three"),
        )
      ),
      ([kind, x, y, group]) => {
        const name = `${group}.${kind}`;
        const given = group === "one" ? { x } : { x, y };
        const found = router.match(route(name, given), "GET");
        equal(found?.name, name);
        deepEqual({ ...found?.params }, given);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("queries round-trip too: single values as texts, lists as lists", async () => {
  const { route, router } = await load(sound({ input: { routes: litestar({ a: "/a" }) } }));
  const value = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(
      fc.dictionary(
        value.filter((key) => key !== ""),
        fc.oneof(value, fc.array(value, { minLength: 2 })),
      ),
      (query) => {
        deepEqual({ ...router.match(route("a", { _query: query }))?.query }, { ...query });
      },
    ),
    { numRuns: 500 },
  );
});

test("optional segments and path-level hosts hold no surprises for a route of one segment", async () => {
  const routes = JSON.stringify({
    url: "https://app.test/sub",
    defaults: {},
    routes: {
      root: { uri: "{page?}", methods: ["GET"] },
      two: { uri: "x/{a?}/{b?}", methods: ["GET"] },
      middle: { uri: "m/{a?}/z", methods: ["GET"] },
    },
  });
  const generated = sound({ input: { routes } });
  const { route, router } = await load(generated);
  deepEqual(codes(generated), ["bad-template"]);
  deepEqual([
    route("root"),
    route("root", { page: "a" }),
    route("two"),
    route("two", { a: 1 }),
    route("two", { a: 1, b: 2 }),
  ], ["/sub/", "/sub/a", "/sub/x", "/sub/x/1", "/sub/x/1/2"]);
  deepEqual(
    ["/sub/", "/sub/a", "/sub/x", "/sub/x/1", "/sub/x/1/2"].map((url) => router.match(url)?.name),
    ["root", "root", "two", "two", "two"],
  );
  throwsCode(() => route("middle"), "param-missing");
});

test("several segments that OpenAPI documents mark in their own ways", async () => {
  const operations = Object.fromEntries(
    ["{proxy+}", "{*rest}", "{**slug}", "{+res}", "{p*}"].map((
      place,
      index,
    ) => [`get /w${index}/${place}`, { operationId: `w${index}` }]),
  );
  const { route } = await load(
    sound({
      input: {
        openapi: openapi({
          ...operations,
          "get /d/{x*}": { operationId: "declared", ...path(["x*", { type: "string" }]) },
        }),
      },
    }),
  );
  deepEqual([
    route("w0", { proxy: "a/b" }),
    route("w1", { rest: "a/b" }),
    route("w2", { slug: "a/b" }),
    route("w3", { res: "a/b" }),
    route("w4", { p: "a/b" }),
  ], ["/w0/a/b", "/w1/a/b", "/w2/a/b", "/w3/a/b", "/w4/a/b"]);
  equal(route("declared", { "x*": "a/b" }), "/d/a%2Fb");
});

test("a whole number beyond what JavaScript counts exactly stays a text", async () => {
  const { route, router } = await load(sound({ input: { routes: litestar({ a: "/a/{x:int}" }) } }));
  const x = "9007199254740993";
  equal(route("a", { x }), `/a/${x}`);
  equal(route("a", { x: BigInt(x) }), `/a/${x}`);
  equal(router.match(`/a/${x}`)?.params.x, x);
  ok(
    textOf(sound({ input: { routes: litestar({ a: "/a/{x:int}" }) } })).includes(
      `"int": "-?\\\\d+"`,
    ),
  );
});
