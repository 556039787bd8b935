/**
 * Runs files of conformance cases: `deno run -A tests/conformance/inertia_suite.ts [FILE …]`, and so with Bun.
 *
 * The last line printed is `N passed, N failed`; it ends with 1 if one failed.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
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

/** Serves a case and compares. */
export async function failuresIn(item: InertiaCase): Promise<readonly Failure[]> {
  try {
    return failuresOf(item, await run(item));
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

async function main(paths: readonly string[]): Promise<number> {
  const cases = paths.flatMap(readCases);
  let failed = 0;
  for (const item of cases) {
    const found = await failuresIn(item);
    if (found.length === 0) continue;
    failed += 1;
    console.log(describeFailures(item, found));
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 && cases.length > 0 ? 0 : 1;
}

if (import.meta.main) {
  const files = process.argv.slice(2);
  process.exit(await main(files.length === 0 ? CASE_FILES : files));
}
