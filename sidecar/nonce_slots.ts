/**
 * Finds where a page's own scripts and styles take a nonce: behind the names of their tags.
 *
 * Of two attributes with one name the parser keeps the first, so what is put there also replaces a placeholder.
 *
 * @module
 */
import { ELEMENTS } from "./html_elements.ts";
import {
  bogusCommentEnd,
  cdataEnd,
  commentEnd,
  isAsciiLetter,
  rawTextEnd,
  readAttributes,
  scriptEnd,
  tagEnd,
  tagName,
  tagNameEnd,
} from "./html_tokens.ts";
import { OpenElements } from "./open_elements.ts";

/** Where nonces go. */
export interface NonceSlots {
  /** Offsets in ascending order; ` nonce="…"` goes in at each. */
  readonly offsets: readonly number[];
  /** Whether the page has the element in which Vite's client looks for the nonce. */
  readonly hasMeta: boolean;
  /** Whether a parser surely reads the page so; false where only its whole tree tells, as for a stray tag in SVG. */
  readonly isCertain: boolean;
}

/** Links that a policy for scripts or styles applies to. */
const LINK_REGEXP = /(?:^|\s)(?:stylesheet|modulepreload|preload)(?:\s|$)/i;

const EXCLAMATION = 0x21;
const SLASH = 0x2f;
const QUESTION = 0x3f;

/** Finds the slots in a document that we trust: whoever wrote its scripts wanted them to run. */
export function findNonceSlots(html: string): NonceSlots {
  return new NonceScanner(html).scan();
}

class NonceScanner {
  readonly #html: string;
  readonly #open: OpenElements;
  readonly #offsets: number[] = [];
  #at = 0;
  #hasMeta = false;
  #isCertain = true;
  #isInSelect = false;

  constructor(html: string) {
    this.#html = html;
    this.#open = new OpenElements(html);
  }

  scan(): NonceSlots {
    for (;;) {
      const next = this.#html.indexOf("<", this.#at);
      if (next === -1) break;
      this.#markup(next, this.#html.charCodeAt(next + 1));
    }
    return { offsets: this.#offsets, hasMeta: this.#hasMeta, isCertain: this.#isCertain };
  }

  #markup(start: number, code: number): void {
    if (isAsciiLetter(code)) return this.#startTag(start);
    if (code === SLASH) return this.#closingMarkup(start);
    if (code === EXCLAMATION || code === QUESTION) return this.#declaration(start);
    // Case: `a < b` -> text
    this.#at = start + 1;
  }

  /** Goes on at `end`, or nowhere: what stays open hides all that follows. */
  #advance(end: number): void {
    this.#at = end === -1 ? this.#html.length : end;
  }

  #declaration(start: number): void {
    if (this.#html.startsWith("<!--", start)) {
      return this.#advance(commentEnd(this.#html, start + 4));
    }
    const { cdata } = this.#open;
    if (cdata !== "comment" && this.#html.startsWith("<![CDATA[", start)) {
      if (cdata === "unsure" || this.#isInSelect) this.#isCertain = false;
      return this.#advance(cdataEnd(this.#html, start));
    }
    this.#advance(bogusCommentEnd(this.#html, start + 2));
  }

  #closingMarkup(start: number): void {
    if (!isAsciiLetter(this.#html.charCodeAt(start + 2))) {
      return this.#advance(bogusCommentEnd(this.#html, start + 2));
    }
    const nameEnd = tagNameEnd(this.#html, start + 2);
    this.#advance(tagEnd(this.#html, nameEnd));
    const name = tagName(this.#html, start + 2, nameEnd);
    if (name === "select") this.#isInSelect = false;
    if (!this.#open.isEmpty && this.#open.close(name) === "unsure") this.#isCertain = false;
  }

  #startTag(start: number): void {
    const nameEnd = tagNameEnd(this.#html, start + 1);
    const end = tagEnd(this.#html, nameEnd);
    this.#advance(end);
    if (end === -1) return;
    const name = tagName(this.#html, start + 1, nameEnd);
    const isForeign = this.#open.takesAsForeign(name, nameEnd);
    if (!isForeign && this.#open.drops(name)) return;
    this.#takeSlot(name, nameEnd);
    if (!isForeign) return this.#element(name, start, nameEnd);
    if (this.#isInSelect) this.#isCertain = false;
    this.#open.openForeign(name, start, nameEnd, end);
  }

  #takeSlot(name: string, nameEnd: number): void {
    const isMeta = name === "meta" && this.#attribute(nameEnd, "property") === "csp-nonce";
    if (isMeta) this.#hasMeta = true;
    const isLink = name === "link" && LINK_REGEXP.test(this.#attribute(nameEnd, "rel"));
    if (isMeta || isLink || name === "script" || name === "style") this.#offsets.push(nameEnd);
  }

  #attribute(nameEnd: number, name: string): string {
    return readAttributes(this.#html, nameEnd).get(name)?.toLowerCase() ?? "";
  }

  /** Takes a start tag of HTML; `#at` is behind it. */
  #element(name: string, start: number, nameEnd: number): void {
    switch (ELEMENTS.get(name)) {
      case "script":
        return this.#advance(scriptEnd(this.#html, this.#at));
      case "raw":
        return this.#rawText(name);
      case "plaintext":
        if (this.#isInSelect) this.#isCertain = false;
        return this.#advance(-1);
      case "template":
        return this.#open.openTemplate(start);
      case "foreign":
        if (this.#isInSelect) this.#isCertain = false;
        return this.#open.openForeign(name, start, nameEnd, this.#at);
      case "frameset":
        // It may take the place of the body, and drops all but frames.
        this.#isCertain = false;
        break;
      case "select":
        this.#isInSelect = true;
    }
    this.#open.openHtml(name, start);
  }

  #rawText(name: string): void {
    if (this.#isInSelect && name !== "textarea") this.#isCertain = false;
    const start = this.#at;
    this.#advance(rawTextEnd(this.#html, start, name));
    // For a browser without scripts they are elements, and the policy holds for its styles too.
    if (name !== "noscript") return;
    const { offsets } = findNonceSlots(this.#html.slice(start, this.#at));
    for (const offset of offsets) this.#offsets.push(start + offset);
  }
}
