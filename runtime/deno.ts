/**
 * The runtime interface on Deno.
 *
 * @module
 */
import { DenoAbortWatch, silenceWarning } from "./deno_abort.ts";
import { LateWatches } from "./late_watches.ts";
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

/** Where reads start: one small module with its head fits, and 1,000 idle sockets stay small with less. */
const READ_BYTES = 16 * 1024;
/** Parts of a file that are read at once rather than streamed: a browser asks for many small ones of a video. */
const READ_WHOLE_BYTES = 64 * 1024;
/** The close code of a connection that broke. */
const ABNORMAL = 1006;
/** How long the listener waits before it listens again after it died, in milliseconds. */
const RELISTEN_MS = [50, 100, 250, 500, 1000] as const;

class DenoConnection implements Connection {
  readonly #connection: Deno.Conn;
  /** The buffer of a read that filled little of it; a new one each time costs 4.5 of 48.6 µs of a forwarded module. */
  #spare: Uint8Array | undefined;

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  async read(sizeHint: number = READ_BYTES): Promise<Uint8Array | null> {
    const spare = this.#spare;
    const buffer = spare?.length === sizeHint ? spare : new Uint8Array(sizeHint);
    this.#spare = undefined;
    const count = await this.#connection.read(buffer);
    if (count === null) return null;
    if (count > sizeHint / 2) return buffer.subarray(0, count);
    this.#spare = buffer;
    return buffer.slice(0, count);
  }

  async write(bytes: Uint8Array): Promise<void> {
    let written = await this.#connection.write(bytes);
    while (written < bytes.length) {
      written += await this.#connection.write(bytes.subarray(written));
    }
  }

