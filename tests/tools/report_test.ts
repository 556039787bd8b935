import { deepEqual, equal, match } from "node:assert/strict";
import type { Totals } from "../../tools/junit.ts";
import { countsLine, isGreen, type Report, reportTable, unreported } from "../../tools/report.ts";
import { test } from "../_support/test.ts";

const NOTHING: Totals = { passed: 0, skipped: 0, failed: [] };
const FAILURE = { file: "a_test.ts", name: "adds", message: "1 is not 2" };

function report(totals: Partial<Totals>): Report {
  return { runner: "deno", totals: { ...NOTHING, ...totals }, seconds: 1 };
}

test("countsLine() adds up all runners and names skipped tests only if there are any", () => {
  equal(countsLine([report({ passed: 2 }), report({ passed: 3 })]), "5 passed, 0 failed");
  equal(
    countsLine([report({ passed: 2, skipped: 1 }), report({ failed: [FAILURE] })]),
    "2 passed, 1 failed, 1 skipped",
  );
});

test("a runner that ran nothing fails the whole run", () => {
  const reports = [report({ passed: 2 }), report({ skipped: 4 })];
  equal(isGreen(reports), false);
  equal(countsLine(reports), "2 passed, 1 failed, 4 skipped");
  match(reportTable(reports), /the runner ran no test/);
});

test("a run without runners fails", () => {
  equal(isGreen([]), false);
  equal(countsLine([]), "0 passed, 1 failed");
});

test("unreported() fails a file of which no test ran", () => {
  equal(unreported(NOTHING, "a_test.ts", undefined).failed.length, 1);
  equal(unreported({ ...NOTHING, skipped: 1 }, "a_test.ts", undefined).failed.length, 0);
});

test("unreported() fails a file whose process ended badly although its tests passed", () => {
  const totals = unreported({ ...NOTHING, passed: 3 }, "a_test.ts", "it ended with 139");
  deepEqual(totals.failed.map(({ message }) => message), ["Cannot pass: it ended with 139"]);
});

test("unreported() does not count a failed test twice", () => {
  const totals = { ...NOTHING, failed: [FAILURE] };
  deepEqual(unreported(totals, "a_test.ts", "it ended with 1"), totals);
});
