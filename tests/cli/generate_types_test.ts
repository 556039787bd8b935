/** `generate-types`, `export-routes` and `export-schema` as programs: what they print, write, and end with. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { eventually } from "../_support/eventually.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { test } from "../_support/test.ts";
import {
  honoApp,
  inTypesProject,
  openapiJson,
  routesJson,
  type TypesProject,
  withDocumentServer,
} from "../typegen/_support/types_project.ts";

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  { root }: TypesProject,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const program = startSidecar(args, { cwd: root, env });
  const { code } = await program.exited;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

function cliTest(
  name: string,
  files: Readonly<Record<string, string>>,
  use: (
    project: TypesProject,
    run: (...args: readonly string[]) => Promise<Ended>,
  ) => Promise<void>,
): void {
  test(
    name,
    () => inTypesProject(files, (project) => use(project, (...args) => run(project, args))),
  );
}

cliTest("generate-types tells what it wrote, and that nothing is new", {
  "routes.json": routesJson("home"),
}, async (_, run) => {
  const first = await run("generate-types");
  equal(first.code, 0, first.stderr);
  equal(first.stdout, "");
  match(
    first.stderr,
    /^Generated 2 files of 2 in src\/generated \d.*\n {2}routes-runtime\.ts\n {2}routes\.ts\n$/,
  );
  match((await run("generate-types")).stderr, /^src\/generated is up to date: 2 files \d/);
  equal((await run("generate-types", "--quiet")).stderr, "");
});

cliTest(
  "generate-types takes flags before the file, and paths of flags from where they were typed",
  {
    "api/routes.json": routesJson("home"),
    "sub/other.json": routesJson("other"),
    "sidecar.config.ts":
      'export default { types: { routes: "api/routes.json", output: "src/types", globalRoute: true } };',
  },
  async (project, run) => {
    equal((await run("generate-types")).code, 0);
    deepEqual(
      (await readdir(project.at("src/types"))).filter((name) => name.endsWith(".ts")).sort(),
      [
        "routes-global.ts",
        "routes-runtime.ts",
        "routes.ts",
      ],
    );
    const sub = { ...project, root: project.at("sub") };
    const { code, stderr } = await runIn(
      sub,
      "generate-types",
      "--root",
      "..",
      "--routes",
      "other.json",
      "--no-global",
    );
    equal(code, 0, stderr);
    match(await project.read("src/types/routes.ts"), /"other"/);
    ok(!(await readdir(project.at("src/types"))).includes("routes-global.ts"));
  },
);

const runIn = (project: TypesProject, ...args: readonly string[]): Promise<Ended> =>
  run(project, args);

cliTest("generate-types --json prints one line, whatever the app prints", {
  "server.ts": `${honoApp("/users")} console.log("noise");`,
}, async (_, run) => {
  const { code, stdout } = await run("generate-types", "--entry", "server.ts", "--json");
  equal(code, 0);
  deepEqual(JSON.parse(stdout), {
    types: "written",
    files: 2,
    written: ["routes-runtime.ts", "routes.ts"],
    removed: [],
    diagnostics: [],
  });
});

cliTest("generate-types --check exits with 1 when what is there is stale, and writes nothing", {
  "routes.json": routesJson("home"),
}, async (project, run) => {
  const missing = await run("generate-types", "--check");
  equal(missing.code, 1);
  match(
    missing.stderr,
    /^error: Cannot accept "src\/generated" as up to date: 2 files would change\n {2}routes-/,
  );
  equal((await readdir(project.root)).includes("src"), false);
  await run("generate-types");
  equal((await run("generate-types", "--check")).code, 0);
  await project.write("routes.json", routesJson("home", "new"));
  equal((await run("generate-types", "--check", "--quiet")).code, 1);
});

cliTest("generate-types exits with 1 and one error, and leaves what is there", {
  "routes.json": routesJson("home"),
}, async (project, run) => {
  await run("generate-types");
  const before = await project.read("src/generated/routes.ts");
  await project.write("page.html", "<!doctype html>");
  const wrong = [
    ["--routes", "absent.json"],
    ["--openapi", "http://127.0.0.1:9/openapi.json"],
    ["--openapi", "page.html"],
    ["--entry", "absent.ts"],
  ];
  for (const flags of wrong) {
    const { code, stderr, stdout } = await run("generate-types", ...flags);
    deepEqual([code, stdout], [1, ""], flags.join(" "));
    equal(stderr.split("\n").filter((line) => line.startsWith("error:")).length, 1, stderr);
    ok(!/\n\s+at /.test(stderr), stderr);
  }
  equal(await project.read("src/generated/routes.ts"), before);
});

cliTest("generate-types exits with 2 for wrong usage", {
  "routes.json": routesJson("home"),
}, async (_, run) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [["--watch", "--check"], /Cannot use "--check": "--watch" excludes it/],
    [["--routes="], /Cannot use "" as the flag "--routes": it must not be empty/],
    [["--output", "/"], /Cannot use "\/" as the output folder: it holds the project itself/],
    [["--output", "/tmp/elsewhere"], /as the output folder: it lies outside of/],
    [["--outptu", "x"], /the nearest is "--output"/],
    [["--port", "1"], /Cannot use "--port" as a flag of "generate-types"/],
  ];
  for (const [flags, why] of wrong) {
    const { code, stderr } = await run("generate-types", ...flags);
    equal(code, 2, stderr);
    match(stderr, why);
  }
});

cliTest("generate-types takes only, except and groups", {
  "routes.json": routesJson("users.show", "users.store", "admin.home"),
}, async (project, run) => {
  const { code, stderr } = await run(
    "generate-types",
    "--only",
    "users.*",
    "--except",
    "*.store",
    "--groups",
  );
  equal(code, 0, stderr);
  const text = await project.read("src/generated/routes.ts");
  ok(text.includes("users.show") && !text.includes("users.store") && !text.includes("admin"));
  ok((await readdir(project.at("src/generated/routes"))).includes("users.ts"));
});

test("generate-types reads what --backend publishes", async () => {
  await withDocumentServer(
    openapiJson("published"),
    ({ origin }) =>
      inTypesProject({}, async (project) => {
        equal((await run(project, ["generate-types", "--backend", origin])).code, 0);
        match(await project.read("src/generated/routes.ts"), /"published"/);
      }),
    "/schema/openapi.json",
  );
});

cliTest("generate-types --watch goes on until it is ended", {
  "routes.json": routesJson("one"),
}, async (project) => {
  const program = startSidecar(["generate-types", "--watch"], { cwd: project.root });
  try {
    await eventually("the first run", () => /Generated 2 files/.test(program.stderr()));
    await project.write("routes.json", "{");
    await eventually("the error", () => /error: Cannot read "routes\.json"/.test(program.stderr()));
    await project.write("routes.json", routesJson("two"));
    await eventually("the next run", () => /Generated 1 file of 2/.test(program.stderr()));
    match(await project.read("src/generated/routes.ts"), /"two"/);
    program.kill("SIGINT");
    equal((await program.exited).code, 130);
  } finally {
    await program.stop();
  }
});

cliTest("export-routes writes the table of the app, to a file or to standard output", {
  "server.ts": `${honoApp("/users/:id{[0-9]+}", "/about")} console.log("noise");`,
}, async (project, run) => {
  const printed = await run("export-routes", "--entry", "server.ts");
  equal(printed.code, 0, printed.stderr);
  deepEqual(Object.keys(JSON.parse(printed.stdout).routes), ["get /about", "get /users/{id}"]);
  const { code, stderr } = await run(
    "export-routes",
    "--entry",
    "server.ts",
    "--output",
    "api/routes.json",
  );
  equal(code, 0);
  match(stderr, /^Wrote .*api\/routes\.json$/m);
  equal(await project.read("api/routes.json"), printed.stdout);
  match(
    (await run("export-routes", "--entry", "server.ts", "--output", "api/routes.json")).stderr,
    /Nothing is new/,
  );
  equal((await run("generate-types", "--routes", "api/routes.json")).code, 0);
  match(await project.read("src/generated/routes.ts"), /"get \/users\/\{id\}"/);
});

cliTest("export-routes makes a table of an OpenAPI document, that generates the same", {
  "x.yaml": `openapi: 3.0.0
info: {}
paths:
  /users/{id}:
    get:
      operationId: users.show
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: page-size, in: query, schema: { type: integer } }
        - { name: sort, in: query, required: true, schema: { enum: [up, down] } }
  /about: { get: { operationId: about } }
`,
}, async (project, run) => {
  const { code, stderr } = await run(
    "export-routes",
    "--openapi",
    "x.yaml",
    "--only",
    "users.*",
    "--output",
    "routes.json",
  );
  equal(code, 0, stderr);
  deepEqual(JSON.parse(await project.read("routes.json")), {
    routes: {
      "users.show": {
        uri: "/users/{id:int}",
        methods: ["GET"],
        parameterTypes: { id: "number" },
        queryParameters: { "page-size": "number | undefined", sort: '"up" | "down"' },
      },
    },
  });
  await run("generate-types", "--routes", "routes.json");
  const ofTable = await project.read("src/generated/routes.ts");
  await run("generate-types", "--openapi", "x.yaml", "--only", "users.*");
  equal(ofTable, await project.read("src/generated/routes.ts"));
});

cliTest("export-schema writes JSON, whatever the document was", {
  "x.yaml": "openapi: 3.0.0\ninfo: {}\npaths: {}\n",
  "table.ts": `
import { defineRoutes } from "@lv/sidecar/routes";
import { z } from "zod";
export const routes = defineRoutes({ home: { path: "/", response: z.object({ a: z.string() }) } });
`,
  "server.ts": honoApp("/"),
}, async (project, run) => {
  deepEqual(JSON.parse((await run("export-schema", "--openapi", "x.yaml")).stdout), {
    openapi: "3.0.0",
    info: {},
    paths: {},
  });
  const table = await run("export-schema", "--entry", "table.ts", "--output", "openapi.json");
  equal(table.code, 0, table.stderr);
  ok("get" in JSON.parse(await project.read("openapi.json")).paths["/"]);
});

cliTest("export-schema exits with 1 where there is no document", {
  "server.ts": honoApp("/"),
}, async (_, run) => {
  const { code, stdout, stderr } = await run("export-schema", "--entry", "server.ts");
  deepEqual([code, stdout], [1, ""]);
  match(stderr, /^error: Cannot export an OpenAPI document: there is a route table/);
});

const FRONT = {
  "index.html": '<script type="module" src="/main.ts"></script>',
  "main.ts": 'import { route } from "./src/generated/routes.ts"; document.title = route("home");',
  "sidecar.config.ts": "export default { types: true };",
};

cliTest("build generates first, and fails where that fails, unless it is told not to", {
  ...FRONT,
  "routes.json": routesJson("home"),
}, async (project, run) => {
  const built = await run("build");
  equal(built.code, 0, built.stderr);
  match(built.stderr, /Generated 2 files of 2 in src\/generated/);
  const before = await readdir(join(project.root, "dist"));
  await project.write("routes.json", "{");
  const failed = await run("build");
  equal(failed.code, 1);
  match(failed.stderr, /^error: Cannot read "routes\.json": .*\n {2}next: .*SIDECAR_TYPES=false$/m);
  deepEqual(await readdir(join(project.root, "dist")), before);
  equal((await runWith(project, { SIDECAR_TYPES: "false" })).code, 0);
  await project.write("sidecar.config.ts", "export default { types: { failOnError: false } };");
  const warned = await run("build");
  equal(warned.code, 0);
  match(warned.stderr, /^warning: Cannot read "routes\.json"/m);
});

const runWith = (project: TypesProject, env: Readonly<Record<string, string>>): Promise<Ended> =>
  run(project, ["build"], env);
