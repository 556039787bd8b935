/**
 * Takes the bytes of a chunked body apart (RFC 9112 §7.1), strictly and in any pieces.
 *
 * @module
 */

/** What one piece of input gave. */
export interface ChunkedResult {
  /** Pieces of the body: views into the input. */
  readonly body: readonly Uint8Array[];
  /** Whether the body has ended, trailers included. */
  readonly done: boolean;
  /** What came behind the end: nothing from an honest upstream. */
  readonly rest: number;
}

/** Longest size line with its extensions, and longest trailer section, in bytes. */
const MAX_LINE_BYTES = 4096;

type State = "size" | "data" | "data-end" | "trailer" | "done";

/** An incremental decoder; one for each body. */
export class ChunkedDecoder {
  #state: State = "size";
  #line = "";
  #remaining = 0;
  #trailerBytes = 0;

  /**
   * Decodes the next bytes.
   *
   * @throws {SyntaxError} If they are not a chunked body. Lone LF as line end is refused: parsers disagree on it.
   */
  decode(bytes: Uint8Array): ChunkedResult {
    const body: Uint8Array[] = [];
    let at = 0;
    while (at < bytes.length && this.#state !== "done") {
      if (this.#state === "data") {
        const take = Math.min(this.#remaining, bytes.length - at);
        body.push(bytes.subarray(at, at + take));
        at += take;
        this.#remaining -= take;
        if (this.#remaining === 0) this.#state = "data-end";
      } else {
        at = this.#readLine(bytes, at);
      }
    }
    return { body, done: this.#state === "done", rest: bytes.length - at };
  }

  /** Collects a line; at its end acts on it. Returns the offset behind what it took. */
  #readLine(bytes: Uint8Array, start: number): number {
    const lf = bytes.indexOf(10, start);
    const end = lf < 0 ? bytes.length : lf + 1;
    if (this.#line.length + end - start > MAX_LINE_BYTES) throw chunkError("a line is too long");
    for (let i = start; i < end; i++) this.#line += String.fromCharCode(bytes[i] ?? 0);
    if (lf < 0) return end;
    if (!this.#line.endsWith("\r\n")) throw chunkError("a line ends without CR");
    const line = this.#line.slice(0, -2);
    this.#line = "";
    this.#endLine(line);
    return end;
  }

  #endLine(line: string): void {
    if (this.#state === "data-end") {
      if (line !== "") throw chunkError("a chunk is longer than its size says");
      this.#state = "size";
    } else if (this.#state === "trailer") {
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > MAX_LINE_BYTES) throw chunkError("the trailers are too long");
      // Trailers are dropped: neither runtime can send them on.
      if (line === "") this.#state = "done";
    } else {
      this.#remaining = parseChunkSize(line);
      this.#state = this.#remaining === 0 ? "trailer" : "data";
    }
  }
}

const CHUNK_SIZE_REGEXP = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?$/;

function parseChunkSize(line: string): number {
  // Case: "1a;x=y" -> 26; "0x1", "+1", "1_0", "" -> an error
  const match = CHUNK_SIZE_REGEXP.exec(line);
  if (match === null || line.includes("\r")) {
    throw chunkError(`"${line.slice(0, 20)}" is not a chunk size`);
  }
  return parseInt(match[1] ?? "", 16);
}

function chunkError(why: string): SyntaxError {
  return new SyntaxError(`Cannot decode the upstream's chunked body: ${why}`);
}
