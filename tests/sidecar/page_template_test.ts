import { equal, match, ok, throws } from "node:assert/strict";
import { parse } from "parse5";
import { findNonceSlots } from "../../sidecar/nonce_slots.ts";
import { addNonceToPolicy } from "../../sidecar/nonce.ts";
import { parsePageTemplate } from "../../sidecar/page_template.ts";
import { test } from "../_support/test.ts";

const BUILT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta property="csp-nonce" nonce="PLACEHOLDER">
<script type="module" crossorigin src="/static/assets/index-Dx1_2abc.js" nonce="PLACEHOLDER"></script>
<link rel="stylesheet" crossorigin href="/static/assets/index-C9.css" nonce="PLACEHOLDER">
<link rel="icon" href="/favicon.svg">
</head>
<body><div id="app"></div></body>
</html>
`;

interface Node {
  readonly nodeName: string;
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
  readonly content?: Node;
}

/** The elements of a document in order, with their attributes, as a parser sees them. */
function elements(html: string): { name: string; attributes: Map<string, string> }[] {
  const found: { name: string; attributes: Map<string, string> }[] = [];
  const walk = (node: Node): void => {
    if (node.attrs !== undefined) {
      const attributes = new Map(node.attrs.map(({ name, value }) => [name, value]));
      found.push({ name: node.nodeName, attributes });
    }
    for (
      const child of [...node.childNodes ?? [], ...node.content === undefined ? [] : [node.content]]
    ) {
      walk(child);
    }
  };
  walk(parse(html) as Node);
  return found;
}

test("parsePageTemplate() without a nonce gives the page back with the pieces in their slots", () => {
  const page = parsePageTemplate(BUILT);
  equal(page.render({}), BUILT);
  const filled = page.render({ headStart: "<!--1-->", headEnd: "<!--2-->", bodyEnd: "<!--3-->" });
  equal(filled.replace(/<!--\d-->/g, ""), BUILT);
  match(filled, /<head><!--1-->[^]*<!--2--><\/head>[^]*<!--3--><\/body>/);
});

test("parsePageTemplate() puts the nonce on scripts, styles and preloads, before any placeholder", () => {
  const html = parsePageTemplate(BUILT).render({}, "abc123==");
  for (const { name, attributes } of elements(html)) {
    const isCode = name === "script" || attributes.get("rel") === "stylesheet" ||
      attributes.get("property") === "csp-nonce";
    equal(attributes.get("nonce"), isCode ? "abc123==" : undefined, name);
  }
});

test("parsePageTemplate() adds the element in which Vite's client looks for the nonce", () => {
  const page = parsePageTemplate("<head><script>1</script></head>");
  const metas = elements(page.render({}, "n")).filter(({ name }) => name === "meta");
  equal(metas.length, 1);
  equal(metas[0]?.attributes.get("nonce"), "n");
  ok(!page.render({}).includes("csp-nonce"));
});

test("parsePageTemplate() leaves the nonces of pieces to who wrote them", () => {
  const html = parsePageTemplate(BUILT).render({ bodyEnd: "<script>evil()</script>" }, "n");
  match(html, /<script>evil\(\)<\/script>/);
});

test("parsePageTemplate() refuses a nonce with a quote", () => {
  throws(() => parsePageTemplate(BUILT).render({}, 'x" onload="y'), {
    name: "TypeError",
    message: /^Cannot use "x\\" onload=\\"y" as a nonce: it is not base64$/,
  });
});

test("findNonceSlots() takes no notice of what is text", () => {
  const texts = [
    "<!-- <script> -->",
    "<title><script></title>",
    "<textarea><style></textarea>",
    '<div title="<script>">',
    "<!script>",
    "a < script",
    '<link rel="icon" href="x">',
    "<plaintext><script>",
    "<script",
  ];
  for (const text of texts) equal(findNonceSlots(text).offsets.length, 0, text);
  equal(findNonceSlots("<script>'<script>'</script><SCRIPT ></SCRIPT>").offsets.length, 2);
  equal(findNonceSlots("<template><script></script></template>").offsets.length, 1);
});

test("addNonceToPolicy() adds the nonce where scripts and styles are ruled, and nowhere else", () => {
  const cases: [string, string][] = [
    ["script-src 'self'", "script-src 'self' 'nonce-n'"],
    [
      "default-src 'self'; img-src *",
      "default-src 'self'; img-src *; script-src 'self' 'nonce-n'; style-src 'self' 'nonce-n'",
    ],
    ["script-src 'none'", "script-src 'none'"],
    ["default-src 'none'", "default-src 'none'"],
    ["frame-ancestors 'none'", "frame-ancestors 'none'"],
    [
      "script-src-elem 'self'; script-src 'none'",
      "script-src-elem 'self' 'nonce-n'; script-src 'none'",
    ],
    ["SCRIPT-SRC 'self' 'nonce-n'", "SCRIPT-SRC 'self' 'nonce-n'"],
    [
      "script-src 'self', script-src https:",
      "script-src 'self' 'nonce-n',script-src https: 'nonce-n'",
    ],
    // A nonce switches 'unsafe-inline' off: for scripts that is wanted, for attributes `style` it breaks pages.
    [
      "script-src 'unsafe-inline'; style-src 'self' 'unsafe-inline'",
      "script-src 'unsafe-inline' 'nonce-n'; style-src 'self' 'unsafe-inline'",
    ],
    [
      "style-src 'unsafe-inline' 'sha256-abc='",
      "style-src 'unsafe-inline' 'sha256-abc=' 'nonce-n'",
    ],
    [
      "default-src 'unsafe-INLINE'",
      "default-src 'unsafe-INLINE'; script-src 'unsafe-INLINE' 'nonce-n'",
    ],
  ];
  for (const [before, after] of cases) equal(addNonceToPolicy(before, "n"), after, before);
});
