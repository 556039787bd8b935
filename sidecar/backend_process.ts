/**
 * Starts the backend's command, tells when it ends, and ends it.
 *
 * The command runs under a watchdog, in a process group of its own: it ends with us, whatever ends us. It is never started
 * again by itself, for only its author knows whether that is safe.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import process from "node:process";
import { StringDecoder } from "node:string_decoder";
import { withPort } from "./command_words.ts";

/** How a backend's process is. */
export type BackendProcessState =
  /** The watchdog starts. */
  | { readonly kind: "starting" }
  /** The command runs; whether it listens is not known here. */
  | { readonly kind: "running"; readonly pid: number }
  /** The command ended by itself, or somebody else ended it. */
  | {
    readonly kind: "exited";
    readonly code: number | null;
    readonly signal: string | null;
    /** The last lines that it wrote. */
    readonly tail: readonly string[];
  }
  /** The command could not be started. */
  | { readonly kind: "failed"; readonly message: string; readonly hint: string }
  /** We ended it. */
  | { readonly kind: "stopped" };

/** Options of {@linkcode createBackendProcess}. */
export interface BackendProcessOptions {
  /** The words of the command; `{port}` in them is replaced. */
  readonly argv: readonly string[];
  /** The port that the command shall listen on; it also finds it in `PORT`. */
  readonly port: number;
  /** Absolute path of the folder to start in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What starts the watchdog; see `runtime/watchdog.ts`. */
  readonly watchdog: readonly string[];
  /** Gets each line that the command writes, of standard output and standard error alike. */
  readonly log: (line: string) => void;
  /** How long the command may take to end after SIGTERM, in milliseconds. @default 5000 */
  readonly stopMs?: number;
}

/** A backend's process. */
export interface BackendProcess {
  readonly port: number;
  state(): BackendProcessState;
  /** Calls back after each change of the state, until the returned function is called. */
  onChange(listener: (state: BackendProcessState) => void): () => void;
  /** Ends the command with all that it started; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends the command if it runs, and starts it again. */
  restart(): Promise<void>;
}

/** A line without end would take all memory. */
const MAX_LINE_CHARACTERS = 8192;
const TAIL_LINES = 40;
/** How long output may stay open behind a command that ended: something that left its group may hold it. */
const DRAIN_MS = 500;
const DEFAULT_STOP_MS = 5000;
/** Added to the command's own time: the watchdog then still has to kill it and say so. */
const WATCHDOG_EXTRA_MS = 2500;

/** What the watchdog says. */
type WatchdogMessage =
  | { readonly kind: "started"; readonly pid: number }
  | { readonly kind: "failed"; readonly code: string; readonly message: string }
  | { readonly kind: "exited"; readonly code: number | null; readonly signal: string | null };

/**
 * Finds a port that nobody listens on, for a command that can't take any free one by itself.
 *
 * Somebody else may take it before the command does; the command's own error tells then.
 */
export function findFreePort(hostname = "127.0.0.1"): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once("error", reject);
  server.listen(0, hostname, () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" ? address?.port ?? 0 : 0));
  });
  return promise;
}

/** Cuts a stream of bytes into lines. Of one that is too long the beginning is handed on, and the rest left out. */
function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let isCut = false;
  stream?.on("data", (chunk: Uint8Array) => {
    const lines = (rest + decoder.write(chunk as Buffer)).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!isCut) onLine(line.slice(0, MAX_LINE_CHARACTERS));
      isCut = false;
    }
    if (!isCut && rest.length > MAX_LINE_CHARACTERS) {
      onLine(rest.slice(0, MAX_LINE_CHARACTERS));
      isCut = true;
    }
    if (isCut) rest = "";
  });
  stream?.on("end", () => {
    if (rest !== "") onLine(rest);
  });
  // A reset pipe of a child that is gone; its exit is what counts.
  stream?.on("error", () => {});
}

function explainFailure(program: string, { code, message }: { code: string; message: string }): {
  readonly message: string;
  readonly hint: string;
} {
  const action = `Cannot start "${program}" as the backend's command`;
  if (code === "ENOENT") {
    return {
      message: `${action}: it is neither on the PATH nor a file`,
      hint: "install it, or give its path; no shell reads the command",
    };
  }
  if (code === "EACCES") {
    return {
      message: `${action}: it may not be executed`,
      hint: "chmod +x it, or name its interpreter",
    };
  }
  return { message: `${action}: ${message}`, hint: "try the command by itself" };
}

