/**
 * A backend on raw sockets: it takes and gives bytes as fast as they go, or not at all.
 *
 * - `/idle`: a WebSocket on which nothing happens.
 * - `/push`: a WebSocket on which messages of `messageBytes` are sent, `bytes` in all.
 * - `/deaf`: a WebSocket that is never read.
 * - `/down`: a response of `bytes`. `/up`: reads the request's body and answers with its length.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { renderMessage } from "../websocket.ts";
import { announce, readOptions } from "./control.ts";

const PIECE_BYTES = 64 * 1024;
const PIECE = Buffer.alloc(PIECE_BYTES, "x");
const { bytes, messageBytes = PIECE_BYTES } = readOptions<{
  bytes: number;
  messageBytes?: number;
}>();
const MESSAGE = renderMessage(messageBytes);

/** Bytes that were handed to the kernel by the last sender. */
let sent = 0;

/** Sends a piece again and again, as fast as the other side takes it. */
async function pump(socket: Socket, piece: Buffer): Promise<void> {
  sent = 0;
  while (sent < bytes && !socket.destroyed) {
    sent += piece.length;
    if (!socket.write(piece)) await new Promise<void>((go) => socket.once("drain", () => go()));
  }
}

function acceptWebSocket(socket: Socket, path: string, head: string): void {
  const key = /\r\nsec-websocket-key: *(\S+)/i.exec(head)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept.digest("base64")}\r\n\r\n`,
  );
  if (path === "/push") void pump(socket, MESSAGE);
  if (path === "/deaf") socket.pause();
  else socket.resume();
}

function receiveUpload(socket: Socket, head: string, rest: Buffer): void {
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
  let received = rest.length;
  const take = (chunk: Buffer): void => {
    received += chunk.length;
    if (received >= length) answer(socket, String(received));
  };
  socket.on("data", take);
  take(Buffer.alloc(0));
}

function answer(socket: Socket, text: string): void {
  socket.end(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\n` +
      `Connection: close\r\n\r\n${text}`,
  );
}

async function sendDownload(socket: Socket): Promise<void> {
  socket.write(
    "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n" +
      `Content-Length: ${bytes}\r\nConnection: close\r\n\r\n`,
  );
  await pump(socket, PIECE);
  socket.end();
}

function serve(socket: Socket, head: string, rest: Buffer): void {
  const path = head.split(" ", 2)[1] ?? "";
  if (/\r\nupgrade: *websocket/i.test(head)) return acceptWebSocket(socket, path, head);
  if (path === "/down") void sendDownload(socket);
  else if (path === "/up") receiveUpload(socket, head, rest);
  else answer(socket, "ok");
}

const server = createServer((socket) => {
  let head: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    socket.off("data", onData);
    serve(socket, head.toString("latin1", 0, end), head.subarray(end + 4));
  };
  socket.setNoDelay(true);
  socket.on("data", onData);
  socket.on("error", () => socket.destroy());
});

server.listen(0, "127.0.0.1", () => {
  // A TCP server has an address of this kind.
  announce((server.address() as AddressInfo).port, { sent: () => sent });
});
