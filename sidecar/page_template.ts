/**
 * A page that is parsed once and filled for each request: pieces in its slots, a nonce on its scripts and styles.
 *
 * @module
 */
import type { Pieces } from "./inject_html.ts";
import { checkedNonce } from "./nonce.ts";
import { findNonceSlots } from "./nonce_slots.ts";
import { findRoot, type PageRoot } from "./page_root.ts";
import { findSlots } from "./page_slots.ts";

/** What goes into a page: pieces between what is there, and others instead of it. */
export interface PagePieces extends Pieces {
  /** Instead of the root element. */
  readonly root?: string | undefined;
  /** Instead of the page's title; empty for none. */
  readonly title?: string | undefined;
}

/** A page with its slots. */
export interface PageTemplate {
  /**
   * Fills the slots.
   *
   * @param pieces HTML, verbatim; it brings its own nonces.
   * @param nonce Put on the page's own scripts, styles and preloads, and where Vite's client looks for it.
   * @throws {TypeError} If the nonce is not base64.
   */
  render(pieces: PagePieces, nonce?: string): string;
  /**
   * The same page with slots for its root element and its title. Parsed once for each id.
   *
   * @throws {TypeError} If there is no empty element with this id.
   */
  withRoot(id: string): PageTemplate;
}

type Slot = "headStart" | "headEnd" | "bodyStart" | "bodyEnd" | "root" | "title" | "nonce";

/** A slot, and what stands there if nothing is put into it. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly slot: Slot;
}

/** Parses a page. Any text is one. */
export function parsePageTemplate(html: string): PageTemplate {
  const rooted = new Map<string, PageTemplate>();
  const withRoot = (id: string): PageTemplate => {
    const template = rooted.get(id) ?? parse(html, checkedRoot(html, id), withRoot);
    rooted.set(id, template);
    return template;
  };
  return parse(html, undefined, withRoot);
}

function checkedRoot(html: string, id: string): PageRoot {
  const found = findRoot(html, id);
  if (found.root !== undefined) return found;
  const others = found.ids.filter((other) => other !== id).map((other) => `"${other}"`);
  const seen = found.ids.includes(id)
    ? "it is not empty"
    : others.length === 0
    ? "no element has an id"
    : `there is ${others.slice(0, 5).join(", ")}`;
  throw new TypeError(
    `Cannot put the app into the element "${id}" of the page: ${seen}, and <div id="${id}"></div> is wanted`,
  );
}

function parse(
  html: string,
  found: PageRoot | undefined,
  withRoot: PageTemplate["withRoot"],
): PageTemplate {
  const { headStart, headEnd, bodyStart, bodyEnd, body } = findSlots(html);
  const { offsets, hasMeta } = findNonceSlots(html);
  const at = (start: number, slot: Slot): Place => ({ start, end: start, slot });
  const places: Place[] = [
    at(headStart, "headStart"),
    at(headEnd, "headEnd"),
    at(bodyStart, "bodyStart"),
    at(bodyEnd, "bodyEnd"),
    ...(found?.title === undefined ? [] : [{ ...found.title, slot: "title" } as const]),
    ...(found?.root === undefined ? [] : [{ ...found.root, slot: "root" } as const]),
    ...offsets.map((offset) => at(offset, "nonce")),
  ];
  // A stable sort: slots at one place keep the order above.
  places.sort((a, b) => a.start - b.start);
  const bare = split(html, places.filter(({ slot }) => slot !== "nonce"));
  const nonced = split(html, places);
  return {
    render(pieces, nonce) {
      const filled = body === "implied" && (pieces.bodyStart || pieces.bodyEnd)
        ? { ...pieces, bodyStart: `<body>${pieces.bodyStart ?? ""}` }
        : pieces;
      if (nonce === undefined) return fill(bare, filled, "", "");
      const attribute = ` nonce="${checkedNonce(nonce)}"`;
      return fill(nonced, filled, attribute, hasMeta ? "" : `${META}${attribute}>`);
    },
    withRoot,
  };
}

interface Parts {
  /** One more than there are slots. */
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
  /** What stands in each slot if nothing is put into it. */
  readonly defaults: readonly string[];
}

function split(html: string, places: readonly Place[]): Parts {
  const ends = [...places.map(({ start }) => start), html.length];
  const texts = ends.map((end, index) => html.slice(places[index - 1]?.end ?? 0, end));
  return {
    texts,
    slots: places.map(({ slot }) => slot),
    defaults: places.map(({ start, end }) => html.slice(start, end)),
  };
}

/** @param meta What stands before all else in the head. */
function fill(
  { texts, slots, defaults }: Parts,
  pieces: PagePieces,
  nonce: string,
  meta: string,
): string {
  let html = texts[0] ?? "";
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] ?? "nonce";
    if (slot === "headStart") html += meta;
    html += slot === "nonce" ? nonce : pieces[slot] ?? defaults[index] ?? "";
    html += texts[index + 1] ?? "";
  }
  return html;
}

/** Tells scripts the nonce of the page; the attribute comes behind it. */
const META = '<meta property="csp-nonce"';
