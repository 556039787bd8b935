/** What generated routes add to a bundle. */
import { ok } from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { generate } from "../../codegen/mod.ts";
import { createProject, repositoryRoot } from "../_support/project.ts";
import { runDeno } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";
import { litestar } from "./_support/sound.ts";

const RUNTIME_BYTES = 2_560;
const HANDLE_BYTES = 2_048;
const ROUTE_BYTES = 12;

/** A table as applications have them: five routes for each resource. */
function table(count: number): string {
  const nouns = [
    "user",
    "order",
    "invoice",
    "team",
    "project",
    "comment",
    "article",
    "ticket",
    "asset",
    "report",
  ];
  const parts = [
    "",
    "member",
    "setting",
    "event",
    "note",
    "label",
    "file",
    "review",
    "task",
    "hook",
  ];
  const resources = nouns.flatMap((noun) =>
    parts.flatMap((part) => ["", "archived"].map((state) => [noun, part, state].filter(Boolean)))
  );
  const routes = resources.slice(0, count / 5).flatMap((words): [string, object][] => {
    const name = words.join("_");
    const uri = `/api/${words.map((word) => `${word}s`).join("/")}`;
    const one = `${uri}/{${name}_id}`;
    const of = (action: string, method: string, at: string): [string, object] => [
      `${name}.${action}`,
      {
        uri: at,
        method: method.toLowerCase(),
        methods: [method],
        parameterTypes: { [`${name}_id`]: "number" },
      },
    ];
    return [
      of("index", "GET", uri),
      of("store", "POST", uri),
      of("show", "GET", one),
      of("update", "PATCH", one),
      of("destroy", "DELETE", one),
    ];
  });
  return litestar(Object.fromEntries(routes));
}

/** The minified, compressed size of what an entry needs, with the bundler that does worst. */
async function sizeOf(
  files: readonly { readonly path: string; readonly text: string }[],
  entry: string,
): Promise<number> {
  const project = await createProject("size", {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    "entry.ts": entry,
  });
  try {
    const { stdout } = await runDeno([
      "run",
      "-A",
      "--quiet",
      join(repositoryRoot, "tests/codegen/_support/bundle.ts"),
      join(project.root, "entry.ts"),
      "--minify",
    ]);
    const sizes = Object.values<string>(JSON.parse(stdout)).map((code) =>
      gzipSync(code, { level: 9 }).byteLength
    );
    return Math.max(...sizes);
  } finally {
    await project.remove();
  }
}

test("the run-time is at most 2.5 KB, and a route at most 12 bytes", async () => {
  const { files } = generate({ routes: table(1_000) });
  const runtime = await sizeOf(files, `export { createRouter } from "./routes-runtime.ts";\n`);
  const all = await sizeOf(files, `export { route, router } from "./routes.ts";\n`);
  const each = (all - runtime) / 1_000;
  ok(runtime <= RUNTIME_BYTES, `the run-time has ${runtime} bytes`);
  ok(each > 0 && each <= ROUTE_BYTES, `a route has ${each} bytes`);
});

test("one function and what it runs on are at most 2 KB", async () => {
  const { files } = generate({ routes: table(1_000) }, { groupFiles: true });
  const one = await sizeOf(files, `export { show } from "./routes/user.ts";\n`);
  ok(one <= HANDLE_BYTES, `it has ${one} bytes`);
});
