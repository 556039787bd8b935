/**
 * Raw ends of WebSockets over `node:net`: they can do everything right and everything wrong, and stop reading.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A frame as it came. */
export interface Frame {
  readonly opcode: number;
  readonly isLast: boolean;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** How to send a frame. */
export interface SendOptions {
  readonly isLast?: boolean;
  readonly reserved?: number;
}

/** One end of a WebSocket. A client masks what it sends, a server does not. */
export class RawPeer {
  readonly socket: Socket;
  /** The head that opened it: the request at a server, the response at a client. */
  readonly head: string;
  /** Resolves when the connection is gone, in whatever way. */
  readonly gone: Promise<void>;
  readonly #isClient: boolean;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #needed = 2;
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, head: string, rest: Buffer, isClient: boolean) {
    this.socket = socket;
    this.head = head;
    this.#isClient = isClient;
    if (rest.length > 0) this.#add(rest);
    socket.on("data", (chunk: Buffer) => this.#add(chunk));
    socket.on("error", () => {});
    this.gone = new Promise((resolve) => {
      const end = () => {
        this.#isOver = true;
        this.#wake?.();
        resolve();
      };
      socket.on("end", end);
      socket.on("close", end);
    });
  }

  #add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= this.#needed) this.#wake?.();
  }

  /** The next frame, or `undefined` if the connection ended. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      if (this.#bytes >= this.#needed) {
        const frame = this.#parse(Buffer.concat(this.#chunks));
        if (frame !== undefined) return frame;
      }
      if (this.#isOver) return undefined;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  #parse(bytes: Buffer): Frame | undefined {
    this.#chunks = [bytes];
    const first = bytes[0] ?? 0;
    const second = bytes[1] ?? 0;
    const short = second & 127;
    const isMasked = (second & 128) !== 0;
    const maskAt = short === 126 ? 4 : short === 127 ? 10 : 2;
    const start = maskAt + (isMasked ? 4 : 0);
    this.#needed = start;
    if (bytes.length < start) return undefined;
    const length = short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
      ? Number(bytes.readBigUInt64BE(2))
      : short;
    this.#needed = start + length;
    if (bytes.length < this.#needed) return undefined;
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (isMasked) unmask(payload, bytes.subarray(maskAt, start));
    const rest = bytes.subarray(start + length);
    this.#chunks = [rest];
    this.#bytes = rest.length;
    this.#needed = 2;
    return { opcode: first & 15, isLast: (first & 128) !== 0, isMasked, payload };
  }

  /** The next frame as text: `text:hello`, `binary:3`, `close:1000 bye`, `close:none`, `gone`. */
  async nextText(): Promise<string> {
    const frame = await this.next();
    if (frame === undefined) return "gone";
    const { opcode, payload } = frame;
    if (opcode === 1) return `text:${payload.toString()}`;
    if (opcode === 2) return `binary:${payload.length}`;
    if (opcode === 9) return `ping:${payload.toString()}`;
    if (opcode === 10) return `pong:${payload.toString()}`;
    if (opcode !== 8) return `opcode ${opcode}`;
    if (payload.length === 0) return "close:none";
    return `close:${payload.readUInt16BE(0)} ${payload.subarray(2).toString()}`.trim();
  }

  /** Sends a frame; resolves when the socket wants more. */
  async send(opcode: number, payload: string | Uint8Array, options?: SendOptions): Promise<void> {
    await this.write(renderFrame(opcode, Buffer.from(payload), this.#isClient, options));
  }

  /** Sends a text. */
  async text(text: string): Promise<void> {
    await this.send(1, text);
  }

  /** Sends a Close frame. */
  async close(code?: number, reason = ""): Promise<void> {
    const body = code === undefined
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
    await this.send(8, body);
  }

  /** Sends bytes as they are; resolves when the socket wants more. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.socket.write(bytes) || this.#isOver) return;
    await Promise.race([once(this.socket, "drain").catch(() => {}), this.gone]);
  }

  /** Stops reading: the kernel's buffers fill and the other side has to wait. */
  pause(): void {
    this.socket.pause();
  }

  /** Drops the connection. */
  destroy(): void {
    this.socket.destroy();
  }
}

function unmask(payload: Buffer, mask: Buffer): void {
  for (let i = 0; i < payload.length; i++) payload[i] = (payload[i] ?? 0) ^ (mask[i & 3] ?? 0);
}

/** Renders any frame, right or wrong. */
export function renderFrame(
  opcode: number,
  payload: Buffer,
  isMasked: boolean,
  { isLast = true, reserved = 0 }: SendOptions = {},
): Buffer {
  const length = payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
  head[0] = (isLast ? 128 : 0) | (reserved << 4) | opcode;
  head[1] = (isMasked ? 128 : 0) | (length < 126 ? length : length < 65536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  // A mask of zeros is a mask, and spares the tests the work.
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

/** Reads up to the empty line; returns the head's text and what is behind it. */
function readHead(socket: Socket): Promise<{ head: string; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", onData);
      resolve({ head: bytes.subarray(0, end).toString("latin1"), rest: bytes.subarray(end + 4) });
    };
    socket.on("data", onData);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("Cannot read a head: the connection is closed")));
  });
}

