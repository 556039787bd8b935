/**
 * One exchange with an upstream: a request goes out, its response comes in, both as streams.
 *
 * @module
 */
import type { AbortWatch, Connection } from "../runtime/types.ts";
import { type PieceDecoder, piecesOf } from "./body_pieces.ts";
import type { Deadlines } from "./deadlines.ts";
import {
  type Field,
  type Framing,
  isPersistent,
  LAST_CHUNK,
  parseResponseHead,
  renderChunk,
  renderRequestHead,
  responseFraming,
  type ResponseHead,
} from "./http1.ts";
import type { PooledConnection } from "./pooled_connection.ts";
import type {
  RequestBody,
  UpstreamOptions,
  UpstreamRequest,
  UpstreamResponse,
} from "./upstream.ts";
import { UpstreamError, type UpstreamFailure } from "./upstream_error.ts";

/** What an exchange needs of the client that it belongs to. */
export interface ExchangeHost {
  readonly options: UpstreamOptions;
  readonly deadlines: Deadlines;
  /** Opens a connection. */
  connect(signal: AbortSignal): Promise<PooledConnection>;
  /** The exchange is over; `reusable` if the connection is just between two messages. */
  release(exchange: Exchange, connection: PooledConnection | undefined, reusable: boolean): void;
}

/** Interim answers before the real one: nobody honest sends more than two or three. */
const MAX_INTERIM = 16;
/** Bodies are read in pieces of this size once a head is in. */
const BODY_READ_BYTES = 64 * 1024;
/** The cause of an error that came before any byte of a response. */
const NO_BYTES = Symbol("no byte of a response was received");

/** Whether a pooled connection failed before the first byte: the upstream closed it while it was idle. */
export function isStale(error: UpstreamError): boolean {
  return error.failure === "reset" && error.cause === NO_BYTES;
}

/** One request and its response. */
export class Exchange {
  readonly #upstream: ExchangeHost;
  readonly #request: UpstreamRequest;
  #connection: PooledConnection | undefined;
  #connecting: AbortController | undefined;
  #received = false;
  #sent: boolean;
  #over = false;
  #reason: UpstreamError | undefined;
  readonly #client: AbortWatch | undefined;

  constructor(upstream: ExchangeHost, request: UpstreamRequest) {
    this.#upstream = upstream;
    this.#request = request;
    this.#sent = request.body === undefined;
    this.#client = request.onAbort(() => this.abort("aborted", "the client went away"));
  }

  /** Ends the exchange from outside; what waits for it rejects with the reason. */
  abort(failure: Exclude<UpstreamFailure, "connect" | "protocol">, why: string): void {
    if (this.#over || this.#reason !== undefined) return;
    this.#reason = new UpstreamError(failure, `Cannot finish ${this.#name()}: ${why}`);
    this.#connecting?.abort(this.#reason);
    this.#connection?.connection.close();
  }

  #name(): string {
    const { hostname, port } = this.#upstream.options.target;
    return `${this.#request.method} ${this.#request.target} at ${hostname}:${port}`;
  }

  /** The error to throw for what went wrong, after ending the exchange. */
  failed(error: unknown): UpstreamError {
    const known = this.#reason ?? (error instanceof UpstreamError ? error : undefined);
    const found = known ??
      (error instanceof SyntaxError
        ? new UpstreamError("protocol", error.message, { cause: error })
        : new UpstreamError("reset", `Cannot finish ${this.#name()}: the connection broke`, {
          cause: this.#received ? error : NO_BYTES,
        }));
    this.#finish(false);
    return found;
  }

