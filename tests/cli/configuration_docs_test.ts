/** Holds `docs/configuration.md` to the code. */
import { deepEqual } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FLAG_RULES } from "../../cli/flags.ts";
import { VARIABLE_RULES } from "../../sidecar/config_environment.ts";
import { OPTION_NAMES } from "../../sidecar/config_schema.ts";
import { repositoryRoot } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const text = await readFile(join(repositoryRoot, "docs", "configuration.md"), "utf8");
const missing = (names: readonly string[]): string[] =>
  names.filter((name) => !text.includes(`\`${name}\``));

test("docs/configuration.md names every option", () => {
  // Its parts have a row each.
  deepEqual(missing(OPTION_NAMES.filter((name) => name !== "timeouts")), []);
});

test("docs/configuration.md names every flag", () => {
  // Those of init and doctor have a page of their own; see tests/docs/configuration_test.ts.
  const general = FLAG_RULES.filter(({ group }) => group !== "project" && group !== "doctor");
  deepEqual(missing(general.map(({ flag }) => flag)), []);
});

test("docs/configuration.md names every variable", () => {
  deepEqual(missing(VARIABLE_RULES.map(({ variable }) => variable)), []);
});

test("docs/configuration.md has a flag in the row of its option", () => {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  const wrong = FLAG_RULES.filter(({ flag, option }) =>
    option !== undefined &&
    !rows.some((row) => row.startsWith(`| \`${option}\``) && row.includes(`\`${flag}\``))
  );
  deepEqual(wrong.map(({ flag }) => flag), []);
});
