/**
 * The Vite process: starts it, hears what it says, starts it again when it ends, and ends it.
 *
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import type { Executor } from "./config_types.ts";
import { hintForError, type Launch, LaunchError, MENDING_FILES } from "./executor.ts";
import { endLeftovers, MARK_NAME } from "./leftovers.ts";
import {
  type BrowserEvent,
  type ControlMessage,
  keepTail,
  nextRestart,
  NO_REST,
  NO_RESTARTS,
  parseControlLine,
  renderBrowserEvent,
  renderRunnerOptions,
  type RunnerOptions,
  takeControlLines,
  takeTextLines,
  type ViteError,
} from "./vite_protocol.ts";

/** How Vite is. */
export type ViteState =
  /** `sinceMs`: on the clock of {@linkcode Clock.now}. */
  | { readonly kind: "starting"; readonly sinceMs: number }
  | {
    readonly kind: "ready";
    readonly port: number;
    readonly version: string;
    readonly executor: Executor;
    readonly base: string;
    readonly allowedHosts: true | readonly string[];
    readonly pid: number;
    readonly appType: "spa" | "mpa" | "custom";
    /** The resolved root and public folder; the latter is empty if there is none. */
    readonly root: string;
    readonly publicDir: string;
    /** The path of the HMR socket. */
    readonly hmrPath: string;
    /** What a socket without an `Origin` must show. */
    readonly token: string | undefined;
    readonly plugins: readonly string[];
    /** Where the browser finds Vite; in direct mode only. */
    readonly url: string | undefined;
  }
  | {
    readonly kind: "failed";
    readonly reason: string;
    readonly hint?: string;
    /** The last lines of standard error. */
    readonly stderr: readonly string[];
    /** `undefined`: nothing happens until a file changes or `retry()` is called. */
    readonly retryInMs: number | undefined;
  };

/** Vite is up. */
export type ViteReady = Extract<ViteState, { kind: "ready" }>;
type ViteFailed = Extract<ViteState, { kind: "failed" }>;

/** A Vite process that is looked after. */
export interface ViteProcess {
  state(): ViteState;
  /**
   * Resolves at the next (or current) ready state, over any number of restarts.
   *
   * @throws {LaunchError} If Vite failed and is not tried again by itself.
   */
  ready(signal?: AbortSignal): Promise<ViteReady>;
  /** Calls back at each change of the state; returns what ends that. */
  onChange(listener: (state: ViteState) => void): () => void;
  /** Calls back at each message that says more than a state; returns what ends that. */
  onMessage(listener: (message: ControlMessage) => void): () => void;
  /** Starts a failed Vite again, at once. Does nothing while it starts or is up. */
  retry(): void;
  /** Sends an event to all browsers; lost if Vite does not run, for then nobody listens. */
  tellBrowsers(event: BrowserEvent): void;
  /** Closes its standard input; after 2 s sends SIGTERM, 3 s later SIGKILL. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** Time, for tests to replace. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Calls `callback` once; returns what prevents it. */
  after(ms: number, callback: () => void): () => void;
}

/** Options of {@linkcode createViteProcess}. */
export interface ViteProcessOptions {
  /** Finds what to start; called before each start. May throw a {@linkcode LaunchError}. */
  readonly launch: () => Promise<Launch>;
  readonly runner: Omit<RunnerOptions, "nonce">;
  /** The whole environment of the process; see `childEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  /** From the start to the first answer, in milliseconds. @default 30000 */
  readonly startTimeoutMs?: number;
  /** Gets each line of Vite's standard error. */
  readonly log?: (line: string) => void;
  /** What runs there, for messages. @default "Vite" */
  readonly name?: string;
  /** What to do about an error that it reports. @default as for Vite */
  readonly hintFor?: (message: string) => string;
  /** Whether it is asked for something before it counts as ready. @default true */
  readonly isProbed?: boolean;
  readonly clock?: Clock;
}

const START_TIMEOUT_MS = 30_000;
const STDIN_GRACE_MS = 2000;
const SIGTERM_GRACE_MS = 3000;
/** Output that a process wrote before its end may come after the news of it. */
const LAST_WORDS_MS = 100;
const MENDING_POLL_MS = 500;

/** The time of this machine. */
export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

interface Run {
  readonly launch: Launch;
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves to how it ended, in words. */
  readonly ended: Promise<string>;
  /** What its descendants can be found by. */
  readonly mark: string;
}

interface RunEvents {
  message(message: ControlMessage): void;
  stderr(lines: readonly string[]): void;
}

