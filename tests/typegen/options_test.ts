import { deepEqual, equal, ok } from "node:assert/strict";
import { parseBridgeTypes } from "../../typegen/bridge_types.ts";
import { dependenciesOf } from "../../typegen/collect.ts";
import {
  isWithin,
  outputProblem,
  planTypes,
  sourceName,
  type TypesPlan,
} from "../../typegen/options.ts";
import { ownModules, patternTrees } from "../../typegen/watch_plan.ts";
import { test } from "../_support/test.ts";

const ROOT = "/project";
const plan = (
  options: Parameters<typeof planTypes>[0]["options"] = {},
  facts: Partial<Parameters<typeof planTypes>[0]> = {},
): TypesPlan => planTypes({ options, root: ROOT, ...facts });

test("planTypes() looks for everything where nothing is named", () => {
  const { output, isDiscovered, candidates, published, entry } = plan({}, {
    entry: "/project/server.ts",
    backend: "http://127.0.0.1:8001",
  });
  equal(output, "/project/src/generated");
  equal(entry, "/project/server.ts");
  ok(isDiscovered);
  deepEqual(candidates.routes, ["/project/src/generated/routes.json", "/project/routes.json"]);
  deepEqual(candidates.pages, [
    "/project/src/generated/inertia-pages.json",
    "/project/inertia-pages.json",
  ]);
  deepEqual(published, [
    "http://127.0.0.1:8001/schema/openapi.json",
    "http://127.0.0.1:8001/openapi.json",
  ]);
});

test("planTypes() looks for nothing else once a source is named, but for pages beside it", () => {
  const { isDiscovered, entry, published, routes, candidates } = plan(
    { routes: "api/routes.json" },
    { entry: "/project/server.ts", backend: "http://127.0.0.1:8001" },
  );
  deepEqual([isDiscovered, entry, published], [false, undefined, []]);
  equal(routes, "/project/api/routes.json");
  deepEqual(candidates.pages, ["/project/api/inertia-pages.json"]);
});

test("planTypes() takes what .litestar.json says, and the options before it", () => {
  const bridge = parseBridgeTypes(JSON.stringify({
    types: {
      output: "resources/types",
      routesPath: "resources/routes.json",
      openapiPath: "resources/openapi.json",
      pagePropsPath: 3,
    },
  }));
  const { output, candidates } = plan({}, { bridge });
  equal(output, "/project/resources/types");
  equal(candidates.routes[0], "/project/resources/routes.json");
  equal(candidates.openapi[0], "/project/resources/openapi.json");
  equal(candidates.pages[0], "/project/resources/types/inertia-pages.json");
  equal(plan({ output: "x" }, { bridge }).output, "/project/x");
});

test("parseBridgeTypes() takes what is a text, of whatever the file is", () => {
  for (const text of ["", "[]", "null", '{"types":null}', '{"types":5}', "{"]) {
    deepEqual(parseBridgeTypes(text), {}, text);
  }
});

test("planTypes() hands the generator's own options on", () => {
  const { generator } = plan({ only: ["users.*"], naming: "camel", zod: true, globalRoute: true });
  deepEqual(generator, { only: ["users.*"], naming: "camel", globalRoute: true });
});

test("dependenciesOf() names all that a run may read", () => {
  const { files, urls } = dependenciesOf(plan({}, { backend: "http://127.0.0.1:1" }));
  ok(files.includes("/project/routes.json") && files.includes("/project/openapi.yaml"));
  equal(urls.length, 2);
  deepEqual(dependenciesOf(plan({ openapi: "https://a.test/x.json", pages: "p.json" })), {
    files: ["/project/p.json"],
    urls: ["https://a.test/x.json"],
  });
});

test("outputProblem() lets files into the project alone", () => {
  const problem = (output: string): string | undefined =>
    outputProblem(output, ["/project", "/cwd"], "/project/app");
  equal(problem("/project/app/src/generated"), undefined);
  equal(problem("/cwd/x"), undefined);
  equal(problem("/project/app"), "it holds the project itself");
  equal(problem("/project"), "it holds the project itself");
  equal(problem("/"), "it holds the project itself");
  equal(problem("/projects"), 'it lies outside of "/project" and "/cwd"');
});

test("isWithin() is not deceived by names that begin alike", () => {
  ok(isWithin("/a", "/a/b") && isWithin("/a", "/a") && isWithin("/a", "/a/..b"));
  ok(!isWithin("/a", "/ab") && !isWithin("/a/b", "/a") && !isWithin("/a", "/"));
});

test("sourceName() shows a file from the root, and no password", () => {
  equal(sourceName("/project/api/routes.json", ROOT), "api/routes.json");
  equal(sourceName("/other/routes.json", ROOT), "../other/routes.json");
  equal(sourceName("https://user:secret@a.test/x.json", ROOT), "https://a.test/x.json");
});

test("patternTrees() finds files beside the project, and never what is generated", () => {
  const [tree] = patternTrees(plan({ watch: ["../app/**/*.py"] }));
  equal(tree?.folder, "/app");
  ok(tree?.matches("/app/routes.py") && tree.matches("/app/a/b.py"));
  ok(!tree?.matches("/app/a/b.txt"));
  ok(tree?.skips("/app/node_modules") && tree.skips("/app/.venv") && !tree.skips("/app/users"));
  const [all] = patternTrees(plan({ watch: ["**/*.ts"] }));
  ok(all?.matches("/project/server.ts") && !all.matches("/project/src/generated/routes.ts"));
  ok(all?.skips("/project/src/generated"));
});

test("ownModules() leaves out packages and what is generated", () => {
  const paths = [
    "/project/server.ts",
    "/shared/a.ts",
    "/project/node_modules/zod/index.js",
    "/project/src/generated/routes.ts",
    "node:fs",
  ];
  deepEqual(ownModules(paths, plan()), ["/project/server.ts", "/shared/a.ts"]);
});