  close(): void {
    try {
      this.#connection.close();
    } catch (error) {
      // The peer's reset may have closed it already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

class DenoServerSocket implements ServerSocket {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  send(data: string | Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    // The DOM type wants a plain ArrayBuffer behind the view; ours never is a SharedArrayBuffer.
    this.#socket.send(data as string | Uint8Array<ArrayBuffer>);
  }

  bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  close(code?: number, reason?: string): void {
    if (code === undefined) this.#socket.close();
    else this.#socket.close(code, reason);
  }

  terminate(): void {
    // Deno has no way to drop the connection; a close frame is the nearest.
    this.#socket.close();
  }
}

class DenoContext implements RequestContext {
  readonly native: Deno.ServeHandlerInfo | undefined;
  readonly #request: Request;
  readonly #watches: LateWatches | undefined;
  #watch: DenoAbortWatch | undefined;

  constructor(
    request: Request,
    native: Deno.ServeHandlerInfo | undefined,
    watches?: LateWatches,
  ) {
    this.#request = request;
    this.native = native;
    this.#watches = watches;
  }

  get remoteAddress(): string | undefined {
    const address = this.native?.remoteAddr;
    return address !== undefined && "hostname" in address ? address.hostname : undefined;
  }

  onAbort(callback: () => void): AbortWatch {
    // A listener of the user's own has no timer that could wait for a moment.
    this.#watch = new DenoAbortWatch(this.#request, callback, this.#watches);
    return this.#watch;
  }

  upgrade(
    request: Request,
    protocol: string | undefined,
    events: ServerSocketEvents,
    pingMs: number,
  ): Response | undefined {
    // An upgrade is an answer too: a listener left on the signal would print a warning.
    this.#watch?.end();
    let upgraded: Deno.WebSocketUpgrade;
    try {
      // Deno sends a ping after half of this time in which nothing came (2.9.6).
      upgraded = Deno.upgradeWebSocket(request, { idleTimeout: 2 * pingMs / 1000 });
    } catch {
      return undefined;
    }
    const { socket, response } = upgraded;
    // The `protocol` option throws for an offer of "a,b" without a space.
    if (protocol !== undefined) response.headers.set("sec-websocket-protocol", protocol);
    listenTo(socket, events);
    return response;
  }
}

function listenTo(socket: WebSocket, events: ServerSocketEvents): void {
  socket.binaryType = "arraybuffer";
  socket.onopen = () => events.open(new DenoServerSocket(socket));
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    events.message(typeof data === "string" ? data : new Uint8Array(data));
  };
  // A protocol error comes as `error` and then `close` with code 0.
  socket.onerror = (event) => event.preventDefault();
  socket.onclose = ({ code, reason, wasClean }) => {
    // A client that answers no ping is reported twice, as 1001 and as 1005.
    socket.onclose = null;
    events.close(wasClean ? code : ABNORMAL, reason);
  };
}

/** Listens, and listens again when the accept loop died: too many open files end `Deno.serve` (deno 2.9). */
class DenoListener implements Listener {
  readonly hostname: string;
  readonly port: number;
  readonly #options: ListenOptions;
  readonly #handler: Deno.ServeHandler<Deno.NetAddr>;
  #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #watches = new LateWatches();
  #abort = new AbortController();
  #closed = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ListenOptions, handler: Handler) {
    this.#options = options;
    this.#handler = (request, info) =>
      handler(request, new DenoContext(request, info, this.#watches));
    this.#server = this.#listen(options.port);
    this.hostname = this.#server.addr.hostname;
    this.port = this.#server.addr.port;
  }

  #listen(port: number): Deno.HttpServer<Deno.NetAddr> {
    this.#abort = new AbortController();
    // A handler that ends its own work with the visit touches the signal too.
    silenceWarning();
    const server = Deno.serve({
      hostname: this.#options.hostname,
      port,
      signal: this.#abort.signal,
      onListen: () => {},
      onError: (error) => {
        this.#options.onError(error);
        return new Response("Internal Server Error", { status: 500 });
      },
    }, this.#handler);
    server.finished.then(() => this.#ended(undefined), (error) => this.#ended(error));
    return server;
  }

  #ended(error: unknown): void {
    if (this.#closed) return;
    this.#options.onError(error ?? new Error("Cannot accept connections: the listener ended"));
    const delay = RELISTEN_MS[Math.min(this.#attempt++, RELISTEN_MS.length - 1)];
    this.#timer = setTimeout(() => this.#relisten(), delay);
  }

  #relisten(): void {
    if (this.#closed) return;
    try {
      this.#server = this.#listen(this.port);
      this.#attempt = 0;
    } catch (error) {
      this.#ended(error);
    }
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    // Not `abort` during or after `shutdown`: that has given its resource away, so an abort ends nothing and throws where
    // nobody can catch it (deno 2.9.6). What is open after the grace ends with the process.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<void>((resolve) => timer = setTimeout(resolve, graceMs));
    const stopped = this.#server.shutdown().then(() => this.#server.finished).catch(() => {});
    await Promise.race([stopped, deadline]);
    clearTimeout(timer);
    this.#watches.close();
  }
}

async function connect(target: ConnectTarget, signal?: AbortSignal): Promise<Connection> {
  signal?.throwIfAborted();
  const { hostname, port } = target;
  const pending = target.tls ? Deno.connectTls({ hostname, port }) : connectPlain(hostname, port);
  const connection = await withSignal<Deno.Conn>(pending, signal);
  if ("setNoDelay" in connection) (connection as Deno.TcpConn).setNoDelay(true);
  return new DenoConnection(connection);
}

/** Both addresses of `localhost`, as the host of a permission and as a host name. */
const LOOPBACKS = [["[::1]", "::1"], ["127.0.0.1", "127.0.0.1"]] as const;

/** Deno asks one address of a name alone; what is at `localhost` may listen on the other one. */
async function connectPlain(hostname: string, port: number): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname, port });
  } catch (error) {
    if (hostname !== "localhost" || !(error instanceof Deno.errors.ConnectionRefused)) throw error;
    for (const [host, address] of LOOPBACKS) {
      // Nobody shall be asked for a permission because of this.
      const { state } = Deno.permissions.querySync({ name: "net", host: `${host}:${port}` });
      if (state !== "granted") continue;
      const connection = await Deno.connect({ hostname: address, port }).catch(() => undefined);
      if (connection !== undefined) return connection;
    }
    throw error;
  }
}

async function openFileBody(path: string, first: number, end: number): Promise<BodyInit> {
  const file = await Deno.open(path);
  try {
    if (first > 0) await file.seek(first, Deno.SeekMode.Start);
    if (end - first > READ_WHOLE_BYTES) return file.readable;
    const bytes = await readExactly(file, end - first);
    file.close();
    return bytes;
  } catch (error) {
    file.close();
    throw error;
  }
}

async function readExactly(file: Deno.FsFile, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) throw new Error("Cannot read on: the file became shorter");
    at += count;
  }
  return bytes;
}

async function writeError(bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await Deno.stderr.write(bytes.subarray(at));
}

/** Rejects as soon as the signal does, and closes a connection that comes too late. */
function withSignal<T extends { close(): void }>(
  pending: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return pending;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      reject(signal.reason);
      pending.then((late) => late.close(), () => {});
    };
    signal.addEventListener("abort", onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Deno, as a {@linkcode Runtime}. */
export const denoRuntime: Runtime = {
  name: "deno",
  get version() {
    return Deno.version.deno;
  },
  prefersText: true,
  serve: (options, handler) => new DenoListener(options, handler),
  connect,
  openFileBody,
  writeError,
  // The caller passes on what `Deno.serve` gave it; other callers give nothing.
  contextOf: (request, native) =>
    new DenoContext(request, native as Deno.ServeHandlerInfo | undefined),
  webSocketHandlers: () => undefined,
};
