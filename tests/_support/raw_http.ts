/**
 * Raw ends of HTTP/1.1 over `node:net`: a client that can send anything, and an upstream that records everything.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** How a connection ended: in order, or torn down. */
export type Ending = "end" | "reset";

/** A header field; the name in lower case. */
export type RawField = readonly [name: string, value: string];

/** One end of a connection: what came is kept until it is asked for. */
export class RawEnd {
  readonly socket: Socket;
  /** Resolves when the other side is gone. */
  readonly gone: Promise<Ending>;
  /** Bytes that came, and were asked for or not. */
  received = 0;
  #chunks: Buffer[] = [];
  #ending: Ending | undefined;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.length;
      this.#chunks.push(chunk);
      this.#wake?.();
    });
    this.gone = new Promise((resolve) => {
      const over = (ending: Ending): void => {
        this.#ending ??= ending;
        this.#wake?.();
        resolve(this.#ending);
      };
      socket.on("end", () => over("end"));
      socket.on("error", () => over("reset"));
      socket.on("close", () => over("reset"));
    });
  }

  /** How it ended; `undefined` while it is open. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The next bytes as they came; `undefined` at the end. */
  async some(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) return chunk;
      if (this.#ending !== undefined) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Everything up to and including a text; `undefined` if the connection ends before. */
  async until(text: string): Promise<string | undefined> {
    let bytes = Buffer.alloc(0);
    for (;;) {
      const at = bytes.indexOf(text);
      if (at >= 0) {
        this.#unread(bytes.subarray(at + text.length));
        return bytes.subarray(0, at + text.length).toString("latin1");
      }
      const more = await this.some();
      if (more === undefined) {
        this.#unread(bytes);
        return undefined;
      }
      bytes = Buffer.concat([bytes, more]);
    }
  }

  /** So many bytes, or fewer if the connection ends before. */
  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > 0) {
      const chunk = await this.some();
      if (chunk === undefined) break;
      parts.push(chunk.subarray(0, missing));
      if (chunk.length > missing) this.#unread(chunk.subarray(missing));
      missing -= Math.min(missing, chunk.length);
    }
    return Buffer.concat(parts);
  }

  /** Everything up to the end. */
  async rest(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let chunk = await this.some(); chunk !== undefined; chunk = await this.some()) {
      parts.push(chunk);
    }
    return Buffer.concat(parts);
  }

  /** The body that a head announces. */
  async body(fields: readonly RawField[]): Promise<{ bytes: Buffer; isWhole: boolean }> {
    if (valueOf(fields, "transfer-encoding") !== undefined) return await this.#chunked();
    const length = Number(valueOf(fields, "content-length") ?? 0);
    const bytes = await this.take(length);
    return { bytes, isWhole: bytes.length === length };
  }

  async #chunked(): Promise<{ bytes: Buffer; isWhole: boolean }> {
    const parts: Buffer[] = [];
    for (;;) {
      const line = await this.until("\r\n");
      const size = parseInt(line ?? "", 16);
      if (line === undefined || Number.isNaN(size)) break;
      const data = await this.take(size);
      parts.push(data);
      const end = await this.until("\r\n");
      if (end === undefined || data.length < size) break;
      if (size === 0) return { bytes: Buffer.concat(parts), isWhole: true };
    }
    return { bytes: Buffer.concat(parts), isWhole: false };
  }

  #unread(bytes: Buffer): void {
    if (bytes.length > 0) this.#chunks.unshift(bytes);
  }

  /** Sends bytes, or text as Latin-1; resolves when the socket wants more, or is gone. */
  async write(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
    if (this.#ending !== undefined || this.socket.write(bytes)) return;
    await Promise.race([once(this.socket, "drain").catch(() => {}), this.gone]);
  }

  /** Stops reading: the kernel's buffers fill, and the other side has to wait. */
  pause(): void {
    this.socket.pause();
  }

  /** Reads on. */
  resume(): void {
    this.socket.resume();
  }

  /** Ends the connection in order (FIN). */
  async close(): Promise<void> {
    if (this.socket.destroyed) return;
    const closed = new Promise<void>((resolve) => this.socket.once("close", () => resolve()));
    this.socket.end(() => this.socket.destroy());
    // A peer that does not read would hold it open.
    const timer = setTimeout(() => this.socket.destroy(), 50);
    await closed;
    clearTimeout(timer);
  }

  /** Tears the connection down (RST). */
  async reset(): Promise<void> {
    if (this.socket.destroyed) return;
    const closed = new Promise<void>((resolve) => this.socket.once("close", () => resolve()));
    this.socket.resetAndDestroy();
    await closed;
  }
}

