/**
 * What this project needs of a JavaScript runtime and the common `node:` modules do not give.
 *
 * `deno.ts` and `bun.ts` implement it; nothing else names Deno or Bun.
 *
 * @module
 */

/** A byte stream to an upstream: TCP, or TLS over TCP. */
export interface Connection {
  /**
   * The next bytes, or `null` at the end of the stream. The array belongs to the caller. One read at a time.
   *
   * @param sizeHint How many bytes are worth a buffer, where the runtime needs one per read.
   * @throws {Error} If the connection was reset or closed.
   */
  read(sizeHint?: number): Promise<Uint8Array | null>;
  /**
   * Hands bytes to the kernel; resolves when the connection takes more (back-pressure).
   *
   * @throws {Error} If the connection was reset or closed.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection at once; a pending read or write rejects. Safe to call twice. */
  close(): void;
}

/** Where to connect to. */
export interface ConnectTarget {
  /** A name or an address, without brackets. */
  readonly hostname: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Whether to speak TLS, with the runtime's own certificate store. */
  readonly tls: boolean;
}

/** The server's end of a WebSocket, as the bridge sees it. */
export interface ServerSocket {
  /** Sends a message; it is never dropped silently: what the kernel does not take is queued. */
  send(data: string | Uint8Array): void;
  /** Bytes queued by `send` that the peer has not taken yet. */
  bufferedBytes(): number;
  /** Starts the closing handshake. `code` must be one that the runtime can send; see `close_code.ts`. */
  close(code?: number, reason?: string): void;
  /** Drops the connection without a handshake. */
  terminate(): void;
}

/** Callbacks of a {@linkcode ServerSocket}. */
export interface ServerSocketEvents {
  /** The handshake is done; `send` may be called from now on. */
  open(socket: ServerSocket): void;
  /** A whole message arrived. Binary messages belong to the callee. */
  message(data: string | Uint8Array): void;
  /** The socket is closed. `code` is 1005 without a code, 1006 (or 0) without a closing handshake. */
  close(code: number, reason: string): void;
}

/** A watch for the going away of a client; see {@linkcode RequestContext.onAbort}. */
export interface AbortWatch {
  /** The head of the answer is about to be given; from now on its body is cancelled if the client goes away. */
  answered(): void;
  /** Nobody waits any more. Safe to call twice. */
  end(): void;
  /**
   * The client takes nothing of its answer: drops its connection within some seconds, where the runtime can.
   *
   * On Deno it can't: there the connection stays, with what the kernel holds for it, until the client does something.
   */
  drop(): void;
}

/** What a listener knows of one request beside the `Request`. */
export interface RequestContext {
  /** The peer's address without port, or `undefined` where it can't be known. */
  readonly remoteAddress: string | undefined;
  /**
   * Calls back at once if the client goes away before the response is given.
   *
   * @returns What must be told when the response is given; `undefined` if nothing.
   */
  onAbort(callback: () => void): AbortWatch | undefined;
  /**
   * Turns the request into a WebSocket.
   *
   * @param protocol The subprotocol to agree on; none if `undefined`.
   * @param pingMs Between two pings to the client: one that is silent for two of them is reported as closed, with 1006.
   *   0 sends none.
   * @returns The response to give back to the listener, or `undefined` where the runtime refuses the handshake.
   */
  upgrade(
    request: Request,
    protocol: string | undefined,
    events: ServerSocketEvents,
    pingMs: number,
  ): Response | undefined;
  /** What the app's handler gets as second argument: Deno's `ServeHandlerInfo`, Bun's `Server`. */
  readonly native: unknown;
}

/** Answers a request. */
export type Handler = (request: Request, context: RequestContext) => Response | Promise<Response>;

/** How to listen. */
export interface ListenOptions {
  readonly hostname: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Gets errors that the listener itself meets, for example too many open files. */
  readonly onError: (error: unknown) => void;
  /** Bun only: handlers of sockets that the app upgraded itself. */
  readonly appWebSocket?: unknown;
  /** Bun only: between two pings of such a socket, in milliseconds, roughly. @default 0, none */
  readonly pingMs?: number;
  /**
   * Bun only: after how long a connection is dropped that sends a file of which nothing moves on, or that never asked
   * for anything, in milliseconds; 0 never drops it. At most 255000, which is the default.
   */
  readonly idleMs?: number;
}

/** A running listener. */
export interface Listener {
  readonly hostname: string;
  readonly port: number;
  /** Refuses new connections, waits for running answers at most `graceMs`, then drops what is left. */
  close(graceMs: number): Promise<void>;
}

/** A runtime: Deno or Bun. */
export interface Runtime {
  readonly name: "deno" | "bun";
  readonly version: string;
  /**
   * Whether a page that has to be put together costs less as a string than as bytes: both copy the bytes that a
   * response is given, Deno by 0.7 of 14 µs; a joined string costs Bun 0.9 of 11 µs.
   */
  readonly prefersText: boolean;
  /**
   * Starts to listen.
   *
   * @throws {Error} With `code` `EADDRINUSE` if the port is taken, `EADDRNOTAVAIL`, `EACCES` likewise.
   */
  serve(options: ListenOptions, handler: Handler): Listener;
  /**
   * Connects to an upstream.
   *
   * @throws {Error} With `code` `ECONNREFUSED` and the like, or the reason of `signal`.
   */
  connect(target: ConnectTarget, signal?: AbortSignal): Promise<Connection>;
  /**
   * A response's body with the bytes of a file from `first` to the one before `end`.
   *
   * The runtime sends them itself, past JavaScript. A `ReadableStream` of ours loses its `Content-Length` on Bun and
   * costs it four times the processor time; on Deno the buffers it leaves behind take up to 200 MiB.
   *
   * The response must announce `end - first` bytes as its `Content-Length`: Deno's listener stops there, though the
   * stream goes on to the end of the file. If the file becomes shorter, the connection breaks off.
   *
   * @param path Absolute, of a plain file.
   * @throws {Error} With a `code` such as `ENOENT` or `EMFILE`, where the runtime opens the file at once.
   */
  openFileBody(path: string, first: number, end: number): Promise<BodyInit>;
  /**
   * Writes to standard error; resolves when it is taken. Nothing else waits meanwhile, however long that is:
   * `process.stderr.write` holds up the whole of Deno while nobody reads (2.9.6).
   *
   * @throws {Error} If the reader is gone.
   */
  writeError(bytes: Uint8Array): Promise<void>;
  /** Makes a context from what a user's own `Deno.serve` or `Bun.serve` handler gets as second argument. */
  contextOf(request: Request, native: unknown): RequestContext;
  /** Bun only: the `websocket` option of `Bun.serve`; `undefined` on Deno. `pingMs` as in {@linkcode ListenOptions}. */
  webSocketHandlers(appWebSocket: unknown, pingMs: number): unknown;
}
