/**
 * Runs the project's own Vite in a process of its own, for one build.
 *
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  type BuildMessage,
  type BuildRequest,
  type BuiltTarget,
  type FrameworkBuildRequest,
  parseBuildLine,
  renderBuildRequest,
} from "./build_protocol.ts";
import { describeBuildFailure, explainBuildEnd } from "./build_failure.ts";
import type { Launch } from "./executor.ts";
import type { Framework } from "./framework.ts";
import { keepTail, NO_REST, takeControlLines, takeTextLines } from "./vite_protocol.ts";

/** Options of {@linkcode runViteBuild}. */
export interface ViteBuildOptions {
  readonly launch: Launch;
  readonly request: Omit<BuildRequest, "nonce">;
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gets each line of what Vite and its plugins print. */
  readonly log: (line: string) => void;
  /** Hears of each target as its build begins. */
  readonly onTarget?: (message: Extract<BuildMessage, { event: "building" }>) => void;
  /** Ends the build. */
  readonly signal?: AbortSignal;
}

/** What was built; the files are in the folders of the request. */
export interface ViteBuild {
  readonly viteVersion: string;
  readonly client: BuiltTarget;
  readonly ssr: BuiltTarget | undefined;
}

/**
 * Builds.
 *
 * @throws {BuildError} If Vite can't build it; the message says why and where.
 */
export async function runViteBuild(options: ViteBuildOptions): Promise<ViteBuild> {
  return resultOf(await runBuildProcess(options));
}

/** What {@linkcode runFrameworkBuild} is given. */
export interface FrameworkBuildOptions extends Omit<ViteBuildOptions, "request" | "onTarget"> {
  /** Absolute path. */
  readonly root: string;
  readonly framework: Framework;
}

/**
 * Has a framework build; its files are where it puts them.
 *
 * @returns The framework's version.
 * @throws {BuildError} If it can't be built; the message says why and where.
 */
export async function runFrameworkBuild(options: FrameworkBuildOptions): Promise<string> {
  const { root, framework: { name, package: packageName } } = options;
  const request = { root, framework: name, package: packageName, isBuild: true } as const;
  const run = await runBuildProcess({ ...options, request });
  const { messages } = run;
  throwIfFailed(run);
  if (!messages.some(({ event }) => event === "done")) throw explainBuildEnd(run);
  return messages.find((message) => message.event === "building")?.version ?? "";
}

/** A process that builds, from its first line to its last. */
interface BuildRun {
  readonly messages: readonly BuildMessage[];
  /** How it ended, in words. */
  readonly how: string;
  /** The last lines of its standard error. */
  readonly tail: readonly string[];
  readonly root: string;
}

async function runBuildProcess(
  options: Omit<ViteBuildOptions, "request"> & {
    readonly request: Omit<BuildRequest, "nonce"> | Omit<FrameworkBuildRequest, "nonce">;
  },
): Promise<BuildRun> {
  const { launch, request, environment, log, signal } = options;
  const nonce = randomUUID();
  const env = { ...environment };
  for (const name of launch.unset ?? []) delete env[name];
  const child = spawn(launch.command, [...launch.args], {
    cwd: launch.cwd,
    env,
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  const ended = endOf(child);
  // A process that is gone refuses what we write; its end is told below.
  child.stdin.on("error", () => {});
  child.stdin.write(renderBuildRequest({ ...request, nonce }));
  // Its end is told by the end of its input, and needs no signal that a shell or a runtime could swallow.
  const stop = (): void => void child.stdin.end();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  const messages: BuildMessage[] = [];
  let tail: readonly string[] = [];
  const reading = Promise.all([
    readMessages(child.stdout, nonce, (message) => {
      messages.push(message);
      if (message.event === "building") options.onTarget?.(message);
    }),
    readLines(child.stderr, (lines) => {
      tail = keepTail(tail, lines);
      lines.forEach(log);
    }),
  ]);
  try {
    const how = await ended;
    await reading;
    return { messages, how, tail, root: request.root };
  } finally {
    signal?.removeEventListener("abort", stop);
    child.stdin.destroy();
  }
}

function throwIfFailed({ messages, root }: BuildRun): void {
  const failure = messages.find((message) => message.event === "failed");
  if (failure !== undefined) throw describeBuildFailure(failure, root);
}

function resultOf(run: BuildRun): ViteBuild {
  const { messages } = run;
  throwIfFailed(run);
  const builds = messages.filter((message) => message.event === "built");
  const client = builds.find(({ target }) => target === "client");
  const isWhole = messages.some(({ event }) => event === "done");
  const beginning = messages.find((message) => message.event === "building");
  if (client === undefined || !isWhole) throw explainBuildEnd(run);
  return {
    viteVersion: beginning?.version ?? "",
    client,
    ssr: builds.find(({ target }) => target === "ssr"),
  };
}

/** Resolves to how the process ended, in words; never rejects. */
function endOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once("error", (error) => resolve(`it could not be started: ${error.message}`));
  child.once("exit", (code, signal) => {
    resolve(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`);
  });
  return promise;
}

async function readMessages(
  stream: AsyncIterable<Uint8Array>,
  nonce: string,
  hear: (message: BuildMessage) => void,
): Promise<void> {
  let rest = NO_REST;
  for await (const chunk of stream) {
    const taken = takeControlLines(rest, chunk);
    rest = taken.rest;
    for (const line of taken.lines) {
      const message = parseBuildLine(line, nonce);
      if (message !== undefined) hear(message);
    }
  }
}

async function readLines(
  stream: AsyncIterable<Uint8Array>,
  hear: (lines: readonly string[]) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const taken = takeTextLines(rest, decoder.decode(chunk, { stream: true }));
    rest = taken.rest;
    if (taken.lines.length > 0) hear(taken.lines);
  }
  if (rest !== "") hear([rest]);
}
