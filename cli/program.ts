/**
 * What a command of the program needs of the world outside it.
 *
 * @module
 */
import type { ErrorFacts } from "./errors.ts";
import type { Style } from "./style.ts";

/** A signal that asks a program to end. */
export type EndSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** The world outside. Tests replace it. */
export interface ProgramWorld {
  /** How the program is started, for messages: `deno run -A jsr:@lv/sidecar`. */
  readonly program: string;
  readonly version: string;
  readonly runtime: "deno" | "bun";
  /** The file of the runtime. */
  readonly execPath: string;
  /** The process's id. */
  readonly pid: number;
  readonly platform: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How standard error is written to. */
  readonly style: Style;
  /** Writes to standard output: what another program reads. */
  out(text: string): void;
  /** Writes to standard error: what a person reads. */
  err(text: string): void;
  /** Milliseconds since the program was started. */
  now(): number;
  /** The time of day, as `14:05:09`. */
  time(): string;
  /** Calls back at each signal that asks for the end; returns what ends that. */
  onSignal(listener: (signal: EndSignal) => void): () => void;
  /** Resolves when standard input ends. */
  inputEnd(): Promise<void>;
  /** Ends the program at once. */
  exit(code: number): never;
  /** From now on `console.log` writes to standard error. */
  keepOutputClean(): void;
  /** Says in NODE_ENV what an app in this process is run for, where nobody else did. */
  sayMode(mode: "development" | "production"): void;
}

/** How errors are told in this world. */
export function errorFacts({ style, program }: ProgramWorld, verbose: boolean): ErrorFacts {
  return { style, program, verbose };
}

/** The exit code after an orderly end: Ctrl-C is told from the rest, as shells expect it. */
export function exitCodeOf(signal: EndSignal): number {
  return signal === "SIGINT" ? 130 : 0;
}

/** The exit code of an end that nobody waited for. */
export function forcedExitCodeOf(signal: EndSignal): number {
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal];
}

/**
 * Resolves at the first signal that asks for the end; the second one ends the program at once.
 */
export function untilSignal(world: ProgramWorld): Promise<EndSignal> {
  const { promise, resolve } = Promise.withResolvers<EndSignal>();
  let isEnding = false;
  world.onSignal((signal) => {
    // What we started ends with our pipes.
    if (isEnding) world.exit(forcedExitCodeOf(signal));
    isEnding = true;
    resolve(signal);
  });
  return promise;
}
