/**
 * The elements of HTML by what they do to a reader of the text, and a quick way past all the others.
 *
 * @module
 */
import { isAsciiLetter, tagEnd, tagNameEnd } from "./html_tokens.ts";

/** What an element does to what follows its start tag. */
export type Element =
  | "raw"
  | "script"
  | "template"
  | "foreign"
  | "plaintext"
  | "select"
  | "body"
  | "frameset";

/** The elements of HTML that change how what follows is read. */
export const ELEMENTS: ReadonlyMap<string, Element> = new Map<string, Element>([
  ["script", "script"],
  ["template", "template"],
  ["svg", "foreign"],
  ["math", "foreign"],
  ["plaintext", "plaintext"],
  ["select", "select"],
  ["body", "body"],
  ["frameset", "frameset"],
  ["style", "raw"],
  ["title", "raw"],
  ["textarea", "raw"],
  ["noscript", "raw"],
  ["noframes", "raw"],
  ["noembed", "raw"],
  ["iframe", "raw"],
  ["xmp", "raw"],
]);

/** Start tags that stay in the head; behind `</head>` the parser puts them back into it, all but `<noscript>`. */
export const HEAD_CONTENT: ReadonlySet<string> = new Set([
  ...["base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style"],
  ...["template", "title"],
]);

/** End tags that start the head or the body where there is none yet; any other is dropped there. */
export const IMPLYING_END_TAGS: ReadonlySet<string> = new Set(["head", "body", "html", "br"]);

const SLASH = 0x2f;

/**
 * Length and first two letters of the names in {@linkcode ELEMENTS} and of `</html>`: a look here, without a string
 * made, is all that nine in ten tags of a body need.
 */
const NAME_SHAPES: Uint8Array = nameShapes([...ELEMENTS.keys(), "html"]);

function nameShapes(names: readonly string[]): Uint8Array {
  const shapes = new Uint8Array(32 * 32 * 16);
  for (const name of names) shapes[nameShape(name, 0, name.length)] = 1;
  return shapes;
}

function nameShape(html: string, start: number, end: number): number {
  const letters = (html.charCodeAt(start) & 0x1f) << 5 | html.charCodeAt(start + 1) & 0x1f;
  return letters << 4 | Math.min(end - start, 15);
}

/** The first markup of a body at or behind `at` that is more than a plain tag, or the end of the text. */
export function skipPlainTags(html: string, at: number): number {
  for (;;) {
    const next = html.indexOf("<", at);
    if (next === -1) return html.length;
    const start = html.charCodeAt(next + 1) === SLASH ? next + 2 : next + 1;
    if (!isAsciiLetter(html.charCodeAt(start))) return next;
    const nameEnd = tagNameEnd(html, start);
    if (NAME_SHAPES[nameShape(html, start, nameEnd)] === 1) return next;
    at = tagEnd(html, nameEnd);
    if (at === -1) return next;
  }
}
