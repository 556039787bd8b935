/**
 * Notices that a client of `Deno.serve` has gone away, without paying for it on every request.
 *
 * `request.signal` alone tells it (deno 2.9): `info.completed` resolves whatever happens, and the body of an answer is
 * only cancelled at once if the signal was touched. But touching it costs 9 µs, a fifth of a forwarded module, and a
 * listener that is still there when the answer is given prints a warning on the terminal. So only requests that take
 * longer than a moment get one, and lose it with the head of their answer.
 *
 * @module
 */
import { clearInterval, setInterval } from "node:timers";
import type { AbortWatch } from "./types.ts";

/** A request is watched after one to two of these, in milliseconds. */
const TICK_MS = 20;

type Stage = "waiting" | "answered" | "over";

/** One request that is watched. */
export class DenoAbortWatch implements AbortWatch {
  readonly #request: Request;
  readonly #callback: () => void;
  readonly #forget: (watch: DenoAbortWatch) => void;
  #stage: Stage = "waiting";
  /** The signal, once it was touched. */
  #signal: AbortSignal | undefined;

  /** Watches nothing before {@linkcode arm}. */
  constructor(
    request: Request,
    callback: () => void,
    forget: (watch: DenoAbortWatch) => void = () => {},
  ) {
    this.#request = request;
    this.#callback = callback;
    this.#forget = forget;
  }

  /** Touches the signal: from now on the runtime tells. */
  arm(): void {
    if (this.#stage === "over") return;
    const signal = this.#signal = this.#request.signal;
    if (this.#stage === "answered") return;
    if (signal.aborted) this.#callback();
    else signal.addEventListener("abort", this.#callback, { once: true });
  }

  answered(): void {
    if (this.#stage === "waiting") this.#stage = "answered";
    this.#signal?.removeEventListener("abort", this.#callback);
  }

  end(): void {
    this.answered();
    this.#stage = "over";
    this.#forget(this);
  }
}

/** The requests of one listener that wait to be watched. */
export class DenoAbortWatches {
  #young = new Set<DenoAbortWatch>();
  #old = new Set<DenoAbortWatch>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Watches a request, unless it ends within a moment. */
  add(request: Request, callback: () => void): DenoAbortWatch {
    const watch = new DenoAbortWatch(request, callback, this.#forget);
    this.#young.add(watch);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
      this.#timer.unref();
    }
    return watch;
  }

  readonly #forget = (watch: DenoAbortWatch): void => {
    if (!this.#young.delete(watch)) this.#old.delete(watch);
  };

  #tick(): void {
    const ripe = this.#old;
    this.#old = this.#young;
    this.#young = new Set();
    for (const watch of ripe) watch.arm();
    if (this.#old.size === 0) this.close();
  }

  /** Stops the timer; a later `add` starts it again. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
