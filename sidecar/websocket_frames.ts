/**
 * WebSocket frames as a client sees them (RFC 6455 §5): a server's frames in, masked frames out.
 *
 * Our own, because no client API of either runtime can set every header, say how the upstream refused, stop reading
 * or send every close code.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { BAD_TEXT, isWireCloseCode, PROTOCOL_ERROR, TOO_BIG } from "./close_code.ts";

/** Opcodes (RFC 6455 §11.8). */
export const OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** What a server said. */
export type FrameEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Uint8Array }
  | { readonly kind: "ping"; readonly payload: Uint8Array }
  | { readonly kind: "pong" }
  /** `code` is `undefined` if the frame had no body. */
  | { readonly kind: "close"; readonly code: number | undefined; readonly reason: string }
  /** It broke the protocol; nothing after this is read. */
  | { readonly kind: "violation"; readonly code: number; readonly reason: string };

/** The head of a frame. */
interface FrameHead {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly payloadBytes: number;
  /** Of the head itself. */
  readonly headBytes: number;
}

/** What a peer must not do; never leaves this file as an exception. */
class Violation {
  constructor(readonly code: number, readonly reason: string) {}
}

const MAX_CONTROL_BYTES = 125;
const EMPTY = new Uint8Array(0);
const ENCODER = new TextEncoder();
// A byte order mark is part of the text and goes on with it.
const DECODER_OPTIONS: TextDecoderOptions = { fatal: true, ignoreBOM: true };

/** Takes a server's bytes apart; one for each connection. */
export class FrameParser {
  readonly #maxMessageBytes: number;
  /** The beginning of a head that came in two pieces. */
  #held: Uint8Array = EMPTY;
  #frame: FrameHead | undefined;
  /** Bytes of the current frame's payload still to come. */
  #missing = 0;
  /** The control frame being received; those may come between the fragments of a message. */
  #control = new Collector();
  #message = new Collector();
  #messageOpcode = 0;
  #hasEnded = false;

  /** @param maxMessageBytes The largest message, all its fragments together. */
  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Whether a frame or a message has begun and not ended, so that more bytes are sure to come. */
  get isInside(): boolean {
    return this.#frame !== undefined || this.#messageOpcode !== 0;
  }

