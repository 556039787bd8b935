/**
 * Runs conformance cases on Deno and on Bun: `deno task conformance [--adapter MODULE] [FILE]`.
 *
 * The last line printed is `N passed, N failed`, over both; it ends with 1 if one failed.
 *
 * @module
 */
import { resolve } from "node:path";
import { findBun } from "./bun.ts";

const SUITE = "tests/conformance/inertia_suite.ts";

const COUNTS_REGEXP = /^(\d+) passed, (\d+) failed$/m;

if (import.meta.main) {
  // A task runs in the repository; a relative path is the caller's.
  const here = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const words = Deno.args.filter((word) => word !== "--");
  Deno.exit(await main(words.map((word) => word.startsWith("--") ? word : resolve(here, word))));
}

async function main(files: readonly string[]): Promise<number> {
  const runs: readonly (readonly [string, string, readonly string[]])[] = [
    ["Deno", Deno.execPath(), ["run", "-A", "--no-check", SUITE, ...files]],
    ["Bun", await findBun(), [SUITE, ...files]],
  ];
  let passed = 0;
  let failed = 0;
  let isGreen = true;
  for (const [name, command, args] of runs) {
    const child = new Deno.Command(command, { args: [...args], stdin: "null", stderr: "inherit" });
    const { success, stdout } = await child.output();
    const text = new TextDecoder().decode(stdout);
    console.log(`== ${name}\n${text.trimEnd()}`);
    const [, passes = "0", failures = "1"] = COUNTS_REGEXP.exec(text) ?? [];
    passed += Number(passes);
    failed += Number(failures);
    isGreen &&= success;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return isGreen && failed === 0 ? 0 : 1;
}
