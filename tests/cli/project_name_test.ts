import { equal, match } from "node:assert/strict";
import { projectNameProblem, proposeName } from "../../cli/project_name.ts";
import { test } from "../_support/test.ts";

test("projectNameProblem() takes names that are folders and packages everywhere", () => {
  for (const name of ["a", "my-app", "app2", "a.b", "a_b", "console", "com10x"]) {
    equal(projectNameProblem(name), undefined, name);
  }
});

test("projectNameProblem() refuses a way out of the folder", () => {
  for (const name of ["../x", "..", "a/b", "a\\b", "/etc", "C:\\x", "."]) {
    match(projectNameProblem(name) ?? "", /^Cannot use /, name);
  }
});

test("projectNameProblem() refuses devices of Windows, in any case and with any ending", () => {
  for (const name of ["CON", "con", "nul", "com1", "lpt9", "aux.txt"]) {
    match(projectNameProblem(name) ?? "", /device on Windows$/, name);
  }
});

test("projectNameProblem() proposes what would do", () => {
  match(projectNameProblem("My App!") ?? "", /for example "my-app"$/);
  match(projectNameProblem("-x-") ?? "", /for example "x"$/);
  equal(projectNameProblem("…")?.includes("for example"), false);
});

test("projectNameProblem() refuses what a shell or a terminal would read", () => {
  for (const name of ["a b", "a\nb", "$(x)", "a;b", "--help", "a\u001b[31m", "ä"]) {
    match(projectNameProblem(name) ?? "", /^Cannot use /, JSON.stringify(name));
  }
});

test("projectNameProblem() counts: 214 characters pass, one more fails", () => {
  equal(projectNameProblem("a".repeat(214)), undefined);
  match(projectNameProblem("a".repeat(215)) ?? "", /more than 214/);
});

test("proposeName() makes a name of a folder's", () => {
  equal(proposeName("Söme Project"), "so-me-project");
  equal(proposeName("app"), "app");
  equal(proposeName("CON"), undefined);
  equal(proposeName("…"), undefined);
});
