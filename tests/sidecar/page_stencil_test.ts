import { equal, match, notEqual } from "node:assert/strict";
import { createMarks, PageStencil } from "../../sidecar/page_stencil.ts";
import { test } from "../_support/test.ts";

const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

test("PageStencil fills each hole, of whatever length, between texts of any alphabet", () => {
  const marks = createMarks();
  const { nonce, token } = marks;
  const stencil = new PageStencil(`é ${nonce}${token} 日本 ${nonce} ü ${nonce}`, marks);
  equal(text(stencil.fill("abc", "12")), "é abc12 日本 abc ü abc");
  equal(text(stencil.fill("xyz", "34")), "é xyz34 日本 xyz ü xyz");
  equal(text(stencil.fill("xyz", "a longer one")), "é xyza longer one 日本 xyz ü xyz");
  equal(text(stencil.fill("", "")), "é  日本  ü ");
});

test("PageStencil without holes is its text", () => {
  equal(text(new PageStencil("<p>é</p>", createMarks()).fill("abc", "12")), "<p>é</p>");
});

test("PageStencil refuses what is not ASCII, and is not spoilt by it", () => {
  const marks = createMarks();
  const stencil = new PageStencil(`${marks.token}|${marks.nonce}`, marks);
  equal(stencil.fill("abc", '"日本"'), undefined);
  equal(stencil.fill("é", '"1"'), undefined);
  equal(text(stencil.fill("abc", '"1"')), '"1"|abc');
});

test("PageStencil gives its own memory, which a response copies", async () => {
  const marks = createMarks();
  const stencil = new PageStencil(`<i>${marks.token}</i>`, marks);
  const responses = ["one", "two", "six"].map((token) => new Response(stencil.fill("", token)));
  const texts = await Promise.all(responses.map((response) => response.text()));
  equal(texts.join(""), "<i>one</i><i>two</i><i>six</i>");
});

test("createMarks() gives others each time, which a page takes as nonces", () => {
  const [a, b] = [createMarks(), createMarks()];
  notEqual(a.nonce, b.nonce);
  notEqual(a.nonce, a.token);
  match(a.nonce, /^[A-Za-z0-9-]{36}$/);
});
