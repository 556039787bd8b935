/**
 * Makes every template of `init` with every backend and uses each of them, and runs the frameworks that no other run has:
 * `deno task matrix [part of a name]`.
 *
 * @module
 */
import { findBun } from "./bun.ts";

const SCAFFOLDS = "tests/e2e/scaffold_matrix_browser_test.ts";
/** Their program is started under the runtime that runs the test. */
const FRAMEWORKS = ["react_router", "tanstack_start"].map((name) =>
  `tests/e2e/framework_${name}_browser_test.ts`
);

if (import.meta.main) Deno.exit(await main(Deno.args.filter((word) => word !== "--")));

async function main([choice = "all"]: readonly string[]): Promise<number> {
  const bun = await findBun();
  const folders = [bun, await Deno.realPath(Deno.execPath())]
    .filter((program) => program !== "bun")
    .map((program) => program.replace(/[\\/][^\\/]*$/, ""));
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const env = {
    PATH: [...folders, Deno.env.get("PATH") ?? ""].join(separator),
    SCAFFOLD_MATRIX: choice,
  };
  const run = async (program: string, args: readonly string[]): Promise<number> => {
    const child = new Deno.Command(program, { args: [...args], env, stdin: "null" }).spawn();
    return (await child.status).code;
  };
  const codes = [
    await run(Deno.execPath(), ["test", "-A", "--no-check", SCAFFOLDS, ...FRAMEWORKS]),
    await run(bun, ["test", ...FRAMEWORKS]),
  ];
  return codes.find((code) => code !== 0) ?? 0;
}
