/**
 * One connection to an SSR server, for one page after the other.
 *
 * @module
 */
import type { Socket } from "node:net";
import type { AnswerReader } from "./ssr_answer.ts";

/** The connection broke before anything came: it was being closed as we took it. */
export class StaleError extends Error {}

/** What waits for an answer. */
interface Exchange {
  readonly reader: AnswerReader;
  readonly done: PromiseWithResolvers<void>;
  hasBegun: boolean;
}

/** A connection. Its listeners stay: to put them on for each page would cost more than the rest. */
export class SsrConnection {
  /** Where it leads to. */
  readonly origin: string;
  /** Since when it has nothing to do, in milliseconds. */
  idleSinceMs = 0;
  readonly #socket: Socket;
  readonly #onGone: (connection: SsrConnection) => void;
  #exchange: Exchange | undefined;
  #isGone = false;

  /** Takes a socket that is connected. `onGone` is told when it is of no more use. */
  constructor(origin: string, socket: Socket, onGone: (connection: SsrConnection) => void) {
    this.origin = origin;
    this.#socket = socket;
    this.#onGone = onGone;
    socket.on("data", (bytes: Uint8Array) => this.#take(bytes));
    socket.on("end", () => this.#end());
    socket.on("close", () => this.#end());
    socket.on("error", (error) => this.#fail(error));
  }

  /** Whether it is of no more use. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /**
   * Sends a request, and reads its answer.
   *
   * @throws {StaleError} If nothing came before the connection broke.
   * @throws {Error} If what came is no answer, or the signal ended it.
   */
  async send(request: Uint8Array, reader: AnswerReader, signal: AbortSignal): Promise<void> {
    const exchange = { reader, done: Promise.withResolvers<void>(), hasBegun: false };
    const leave = (): void => this.#fail(signal.reason);
    this.#exchange = exchange;
    this.#socket.ref();
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    else if (this.#isGone) this.#end();
    else this.#socket.write(request);
    try {
      await exchange.done.promise;
    } finally {
      signal.removeEventListener("abort", leave);
      this.#exchange = undefined;
      // A program with nothing else to do may end.
      this.#socket.unref();
      if (!reader.isReusable) this.close();
    }
  }

  /** Ends it. */
  close(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#socket.destroy();
    this.#onGone(this);
  }

  #take(bytes: Uint8Array): void {
    const exchange = this.#exchange;
    // Nobody asked: whatever it is, it is not the answer to the next request.
    if (exchange === undefined) return this.close();
    exchange.hasBegun = true;
    this.#settle(exchange, () => exchange.reader.push(bytes));
  }

  #end(): void {
    const exchange = this.#exchange;
    if (exchange?.hasBegun) this.#settle(exchange, () => exchange.reader.end());
    else exchange?.done.reject(new StaleError("it closed the connection without an answer"));
    this.close();
  }

  #settle({ reader, done }: Exchange, step: () => void): void {
    try {
      step();
    } catch (error) {
      return done.reject(error);
    }
    if (reader.isDone) done.resolve();
  }

  #fail(error: unknown): void {
    const exchange = this.#exchange;
    const isStale = exchange?.hasBegun === false && "code" in Object(error);
    exchange?.done.reject(isStale ? new StaleError(String(error), { cause: error }) : error);
    this.close();
  }
}
