/**
 * Runs every check that is no test, and says at the end which of them failed: `deno task ok`.
 *
 * @module
 */

/** The check's name and Deno's arguments. */
const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ["format", "fmt", "--check", "--quiet"],
  ["lint", "lint", "--quiet"],
  ["types", "check", "--quiet", "."],
  ["documentation", "doc", "--lint", "--quiet", "mod.ts"],
  ["package", "publish", "--dry-run", "--allow-dirty", "--quiet"],
  ["architecture", "test", "-A", "--quiet", "tests/architecture_test.ts"],
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const failed: string[] = [];
  for (const [name, ...args] of CHECKS) {
    console.log(`== ${name}: deno ${args.join(" ")}`);
    const { success } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).spawn()
      .status;
    if (!success) failed.push(name);
  }
  console.log(failed.length === 0 ? "ok" : `not ok: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}