  /**
   * Yields what the next bytes complete; after a `close` or a `violation` nothing more.
   *
   * @param bytes The next bytes; they belong to the parser, and the events may be views of them.
   */
  *push(bytes: Uint8Array): Generator<FrameEvent, void, void> {
    let rest = this.#held.length === 0 ? bytes : concat([this.#held, bytes]);
    this.#held = EMPTY;
    try {
      while (!this.#hasEnded) {
        if (this.#frame === undefined) {
          const head = parseFrameHead(rest);
          if (head === undefined) break;
          this.#begin(head);
          rest = rest.subarray(head.headBytes);
        }
        if (rest.length === 0 && this.#missing > 0) return;
        const take = rest.subarray(0, this.#missing);
        rest = rest.subarray(take.length);
        const event = this.#collect(take);
        if (event !== undefined) yield event;
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.#hasEnded = true;
      yield { kind: "violation", code: error.code, reason: error.reason };
    }
    // A copy: a view of two bytes would keep the whole read alive while the socket is idle.
    if (!this.#hasEnded && rest.length > 0) this.#held = rest.slice();
  }

  #begin(head: FrameHead): void {
    if (!isControl(head.opcode)) this.#beginData(head);
    this.#frame = head;
    this.#missing = head.payloadBytes;
  }

  #beginData({ opcode, payloadBytes }: FrameHead): void {
    const isContinuation = opcode === OPCODE.continuation;
    if (isContinuation && this.#messageOpcode === 0) {
      throw new Violation(PROTOCOL_ERROR, "a continuation without a message");
    }
    if (!isContinuation && this.#messageOpcode !== 0) {
      throw new Violation(PROTOCOL_ERROR, "a new message inside a message");
    }
    if (this.#message.length + payloadBytes > this.#maxMessageBytes) {
      throw new Violation(TOO_BIG, "the message is too large");
    }
    if (!isContinuation) this.#messageOpcode = opcode;
  }

  /** Takes bytes of the current frame's payload; returns an event if they complete something. */
  #collect(bytes: Uint8Array): FrameEvent | undefined {
    const frame = this.#frame;
    if (frame === undefined) return undefined;
    const collector = isControl(frame.opcode) ? this.#control : this.#message;
    collector.add(bytes, this.#missing);
    this.#missing -= bytes.length;
    if (this.#missing > 0) return undefined;
    this.#frame = undefined;
    if (!frame.isLast) return undefined;
    const payload = collector.take();
    if (isControl(frame.opcode)) return this.#endControl(frame.opcode, payload);
    const opcode = this.#messageOpcode;
    this.#messageOpcode = 0;
    return opcode === OPCODE.text
      ? { kind: "text", text: decodeText(payload) }
      : { kind: "binary", bytes: payload };
  }

  #endControl(opcode: number, payload: Uint8Array): FrameEvent {
    if (opcode === OPCODE.ping) return { kind: "ping", payload };
    if (opcode === OPCODE.pong) return { kind: "pong" };
    const closing = parseClosePayload(payload);
    this.#hasEnded = true;
    return closing;
  }
}

/** Gathers the pieces of one payload; a payload in one piece is not copied. */
class Collector {
  #buffer: Uint8Array = EMPTY;
  length = 0;

  /** @param expected How many bytes the current frame still has, `bytes` included. */
  add(bytes: Uint8Array, expected: number): void {
    if (this.length === 0 && bytes.length === expected) {
      this.#buffer = bytes;
    } else {
      this.#reserve(this.length + expected);
      this.#buffer.set(bytes, this.length);
    }
    this.length += bytes.length;
  }

  /** A frame says its length, so its buffer is right at once; for many fragments it doubles. */
  #reserve(bytes: number): void {
    if (this.#buffer.length >= bytes) return;
    const isFirst = this.length === 0;
    const larger = new Uint8Array(isFirst ? bytes : Math.max(bytes, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.length));
    this.#buffer = larger;
  }

  take(): Uint8Array {
    const bytes = this.#buffer.subarray(0, this.length);
    this.#buffer = EMPTY;
    this.length = 0;
    return bytes;
  }
}

function isControl(opcode: number): boolean {
  return (opcode & 0x8) !== 0;
}

/** Returns `undefined` while the head is incomplete; what is wrong in it is wrong at the first byte that says so. */
function parseFrameHead(bytes: Uint8Array): FrameHead | undefined {
  const [first, second] = bytes;
  if (first === undefined) return undefined;
  const opcode = first & 0x0f;
  const isLast = (first & 0x80) !== 0;
  // We offer no extension, so nothing may use these bits.
  if ((first & 0x70) !== 0) throw new Violation(PROTOCOL_ERROR, "a reserved bit is set");
  if ((opcode > OPCODE.binary && opcode < OPCODE.close) || opcode > OPCODE.pong) {
    throw new Violation(PROTOCOL_ERROR, "the opcode is unknown");
  }
  if (isControl(opcode) && !isLast) {
    throw new Violation(PROTOCOL_ERROR, "a control frame is fragmented");
  }
  if (second === undefined) return undefined;
  if ((second & 0x80) !== 0) throw new Violation(PROTOCOL_ERROR, "a server's frame is masked");
  if (isControl(opcode) && second > MAX_CONTROL_BYTES) {
    throw new Violation(PROTOCOL_ERROR, "a control frame is too long");
  }
  const headBytes = second < 126 ? 2 : second === 126 ? 4 : 10;
  if (bytes.length < headBytes) return undefined;
  return { isLast, opcode, payloadBytes: parseLength(bytes, second), headBytes };
}

function parseLength(bytes: Uint8Array, short: number): number {
  if (short < 126) return short;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const high = short === 126 ? 0 : view.getUint32(2);
  const length = short === 126 ? view.getUint16(2) : high * 2 ** 32 + view.getUint32(6);
  if (high >= 2 ** 31) throw new Violation(PROTOCOL_ERROR, "the length is negative");
  // Browsers refuse a length that would have fitted in fewer bytes (RFC 6455 §5.2: "MUST").
  if (length < (short === 126 ? 126 : 65536)) {
    throw new Violation(PROTOCOL_ERROR, "the length is not the shortest");
  }
  return length;
}

function parseClosePayload(payload: Uint8Array): FrameEvent {
  const [high, low] = payload;
  if (high === undefined) return { kind: "close", code: undefined, reason: "" };
  const code = high * 256 + (low ?? 0);
  if (low === undefined || !isWireCloseCode(code)) {
    throw new Violation(PROTOCOL_ERROR, "the close code is not allowed");
  }
  return { kind: "close", code, reason: decodeText(payload.subarray(2)) };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", DECODER_OPTIONS).decode(bytes);
  } catch {
    throw new Violation(BAD_TEXT, "a text is not UTF-8");
  }
}

/** How many bytes a message has on the wire, without its head. */
export function messageBytes(message: string | Uint8Array): number {
  return typeof message === "string" ? Buffer.byteLength(message) : message.byteLength;
}

/**
 * Renders a message as one frame, in chunks, so that a large one is never in memory twice.
 *
 * One frame and not a fragment for each chunk: a peer that can't do fragments would lose the message.
 *
 * @param message The text or the bytes; not changed.
 * @param mask Four bytes that nobody can predict (RFC 6455 §5.3).
 * @param chunkBytes About how large a chunk may be; at least 16.
 */
export function* renderMessage(
  message: string | Uint8Array,
  mask: Uint8Array,
  chunkBytes: number,
): Generator<Uint8Array, void, void> {
  const isText = typeof message === "string";
  let head = renderHead(isText ? OPCODE.text : OPCODE.binary, messageBytes(message), mask);
  let sent = 0;
  for (const piece of isText ? textPieces(message, chunkBytes) : pieces(message, chunkBytes)) {
    const chunk = new Uint8Array(head.length + piece.length);
    chunk.set(head);
    maskInto(chunk, head.length, piece, mask, sent);
    sent += piece.length;
    head = EMPTY;
    yield chunk;
  }
}

/** Renders a control frame; the payload has at most 125 bytes. */
export function renderControl(opcode: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const head = renderHead(opcode, payload.length, mask);
  const frame = new Uint8Array(head.length + payload.length);
  frame.set(head);
  maskInto(frame, head.length, payload, mask, 0);
  return frame;
}

/** Renders the payload of a Close frame; without a code it is empty. */
export function renderClosePayload(code: number | undefined, reason: string): Uint8Array {
  if (code === undefined) return EMPTY;
  return concat([Uint8Array.of(code >> 8, code & 0xff), ENCODER.encode(reason)]);
}

function renderHead(opcode: number, length: number, mask: Uint8Array): Uint8Array {
  const lengthBytes = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const head = new Uint8Array(2 + lengthBytes + 4);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  const view = new DataView(head.buffer);
  if (lengthBytes === 2) view.setUint16(2, length);
  if (lengthBytes === 8) {
    view.setUint32(2, Math.floor(length / 2 ** 32));
    view.setUint32(6, length >>> 0);
  }
  head.set(mask, 2 + lengthBytes);
  return head;
}

function* pieces(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array, void, void> {
  let at = 0;
  do {
    yield bytes.subarray(at, at + pieceBytes);
    at += pieceBytes;
  } while (at < bytes.length);
}

/** Encodes a text piece by piece; a code unit takes at most three bytes. */
function* textPieces(text: string, pieceBytes: number): Generator<Uint8Array, void, void> {
  const units = Math.floor(pieceBytes / 3);
  let at = 0;
  do {
    let end = at + units;
    // Each half of a pair alone would become U+FFFD.
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end--;
    yield ENCODER.encode(text.slice(at, end));
    at = end;
  } while (at < text.length);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

const WORD_BYTES = 4;

/**
 * Writes masked bytes, four at a time: one by one a core masks 280 to 400 MiB/s, which is slower than a browser sends, and
 * so fills the queue of an upstream that reads all the same; this way it is 1.7 to 6 GiB/s.
 */
function maskInto(
  target: Uint8Array,
  offset: number,
  source: Uint8Array,
  mask: Uint8Array,
  phase: number,
): void {
  target.set(source, offset);
  const end = offset + source.length;
  if (source.length < WORD_BYTES * 2) return xorBytes(target, offset, end, mask, phase);
  const start = offset + (-(target.byteOffset + offset) & (WORD_BYTES - 1));
  const words = new Uint32Array(
    target.buffer,
    target.byteOffset + start,
    Math.floor((end - start) / WORD_BYTES),
  );
  xorBytes(target, offset, start, mask, phase);
  // As the machine has its bytes in a word, so has this.
  const turned = Uint8Array.from(mask, (_, i) => byteOf(mask, phase + start - offset + i));
  const key = new Uint32Array(turned.buffer)[0] ?? 0;
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ key;
  const rest = start + words.byteLength;
  xorBytes(target, rest, end, mask, phase + rest - offset);
}

function xorBytes(
  target: Uint8Array,
  start: number,
  end: number,
  mask: Uint8Array,
  phase: number,
): void {
  for (let at = start; at < end; at++) {
    target[at] = (target[at] ?? 0) ^ byteOf(mask, phase + at - start);
  }
}

/** `?? 0` is never taken, here and above; it is what noUncheckedIndexedAccess asks for. */
function byteOf(mask: Uint8Array, index: number): number {
  return mask[index & 3] ?? 0;
}

/** Joins arrays into a new one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
