/**
 * Finds the places of an HTML document where something can be put in: one pass, no tree.
 *
 * It reads the document as a browser with scripting does (HTML standard §13.2; parse5 is the oracle of its tests), so a
 * `</head>` in a comment, a script, a title, an attribute or a template is no end of the head. What only a whole tree
 * builder could follow (a stray `</div>` in an `<svg>`, raw text in a `<select>`) ends the search: the last place that
 * is certain counts then, which lies earlier but always works.
 *
 * @module
 */
import {
  bogusCommentEnd,
  cdataEnd,
  commentEnd,
  isAsciiLetter,
  rawTextEnd,
  scriptEnd,
  tagEnd,
  tagName,
  tagNameEnd,
  whiteSpaceEnd,
} from "./html_tokens.ts";
import { ELEMENTS, HEAD_CONTENT, IMPLYING_END_TAGS, skipPlainTags } from "./html_elements.ts";
import { OpenElements } from "./open_elements.ts";

/** Where something can be put into the head of a document: offsets in ascending order. */
export interface HeadSlots {
  /** First in `<head>`. Without such a tag: where the parser starts the head by itself. */
  readonly headStart: number;
  /** Last in `<head>`. */
  readonly headEnd: number;
}

/** Where something can be put into a document: offsets in ascending order. */
export interface PageSlots extends HeadSlots {
  /** First in `<body>`. */
  readonly bodyStart: number;
  /** Last in `<body>`. */
  readonly bodyEnd: number;
  /**
   * `"implied"`: no `<body>` tag is there, and one has to be written at `bodyStart`, lest a script land in the head.
   * `"none"`: the document has no body to put something in (a frameset, an open `<title>`); its slots are `headEnd`.
   */
  readonly body: "tag" | "implied" | "none";
}

/** Finds the slots of a document. Any text is one: the parser of HTML refuses nothing. */
export function findSlots(html: string): PageSlots {
  return new SlotScanner(html).scan();
}

/** Finds the slots of the head alone, and does not read what is behind it. */
export function findHeadSlots(html: string): HeadSlots {
  return new SlotScanner(html).scanHead();
}

type Mode = "before head" | "in head" | "after head" | "in body" | "done";

const EXCLAMATION = 0x21;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const BYTE_ORDER_MARK = "\uFEFF";

class SlotScanner {
  readonly #html: string;
  readonly #open: OpenElements;
  #at: number;
  #mode: Mode = "before head";
  #headStart = -1;
  #headEnd = -1;
  #bodyStart = -1;
  #bodyEnd = -1;
  #body: PageSlots["body"] = "none";
  #bodyTagSeen = false;
  #lastBodyEndTag = -1;
  #lastHtmlEndTag = -1;
  /** Offset of a `<select>` that may be open: what raw text and SVG mean inside of it has changed over the years. */
  #select = -1;

