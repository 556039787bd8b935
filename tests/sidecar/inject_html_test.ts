import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { createPage, injectHtml, type Pieces, renderInjection } from "../../sidecar/inject_html.ts";
import { createRandom, randomDocument } from "../_support/html_documents.ts";
import { findProbe, PROBE } from "../_support/html_oracle.ts";
import { test } from "../_support/test.ts";

const DOCUMENT = "<html><head><title>a</title></head><body><p>b</p></body></html>";

/** What the script of the globals leaves in `window`. */
function run(pieces: Pieces): Record<string, unknown> {
  const { probe, scriptsBefore } = findProbe(
    injectHtml(`<head>${PROBE}`, { headStart: pieces.headStart ?? "" }),
  );
  equal(scriptsBefore, 1);
  const script = probe.parentNode?.childNodes[0];
  const text = script !== undefined && "childNodes" in script ? script.childNodes[0] : undefined;
  ok(text !== undefined && "value" in text);
  const window: Record<string, unknown> = {};
  new Function("window", text.value)(window);
  return window;
}

test("injectHtml() puts every piece into its slot", () => {
  equal(
    injectHtml(DOCUMENT, { headStart: "1", headEnd: "2", bodyStart: "3", bodyEnd: "4" }),
    "<html><head>1<title>a</title>2</head><body>3<p>b</p>4</body></html>",
  );
  equal(
    injectHtml(DOCUMENT, { headEnd: "2" }),
    "<html><head><title>a</title>2</head><body><p>b</p></body></html>",
  );
});

test("injectHtml() leaves the document as it is when there is nothing to inject", () => {
  for (const html of [DOCUMENT, "", "text", "<!--"]) {
    equal(injectHtml(html, {}), html);
    equal(injectHtml(html, { headStart: "", bodyEnd: "" }), html);
    equal(createPage(html).render({}), html);
  }
});

test("injectHtml() takes pieces and documents verbatim", () => {
  const nasty = "$&$'$`$1$$\0\\";
  equal(
    injectHtml(`<head>${nasty}</head>`, { headStart: nasty }),
    `<head>${nasty}${nasty}</head>`,
  );
});

test("injectHtml() writes a body tag only where a piece needs one", () => {
  equal(injectHtml("<p>a", { bodyStart: PROBE }), `<body>${PROBE}<p>a`);
  equal(injectHtml("<p>a", { headEnd: PROBE }), `${PROBE}<p>a`);
});

test("injectHtml() puts the body's pieces last in the head of a frameset", () => {
  equal(
    injectHtml("<head></head><frameset>", { headEnd: "2", bodyStart: "3", bodyEnd: "4" }),
    "<head>234</head><frameset>",
  );
});

test("createPage() renders the same as injectHtml(), again and again", () => {
  const random = createRandom(3);
  for (let round = 0; round < 300; round++) {
    const html = randomDocument(random).join("");
    const page = createPage(html);
    for (const piece of ["<i>1</i>", "<i>2</i>"]) {
      for (const slot of ["headStart", "headEnd", "bodyStart", "bodyEnd"]) {
        equal(page.render({ [slot]: piece }), injectHtml(html, { [slot]: piece }));
      }
    }
  }
});

test("renderInjection() makes one script of all globals, first in the head", () => {
  deepEqual(renderInjection({ globals: { a: 1, $b: [2] }, headStart: "<meta>", bodyEnd: "x" }), {
    headStart: '<script>window["a"]=1;window["$b"]=[2];</script><meta>',
    bodyEnd: "x",
  });
});

test("renderInjection() makes no script without globals", () => {
  deepEqual(renderInjection({ headEnd: "<meta>" }), { headEnd: "<meta>" });
  deepEqual(renderInjection({ globals: {} }, "abc"), {});
});

test("renderInjection() gives the script its nonce", () => {
  equal(
    renderInjection({ globals: { a: 1 } }, "aZ0+/-_==").headStart,
    '<script nonce="aZ0+/-_==">window["a"]=1;</script>',
  );
});

test("renderInjection() refuses a nonce that could leave its attribute", () => {
  for (const nonce of ['"', "a b", "", "=", "a>b", "'unsafe-inline'", "a\n"]) {
    throws(() => renderInjection({ globals: { a: 1 } }, nonce), {
      name: "TypeError",
      message: `Cannot use ${JSON.stringify(nonce)} as a nonce: it is not base64`,
    });
  }
});

test("renderInjection() hands values over unharmed", () => {
  const values = {
    html: "</script><!--<script>$&",
    lines: "\u2028\u2029\0",
    half: "\ud800",
    list: [{ a: null }],
  };
  deepEqual(run(renderInjection({ globals: { values } })), { values });
});

test("renderInjection() keeps a key __proto__ a key", () => {
  const value: unknown = JSON.parse('{"a":{"__proto__":{"admin":true},"b":"<"}}');
  const { page } = run(renderInjection({ globals: { page: value } }));
  deepEqual(JSON.stringify(page), JSON.stringify(value));
});

test("renderInjection() takes names of any script", () => {
  deepEqual(run(renderInjection({ globals: { __LV_ROUTES__: 1, $: 2, größe: 3 } })), {
    __LV_ROUTES__: 1,
    $: 2,
    größe: 3,
  });
});

test("renderInjection() refuses names that are none", () => {
  for (const name of ["", "a b", "1a", "a.b", 'a"', "a\n", "</script>"]) {
    throws(() => renderInjection({ globals: { [name]: 1 } }), {
      name: "TypeError",
      message: /^Cannot inject ".*" as a global: it is no identifier of JavaScript$/s,
    });
  }
});

test("renderInjection() refuses names that the browser keeps to itself", () => {
  const globals: unknown = JSON.parse('{"__proto__":{"admin":true}}');
  // JSON.parse makes an own property of it, which a literal would not.
  throws(() => renderInjection({ globals: globals as Record<string, unknown> }), {
    name: "TypeError",
    message: 'Cannot inject "__proto__" as a global: the browser keeps the name to itself',
  });
  throws(() => renderInjection({ globals: { location: "/" } }), TypeError);
});

test("renderInjection() says which global can't be JSON", () => {
  throws(() => renderInjection({ globals: { page: { id: 1n } } }), {
    name: "TypeError",
    message: 'Cannot serialise "page.id" as JSON: it is a BigInt',
  });
  throws(() => renderInjection({ globals: { page: undefined } }), {
    name: "TypeError",
    message: 'Cannot serialise "page" as JSON: it is undefined',
  });
});
