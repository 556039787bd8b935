/** Whole runs in this process: which sources count, what is written, and what stays when something is wrong. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import type { ApiTypes } from "../../typegen/api_request.ts";
import { generateTypes, type TypesOutcome } from "../../typegen/generate_types.ts";
import type { CheckedTypesOptions, PlanFacts } from "../../typegen/options.ts";
import { runDeno } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";
import {
  honoApp,
  inTypesProject,
  openapiJson,
  routesJson,
  type TypesProject,
  withDocumentServer,
} from "./_support/types_project.ts";

const run = (
  { plan, tools }: TypesProject,
  options: CheckedTypesOptions = {},
  { isCheck = false, generateApi, ...facts }: Partial<PlanFacts> & {
    readonly isCheck?: boolean;
    readonly generateApi?: Parameters<TypesProject["tools"]>[0];
  } = {},
): Promise<TypesOutcome> =>
  generateTypes({ plan: plan(options, facts), tools: tools(generateApi), isCheck });

const told = ({ diagnostics }: TypesOutcome, level = "error"): readonly string[] =>
  diagnostics.filter((each) => each.level === level).map(({ message }) => message);

const generatedFiles = async ({ at }: TypesProject): Promise<readonly string[]> =>
  (await readdir(at("src/generated"), { recursive: true })).filter((path) => path.endsWith(".ts"))
    .sort();

test("a routes.json is found, and what is generated works", async () => {
  await inTypesProject({ "routes.json": routesJson("home", "about") }, async (project) => {
    const outcome = await run(project);
    deepEqual([outcome.kind, told(outcome)], ["written", []]);
    deepEqual(await generatedFiles(project), ["routes-runtime.ts", "routes.ts"]);
    const { route } = await import(`file://${project.at("src/generated/routes.ts")}`);
    equal(route("about"), "/about");
    equal((await run(project)).kind, "same");
  });
});

test("an openapi.yaml is found, with types of what routes carry", async () => {
  const yaml = "openapi: 3.0.0\ninfo: {}\npaths:\n  /a:\n    get: { operationId: readA }\n";
  await inTypesProject({ "openapi.yaml": yaml }, async (project) => {
    equal((await run(project)).kind, "written");
    deepEqual(await generatedFiles(project), ["route-types.ts", "routes-runtime.ts", "routes.ts"]);
    match(await project.read("src/generated/routes.ts"), /"readA"/);
    equal((await run(project, { routeTypes: false })).removed.join(), "route-types.ts");
  });
});

test("routes of Hono that its document does not describe are there beside the others", async () => {
  const server = `
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
const show = createRoute({
  method: "get", path: "/users/{id}", operationId: "users.show",
  request: { params: z.object({ id: z.coerce.number().int() }) },
  responses: { 200: { description: "", content: { "application/json": { schema: z.object({ name: z.string() }) } } } },
});
const app = new OpenAPIHono();
app.openapi(show, (c) => c.json({ name: "Ada" }));
app.get("/health", (c) => c.text("well"));
app.post("/users/:id/avatar", (c) => c.text("ok"));
export default app;
`;
  await inTypesProject({ "server.ts": server }, async (project) => {
    const outcome = await run(project, {}, { entry: project.at("server.ts") });
    deepEqual([outcome.kind, told(outcome), told(outcome, "warning")], ["written", [], []]);
    const { route } = await import(`file://${project.at("src/generated/routes.ts")}`);
    equal(route("users.show", { id: 7 }), "/users/7");
    equal(route("get /health"), "/health");
    equal(route("post /users/{id}/avatar", { id: 7 }), "/users/7/avatar");
    ok(!(await project.read("src/generated/routes.ts")).includes("get /users/{id}"));
    match(
      await project.read("src/generated/route-types.ts"),
      /"users\.show": \{\n *readonly "name"/,
    );
  });
});

test("the routes of the app come before files that lie about", async () => {
  const files = { "server.ts": honoApp("/of-the-app"), "routes.json": routesJson("of-the-file") };
  await inTypesProject(files, async (project) => {
    await run(project, {}, { entry: project.at("server.ts") });
    const text = await project.read("src/generated/routes.ts");
    ok(text.includes("/of-the-app") && !text.includes("of-the-file"));
    // One that has no routes leaves it to the files.
    await project.write("server.ts", "export default { fetch: () => new Response() };");
    await run(project, {}, { entry: project.at("server.ts") });
    ok((await project.read("src/generated/routes.ts")).includes("of-the-file"));
  });
});

test("a source that is named is the only one", async () => {
  const files = { "a.json": routesJson("named"), "openapi.json": openapiJson("found") };
  await inTypesProject(files, async (project) => {
    await run(project, { routes: "a.json" }, { entry: project.at("absent.ts") });
    ok((await project.read("src/generated/routes.ts")).includes("named"));
    deepEqual(await generatedFiles(project), ["routes-runtime.ts", "routes.ts"]);
  });
});

test("a backend's document is asked for where Litestar has it, and where others do", async () => {
  for (const path of ["/schema/openapi.json", "/openapi.json", "/api/schema"]) {
    await withDocumentServer(openapiJson("published"), async ({ origin }) => {
      await inTypesProject({}, async (project) => {
        const options = path === "/api/schema" ? { schemaPath: [path] } : {};
        deepEqual(told(await run(project, options, { backend: origin })), []);
        match(await project.read("src/generated/routes.ts"), /"published"/);
      });
    }, path);
  }
});

test("pages come from the file beside the routes; what is the user's is written once", async () => {
  const files = {
    "api/routes.json": routesJson("home"),
    "api/inertia-pages.json": '{"pages":{"Home":{"route":"/","propsType":"{ title: string }"}}}',
  };
  await inTypesProject(files, async (project) => {
    await run(project, { routes: "api/routes.json" });
    ok((await generatedFiles(project)).includes("page-props.user.ts"));
    await project.write(
      "src/generated/page-props.user.ts",
      "export type UserSharedProps = { a: 1 };",
    );
    equal((await run(project, { routes: "api/routes.json" })).kind, "same");
    match(await project.read("src/generated/page-props.user.ts"), /a: 1/);
  });
});

test("a table of the app says what its pages get", async () => {
  const table = `
import { defineRoutes } from "@lv/sidecar/routes";
import { z } from "zod";
const User = z.object({ id: z.number() }).meta({ id: "User" });
export const routes = defineRoutes({
  home: { path: "/", component: "Home" },
  "users.show": { path: "/users/{id:int}", component: "Users/Show", response: z.object({ user: User }) },
  "users.edit": { path: "/users/{id:int}/edit", component: "Users/Edit", response: User },
});
`;
  await inTypesProject({ "server.ts": table }, async (project) => {
    const outcome = await run(project, {}, { entry: project.at("server.ts") });
    deepEqual([outcome.kind, told(outcome), told(outcome, "warning")], ["written", [], []]);
    await project.write(
      "use.ts",
      `import type { InertiaPageProps, PageProps } from "./src/generated/page-props.ts";
import type { RouteResponse } from "./src/generated/route-types.ts";
export const show: PageProps["Users/Show"]["user"]["id"] = 1;
export const edit: RouteResponse<"users.edit">["id"] = 1;
// @ts-expect-error -- it is a number
export const wrong: PageProps["Users/Edit"]["id"] = "one";
export const home: keyof PageProps = "Home";
// A page without props of its own has the shared ones.
export const nothing: InertiaPageProps<"Home"> = {};
`,
    );
    await runDeno(["check", project.at("use.ts")]);
  });
});

const CIRCLE = JSON.stringify({
  openapi: "3.1.0",
  paths: {
    "/a": { get: { operationId: "a", parameters: [{ $ref: "#/components/parameters/A" }] } },
    "/b": { get: { operationId: "b", parameters: [{ $ref: "#/components/parameters/A" }] } },
  },
  components: {
    parameters: {
      A: { $ref: "#/components/parameters/B" },
      B: { $ref: "#/components/parameters/A" },
    },
  },
});

/** What is wrong, and the one sentence about it. */
const BAD: readonly (readonly [string, string, RegExp])[] = [
  ["null", "null", /^Cannot read "x\.json" as OpenAPI: it is null$/],
  ["a list", "[]", /as OpenAPI: it is a list$/],
  ["nothing", "", /^Cannot read "x\.json": it is empty$/],
  ["HTML", "<!doctype html><p>", /^Cannot read "x\.json": it is HTML or XML, not JSON/],
  [
    "half of it",
    '{"openapi": "3.1.0", "paths": {',
    /^Cannot read "x\.json": it is no JSON at line/,
  ],
  ["references in a circle", CIRCLE, /as OpenAPI: the reference "#\/.*A" leads back to itself$/],
  ["something else", '{"name": "x"}', /has neither "openapi" nor "swagger"$/],
  [
    "46 MB",
    " ".repeat(46 * 1024 * 1024),
    /^Cannot read "x\.json": it has 48234496 bytes, and \d+ are allowed$/,
  ],
];

