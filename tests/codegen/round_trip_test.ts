/** What a URL was made of is found again: a property of every route that any of the cases has. */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { createRouter, type RouteRow, type RouterSettings } from "../../codegen/routes_runtime.ts";
import { generate, type Generated } from "../../codegen/mod.ts";
import { test } from "../_support/test.ts";
import { caseOf, CASES } from "./_support/cases.ts";
import { openapi } from "./_support/sound.ts";

type Values = { readonly [name: string]: string };
type Route = (name: string, params: object) => string;

const tricky = fc.constantFrom(
  ...["a b", "../x", "%", "%2F", "?q#h", "{x}", "$&", "é", "用户", "a+b", ":", "'", "(x)", "a.b"],
  ...["-", "~", "0", "-5", "1.5", "\n", "\u2028", "a/b", "\\", "\u000f", "\uef7f", "true"],
);
const text = fc.oneof(
  tricky,
  fc.string({ unit: "binary", minLength: 1, maxLength: 8 }).filter((value) => value.isWellFormed()),
);
const VALUES: { readonly [kind: string]: fc.Arbitrary<string> } = {
  int: fc.integer().map(String),
  number: fc.oneof(fc.integer().map(String), fc.constantFrom("1.5", "-0.25")),
  decimal: fc.constantFrom("1.5", "10"),
  uuid: fc.uuid(),
  date: fc.constant("2024-02-29"),
  datetime: fc.constant("2024-02-29T10:00:00.5+02:00"),
  time: fc.constant("10:00:30"),
  path: fc.array(text.map((value) => value.replaceAll("/", "-")), { minLength: 1, maxLength: 3 })
    .map((items) => items.join("/")),
};

/** Data of a generated module, without running it. */
function dataOf({ files }: Generated): { rows: readonly RouteRow[]; settings: RouterSettings } {
  const code = files.find(({ path }) => path === "routes.ts")?.text ?? "";
  const rows = [...code.matchAll(/^ {2}(\[".*"\]),$/gm)].map(([, row = ""]) => JSON.parse(row));
  const [, settings = "{}"] = /^const settings: RouterSettings = ([^]*?);\n\n/m.exec(code) ?? [];
  return {
    rows,
    settings: JSON.parse(
      settings.replace(/,(\s*[}\]])/g, "$1").replace('["__proto__"]', '"__proto__"'),
    ),
  };
}

interface Place {
  readonly name: string;
  readonly kind: string;
}

function placesOf([, template]: RouteRow): readonly Place[] {
  return [...template.replace(/[?#].*/s, "").matchAll(/\{([^{}]*)\}/g)].map(([, inside = ""]) => {
    const [name = "", kind = ""] = inside.split(":").map(decodeURIComponent);
    return { name, kind: kind.replace("/", "") };
  });
}

/** What a template says beside the names of its parameters. */
function shapeOf([, template]: RouteRow): string {
  return template.replace(/[?#].*/s, "").replace(/\{[^:}]*/g, "{");
}

function requiredOf([, template]: RouteRow): Values {
  const [, query = ""] = template.replace(/#.*/s, "").split("?");
  const names = query.split("&").filter((item) => item.endsWith("!"));
  return Object.fromEntries(
    names.map((item) => [decodeURIComponent(item.split(":")[0] ?? ""), "v"]),
  );
}

/** How many URLs were built. A value that a route refuses is no counter-example: it is told by an exception. */
function checkRoundTrips(generated: Generated, runs: number): number {
  const { rows, settings } = dataOf(generated);
  const router = createRouter<string, Route>(rows, { origin: "https://app.test", ...settings });
  const byName = new Map(rows.map((row) => [row[0], row]));
  let built = 0;
  for (const row of rows.slice(0, 60)) {
    const [name, , methods = "GET"] = row;
    const places = placesOf(row);
    const values = fc.tuple(...places.map(({ kind }) => VALUES[kind] ?? text));
    fc.assert(
      fc.property(values, (given) => {
        const own = Object.fromEntries(places.map((place, index) => [place.name, given[index]]));
        const url = urlOf(router.route, name, { ...requiredOf(row), ...own });
        if (url === undefined) return;
        built++;
        const found = router.match(url, methods.split(" ")[0]);
        ok(found !== null, `${name} has no match for ${url}`);
        // Of two routes with one shape, the first is found.
        const other = byName.get(found.name);
        if (found.name === name || other === undefined || shapeOf(other) !== shapeOf(row)) {
          equal(urlOf(router.route, found.name, { ...found.query, ...found.params }), url);
        }
      }),
      { numRuns: runs },
    );
  }
  return built;
}

function urlOf(route: Route, name: string, params: object): string | undefined {
  try {
    return route(name, params);
  } catch (error) {
    const { code = "" } = error as { code?: string };
    if (code === "param-type" || code === "param-empty") return undefined;
    throw error;
  }
}

test("every route of every case is found again by the URL that it makes", () => {
  let built = 0;
  for (const key of Object.keys(CASES)) {
    const { input, options } = caseOf(key);
    built += checkRoundTrips(generate(input, options), 25);
  }
  ok(built > 3_000, `${built} URLs`);
});

test("routes with the shapes of real documents are found again", () => {
  const paths = [
    ...["/carrier@{type}@{id}/frames/{day}F{start}T{end}", "/blog/{page}{extension}"],
    ...["/v1/{name}:cancel", "/docs('{key}')", "/set(a={a},b={b})", "/media/{key}.{extension}"],
    ...[
      "/{a}/{b}/{c}",
      "/{a}/fixed/{c}",
      "/x/{rest*}",
      "/$batch",
      "/é/{ü}",
      "/~{user}",
      "/a;v={v}",
    ],
    ...["/{from}...{to}", "/{owner}/{repo}/compare/{base}...{head}", "/export?name={name}&all=1"],
  ];
  const document = openapi(Object.fromEntries(paths.map((path) => [`get ${path}`, {}])));
  const generated = generate({ openapi: document });
  equal(dataOf(generated).rows.length, paths.length);
  ok(checkRoundTrips(generated, 400) > paths.length * 200);
  deepEqual(generated.diagnostics.filter(({ level }) => level !== "info"), []);
});
