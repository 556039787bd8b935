import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FLAG_RULES } from "../../cli/flags.ts";
import { VARIABLE_RULES } from "../../sidecar/config_environment.ts";
import { OPTION_NAMES } from "../../sidecar/config_schema.ts";
import { repositoryRoot } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const guide = readFileSync(join(repositoryRoot, "docs/configuration.md"), "utf8");

const missing = (names: readonly string[]): readonly string[] =>
  // `timeouts.connect`, `VITE_DEV_MODE=false`
  names.filter((name) => !["`", ".", "="].some((end) => guide.includes(`\`${name}${end}`)));

test("docs/configuration.md names every option", () => {
  deepEqual(missing(OPTION_NAMES), []);
});

test("docs/configuration.md names every flag", () => {
  deepEqual(missing(FLAG_RULES.map(({ flag }) => flag)), []);
});

test("docs/configuration.md names every environment variable", () => {
  deepEqual(missing(VARIABLE_RULES.map(({ variable }) => variable)), []);
});