  #finish(reusable: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#client?.end();
    this.#upstream.deadlines.clear(this);
    this.#upstream.release(this, this.#connection, reusable && this.#sent);
  }

  async run(pooled: PooledConnection | undefined): Promise<UpstreamResponse> {
    if (this.#reason !== undefined) throw this.#reason;
    const { headersMs } = this.#upstream.options;
    const connection = pooled ?? await this.#connect();
    this.#connection = connection;
    if (this.#reason !== undefined) throw this.#reason;
    this.#expect(headersMs, "no response head");
    this.#send(connection.connection);
    const bytes = this.#checked(await connection.read());
    // Nearly always the whole head is in what was read first.
    let head = parseResponseHead(bytes);
    let rest = bytes;
    if (head === undefined || head.status < 200) {
      ({ head, rest } = await this.#readHead(connection, bytes));
    }
    this.#upstream.deadlines.clear(this);
    const framing = responseFraming(this.#request.method, head);
    const found = this.#body(head, framing, rest.subarray(head.end));
    const body = found instanceof Promise ? await found : found;
    this.#client?.answered();
    return { status: head.status, fields: head.fields, body };
  }

  #expect(milliseconds: number, missing: string): void {
    this.#upstream.deadlines.set(this, milliseconds, () => {
      this.abort("timeout", `${missing} within ${milliseconds} ms`);
    });
  }

  async #connect(): Promise<PooledConnection> {
    const { connectMs } = this.#upstream.options;
    this.#connecting = new AbortController();
    this.#expect(connectMs, "no connection");
    try {
      return await this.#upstream.connect(this.#connecting.signal);
    } catch (error) {
      if (this.#reason !== undefined) throw this.#reason;
      const { hostname, port } = this.#upstream.options.target;
      // Runtimes give system errors a code; other errors have none.
      const code = (error as { code?: string } | undefined)?.code ?? "failed";
      throw new UpstreamError("connect", `Cannot connect to ${hostname}:${port}: ${code}`, {
        cause: error,
      });
    } finally {
      this.#connecting = undefined;
    }
  }

  /** Writes without waiting: an upstream may answer, or refuse, before it has read everything. */
  #send(connection: Connection): void {
    const { method, target, fields, body } = this.#request;
    const head = renderRequestHead(method, target, [...fields, ...framingFields(method, body)]);
    const written = connection.write(head);
    if (body === undefined) {
      // A failed write shows in the read that waits for the answer.
      written.catch(() => {});
      return;
    }
    written.then(() => this.#sendBody(connection, body)).catch((error) => {
      if (this.#over || this.#received) return;
      if (error instanceof UpstreamError) this.abort("request", error.message);
      else connection.close();
    });
  }

  async #sendBody(connection: Connection, body: RequestBody): Promise<void> {
    const reader = body.stream.getReader();
    let sent = 0;
    try {
      for (;;) {
        const { done, value } = await this.#readBody(reader);
        if (done) break;
        sent += value.length;
        if (body.length !== undefined && sent > body.length) throw shortBody(sent, body.length);
        if (value.length > 0) {
          await connection.write(body.length === undefined ? renderChunk(value) : value);
        }
      }
      if (body.length !== undefined && sent < body.length) throw shortBody(sent, body.length);
      if (body.length === undefined) await connection.write(LAST_CHUNK);
      // A chunked request is the last on its connection: upstreams disagree on where one ends.
      this.#sent = body.length !== undefined;
    } catch (error) {
      reader.cancel(error).catch(() => {});
      throw error;
    }
  }

  async #readBody(
    reader: ReadableStreamDefaultReader<Uint8Array>,
  ): Promise<ReadableStreamReadResult<Uint8Array>> {
    const { deadlines, options: { bodyMs = 0 } } = this.#upstream;
    if (bodyMs > 0) deadlines.set(reader, bodyMs, () => this.#stopWaiting(reader, bodyMs));
    try {
      return await reader.read();
    } catch (error) {
      throw new UpstreamError("request", "Cannot read the request's body: the client went away", {
        cause: error,
      });
    } finally {
      if (bodyMs > 0) deadlines.clear(reader);
    }
  }

  #stopWaiting(reader: ReadableStreamDefaultReader<Uint8Array>, bodyMs: number): void {
    this.abort("stalled", `the client sent nothing more of its body within ${bodyMs} ms`);
    reader.cancel().catch(() => {});
  }

  /** Reads until a head is whole that is no interim answer; `rest` begins with it. */
  async #readHead(
    connection: PooledConnection,
    first: Uint8Array,
  ): Promise<{ head: ResponseHead; rest: Uint8Array }> {
    let bytes = first;
    for (let interim = 0; interim <= MAX_INTERIM;) {
      const head = parseResponseHead(bytes);
      if (head === undefined) {
        bytes = concat(bytes, await this.#readSome(connection));
      } else if (head.status >= 200) {
        return { head, rest: bytes };
      } else {
        if (head.status === 101) {
          throw new SyntaxError(
            "Cannot use the upstream's response: it switches protocols unasked",
          );
        }
        interim++;
        bytes = bytes.subarray(head.end);
      }
    }
    throw new SyntaxError("Cannot use the upstream's response: too many interim answers");
  }

  async #readSome(connection: PooledConnection, sizeHint?: number): Promise<Uint8Array> {
    return this.#checked(await connection.read(sizeHint));
  }

  #checked(bytes: Uint8Array | null): Uint8Array {
    if (bytes !== null) {
      this.#received = true;
      return bytes;
    }
    throw this.#reason ??
      new UpstreamError(
        "reset",
        `Cannot finish ${this.#name()}: the upstream closed the connection`,
        {
          cause: this.#received ? undefined : NO_BYTES,
        },
      );
  }

  #body(
    head: ResponseHead,
    framing: Framing,
    rest: Uint8Array,
  ): UpstreamResponse["body"] | Promise<Uint8Array> {
    const persistent = isPersistent(head, framing);
    if (framing.kind === "none") {
      this.#finish(persistent && rest.length === 0);
      return null;
    }
    if (framing.kind === "length") {
      if (rest.length >= framing.bytes) {
        this.#finish(persistent && rest.length === framing.bytes);
        return rest.subarray(0, framing.bytes);
      }
      if (framing.bytes <= this.#request.gatherBytes) {
        return this.#gather(framing.bytes, rest, persistent);
      }
    }
    return this.#stream(head, piecesOf(framing), rest, persistent);
  }

  async #gather(length: number, rest: Uint8Array, persistent: boolean): Promise<Uint8Array> {
    const whole = new Uint8Array(length);
    whole.set(rest);
    let at = rest.length;
    const connection = this.#connection as PooledConnection; // set before any body is read
    this.#expect(this.#upstream.options.headersMs, "no whole body");
    while (at < length) {
      const piece = await this.#readSome(connection, Math.min(length - at, 1 << 20));
      const fits = piece.length <= length - at;
      whole.set(fits ? piece : piece.subarray(0, length - at), at);
      at += piece.length;
    }
    this.#finish(persistent && at === length);
    return whole;
  }

  /** A stream that reads only when it is read: back-pressure reaches the upstream through the kernel. */
  #stream(
    head: ResponseHead,
    decoder: PieceDecoder,
    rest: Uint8Array,
    persistent: boolean,
  ): ReadableStream<Uint8Array> {
    let pending: Uint8Array | undefined = rest.length > 0 ? rest : undefined;
    const { idleMs: limitMs, sendMs = 0 } = this.#upstream.options;
    const idleMs = isEventStream(head) ? 0 : limitMs;
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
      if (sendMs > 0) this.#upstream.deadlines.clear(this);
      for (;;) {
        const bytes = pending ?? await this.#readPiece(idleMs);
        pending = undefined;
        const { body, done, extra } = decoder.decode(bytes);
        for (const piece of body) controller.enqueue(piece);
        if (done) {
          this.#finish(persistent && extra === 0);
          controller.close();
        }
        if (done) return;
        if (body.length > 0) return this.#untilTaken(sendMs, controller);
      }
    };
    return new ReadableStream<Uint8Array>({
      pull: (controller) => pull(controller).catch((error) => controller.error(this.failed(error))),
      cancel: () => {
        this.abort("aborted", "the client stopped reading");
        this.#finish(false);
      },
    }, { highWaterMark: 0 });
  }

  /** The next pull tells that the client took what it was given. A stream that is quiet has been pulled. */
  #untilTaken(
    sendMs: number,
    controller: ReadableStreamDefaultController<Uint8Array>,
  ): void {
    if (sendMs === 0) return;
    this.#upstream.deadlines.set(this, sendMs, () => {
      this.#client?.drop();
      this.abort("aborted", `the client took nothing within ${sendMs} ms`);
      controller.error(this.failed(undefined));
    });
  }

  async #readPiece(idleMs: number): Promise<Uint8Array | null> {
    const connection = this.#connection as PooledConnection; // set before any body is read
    if (idleMs > 0) this.#expect(idleMs, "no further byte of the body");
    const bytes = await connection.read(BODY_READ_BYTES);
    if (idleMs > 0) this.#upstream.deadlines.clear(this);
    if (bytes === null && this.#reason !== undefined) throw this.#reason;
    return bytes;
  }
}

function shortBody(sent: number, length: number): UpstreamError {
  return new UpstreamError(
    "request",
    `Cannot send the request's body: ${sent} bytes came where ${length} were announced`,
  );
}

function isEventStream(head: ResponseHead): boolean {
  return head.fields.some(([name, value]) =>
    name === "content-type" && value.toLowerCase().startsWith("text/event-stream")
  );
}

/** Methods for which a missing body is worth saying (RFC 9110 §8.6). */
const METHODS_WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

function framingFields(method: string, body: RequestBody | undefined): Field[] {
  if (body === undefined) {
    return METHODS_WITH_BODY.has(method) ? [["content-length", "0"]] : [];
  }
  if (body.length !== undefined) return [["content-length", String(body.length)]];
  return [["transfer-encoding", "chunked"], ["connection", "close"]];
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
