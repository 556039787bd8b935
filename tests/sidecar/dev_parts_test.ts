import { equal, match, ok } from "node:assert/strict";
import { devParts } from "../../sidecar/dev_parts.ts";
import type { PageParts } from "../../sidecar/page_tool.ts";
import { test } from "../_support/test.ts";

const partsOf = (head: string, error?: unknown): PageParts => ({
  head,
  body: "<main></main>",
  rootId: "app",
  error,
  withNonce: (nonce) => ({
    head: head.replace("<link", `<link nonce="${nonce}"`),
    body: "<main></main>",
  }),
});

test("devParts() takes styles from our own port, and leaves other links alone", () => {
  const style = (origin: string): string =>
    `<link rel="stylesheet" href="${origin}/src/app.css?a=b" data-vite-dev-id="/x/app.css">`;
  const cdn = '<link rel="stylesheet" href="https://cdn.test/a.css">';
  const parts = devParts(partsOf(`${style("http://localhost:5173")}\n${cdn}`), "/");
  equal(parts.head, `${style("")}\n${cdn}`);
  equal(
    devParts(partsOf(style("http://localhost:5173")), "/").withNonce("bm9u").head,
    style("").replace("<link", '<link nonce="bm9u"'),
  );
});

test("devParts() has Vite show an error, and lets nothing of it leave the script", () => {
  const error = Object.assign(new Error("</script><!-- \u2028"), { details: { stack: "at x" } });
  const { head } = devParts(partsOf("", error), "/base/");
  match(head, /^<script type="module">import\("[^"]*vite[^"]*client"\)/);
  equal(head.split("</script>").length, 2);
  ok(!head.includes("<!--"));
  ok(head.includes("at x"));
  match(
    devParts(partsOf("", error), "/").withNonce("bm9u").head,
    /^<script type="module" nonce="bm9u">/,
  );
});

test("devParts() shows nothing where nothing failed", () => {
  equal(devParts(partsOf("<meta>"), "/").head, "<meta>");
});
