/**
 * What the runners did, as a table and as one line.
 *
 * @module
 */
import type { FailedTest, Totals } from "./junit.ts";

/** One runner's part of the report. */
export interface Report {
  readonly runner: string;
  readonly totals: Totals;
  readonly seconds: number;
}

/**
 * Adds a failure for what a runner's own report of a file leaves out: that no test ran, or a bad end without a failed
 * test (Bun reports neither a file that throws while it loads nor a crash).
 *
 * @param ending How the process ended badly; `undefined` if it ended well.
 */
export function unreported(totals: Totals, file: string, ending: string | undefined): Totals {
  const isEmpty = totals.passed + totals.skipped + totals.failed.length === 0;
  if (totals.failed.length > 0 || (ending === undefined && !isEmpty)) return totals;
  const name = isEmpty ? "(no test ran)" : "(the runner)";
  const message = `Cannot pass: ${ending ?? "the file registers no test"}`;
  return { ...totals, failed: [{ file, name, message }] };
}

/** Adds up what was done for one file after the other. */
export function sumTotals(all: readonly Totals[]): Totals {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
    failed: all.flatMap(({ failed }) => failed),
  };
}

/** A runner that ran nothing counts as a failure: a green run must mean that something was tested. */
function failuresOf({ runner, totals }: Report): readonly FailedTest[] {
  if (totals.passed + totals.failed.length > 0) return totals.failed;
  return [{ file: "", name: runner, message: "Cannot pass: the runner ran no test" }];
}

/** A row for each runner, and under it what failed. */
export function reportTable(reports: readonly Report[]): string {
  const head = ["runner", "passed", "failed", "skipped", "seconds"];
  const rows = reports.map((report) => [
    report.runner,
    String(report.totals.passed),
    String(failuresOf(report).length),
    String(report.totals.skipped),
    report.seconds.toFixed(0),
  ]);
  const lines = [head, ...rows].map(([name = "", ...cells]) =>
    name.padEnd(15) + cells.map((cell) => cell.padStart(9)).join("")
  );
  for (const report of reports) {
    for (const { file, name, message } of failuresOf(report)) {
      lines.push("", `FAILED on ${report.runner}: ${file} › ${name}`, indent(message));
    }
  }
  return lines.join("\n");
}

function indent(text: string): string {
  return text.split("\n").slice(0, 12).map((line) => `    ${line}`).join("\n");
}

/** Whether something ran on every runner and nothing failed. */
export function isGreen(reports: readonly Report[]): boolean {
  return reports.length > 0 && reports.every((report) => failuresOf(report).length === 0);
}

/** `N passed, N failed`, and `, N skipped` if any were. */
export function countsLine(reports: readonly Report[]): string {
  const sum = (count: (report: Report) => number): number =>
    reports.reduce((total, report) => total + count(report), 0);
  const failed = reports.length === 0 ? 1 : sum((report) => failuresOf(report).length);
  const skipped = sum(({ totals }) => totals.skipped);
  const line = `${sum(({ totals }) => totals.passed)} passed, ${failed} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
