/**
 * One client for all renderings: connections that are kept, and limits that `fetch` can't have.
 *
 * `fetch` knows no limit for the connecting alone, and `node:http` repeats a POST on a connection that was reset (Deno).
 * On plain sockets it is also faster than both on Deno: 1.4 times `fetch` with 16 at once (`bench`, row `ssr`).
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { SsrAnswer } from "./ssr.ts";
import { AnswerReader } from "./ssr_answer.ts";
import { SsrConnection, StaleError } from "./ssr_connection.ts";
import { SsrError } from "./ssr_error.ts";

/** Options of {@linkcode SsrClient}. */
export interface SsrClientOptions {
  /** How long connecting may take, in milliseconds. */
  readonly connectMs: number;
  /** How large a body may be, in bytes. */
  readonly maxBytes: number;
  /** How many connections there may be; who comes later waits for one. */
  readonly maxConnections: number;
  /** Milliseconds that only grow. @default performance.now */
  readonly now?: () => number;
}

/** Node's servers drop a connection that was idle for 5 seconds; the one that asks must be quicker. */
const IDLE_MS = 4000;

/** Posts pages. */
export class SsrClient {
  readonly #options: SsrClientOptions;
  readonly #now: () => number;
  /** In the order of their last use. */
  readonly #idle: SsrConnection[] = [];
  readonly #waiting = new Set<() => void>();
  #active = 0;

  /** Makes a client; it connects when it is first used. */
  constructor(options: SsrClientOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Posts JSON, and once more if a kept connection turns out to be gone: a rendering changes nothing.
   *
   * @throws {SsrError} If there is no answer, or none that can be read.
   */
  async post(url: URL, json: string, signal: AbortSignal): Promise<SsrAnswer> {
    if (this.#active < this.#options.maxConnections) this.#active++;
    else await this.#wait(signal);
    try {
      return await this.#exchange(url, requestBytes(url, json), signal);
    } catch (error) {
      if (signal.aborted || error instanceof SsrError) throw error;
      throw new SsrError(`Cannot render pages at "${url.origin}": ${stateOf(error)}`, {
        cause: error,
      });
    } finally {
      this.#leave();
    }
  }

  /** Ends the connections that wait for work. */
  close(): void {
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const give = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.delete(give);
        reject(signal.reason);
      };
      this.#waiting.add(give);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** The place goes to who has waited longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) return void this.#active--;
    this.#waiting.delete(next);
    next();
  }

  async #exchange(url: URL, request: Uint8Array, signal: AbortSignal): Promise<SsrAnswer> {
    signal.throwIfAborted();
    const kept = this.#take(url.origin);
    if (kept !== undefined) {
      try {
        return await this.#send(kept, request, signal);
      } catch (error) {
        if (!(error instanceof StaleError)) throw error;
      }
    }
    const socket = await openSocket(url, this.#options.connectMs, signal);
    return await this.#send(new SsrConnection(url.origin, socket, this.#forget), request, signal);
  }

  async #send(
    connection: SsrConnection,
    request: Uint8Array,
    signal: AbortSignal,
  ): Promise<SsrAnswer> {
    const reader = new AnswerReader(this.#options.maxBytes);
    await connection.send(request, reader, signal);
    if (!connection.isGone) {
      connection.idleSinceMs = this.#now();
      this.#idle.push(connection);
    }
    return { status: reader.status, text: reader.text() };
  }

  /** The one that was used last: the others may rest until they are too old. */
  #take(origin: string): SsrConnection | undefined {
    const oldestMs = this.#now() - IDLE_MS;
    while ((this.#idle[0]?.idleSinceMs ?? Infinity) < oldestMs) this.#idle[0]?.close();
    const index = this.#idle.findLastIndex((idle) => idle.origin === origin);
    return index === -1 ? undefined : this.#idle.splice(index, 1)[0];
  }

  readonly #forget = (connection: SsrConnection): void => {
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  };
}

/** One write: two would wait for each other's acknowledgement. */
function requestBytes(url: URL, json: string): Uint8Array {
  return Buffer.from(
    `POST ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n` +
      `content-type: application/json\r\naccept: application/json\r\n` +
      `content-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`,
  );
}

async function openSocket(url: URL, connectMs: number, signal: AbortSignal): Promise<Socket> {
  const isSecure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || (isSecure ? 443 : 80));
  // Not at the top: who never renders on the server needs no sockets, and may have none.
  const socket: Socket = isSecure
    ? (await import("node:tls")).connect({ host, port })
    : (await import("node:net")).connect({ host, port });
  socket.setNoDelay(true);
  try {
    await connected(socket, isSecure ? "secureConnect" : "connect", connectMs, signal);
  } catch (error) {
    // What comes after the end is nobody's.
    socket.on("error", () => {}).destroy();
    throw error;
  }
  return socket;
}

function connected(
  socket: Socket,
  event: string,
  connectMs: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const giveUp = (): void => reject(new Error(`it takes no connection within ${connectMs} ms`));
    const timer = setTimeout(giveUp, connectMs);
    const leave = (): void => reject(signal.reason);
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
      socket.removeListener("error", failed);
    };
    const failed = (error: unknown): void => (done(), reject(error));
    socket.once(event, () => (done(), resolve())).once("error", failed);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
  });
}

const STATES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it broke off the connection",
  EPIPE: "it broke off the connection",
  ENOTFOUND: "there is no such host",
};

function stateOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return STATES[code] ?? error.message;
}
