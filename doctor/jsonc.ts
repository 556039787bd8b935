/**
 * JSON as people write it into configuration files: with comments, and commas too many.
 *
 * @module
 */
import type { Fields } from "./snapshot.ts";

// Each matches also where its end is missing: what can't be closed must not be looked for again and again.
const COMMENT_REGEXP = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/g;
const COMMA_REGEXP = /"(?:[^"\\\n]|\\.)*"?|,(?=\s*[}\]])/g;

/** Reads an object; `undefined` if it is none. */
export function parseJsonc(text: string): Fields | undefined {
  const plain = text.replace(/^\uFEFF/, "");
  const value = parse(plain) ??
    parse(plain.replace(COMMENT_REGEXP, keepTexts).replace(COMMA_REGEXP, keepTexts));
  // Any object can be asked for any name.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Fields
    : undefined;
}

function keepTexts(token: string): string {
  return token.startsWith('"') ? token : " ";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
