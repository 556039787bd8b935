/**
 * Finds the empty element of a page that an app is rendered into, and the page's title.
 *
 * @module
 */
import { ELEMENTS } from "./html_elements.ts";
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

/** A part of a page: the offset of its first character, and of the one behind it. */
export interface PagePart {
  readonly start: number;
  readonly end: number;
}

/** What can be replaced in a page. */
export interface PageRoot {
  /** The element with its tags, and what stands between them: white space and comments at most. */
  readonly root: PagePart | undefined;
  /** The first `<title>` in front of it. */
  readonly title: PagePart | undefined;
  /** Ids of the elements that were seen, for an error to name. */
  readonly ids: readonly string[];
}

const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;

/**
 * Finds the root element.
 *
 * What is in a comment, a script, a template or an SVG is none.
 *
 * @param html The page.
 * @param id The element's id.
 */
export function findRoot(html: string, id: string): PageRoot {
  return new RootScanner(html, id).scan();
}

class RootScanner {
  readonly #html: string;
  readonly #id: string;
  readonly #ids: string[] = [];
  #title: PagePart | undefined;
  #root: PagePart | undefined;
  #at = 0;
  /** The name of the `<template>`, `<svg>` or `<math>` around `#at`, and how many of them there are. */
  #inert: { readonly name: string; depth: number } | undefined;

  constructor(html: string, id: string) {
    this.#html = html;
    this.#id = id;
  }

  scan(): PageRoot {
    while (this.#root === undefined) {
      const next = this.#html.indexOf("<", this.#at);
      if (next === -1) break;
      this.#at = this.#markup(next, this.#html.charCodeAt(next + 1));
    }
    return { root: this.#root, title: this.#title, ids: this.#ids };
  }

  /** Returns where to go on; the end of the text if what begins here has no end. */
  #markup(start: number, code: number): number {
    if (isAsciiLetter(code)) return this.#startTag(start);
    if (code === SLASH) return this.#endTag(start);
    if (code === EXCLAMATION || code === QUESTION) return this.#declaration(start);
    return start + 1;
  }

  #orLast(end: number): number {
    return end === -1 ? this.#html.length : end;
  }

  #declaration(start: number): number {
    const isComment = this.#html.startsWith("<!--", start);
    return this.#orLast(
      isComment ? commentEnd(this.#html, start + 4) : bogusCommentEnd(this.#html, start + 2),
    );
  }

  #endTag(start: number): number {
    const nameEnd = tagNameEnd(this.#html, start + 2);
    const name = tagName(this.#html, start + 2, nameEnd);
    if (this.#inert?.name === name && --this.#inert.depth === 0) this.#inert = undefined;
    return this.#orLast(tagEnd(this.#html, nameEnd));
  }

  #startTag(start: number): number {
    const nameEnd = tagNameEnd(this.#html, start + 1);
    const end = tagEnd(this.#html, nameEnd);
    if (end === -1) return this.#html.length;
    const name = tagName(this.#html, start + 1, nameEnd);
    const kind = ELEMENTS.get(name);
    if (kind === "script") return this.#orLast(scriptEnd(this.#html, end));
    if (kind === "raw") return this.#rawText(name, start, end);
    if (kind === "plaintext") return this.#html.length;
    if (this.#inert !== undefined) {
      if (this.#inert.name === name) this.#inert.depth++;
      return end;
    }
    if (kind === "template" || kind === "foreign") {
      // `<svg/>` is closed already.
      if (kind === "template" || this.#html.charCodeAt(end - 2) !== SLASH) {
        this.#inert = { name, depth: 1 };
      }
      return end;
    }
    const id = readAttributes(this.#html, nameEnd).get("id");
    if (id !== undefined) this.#ids.push(id);
    if (id === this.#id) this.#root = this.#emptyElement(name, start, end);
    return end;
  }

  #rawText(name: string, start: number, end: number): number {
    const last = this.#orLast(rawTextEnd(this.#html, end, name));
    if (name === "title" && this.#inert === undefined) this.#title ??= { start, end: last };
    return last;
  }

  #emptyElement(name: string, start: number, end: number): PagePart | undefined {
    let at = end;
    for (;;) {
      const next = this.#html.indexOf("<", at);
      if (next === -1 || this.#html.slice(at, next).trim() !== "") return undefined;
      if (!this.#html.startsWith("<!--", next)) return this.#closing(name, start, next);
      at = this.#orLast(commentEnd(this.#html, next + 4));
    }
  }

  #closing(name: string, start: number, at: number): PagePart | undefined {
    const nameEnd = tagNameEnd(this.#html, at + 2);
    if (this.#html.charCodeAt(at + 1) !== SLASH) return undefined;
    if (tagName(this.#html, at + 2, nameEnd) !== name) return undefined;
    const end = tagEnd(this.#html, nameEnd);
    return end === -1 ? undefined : { start, end };
  }
}
