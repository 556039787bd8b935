import { equal } from "node:assert/strict";
import { createStyle, wantsColor } from "../../cli/style.ts";
import { test } from "../_support/test.ts";

test("wantsColor() is for terminals", () => {
  equal(wantsColor({ isTerminal: true, env: {} }), true);
  equal(wantsColor({ isTerminal: false, env: {} }), false);
  equal(wantsColor({ isTerminal: true, env: { TERM: "dumb" } }), false);
});

test("NO_COLOR beats a terminal and FORCE_COLOR", () => {
  equal(wantsColor({ isTerminal: true, env: { NO_COLOR: "1" } }), false);
  equal(wantsColor({ isTerminal: true, env: { NO_COLOR: "1", FORCE_COLOR: "1" } }), false);
  equal(wantsColor({ isTerminal: true, env: { NO_COLOR: "" } }), true);
});

test("FORCE_COLOR stands in for a terminal", () => {
  equal(wantsColor({ isTerminal: false, env: { FORCE_COLOR: "1" } }), true);
  equal(wantsColor({ isTerminal: true, env: { FORCE_COLOR: "0" } }), false);
});

test("createStyle() without colours changes nothing", () => {
  for (const write of Object.values(createStyle(false))) equal(write("x"), "x");
  equal(createStyle(true).red("x"), "\x1b[31mx\x1b[39m");
});
