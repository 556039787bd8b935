import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { defineRoutes, type RouteMap } from "../../routes/mod.ts";
import { test } from "../_support/test.ts";

const define = (paths: Readonly<Record<string, string>>) =>
  defineRoutes(
    Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, { path }])) as RouteMap,
  );

/** What `{x:converter}` makes of a text in a URL; `undefined` where no route fits. */
function read(converter: string, text: string): unknown {
  return define({ r: `/r/{x:${converter}}` }).match("GET", `/r/${text}`)?.params.x;
}

const VALUES: Readonly<Record<string, readonly (readonly [text: string, value: unknown])[]>> = {
  str: [["a", "a"], ["a%20b%2Fc", "a b/c"], ["%E7%94%A8", "用"], ["%E0%A4%A", undefined], [
    "%",
    undefined,
  ]],
  int: [
    ...[["7", 7], ["-5", -5], ["007", 7], ["%37", 7], ["1.5", undefined], [
      "1e3",
      undefined,
    ]] as const,
    ...[["abc", undefined], ["0x10", undefined], ["9007199254740993", undefined]] as const,
  ],
  float: [["1.5", 1.5], ["-2", -2], ["1e3", 1000], ["1e999", undefined], ["NaN", undefined], [
    ".",
    undefined,
  ]],
  decimal: [["0.10", "0.10"], ["x", undefined]],
  uuid: [
    ["67e55044-10b1-426f-9247-bb680e5fe0c8", "67e55044-10b1-426f-9247-bb680e5fe0c8"],
    ["67e55044-10b1-426f-9247-bb680e5fe0c", undefined],
    ["------------------------------------", undefined],
  ],
  date: [["2024-02-29", "2024-02-29"], ["2026-02-29", undefined], ["2026-13-01", undefined], [
    "2026-1-1",
    undefined,
  ]],
  datetime: [
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03%3A04%3A05.123%2B02:00", "2026-01-02T03:04:05.123+02:00"],
    ["2026-01-02", undefined],
    ["2026-02-30T00:00:00Z", undefined],
  ],
  time: [["12:30", "12:30"], ["23:59:59.5", "23:59:59.5"], ["24:00", undefined], [
    "1230",
    undefined,
  ]],
  timedelta: [["90", 90], ["P1DT2H", 93_600], ["-PT1.5S", -1.5], ["P1M", undefined], [
    "P",
    undefined,
  ], ["PT", undefined]],
  path: [
    ["a/b%20c", "a/b c"],
    ["a%2Fb/c", "a/b/c"],
    ["..%2F..%2Fetc", undefined],
    ["a/..%5cb", undefined],
    ["a%00b", undefined],
    ["..a/b..", "..a/b.."],
  ],
};

for (const [converter, cases] of Object.entries(VALUES)) {
  test(`match() reads ${converter}`, () => {
    for (const [text, value] of cases) equal(read(converter, text), value, text);
  });
}

test("match() prefers a text to a type, a type to any text, any text to several", () => {
  const routes = define({
    rest: "/{rest:path}",
    name: "/users/{name}",
    id: "/users/{id:int}",
    me: "/users/me",
    day: "/users/{day:date}",
  });
  const nameOf = (path: string) => routes.match("GET", path)?.name;
  equal(nameOf("/users/me"), "me");
  equal(nameOf("/users/7"), "id");
  equal(nameOf("/users/2026-01-02"), "day");
  equal(nameOf("/users/2026-01-99"), "name");
  equal(nameOf("/users/ada"), "name");
  equal(nameOf("/users/ada/x"), "rest");
  equal(nameOf("/"), undefined);
});

test("match() decides from left to right, whatever follows", () => {
  const routes = define({
    typed: "/{id:int}/{tab}",
    fixed: "/{name}/edit",
    deep: "/{id:int}/{rest:path}",
  });
  equal(routes.match("GET", "/5/edit")?.name, "typed");
  equal(routes.match("GET", "/ada/edit")?.name, "fixed");
  equal(routes.match("GET", "/5/edit/x")?.name, "deep");
  equal(routes.match("GET", "/ada/view"), undefined);
});

test("match() goes on where a converter refuses what a more specific path has", () => {
  const routes = define({ history: "/a/{id:int}/history", other: "/a/{name}/{tab}" });
  deepEqual({ ...routes.match("GET", "/a/x/history")?.params }, { name: "x", tab: "history" });
});

test("match() looks at the method before the path is decided", () => {
  const routes = defineRoutes({
    me: { method: "POST", path: "/users/me" },
    one: { path: "/users/{name}" },
  });
  equal(routes.match("GET", "/users/me")?.name, "one");
  equal(routes.match("POST", "/users/me")?.name, "me");
  equal(routes.match("POST", "/users/you"), undefined);
});

