/**
 * Runs the command that writes the sources.
 *
 * @module
 */
import { spawn } from "node:child_process";
import process from "node:process";

/** How it is run. */
export interface CommandOptions {
  /** Absolute. */
  readonly cwd: string;
  /** Gets each line that it writes. */
  readonly log: (line: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Longer than any export takes; a command that waits for something is not waited for. */
const COMMAND_MS = 120_000;

/**
 * Runs it to its end; no shell reads it.
 *
 * @returns What went wrong, in words that follow its name; `undefined` if nothing did.
 */
export function runCommand(
  argv: readonly string[],
  { cwd, log, signal }: CommandOptions,
): Promise<string | undefined> {
  if (signal.aborted) return Promise.resolve("it was ended");
  const [command = "", ...args] = argv;
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn(command, args, { cwd, env: process.env, stdio: ["ignore", "pipe", "pipe"] });
  let rest = "";
  const take = (chunk: string): void => {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.forEach(log);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const end = (): void => void child.kill("SIGKILL");
  const timer = setTimeout(end, COMMAND_MS);
  signal.addEventListener("abort", end);
  const settle = (problem: string | undefined): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    if (rest !== "") log(rest);
    rest = "";
    resolve(problem);
  };
  child.once("error", (error) => {
    const isAbsent = "code" in error && error.code === "ENOENT";
    settle(isAbsent ? "there is no such program" : error.message);
  });
  child.once("close", (code, by) => {
    if (code === 0) settle(undefined);
    else settle(by === null ? `it ended with code ${code}` : `it was ended by ${by}`);
  });
  return promise;
}