for (const [name, text, why] of BAD) {
  test(`a document of ${name} is one error, and what was there stays`, async () => {
    await inTypesProject({ "x.json": openapiJson("before") }, async (project) => {
      await run(project, { openapi: "x.json" });
      const before = await project.read("src/generated/routes.ts");
      await project.write("x.json", text);
      const outcome = await run(project, { openapi: "x.json" });
      equal(outcome.kind, "failed");
      equal(outcome.diagnostics.length, 1);
      match(told(outcome)[0] ?? "", why);
      equal(await project.read("src/generated/routes.ts"), before);
      equal((await run(project, { openapi: "x.json" }, { isCheck: true })).kind, "failed");
    });
  });
}

test("a backend that is down is one error, also where a route table is there", async () => {
  await inTypesProject({ "routes.json": routesJson("home") }, async (project) => {
    let backend = "";
    await withDocumentServer(undefined, ({ origin }) => Promise.resolve(void (backend = origin)));
    const outcome = await run(project, {}, { backend });
    deepEqual(told(outcome), [
      `Cannot read "${backend}/schema/openapi.json": nothing listens there`,
    ]);
    await rejects(stat(project.at("src/generated")));
    // A file of an earlier export is better than nothing.
    await project.write("openapi.json", openapiJson("home"));
    deepEqual(told(await run(project, {}, { backend })), []);
  });
});

