/**
 * The runtime interface on Bun.
 *
 * The types of Bun that we use are declared by hand: its own type package declares globals, which JSR refuses.
 *
 * @module
 */
import { write } from "node:fs";
import { type LateWatch, LateWatches } from "./late_watches.ts";
import type {
  AbortWatch,
  Connection,
  ConnectTarget,
  Handler,
  Listener,
  ListenOptions,
  RequestContext,
  Runtime,
  ServerSocket,
  ServerSocketEvents,
} from "./types.ts";

interface BunServer {
  readonly hostname: string;
  readonly port: number;
  requestIP(request: Request): { readonly address: string } | null;
  timeout(request: Request, seconds: number): void;
  upgrade(
    request: Request,
    options: { data: unknown; headers?: Record<string, string> },
  ): boolean;
  stop(closeActiveConnections?: boolean): Promise<void>;
}

interface BunWebSocket {
  data: unknown;
  send(data: string | Uint8Array): number;
  ping(): number;
  getBufferedAmount(): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

interface BunWebSocketHandlers {
  open?(socket: BunWebSocket): void;
  message?(socket: BunWebSocket, data: string | Uint8Array): void;
  close?(socket: BunWebSocket, code: number, reason: string): void;
  drain?(socket: BunWebSocket): void;
  pong?(socket: BunWebSocket, data: Uint8Array): void;
  [option: string]: unknown;
}

interface BunTcpSocket {
  write(data: Uint8Array, offset?: number, length?: number): number;
  end(): void;
  terminate(): void;
  pause(): void;
  resume(): void;
  setNoDelay(on: boolean): void;
}

interface BunLike {
  readonly version: string;
  serve(options: Record<string, unknown>): BunServer;
  connect(options: Record<string, unknown>): Promise<BunTcpSocket>;
  file(path: string): Blob;
}

declare const Bun: BunLike;

/** Received bytes that wait for a reader before the kernel is told to stop: two reads of the largest kind. */
const PAUSE_BYTES = 256 * 1024;
/** Longest message of a browser. Deno's own limit; Bun's default of 16 MiB cuts a message of just that size. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** The longest that Bun counts. */
const MAX_IDLE_MS = 255_000;

/** Turns Bun's callbacks into reads and writes with back-pressure. */
class BunConnection implements Connection {
  #socket: BunTcpSocket | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #paused = false;
  #ended = false;
  #error: Error | undefined;
  #reader: PromiseWithResolvers<Uint8Array | null> | undefined;
  #unsent: Uint8Array | undefined;
  #writer: PromiseWithResolvers<void> | undefined;

  /** The callbacks for `Bun.connect`. */
  readonly handlers: Record<string, unknown> = {
    data: (_: BunTcpSocket, data: Uint8Array) => this.#onData(data),
    drain: () => this.#flush(),
    end: () => this.#onEnd(),
    close: (_: BunTcpSocket, error?: Error) => error ? this.#fail(error) : this.#onClose(),
    error: (_: BunTcpSocket, error: Error) => this.#fail(error),
    connectError: () => {},
  };

  attach(socket: BunTcpSocket): void {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  #onData(data: Uint8Array): void {
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve(data);
      return;
    }
    this.#chunks.push(data);
    this.#bytes += data.length;
    if (this.#bytes >= PAUSE_BYTES && !this.#paused) {
      this.#paused = true;
      this.#socket?.pause();
    }
  }

  #onEnd(): void {
    this.#ended = true;
    this.#reader?.resolve(null);
    this.#reader = undefined;
  }

  #onClose(): void {
    this.#onEnd();
    this.#writer?.reject(new Error("Cannot write to the upstream: it closed the connection"));
    this.#writer = undefined;
    this.#error ??= new Error("Cannot use the connection to the upstream: it is closed");
  }

  #fail(error: Error): void {
    this.#error = error;
    this.#reader?.reject(error);
    this.#reader = undefined;
    this.#writer?.reject(error);
    this.#writer = undefined;
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#bytes -= chunk.length;
      if (this.#paused && this.#bytes < PAUSE_BYTES / 2) {
        this.#paused = false;
        this.#socket?.resume();
      }
      return Promise.resolve(chunk);
    }
    if (this.#ended) return Promise.resolve(null);
    if (this.#error !== undefined) return Promise.reject(this.#error);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    const written = this.#socket?.write(bytes) ?? -1;
    if (written === bytes.length) return Promise.resolve();
    if (written < 0) {
      return Promise.reject(new Error("Cannot write to the upstream: it closed the connection"));
    }
    this.#unsent = bytes.subarray(written);
    this.#writer = Promise.withResolvers();
    return this.#writer.promise;
  }

  #flush(): void {
    const unsent = this.#unsent;
    const writer = this.#writer;
    if (unsent === undefined || writer === undefined) return;
    const written = this.#socket?.write(unsent) ?? -1;
    if (written < 0) return;
    if (written < unsent.length) {
      this.#unsent = unsent.subarray(written);
      return;
    }
    this.#unsent = undefined;
    this.#writer = undefined;
    writer.resolve();
  }

  close(): void {
    this.#fail(new Error("Cannot use the connection to the upstream: it was closed by us"));
    this.#chunks = [];
    this.#socket?.terminate();
  }
}

