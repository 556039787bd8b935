/**
 * A real Redis of its own for a test.
 *
 * @module
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { freePort } from "./free_port.ts";

/** Whether this machine has one to start. */
export const hasRedis: boolean = spawnSync("redis-server", ["--version"]).error === undefined;

/** A running Redis. */
export interface RedisServer {
  readonly url: string;
  /** Freezes it: connections stay, and nobody answers. */
  pause(): void;
  /** Ends the freeze. */
  resume(): void;
  close(): Promise<void>;
}

/** Somebody else may take the port between our look and Redis's. */
const TRIES = 5;

/** Starts one on a free port, with nothing on disk but a folder that goes with it. */
export async function startRedis(): Promise<RedisServer> {
  for (let attempt = 1; attempt < TRIES; attempt++) {
    const server = await tryStart().catch(() => undefined);
    if (server !== undefined) return server;
  }
  return await tryStart();
}

async function tryStart(): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "lv-sidecar-redis-"));
  const child = spawn("redis-server", [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    ...["--save", "", "--appendonly", "no"],
  ], { stdio: ["ignore", "pipe", "inherit"] });
  const close = async (): Promise<void> => {
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(child);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    // Not by the child's own method, which signals but once.
    pause: () => signal(child, "SIGSTOP"),
    resume: () => signal(child, "SIGCONT"),
    close,
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new TypeError("Cannot wait for Redis: it has no output");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    // What it says later has to go somewhere.
    if (line.includes("Ready to accept connections")) return void child.stdout.resume();
  }
  throw new Error(`Cannot start Redis:\n${lines.join("\n")}`);
}

function signal({ pid }: ChildProcess, name: "SIGSTOP" | "SIGCONT"): void {
  if (pid !== undefined) process.kill(pid, name);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGKILL");
  await gone;
}
