/**
 * Runs an SSR bundle in a process of its own, on a port of loopback that the system chooses.
 *
 * @module
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { ssrProcessArguments } from "../runtime/ssr_program.ts";
import type { Executor } from "./config_types.ts";
import type { RenderAccess, SsrRun, SsrRunOptions } from "./ssr_run.ts";
import { endOf, endRun, listenToStderr, realClock } from "./vite_process.ts";
import { takeTextLines } from "./vite_protocol.ts";

/** What starts the process. */
export interface SsrProcessOptions extends SsrRunOptions {
  readonly executor: Executor;
  /** Absolute path of the runtime. */
  readonly command: string;
}

/** What the process says. */
type ProcessMessage =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "failed"; readonly message: string };

const HEALTH_MS = 2000;
const START_MS = 30_000;

/** Starts the process. */
export function startSsrProcess(options: SsrProcessOptions): SsrRun {
  return new SsrProcess(options);
}

class SsrProcess implements SsrRun {
  readonly ready: Promise<RenderAccess>;
  readonly ended: Promise<string>;
  readonly #child: ChildProcessWithoutNullStreams;
  #url = "";

  constructor({ executor, command, bundle, cwd, env, log }: SsrProcessOptions) {
    const args = ssrProcessArguments(executor, pathToFileURL(bundle).href);
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["pipe", "pipe", "pipe"],
      windowsHide: true,
    });
    this.#child = child;
    this.ended = endOf(child, realClock);
    child.stdin.on("error", () => {}); // its end is what counts
    const { promise, resolve, reject } = Promise.withResolvers<RenderAccess>();
    this.ready = promise;
    const timer = setTimeout(() => {
      reject(new Error(`it does not listen within ${START_MS} ms`));
      void this.stop();
    }, START_MS);
    void this.ended.then((how) => (clearTimeout(timer), reject(new Error(how))));
    void this.#listen((message) => {
      clearTimeout(timer);
      if (message.kind === "failed") return reject(new Error(message.message));
      this.#url = `http://127.0.0.1:${message.port}`;
      resolve({ url: `${this.#url}/render` });
    });
    void listenToStderr(child.stderr, { stderr: (lines) => lines.forEach(log) });
    // Who waits for it hears of it; nobody has to.
    promise.catch(() => {});
  }

  async #listen(hear: (message: ProcessMessage) => void): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    try {
      for await (const chunk of this.#child.stdout) {
        const taken = takeTextLines(rest, decoder.decode(chunk, { stream: true }));
        rest = taken.rest;
        // A bundle that writes to standard output itself, past the console, says nothing to us.
        for (const line of taken.lines) {
          if (/^\{"kind":"(?:ready|failed)"/.test(line)) hear(JSON.parse(line) as ProcessMessage);
        }
      }
    } catch {
      // Case: we let go of the stream, since a grandchild kept it open.
    }
  }

  /** Another server could have taken the port: the words of the answer count. */
  async isAlive(): Promise<boolean> {
    try {
      const signal = AbortSignal.timeout(HEALTH_MS);
      const answer = await fetch(`${this.#url}/health`, { signal, redirect: "manual" });
      const said: unknown = await answer.json();
      return typeof said === "object" && said !== null && "status" in said && said.status === "OK";
    } catch {
      return false;
    }
  }

  stop(): Promise<void> {
    return endRun({ child: this.#child, ended: this.ended }, realClock);
  }
}
