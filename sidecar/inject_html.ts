/**
 * Puts pieces of HTML into a document: at the start and the end of its head and of its body.
 *
 * @module
 */
import type { InjectConfig } from "./config_types.ts";
import { checkedNonce } from "./nonce.ts";
import { findHeadSlots, findSlots, type PageSlots } from "./page_slots.ts";
import { scriptJson } from "./script_json.ts";

/**
 * HTML to put into a document, verbatim, by slot.
 *
 * In a document without a body (a frameset) what belongs there comes last in the head, where scripts still run.
 */
export type Pieces = Omit<InjectConfig, "globals">;

/** A document whose slots are known: to be filled as often as needed. */
export interface Page {
  /** Where its slots are. */
  readonly slots: PageSlots;
  /** The document with the pieces in its slots. */
  render(pieces: Pieces): string;
}

/** Prepares a document to be filled many times. */
export function createPage(html: string): Page {
  const slots = findSlots(html);
  const { headStart, headEnd, bodyStart, bodyEnd } = slots;
  const beforeHead = html.slice(0, headStart);
  const head = html.slice(headStart, headEnd);
  const betweenHeadAndBody = html.slice(headEnd, bodyStart);
  const body = html.slice(bodyStart, bodyEnd);
  const afterBody = html.slice(bodyEnd);

  return {
    slots,
    render(pieces) {
      return beforeHead + (pieces.headStart ?? "") + head + (pieces.headEnd ?? "") +
        betweenHeadAndBody + bodyTag(slots, pieces) + (pieces.bodyStart ?? "") + body +
        (pieces.bodyEnd ?? "") + afterBody;
    },
  };
}

/** Without the tag the parser would move a script that comes first in an implied body into the head. */
function bodyTag({ body }: PageSlots, pieces: Pieces): string {
  return body === "implied" && (pieces.bodyStart || pieces.bodyEnd) ? "<body>" : "";
}

/** Puts pieces into a document that is used once. Only pieces for the body have the body read. */
export function injectHtml(html: string, pieces: Pieces): string {
  if (pieces.bodyStart || pieces.bodyEnd) return createPage(html).render(pieces);
  if (!pieces.headStart && !pieces.headEnd) return html;
  const { headStart, headEnd } = findHeadSlots(html);
  return html.slice(0, headStart) + (pieces.headStart ?? "") + html.slice(headStart, headEnd) +
    (pieces.headEnd ?? "") + html.slice(headEnd);
}

/**
 * Makes pieces of a configuration: its `globals` become a script, first in the head.
 *
 * @param nonce For the script's `nonce` attribute, where a content security policy asks for one.
 * @throws {TypeError} If the nonce is not base64, the name of a global is none or a value can't be JSON.
 */
export function renderInjection(config: InjectConfig, nonce?: string): Pieces {
  const { globals = {}, ...pieces } = config;
  const script = renderGlobals(globals, nonce);
  return script === "" ? pieces : { ...pieces, headStart: script + (pieces.headStart ?? "") };
}

function renderGlobals(globals: Readonly<Record<string, unknown>>, nonce?: string): string {
  const assignments = Object.entries(globals).map(([name, value]) =>
    `window[${scriptJson(checkedName(name))}]=${scriptExpression(value, name)};`
  );
  if (assignments.length === 0) return "";
  const attribute = nonce === undefined ? "" : ` nonce="${checkedNonce(nonce)}"`;
  return `<script${attribute}>${assignments.join("")}</script>`;
}

/** In an object literal `"__proto__": x` sets the prototype; only `JSON.parse` makes a property of it. */
function scriptExpression(value: unknown, name: string): string {
  const json = scriptJson(value, name);
  return json.includes('"__proto__"') ? `JSON.parse(${scriptJson(json)})` : json;
}

const GLOBAL_NAME_REGEXP = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** To assign them navigates, throws or does nothing. */
const UNASSIGNABLE_NAMES = new Set(["__proto__", "document", "location", "top", "window"]);

function checkedName(name: string): string {
  if (!GLOBAL_NAME_REGEXP.test(name)) {
    throw new TypeError(`Cannot inject "${name}" as a global: it is no identifier of JavaScript`);
  }
  if (UNASSIGNABLE_NAMES.has(name)) {
    throw new TypeError(
      `Cannot inject "${name}" as a global: the browser keeps the name to itself`,
    );
  }
  return name;
}
