/**
 * A page of which all is known but a nonce and a token: bytes with holes, filled for each request.
 *
 * To join texts and have the runtime encode them costs Bun 0.9 µs more, of 11 for a page of 2 KB.
 *
 * @module
 */
import { scriptJson } from "./script_json.ts";

/** Stand where a nonce and a token are to go: texts that the page does not hold anywhere else, of letters, digits and hyphens. */
export interface Marks {
  readonly nonce: string;
  readonly token: string;
}

const ENCODER = new TextEncoder();

/** By character code: whether it stands as it is within a string of a script, and is one byte. */
const PLAIN = Uint8Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  return scriptJson(character) === `"${character}"` ? 1 : 0;
});

/** Bytes with holes. */
export class PageStencil {
  /** Of texts that stand between marks: one more than there are marks. */
  readonly #texts: readonly Uint8Array[];
  readonly #marks: readonly (keyof Marks)[];
  readonly #at: { readonly nonce: number[]; readonly token: number[] } = { nonce: [], token: [] };
  #bytes = new Uint8Array(0);
  #nonceLength = -1;
  #tokenLength = -1;

  /**
   * Makes a stencil.
   *
   * @param html The page, with marks in it.
   */
  constructor(html: string, marks: Marks) {
    const parts = html.split(new RegExp(`(${marks.nonce}|${marks.token})`));
    this.#texts = parts.filter((_, index) => index % 2 === 0).map((text) => ENCODER.encode(text));
    this.#marks = parts.filter((_, index) => index % 2 === 1)
      .map((mark) => mark === marks.nonce ? "nonce" : "token");
  }

  /**
   * Fills the holes.
   *
   * @param token Stands between the quotes of a string.
   * @returns The page; the same memory each time, so it has to be copied before the next call, as `new Response` does
   *   (Fetch §5.2, "a copy of the bytes"). `undefined` if what goes in would have to be escaped, or is not ASCII.
   */
  fill(nonce: string, token: string): Uint8Array<ArrayBuffer> | undefined {
    const fits = this.#nonceLength === nonce.length && this.#tokenLength === token.length;
    if (!fits) this.#lay(nonce.length, token.length);
    const { nonce: nonces, token: tokens } = this.#at;
    return write(this.#bytes, nonces, nonce) && write(this.#bytes, tokens, token)
      ? this.#bytes
      : undefined;
  }

  /** Lays the texts out around holes of these lengths. */
  #lay(nonceLength: number, tokenLength: number): void {
    this.#nonceLength = nonceLength;
    this.#tokenLength = tokenLength;
    const lengthOf = { nonce: nonceLength, token: tokenLength };
    const holes = this.#marks.map((mark) => lengthOf[mark]);
    const texts = this.#texts.map(({ length }) => length);
    this.#bytes = new Uint8Array([...texts, ...holes].reduce((sum, length) => sum + length, 0));
    this.#at.nonce.length = this.#at.token.length = 0;
    let end = 0;
    for (const [index, text] of this.#texts.entries()) {
      this.#bytes.set(text, end);
      end += text.length;
      const mark = this.#marks[index];
      if (mark === undefined) break;
      this.#at[mark].push(end);
      end += lengthOf[mark];
    }
  }
}

/** @returns Whether it is plain. */
function write(bytes: Uint8Array, places: readonly number[], text: string): boolean {
  const [first] = places;
  if (first === undefined) return true;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (PLAIN[code] !== 1) return false;
    bytes[first + index] = code;
  }
  // Of five holes of 32 bytes it takes 0.1 µs, and a loop over both 0.2 (bun 1.4).
  for (let next = 1; next < places.length; next++) {
    bytes.copyWithin(places[next] ?? 0, first, first + text.length);
  }
  return true;
}
