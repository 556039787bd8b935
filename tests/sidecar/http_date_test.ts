import { equal } from "node:assert/strict";
import { parseHttpDate, renderHttpDate } from "../../sidecar/http_date.ts";
import { test } from "../_support/test.ts";

const SECONDS = 784_111_777;

test("parseHttpDate() reads the three forms", () => {
  equal(parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), SECONDS);
  equal(parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT"), SECONDS);
  equal(parseHttpDate("Sun Nov  6 08:49:37 1994"), SECONDS);
  equal(parseHttpDate("Wed Nov 16 08:49:37 1994"), SECONDS + 10 * 86_400);
  equal(parseHttpDate("Friday, 20-Nov-26 00:00:00 GMT"), Date.UTC(2026, 10, 20) / 1000);
});

test("parseHttpDate() refuses what is no date", () => {
  for (
    const text of [
      "",
      "yesterday",
      "0",
      "784111777",
      "1994-11-06T08:49:37Z",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37 GMT; length=3",
      "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 31 Feb 1994 08:49:37 GMT",
      "Sun, 00 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 24:49:37 GMT",
      "Sun, 06 Nov 1994 08:60:37 GMT",
      "Sun, 6 Nov 1994 08:49:37 GMT",
    ]
  ) {
    equal(parseHttpDate(text), undefined, text);
  }
});

test("renderHttpDate() says what Date.toUTCString() says, and is read back", () => {
  // A step that is no multiple of a day, over 430 years with every kind of leap year.
  for (let seconds = -5_000_000_000; seconds < 9_000_000_000; seconds += 12_345_677) {
    const text = renderHttpDate(seconds);
    equal(text, new Date(seconds * 1000).toUTCString());
    equal(parseHttpDate(text), seconds);
  }
});
