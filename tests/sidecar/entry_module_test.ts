import { equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { loadEntry } from "../../sidecar/entry_module.ts";
import { createProject } from "../_support/project.ts";
import { test } from "../_support/test.ts";

async function load(
  source: string,
  run: (load: () => ReturnType<typeof loadEntry>) => Promise<void>,
): Promise<void> {
  const project = await createProject("entry", { "server #1.ts": source });
  try {
    await run(() => loadEntry(join(project.root, "server #1.ts")));
  } finally {
    await project.remove();
  }
}

async function answerOf(source: string): Promise<string> {
  let text = "";
  await load(source, async (load) => {
    const { fetch } = await load();
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
          /server #1\.ts" as the entry: it exports .*app.* and not "default \{ fetch \}"/,
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
  await rejects(
    loadEntry("/nowhere/server.ts"),
    /^Error: Cannot load "\/nowhere\/server\.ts" as the entry: /,
  );
});
