/**
 * The text of HTTP/1.1 messages: request heads out, response heads in, and how long a body is.
 *
 * Strict where leniency would let two programs disagree on where a message ends (RFC 9112 §6.3, §11.2).
 *
 * @module
 */

/** A header field; the name in lower case. */
export type Field = readonly [name: string, value: string];

/** A response head. */
export interface ResponseHead {
  /** 100 to 999. */
  readonly status: number;
  /** Whether the status line says HTTP/1.1 (else 1.0). */
  readonly isHttp11: boolean;
  /** In the order received, duplicates kept. */
  readonly fields: readonly Field[];
  /** Offset of the first byte behind the head. */
  readonly end: number;
}

/** How the end of a body is found. */
export type Framing =
  /** There is none. */
  | { readonly kind: "none" }
  /** So many bytes. */
  | { readonly kind: "length"; readonly bytes: number }
  /** `Transfer-Encoding: chunked`. */
  | { readonly kind: "chunked" }
  /** Until the connection ends. */
  | { readonly kind: "close" };

/** nginx, Node and Envoy cap a head between 16 and 64 KiB; the largest of these loses nobody. */
export const MAX_HEAD_BYTES: number = 64 * 1024;
/** Node's default for one direction is 2,000 fields; no real answer comes near 256. */
export const MAX_FIELDS: number = 256;

const TOKEN_REGEXP = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Tab, visible ASCII and obs-text; never NUL, CR, LF or another control (RFC 9110 §5.5).
// deno-lint-ignore no-control-regex
const BAD_VALUE_REGEXP = /[\x00-\x08\x0a-\x1f\x7f]/;
const PLAIN_VALUE_REGEXP = /^[\t\x20-\x7e]*$/;
// What ends a line or a string in some parser. Runtimes refuse these in the headers that they receive.
const BREAKING_REGEXP = /[\0\r\n]/;
const LENGTH_REGEXP = /^\d{1,15}$/;
const STATUS_LINE_REGEXP = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("latin1");

/**
 * Renders a request head.
 *
 * @param method The method, a token.
 * @param target The request target in origin form, exactly as it goes over the wire.
 * @param fields The header fields, `host` and framing included.
 * @returns The bytes up to and including the empty line.
 * @throws {TypeError} If the method, the target or a field could break out of its line.
 */
export function renderRequestHead(
  method: string,
  target: string,
  fields: readonly Field[],
): Uint8Array<ArrayBuffer> {
  if (!TOKEN_REGEXP.test(method)) {
    throw new TypeError(`Cannot send "${method}" as a method: it is not a token`);
  }
  // deno-lint-ignore no-control-regex
  if (!target.startsWith("/") || /[\x00-\x20\x7f]/.test(target)) {
    throw new TypeError(`Cannot send "${target}" as a request target: it is not in origin form`);
  }
  let text = `${method} ${target} HTTP/1.1\r\n`;
  for (const [name, value] of fields) {
    if (BREAKING_REGEXP.test(value)) {
      throw new TypeError(`Cannot send the field "${name}": its value holds a control character`);
    }
    text += `${name}: ${value}\r\n`;
  }
  return encodeLatin1(`${text}\r\n`);
}

/** Encodes a string of code points up to U+00FF, one byte each; anything above becomes `?`. */
export function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  // The common case is pure ASCII, where UTF-8 and Latin-1 agree and the native encoder is ten times as fast.
  // Beyond ASCII, UTF-8 is longer, so the encoder runs out of room before the end.
  if (ENCODER.encodeInto(text, bytes).read === text.length) return bytes;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code > 0xff ? 0x3f : code;
  }
  return bytes;
}

/**
 * Parses a response head.
 *
 * @param bytes What has been received so far, from the first byte of the head on.
 * @returns The head, or `undefined` while the empty line is still missing.
 * @throws {SyntaxError} If it is not an HTTP/1.x response head, or a larger one than anybody needs.
 */
export function parseResponseHead(bytes: Uint8Array): ResponseHead | undefined {
  const length = findHeadEnd(bytes);
  if (length === undefined) {
    if (bytes.length >= MAX_HEAD_BYTES) throw headError("it has no end within 64 KiB");
    return undefined;
  }
  const text = DECODER.decode(bytes.subarray(0, length));
  const firstEnd = lineEnd(text, 0);
  const status = STATUS_LINE_REGEXP.exec(text.slice(0, firstEnd));
  if (status === null) throw headError("the first line is not a status line of HTTP/1.x");
  return {
    status: Number(status[2]),
    isHttp11: status[1] === "1",
    fields: parseFields(text, firstEnd),
    end: length + 4,
  };
}

/** Found line by line: to split the text first, and to test each name, took a whole head 1.7 µs where it takes 0.9 now (Bun). */
function parseFields(text: string, firstEnd: number): Field[] {
  const fields: Field[] = [];
  for (let end = firstEnd; end < text.length;) {
    if (fields.length === MAX_FIELDS) throw headError(`it has more than ${MAX_FIELDS} fields`);
    const start = end + 2;
    end = lineEnd(text, start);
    fields.push(parseField(text, start, end));
  }
  return fields;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\r\n", from);
  return end < 0 ? text.length : end;
}