/** What hangs on a Bun socket that the bridge owns. */
class BunServerSocket implements ServerSocket {
  readonly events: ServerSocketEvents;
  readonly #pingMs: number;
  #socket: BunWebSocket | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isHeard = true;

  constructor(events: ServerSocketEvents, pingMs: number) {
    this.events = events;
    this.#pingMs = pingMs;
  }

  opened(socket: BunWebSocket): void {
    this.#socket = socket;
    // Not Bun's `idleTimeout`: it counts in steps of four seconds, and is one for all sockets of a server.
    if (this.#pingMs > 0) this.#timer = setInterval(() => this.#ping(), this.#pingMs);
    this.events.open(this);
  }

  /** Something came: a message, or the answer to a ping. */
  heard(): void {
    this.#isHeard = true;
  }

  #ping(): void {
    if (!this.#isHeard) return this.terminate();
    this.#isHeard = false;
    this.#socket?.ping();
  }

  closed(code: number, reason: string): void {
    clearInterval(this.#timer);
    this.#socket = undefined;
    this.events.close(code, reason);
  }

  send(data: string | Uint8Array): void {
    // 0 says dropped: over `backpressureLimit`. The bridge stops far below it, so this is the end.
    if (this.#socket?.send(data) === 0) this.#socket.terminate();
  }

  bufferedBytes(): number {
    return this.#socket?.getBufferedAmount() ?? 0;
  }

  close(code?: number, reason?: string): void {
    // Without a code Bun sends 1000; given 1005, "no code", it sends a frame without one.
    this.#socket?.close(code ?? 1005, reason);
  }

  terminate(): void {
    this.#socket?.terminate();
  }
}

/**
 * Notices that a client has gone away, also while the body is sent.
 *
 * To touch `request.signal` costs 4 of 41 µs of a forwarded module, so only requests that take longer than a moment get
 * one. A signal that is touched too late tells so: it is aborted (bun 1.4).
 */
class BunAbortWatch implements AbortWatch, LateWatch {
  readonly #request: Request;
  readonly #callback: () => void;
  readonly #server: BunServer | undefined;
  readonly #watches: LateWatches | undefined;
  #signal: AbortSignal | undefined;

  constructor(
    request: Request,
    callback: () => void,
    server: BunServer | undefined,
    watches: LateWatches | undefined,
  ) {
    this.#request = request;
    this.#callback = callback;
    this.#server = server;
    this.#watches = watches;
    // A listener of the user's own has no timer that could wait for a moment.
    if (watches === undefined) this.arm();
    else watches.add(this);
  }

  arm(): void {
    const signal = this.#signal = this.#request.signal;
    if (signal.aborted) this.#callback();
    else signal.addEventListener("abort", this.#callback, { once: true });
  }

  answered(): void {}

  end(): void {
    this.#watches?.delete(this);
    this.#signal?.removeEventListener("abort", this.#callback);
  }

  drop(): void {
    // Counted from now, in steps of four seconds.
    this.#server?.timeout(this.#request, 1);
  }
}

class BunContext implements RequestContext {
  readonly native: BunServer | undefined;
  readonly #request: Request;
  readonly #watches: LateWatches | undefined;

  constructor(request: Request, native: BunServer | undefined, watches?: LateWatches) {
    this.#request = request;
    this.native = native;
    this.#watches = watches;
  }

  get remoteAddress(): string | undefined {
    return this.native?.requestIP(this.#request)?.address;
  }

  onAbort(callback: () => void): AbortWatch {
    return new BunAbortWatch(this.#request, callback, this.native, this.#watches);
  }

  upgrade(
    request: Request,
    protocol: string | undefined,
    events: ServerSocketEvents,
    pingMs: number,
  ): Response | undefined {
    // Without the field Bun would agree on the first that was offered; an empty one is not sent.
    const headers = { "sec-websocket-protocol": protocol ?? "" };
    const data = new BunServerSocket(events, pingMs);
    const upgraded = this.native?.upgrade(request, { data, headers }) ?? false;
    // Bun has answered 101 itself; what the handler returns afterwards is not sent.
    return upgraded ? new Response(null) : undefined;
  }
}

/** Sends our sockets to the bridge and the app's own to its handlers. */
function webSocketHandlers(appWebSocket: unknown, pingMs: number): BunWebSocketHandlers {
  // Given by the user for `Bun.serve`, whose type this is.
  const app = (appWebSocket ?? {}) as BunWebSocketHandlers;
  return {
    maxPayloadLength: MAX_MESSAGE_BYTES,
    backpressureLimit: 2 * MAX_MESSAGE_BYTES,
    // Bun pings by itself before this time is over.
    idleTimeout: idleSeconds(pingMs),
    // The browser's end need not compress what never leaves the machine.
    perMessageDeflate: false,
    ...app,
    open(socket) {
      if (socket.data instanceof BunServerSocket) socket.data.opened(socket);
      else app.open?.(socket);
    },
    message(socket, data) {
      if (!(socket.data instanceof BunServerSocket)) return app.message?.(socket, data);
      socket.data.heard();
      socket.data.events.message(data);
    },
    pong(socket, data) {
      if (socket.data instanceof BunServerSocket) socket.data.heard();
      else app.pong?.(socket, data);
    },
    close(socket, code, reason) {
      if (socket.data instanceof BunServerSocket) socket.data.closed(code, reason);
      else app.close?.(socket, code, reason);
    },
    drain(socket) {
      if (!(socket.data instanceof BunServerSocket)) app.drain?.(socket);
    },
  };
}

/** `idleTimeout` of sockets: Bun takes 0, or 8 to 960 seconds. */
function idleSeconds(pingMs: number): number {
  return pingMs === 0 ? 0 : Math.min(Math.max(Math.ceil(2 * pingMs / 1000), 8), 960);
}

class BunListener implements Listener {
  readonly hostname: string;
  readonly port: number;
  readonly #server: BunServer;
  readonly #watches = new LateWatches();

  constructor(options: ListenOptions, handler: Handler) {
    this.#server = Bun.serve({
      hostname: options.hostname,
      port: options.port,
      // Bun waits for ever for the rest of a file that became shorter (1.4.4), where Deno breaks off.
      idleTimeout: Math.ceil(Math.min(options.idleMs ?? MAX_IDLE_MS, MAX_IDLE_MS) / 1000),
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      development: false,
      // Two programs on one port would share its requests at random.
      reusePort: false,
      fetch: (request: Request, server: BunServer) => {
        // It cuts quiet streams and slow answers; for a file that is being sent it holds nevertheless.
        server.timeout(request, 0);
        return handler(request, new BunContext(request, server, this.#watches));
      },
      error: (error: unknown) => {
        options.onError(error);
        return new Response("Internal Server Error", { status: 500 });
      },
      websocket: webSocketHandlers(options.appWebSocket, options.pingMs ?? 0),
    });
    this.hostname = options.hostname;
    this.port = this.#server.port;
  }

  async close(graceMs: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    // `stop()` alone never resolves with an open socket or a quiet stream.
    await Promise.race([this.#server.stop(), deadline]);
    clearTimeout(timer);
    await this.#server.stop(true);
    this.#watches.close();
  }
}

async function connect(target: ConnectTarget, signal?: AbortSignal): Promise<Connection> {
  signal?.throwIfAborted();
  const connection = new BunConnection();
  const pending = Bun.connect({
    hostname: target.hostname,
    port: target.port,
    tls: target.tls,
    socket: connection.handlers,
  }).then((socket) => connection.attach(socket));
  if (signal === undefined) {
    await pending;
    return connection;
  }
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason);
      pending.then(() => connection.close(), () => {});
    };
    signal.addEventListener("abort", onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
  return connection;
}

const STANDARD_ERROR = 2;
/** How long to wait for a reader where the other end of the pipe made it non-blocking. */
const RETRY_MS = 20;

async function writeError(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await writeSome(bytes.subarray(at));
}

function writeSome(bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    write(STANDARD_ERROR, bytes, 0, bytes.length, null, (error, count) => {
      if (error === null) resolve(count);
      else if (error.code === "EAGAIN") setTimeout(resolve, RETRY_MS, 0);
      else reject(error);
    });
  });
}

/** Bun, as a {@linkcode Runtime}. */
export const bunRuntime: Runtime = {
  name: "bun",
  get version() {
    return Bun.version;
  },
  prefersText: false,
  serve: (options, handler) => new BunListener(options, handler),
  connect,
  openFileBody: (path, first, end) => Promise.resolve(Bun.file(path).slice(first, end)),
  // The caller passes on what `Bun.serve` gave it; other callers give nothing.
  contextOf: (request, native) => new BunContext(request, native as BunServer | undefined),
  writeError,
  webSocketHandlers,
};
