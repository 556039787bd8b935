import { deepEqual, equal } from "node:assert/strict";
import {
  parseBoolean,
  parseDuration,
  parseList,
  parseWholeNumber,
} from "../../sidecar/config_text.ts";
import { test } from "../_support/test.ts";

test("parseBoolean() knows the words of litestar-vite and the usual ones, in any case", () => {
  for (const text of ["true", "True", "TRUE", "1", "yes", "Y", "t", "on", " true "]) {
    equal(parseBoolean(text), true, text);
  }
  for (const text of ["false", "False", "0", "no", "N", "f", "off"]) {
    equal(parseBoolean(text), false, text);
  }
  for (const text of ["", "2", "maybe", "truee"]) equal(parseBoolean(text), undefined, text);
});

test("parseWholeNumber() takes decimal digits alone", () => {
  equal(parseWholeNumber("0"), 0);
  equal(parseWholeNumber(" 8000 "), 8000);
  for (
    const text of ["", "-1", "+1", "1.5", "1e3", "0x10", "80a", "tcp://10.0.0.1:80", "9".repeat(16)]
  ) {
    equal(parseWholeNumber(text), undefined, text);
  }
});

test("parseDuration() reads units; without one it is milliseconds", () => {
  equal(parseDuration("0"), 0);
  equal(parseDuration("250"), 250);
  equal(parseDuration("500ms"), 500);
  equal(parseDuration("30s"), 30_000);
  equal(parseDuration(" 1.5 s "), 1500);
  equal(parseDuration("2m"), 120_000);
  for (const text of ["", "s", "-1s", "1h", "1 s 2", "1e3", ".5s", "forever"]) {
    equal(parseDuration(text), undefined, text);
  }
});

test("parseList() splits at commas and drops what is empty", () => {
  deepEqual(parseList("a, b ,,c,"), ["a", "b", "c"]);
  deepEqual(parseList(" , "), []);
});
