/**
 * How long functions of props may take.
 *
 * @module
 */
import type { PropContext } from "./prop.ts";
import type { PropPath } from "./prop_path.ts";

/** Ends the waiting for one value. */
type GiveUp = (reason: unknown, isLate: boolean) => void;

/** Gives up on functions when time is over or the client went away, and tells them so by a signal. */
export class PropDeadline implements PropContext {
  /** The request that is answered. */
  readonly request: Request;
  readonly #timeoutMs: number;
  #waiting: Set<GiveUp> | undefined;
  #onAbort: (() => void) | undefined;
  #controller: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `timeoutMs`: 0 waits for ever. */
  constructor(request: Request, timeoutMs: number) {
    this.request = request;
    this.#timeoutMs = timeoutMs;
  }

  /** What functions listen to. Made when one asks: it costs more than most pages. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    this.#signal ??= AbortSignal.any([this.request.signal, this.#controller.signal]);
    return this.#signal;
  }

  /** The same for what may be there at once. */
  limit<T>(value: T | Promise<T>, what: string): T | Promise<T> {
    return value instanceof Promise ? this.race(value, what) : value;
  }

  /** Waits for a value as long as the deadline allows: that of a prop, or what the text says. */
  race<T>(value: PromiseLike<T>, what: PropPath | string): Promise<T> {
    const waiting = this.#waiting ??= this.#open();
    return new Promise((resolve, reject) => {
      const giveUp: GiveUp = (reason, isLate) => reject(isLate ? this.#late(what) : reason);
      waiting.add(giveUp);
      const done = (): void => void waiting.delete(giveUp);
      value.then((value) => (done(), resolve(value)), (error) => (done(), reject(error)));
    });
  }

  /** Ends the waiting; `error` is why, if it was before its time. */
  close(error?: unknown): void {
    if (this.#onAbort !== undefined) {
      clearTimeout(this.#timer);
      this.request.signal.removeEventListener("abort", this.#onAbort);
    }
    if (error !== undefined) this.#controller?.abort(error);
  }

  #open(): Set<GiveUp> {
    const { signal } = this.request;
    this.#onAbort = () => this.#end(signal.reason, false);
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) queueMicrotask(this.#onAbort);
    if (this.#timeoutMs > 0) this.#timer = setTimeout(() => this.#onTimeout(), this.#timeoutMs);
    return new Set();
  }

  #onTimeout(): void {
    this.#controller?.abort(new DOMException("The props took too long", "TimeoutError"));
    this.#end(undefined, true);
  }

  #end(reason: unknown, isLate: boolean): void {
    const waiting = [...this.#waiting ?? []];
    this.#waiting?.clear();
    for (const giveUp of waiting) giveUp(reason, isLate);
  }

  #late(what: PropPath | string): DOMException {
    const name = typeof what === "string" ? what : `the prop "${what.text}"`;
    return new DOMException(
      `Cannot wait for ${name} any longer: ${this.#timeoutMs} ms are over`,
      "TimeoutError",
    );
  }
}
