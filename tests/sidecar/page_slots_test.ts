/**
 * parse5 is the oracle: a probe put into a slot must be found there by a real parser, and nothing else may have moved.
 *
 * The battery starts from the 19 documents of which the replacement of `</head>` by regular expression got 15 wrong.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { injectHtml, type Pieces } from "../../sidecar/inject_html.ts";
import { findHeadSlots, findSlots, type PageSlots } from "../../sidecar/page_slots.ts";
import { createRandom, randomDocument, shrink } from "../_support/html_documents.ts";
import {
  dump,
  endsInComment,
  findProbe,
  parseHtml,
  PROBE,
  type ProbedDocument,
  withoutImplied,
} from "../_support/html_oracle.ts";
import { test } from "../_support/test.ts";

const SLOTS = ["headStart", "headEnd", "bodyStart", "bodyEnd"] as const;

/** Holds one document to all that the slots promise. */
function checkDocument(html: string): void {
  const before = dump(parseHtml(html));
  const slots = findSlots(html);
  const { headStart, headEnd, bodyStart, bodyEnd } = slots;
  deepEqual([headStart, headEnd, bodyStart, bodyEnd].toSorted((a, b) => a - b), [
    ...[headStart, headEnd, bodyStart, bodyEnd],
  ]);
  deepEqual(findHeadSlots(html), { headStart, headEnd });
  for (const slot of SLOTS) {
    const found = findProbe(injectHtml(html, { [slot]: PROBE }));
    checkPlace(slot, slots, found, html);
    checkRest(html, before, dump(found.document));
  }
  checkRest(html, before, dumpWithAll(html));
}

function checkPlace(
  slot: keyof Pieces,
  slots: PageSlots,
  { around, scriptsBefore, isFirst, isLast }: ProbedDocument,
  html: string,
): void {
  if (slot === "headStart") {
    deepEqual(around, ["head", "html"]);
    equal(scriptsBefore, 0, "a script of the document runs before ours");
    ok(isFirst, "not first in head");
  } else if (slot === "headEnd" || slots.body === "none") {
    deepEqual(around, ["head", "html"]);
    // What stands behind `</head>` may still be put into the head by the parser.
    const closed = html.slice(slots.headEnd, slots.headEnd + 6).toLowerCase() === "</head";
    ok(isLast || closed || slots.body === "none", "not last in head");
  } else {
    ok(around.includes("body"), "not in body");
    if (slot === "bodyStart") ok(isFirst && around[0] === "body", "not first in body");
  }
}

function checkRest(html: string, before: string, after: string): void {
  if (before === after) return;
  ok(endsInComment(html), `the document changed:\n${before}\n--- to\n${after}`);
  equal(withoutImplied(after), withoutImplied(before));
}

/** All slots filled at once; the probes are left out by the dump. */
function dumpWithAll(html: string): string {
  const pieces = Object.fromEntries(SLOTS.map((slot) => [slot, PROBE]));
  return dump(parseHtml(injectHtml(html, pieces)));
}

/** Marks the slots: 1 and 2 in the head, 3 and 4 in the body. */
function marked(html: string): string {
  return injectHtml(html, { headStart: "①", headEnd: "②", bodyStart: "③", bodyEnd: "④" });
}

