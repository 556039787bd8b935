/**
 * Names that nobody guesses.
 *
 * @module
 */

/** Bytes of chance in an id: 256 bits. */
const ID_BYTES = 32;

/** An id: 64 hexadecimal digits, for a store may fold the case of its keys. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What an id looks like. */
export const ID_REGEXP = /^[0-9a-f]{64}$/;
