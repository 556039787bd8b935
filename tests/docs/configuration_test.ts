import { deepEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FLAG_RULES } from "../../cli/flags.ts";
import { VARIABLE_RULES } from "../../sidecar/config_environment.ts";
import { OPTION_NAMES } from "../../sidecar/config_schema.ts";
import { repositoryRoot } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const read = (name: string): string => readFileSync(join(repositoryRoot, "docs", name), "utf8");
const guide = read("configuration.md");

const missing = (names: readonly string[], text = guide): readonly string[] =>
  // `timeouts.connect`, `VITE_DEV_MODE=false`, `--backend deno`
  names.filter((name) => !["`", ".", "=", " "].some((end) => text.includes(`\`${name}${end}`)));

/** Commands whose flags are no options have a page of their own. */
const PAGES = { project: "init.md", doctor: "doctor.md" } as const;
const isOnPage = (group: string): group is keyof typeof PAGES => Object.hasOwn(PAGES, group);

test("docs/configuration.md names every option", () => {
  deepEqual(missing(OPTION_NAMES), []);
});

test("docs/configuration.md names every flag", () => {
  const general = FLAG_RULES.filter(({ group }) => !isOnPage(group));
  deepEqual(missing(general.map(({ flag }) => flag)), []);
});

test("docs/init.md and docs/doctor.md name the flags of their commands", () => {
  for (const [group, page] of Object.entries(PAGES)) {
    const flags = FLAG_RULES.filter((rule) => rule.group === group).map(({ flag }) => flag);
    // What is on by itself is told by how it is taken back.
    const text = read(page).replaceAll("`--no-", "`--");
    deepEqual(missing(flags, text), [], page);
  }
});

test("docs/configuration.md names every environment variable", () => {
  deepEqual(missing(VARIABLE_RULES.map(({ variable }) => variable)), []);
});
