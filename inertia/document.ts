/**
 * The document of a first visit: the page within HTML.
 *
 * @module
 */
import type { Version } from "./options.ts";
import type { Page } from "./page.ts";
import { escapeAttribute, escapeScriptJson } from "./page_json.ts";
import type { SsrResult, SsrSource } from "./ssr.ts";

/** The two pieces of HTML that a document takes. */
export interface DocumentPieces {
  /** For the end of the head: what the server-side renderer says, or nothing. */
  readonly head: string;
  /** Instead of the root element: the page and the root element, or what the server-side renderer made of it. */
  readonly body: string;
}

/** What goes into a document. */
export interface DocumentParts extends DocumentPieces {
  /** The id of the root element. */
  readonly rootId: string;
  /** Whether the body was rendered on the server; if not, a document may have a title of its own. */
  readonly isRendered: boolean;
  /** The nonce of the content security policy, if there is one. */
  readonly nonce?: string | undefined;
  /** The page itself. */
  readonly page: Page;
  /** Why it is not rendered on the server, if that failed: for a developer to see. */
  readonly error?: unknown;
  /** The pieces again, for a document that has a nonce of its own. */
  withNonce(nonce: string): DocumentPieces;
}

/** A document with header fields of its own. */
export interface DocumentAnswer {
  /** The document. */
  readonly html: string;
  /** Adds the fields to those of the response. */
  readonly addFields: (headers: Headers) => void;
}

/** Makes a document of its parts. */
export type DocumentRenderer = (
  parts: DocumentParts,
  request: Request,
) => string | DocumentAnswer | Promise<string | DocumentAnswer>;

/** Who makes documents and knows more: the version of the assets, and who renders on the server. `sidecar.page` is one. */
export interface DocumentSource {
  /** Makes a document. */
  readonly document: DocumentRenderer;
  /** The version of the assets, where the options name none. */
  readonly version?: () => Version | Promise<Version>;
  /** Who renders on the server, where the options name nobody. */
  readonly ssr?: SsrSource | undefined;
}

/** What the parts of a document are made of. */
export interface DocumentContent extends Omit<RootOptions, "nonce"> {
  readonly page: Page;
  /** The page, as JSON. */
  readonly json: string;
  /** What the renderer made of it, if it did. */
  readonly rendered: SsrResult | undefined;
  readonly error?: unknown;
}

/** Makes the parts. */
export function documentParts(content: DocumentContent, nonce: string | undefined): DocumentParts {
  const { rendered, page, rootId, error } = content;
  const isRendered = rendered !== undefined;
  const withNonce = (nonce: string | undefined): DocumentPieces => ({
    head: rendered?.head.map((element) => giveNonce(element, HEAD_ELEMENT_REGEXP, nonce))
      .join("\n") ?? "",
    body: rendered === undefined
      ? renderRoot(content.json, { ...content, nonce })
      : giveNonce(rendered.body, PAGE_ELEMENT_REGEXP, nonce),
  });
  return { ...withNonce(nonce), rootId, isRendered, nonce, page, error, withNonce };
}

/** What the developer's own code puts into the head, an element each. */
const HEAD_ELEMENT_REGEXP = /^\s*<(?:script|style|link)(?=[\s>])/i;
/** The page and nothing behind it: a nonce on what is rendered would let whatever users wrote there run. */
const PAGE_ELEMENT_REGEXP = /^\s*<script(?=\s+data-page=)/i;

/** Of two attributes with one name the parser keeps the first. */
function giveNonce(html: string, element: RegExp, nonce: string | undefined): string {
  if (nonce === undefined) return html;
  return html.replace(element, (tag) => `${tag}${nonceAttribute(nonce)}`);
}

function nonceAttribute(nonce: string | undefined): string {
  return nonce === undefined ? "" : ` nonce="${escapeAttribute(nonce)}"`;
}

/** The document of who has none: enough for tests and for a look at the page. */
export const DEFAULT_TEMPLATE = `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
@inertiaHead
</head>
<body>
@inertia
</body>
</html>
`;

/** How the page is put into the document. */
export interface RootOptions {
  /** The id of the root element. */
  readonly rootId: string;
  /** Whether the page stands in an attribute, for clients before 2.2.20. */
  readonly legacyDataPage: boolean;
  /** The nonce of the content security policy. */
  readonly nonce?: string | undefined;
}

/** The page and the element that it is rendered into. */
export function renderRoot(json: string, { rootId, legacyDataPage, nonce }: RootOptions): string {
  const id = escapeAttribute(rootId);
  if (legacyDataPage) return `<div id="${id}" data-page="${escapeAttribute(json)}"></div>`;
  // The client looks for exactly these two attributes.
  return `<script data-page="${id}" type="application/json"${nonceAttribute(nonce)}>${
    escapeScriptJson(json)
  }</script><div id="${id}"></div>`;
}

const HEAD_REGEXP = /@inertiaHead\b/;
/** Not the start of `@inertiajs/react`. */
const BODY_REGEXP = /@inertia(?![\w/-])/;
const END_OF_HEAD_REGEXP = /<\/head\s*>/i;

/**
 * Reads a template: `@inertiaHead` and `@inertia` are where things go, as in Laravel's.
 *
 * Without them the end of the head and the empty root element are, so that Vite's `index.html` will do.
 *
 * @throws {TypeError} If there is no place for the page.
 */
export function parseTemplate(template: string, rootId: string): DocumentRenderer {
  const head = HEAD_REGEXP.exec(template) ?? startOf(END_OF_HEAD_REGEXP.exec(template));
  const body = BODY_REGEXP.exec(template) ?? rootElement(rootId).exec(template);
  if (body === null) {
    throw new TypeError(
      `Cannot use the template as a document: it has neither @inertia nor <div id="${rootId}"></div>`,
    );
  }
  const cuts = [head && { ...cut(head), part: "head" as const }, {
    ...cut(body),
    part: "body" as const,
  }]
    .filter((cut) => cut !== null).sort((a, b) => a.start - b.start);
  return (parts) => fill(template, cuts, parts);
}

interface Cut {
  readonly part: "head" | "body";
  readonly start: number;
  readonly end: number;
}

function cut(match: { readonly index: number; readonly 0: string }): Omit<Cut, "part"> {
  return { start: match.index, end: match.index + match[0].length };
}

function startOf(match: RegExpExecArray | null): { index: number; 0: string } | null {
  return match === null ? null : { index: match.index, 0: "" };
}

function rootElement(rootId: string): RegExp {
  return new RegExp(`<div\\s+id=["']?${RegExp.escape(rootId)}["']?\\s*>\\s*</div\\s*>`, "i");
}

/** By cutting, not by `replace`: that expands `$&` in what the user wrote. */
function fill(template: string, cuts: readonly Cut[], parts: DocumentParts): string {
  let html = "";
  let end = 0;
  for (const cut of cuts) {
    html += template.slice(end, cut.start) + parts[cut.part];
    end = cut.end;
  }
  return html + template.slice(end);
}
