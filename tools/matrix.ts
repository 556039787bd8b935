/**
 * Makes every template of `init` with every backend and uses each of them: `deno task matrix [part of a name]`.
 *
 * @module
 */
import { findBun } from "./bun.ts";

if (import.meta.main) Deno.exit(await main(Deno.args.filter((word) => word !== "--")));

async function main([choice = "all"]: readonly string[]): Promise<number> {
  const bun = await findBun();
  const folders = [bun, await Deno.realPath(Deno.execPath())]
    .filter((program) => program !== "bun")
    .map((program) => program.replace(/[\\/][^\\/]*$/, ""));
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "tests/e2e/scaffold_matrix_browser_test.ts"],
    env: {
      PATH: [...folders, Deno.env.get("PATH") ?? ""].join(separator),
      SCAFFOLD_MATRIX: choice,
    },
    stdin: "null",
  }).spawn();
  return (await child.status).code;
}
