/**
 * JSON as people write it into configuration files: with comments, and commas too many.
 *
 * @module
 */
import type { Fields } from "./snapshot.ts";

/** A text, a comment, or a comma before a bracket. A comment ends at its first end, whatever would match behind it. */
const TOKEN_REGEXP =
  /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*[}\]])/g;

/** Reads an object; `undefined` if it is none. */
export function parseJsonc(text: string): Fields | undefined {
  const plain = text.replace(/^\uFEFF/, "");
  const value = parse(plain) ??
    parse(plain.replace(TOKEN_REGEXP, (token) => token.startsWith('"') ? token : " "));
  // Any object can be asked for any name.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Fields
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
