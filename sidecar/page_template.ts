/**
 * A page that is parsed once and filled for each request: pieces in its slots, a nonce on its scripts and styles.
 *
 * @module
 */
import type { Pieces } from "./inject_html.ts";
import { findNonceSlots } from "./nonce_slots.ts";
import { findSlots } from "./page_slots.ts";
import { checkedNonce } from "./nonce.ts";

/** A page with its slots. */
export interface PageTemplate {
  /**
   * Fills the slots.
   *
   * @param pieces HTML, verbatim; it brings its own nonces.
   * @param nonce Put on the page's own scripts, styles and preloads, and where Vite's client looks for it.
   * @throws {TypeError} If the nonce is not base64.
   */
  render(pieces: Pieces, nonce?: string): string;
}

type Slot = "headStart" | "headEnd" | "bodyStart" | "bodyEnd" | "nonce";

/** Parses a page. Any text is one. */
export function parsePageTemplate(html: string): PageTemplate {
  const { headStart, headEnd, bodyStart, bodyEnd, body } = findSlots(html);
  const { offsets, hasMeta } = findNonceSlots(html);
  const slots: [number, Slot][] = [
    [headStart, "headStart"],
    [headEnd, "headEnd"],
    [bodyStart, "bodyStart"],
    [bodyEnd, "bodyEnd"],
    ...offsets.map((offset): [number, Slot] => [offset, "nonce"]),
  ];
  // A stable sort: slots at one place keep the order above.
  slots.sort(([a], [b]) => a - b);
  const bare = split(html, slots.filter(([, slot]) => slot !== "nonce"));
  const nonced = split(html, slots);
  const meta = hasMeta ? "" : '<meta property="csp-nonce">';
  return {
    render(pieces, nonce) {
      const filled = body === "implied" && (pieces.bodyStart || pieces.bodyEnd)
        ? { ...pieces, bodyStart: `<body>${pieces.bodyStart ?? ""}` }
        : pieces;
      if (nonce === undefined) return fill(bare, filled, "");
      const attribute = ` nonce="${checkedNonce(nonce)}"`;
      const headStart = meta.replace(">", `${attribute}>`) + (filled.headStart ?? "");
      return fill(nonced, { ...filled, headStart }, attribute);
    },
  };
}

interface Parts {
  /** One more than there are slots. */
  readonly texts: readonly string[];
  readonly slots: readonly Slot[];
}

function split(html: string, slots: readonly (readonly [number, Slot])[]): Parts {
  const ends = [...slots.map(([at]) => at), html.length];
  const texts = ends.map((end, index) => html.slice(index === 0 ? 0 : ends[index - 1], end));
  return { texts, slots: slots.map(([, slot]) => slot) };
}

function fill({ texts, slots }: Parts, pieces: Pieces, nonce: string): string {
  let html = texts[0] ?? "";
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index] ?? "nonce";
    html += (slot === "nonce" ? nonce : pieces[slot] ?? "") + texts[index + 1];
  }
  return html;
}
