/**
 * Our program as a process of its own, as a user starts it.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { repositoryRoot } from "./project.ts";
import { runtimeName } from "./test.ts";

/** What `--json` prints once everything answers. */
export interface ReadyLine {
  readonly ready: true;
  readonly url: string;
  readonly port: number;
  readonly vite: {
    readonly port: number;
    readonly version: string;
    readonly executor: "node" | "bun" | "deno";
  };
}

/** How a process ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A running program. */
export interface SidecarProcess {
  readonly pid: number;
  readonly exited: Promise<ExitStatus>;
  stdout(): string;
  stderr(): string;
  kill(signal: "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** The first line on standard output. */
  firstLine(withinMs?: number): Promise<string>;
  /** The line that `--json` prints. */
  ready(withinMs?: number): Promise<ReadyLine>;
  /** Ends the program as Ctrl-C on a service manager does, by SIGTERM. */
  stop(): Promise<void>;
}

/** Options of {@linkcode startSidecar}. */
export interface StartSidecarOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the program may do, on Deno. @default -A */
  readonly permissions?: readonly string[];
  /** What becomes of its standard error; `closed`: nobody has the other end. @default "read" */
  readonly standardError?: "read" | "unread" | "closed";
}

const READY_MS = 30_000;
const STOP_MS = 10_000;

function withDeadline<T>(promise: Promise<T>, ms: number, onLate: () => Error): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(onLate()), ms);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = "";
  stream?.setEncoding("utf8").on("data", (chunk: string) => text += chunk);
  return () => text;
}

function exitOf(child: ChildProcess): Promise<ExitStatus> {
  const { promise, resolve, reject } = Promise.withResolvers<ExitStatus>();
  child.once("close", (code, signal) => resolve({ code, signal }));
  child.once("error", reject);
  return promise;
}

function firstLineOf(child: ChildProcess, stdout: () => string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = (): void => {
    const end = stdout().indexOf("\n");
    if (end !== -1) resolve(stdout().slice(0, end));
  };
  child.stdout?.on("data", look);
  return promise;
}

/** Starts `mod.ts` under the runtime that runs the tests: `startSidecar(["dev", "--root", root, "--json"])`. */
export function startSidecar(
  args: readonly string[],
  options: StartSidecarOptions = {},
): SidecarProcess {
  const { permissions = ["-A"] } = options;
  const run = runtimeName === "deno" ? ["run", ...permissions] : ["run"];
  return startRuntime([...run, join(repositoryRoot, "mod.ts"), ...args], options);
}

/** Starts a program that imports `@lv/sidecar`, under the runtime that runs the tests. */
export function startScript(path: string, options: StartSidecarOptions = {}): SidecarProcess {
  const run = runtimeName === "deno"
    ? ["run", "-A", "--config", join(repositoryRoot, "deno.json")]
    : ["run", `--tsconfig-override=${join(repositoryRoot, "tsconfig.json")}`];
  return startRuntime([...run, path], options);
}

/** Starts the runtime that runs the tests. */
export function startRuntime(
  args: readonly string[],
  options: StartSidecarOptions,
): SidecarProcess {
  return startProgram(process.execPath, args, options);
}

/** Starts any program. */
export function startProgram(
  command: string,
  args: readonly string[],
  { cwd = repositoryRoot, env = {}, standardError = "read" }: StartSidecarOptions,
): SidecarProcess {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout = collect(child.stdout);
  const stderr = collect(standardError === "read" ? child.stderr : null);
  if (standardError === "closed") child.stderr?.destroy();
  const exited = exitOf(child);
  const line = firstLineOf(child, stdout);
  const failure = (what: string): Error =>
    new Error(`Cannot start the program: ${what}\n${stderr()}`);
  const early = exited.then(({ code, signal }) => {
    throw failure(`it ended with ${signal ?? code}`);
  });
  // Watched by ready() alone; a program that is stopped on purpose is no failure.
  early.catch(() => {});

  // Not child.kill(): on Deno it sends no second signal.
  const kill: SidecarProcess["kill"] = (signal) => void process.kill(child.pid ?? 0, signal);
  const firstLine = (withinMs = READY_MS): Promise<string> => {
    const late = (): Error => failure(`it printed no line within ${withinMs} ms`);
    return withDeadline(Promise.race([line, early]), withinMs, late);
  };
  const ready = async (withinMs?: number): Promise<ReadyLine> => {
    // The contract of --json; a test that reads a missing field fails by itself.
    return JSON.parse(await firstLine(withinMs)) as ReadyLine;
  };
  const stop = async (): Promise<void> => {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (!isOver) kill("SIGTERM");
    const late = (): Error => {
      kill("SIGKILL");
      return new Error(
        `Cannot stop the program: it outlives SIGTERM by ${STOP_MS} ms\n${stderr()}`,
      );
    };
    await withDeadline(exited, STOP_MS, late);
  };
  return { pid: child.pid ?? 0, exited, stdout, stderr, kill, firstLine, ready, stop };
}
