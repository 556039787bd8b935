/**
 * The runtimes as commands, for tests that start one of them whichever runs the test.
 *
 * @module
 */
import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { repositoryRoot } from "./project.ts";
import { runtimeName } from "./test.ts";

/** Deno: this process's, else the one on `PATH`; `deno task test` puts one there. */
export const denoCommand: string = runtimeName === "deno" ? process.execPath : "deno";

/** What a command printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of {@linkcode runDeno}. */
export interface RunDenoOptions {
  /** @default the repository's root */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Deno to its end.
 *
 * @throws {Error} If it ends with another code than 0; the message has what it wrote to standard error.
 */
export async function runDeno(
  args: readonly string[],
  { cwd = repositoryRoot, env = {} }: RunDenoOptions = {},
): Promise<Output> {
  return await promisify(execFile)(denoCommand, [...args], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
}
