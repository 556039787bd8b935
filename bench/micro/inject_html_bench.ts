/**
 * Injection into a document of 50 KB, against parsing it into a tree and serialising that again.
 *
 * Run it with `deno bench -A bench/micro/inject_html_bench.ts`; it says first whether both give the same document.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { defaultTreeAdapter, type DefaultTreeAdapterTypes as Tree, parse, serialize } from "parse5";
import { createPage, injectHtml, type Pieces, renderInjection } from "../../sidecar/inject_html.ts";
import { findHeadSlots, findSlots } from "../../sidecar/page_slots.ts";

const SIZE_BYTES = 50 * 1024;

const HEAD = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Orders &gt; all</title>
<script type="module" src="/@vite/client"></script><script>if (a < b && c) document.write("</" + "head>");</script>
<link rel="stylesheet" href="/src/main.css"><style>a > b { color: red }</style></head><body><div id="app">`;

const ROW = `
<article class="card card--wide" data-id="4711" onclick="location.href='/orders/4711?a=1&amp;b=2'">
  <h2><a href="/orders/4711">Order 4711</a></h2><!-- rendered on the server -->
  <svg viewBox="0 0 24 24" width="24" height="24"><title>paid</title><path d="M12 2 2 7l10 5 10-5-10-5z"/></svg>
  <p>Two lines of text, neither long nor short, with <strong>emphasis</strong> and an <em>accent</em>; prices in €.</p>
  <ul><li>first item</li><li>second item</li><li><button type="button" disabled>Cancel</button></li></ul>
  <textarea name="note">as the customer wrote it: </body></textarea>
</article>`;

const FOOT = `</div><script type="module" src="/src/main.ts"></script></body></html>`;

function fixture(): string {
  const rows = Math.ceil((SIZE_BYTES - HEAD.length - FOOT.length) / ROW.length);
  return HEAD + ROW.repeat(rows) + FOOT;
}

const PIECES: Pieces = {
  ...renderInjection({ globals: { __LV_ROUTES__: { home: "/", order: "/orders/{id}" } } }),
  bodyEnd: '<script src="/late.js"></script>',
};

/** Parses both documents into trees and compares them: a serialiser may write the same tree in another way. */
function injectByTree(html: string, pieces: Pieces): string {
  const document = parse(html);
  const root = document.childNodes.find((node) => node.nodeName === "html") as Tree.Element; // Always there.
  const [head, body] = root.childNodes as [Tree.Element, Tree.Element]; // The parser makes both, in this order.
  const first = parse(pieces.headStart ?? "").childNodes[0] as Tree.Element;
  const script = (first.childNodes[0] as Tree.Element).childNodes[0] as Tree.Element;
  defaultTreeAdapter.insertBefore(head, script, head.childNodes[0]!);
  const last = parse(pieces.bodyEnd ?? "").childNodes[0] as Tree.Element;
  defaultTreeAdapter.appendChild(body, (last.childNodes[0] as Tree.Element).childNodes[0]!);
  return serialize(document);
}

const HTML = fixture();
const HEAD_PIECES: Pieces = { headStart: PIECES.headStart ?? "" };
const PAGE = createPage(HTML);

equal(serialize(parse(injectHtml(HTML, PIECES))), injectByTree(HTML, PIECES));
equal(PAGE.render(PIECES), injectHtml(HTML, PIECES));
equal(PAGE.render(HEAD_PIECES), injectHtml(HTML, HEAD_PIECES));

// A concatenation costs nothing until somebody reads it: every candidate pays for the bytes that go out.
const encoder = new TextEncoder();
let bytes = 0;

function bench(name: string, fn: () => string, baseline = false): void {
  const run = () => {
    bytes += encoder.encode(fn()).length;
  };
  Deno.bench({ name, group: "50 KB document to bytes", baseline, fn: run });
}

bench("parse5 parse + serialise", () => injectByTree(HTML, PIECES), true);
bench("createPage() once, render()", () => PAGE.render(PIECES));
bench("injectHtml(), head only", () => injectHtml(HTML, HEAD_PIECES));
bench("injectHtml(), head and end of body", () => injectHtml(HTML, PIECES));

const scan = "50 KB document, the scan alone";
Deno.bench({
  name: "parse5 parse",
  group: scan,
  baseline: true,
  fn: () => void parse(HTML),
});
Deno.bench({ name: "findSlots()", group: scan, fn: () => void findSlots(HTML) });
Deno.bench({ name: "findHeadSlots()", group: scan, fn: () => void findHeadSlots(HTML) });
