/**
 * Runs files of conformance cases: `deno run -A tests/conformance/inertia_suite.ts [--adapter MODULE] [FILE …]`, and
 * so with Bun.
 *
 * The last line printed is `N passed, N failed`; it ends with 1 if one failed.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { run } from "./inertia_adapter.ts";
import type { CaseFile, InertiaCase } from "./inertia_case.ts";
import { type Failure, failuresOf } from "./inertia_check.ts";

/** The cases that come with the suite: those that the reference was run on, and more that follow from the rules. */
export const CASE_FILES: readonly string[] = ["inertia_cases.json", "own_cases.json"]
  .map((name) => fileURLToPath(new URL(name, import.meta.url)));

/** Reads a file of cases. */
export function readCases(path: string): readonly InertiaCase[] {
  const file: CaseFile = JSON.parse(readFileSync(path, "utf8"));
  return file.cases;
}

/** Serves a case, by our own adapter or another one, and compares. */
export async function failuresIn(
  item: InertiaCase,
  serve: typeof run = run,
): Promise<readonly Failure[]> {
  try {
    return failuresOf(item, await serve(item));
  } catch (error) {
    // One case that can't be served says nothing of the others.
    return [{ what: "the adapter", expected: "an observation", seen: String(error) }];
  }
}

/** What did not hold, as lines. */
export function describeFailures(
  { id, level, title }: InertiaCase,
  found: readonly Failure[],
): string {
  const lines = found.map(({ what, expected, seen }) =>
    `  ${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(seen)}`
  );
  return [`FAIL ${id} (${level}) ${title}`, ...lines].join("\n");
}

async function main({ files, adapter }: SuiteOptions): Promise<number> {
  const cases = (files.length === 0 ? CASE_FILES : files).flatMap(readCases);
  const serve = adapter === undefined ? run : await loadAdapter(adapter);
  let failed = 0;
  for (const item of cases) {
    const found = await failuresIn(item, serve);
    if (found.length === 0) continue;
    failed += 1;
    console.log(describeFailures(item, found));
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 && cases.length > 0 ? 0 : 1;
}

async function loadAdapter(path: string): Promise<typeof run> {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(path)).href);
  const serve = module["run"];
  if (typeof serve === "function") return serve as typeof run; // As the README asks for.
  throw new TypeError(`Cannot use "${path}" as an adapter: it exports no function run`);
}

interface SuiteOptions {
  readonly files: readonly string[];
  readonly adapter: string | undefined;
}

/** `--adapter FILE` and files with cases, in any order. */
function parseWords(words: readonly string[]): SuiteOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { adapter: { type: "string" } },
    allowPositionals: true,
  });
  return { files: positionals, adapter: values.adapter };
}

if (import.meta.main) process.exit(await main(parseWords(process.argv.slice(2))));
