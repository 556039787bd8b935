import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import process from "node:process";
import { parse } from "parse5";
import { findNonceSlots } from "../../sidecar/nonce_slots.ts";
import { addNonceToPolicy } from "../../sidecar/nonce.ts";
import { parsePageTemplate } from "../../sidecar/page_template.ts";
import { createRandom, randomDocument, shrink } from "../_support/html_documents.ts";
import { parseHtml } from "../_support/html_oracle.ts";
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

// --- parse5 as the oracle

const NONCE = "cmFuZG9tLW5vbmNl";

/** What a nonce goes on, and what it does not. */
const TAGS = [
  "<script nonce='PLACEHOLDER'></script>",
  "<script src=/a.js nonce></script>",
  "<SCRIPT\n/type=module>1</SCRIPT>",
  "<style nonce=x>a{}</style>",
  "<STYLE\t>",
  "<link rel=stylesheet nonce='x' href=a>",
  '<LINK href="a" REL=" Preload  StyleSheet ">',
  "<link/rel='modulepreload'/href=a>",
  "<link rel=icon nonce=kept>",
  "<link rel=xstylesheet>",
  "<link data-rel=stylesheet title='>'>",
  "<link rel=icon rel=stylesheet>",
  "<p title='<script>'>",
  "<scripts>",
  "<noscript><link rel=stylesheet><style></style></noscript>",
  "<template><script></script></template>",
  "<svg><script></script><style></style></svg>",
];

interface TreeNode extends Node {
  readonly value?: string;
  readonly data?: string;
  readonly name?: string;
}

/** A document as text, without nonces where they belong; and those nonces. */
function readTree(html: string): { readonly lines: string[]; readonly nonces: string[] } {
  const lines: string[] = [];
  const nonces: string[] = [];
  let text = "";
  const flush = (): void => {
    if (text !== "") lines.push(JSON.stringify(text));
    text = "";
  };
  const walk = (node: TreeNode): void => {
    if (node.nodeName === "#text") return void (text += node.value ?? "");
    if (isNonceMeta(node)) return;
    flush();
    const attributes = node.attrs?.map(({ name, value }) => [name, value] as const) ?? [];
    if (takesNonce(node)) {
      nonces.push(attributes.find(([name]) => name === "nonce")?.[1] ?? "none");
    }
    const kept = attributes.filter(([name]) => name !== "nonce" || !takesNonce(node));
    lines.push(JSON.stringify([node.nodeName, kept, node.data ?? node.name ?? ""]));
    for (const child of [...node.childNodes ?? [], ...node.content?.childNodes ?? []]) walk(child);
    flush();
    lines.push("/");
  };
  walk(parseHtml(html) as TreeNode);
  return { lines, nonces };
}

const attributeOf = ({ attrs = [] }: Node, name: string): string | undefined =>
  attrs.find((attribute) => attribute.name === name)?.value;

const isNonceMeta = (node: Node): boolean =>
  node.nodeName === "meta" && attributeOf(node, "property") === "csp-nonce";

const takesNonce = (node: Node): boolean =>
  node.nodeName === "script" || node.nodeName === "style" ||
  node.nodeName === "link" &&
    /(?:^|\s)(?:stylesheet|preload|modulepreload)(?:\s|$)/i.test(attributeOf(node, "rel") ?? "");

const IMPLIED = new Set(["/", ...["html", "head", "body"].map((name) => `["${name}",[],""]`)]);

/**
 * What is left to compare. The element for Vite's client may begin a head that was not there before; and a browser
 * without scripts reads what `<noscript>` holds as elements, where it is text for one with them.
 */
const comparable = ({ lines }: { readonly lines: readonly string[] }): string[] =>
  lines.filter((line) => !IMPLIED.has(line)).map((line) =>
    line.replaceAll(JSON.stringify(` nonce="${NONCE}"`).slice(1, -1), "")
  );

function checkNonces(html: string): void {
  const page = parsePageTemplate(html);
  equal(page.render({}), html);
  if (!findNonceSlots(html).isCertain) return;
  const before = readTree(html);
  const after = readTree(page.render({}, NONCE));
  deepEqual(comparable(after), comparable(before));
  equal(after.nonces.length, before.nonces.length);
  for (const nonce of after.nonces) equal(nonce, NONCE);
}

function failsNonces(html: string): boolean {
  try {
    checkNonces(html);
    return false;
  } catch {
    return true;
  }
}

test("parsePageTemplate() puts the nonce where parse5 sees scripts and styles, and changes nothing else", () => {
  const seed = Number(process.env.LV_SEED ?? 20_250_103);
  const count = Number(process.env.LV_RUNS ?? 4_000);
  const random = createRandom(seed);
  let uncertain = 0;
  for (let run = 0; run < count; run++) {
    const fragments = randomDocument(random);
    for (let extra = 0; extra < 3; extra++) {
      const at = Math.floor(random() * (fragments.length + 1));
      fragments.splice(at, 0, TAGS[Math.floor(random() * TAGS.length)] ?? "");
    }
    if (!findNonceSlots(fragments.join("")).isCertain) uncertain++;
    if (!failsNonces(fragments.join(""))) continue;
    const html = shrink(fragments, failsNonces).join("");
    console.error(`LV_SEED=${seed}, document ${run}, shortened: ${JSON.stringify(html)}`);
    checkNonces(html);
  }
  ok(uncertain < count / 4, `${uncertain} of ${count} are not read for certain`);
});
