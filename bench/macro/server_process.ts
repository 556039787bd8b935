/**
 * Servers under test, each in a process of its own.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { findBun } from "../../tools/bun.ts";
import { repositoryRoot } from "../../tests/_support/project.ts";

/** A runtime that a front runs on. */
export type RuntimeName = "deno" | "bun";

/** Both, in the order of the table. */
export const RUNTIMES: readonly RuntimeName[] = ["deno", "bun"];

/** How each is called in the table. */
export const RUNTIME_TITLES: Readonly<Record<RuntimeName, string>> = { deno: "Deno", bun: "Bun" };

const bun = await findBun();

/** The words that run a TypeScript file. */
export function runCommand(runtime: RuntimeName, file: string): readonly [string, ...string[]] {
  // `gc` on request: else the memory rows would measure how lazy a collector is.
  return runtime === "deno"
    ? [process.execPath, "run", "-A", "--v8-flags=--expose-gc", file]
    : [bun, "run", file];
}

/** A running server. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** For example `http://127.0.0.1:40000`. */
  readonly origin: string;
  /** Sends a line and resolves with the answer, see `servers/control.ts`. */
  ask(line: string): Promise<string>;
  /** Closes its standard input; resolves when it is gone. */
  stop(): Promise<void>;
}

const START_MS = 30_000;
const STOP_MS = 8_000;

/** Starts `servers/<name>.ts` with one argument, as JSON. */
export async function startServer(
  runtime: RuntimeName,
  name: string,
  options: unknown = {},
): Promise<ServerProcess> {
  const file = join(repositoryRoot, "bench", "macro", "servers", `${name}.ts`);
  const [command, ...args] = runCommand(runtime, file);
  const child = spawn(command, [...args, JSON.stringify(options)], {
    cwd: repositoryRoot,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createLineReader(child, `${name} on ${runtime}`);
  // The servers print this first; a missing field fails at once.
  const { port } = JSON.parse(await lines.next(START_MS)) as { port: number };
  return {
    pid: child.pid ?? 0,
    port,
    origin: `http://127.0.0.1:${port}`,
    ask(line) {
      child.stdin.write(`${line}\n`);
      return lines.next(START_MS);
    },
    stop: () => stopProcess(child),
  };
}

interface LineReader {
  next(withinMs: number): Promise<string>;
}

function createLineReader(child: ChildProcess, name: string): LineReader {
  if (child.stdout === null) throw new TypeError(`Cannot read from ${name}: it has no output`);
  const iterator = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next(withinMs) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => late.reject(new Error(`Cannot start ${name}: no line within ${withinMs} ms`)),
        withinMs,
      );
      const line = await Promise.race([iterator.next(), late.promise]);
      clearTimeout(timer);
      if (line.done === true) throw new Error(`Cannot start ${name}: it ended`);
      return line.value;
    },
  };
}

/** Ends a process by closing its standard input, by force if that does not help. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  child.stdin?.end();
  await gone;
  clearTimeout(timer);
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  try {
    const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(match?.[1]) * 1024;
  } catch {
    // Not Linux.
    return Number(spawnSync("ps", ["-o", "rss=", "-p", String(pid)]).stdout) * 1024;
  }
}

/** Processor time that a process used so far, in milliseconds; `NaN` where `/proc` is missing. */
export function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    // utime and stime, in ticks of 10 ms.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return NaN;
  }
}
