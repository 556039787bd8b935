/**
 * How long functions of props may take.
 *
 * @module
 */
import type { PropContext } from "./prop.ts";
import type { PropPath } from "./prop_path.ts";

/** Gives up on functions when time is over or the client went away, and tells them so by a signal. */
export class PropDeadline implements PropContext {
  /** The request that is answered. */
  readonly request: Request;
  readonly #timeoutMs: number;
  readonly #waiting = new Set<(reason: unknown, isLate: boolean) => void>();
  #controller: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = false;

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

  /** Waits for a value as long as the deadline allows. */
  race(value: PromiseLike<unknown>, path: PropPath): Promise<unknown> {
    this.#open();
    return new Promise((resolve, reject) => {
      const giveUp = (reason: unknown, isLate: boolean): void =>
        reject(isLate ? this.#late(path) : reason);
      this.#waiting.add(giveUp);
      const done = (): void => void this.#waiting.delete(giveUp);
      value.then((value) => (done(), resolve(value)), (error) => (done(), reject(error)));
    });
  }

  /** Ends the waiting; `error` is why, if it was before its time. */
  close(error?: unknown): void {
    clearTimeout(this.#timer);
    if (this.#isOpen) this.request.signal.removeEventListener("abort", this.#onAbort);
    if (error !== undefined) this.#controller?.abort(error);
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.request.signal.addEventListener("abort", this.#onAbort);
    if (this.request.signal.aborted) queueMicrotask(this.#onAbort);
    if (this.#timeoutMs > 0) {
      this.#timer = setTimeout(() => {
        this.#controller?.abort(new DOMException("The props took too long", "TimeoutError"));
        this.#end(undefined, true);
      }, this.#timeoutMs);
    }
  }

  readonly #onAbort = (): void => this.#end(this.request.signal.reason, false);

  #end(reason: unknown, isLate: boolean): void {
    for (const giveUp of [...this.#waiting]) giveUp(reason, isLate);
    this.#waiting.clear();
  }

  #late(path: PropPath): DOMException {
    return new DOMException(
      `Cannot wait for the prop "${path.text}" any longer: ${this.#timeoutMs} ms are over`,
      "TimeoutError",
    );
  }
}