/** The offset of the empty line. Found in the bytes: to decode the body behind it would cost 0.5 µs on Deno. */
function findHeadEnd(bytes: Uint8Array): number | undefined {
  const limit = Math.min(bytes.length, MAX_HEAD_BYTES);
  for (let at = 3; at < limit;) {
    const byte = bytes[at] ?? 0;
    // None of the four: the end is behind it, as a whole.
    if (byte > 13) at += 4;
    else if (byte === 10 && isHeadEnd(bytes, at)) return at - 3;
    else at++;
  }
  return undefined;
}

function isHeadEnd(bytes: Uint8Array, lf: number): boolean {
  return bytes[lf - 1] === 13 && bytes[lf - 2] === 10 && bytes[lf - 3] === 13;
}

function parseField(text: string, start: number, end: number): Field {
  const colon = text.indexOf(":", start);
  const name = fieldName(text.slice(start, colon < 0 || colon > end ? start : colon));
  if (name === undefined) {
    throw headError(`"${text.slice(start, end).slice(0, 40)}" is not a field`);
  }
  const value = trimOws(text, colon + 1, end);
  // Nearly all are plain, and one test says so.
  if (PLAIN_VALUE_REGEXP.test(value)) return [name, value];
  if (BAD_VALUE_REGEXP.test(value)) throw headError(`the field "${name}" has a control character`);
  return [name, toByteString(value)];
}

/** Names that an upstream sent, as they were written, in lower case. */
const knownNames = new Map<string, string>();
/** Servers use some dozens; who sends more gains nothing by them. */
const MAX_KNOWN_NAMES = 256;

/** A space before the colon or a folded line lets two parsers read two different fields (RFC 9112 §5.1, §5.2). */
function fieldName(written: string): string | undefined {
  const known = knownNames.get(written);
  if (known !== undefined) return known;
  if (!TOKEN_REGEXP.test(written)) return undefined;
  const name = written.toLowerCase();
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(written, name);
  return name;
}

/** Removes optional white space of HTTP: spaces and tabs only, where `trim` would take more. */
function trimOws(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

// The decoder named "latin1" is windows-1252, so 0x80–0x9f come out above U+00FF, where no header may go.
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

function toByteString(value: string): string {
  return value.replace(/[^\x20-\x7e\t\xa0-\xff]/g, (character) => {
    const index = WINDOWS_1252.indexOf(character);
    return index < 0 ? "?" : String.fromCharCode(0x80 + index);
  });
}

function headError(why: string): SyntaxError {
  return new SyntaxError(`Cannot parse the head of the upstream's response: ${why}`);
}

/**
 * Says how the end of a response's body is found (RFC 9112 §6.3).
 *
 * @param method The method of the request.
 * @param head The response head.
 * @returns The framing.
 * @throws {SyntaxError} If the head contradicts itself, as in response splitting.
 */
export function responseFraming(method: string, head: ResponseHead): Framing {
  const codings = valuesOf(head.fields, "transfer-encoding");
  const lengths = valuesOf(head.fields, "content-length");
  if (codings.length > 0 && lengths.length > 0) {
    throw headError("it has both Transfer-Encoding and Content-Length");
  }
  const length = lengths.length === 0 ? undefined : parseLength(lengths);
  if (method === "HEAD" || head.status < 200 || head.status === 204 || head.status === 304) {
    return { kind: "none" };
  }
  if (codings.length > 0) {
    if (codings.length > 1 || codings[0]?.toLowerCase() !== "chunked") {
      throw headError(`the transfer coding "${codings.join(", ")}" is not "chunked"`);
    }
    return { kind: "chunked" };
  }
  if (length === undefined) return { kind: "close" };
  return length === 0 ? { kind: "none" } : { kind: "length", bytes: length };
}

function parseLength(values: readonly string[]): number {
  const value = values[0] ?? "";
  // Equal duplicates are allowed by RFC 9110 §8.6 but have no honest source.
  if (values.length > 1 || !LENGTH_REGEXP.test(value)) {
    throw headError(`the content length "${values.join(", ")}" is not one number`);
  }
  return Number(value);
}

/** All values of a field, in order. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  const values: string[] = [];
  for (const [key, value] of fields) if (key === name) values.push(value);
  return values;
}

/**
 * Whether the connection may carry another exchange after this one (RFC 9112 §9.3).
 *
 * @param head The response head.
 * @param framing The framing of its body.
 */
export function isPersistent(head: ResponseHead, framing: Framing): boolean {
  if (framing.kind === "close" || !head.isHttp11) return false;
  return !valuesOf(head.fields, "connection").some((value) => /\bclose\b/i.test(value));
}

/** The end of a chunked body. */
export const LAST_CHUNK: Uint8Array<ArrayBuffer> = ENCODER.encode("0\r\n\r\n");

/** Puts the size line before and the line end behind a chunk's bytes; at least one byte. */
export function renderChunk(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const size = ENCODER.encode(`${bytes.length.toString(16)}\r\n`);
  const chunk = new Uint8Array(size.length + bytes.length + 2);
  chunk.set(size);
  chunk.set(bytes, size.length);
  chunk[chunk.length - 2] = 13;
  chunk[chunk.length - 1] = 10;
  return chunk;
}
