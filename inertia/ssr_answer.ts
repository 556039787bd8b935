/**
 * Reads one answer of HTTP/1.1 from a connection's bytes, and no more of it than is allowed.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Of the head; of trailers and sizes of chunks, each. */
const MAX_HEAD_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
const PROTOCOL = "HTTP/1.";
const END_OF_HEAD = "\r\n\r\n";

type Part = "head" | "size" | "data" | "chunk end" | "trailers" | "done";

/** What the next bytes are, and what was read so far. */
export class AnswerReader {
  /** The status of the answer. */
  status = 0;
  readonly #maxBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #part: Part = "head";
  /** The head, or a line, as far as it came. */
  #text = "";
  #bodyBytes = 0;
  /** Of the body, or of a chunk; infinite where the end of the connection ends it. */
  #left = Infinity;
  #isChunked = false;
  #isKept = true;

  /** `maxBytes`: of the body. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether it is all there. */
  get isDone(): boolean {
    return this.#part === "done";
  }

  /** Whether the connection can be used again. */
  get isReusable(): boolean {
    return this.isDone && this.#isKept;
  }

  /** The text of the body. */
  text(): string {
    const [first, second] = this.#pieces;
    if (first === undefined) return "";
    const whole = second === undefined ? first : Buffer.concat(this.#pieces);
    return Buffer.from(whole.buffer, whole.byteOffset, whole.length).toString("utf8");
  }

  /**
   * Takes bytes.
   *
   * @throws {SyntaxError} If they are no answer of HTTP.
   * @throws {RangeError} If there are too many of them.
   */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.isDone) {
      if (this.#part === "data") at = this.#takeData(bytes, at);
      else at = this.#part === "head" ? this.#takeHead(bytes, at) : this.#takeLine(bytes, at);
    }
    // Nothing was asked for: whatever it is, it is not the answer to the next request.
    if (at < bytes.length) this.#isKept = false;
  }

  /** Takes the end of the connection. @throws {SyntaxError} If it comes too early. */
  end(): void {
    if (this.isDone) return;
    if (this.#part !== "data" || this.#left !== Infinity) {
      throw new SyntaxError("the connection ended within the answer");
    }
    this.#isKept = false;
    this.#part = "done";
  }

  #takeData(bytes: Uint8Array, at: number): number {
    const end = Math.min(bytes.length, at + this.#left);
    this.#bodyBytes += end - at;
    if (this.#bodyBytes > this.#maxBytes) throw tooLarge(this.#maxBytes);
    this.#pieces.push(bytes.subarray(at, end));
    this.#left -= end - at;
    if (this.#left === 0) this.#part = this.#isChunked ? "chunk end" : "done";
    return end;
  }

  /** In most cases all of it is there: it is looked at as one text, which costs less than line by line. */
  #takeHead(bytes: Uint8Array, at: number): number {
    const text = this.#text + latin1(bytes, at, bytes.length);
    if (!text.startsWith(PROTOCOL.slice(0, text.length))) {
      throw new SyntaxError("it does not speak HTTP/1.1");
    }
    const end = text.indexOf(END_OF_HEAD);
    if ((end === -1 ? text.length : end) > MAX_HEAD_BYTES) throw headTooLarge();
    this.#text = end === -1 ? text : "";
    if (end === -1) return bytes.length;
    this.#readHead(text.slice(0, end));
    return bytes.length - (text.length - end - END_OF_HEAD.length);
  }

  #readHead(head: string): void {
    const match = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |\r|$)/.exec(head);
    if (match === null) throw new SyntaxError("it does not speak HTTP/1.1");
    if (/\n[:\s]/.test(head)) throw new SyntaxError("a field of its head has no name");
    this.status = Number(match[2]);
    // Case: 100 Continue -> the answer is still to come
    if (this.status < 200) return;
    this.#isKept = match[1] === "1" && !/\bclose\b/i.test(fieldOf(head, CONNECTION) ?? "");
    const coding = fieldOf(head, TRANSFER_CODING) ?? fieldOf(head, CONTENT_CODING) ?? "identity";
    this.#isChunked = coding.toLowerCase() === "chunked";
    if (!this.#isChunked && coding.toLowerCase() !== "identity") {
      throw new SyntaxError(`it is coded as "${coding}"`);
    }
    this.#beginBody(fieldOf(head, LENGTH));
  }

  #beginBody(length: string | undefined): void {
    if (this.status === 204 || this.status === 304) {
      this.#part = "done";
    } else if (this.#isChunked) {
      this.#part = "size";
    } else {
      this.#left = length === undefined ? Infinity : Number(length);
      if (!/^\d*$/.test(length ?? "")) throw new SyntaxError("its length is no number");
      if (length !== undefined && this.#left > this.#maxBytes) throw tooLarge(this.#maxBytes);
      this.#part = this.#left === 0 ? "done" : "data";
    }
  }

  #takeLine(bytes: Uint8Array, at: number): number {
    const feed = bytes.indexOf(LINE_FEED, at);
    const end = feed === -1 ? bytes.length : feed;
    this.#text += latin1(bytes, at, end);
    if (this.#text.length > MAX_HEAD_BYTES) throw headTooLarge();
    if (feed === -1) return end;
    const line = this.#text.endsWith("\r") ? this.#text.slice(0, -1) : this.#text;
    this.#text = "";
    this.#readLine(line);
    return feed + 1;
  }

  #readLine(line: string): void {
    switch (this.#part) {
      case "size":
        return this.#readSize(line);
      case "chunk end":
        if (line !== "") throw new SyntaxError("a chunk has no end");
        this.#part = "size";
        return;
      case "trailers":
        if (line === "") this.#part = "done";
    }
  }

  #readSize(line: string): void {
    const [, digits] = /^([\da-f]{1,12})[ \t]*(?:;|$)/i.exec(line) ?? [];
    if (digits === undefined) throw new SyntaxError("a chunk has no size");
    this.#left = Number.parseInt(digits, 16);
    this.#part = this.#left === 0 ? "trailers" : "data";
  }
}

const CONNECTION = /\nconnection:([^\r\n]*)/i;
const CONTENT_CODING = /\ncontent-encoding:([^\r\n]*)/i;
const LENGTH = /\ncontent-length:([^\r\n]*)/i;
const TRANSFER_CODING = /\ntransfer-encoding:([^\r\n]*)/i;

function fieldOf(head: string, field: RegExp): string | undefined {
  return field.exec(head)?.[1]?.trim();
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
}

function headTooLarge(): RangeError {
  return new RangeError("its head is too large");
}

function tooLarge(maxBytes: number): RangeError {
  return new RangeError(`it is larger than ${maxBytes} bytes`);
}
