import { deepEqual, equal } from "node:assert/strict";
import { parseFragment } from "parse5";
import { escapeAttribute, escapeHtml } from "../../sidecar/escape_html.ts";
import { test } from "../_support/test.ts";

const NASTY = `&<>"'\`&amp;</p><!-- --> $& \u2028 é 😀 onload=x`;

test("escapeHtml() is read back as the same text", () => {
  const [paragraph] = parseFragment(`<p>${escapeHtml(NASTY)}</p>`).childNodes;
  const children = paragraph !== undefined && "childNodes" in paragraph ? paragraph.childNodes : [];
  deepEqual(children.map((node) => "value" in node && node.value), [NASTY]);
});

test("escapeAttribute() is read back as the same value between quotes of either kind", () => {
  for (const quote of ['"', "'"]) {
    const [element] =
      parseFragment(`<p a=${quote}${escapeAttribute(NASTY)}${quote}></p>`).childNodes;
    deepEqual(element !== undefined && "attrs" in element && element.attrs, [
      { name: "a", value: NASTY },
    ]);
  }
});

test("escapeAttribute() escapes both quotes and the backtick", () => {
  equal(escapeAttribute("\"'`"), "&quot;&#39;&#96;");
});

test("escapeHtml() leaves plain text as it is", () => {
  equal(escapeHtml("plain text"), "plain text");
});