test("match() takes one slash at the end, no empty segment, and letters as they are", () => {
  const routes = define({ list: "/users", one: "/users/{name}", rest: "/files/{rest:path}" });
  equal(routes.match("GET", "/users/")?.name, "list");
  equal(routes.match("GET", "/users/?page=2")?.name, "list");
  equal(routes.match("GET", "/users/ada/")?.params.name, "ada");
  equal(routes.match("GET", "/files/a/")?.params.rest, "a");
  for (
    const path of [
      "/users//",
      "//users",
      "/USERS",
      "/files",
      "/files/",
      "/files//a",
      "/users/ada//",
    ]
  ) {
    equal(routes.match("GET", path), undefined, path);
  }
});

test("match() takes the router's own signs for texts", () => {
  const texts = [
    "things:cancel",
    "a(b)",
    "x*y",
    "c++",
    "a,b;c=d",
    "@me",
    "$metadata",
    "it's",
    "café",
    "~u",
  ];
  const routes = define(
    Object.fromEntries(texts.map((text, index) => [`r${index}`, `/v1/${text}`])),
  );
  for (const [index, text] of texts.entries()) {
    const { pathname } = new URL(`/v1/${text}`, "http://x");
    equal(routes.match("GET", pathname)?.name, `r${index}`, text);
  }
  equal(routes.match("GET", "/v1/xy"), undefined);
});

const text = fc.string({ unit: "binary", minLength: 1, maxLength: 8 })
  .filter((value) => value.isWellFormed() && !/^\.\.?$/.test(value));
const digits = (count: number, max: number) =>
  fc.integer({ min: 1, max }).map((value) => String(value).padStart(count, "0"));
const day = fc.tuple(digits(4, 9_999), digits(2, 12), digits(2, 28)).map((parts) =>
  parts.join("-")
);
const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const INPUTS: Readonly<Record<string, fc.Arbitrary<string | number>>> = {
  str: text,
  int: fc.maxSafeInteger(),
  float: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) =>
    !Object.is(value, -0)
  ),
  decimal: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) =>
    value.toFixed(4)
  ),
  uuid: fc.uuid(),
  date: day,
  datetime: fc.tuple(day, clock).map(([date, time]) => `${date}T${time}:00Z`),
  time: clock,
  timedelta: fc.integer({ min: 0, max: 1_000_000 }),
  path: fc.array(text.filter((value) => !/[/\\\0]/.test(value)), { minLength: 1, maxLength: 4 })
    .map((segments) => segments.join("/")),
};

test("what route() writes, match() reads: of the server and of a front end", () => {
  const converters = Object.keys(INPUTS);
  const routes = define(
    Object.fromEntries(converters.map((name) => [name, `/x/${name}/{value:${name}}`])),
  );
  // deno-lint-ignore no-explicit-any -- names come from a list: nobody knows their parameters
  const write = routes.route as any;
  for (const name of converters) {
    fc.assert(
      fc.property(INPUTS[name] ?? text, (value) => {
        const { pathname } = new URL(write(name, { value }), "http://x");
        const found = routes.match("GET", pathname);
        equal(found?.name, name);
        equal(String(found?.params.value), String(value));
      }),
    );
  }
});

test("route() refuses what would be another route", () => {
  const routes = defineRoutes({
    one: { path: "/users/{name}" },
    rest: { path: "/files/{rest:path}" },
  });
  for (const name of ["", ".", ".."]) throws(() => routes.route("one", { name }), TypeError);
  equal(routes.route("one", { name: "../admin?x=1#y" }), "/users/..%2Fadmin%3Fx%3D1%23y");
  throws(() => routes.route("rest", { rest: "a/../b" }), TypeError);
});

const SEGMENTS = ["a", "b", "{x}", "{x:int}", "{x:path}"];
const place = fc.constantFrom(...SEGMENTS);

test("the server and a front end find the same route, and it is the most specific one that fits", async () => {
  const { createClientRoutes } = await import("../../routes/client.ts");
  const table = fc.uniqueArray(
    fc.array(place, { minLength: 1, maxLength: 3 }).map((segments) =>
      `/${
        segments.map((segment, index) =>
          segment === "{x:path}" && index < segments.length - 1 ? "{x}" : segment
        ).map((segment, index) => segment.replace("x", `p${index}`)).join("/")
      }`
    ),
    { minLength: 1, maxLength: 8 },
  );
  const asked = fc.array(fc.constantFrom("a", "b", "c", "7"), { minLength: 1, maxLength: 4 });
  let found = 0;
  fc.assert(
    fc.property(table, fc.array(asked, { minLength: 5, maxLength: 5 }), (paths, requests) => {
      const routes = define(Object.fromEntries(paths.map((path) => [path, path])));
      const client = createClientRoutes(routes.toRoutesJson());
      for (const segments of requests) {
        const path = `/${segments.join("/")}`;
        const match = routes.match("GET", path);
        equal(match?.name, client.match(path)?.name, `${path} in ${paths}`);
        if (match !== undefined) found++;
      }
    }),
    { numRuns: 300 },
  );
  ok(found > 100);
});
