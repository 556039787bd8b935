/**
 * Runs an SSR bundle in a thread of this process: no other runtime, no port, and no request that waits for a rendering.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { SSR_WORKER_URL } from "../runtime/ssr_program.ts";
import { NoRenderError, type RenderAccess, type RenderAnswer, type SsrRun } from "./ssr_run.ts";
import type { SsrRunOptions } from "./ssr_run.ts";

/** What the thread says. */
type WorkerMessage =
  | { readonly kind: "ready"; readonly canRender: boolean }
  | { readonly kind: "answer"; readonly id: number } & RenderAnswer
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "pong" }
  | { readonly kind: "log"; readonly line: string };

/** A page that takes longer is one that never ends. */
const PONG_MS = 2000;
const START_MS = 30_000;

/** Starts the thread. */
export function startSsrWorker(options: SsrRunOptions): SsrRun {
  return new SsrWorker(options);
}

class SsrWorker implements SsrRun {
  readonly ready: Promise<RenderAccess>;
  readonly ended: Promise<string>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<RenderAnswer>>();
  readonly #pongs = new Set<() => void>();
  #lastId = 0;

  constructor({ bundle, env, log }: SsrRunOptions) {
    const data = { lvSidecarSsr: { url: pathToFileURL(bundle).href } };
    this.#worker = new Worker(new URL(SSR_WORKER_URL), { workerData: data, env });
    const ready = Promise.withResolvers<RenderAccess>();
    const ended = Promise.withResolvers<string>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    let failure: Error | undefined;
    const timer = setTimeout(() => {
      ready.reject(new Error(`it is not ready within ${START_MS} ms`));
      void this.stop();
    }, START_MS);
    this.#worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "log") log(message.line);
      else if (message.kind === "pong") { for (const answered of this.#pongs) answered(); }
      else if (message.kind === "answer") this.#waiting.get(message.id)?.resolve(message);
      else {
        clearTimeout(timer);
        if (message.kind === "failed") ready.reject(new Error(message.message));
        else if (message.canRender) ready.resolve({ ask: this.#ask });
        else ready.reject(new NoRenderError("it exports no function that renders"));
      }
    });
    this.#worker.on("error", (error) => failure ??= error);
    this.#worker.on("exit", () => {
      clearTimeout(timer);
      const how = failure === undefined ? "it ended" : `it failed: ${failure.message}`;
      ready.reject(failure ?? new Error(how));
      for (const { reject } of this.#waiting.values()) reject(new Error(`Cannot render: ${how}`));
      ended.resolve(how);
    });
    // Who waits for it hears of it; nobody has to.
    this.ready.catch(() => {});
  }

  readonly #ask = async (json: string, signal: AbortSignal): Promise<RenderAnswer> => {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<RenderAnswer>();
    const leave = (): void => answer.reject(signal.reason);
    this.#waiting.set(id, answer);
    signal.addEventListener("abort", leave, { once: true });
    this.#worker.postMessage({ kind: "render", id, json });
    try {
      return await answer.promise;
    } finally {
      signal.removeEventListener("abort", leave);
      this.#waiting.delete(id);
    }
  };

  isAlive(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isAlive: boolean): void => {
        clearTimeout(timer);
        this.#pongs.delete(answered);
        resolve(isAlive);
      };
      const timer = setTimeout(() => settle(false), PONG_MS);
      const answered = (): void => settle(true);
      this.#pongs.add(answered);
      this.#worker.postMessage({ kind: "ping" });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
    await this.ended;
  }
}
