/**
 * Finds Bun.
 *
 * @module
 */
import { runs } from "./install.ts";

/**
 * The command that starts Bun: the one on `PATH`, else the one that npm installed.
 *
 * `node_modules/.bin/bun` is a stub until a postinstall script has moved the program there, which npm may be told not to
 * run; till then the program lies in the package of the platform.
 *
 * @throws {Error} If there is none.
 */
export async function findBun(): Promise<string> {
  for await (const candidate of candidates()) {
    if (await runs([candidate, "--version"])) return candidate;
  }
  throw new Error('Cannot find "bun": it is neither on PATH nor in node_modules');
}

async function* candidates(): AsyncGenerator<string> {
  yield "bun";
  const modules = `${Deno.cwd()}/node_modules`;
  const program = Deno.build.os === "windows" ? "bun.exe" : "bun";
  yield `${modules}/.bin/${program}`;
  for await (const { name } of Deno.readDir(`${modules}/@oven`)) {
    yield `${modules}/@oven/${name}/bin/${program}`;
  }
}
