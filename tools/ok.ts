/**
 * Runs every check that is no test, and says at the end which of them failed: `deno task ok`.
 *
 * @module
 */

/** What stands on Deno's own types; an example's `src/` is for a browser and has a `tsconfig.json` of its own. */
const CHECKED: readonly string[] = [
  ...[
    "mod.ts",
    "sidecar.ts",
    "sidecar/",
    "runtime/",
    "vite/",
    "codegen/",
    "doctor/",
    "htmx/",
    "frameworks/",
    "inertia/",
    "routes/",
    "typegen/",
    "cli/",
    "tools/",
    "bench/",
  ],
  // Without tests/.tmp/, where a test that was cut short leaves its project.
  ...(await entries("tests")).filter((path) => !/\/(\.|fixtures$|golden$)/.test(path)),
];

/** By themselves: a library that only a bench imports adds to Hono's types. */
const EXAMPLES: readonly string[] = (await Promise.all((await entries("examples")).map(entries)))
  .flat().filter((path) => /\.tsx?$/.test(path));

/** The check's name and Deno's arguments. */
const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ["format", "fmt", "--check", "--quiet"],
  ["lint", "lint", "--quiet"],
  ["types", "check", "--quiet", ...CHECKED],
  ["types of the examples", "check", "--quiet", ...EXAMPLES],
  [
    "documentation",
    "doc",
    "--lint",
    "--quiet",
    "mod.ts",
    "codegen/mod.ts",
    "htmx/mod.ts",
    "inertia/mod.ts",
    "routes/mod.ts",
    "routes/client.ts",
    "vite/plugin.ts",
    "frameworks/api.ts",
    "frameworks/astro.ts",
    "frameworks/sveltekit.ts",
    "frameworks/nuxt.ts",
  ],
  ["package", "publish", "--dry-run", "--allow-dirty", "--quiet"],
  ["architecture", "test", "-A", "--quiet", "tests/architecture_test.ts"],
];

if (import.meta.main) Deno.exit(await main());

async function main(): Promise<number> {
  const failed: string[] = [];
  for (const [name, ...args] of CHECKS) {
    console.log(`== ${name}: deno ${args.join(" ")}`);
    const child = new Deno.Command(Deno.execPath(), { args, stdin: "null" }).spawn();
    if (!(await child.status).success) failed.push(name);
  }
  console.log(failed.length === 0 ? "ok" : `not ok: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

async function entries(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.sort().map((name) => `${folder}/${name}`);
}