/** The value of a field, or `undefined`. */
export function valueOf(fields: readonly RawField[], name: string): string | undefined {
  return fields.find(([key]) => key === name)?.[1];
}

/** All values of a field. */
export function valuesOf(fields: readonly RawField[], name: string): string[] {
  return fields.filter(([key]) => key === name).map(([, value]) => value);
}

function parseHead(head: string): { start: string; fields: RawField[] } {
  const [start = "", ...lines] = head.slice(0, -4).split("\r\n");
  const fields = lines.map((line): RawField => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { start, fields };
}

/** A response as it came. */
export interface RawResponse {
  readonly status: number;
  /** The head as it came. */
  readonly head: string;
  readonly fields: readonly RawField[];
  readonly body: Buffer;
  /** Whether the body came to the end that its framing announces. */
  readonly isWhole: boolean;
}

/** Reads one response; interim answers are skipped. */
export async function readResponse(end: RawEnd, method = "GET"): Promise<RawResponse> {
  for (;;) {
    const head = await end.until("\r\n\r\n");
    if (head === undefined) {
      throw new Error(`Cannot read a response: the connection ended by ${end.ending}`);
    }
    const { start, fields } = parseHead(head);
    const status = Number(start.split(" ")[1]);
    if (status < 200) continue;
    const { bytes, isWhole } = await readBody(end, method, status, fields);
    return { status, head, fields, body: bytes, isWhole };
  }
}

async function readBody(
  end: RawEnd,
  method: string,
  status: number,
  fields: readonly RawField[],
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  // Deno sends a 205 without a length (2.9.6); Chromium takes it for empty, as here.
  const isEmpty = method === "HEAD" || status === 204 || status === 205 || status === 304;
  if (isEmpty) return { bytes: Buffer.alloc(0), isWhole: true };
  const isFramed = valueOf(fields, "content-length") !== undefined ||
    valueOf(fields, "transfer-encoding") !== undefined;
  if (isFramed) return await end.body(fields);
  const bytes = await end.rest();
  return { bytes, isWhole: end.ending === "end" };
}

/** Opens a connection to a port of this machine. */
export async function openRaw(port: number, host = "127.0.0.1"): Promise<RawEnd> {
  const socket = connect(port, host);
  const end = new RawEnd(socket);
  await Promise.race([
    once(socket, "connect"),
    end.gone.then(() => Promise.reject(new Error(`Cannot connect to port ${port}`))),
  ]);
  return end;
}

/** What a client asks for. */
export interface RawRequest {
  /** @default "GET" */
  readonly method?: string;
  /** @default "/" */
  readonly target?: string;
  /** Beside `host`, unless that is given. */
  readonly fields?: readonly RawField[];
  readonly body?: string | Uint8Array;
}

/** Renders a request; with a body, its length is announced unless its framing is given. */
export function renderRequest(
  port: number,
  { method = "GET", target = "/", fields = [], body }: RawRequest,
): Buffer {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const isFramed = fields.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const all: RawField[] = fields.some(([name]) => name.toLowerCase() === "host")
    ? [...fields]
    : [["host", `127.0.0.1:${port}`], ...fields];
  if (bytes !== undefined && !isFramed) all.push(["content-length", String(bytes.length)]);
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines}\r\n`, "latin1");
  return Buffer.concat([head, bytes ?? Buffer.alloc(0)]);
}

/** Asks over a connection of its own. */
export async function ask(port: number, request: RawRequest = {}): Promise<RawResponse> {
  const end = await openRaw(port);
  try {
    await end.write(renderRequest(port, request));
    return await readResponse(end, request.method);
  } finally {
    await end.close();
  }
}

/** Sends bytes as they are; what came back until the end, or until it was quiet for so long. */
export async function sendRaw(
  port: number,
  data: string | Uint8Array,
  quietMs = 150,
): Promise<string> {
  const end = await openRaw(port);
  let text = "";
  try {
    await end.write(data);
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const quiet = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), text === "" ? 5_000 : quietMs);
      });
      const chunk = await Promise.race([end.some(), quiet]);
      clearTimeout(timer);
      if (chunk === undefined) return text;
      text += chunk.toString("latin1");
    }
  } finally {
    await end.close();
  }
}

/** A request as an upstream got it, and its means to answer. */
export class RawExchange {
  readonly method: string;
  readonly target: string;
  /** The head as it came. */
  readonly head: string;
  readonly fields: readonly RawField[];
  /** Which connection it came over, from 0 on. */
  readonly connection: number;
  readonly end: RawEnd;
  /** The body once it was read by {@linkcode readAll}. */
  text: string | undefined;
  #isRead = false;

  constructor(head: string, connection: number, end: RawEnd) {
    const { start, fields } = parseHead(head);
    const [method = "", target = ""] = start.split(" ");
    this.method = method;
    this.target = target;
    this.head = head;
    this.fields = fields;
    this.connection = connection;
    this.end = end;
  }

  /** The value of a field. */
  field(name: string): string | undefined {
    return valueOf(this.fields, name);
  }

  /** Reads the body to its end. */
  async readAll(): Promise<Buffer> {
    if (this.#isRead) return Buffer.alloc(0);
    this.#isRead = true;
    const { bytes } = await this.end.body(this.fields);
    this.text = bytes.toString("latin1");
    return bytes;
  }

  /** Answers with a whole response. */
  async answer(
    status: number,
    body: string | Uint8Array = "",
    fields: readonly RawField[] = [],
  ): Promise<void> {
    await this.readAll();
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    await this.end.write(Buffer.concat([
      Buffer.from(`HTTP/1.1 ${status} Any\r\ncontent-length: ${bytes.length}\r\n${lines}\r\n`),
      bytes,
    ]));
  }
}

/** Answers a request; what it throws fails the test through {@linkcode RawUpstream.close}. */
export type RawHandler = (exchange: RawExchange) => void | Promise<void>;

/** An upstream that records what it gets. */
export class RawUpstream {
  /** Every request whose head came, in order; those that it answers by itself are not among them. */
  readonly requests: RawExchange[] = [];
  /** Connections that were ever opened. */
  connections = 0;
  /** How to answer; may be changed while it runs. */
  handler: RawHandler;
  readonly port: number;
  readonly #server: ReturnType<typeof createServer>;
  readonly #ends = new Set<RawEnd>();
  readonly #own: ReadonlyMap<string, string | undefined>;
  #failure: unknown;

  constructor(
    server: ReturnType<typeof createServer>,
    handler: RawHandler,
    own: ReadonlyMap<string, string | undefined>,
  ) {
    this.#server = server;
    this.handler = handler;
    this.#own = own;
    this.port = (server.address() as AddressInfo).port; // it listens on TCP
    server.on("connection", (socket) => {
      this.#serve(new RawEnd(socket)).catch((error) => this.#failure ??= error);
    });
  }

  /** Its origin. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#ends.size;
  }

  async #serve(end: RawEnd): Promise<void> {
    const connection = this.connections++;
    this.#ends.add(end);
    end.socket.once("close", () => this.#ends.delete(end));
    // A client's end closes our side too.
    end.gone.then(() => end.socket.destroy());
    for (;;) {
      const head = await end.until("\r\n\r\n");
      if (head === undefined) return;
      const exchange = new RawExchange(head, connection, end);
      if (this.#own.has(exchange.target)) {
        const text = this.#own.get(exchange.target);
        await exchange.answer(text === undefined ? 404 : 200, text, [["connection", "close"]]);
        return void await end.close();
      }
      this.requests.push(exchange);
      await this.handler(exchange);
      if (end.ending === undefined) await exchange.readAll();
    }
  }

  /** Ends every connection and stops to listen. @throws what a handler threw. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all([...this.#ends].map((end) => {
      const gone = new Promise<void>((resolve) => end.socket.once("close", () => resolve()));
      end.socket.destroy();
      return gone;
    }));
    await closed;
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/**
 * Starts an upstream.
 *
 * @param own What it answers by itself, by target; 404 for `undefined`.
 * @param port 0 takes a free one; another is one that an upstream had before.
 */
export async function startUpstream(
  handler: RawHandler = (exchange) => exchange.answer(200, "ok"),
  own: ReadonlyMap<string, string | undefined> = new Map(),
  port = 0,
): Promise<RawUpstream> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return new RawUpstream(server, handler, own);
}
