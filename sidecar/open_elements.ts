/**
 * The elements around a place in a document, as far as they change how the text there is read: templates, SVG and MathML.
 *
 * In SVG and MathML `<style>` is an element like any other, `<![CDATA[` works, and `<template>` is no template (HTML
 * standard §13.2.6.5). All other elements count only inside an integration point such as `<foreignObject>`.
 *
 * @module
 */
import { isSelfClosing, readAttributes } from "./html_tokens.ts";

type Kind = "template" | "svg" | "math" | "html";

interface OpenElement {
  readonly kind: Kind;
  readonly name: string;
  /** Offset of its start tag. */
  readonly start: number;
  /** Whether HTML is read as HTML directly inside of it. */
  readonly integration: boolean;
  /** Of a template: whether its first start tag was `<col>`; it drops all other content then. */
  columns?: boolean;
}

/** How an end tag was taken; "unsure" where only a whole tree builder could tell what it closes. */
export type EndTagResult = "known" | "unsure";

/** The stack of open elements that matter. Empty nearly always. */
export class OpenElements {
  readonly #html: string;
  readonly #stack: OpenElement[] = [];

  constructor(html: string) {
    this.#html = html;
  }

  get isEmpty(): boolean {
    return this.#stack.length === 0;
  }

  /** Offset of the outermost open element, or -1. */
  get outermostStart(): number {
    return this.#stack[0]?.start ?? -1;
  }

  /** Offset of the innermost open element, or -1. */
  get innermostStart(): number {
    return this.#stack.at(-1)?.start ?? -1;
  }

  /** Whether the innermost element is a template. */
  get inTemplate(): boolean {
    return this.#stack.at(-1)?.kind === "template";
  }

  /** Whether `<![CDATA[` is a section here and not a bogus comment; parse5 and the standard differ at integration points. */
  get cdata(): "section" | "comment" | "unsure" {
    const top = this.#stack.at(-1);
    if (top === undefined || !isForeign(top)) return "comment";
    return top.integration ? "unsure" : "section";
  }

