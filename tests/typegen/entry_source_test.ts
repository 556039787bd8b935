/** The app's module, loaded in a process of its own. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { EntryDocuments } from "../../typegen/entry_answer.ts";
import { readEntry } from "../../typegen/entry_source.ts";
import { test } from "../_support/test.ts";
import { honoApp, inTypesProject } from "./_support/types_project.ts";

const TABLE = `
import { defineRoutes } from "@lv/sidecar/routes";
import { z } from "zod";
export const routes = defineRoutes({
  "users.show": { path: "/users/{id:int}", response: z.object({ name: z.string() }) },
});
`;

/** Reads the routes of `server.ts`, which prints and never ends by itself. */
function entryTest(
  name: string,
  files: Readonly<Record<string, string>>,
  check: (documents: EntryDocuments | undefined, modules: readonly string[]) => void,
): void {
  test(name, async () => {
    await inTypesProject(files, async ({ at, tools, root }) => {
      const modules: string[] = [];
      const withModules = {
        ...tools(),
        onModules: (paths: readonly string[]) => void modules.push(...paths),
      };
      check(
        await readEntry(at("server.ts"), "server.ts", withModules),
        modules.map((path) => path.slice(root.length + 1)),
      );
    });
  });
}

const urisOf = ({ routes = "{}" }: EntryDocuments = {}): readonly string[] =>
  Object.values<{ uri: string }>(JSON.parse(routes).routes ?? {}).map(({ uri }) => uri);

entryTest("readEntry() reads a route table and its document", {
  "server.ts": `${TABLE} console.log("noise"); setInterval(() => {}, 1000);`,
}, (documents) => {
  deepEqual(urisOf(documents), ["/users/{id:int}"]);
  const { openapi, paths } = JSON.parse(documents?.openapi ?? "");
  match(openapi, /^3\.1/);
  ok("get" in paths["/users/{id}"]);
});

entryTest("readEntry() finds the table of a default export", {
  "server.ts": `${TABLE.replace("export ", "")}
export default routes.serve({ "users.show": () => ({ name: "a" }) });`,
}, (documents) => deepEqual(urisOf(documents), ["/users/{id:int}"]));

entryTest("readEntry() reads the routes of a Hono app", {
  "server.ts": honoApp("/users/:id{[0-9]+}", "/"),
}, (documents) => {
  deepEqual(urisOf(documents), ["/users/{id:int}", "/"]);
  equal(documents?.openapi, undefined);
});

entryTest("readEntry() reads the document of an app of @hono/zod-openapi", {
  "server.ts": `
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
const show = createRoute({
  method: "get", path: "/users/{id}", operationId: "users.show",
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: { description: "", content: { "application/json": { schema: z.object({ id: z.string() }) } } } },
});
export const app = new OpenAPIHono();
app.openapi(show, (c) => c.json({ id: "1" }));
app.get("/health", (c) => c.text("well"));
export default { fetch: app.fetch };
`,
}, (documents) => {
  equal(documents?.routes, undefined);
  deepEqual(Object.keys(JSON.parse(documents?.beside ?? "").routes), [
    "get /users/{id}",
    "get /health",
  ]);
  equal(JSON.parse(documents?.openapi ?? "").paths["/users/{id}"].get.operationId, "users.show");
});

entryTest("readEntry() finds no routes where there are none", {
  "server.ts": "export default { fetch: () => new Response() }; export const routes = [1, null];",
}, (documents) => equal(documents, undefined));

entryTest("readEntry() tells the modules that count", {
  "server.ts": 'import "./lib/a.ts"; export { default } from "./app.ts";',
  "lib/a.ts": "export {};",
  "app.ts": honoApp("/"),
}, (_, modules) => {
  const own = new Set(modules.filter((path) => /^(?:server|app|lib\/a)\.ts$/.test(path)));
  deepEqual([...own].sort(), ["app.ts", "lib/a.ts", "server.ts"]);
});

const BROKEN: readonly (readonly [string, string, RegExp])[] = [
  ["a module that throws", 'throw new Error("no database");', /: no database$/],
  ["a module with a mistake", "export const = 1;", /^Cannot load "server\.ts" for its routes: \S/],
  ["a module that imports what is not there", 'import "./absent.ts";', /absent/],
  ["a module that ends its process", "process.exit(3);", /: its process ended without an answer$/],
  [
    "a table that can't be described",
    `
    export const routes = { [Symbol.for("@lv/sidecar/routes")]: true, toRoutesJson() { throw new Error("no schema"); } };
  `,
    /: no schema$/,
  ],
];

for (const [name, text, why] of BROKEN) {
  test(`readEntry() says it of ${name}`, async () => {
    await inTypesProject({ "server.ts": text }, async ({ at, tools }) => {
      await rejects(readEntry(at("server.ts"), "server.ts", tools()), (error: Error) => {
        match(error.message, why);
        equal(error.message.split("\n").length, 1);
        return true;
      });
    });
  });
}

test("readEntry() ends the process with its signal", async () => {
  await inTypesProject(
    { "server.ts": "await new Promise(() => setInterval(() => {}, 1000));" },
    async ({ at, tools }) => {
      const stop = new AbortController();
      const reading = readEntry(at("server.ts"), "server.ts", tools(), stop.signal);
      stop.abort(new Error("enough"));
      await rejects(reading, { message: "enough" });
    },
  );
});

test("readEntry() sees a module as it is now, not as it was", async () => {
  await inTypesProject({ "server.ts": honoApp("/one") }, async ({ at, tools, write }) => {
    deepEqual(urisOf(await readEntry(at("server.ts"), "server.ts", tools())), ["/one"]);
    await write("server.ts", honoApp("/two"));
    deepEqual(urisOf(await readEntry(at("server.ts"), "server.ts", tools())), ["/two"]);
  });
});
