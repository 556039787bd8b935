import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { loadEntry } from "../../sidecar/entry_module.ts";
import { createProject } from "../_support/project.ts";
import { test } from "../_support/test.ts";

async function load(
  source: string,
  run: (load: (front?: unknown) => ReturnType<typeof loadEntry>) => Promise<void>,
): Promise<void> {
  const project = await createProject("entry", { "server #1.ts": source });
  try {
    await run((front) => loadEntry(join(project.root, "server #1.ts"), front));
  } finally {
    await project.remove();
  }
}

async function answerOf(source: string, front?: unknown): Promise<string> {
  let text = "";
  await load(source, async (load) => {
    const { fetch } = await load(front);
    const response = await fetch(new Request("http://x/"), undefined as never);
    text = await response.text();
  });
  return text;
}

test("loadEntry() takes default { fetch }, as deno serve and Bun do", async () => {
  equal(await answerOf(`export default { fetch: () => new Response("object") };`), "object");
});

test("loadEntry() calls fetch as a method of its object", async () => {
  const source =
    `class App { #text = "this"; fetch() { return new Response(this.#text); } } export default new App();`;
  equal(await answerOf(source), "this");
});

test("loadEntry() takes a default function, and an exported fetch", async () => {
  equal(await answerOf(`export default () => new Response("function");`), "function");
  equal(await answerOf(`export const fetch = () => new Response("named");`), "named");
});

test("loadEntry() gives Bun's socket handlers on", () =>
  load(
    `export default { fetch: () => new Response(), websocket: { message() {} } };`,
    async (load) => ok((await load()).websocket),
  ));

test("loadEntry() says what a module exports that is no app", () =>
  load(
    `export const app = 1, other = 2; export default {};`,
    (load) =>
      rejects(load, (error: Error) => {
        equal(error.name, "TypeError");
        match(
          error.message,
          /server #1\.ts" as the entry: it exports .*app.* and neither "createApp" nor "default \{ fetch \}"/,
        );
        return true;
      }),
  ));

test("loadEntry() says that a module exports nothing", () =>
  load(`export {};`, (load) => rejects(load, /it exports nothing/)));

test("loadEntry() tells what a module threw, and keeps it as the cause", () =>
  load(`throw new RangeError("no database");`, (load) =>
    rejects(load, (error: Error) => {
      match(error.message, /^Cannot load ".*server #1\.ts" as the entry: no database$/);
      equal((error.cause as Error).name, "RangeError"); // what the module threw
      return true;
    })));

test("loadEntry() tells that there is no such module", async () => {
  await rejects(loadEntry("/nowhere/server.ts"), (error: Error & { readonly hint?: string }) => {
    equal(error.message, 'Cannot load "/nowhere/server.ts" as the entry: there is no such file');
    match(error.hint ?? "", /--entry/);
    return true;
  });
});

