/**
 * Renders the pages of a build: finds the SSR bundle, runs it, and exchanges it after a deploy.
 *
 * @module
 */
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import process from "node:process";
import type { Runtime } from "../runtime/types.ts";
import type { Config } from "./config_types.ts";
import { childEnvironment } from "./executor.ts";
import type { SidecarEvent } from "./links.ts";
import type { RenderSource, RenderTarget } from "./page_tool.ts";
import { chooseBundle } from "./ssr_bundle.ts";
import { SsrKeeper } from "./ssr_keeper.ts";
import { startSsrProcess } from "./ssr_process.ts";
import { NoRenderError, type SsrRun, type SsrRunOptions } from "./ssr_run.ts";
import { startSsrWorker } from "./ssr_worker.ts";
import { findRuntime } from "./vite_launch.ts";

/** What {@linkcode openBuiltRenderSource} works with. */
export interface BuiltRenderOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly emit: (event: SidecarEvent) => void;
  /** What identifies the build as it is now. */
  readonly versionId: () => string;
}

/** A source that must be ended. */
export interface OwnedRenderSource extends RenderSource {
  close(): Promise<void>;
}

/** Makes the source; nothing is started before somebody wants pages rendered. */
export function openBuiltRenderSource(options: BuiltRenderOptions): OwnedRenderSource {
  return new BuiltRenderSource(options);
}

class BuiltRenderSource implements OwnedRenderSource {
  readonly isDevelopment = false;
  readonly #options: BuiltRenderOptions;
  #keeper: SsrKeeper | undefined;
  #version: string | undefined;
  /** The bundle of the next build, on its way. */
  #next: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: BuiltRenderOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#version = this.#options.versionId();
    this.#keeper ??= this.#createKeeper();
  }

  timeoutMs(): undefined {
    return undefined;
  }

  async target(signal: AbortSignal): Promise<RenderTarget | undefined> {
    if (this.#keeper === undefined) this.start();
    else if (this.#version !== this.#options.versionId()) this.#exchange();
    return await this.#keeper?.target(signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#next;
    await this.#keeper?.close();
  }

  #createKeeper(): SsrKeeper {
    const { emit } = this.#options;
    return new SsrKeeper({
      launch: (signal) => launch(this.#options, signal),
      warn: (message) => emit({ kind: "warning", message }),
    });
  }

  /** The bundle of the last build renders until that of the next one can. */
  #exchange(): void {
    if (this.#isClosed) return;
    this.#version = this.#options.versionId();
    this.#next = this.#replace(this.#next, this.#createKeeper());
  }

  async #replace(before: Promise<void> | undefined, next: SsrKeeper): Promise<void> {
    await before;
    await next.settled();
    const last = this.#keeper;
    this.#keeper = next;
    await last?.close();
  }
}

async function launch(
  { config, runtime, env, emit }: BuiltRenderOptions,
  signal: AbortSignal,
): Promise<SsrRun> {
  const options: SsrRunOptions = {
    bundle: await findBundle(config),
    cwd: config.root,
    // React is for developers wherever this is not said.
    env: { NODE_ENV: "production", ...childEnvironment(env) },
    log: (line) => emit({ kind: "output", from: "ssr", line }),
  };
  const { ssrMode } = config;
  if (ssrMode !== "process") {
    const run = startSsrWorker(options);
    if (ssrMode === "in-process") return run;
    const failure = await failureOf(run, signal);
    if (failure === undefined) return run;
    if (!(failure instanceof NoRenderError)) options.log(wordsOf(failure));
  }
  const executor = config.vite.kind === "managed" ? config.vite.executor : undefined;
  const found = await findRuntime({
    executor,
    runtime: { name: runtime.name, execPath: process.execPath },
    path: env.PATH ?? "",
  });
  return startSsrProcess({ ...options, ...found });
}

/** Why a run can't be asked, once it has ended; undefined if it can. */
async function failureOf(run: SsrRun, signal: AbortSignal): Promise<unknown> {
  const stop = (): void => void run.stop();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    await run.ready;
    return undefined;
  } catch (error) {
    await run.stop();
    signal.throwIfAborted();
    return error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function wordsOf(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The SSR bundle can not run in this process: ${why}`;
}

/** @throws {Error} If there is none. */
async function findBundle({ ssrBundle, ssrDir, ssrEntry }: Config): Promise<string> {
  if (ssrBundle !== undefined) {
    if (await stat(ssrBundle).then((found) => found.isFile(), () => false)) return ssrBundle;
    throw new Error(`Cannot find the SSR bundle "${ssrBundle}": there is no such file`);
  }
  const names = await readdir(ssrDir).catch((): string[] => []);
  const chosen = chooseBundle(names, ssrEntry && basename(ssrEntry));
  if (chosen.kind === "found") return join(ssrDir, chosen.name);
  throw new Error(`Cannot find the SSR bundle in "${ssrDir}": ${chosen.state}`);
}
