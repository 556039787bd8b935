/**
 * Asks the project's own Vite what it makes of `vite.config`, in a process of its own.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Launch } from "../sidecar/executor.ts";
import { NO_REST, takeControlLines } from "../sidecar/vite_protocol.ts";
import { type ConfigAnswer, parseConfigAnswer } from "./vite_answer.ts";

/** How to ask. */
export interface ViteQuestion {
  readonly launch: Launch;
  /** Absolute. */
  readonly root: string;
  readonly mode: string;
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the process. */
  readonly signal: AbortSignal;
}

/** Asks; never throws. */
export async function askVite(question: ViteQuestion): Promise<ConfigAnswer> {
  const { launch, root, mode, environment, signal } = question;
  const nonce = randomUUID();
  const env = { ...environment };
  for (const name of launch.unset ?? []) delete env[name];
  const child = spawn(launch.command, [...launch.args], {
    cwd: launch.cwd,
    env,
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  const ended = Promise.withResolvers<ConfigAnswer>();
  child.once("error", (error) => ended.resolve({ kind: "failed", why: error.message }));
  child.once("exit", (code, by) => {
    ended.resolve({ kind: "failed", why: `it ended with ${by ?? code} before it said anything` });
  });
  // What plugins left running must not keep it, nor us.
  const stop = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  child.stdin.on("error", () => {});
  child.stdin.write(`${JSON.stringify({ nonce, root, mode })}\n`);
  try {
    const answer = await answerOf(child.stdout, nonce);
    return answer ?? await ended.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    child.stdin.end();
    if (signal.aborted) stop();
    await ended.promise;
  }
}

async function answerOf(
  stream: AsyncIterable<Uint8Array>,
  nonce: string,
): Promise<ConfigAnswer | undefined> {
  let rest = NO_REST;
  let answer: ConfigAnswer | undefined;
  for await (const chunk of stream) {
    const taken = takeControlLines(rest, chunk);
    rest = taken.rest;
    for (const line of taken.lines) answer ??= parseConfigAnswer(line, nonce);
  }
  return answer;
}
