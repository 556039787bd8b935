/**
 * The program that runs `@hey-api/openapi-ts` in a process of its own, under Deno, Bun or Node.
 *
 * Plain JavaScript, because it runs as it stands. It is told what to do by one line on its standard input, reads the
 * document from a file, and writes everything into the folder that it is given: what was generated, and `result.json`.
 * It does not know that an earlier run's files exist. See `typegen/hey_api_plan.ts`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeError, end, openChannel } from "../vite/child.js";

/** What is written is written at once; nothing is left to wait for. */
const GRACE_MS = 80;

/** It wraps what went wrong twice, and leaves its own message empty. */
function reasonOf(error) {
  const inner = error?.originalError?.error ?? error?.errors?.[0]?.error ?? error;
  return describeError(inner).message || String(inner);
}

/** The names of the types of each operation; what is not one of an operation itself has a longer path. */
function operationTypes(context) {
  const found = new Map();
  for (const { finalName, meta } of context.gen.symbols.query({ resource: "operation" })) {
    const { path: place, role, plugin } = meta;
    if (plugin !== "@hey-api/typescript" || place?.length !== 3 || place[0] !== "paths") continue;
    if (role !== "data" && role !== "response") continue;
    const [, path, method] = place;
    const key = JSON.stringify([path, method]);
    found.set(key, { ...found.get(key) ?? { path, method }, [role]: finalName });
  }
  return [...found.values()];
}

async function generate({ root, modules, document, plugins, extension, header }) {
  let createClient;
  try {
    // In this order: under Deno the first decides which TypeScript the second gets.
    for (const specifier of modules) ({ createClient } = await import(specifier));
  } catch (error) {
    return { kind: "not-loaded", message: reasonOf(error) };
  }
  try {
    const contexts = await createClient({
      input: JSON.parse(readFileSync(document, "utf8")),
      // Without `clean: false` the folder would be removed first, even in a dry run.
      output: {
        path: join(root, "out"),
        clean: false,
        header,
        module: { extension: extension === "" ? null : extension },
        postProcess: [],
        tsConfigPath: null,
      },
      logs: { level: "silent", file: false },
      interactive: false,
      plugins,
    });
    if (contexts.length === 0) return { kind: "failed", message: "it generated nothing" };
    return { kind: "done", operations: operationTypes(contexts[0]) };
  } catch (error) {
    return { kind: "failed", message: reasonOf(error) };
  }
}

const options = await openChannel();
const result = await generate(options);
writeFileSync(join(options.root, "result.json"), JSON.stringify(result));
end(0, GRACE_MS);