/**
 * Reads a stream to its end. Pulls instead of listening to "data": in a flood of 1 GB that keeps 90 MB of garbage on Deno
 * instead of 200 MB.
 */
async function drain(
  stream: AsyncIterable<Uint8Array>,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  try {
    for await (const chunk of stream) take(chunk);
  } catch {
    // Case: we let go of the stream, since a grandchild kept it open.
  }
}

async function listenToStdout(
  stream: AsyncIterable<Uint8Array>,
  nonce: string,
  events: RunEvents,
): Promise<void> {
  let rest = NO_REST;
  await drain(stream, (chunk) => {
    const taken = takeControlLines(rest, chunk);
    rest = taken.rest;
    for (const line of taken.lines) {
      const message = parseControlLine(line, nonce);
      if (message !== undefined) events.message(message);
    }
  });
}

/** Reads lines to the end of a stream. */
export async function listenToStderr(
  stream: AsyncIterable<Uint8Array>,
  events: Pick<RunEvents, "stderr">,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  await drain(stream, (chunk) => {
    const taken = takeTextLines(rest, decoder.decode(chunk, { stream: true }));
    rest = taken.rest;
    if (taken.lines.length > 0) events.stderr(taken.lines);
  });
  if (rest !== "") events.stderr([rest]);
}

