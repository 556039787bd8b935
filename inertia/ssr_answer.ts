/**
 * Reads one answer of HTTP/1.1 from a connection's bytes, and no more of it than is allowed.
 *
 * @module
 */

/** Of the head, trailers and sizes of chunks together. */
const MAX_LINE_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
const DECODER = new TextDecoder("latin1");

type Part = "status" | "fields" | "size" | "data" | "chunk end" | "trailers" | "done";

/** What the next bytes are, and what was read so far. */
export class AnswerReader {
  /** The status of the answer. */
  status = 0;
  readonly #maxBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #part: Part = "status";
  #line = "";
  #lineBytes = 0;
  #bodyBytes = 0;
  /** Of the body, or of a chunk; infinite where the end of the connection ends it. */
  #left = Infinity;
  #isChunked = false;
  #isKept = true;
  #length: number | undefined;

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
    const decoder = new TextDecoder();
    const texts = this.#pieces.map((piece) => decoder.decode(piece, { stream: true }));
    return texts.join("") + decoder.decode();
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
      at = this.#part === "data" ? this.#takeData(bytes, at) : this.#takeLine(bytes, at);
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

  #takeLine(bytes: Uint8Array, at: number): number {
    const feed = bytes.indexOf(LINE_FEED, at);
    const end = feed === -1 ? bytes.length : feed;
    this.#lineBytes += end - at;
    if (this.#lineBytes > MAX_LINE_BYTES) throw new RangeError("its head is too large");
    this.#line += DECODER.decode(bytes.subarray(at, end));
    if (feed === -1) return end;
    const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
    this.#line = "";
    this.#read(line);
    return feed + 1;
  }

  #read(line: string): void {
    switch (this.#part) {
      case "status":
        return this.#readStatus(line);
      case "fields":
        return line === "" ? this.#beginBody() : this.#readField(line);
      case "size":
        return this.#readSize(line);
      case "chunk end":
        if (line !== "") throw new SyntaxError("a chunk has no end");
        this.#lineBytes = 0;
        this.#part = "size";
        return;
      case "trailers":
        if (line === "") this.#part = "done";
    }
  }

  #readStatus(line: string): void {
    const match = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/.exec(line);
    if (match === null) throw new SyntaxError("it does not speak HTTP/1.1");
    this.#isKept = match[1] === "1";
    this.status = Number(match[2]);
    this.#part = "fields";
  }

  #readField(line: string): void {
    const [, name = "", value = ""] = /^([^\s:]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    switch (name.toLowerCase()) {
      case "":
        throw new SyntaxError("a field of its head has no name");
      case "content-length":
        if (!/^\d{1,15}$/.test(value)) throw new SyntaxError("its length is no number");
        this.#length = Number(value);
        return;
      case "transfer-encoding":
        if (value.toLowerCase() !== "chunked") throw new SyntaxError(`it is coded as "${value}"`);
        this.#isChunked = true;
        return;
      case "content-encoding":
        if (value.toLowerCase() !== "identity") throw new SyntaxError(`it is coded as "${value}"`);
        return;
      case "connection":
        if (/\bclose\b/i.test(value)) this.#isKept = false;
    }
  }

  #beginBody(): void {
    // Case: 100 Continue -> the answer is still to come
    if (this.status < 200) {
      this.#part = "status";
    } else if (this.status === 204 || this.status === 304) {
      this.#part = "done";
    } else if (this.#isChunked) {
      this.#part = "size";
    } else {
      this.#left = this.#length ?? Infinity;
      if (this.#length !== undefined && this.#length > this.#maxBytes) {
        throw tooLarge(this.#maxBytes);
      }
      this.#part = this.#left === 0 ? "done" : "data";
    }
  }

  #readSize(line: string): void {
    const [, digits] = /^([\da-f]{1,12})[ \t]*(?:;|$)/i.exec(line) ?? [];
    if (digits === undefined) throw new SyntaxError("a chunk has no size");
    this.#left = Number.parseInt(digits, 16);
    this.#part = this.#left === 0 ? "trailers" : "data";
  }
}

function tooLarge(maxBytes: number): RangeError {
  return new RangeError(`it is larger than ${maxBytes} bytes`);
}