const HEAD_BATTERY: Readonly<Record<string, readonly [html: string, marked: string]>> = {
  "a plain document": [
    "<!doctype html><html><head><title>a</title></head><body><p>b</p></body></html>",
    "<!doctype html><html><head>①<title>a</title>②</head><body>③<p>b</p>④</body></html>",
  ],
  "a comment": [
    "<head><!-- </head> --><meta></head><body>",
    "<head>①<!-- </head> --><meta>②</head><body>③④",
  ],
  "a script": [
    "<head><script>'</head>'</script></head><body>",
    "<head>①<script>'</head>'</script>②</head><body>③④",
  ],
  "a title": [
    "<head><title></head></title></head><body>",
    "<head>①<title></head></title>②</head><body>③④",
  ],
  "a style": [
    "<head><style>/*</head>*/</style></head><body>",
    "<head>①<style>/*</head>*/</style>②</head><body>③④",
  ],
  "a noscript": [
    "<head><noscript></head></noscript></head><body>",
    "<head>①<noscript></head></noscript>②</head><body>③④",
  ],
  "a textarea, which starts the body": [
    "<head><textarea></head></body></textarea></head>",
    "<head>①②<body>③<textarea></head></body></textarea></head>④",
  ],
  "an attribute": [
    `<head data-a="</head>" data-b='</head>' data-c=</head><meta x="'></head>"></head><body>`,
    `<head data-a="</head>" data-b='</head>' data-c=</head>①<meta x="'></head>">②</head><body>③④`,
  ],
  "a bogus comment": [
    "<head><!x </head><?y </head></ </head></head><body>",
    "<head>①<!x </head><?y </head></ </head>②</head><body>③④",
  ],
  "a script escaped twice": [
    "<head><script><!--<script></script></head>--></script></head><body>",
    "<head>①<script><!--<script></script></head>--></script>②</head><body>③④",
  ],
  "a plaintext": ["<head><plaintext></head><body>", "<head>①②<body>③④<plaintext></head><body>"],
  "no head": ["<html><body>a</body></html>", "<html>①②<body>③a④</body></html>"],
  "an implied head": ["<!doctype html><meta><p>a", "<!doctype html>①<meta>②<body>③<p>a④"],
  "an end tag with a line break": [
    "<head><meta></HEAD\n><body>",
    "<head>①<meta>②</HEAD\n><body>③④",
  ],
  "an end tag with an attribute": [
    "<head><meta></head x='>'><body>",
    "<head>①<meta>②</head x='>'><body>③④",
  ],
  "a template": [
    "<head><template></head><template></template><body></template></head><body>",
    "<head>①<template></head><template></template><body></template>②</head><body>③④",
  ],
  "a head closed by content": [
    "<head><meta>\n<div>a</div></head><body>",
    "<head>①<meta>\n②<body>③<div>a</div></head><body>④",
  ],
  "an end tag alone": ["</head><body>a", "①②</head><body>③a④"],
  "two heads": ["<head><head><meta></head></head>a", "<head>①<head><meta>②</head></head><body>③a④"],
  "a header": ["<header></head></header>", "①②<body>③<header></head></header>④"],
  "text first": [" \n a<head></head>", " \n ①②<body>③a<head></head>④"],
  "white space by reference": ["&#32;&#x0a;<head a>", "&#32;&#x0a;<head a>①②<body>③④"],
  "more white space by reference": [
    "&Tab;&NewLine;&#9;&#xC<head a>",
    "&Tab;&NewLine;&#9;&#xC<head a>①②<body>③④",
  ],
  "letters by reference": ["&#327;<head>", "①②<body>③&#327;<head>④"],
  "a name with the Kelvin sign": ["<LIN\u212A><head>", "①②<body>③<LIN\u212A><head>④"],
  "a script in a script": [
    "<head><script><script></script></head>",
    "<head>①<script><script></script>②</head><body>③④",
  ],
  "a form feed by reference": ["&#12;<head a>", "&#12;<head a>①②<body>③④"],
  "an empty document": ["", "①②<body>③④"],
  "a byte order mark": ["\uFEFFa", "\uFEFF①②<body>③a④"],
  "empty comments": [
    "<!--><head><!---></head><!--x--!><body>",
    "<!--><head>①<!--->②</head><!--x--!><body>③④",
  ],
  "an open comment": ["<head><meta><!-- </head><body>", "<head>①<meta>②③④<!-- </head><body>"],
  "an open title": ["<head><meta><title></head><body>", "<head>①<meta>②③④<title></head><body>"],
  "an open template": ["<head><template></head><body>", "<head>①②③④<template></head><body>"],
  "an open attribute": ["<head><meta x='></head><body>", "<head>①②③④<meta x='></head><body>"],
  "a frameset": [
    "<head></head><frameset><frame></frameset>",
    "<head>①②③④</head><frameset><frame></frameset>",
  ],
  "SVG in a template": [
    "<head><template><svg><style></template></head><body>",
    "<head>①<template><svg><style></template>②</head><body>③④",
  ],
  "columns in a template": [
    "<head><template><col><style></template></style></head><body>",
    "<head>①<template><col><style></template></style>②</head><body>③④",
  ],
};