test("a backend without a document leaves it to the route table, and to an error without one", async () => {
  await withDocumentServer(undefined, async ({ origin: backend }) => {
    await inTypesProject({}, async (project) => {
      match(
        told(await run(project, {}, { backend }))[0] ?? "",
        /^Cannot find a route table or an OpenAPI document: there is none at http.*\/openapi\.json, src/,
      );
      await project.write("routes.json", routesJson("home"));
      equal((await run(project, {}, { backend })).kind, "written");
    });
  });
});

const api = (...paths: readonly string[]): ApiTypes => ({
  files: paths.map((path) => ({ path, text: "export {};\n" })),
  diagnostics: [],
  operationTypes: undefined,
  isFromCache: false,
});

test("the API's generator is asked where somebody wants what it makes", async () => {
  await inTypesProject({ "openapi.json": openapiJson("a") }, async (project) => {
    const asked: unknown[] = [];
    const generateApi = (request: { zod: boolean; sdk: boolean; document: unknown }) => {
      asked.push([request.zod, request.sdk, typeof request.document]);
      return Promise.resolve(api("api/types.gen.ts"));
    };
    await run(project, {}, { generateApi });
    deepEqual(asked, []);
    await run(project, { sdk: true }, { generateApi });
    deepEqual(asked, [[false, true, "object"]]);
    ok((await generatedFiles(project)).includes("api/types.gen.ts"));
    deepEqual((await run(project, {}, { generateApi })).removed, ["api/types.gen.ts"]);
  });
});

test("where the API's generator fails, the rest goes on and what it made stays", async () => {
  await inTypesProject({ "openapi.json": openapiJson("a") }, async (project) => {
    await run(project, { zod: true }, {
      generateApi: () => Promise.resolve(api("api/zod.gen.ts")),
    });
    await project.write("openapi.json", openapiJson("a", "b"));
    for (const fail of [() => Promise.resolve(api()), () => Promise.reject(new Error("broken"))]) {
      const outcome = await run(project, { zod: true }, { generateApi: fail });
      ok(outcome.kind !== "failed", told(outcome).join());
      ok((await generatedFiles(project)).includes("api/zod.gen.ts"));
      match(await project.read("src/generated/routes.ts"), /"b"/);
      const checked = await run(project, { zod: true }, { generateApi: fail, isCheck: true });
      match(
        told(checked)[0] ?? "",
        /^Cannot tell whether the schemas or the client are up to date/,
      );
    }
  });
});

test("schemas without a document are a warning", async () => {
  await inTypesProject({ "routes.json": routesJson("home") }, async (project) => {
    const outcome = await run(project, { zod: true });
    equal(outcome.kind, "written");
    match(told(outcome, "warning")[0] ?? "", /there is no OpenAPI document$/);
  });
});

test("a check tells what differs, and changes nothing", async () => {
  await inTypesProject({ "routes.json": routesJson("home") }, async (project) => {
    const check = () => run(project, {}, { isCheck: true });
    deepEqual((await check()).written, ["routes-runtime.ts", "routes.ts"]);
    await rejects(stat(project.at("src/generated")));
    await run(project);
    equal((await check()).kind, "same");
    await project.write("routes.json", routesJson("home", "about"));
    const outcome = await check();
    deepEqual([outcome.kind, outcome.written], ["stale", ["routes.ts"]]);
    await run(project);
    equal((await check()).kind, "same");
    await project.write("src/generated/routes.ts", "// mine");
    deepEqual((await check()).written, ["routes.ts"]);
  });
});
