import { equal, ok } from "node:assert/strict";
import { type Command, COMMANDS, FLAG_RULES, flagsOf } from "../../cli/flags.ts";
import { renderHelp } from "../../cli/help.ts";
import { createStyle } from "../../cli/style.ts";
import { test } from "../_support/test.ts";

const MAX_COLUMNS = 110;
const facts = { program: "deno run -A mod.ts", version: "0.1.0", style: createStyle(false) };
const commands: readonly Command[] = ["dev", "child"];

test("renderHelp() names every command", () => {
  const text = renderHelp(undefined, facts);
  for (const [name, summary] of Object.entries(COMMANDS)) {
    ok(text.includes(`${name}`) && text.includes(summary), name);
  }
  ok(text.includes("deno run -A mod.ts dev --entry server.ts"));
});

test("renderHelp() names every flag of a command, and no other", () => {
  for (const command of commands) {
    const text = renderHelp(command, facts);
    for (const { flag, summary, commands: where } of FLAG_RULES) {
      equal(text.includes(`  ${flag}`) && text.includes(summary), where.includes(command), flag);
    }
  }
});

test("renderHelp() aligns the summaries in one column", () => {
  const lines = renderHelp("dev", facts).split("\n");
  const columns = flagsOf("dev").map(({ flag, value, summary }) =>
    lines.find((line) => line.startsWith(value === undefined ? `  ${flag} ` : `  ${flag} ${value}`))
      ?.indexOf(summary)
  );
  equal(new Set(columns).size, 1);
});

test("renderHelp() fits a terminal and ends with a line feed", () => {
  for (const command of [undefined, ...commands]) {
    const text = renderHelp(command, facts);
    ok(text.endsWith("\n") && !text.endsWith("\n\n"));
    for (const line of text.split("\n")) ok(line.length <= MAX_COLUMNS, line);
  }
});

test("renderHelp() says the same with colours", () => {
  const colored = renderHelp("dev", { ...facts, style: createStyle(true) });
  ok(colored.includes("\x1b["));
  // deno-lint-ignore no-control-regex -- colours are what is taken away
  equal(colored.replace(/\x1b\[\d+m/g, ""), renderHelp("dev", facts));
});
