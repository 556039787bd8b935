/**
 * Notices that a client of `Deno.serve` has gone away, without paying for it on every request.
 *
 * `request.signal` alone tells it (deno 2.9): `info.completed` resolves whatever happens, and the body of an answer is
 * only cancelled at once if the signal was touched. But touching it costs 9 µs, a fifth of a forwarded module, so only
 * requests that take longer than a moment get a listener, and lose it with the head of their answer.
 *
 * @module
 */
import type { LateWatch, LateWatches } from "./late_watches.ts";
import type { AbortWatch } from "./types.ts";

type Stage = "waiting" | "answered" | "over";

/** One request that is watched. */
export class DenoAbortWatch implements AbortWatch, LateWatch {
  readonly #request: Request;
  readonly #callback: () => void;
  readonly #watches: LateWatches | undefined;
  #stage: Stage = "waiting";
  /** The signal, once it was touched. */
  #signal: AbortSignal | undefined;

  /** @param watches What arms it after a moment; without, that is done at once. */
  constructor(request: Request, callback: () => void, watches?: LateWatches) {
    this.#request = request;
    this.#callback = callback;
    this.#watches = watches;
    if (watches === undefined) this.arm();
    else watches.add(this);
  }

  /** Touches the signal: from now on the runtime tells. */
  arm(): void {
    if (this.#stage === "over") return;
    silenceWarning();
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
    this.#watches?.delete(this);
  }

  /** Neither an error in the body nor anything else reaches a connection whose buffers are full (deno 2.9.6). */
  drop(): void {}
}

const WARNING = "Deno.serve: request.signal aborts on successful responses";
let isSilenced = false;

/**
 * Keeps one warning off the terminal, and then lets go of `console.warn` again.
 *
 * Deno prints it once in the life of a process, when a request ends whose signal was touched, for those who take the
 * signal's abort for a failure (`--unstable-no-legacy-abort`). Whoever runs a dev server can do nothing about it.
 */
export function silenceWarning(): void {
  if (isSilenced) return;
  isSilenced = true;
  const { warn } = console;
  const filtered = (...args: unknown[]): void => {
    if (typeof args[0] !== "string" || !args[0].startsWith(WARNING)) return warn(...args);
    if (console.warn === filtered) console.warn = warn;
  };
  console.warn = filtered;
}