test("loadEntry() tells that the entry is a folder", async () => {
  const project = await createProject("entry", {});
  try {
    await rejects(loadEntry(project.root), /" as the entry: it is a folder$/);
  } finally {
    await project.remove();
  }
});

test("loadEntry() tells where a module is wrong", () =>
  load(
    "const right = 1;\nexport const wrong = ;",
    (load) => rejects(load, /^Error: Cannot load "[^"]*" as the entry: [^]*server[^]*1\.ts:2:/),
  ));

test("loadEntry() makes the app with what createApp gets", async () => {
  const front = { tags: (entry: string) => `<tags of ${entry}>` };
  const app = `{ fetch: () => new Response(front.tags("src/main.ts")) }`;
  equal(
    await answerOf(`export const createApp = (front) => (${app});`, front),
    "<tags of src/main.ts>",
  );
  equal(
    await answerOf(`export async function createApp(front) { return ${app}; }`, front),
    "<tags of src/main.ts>",
  );
});

test("loadEntry() takes a function and an instance of createApp, and Bun's socket handlers with them", async () => {
  equal(
    await answerOf(`export const createApp = () => () => new Response("function");`),
    "function",
  );
  const app =
    `class App { #text = "this"; fetch() { return new Response(this.#text); } websocket = {}; }`;
  equal(await answerOf(`${app} export const createApp = () => new App();`), "this");
  await load(
    `${app} export const createApp = () => new App();`,
    async (load) => ok((await load()).websocket),
  );
});

test("loadEntry() prefers createApp to a default export, which is there for who runs it alone", async () => {
  const source = `export const createApp = () => () => new Response("made");
    export default { fetch: () => new Response("alone") };`;
  equal(await answerOf(source), "made");
});

test("loadEntry() leaves a createApp alone that is no function", async () => {
  const source =
    `export const createApp = false; export default { fetch: () => new Response("alone") };`;
  equal(await answerOf(source), "alone");
});

for (
  const [returned, said] of [
    ["undefined", /its createApp returned undefined, and not \{ fetch \} or a function$/],
    ["null", /its createApp returned null, and not/],
    ["{ handler() {}, port: 1 }", /its createApp returned an object with handler, port, and not/],
    ["{}", /its createApp returned an object without fields, and not/],
    ["{ fetch: 1 }", /its createApp returned an object with fetch, and not/],
    ["[]", /its createApp returned an object without fields, and not/],
    ["Promise.resolve('app')", /its createApp returned app, and not/],
  ] as const
) {
  test(`loadEntry() says that createApp returned ${returned}`, () =>
    load(
      `export const createApp = () => (${returned});`,
      (load) =>
        rejects(load, (error: Error) => {
          equal(error.name, "TypeError");
          match(error.message, /^Cannot use ".*server #1\.ts" as the entry: /);
          match(error.message, said);
          return true;
        }),
    ));
}

test("loadEntry() tells what createApp threw, and keeps it as the cause", async () => {
  for (
    const body of [
      "() => { throw new RangeError('no database'); }",
      "() => Promise.reject(new RangeError('no database'))",
    ]
  ) {
    await load(`export const createApp = ${body};`, (load) =>
      rejects(load, (error: Error) => {
        match(
          error.message,
          /^Cannot make the app of ".*server #1\.ts": its createApp failed: no database$/,
        );
        equal((error.cause as Error).name, "RangeError"); // what createApp threw
        return true;
      }));
  }
});

/** What an entry says of its table, whose mark any copy of the package sets. */
async function pathsOf(source: string): Promise<readonly string[]> {
  const table = `const routes = { [Symbol.for("@lv/sidecar/routes")]: true,
    paths: ["/", "/users/{id:int}", "/{page}", "/{rest:path}"] };`;
  let paths: readonly string[] = [];
  await load(`${table}\n${source}`, async (load) => {
    paths = (await load()).paths;
  });
  return paths;
}

test("loadEntry() tells what the app's route table says to a front end", async () => {
  const table = `const routes = { [Symbol.for("@lv/sidecar/routes")]: true, paths: [],
    toRoutesJson: () => ({ routes: { home: { uri: "/" } } }) };`;
  const app = `export default { fetch: () => new Response() };`;
  await load(`${table} ${app} export { routes };`, async (load) => {
    deepEqual((await load()).tableRoutes(), { routes: { home: { uri: "/" } } });
  });
  await load(app, async (load) => equal((await load()).tableRoutes(), undefined));
});

test("loadEntry() knows the paths of the app's route table, save those that fit any file", async () => {
  const own = ["/", "/users/{id:int}"];
  const fetch = "fetch: () => new Response()";
  deepEqual(await pathsOf(`export default { ${fetch}, routes };`), own);
  deepEqual(await pathsOf(`export default { ${fetch} }; export { routes };`), own);
  deepEqual(await pathsOf(`export const createApp = () => ({ ${fetch}, routes });`), own);
  deepEqual(
    await pathsOf(`export const createApp = () => () => new Response(); export { routes };`),
    own,
  );
  deepEqual(await pathsOf(`export default { ${fetch}, routes: [{ path: "/hono" }] };`), []);
  deepEqual(await pathsOf(`export default { ${fetch} };`), []);
});
