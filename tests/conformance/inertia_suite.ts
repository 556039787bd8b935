/**
 * Runs a file of conformance cases: `deno run -A tests/conformance/inertia_suite.ts [FILE]`, and so with Bun.
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

/** The project's own copy of the cases. */
export const OWN_CASES: string = fileURLToPath(new URL("./inertia_cases.json", import.meta.url));

/** Reads a file of cases. */
export function readCases(path: string): readonly InertiaCase[] {
  const file: CaseFile = JSON.parse(readFileSync(path, "utf8"));
  return file.cases;
}

/** Serves a case and compares. */
export async function failuresIn(item: InertiaCase): Promise<readonly Failure[]> {
  return failuresOf(item, await run(item));
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

async function main(path: string): Promise<number> {
  const cases = readCases(path);
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

if (import.meta.main) process.exit(await main(process.argv[2] ?? OWN_CASES));