/** Waits for the end of the process, and a moment for its last words. */
export function endOf(child: ChildProcessWithoutNullStreams, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`it could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      const how = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
      // Not only "close": a grandchild may keep the pipes open for ever.
      const finish = (): void => {
        cancel();
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(how);
      };
      const cancel = clock.after(LAST_WORDS_MS, finish);
      child.once("close", finish);
    });
  });
}

function startRun(
  launch: Launch,
  { runner, environment }: ViteProcessOptions,
  clock: Clock,
  events: RunEvents,
): Run {
  const nonce = randomUUID();
  const mark = randomUUID();
  const env: Record<string, string> = { ...environment, [MARK_NAME]: mark };
  for (const name of launch.unset ?? []) delete env[name];
  const child = spawn(launch.command, [...launch.args], {
    cwd: launch.cwd,
    env,
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  const run: Run = { launch, child, ended: endOf(child, clock), mark };
  listenToStdout(child.stdout, nonce, events);
  listenToStderr(child.stderr, events);
  // A process that is gone refuses what we write; its end is reported elsewhere.
  child.stdin.on("error", () => {});
  child.stdin.write(renderRunnerOptions({ ...runner, nonce }));
  return run;
}

/** Sends the signal that nobody ignores. */
function kill(child: ChildProcessWithoutNullStreams): void {
  // Deno's `kill()` sends one signal in a process's life and refuses the next (2.9.6).
  if (child.kill("SIGKILL") || child.pid === undefined) return;
  try {
    process.kill(child.pid, "SIGKILL");
  } catch {
    // Case: it ended just now.
  }
}

/** Ends a process: politely, then less so. */
export async function endRun(
  { child, ended }: Pick<Run, "child" | "ended">,
  clock: Clock,
): Promise<void> {
  const endsWithin = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, () => resolve(false));
      ended.then(() => {
        cancel();
        resolve(true);
      });
    });
  child.stdin.end();
  if (await endsWithin(STDIN_GRACE_MS)) return;
  child.kill("SIGTERM");
  if (await endsWithin(SIGTERM_GRACE_MS)) return;
  kill(child);
  await ended;
}

/** Resolves when Vite answers anything: a port that is open says little. */
function probe(port: number, path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { accept: "text/x-vite-ping" };
    const asked = request(
      { host: "127.0.0.1", port, path, headers, agent: false, signal },
      (answer) => {
        answer.resume();
        resolve();
      },
    );
    asked.once("error", reject);
    asked.end();
  });
}

function stampOf(root: string): string {
  return MENDING_FILES.map((name) => {
    const found = statSync(join(root, name), { throwIfNoEntry: false });
    return found === undefined ? "-" : `${found.mtimeMs}:${found.size}`;
  }).join();
}

/** What runs there, for messages. */
function nameOf({ name = "Vite" }: ViteProcessOptions): string {
  return name;
}

function toError(state: ViteFailed): LaunchError {
  return new LaunchError(state.reason, state.hint ?? "see the lines above");
}

/** Case: {file: "/app/vite.config.ts", line: 3, column: 7} -> "\n  in /app/vite.config.ts:3:7" */
function renderPlace({ file, line, column }: ViteError): string {
  if (file === undefined) return "";
  return line === undefined ? `\n  in ${file}` : `\n  in ${file}:${line}:${column ?? 1}`;
}

class ManagedVite implements ViteProcess {
  readonly #options: ViteProcessOptions;
  readonly #clock: Clock;
  readonly #changeListeners = new Set<(state: ViteState) => void>();
  readonly #messageListeners = new Set<(message: ControlMessage) => void>();
  /** Processes that were told to end. */
  readonly #leaving = new Set<Promise<void>>();
  #state: ViteState;
  #run: Run | undefined;
  /** Ends everything that waits for the present run: timers, probes. */
  #turn = new AbortController();
  #restarts = NO_RESTARTS;
  #stderr: readonly string[] = [];
  #fatal: string | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: ViteProcessOptions) {
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#state = { kind: "starting", sinceMs: this.#clock.now() };
    this.#start();
  }

  state(): ViteState {
    return this.#state;
  }

  ready(signal?: AbortSignal): Promise<ViteReady> {
    return new Promise((resolve, reject) => {
      const settle = (state: ViteState): void => {
        if (state.kind === "ready") resolve(state);
        else if (state.kind === "failed" && state.retryInMs === undefined) reject(toError(state));
        else return;
        leave();
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason);
      };
      const leave = (): void => {
        this.#changeListeners.delete(settle);
        signal?.removeEventListener("abort", abort);
      };
      this.#changeListeners.add(settle);
      signal?.addEventListener("abort", abort);
      if (signal?.aborted) abort();
      else settle(this.#state);
    });
  }

  onChange(listener: (state: ViteState) => void): () => void {
    this.#changeListeners.add(listener);
    return () => void this.#changeListeners.delete(listener);
  }

  onMessage(listener: (message: ControlMessage) => void): () => void {
    this.#messageListeners.add(listener);
    return () => void this.#messageListeners.delete(listener);
  }

  retry(): void {
    if (this.#state.kind !== "failed" || this.#stopping !== undefined) return;
    this.#restarts = NO_RESTARTS;
    this.#dismiss();
    this.#start();
  }

  tellBrowsers(event: BrowserEvent): void {
    if (this.#state.kind === "ready") this.#run?.child.stdin.write(renderBrowserEvent(event));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#dismiss();
    this.#beginTurn();
    this.#setState({
      kind: "failed",
      reason: `Cannot use ${nameOf(this.#options)}: it was stopped`,
      stderr: this.#stderr,
      retryInMs: undefined,
    });
    await Promise.all(this.#leaving);
  }

  #setState(state: ViteState): void {
    this.#state = state;
    for (const listener of [...this.#changeListeners]) listener(state);
  }

  /** Begins a new part of the story; whatever the last one still waits for is void. */
  #beginTurn(): AbortSignal {
    this.#turn.abort();
    this.#turn = new AbortController();
    return this.#turn.signal;
  }

  #after(ms: number, signal: AbortSignal, callback: () => void): void {
    signal.addEventListener("abort", this.#clock.after(ms, callback), { once: true });
  }

  /** Lets go of the present process, and has it ended. */
  #dismiss(): void {
    const run = this.#run;
    this.#run = undefined;
    if (run === undefined) return;
    this.#leave(endRun(run, this.#clock).then(() => this.#sweep(run)));
  }

  /** Something that `stop()` waits for. */
  #leave(work: Promise<void>): void {
    const leaving = work.finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  async #sweep({ mark }: Run): Promise<void> {
    for (const message of await endLeftovers(mark)) {
      for (const listener of [...this.#messageListeners]) listener({ event: "warning", message });
    }
  }

  #start(): void {
    this.#stderr = [];
    this.#fatal = undefined;
    const signal = this.#beginStart();
    this.#options.launch().then((launch) => signal.aborted || this.#launch(launch)).catch(
      (error: unknown) => signal.aborted || this.#failToLaunch(error),
    );
  }

  #beginStart(): AbortSignal {
    const signal = this.#beginTurn();
    const limitMs = this.#options.startTimeoutMs ?? START_TIMEOUT_MS;
    if (limitMs > 0) this.#after(limitMs, signal, () => this.#timeOut(limitMs));
    this.#setState({ kind: "starting", sinceMs: this.#clock.now() });
    return signal;
  }

  #launch(launch: Launch): void {
    const run = startRun(launch, this.#options, this.#clock, {
      message: (message) => this.#run === run && this.#hear(message, run),
      stderr: (lines) => this.#keepStderr(lines),
    });
    this.#run = run;
    run.ended.then((how) => this.#run === run && this.#end(how, run));
  }

  #keepStderr(lines: readonly string[]): void {
    this.#stderr = keepTail(this.#stderr, lines);
    if (this.#options.log !== undefined) lines.forEach(this.#options.log);
  }

  #failToLaunch(error: unknown): void {
    const hint = error instanceof LaunchError ? { hint: error.hint } : {};
    this.#fail(error instanceof Error ? error.message : String(error), hint);
  }

  /** Gives up until a file changes or somebody asks. */
  #fail(reason: string, hint: { readonly hint?: string }): void {
    const signal = this.#beginTurn();
    this.#setState({ kind: "failed", reason, ...hint, stderr: this.#stderr, retryInMs: undefined });
    // A process that lives looks at the files itself.
    if (this.#run === undefined) this.#watch(signal, stampOf(this.#options.runner.root));
  }

  #watch(signal: AbortSignal, stamp: string): void {
    if (signal.aborted) return;
    this.#after(MENDING_POLL_MS, signal, () => {
      if (stampOf(this.#options.runner.root) === stamp) this.#watch(signal, stamp);
      else this.retry();
    });
  }

  #timeOut(limitMs: number): void {
    const reason = `Cannot start ${nameOf(this.#options)} within ${limitMs} ms: it ${
      this.#run === undefined ? "was not found yet" : "does not answer"
    }`;
    this.#dismiss();
    this.#fail(reason, { hint: "look for what vite.config waits for, or raise --start-timeout" });
  }

  #end(how: string, run: Run): void {
    this.#run = undefined;
    this.#leave(this.#sweep(run));
    if (this.#fatal !== undefined) {
      return this.#fail(`Cannot start ${nameOf(this.#options)}: ${this.#fatal}`, {
        hint: this.#hintFor(this.#fatal),
      });
    }
    const next = nextRestart(this.#restarts, this.#clock.now());
    if ("giveUp" in next) {
      return this.#fail(`Cannot keep ${nameOf(this.#options)} running: ${how}, again and again`, {
        hint: "look at the lines above; it is tried again when vite.config or package.json changes",
      });
    }
    const { delayMs } = next;
    this.#restarts = next.state;
    const signal = this.#beginTurn();
    const reason = `Cannot reach ${nameOf(this.#options)}: ${how}`;
    this.#setState({ kind: "failed", reason, stderr: this.#stderr, retryInMs: delayMs });
    this.#after(delayMs, signal, () => this.#start());
  }

  #hear(message: ControlMessage, run: Run): void {
    if (message.event === "ready") return this.#answerReady(message, run);
    if (message.event === "starting") this.#beginStart();
    if (message.event === "error") this.#hearError(message);
    if (message.event === "restart" && this.#state.kind === "ready") {
      const { event: _, ...description } = message;
      this.#setState({ ...this.#state, ...description });
    }
    for (const listener of [...this.#messageListeners]) listener(message);
  }

  #hearError(error: Extract<ControlMessage, { event: "error" }>): void {
    const { phase, message } = error;
    if (phase === "fatal") this.#fatal = message;
    if (phase === "start") {
      const hint = `${this.#hintFor(message)}${renderPlace(error)}`;
      this.#fail(`Cannot start ${nameOf(this.#options)}: ${message}`, { hint });
    }
  }

  #hintFor(message: string): string {
    return this.#options.hintFor?.(message) ?? hintForError(message);
  }

  #answerReady(message: Extract<ControlMessage, { event: "ready" }>, run: Run): void {
    const { event: _, ...fields } = message;
    const { signal } = this.#turn;
    const becomeReady = (): void => {
      if (signal.aborted) return;
      this.#beginTurn();
      this.#setState({ kind: "ready", executor: run.launch.executor, ...fields });
    };
    // In direct mode Vite may listen elsewhere, and with a certificate that nobody knows.
    const isElsewhere = message.url !== undefined;
    if (isElsewhere || this.#options.isProbed === false) return becomeReady();
    // A refusal means that the process is about to end; no answer, that the start will time out.
    probe(message.port, message.base, signal).then(becomeReady, () => {});
  }
}

/**
 * Starts Vite and looks after it until `stop()`.
 *
 * @example Usage
 * ```ts ignore
 * const vite = createViteProcess({
 *   launch: () => prepareLaunch({ root, runtime, path: process.env.PATH ?? "" }),
 *   runner: { root, frontPort: 8000 },
 *   environment: childEnvironment(process.env),
 * });
 * const { port } = await vite.ready();
 * await vite.stop();
 * ```
 */
export function createViteProcess(options: ViteProcessOptions): ViteProcess {
  return new ManagedVite(options);
}
