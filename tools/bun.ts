/**
 * Finds Bun.
 *
 * @module
 */
import { runs } from "./install.ts";

/**
 * The command that starts Bun: the one on `PATH`, else the one that npm installed.
 *
 * npm's `node_modules/.bin/bun` is a stub until a postinstall script has run, which npm may be told not to do; the
 * program itself lies in the package of the platform.
 *
 * @throws {Error} If there is none.
 */
export async function findBun(): Promise<string> {
  for await (const candidate of candidates()) {
    if (await runs([candidate, "--version"])) return candidate;
  }
  throw new Error('Cannot find "bun": it is neither on PATH nor in node_modules/@oven');
}

async function* candidates(): AsyncGenerator<string> {
  yield "bun";
  const folder = `${Deno.cwd()}/node_modules/@oven`;
  const program = Deno.build.os === "windows" ? "bun.exe" : "bun";
  for await (const { name } of Deno.readDir(folder)) yield `${folder}/${name}/bin/${program}`;
}
