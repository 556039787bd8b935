/**
 * The load generator: wrk if it is there, else a small client of our own in a process of its own.
 *
 * @module
 */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryRoot } from "../../tests/_support/project.ts";
import { runCommand } from "./server_process.ts";

/** What to ask, and for how long. */
export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly seconds: number;
}

/** What came of it. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Something that asks. */
export interface LoadGenerator {
  /** For the head of the table. */
  readonly name: string;
  /** @throws {Error} If an answer was none, or not 200. */
  run(options: LoadOptions): Promise<Load>;
}

/** Connections at once: what a browser with a few tabs opens. */
export const CONNECTIONS = 16;

const runFile = promisify(execFile);

/** Chooses the generator: `own` takes ours even where wrk is. */
export function createLoadGenerator(choice: "best" | "own" = "best"): LoadGenerator {
  const found = choice === "best" && spawnSync("wrk", ["--version"]).error === undefined;
  return found ? { name: "wrk", run: runWrk } : { name: "our own client on Bun", run: runOwn };
}

async function runWrk({ url, headers, seconds }: LoadOptions): Promise<Load> {
  const named = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", ...named, url];
  const { stdout } = await runFile("wrk", args);
  if (/Socket errors|Non-2xx/.test(stdout)) throw new Error(`Cannot measure ${url}:\n${stdout}`);
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p50Ms: milliseconds(/50%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s)/.exec(stdout)),
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

function milliseconds(match: RegExpExecArray | null): number {
  return Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ""] ?? NaN);
}

async function runOwn(options: LoadOptions): Promise<Load> {
  const file = join(repositoryRoot, "bench", "macro", "load_client.ts");
  const [command, ...args] = runCommand("bun", file);
  const { stdout } = await runFile(command, [
    ...args,
    JSON.stringify({ ...options, connections: CONNECTIONS }),
  ]);
  // It prints just this.
  return JSON.parse(stdout) as Load;
}