/** How a run ended. */
type RunEnd = Exclude<WatchdogMessage, { kind: "started" }>;

/** One start of the command. */
interface Run {
  /** Resolves when the watchdog and the command are gone. */
  readonly ended: Promise<RunEnd>;
  stop(): Promise<void>;
}

/** What happens in a run. */
interface RunEvents {
  started(pid: number): void;
  line(text: string): void;
}

function spawnWatchdog({ watchdog, env, port }: BackendProcessOptions): ChildProcess {
  const [file = "", ...args] = watchdog;
  return spawn(file, args, {
    // Not in the terminal's group: Ctrl-C, and a SIGKILL for our whole group, must not reach it.
    detached: process.platform !== "win32",
    windowsHide: true,
    // Somewhere neutral: Bun would read the .env of the project for it, and give it to the command.
    cwd: tmpdir(),
    env: { ...env, PORT: String(port) },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Resolves when a process is gone and its output is read, or, where somebody else holds that open, soon after. */
function endOf(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once("close", () => resolve());
  child.once("error", () => resolve());
  child.once("exit", () => {
    const timer = setTimeout(resolve, DRAIN_MS);
    void promise.then(() => clearTimeout(timer));
  });
  return promise;
}

function startRun(options: BackendProcessOptions, words: readonly string[], on: RunEvents): Run {
  const child = spawnWatchdog(options);
  let pid: number | undefined;
  let end: RunEnd | undefined;
  readLines(child.stdout, (line) => {
    // Nobody else has this pipe: the backend's own output goes to the other one.
    const message = JSON.parse(line) as WatchdogMessage;
    if (message.kind !== "started") end = message;
    else on.started(pid = message.pid);
  });
  readLines(child.stderr, on.line);
  child.stdin?.on("error", () => {}); // its exit is what counts
  child.once("error", ({ message }) => end = { kind: "failed", code: "", message });
  child.stdin?.write(`${JSON.stringify({ kind: "start", argv: words, cwd: options.cwd })}\n`);
  const ended = endOf(child).then((): RunEnd => {
    if (end !== undefined) return end;
    // The watchdog went without a word: somebody killed it, and the command is ours to end.
    killGroup(pid);
    return { kind: "exited", code: null, signal: "SIGKILL" };
  });
  const stop = async (): Promise<void> => {
    const { stopMs = DEFAULT_STOP_MS } = options;
    // Left open: its end still tells the watchdog that we are gone, and that nobody waits any longer.
    child.stdin?.write(`${JSON.stringify({ kind: "stop", graceMs: stopMs })}\n`);
    const timer = setTimeout(() => {
      killGroup(pid);
      child.kill("SIGKILL");
    }, stopMs + WATCHDOG_EXTRA_MS);
    await ended;
    clearTimeout(timer);
  };
  return { ended, stop };
}

/**
 * Starts a backend's command.
 *
 * @returns At once; {@linkcode BackendProcess.state} and `onChange` tell how it goes.
 */
export function createBackendProcess(options: BackendProcessOptions): BackendProcess {
  const words = withPort(options.argv, options.port);
  const listeners = new Set<(state: BackendProcessState) => void>();
  let state: BackendProcessState = { kind: "starting" };
  let isStopping = false;

  const change = (next: BackendProcessState): void => {
    state = next;
    for (const listener of [...listeners]) listener(next);
  };
  const start = (): Run => {
    let tail: readonly string[] = [];
    isStopping = false;
    const started = startRun(options, words, {
      started: (pid) => change({ kind: "running", pid }),
      line: (text) => {
        tail = [...tail.slice(1 - TAIL_LINES), text];
        options.log(text);
      },
    });
    void started.ended.then((end) => {
      if (end.kind === "failed") change({ kind: "failed", ...explainFailure(words[0] ?? "", end) });
      else change(isStopping ? { kind: "stopped" } : { ...end, tail });
    });
    return started;
  };
  let run = start();

  const stop = async (): Promise<void> => {
    isStopping = true;
    await run.stop();
  };
  const restart = async (): Promise<void> => {
    await stop();
    change({ kind: "starting" });
    run = start();
  };
  const onChange: BackendProcess["onChange"] = (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return { port: options.port, state: () => state, onChange, stop, restart };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // ESRCH: it is gone already, which is what is wanted.
  }
}
