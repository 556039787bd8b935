/**
 * One URL, two answers: a document gets the page of a single-page app, a script the app's 404. Caches have to know.
 */
import { equal, match, ok } from "node:assert/strict";
import { onOnePort } from "../_support/one_port.ts";
import { type RawField, type RawHandler, valueOf } from "../_support/raw_http.ts";
import { test } from "../_support/test.ts";

const DOCUMENT: readonly RawField[] = [["Accept", "text/html"], ["Sec-Fetch-Dest", "document"]];
const SCRIPT: readonly RawField[] = [["Accept", "*/*"], ["Sec-Fetch-Dest", "empty"]];

const notFound: RawHandler = (exchange) => exchange.answer(404, "no such thing");
const page: RawHandler = (exchange) =>
  exchange.answer(200, "<!doctype html><title>page", [
    ["content-type", "text/html"],
    ["vary", "Origin"],
  ]);

test("a page in place of the app's 404 says which fields chose it, beside those of Vite", () =>
  onOnePort({ backend: notFound, vite: page }, async ({ ask }) => {
    const document = await ask({ target: "/about", fields: DOCUMENT });
    equal(document.status, 200);
    match(document.body.toString(), /<title>page/);
    const vary = document.fields.filter(([name]) => name === "vary").map(([, value]) => value);
    equal(vary.join(", "), "Origin, Sec-Fetch-Dest, Accept");
    const script = await ask({ target: "/about", fields: SCRIPT });
    equal(script.status, 404);
    equal(script.body.toString(), "no such thing");
  }));

test("an answer of the app's own is left as it is", () =>
  onOnePort({ vite: page }, async ({ ask }) => {
    for (const fields of [DOCUMENT, SCRIPT]) {
      const answer = await ask({ target: "/about", fields });
      equal(answer.body.toString(), "ok");
      ok(valueOf(answer.fields, "vary") === undefined);
    }
  }));