  /** Whether a start tag here is one of SVG or MathML; leaves them first if the tag breaks out, as `<div>` does. */
  takesAsForeign(name: string, nameEnd: number): boolean {
    const top = this.#stack.at(-1);
    if (top === undefined || !isForeign(top)) return false;
    if (top.integration && !staysInMath(top, name)) return false;
    const breaksOut = BREAKOUT_NAMES.has(name) ||
      (name === "font" && isHtmlFont(this.#html, nameEnd));
    if (!breaksOut) return true;
    while (this.#isForeignInside()) this.#stack.pop();
    return false;
  }

  #isForeignInside(): boolean {
    const top = this.#stack.at(-1);
    return top !== undefined && isForeign(top) && !top.integration;
  }

  /** Whether a start tag of HTML is dropped here: a template that begins with `<col>` holds nothing but columns. */
  drops(name: string): boolean {
    const top = this.#stack.at(-1);
    if (top?.kind !== "template" || TEMPLATE_START_NAMES.has(name)) {
      return top?.columns === true && name !== "template";
    }
    top.columns ??= name === "col";
    return top.columns;
  }

  /** Opens a template. */
  openTemplate(start: number): void {
    this.#stack.push({ kind: "template", name: "template", start, integration: false });
  }

  /** Opens an element of SVG or MathML, unless it is self-closing. */
  openForeign(name: string, start: number, nameEnd: number, end: number): void {
    if (isSelfClosing(this.#html, nameEnd, end)) return;
    const kind = childKind(this.#stack.at(-1), name);
    this.#stack.push({
      kind,
      name,
      start,
      integration: this.#isIntegrationPoint(kind, name, nameEnd),
    });
  }

  #isIntegrationPoint(kind: Kind, name: string, nameEnd: number): boolean {
    if (kind === "svg") return name === "foreignobject" || name === "desc" || name === "title";
    if (name !== "annotation-xml") return MATH_TEXT_NAMES.has(name);
    const encoding = readAttributes(this.#html, nameEnd).get("encoding")?.toLowerCase();
    return encoding === "text/html" || encoding === "application/xhtml+xml";
  }

  /** Opens an element of HTML, if it counts here. */
  openHtml(name: string, start: number): void {
    const top = this.#stack.at(-1);
    if (top === undefined || top.kind === "template" || VOID_NAMES.has(name)) return;
    this.#stack.push({ kind: "html", name, start, integration: false });
  }

  /** Closes what the end tag closes. */
  close(name: string): EndTagResult {
    const at = this.#foreignMatch(name);
    if (at >= 0) return this.#popTo(at);
    if (name === "template") return this.#closeTemplate();
    if (this.inTemplate || name === "p" || name === "br") return this.#breakOut(name);
    if (this.#stack.at(-1)?.kind === "html") return this.#closeHtml(name);
    // An unmatched `</div>` in an <svg> closes it if a <div> is open around it; `</path>` means nothing there.
    return CHILDLESS_NAMES.has(name) ? "known" : "unsure";
  }

  /** Index of the element of SVG or MathML that the end tag closes; -1 if an element of HTML comes first. */
  #foreignMatch(name: string): number {
    for (let at = this.#stack.length - 1; at >= 0; at--) {
      const element = this.#stack[at];
      if (element === undefined || !isForeign(element)) return -1;
      if (element.name === name) return at;
    }
    return -1;
  }

  #closeTemplate(): EndTagResult {
    const at = this.#stack.findLastIndex(({ kind }) => kind === "template");
    return at === -1 ? "known" : this.#popTo(at);
  }

  /** `</p>` and `</br>` leave SVG and MathML as `<p>` would; otherwise they close nothing that counts. */
  #breakOut(name: string): EndTagResult {
    while (this.#isForeignInside()) this.#stack.pop();
    return this.#stack.at(-1)?.kind === "html" && name === "p" ? this.#closeHtml(name) : "known";
  }

  #closeHtml(name: string): EndTagResult {
    for (let at = this.#stack.length - 1; at >= 0; at--) {
      const element = this.#stack[at];
      if (element?.kind !== "html") break;
      if (element.name === name) return this.#popTo(at);
      if (!IMPLIED_END_NAMES.has(element.name)) return "unsure";
    }
    return name === "p" ? "known" : "unsure";
  }

  #popTo(length: number): EndTagResult {
    this.#stack.length = length;
    return "known";
  }
}

function isForeign({ kind }: OpenElement): boolean {
  return kind === "svg" || kind === "math";
}

// Case: <math><svg> -> an element of MathML; <annotation-xml><svg> -> of SVG
function childKind(parent: OpenElement | undefined, name: string): Kind {
  const own = name === "svg" ? "svg" : "math";
  if (parent === undefined || !isForeign(parent) || parent.integration) return own;
  return parent.name === "annotation-xml" && name === "svg" ? own : parent.kind;
}

function isHtmlFont(html: string, nameEnd: number): boolean {
  const attributes = readAttributes(html, nameEnd);
  return attributes.has("color") || attributes.has("face") || attributes.has("size");
}

/** Inside `<mi>` and the like two names are still MathML. */
function staysInMath(top: OpenElement, name: string): boolean {
  return MATH_TEXT_NAMES.has(top.name) && (name === "mglyph" || name === "malignmark");
}

const MATH_TEXT_NAMES = new Set(["mi", "mo", "mn", "ms", "mtext"]);

const VOID_NAMES = names(
  "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr",
);

/** Start tags that decide nothing about what a template holds (§13.2.6.4.18). */
const TEMPLATE_START_NAMES = names(
  "base basefont bgsound link meta noframes script style template title",
);

/** Start tags of HTML that end SVG and MathML (§13.2.6.5). */
const BREAKOUT_NAMES = names(
  "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta " +
    "nobr ol p pre ruby s small span strong strike sub sup table tt u ul var",
);

/** Elements that the end tag of an outer one closes in passing. */
const IMPLIED_END_NAMES = names(
  "caption colgroup dd dt li optgroup option p rb rp rt rtc tbody td tfoot th thead tr",
);

/** Elements of SVG often written `<path/></path>`: no element of HTML has such a name. */
const CHILDLESS_NAMES = names(
  "circle ellipse g image line lineargradient path polygon polyline radialgradient rect stop text tspan use",
);

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
