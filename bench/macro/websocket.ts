/**
 * WebSocket clients on raw sockets: they see each byte when it comes, and can stop reading.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** Where to, and as what. */
export interface ClientOptions {
  /** For example `http://127.0.0.1:40000`; also the page's own origin. */
  readonly origin: string;
  readonly path: string;
  readonly protocol?: string;
  /** Gets each text message. */
  readonly onText?: (text: string) => void;
}

/** An open WebSocket. */
export interface WebSocketClient {
  readonly socket: Socket;
  close(): void;
}

/** Opens a WebSocket as a page of `origin` does. */
export function openWebSocket(options: ClientOptions): Promise<WebSocketClient> {
  const { origin, path, protocol, onText } = options;
  const { hostname, port, host } = new URL(origin);
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Origin: ${origin}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    ...(protocol === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    "\r\n",
  ];
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  socket.write(lines.join("\r\n"));
  return new Promise((resolve, reject) => {
    const reader = new TextReader(onText ?? (() => {}));
    let head: Buffer = Buffer.alloc(0);
    const onHead = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      socket.off("data", onHead);
      if (!head.toString("latin1").startsWith("HTTP/1.1 101")) {
        return reject(new Error(`Cannot open a socket at ${origin}${path}: ${head}`));
      }
      socket.on("data", (bytes: Buffer) => reader.push(bytes));
      reader.push(head.subarray(end + 4));
      resolve({ socket, close: () => socket.destroy() });
    };
    socket.on("data", onHead);
    socket.on("error", reject);
  });
}

/** Reads unmasked frames; whole text messages go to the callback, the rest is skipped. */
class TextReader {
  readonly #onText: (text: string) => void;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  push(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    for (;;) {
      const frame = readFrame(this.#bytes);
      if (frame === undefined) return;
      this.#bytes = this.#bytes.subarray(frame.end);
      if (frame.opcode === 1) this.#onText(frame.payload.toString("utf8"));
    }
  }
}

function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  const short = (bytes[1] ?? 0) & 127;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < start) return undefined;
  const length = short === 126
    ? bytes.readUInt16BE(2)
    : short === 127
    ? Number(bytes.readBigUInt64BE(2))
    : short;
  const end = start + length;
  if (bytes.length < end) return undefined;
  return { opcode: (bytes[0] ?? 0) & 15, payload: bytes.subarray(start, end), end };
}

/** A binary message of so many bytes, masked with zeros: legal, and cheap to make. */
export function renderMaskedMessage(length: number): Buffer {
  const frame = Buffer.alloc(14 + length);
  frame[0] = 0x82;
  frame[1] = 0xff;
  frame.writeBigUInt64BE(BigInt(length), 2);
  return frame;
}

/** A binary message of so many bytes, as a server sends it. */
export function renderMessage(length: number): Buffer {
  const frame = Buffer.alloc(10 + length);
  frame[0] = 0x82;
  frame[1] = 127;
  frame.writeBigUInt64BE(BigInt(length), 2);
  return frame;
}