  constructor(html: string) {
    this.#html = html;
    this.#open = new OpenElements(html);
    // Left there by a decoder told to; the one of a browser takes it away before the parser sees it.
    this.#at = html.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  }

  scanHead(): HeadSlots {
    while (this.#headEnd === -1) this.#step();
    return { headStart: this.#headStart, headEnd: this.#headEnd };
  }

  scan(): PageSlots {
    while (this.#mode !== "done") this.#step();
    return {
      headStart: this.#headStart,
      headEnd: this.#headEnd,
      bodyStart: this.#bodyStart,
      bodyEnd: this.#bodyEnd,
      body: this.#body,
    };
  }

  /** Reads the text up to the next markup, and that. */
  #step(): void {
    if (this.#mode === "in body" && this.#open.isEmpty) {
      this.#at = skipPlainTags(this.#html, this.#at);
    }
    const next = this.#html.indexOf("<", this.#at);
    const textEnd = next === -1 ? this.#html.length : next;
    if (this.#mode !== "in body" && this.#open.isEmpty) this.#text(textEnd);
    if (next === -1) return this.#endOfDocument();
    const code = this.#html.charCodeAt(next + 1);
    if (isAsciiLetter(code)) return this.#startTag(next);
    if (code === SLASH) return this.#closingMarkup(next);
    if (code === EXCLAMATION || code === QUESTION) return this.#declaration(next);
    // Case: `a < b` -> text
    this.#beginBody(next);
    this.#at = next + 1;
  }

  #text(end: number): void {
    const start = whiteSpaceEnd(this.#html, this.#at);
    if (start < end) this.#beginBody(start);
  }

  /** Something that belongs into a body is at `at`: head and body begin there at the latest. */
  #beginBody(at: number): void {
    if (this.#mode === "in body" || !this.#open.isEmpty) return;
    this.#beginHead(at);
    this.#endHead(at, at);
    this.#bodyStart = at;
    this.#body = "implied";
    this.#mode = "in body";
  }

  #beginHead(at: number): void {
    if (this.#mode !== "before head") return;
    this.#headStart = at;
    this.#mode = "in head";
  }

  #endHead(at: number, next: number): void {
    if (this.#mode !== "in head") return;
    this.#headEnd = at;
    this.#at = next;
    this.#mode = "after head";
  }

  /** `<!--…-->`, `<!doctype>`, `<![CDATA[…]]>`, `<!x>`, `<?x>`. */
  #declaration(start: number): void {
    if (this.#html.startsWith("<!--", start)) {
      return this.#advance(commentEnd(this.#html, start + 4), start);
    }
    if (this.#html.startsWith("<![CDATA[", start)) {
      const cdata = this.#open.cdata;
      if (cdata === "unsure" || (cdata === "section" && this.#select !== -1)) {
        return this.#stop(this.#outermost(start));
      }
      if (cdata === "section") {
        return this.#advance(cdataEnd(this.#html, start), start);
      }
    }
    this.#advance(bogusCommentEnd(this.#html, start + 2), start);
  }

  #advance(end: number, start: number): void {
    if (end === -1) this.#stop(this.#outermost(start, false));
    else this.#at = end;
  }

  #closingMarkup(start: number): void {
    if (!isAsciiLetter(this.#html.charCodeAt(start + 2))) {
      return this.#advance(bogusCommentEnd(this.#html, start + 2), start);
    }
    const nameEnd = tagNameEnd(this.#html, start + 2);
    const end = tagEnd(this.#html, nameEnd);
    this.#advance(end, start);
    if (end !== -1) this.#endTag(tagName(this.#html, start + 2, nameEnd), start);
  }

  #endTag(name: string, start: number): void {
    if (name === "select" && this.#select > this.#open.innermostStart) this.#select = -1;
    if (!this.#open.isEmpty) {
      if (this.#open.close(name) === "unsure") this.#stop(this.#outermost(start));
      return;
    }
    if (this.#mode !== "in body") {
      if (!IMPLYING_END_TAGS.has(name)) return;
      if (name === "head") return this.#headEndTag(start);
      this.#beginBody(start);
    }
    if (name === "body") this.#lastBodyEndTag = start;
    else if (name === "html") this.#lastHtmlEndTag = start;
  }

  #headEndTag(start: number): void {
    this.#beginHead(start);
    this.#endHead(start, this.#at);
  }

  #startTag(start: number): void {
    const nameEnd = tagNameEnd(this.#html, start + 1);
    const end = tagEnd(this.#html, nameEnd);
    this.#advance(end, start);
    if (end === -1) return;
    const name = tagName(this.#html, start + 1, nameEnd);
    if (this.#open.isEmpty && this.#startTagBeforeBody(name, start)) return;
    if (!this.#open.takesAsForeign(name, nameEnd)) return this.#element(name, start, nameEnd);
    // Case: <select><svg><script> -> one of SVG, or one of HTML where <select> drops the <svg>
    if (this.#select !== -1 && (name === "script" || name === "template")) {
      return this.#stop(this.#outermost(start));
    }
    this.#open.openForeign(name, start, nameEnd, end);
  }

  /** Takes a start tag that concerns `<html>`, `<head>` or `<body>` themselves; false if it is content. */
  #startTagBeforeBody(name: string, start: number): boolean {
    if (this.#mode === "in body") return false;
    if (name === "html") return true;
    if (name === "head") {
      this.#beginHead(this.#at);
      return true;
    }
    this.#beginHead(start);
    const stays = HEAD_CONTENT.has(name) && !(name === "noscript" && this.#mode === "after head");
    if (stays) return false;
    this.#endHead(start, this.#at);
    return this.#firstOfBody(name, start);
  }

  #firstOfBody(name: string, start: number): boolean {
    if (name !== "body") {
      if (name !== "frameset") this.#beginBody(start);
      return false;
    }
    this.#bodyStart = this.#at;
    this.#body = "tag";
    this.#bodyTagSeen = true;
    this.#mode = "in body";
    return true;
  }

  /** Takes a start tag of HTML; `#at` is behind it. */
  #element(name: string, start: number, nameEnd: number): void {
    if (this.#open.drops(name)) return;
    switch (ELEMENTS.get(name)) {
      case "script":
        return this.#advance(scriptEnd(this.#html, this.#at), start);
      case "raw":
        return this.#rawText(name, start);
      case "plaintext":
        return this.#stop(this.#outermost(start));
      case "template":
        return this.#open.openTemplate(start);
      case "foreign":
        return this.#open.openForeign(name, start, nameEnd, this.#at);
      case "frameset":
        // A frameset replaces the body unless there was a `<body>` tag, or text, which is not looked at.
        if (this.#open.isEmpty && !this.#bodyTagSeen) this.#withoutBody();
        return;
      case "body":
        this.#bodyTagSeen ||= this.#open.isEmpty;
        return;
      case "select":
        if (this.#select === -1) this.#select = start;
    }
    this.#open.openHtml(name, start);
  }

  #rawText(name: string, start: number): void {
    // Case: <select><style> -> dropped or obeyed, depending on the browser's age
    if (this.#select !== -1 && name !== "textarea") return this.#stop(this.#outermost(start));
    this.#advance(rawTextEnd(this.#html, this.#at, name), start);
  }

  #withoutBody(): void {
    this.#body = "none";
    this.#finish(this.#headEnd);
  }

  #framesetFollows(at: number): boolean {
    return !this.#bodyTagSeen && this.#html.slice(at).toLowerCase().includes("<frameset");
  }

  /** Start of the outermost thing around `start` whose end is not known. */
  #outermost(start: number, select = true): number {
    const open = this.#open.isEmpty ? start : this.#open.outermostStart;
    return select && this.#select !== -1 ? Math.min(open, this.#select) : open;
  }

  #endOfDocument(): void {
    if (!this.#open.isEmpty) return this.#stop(this.#open.outermostStart);
    this.#beginBody(this.#html.length);
    this.#stop(this.#html.length);
  }

  /** Nothing behind `at` is certain, or nothing is there. */
  #stop(at: number): void {
    if (this.#mode === "in body") {
      if (this.#framesetFollows(at)) return this.#withoutBody();
      return this.#finish([this.#lastBodyEndTag, this.#lastHtmlEndTag, at].find((end) => end >= 0));
    }
    this.#beginHead(at);
    this.#endHead(at, at);
    this.#finish(this.#headEnd);
  }

  #finish(bodyEnd: number = this.#headEnd): void {
    if (this.#body === "none") this.#bodyStart = this.#headEnd;
    this.#bodyEnd = bodyEnd;
    this.#mode = "done";
  }
}
