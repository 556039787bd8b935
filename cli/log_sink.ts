/**
 * Text on its way to standard error.
 *
 * A terminal that is held (Ctrl-S), or a pipe that nobody reads, makes a write wait for ever, and on Deno the whole
 * program with it. So we hand over one piece at a time, and drop what comes while too much waits.
 *
 * @module
 */

/** Options of {@linkcode LogSink}. */
export interface LogSinkOptions {
  /** Hands bytes over; resolves when they are taken, rejects when the reader is gone. */
  readonly send: (bytes: Uint8Array) => Promise<void>;
  /** How much text may wait, in characters. @default 1048576 */
  readonly maxWaiting?: number;
}

const MAX_WAITING = 1024 * 1024;

/** Writes text in its order, and never makes anybody wait for the reader. */
export class LogSink {
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  readonly #maxWaiting: number;
  #waiting: string[] = [];
  #characters = 0;
  #lost = 0;
  #isBroken = false;
  #sending: Promise<void> | undefined;

  /** Makes a sink. */
  constructor({ send, maxWaiting = MAX_WAITING }: LogSinkOptions) {
    this.#send = send;
    this.#maxWaiting = maxWaiting;
  }

  /** Adds text. One that would be the only one to wait is always taken. */
  write(text: string): void {
    if (this.#isBroken || text === "") return;
    if (this.#characters > 0 && this.#characters + text.length > this.#maxWaiting) {
      this.#lost++;
      return;
    }
    this.#waiting.push(text);
    this.#characters += text.length;
    this.#sending ??= this.#drain();
  }

  /** Resolves when everything is taken, or after so many milliseconds. */
  async flush(withinMs: number): Promise<void> {
    if (this.#sending === undefined) return;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, withinMs);
    await Promise.race([this.#sending, late.promise]);
    clearTimeout(timer);
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#send(new TextEncoder().encode(this.#take()));
    } catch {
      // EPIPE: nobody will ever read.
      this.#isBroken = true;
      this.#waiting = [];
    }
    this.#sending = undefined;
  }

  #take(): string {
    const text = this.#waiting.join("");
    const lost = this.#lost === 0 ? "" : `(${this.#lost} lines were lost: nobody read them)\n`;
    this.#waiting = [];
    this.#characters = this.#lost = 0;
    return text + lost;
  }
}
