import { deepEqual, equal, match } from "node:assert/strict";
import type { Check } from "../../doctor/check.ts";
import { examine } from "../../doctor/examine.ts";
import { error, info, warning } from "../../doctor/finding.ts";
import { known } from "../../doctor/part.ts";
import { snapshotWith } from "../_support/snapshot.ts";
import { test } from "../_support/test.ts";

const still = { now: () => 0 };

function check(id: string, look: Check["look"]): Check {
  return { id, title: id, look };
}

test("examine() tells a check that throws as a finding about itself, and runs the others", () => {
  const checks = [
    check("broken", () => {
      throw new TypeError("x is not a function");
    }),
    check("sound", () => [error({ message: "this is wrong", fix: "mend it" })]),
  ];
  const { findings } = examine(checks, snapshotWith(), still);
  deepEqual(findings.map(({ check, severity }) => [check, severity]), [
    ["sound", "error"],
    ["broken", "warning"],
  ]);
  match(findings[1]?.message ?? "", /the check itself failed: x is not a function/);
});

test("examine() tells a check that takes too long", () => {
  let time = 0;
  const slow = check("slow", () => {
    time += 201;
    return [];
  });
  const { findings } = examine([slow], snapshotWith(), { now: () => time, limitMs: 200 });
  match(findings[0]?.message ?? "", /The check "slow" took 201 ms, more than 200/);
  // The limit is inclusive.
  const fast = check("fast", () => {
    time += 200;
    return [];
  });
  deepEqual(examine([fast], snapshotWith(), { now: () => time, limitMs: 200 }).findings, []);
});

test("examine() tells once what could not be looked at, and skips the checks that need it", () => {
  const snapshot = {
    ...snapshotWith(),
    vite: { kind: "failed", why: "Cannot read vite.config: no" } as const,
  };
  const needs = (id: string): Check => check(id, (given) => (known(given.vite), []));
  const { findings, skipped, count } = examine([needs("a"), needs("b")], snapshot, still);
  deepEqual(findings.map(({ check, message }) => [check, message]), [
    ["look-vite", "Cannot read vite.config: no"],
  ]);
  deepEqual(skipped.map(({ check }) => check), ["a", "b"]);
  equal(count, 2);
});

test("examine() puts errors first, and keeps the order of the checks otherwise", () => {
  const given = { message: "m", fix: "f" };
  const checks = [
    check("one", () => [info(given)]),
    check("two", () => [warning(given)]),
    check("three", () => [error(given), warning(given)]),
    check("four", () => [error(given)]),
  ];
  const { findings } = examine(checks, snapshotWith(), still);
  deepEqual(findings.map(({ check }) => check), ["three", "four", "two", "three", "one"]);
});