const BODY_BATTERY: Readonly<Record<string, readonly [html: string, marked: string]>> = {
  "a script": [
    "<body><script>'</body>'</script></body>",
    "①②<body>③<script>'</body>'</script>④</body>",
  ],
  "a comment behind it": ["<body>a</body><!-- </body> -->", "①②<body>③a④</body><!-- </body> -->"],
  "the last of two": ["<body>a</body>b</body>", "①②<body>③a</body>b④</body>"],
  "</html> alone": ["<body>a</html>\n", "①②<body>③a④</html>\n"],
  "CDATA in SVG": [
    "<body><svg><![CDATA[</svg></body>]]></svg></body>",
    "①②<body>③<svg><![CDATA[</svg></body>]]></svg>④</body>",
  ],
  "a style in SVG, which is markup": [
    "<body><svg><style><g></g></style></svg></body>",
    "①②<body>③<svg><style><g></g></style></svg>④</body>",
  ],
  "HTML in SVG": [
    "<body><svg><foreignObject><div><style></svg></style></div></foreignObject></svg></body>",
    "①②<body>③<svg><foreignObject><div><style></svg></style></div></foreignObject></svg>④</body>",
  ],
  "SVG left open": ["<body><svg></body>", "①②<body>③④<svg></body>"],
  "SVG left by a div": ["<body><svg><div></div></body>", "①②<body>③<svg><div></div>④</body>"],
  "a stray </div> in SVG": ["<body><div><svg></div></body>", "①②<body>③<div>④<svg></div></body>"],
  "a stray </path> in SVG": [
    "<body><svg><path/></path></svg></body>",
    "①②<body>③<svg><path/></path></svg>④</body>",
  ],
  "MathML in its own text": [
    "<body><math><mi><mglyph><style></math></body>",
    "①②<body>③<math><mi><mglyph><style></math>④</body>",
  ],
  "MathML left by a coloured font": [
    "<body><math><font color=red></body>",
    "①②<body>③<math><font color=red>④</body>",
  ],
  "a plain font in SVG": ["<body><svg><font></svg></body>", "①②<body>③<svg><font></svg>④</body>"],
  "SVG in an annotation": [
    "<body><math><annotation-xml><svg><title><style></title></style></title></svg></annotation-xml></math></body>",
    "①②<body>③<math><annotation-xml><svg><title><style></title></style></title></svg></annotation-xml></math>④</body>",
  ],
  "HTML in an annotation": [
    "<body><math><annotation-xml encoding=text/HTML><style></math></body></style></annotation-xml></math>",
    "①②<body>③<math><annotation-xml encoding=text/HTML><style></math></body></style></annotation-xml></math>④",
  ],
  "CDATA at an integration point, where parsers differ": [
    "<body><svg><title><![CDATA[</title>]]></title></svg></body>",
    "①②<body>③④<svg><title><![CDATA[</title>]]></title></svg></body>",
  ],
  "misnested HTML in SVG": [
    "<body><svg><desc><div><b></div></desc></svg></body>",
    "①②<body>③④<svg><desc><div><b></div></desc></svg></body>",
  ],
  "a script of SVG in a select, where parsers differ": [
    "<body><select><svg><script></script></svg></select></body>",
    "①②<body>③④<select><svg><script></script></svg></select></body>",
  ],
  "a select that only seems closed": [
    "<body><select><template></select></template><style></style></body>",
    "①②<body>③④<select><template></select></template><style></style></body>",
  ],
  "a closed select": [
    "<body><select></select><style></style></body>",
    "①②<body>③<select></select><style></style>④</body>",
  ],
  "a select": [
    "<body><select><option>a</select><style></style></body>",
    "①②<body>③<select><option>a</select><style></style>④</body>",
  ],
  "raw text in a select": ["<body><select><style></body>", "①②<body>③④<select><style></body>"],
  "an open textarea": ["<body>a<textarea></body>", "①②<body>③a④<textarea></body>"],
  "an unfinished end tag": ["<body>a</", "①②<body>③a④</"],
  "a lesser-than sign": ["<body>a < b</body>", "①②<body>③a < b④</body>"],
};

for (const [place, [html, expected]] of Object.entries(HEAD_BATTERY)) {
  test(`findSlots() finds the head in spite of ${place}`, () => {
    equal(marked(html), expected);
    checkDocument(html);
  });
}

for (const [place, [html, expected]] of Object.entries(BODY_BATTERY)) {
  test(`findSlots() finds the end of the body: ${place}`, () => {
    equal(marked(html), expected);
    checkDocument(html);
  });
}

test("findSlots() says whether a body is there", () => {
  equal(findSlots("<body>").body, "tag");
  equal(findSlots("a").body, "implied");
  equal(findSlots("<frameset>").body, "none");
});

test("findSlots() agrees with parse5 on random documents", () => {
  const seed = Number(process.env.LV_SEED ?? 20_250_101);
  const count = Number(process.env.LV_RUNS ?? 4_000);
  const random = createRandom(seed);
  for (let run = 0; run < count; run++) {
    const fragments = randomDocument(random);
    if (!fails(fragments.join(""))) continue;
    const html = shrink(fragments, fails).join("");
    console.error(`LV_SEED=${seed}, document ${run}, shortened: ${JSON.stringify(html)}`);
    checkDocument(html);
  }
});

function fails(html: string): boolean {
  try {
    checkDocument(html);
    return false;
  } catch {
    return true;
  }
}

test("findSlots() takes time in proportion to the document, whatever is left open", () => {
  // Quadratic work would be 10^10 steps here: minutes, not a fraction of a second.
  for (
    const piece of [
      "<!-- -",
      "<script><!--",
      "</title",
      "<a b='",
      "<svg><g>",
      "<",
      "&#32",
      "<template>",
    ]
  ) {
    const html = piece.repeat(100_000);
    ok(findSlots(html).headEnd >= 0, piece);
  }
});
