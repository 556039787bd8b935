import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { findRoot } from "../../sidecar/page_root.ts";
import { parsePageTemplate } from "../../sidecar/page_template.ts";
import { createRandom, randomDocument } from "../_support/html_documents.ts";
import { parseHtml } from "../_support/html_oracle.ts";
import { test } from "../_support/test.ts";

const page = (body: string): string =>
  `<!doctype html><html><head><title>t</title></head><body>${body}</body></html>`;

const rootOf = (html: string): string | undefined => {
  const { root } = findRoot(html, "app");
  return root && html.slice(root.start, root.end);
};

for (
  const root of [
    '<div id="app"></div>',
    "<div id=app></div>",
    "<div class='a' id='app' data-x=\"</div>\">\n</div >",
    '<DIV ID="app"><!-- rendered here --></DIV>',
    '<main id="app"> \n </main>',
  ]
) {
  test(`findRoot() finds ${JSON.stringify(root)}`, () => {
    equal(rootOf(page(`<p>${root}<script src="a.js"></script>`)), root);
  });
}

test("findRoot() takes nothing for the root that a browser does not", () => {
  const root = '<div id="app"></div>';
  for (
    const hidden of [
      `<!-- ${root} -->`,
      `<script>"${root}"</script>`,
      `<template>${root}</template>`,
      `<template><template></template>${root}</template>`,
      `<svg><g>${root}</g></svg>`,
      `<textarea>${root}</textarea>`,
      `<noscript>${root}</noscript>`,
      '<div id="app-root"></div>',
      '<div data-id="app"></div>',
      "<p title='<div id=\"app\"></div>'>",
      '<div id="app">',
      '<div id="app"></section>',
    ]
  ) {
    equal(rootOf(page(hidden)), undefined, hidden);
    // What follows it is found all the same.
    if (!hidden.startsWith('<div id="app">')) equal(rootOf(page(hidden + root)), root, hidden);
  }
});

test("findRoot() takes no element that has something in it", () => {
  for (const content of ["text", "<p></p>", "&nbsp;"]) {
    equal(rootOf(page(`<div id="app">${content}</div>`)), undefined, content);
  }
});

test("findRoot() finds the title, and knows one of an SVG from it", () => {
  const html = page('<svg><title>x</title></svg><div id="app"></div>');
  const { title } = findRoot(html, "app");
  equal(title && html.slice(title.start, title.end), "<title>t</title>");
  equal(findRoot('<svg><title>x</title></svg><div id="app"></div>', "app").title, undefined);
});

interface Node {
  readonly attrs?: readonly { readonly name: string; readonly value: string }[];
  readonly childNodes?: readonly Node[];
}

/** How many elements with the attribute a browser sees. */
function count(node: Node, attribute: string): number {
  const own = node.attrs?.some(({ name }) => name === attribute) ? 1 : 0;
  return (node.childNodes ?? []).reduce((sum, child) => sum + count(child, attribute), own);
}

test("findRoot() finds the root where a browser does; what stays open may hide some", () => {
  const random = createRandom(20_261_120);
  let there = 0;
  let found = 0;
  for (let turn = 0; turn < 1000; turn++) {
    const html = `${randomDocument(random).join("")}<div id="app" lv-root></div>`;
    if (count(parseHtml(html) as Node, "lv-root") === 0) continue;
    there++;
    const { root } = findRoot(html, "app");
    if (root !== undefined && html.slice(root.start, root.end).includes("lv-root")) found++;
  }
  ok(there > 500 && found >= there * 0.85, `${found} of ${there}`);
});

test("withRoot() replaces the root and the title, and keeps what it is not told to", () => {
  const html = page('<div id="app"></div><script src="a.js"></script>');
  const template = parsePageTemplate(html).withRoot("app");
  equal(template.render({}), html);
  equal(
    template.render({ root: "<main>$& HI</main>", title: "", headEnd: "<meta>" }),
    "<!doctype html><html><head><meta></head><body><main>$& HI</main>" +
      '<script src="a.js"></script></body></html>',
  );
  match(
    template.render({ root: "<main></main>" }, "bm9uY2U="),
    /<title>t<\/title><\/head><body><main><\/main><script nonce="bm9uY2U=" src="a\.js">/,
  );
  equal(parsePageTemplate(html).render({ root: "x" }), html, "only where it was asked for");
});

test("withRoot() parses a page once for each id", () => {
  const template = parsePageTemplate(page('<div id="app"></div><div id="b"></div>'));
  equal(template.withRoot("app"), template.withRoot("app"));
  equal(template.withRoot("app").withRoot("b"), template.withRoot("b"));
});

test("withRoot() says what there is instead", () => {
  const messageOf = (body: string): string => {
    let message = "";
    throws(() => parsePageTemplate(page(body)).withRoot("app"), (error: Error) => {
      message = error.message;
      return error instanceof TypeError;
    });
    return message;
  };
  deepEqual([messageOf('<div id="root"></div>'), messageOf('<i id="app">x</i>'), messageOf("")], [
    'Cannot put the app into the element "app" of the page: there is "root", and <div id="app"></div> is wanted',
    'Cannot put the app into the element "app" of the page: it is not empty, and <div id="app"></div> is wanted',
    'Cannot put the app into the element "app" of the page: no element has an id, and <div id="app"></div> is wanted',
  ]);
});
