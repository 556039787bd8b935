/**
 * Finds where a page's own scripts and styles take a nonce: behind the names of their tags.
 *
 * Of two attributes with one name the parser keeps the first, so what is put there also replaces a placeholder.
 *
 * @module
 */
import {
  bogusCommentEnd,
  commentEnd,
  isAsciiLetter,
  rawTextEnd,
  readAttributes,
  scriptEnd,
  tagEnd,
  tagName,
  tagNameEnd,
} from "./html_tokens.ts";

/** Where nonces go. */
export interface NonceSlots {
  /** Offsets in ascending order; ` nonce="…"` goes in at each. */
  readonly offsets: readonly number[];
  /** Whether the page has the element in which Vite's client looks for the nonce. */
  readonly hasMeta: boolean;
}

/** Elements whose content is text up to their end tag. */
const RAW_TEXT = new Set(["style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"]);
/** Links that a policy for scripts or styles applies to. */
const LINK_REGEXP = /(?:^|\s)(?:stylesheet|modulepreload|preload)(?:\s|$)/i;

/** Finds the slots in a document that we trust: whoever wrote its scripts wanted them to run. */
export function findNonceSlots(html: string): NonceSlots {
  const offsets: number[] = [];
  let hasMeta = false;
  for (let at = html.indexOf("<"); at >= 0; at = html.indexOf("<", at)) {
    const code = html.charCodeAt(at + 1);
    if (!isAsciiLetter(code)) {
      at = markupEnd(html, at);
      continue;
    }
    const nameEnd = tagNameEnd(html, at + 1);
    const end = tagEnd(html, nameEnd);
    if (end < 0) break;
    const name = tagName(html, at + 1, nameEnd);
    if (takesNonce(name, html, nameEnd)) offsets.push(nameEnd);
    if (name === "meta" && isNonceMeta(html, nameEnd)) {
      hasMeta = true;
      offsets.push(nameEnd);
    }
    at = contentEnd(html, end, name);
  }
  return { offsets, hasMeta };
}

/** Behind a comment, a declaration or an end tag; at least one code unit further. */
function markupEnd(html: string, at: number): number {
  const code = html.charCodeAt(at + 1);
  const end = html.startsWith("<!--", at)
    ? commentEnd(html, at + 4)
    : code === 0x21 || code === 0x3f // "!" and "?"
    ? bogusCommentEnd(html, at + 2)
    : at + 1;
  return end < 0 ? html.length : end;
}

function contentEnd(html: string, at: number, name: string): number {
  if (name === "plaintext") return html.length;
  const end = name === "script"
    ? scriptEnd(html, at)
    : RAW_TEXT.has(name)
    ? rawTextEnd(html, at, name)
    : at;
  return end < 0 ? html.length : end;
}

function takesNonce(name: string, html: string, nameEnd: number): boolean {
  if (name === "script" || name === "style") return true;
  return name === "link" && LINK_REGEXP.test(readAttributes(html, nameEnd).get("rel") ?? "");
}

function isNonceMeta(html: string, nameEnd: number): boolean {
  return readAttributes(html, nameEnd).get("property")?.toLowerCase() === "csp-nonce";
}
