/**
 * Runs a command that a project needs: it ends with us, with all that it started.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";

/** How a command ended. */
export type StepResult =
  | { readonly kind: "done" }
  /** There is no such program. */
  | { readonly kind: "missing" }
  /** It ended with another code than 0, or by a signal. */
  | { readonly kind: "failed"; readonly code: number | null; readonly output: string };

/** Options of {@linkcode runStep}. */
export interface StepOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Whether what it says is shown; else it is kept for when it fails. */
  readonly isShown: boolean;
}

const OUTPUT_CHARACTERS = 4000;
const PATIENCE_MS = 2000;

/**
 * Runs a command, without a shell.
 *
 * @returns How it ended; after `signal` is aborted, when it and what it started are gone.
 */
export async function runStep(
  [command = "", ...args]: readonly string[],
  { cwd, env, signal, isShown }: StepOptions,
): Promise<StepResult> {
  const { promise, resolve } = Promise.withResolvers<StepResult>();
  const output = isShown ? "inherit" : "pipe";
  // A group of its own: Ctrl-C reaches us, and we end all of it.
  const child = spawn(command, args, {
    cwd,
    env: { ...env },
    stdio: ["ignore", output, output],
    detached: process.platform !== "win32",
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-OUTPUT_CHARACTERS);
    });
  }
  child.once("error", () => resolve({ kind: "missing" }));
  child.once("close", (code) => {
    resolve(code === 0 ? { kind: "done" } : { kind: "failed", code, output: text });
  });
  const timers: ReturnType<typeof setTimeout>[] = [];
  const stop = (): void => {
    endGroup(child, "SIGTERM");
    timers.push(setTimeout(() => endGroup(child, "SIGKILL"), PATIENCE_MS));
  };
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    timers.forEach(clearTimeout);
    // What it started may have closed its output and live on.
    if (signal.aborted) endGroup(child, "SIGKILL");
  }
}

function endGroup({ pid, exitCode }: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    if (process.platform !== "win32") process.kill(-pid, signal);
    else if (exitCode === null) process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

/** Whether a program is found where this machine looks for programs. */
export async function isOnPath(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const names = process.platform === "win32" ? [`${program}.exe`] : [program];
  for (const folder of (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")) {
    for (const name of names) {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (found?.isFile() === true) return true;
    }
  }
  return false;
}
