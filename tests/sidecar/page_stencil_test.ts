import { equal } from "node:assert/strict";
import { type Marks, PageStencil } from "../../sidecar/page_stencil.ts";
import { test } from "../_support/test.ts";

const MARKS: Marks = { nonce: "N-0-N", token: "T-0-T" };

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

test("PageStencil fills each hole, of whatever length, between texts of any alphabet", () => {
  const { nonce, token } = MARKS;
  const stencil = new PageStencil(`é ${nonce}${token} 日本 ${nonce} ü ${nonce}`, MARKS);
  equal(text(stencil.fill("abc", "12")), "é abc12 日本 abc ü abc");
  equal(text(stencil.fill("xyz", "34")), "é xyz34 日本 xyz ü xyz");
  equal(text(stencil.fill("xyz", "a longer one")), "é xyza longer one 日本 xyz ü xyz");
  equal(text(stencil.fill("", "")), "é  日本  ü ");
});

test("PageStencil without holes is its text", () => {
  equal(text(new PageStencil("<p>é</p>", MARKS).fill("abc", "12")), "<p>é</p>");
});

test("PageStencil refuses what would have to be escaped, or is not ASCII, and is not spoilt by it", () => {
  const stencil = new PageStencil(`${MARKS.token}|${MARKS.nonce}`, MARKS);
  for (const token of ["日本", '"', "\\", "<", ">", "&", "\n", "\0", "\x80"]) {
    equal(stencil.fill("abc", `a${token}b`), undefined, JSON.stringify(token));
  }
  equal(stencil.fill("é", "1"), undefined);
  equal(text(stencil.fill("abc", "1 '~$`")), "1 '~$`|abc");
});

test("PageStencil gives its own memory, which a response copies", async () => {
  const stencil = new PageStencil(`<i>${MARKS.token}</i>`, MARKS);
  const responses = ["one", "two", "six"].map((token) => new Response(stencil.fill("", token)));
  const texts = await Promise.all(responses.map((response) => response.text()));
  equal(texts.join(""), "<i>one</i><i>two</i><i>six</i>");
});
