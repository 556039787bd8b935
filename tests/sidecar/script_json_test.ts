import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { scriptJson } from "../../sidecar/script_json.ts";
import { parseHtml } from "../_support/html_oracle.ts";
import { createRandom } from "../_support/html_documents.ts";
import { test } from "../_support/test.ts";

const NASTY = [
  "</script>",
  "</SCRIPT\n>",
  "<!--",
  "<!--<script>",
  "-->",
  "]]>",
  "&lt;",
  "\u2028\u2029",
  "\ud800",
  "\udc00\ud800",
  "\0",
  "$&$'$`$1$$",
  "\\",
  '"',
  "\\u003c",
  "😀",
  "\uFEFF",
];

/** What the script holds after the document was read; undefined if it ended early. */
function throughHtml(json: string): string | undefined {
  const html = parseHtml(`<script>${json}</script><p>`).childNodes[0];
  const head = html !== undefined && "childNodes" in html ? html.childNodes[0] : undefined;
  const script = head !== undefined && "childNodes" in head ? head.childNodes[0] : undefined;
  const text = script !== undefined && "childNodes" in script ? script.childNodes[0] : undefined;
  return text !== undefined && "value" in text ? text.value : undefined;
}

test("scriptJson() is JSON of the same value", () => {
  for (const value of [null, true, 0, -0.5, "a", [], {}, { a: [1, { b: "c" }] }]) {
    deepEqual(JSON.parse(scriptJson(value)), value);
  }
  deepEqual(JSON.parse(scriptJson(NASTY)), NASTY);
});

test("scriptJson() holds nothing that ends or swallows a script", () => {
  for (const text of NASTY) {
    const json = scriptJson({ [text]: text });
    ok(!/[<>&\u2028\u2029]/.test(json), json);
    equal(throughHtml(json), json);
  }
});

test("scriptJson() is an expression with the same value", () => {
  const random = createRandom(1);
  for (let run = 0; run < 200; run++) {
    const text = Array.from({ length: 5 }, () => NASTY[Math.floor(random() * NASTY.length)]).join(
      "",
    );
    const json = scriptJson({ [text]: [text] });
    // The test is about what an engine makes of it.
    const value: unknown = new Function(`return (${json})`)();
    deepEqual(value, { [text]: [text] });
  }
});

test("scriptJson() honours toJSON and drops what JSON drops", () => {
  equal(scriptJson(new Date(0)), '"1970-01-01T00:00:00.000Z"');
  equal(scriptJson({ a: undefined, b: () => 1 }), "{}");
  equal(scriptJson([undefined, NaN]), "[null,null]");
});

test("scriptJson() takes 10 MB", () => {
  const text = "<$&>".repeat(2_500_000);
  equal(JSON.parse(scriptJson(text)), text);
});

test("scriptJson() refuses what has no JSON", () => {
  throws(() => scriptJson(undefined), {
    name: "TypeError",
    message: 'Cannot serialise "value" as JSON: it is undefined',
  });
  throws(() => scriptJson(() => 1, "user"), {
    name: "TypeError",
    message: 'Cannot serialise "user" as JSON: it is a function',
  });
  throws(() => scriptJson(Symbol("a")), { message: /it is a symbol$/ });
  throws(() => scriptJson({ toJSON: () => undefined }), {
    name: "TypeError",
    message: 'Cannot serialise "value" as JSON: it is an object without a JSON form',
  });
});

test("scriptJson() says where a BigInt or a cycle is", () => {
  throws(() => scriptJson({ user: { ids: [1, 2n] } }, "page"), {
    name: "TypeError",
    message: 'Cannot serialise "page.user.ids[1]" as JSON: it is a BigInt',
  });
  const cycle: Record<string, unknown> = { same: {} };
  cycle.inner = { outer: cycle };
  throws(() => scriptJson(cycle), {
    name: "TypeError",
    message: 'Cannot serialise "value.inner.outer" as JSON: it is an object that contains itself',
  });
});

test("scriptJson() lets an error of the value's own code through", () => {
  const error = new RangeError("no");
  const value = {
    toJSON() {
      throw error;
    },
  };
  throws(() => scriptJson(value), error);
});