/** The value of a header field in a head, or `undefined`. */
export function fieldOf(head: string, name: string): string | undefined {
  const lines = head.split("\r\n").slice(1).map((line) => line.split(/:\s*(.*)/s));
  return lines.find(([key]) => key?.toLowerCase() === name)?.[1];
}

/** The 101 for a request. */
export function renderAgreement(requestHead: string, protocol?: string): string {
  const key = fieldOf(requestHead, "sec-websocket-key") ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${accept.digest("base64")}\r\n` +
    (protocol === undefined ? "" : `Sec-WebSocket-Protocol: ${protocol}\r\n`) + "\r\n";
}

/** A raw WebSocket server. */
export interface RawUpstream {
  readonly port: number;
  /** How many connections are open. */
  readonly connections: number;
  /** The next connection whose handshake was answered with 101. */
  accept(): Promise<RawPeer>;
  close(): Promise<void>;
}

/** What the server does with a request: its answer, or nothing at all with `undefined`. */
export type AnswerUpgrade = (requestHead: string) => string | Uint8Array | undefined;

/** Starts a raw WebSocket server on a port of its own. */
export async function startUpstream(
  answer: AnswerUpgrade = (head) =>
    renderAgreement(head, fieldOf(head, "sec-websocket-protocol")?.split(/, ?/)[0]),
): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const accepted: RawPeer[] = [];
  const waiting: ((peer: RawPeer) => void)[] = [];
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    const request = await readHead(socket).catch(() => undefined);
    if (request === undefined) return;
    const reply = answer(request.head);
    if (reply === undefined) return;
    const bytes = Buffer.from(reply);
    socket.write(bytes);
    if (!bytes.toString("latin1").startsWith("HTTP/1.1 101")) return void socket.end();
    const peer = new RawPeer(socket, request.head, request.rest, false);
    const taker = waiting.shift();
    if (taker === undefined) accepted.push(peer);
    else taker(peer);
  });
  const port = await listen(server);
  return {
    port,
    get connections() {
      return sockets.size;
    },
    accept() {
      const peer = accepted.shift();
      if (peer !== undefined) return Promise.resolve(peer);
      return new Promise((resolve) => waiting.push(resolve));
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // An address of TCP: `listen` was given a port.
  return (server.address() as AddressInfo).port;
}

/** Options of {@linkcode connectBrowser}. */
export interface BrowserOptions {
  readonly path?: string;
  readonly protocols?: string;
  /** More lines of the head. */
  readonly fields?: readonly string[];
  /** Lines in place of the version and the key. */
  readonly handshake?: readonly string[];
}

/** Opens a WebSocket as a browser does; `head` says what came back, 101 or not. */
export async function connectBrowser(port: number, options: BrowserOptions = {}): Promise<RawPeer> {
  const { path = "/", protocols, fields = [], handshake } = options;
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    ...(handshake ?? ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]),
    ...(protocols === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocols}`]),
    ...fields,
  ];
  const reply = readHead(socket);
  socket.write(lines.join("\r\n") + "\r\n\r\n");
  const { head, rest } = await reply;
  return new RawPeer(socket, head, rest, true);
}

/** The status in a response's head. */
export function statusOf(head: string): number {
  return Number(head.split(" ")[1]);
}
