/**
 * Times `route()` and `router.match()` of generated routes, on the runtime that runs it, and prints one line of JSON:
 * microseconds of a core in each round by case. It does nothing else, so what the machine does beside it counts little.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import process from "node:process";
import { createRouter, type Router, type RouteRow } from "../../../codegen/routes_runtime.ts";
import { generate } from "../../../codegen/mod.ts";
import { litestarTable, tableRoutes } from "../../../tests/codegen/_support/tables.ts";

const COUNT = 1_000;
const RUNS = 20_000;

type Route = (name: string, params?: object, options?: object) => string;

function createTableRouter(): Router<string, Route> {
  const { files } = generate({ routes: litestarTable(COUNT) });
  const text = files.find(({ path }) => path === "routes.ts")?.text ?? "";
  const rows = [...text.matchAll(/^ {2}(\[".*\]),$/gm)].map(([, row = ""]): RouteRow =>
    JSON.parse(row)
  );
  equal(rows.length, COUNT);
  const settings = text.slice(text.indexOf("RouterSettings = ") + 17);
  const kinds = JSON.parse(
    settings.slice(0, settings.indexOf("};") + 1).replaceAll(/,(\s*\})/g, "$1"),
  );
  return createRouter<string, Route>(rows, kinds);
}

const router = createTableRouter();
const { route } = router;
const onSite = router.with({ origin: "https://app.test" });
const last = tableRoutes(COUNT).at(-3);
const [name, parameter] = [last?.name ?? "", last?.parameter ?? ""];
const index = name.replace(".show", ".index");
const url = route(name, { [parameter]: 7 });
equal(router.match(url)?.name, name);
deepEqual({ ...router.match(url)?.params }, { [parameter]: 7 });
equal(router.match("/api/nobody/7"), null);

const CASES: { readonly [name: string]: () => unknown } = {
  "route() without parameters": () => route(index),
  "route() with a path parameter": () => route(name, { [parameter]: 7 }),
  "route() with a query parameter": () => route(index, { limit: 10 }),
  "route() with lists and text in _query": () =>
    route(index, { limit: 10, _query: { q: "a b", tags: ["x", "y"] } }),
  "route() with _hash, absolute": () =>
    onSite.route(name, { [parameter]: 7, _hash: "top" }, { absolute: true, base: "/v2" }),
  "router.match() of the last resource": () => router.match(`${url}?tab=a`),
  "router.match() of nobody's path": () => router.match("/api/nobody/7"),
};

const rounds = Number(process.argv[2] ?? 3);
const results = Object.fromEntries(Object.keys(CASES).map((each) => [each, [] as number[]]));
for (let round = -5; round < rounds; round++) {
  for (const [each, run] of Object.entries(CASES)) {
    const before = process.cpuUsage();
    for (let time = 0; time < RUNS; time++) run();
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) results[each]?.push((user + system) / RUNS);
  }
}
console.log(JSON.stringify(results));
