/**
 * A row of the table: what was measured, what it must reach, and how it is shown.
 *
 * @module
 */
import type { Measured } from "./statistics.ts";

/** What a value must reach. */
export type Target =
  | { readonly kind: "at-least"; readonly value: number }
  | { readonly kind: "at-most"; readonly value: number }
  /** Nothing was promised: the value is for the reader. */
  | { readonly kind: "none" };

/** A row. */
export interface Row {
  readonly name: string;
  readonly target: Target;
  readonly measured: Measured;
  /** Written behind the numbers: `×`, ` ms`, ` KiB`. */
  readonly unit: string;
  /** The absolute figures behind a ratio. */
  readonly detail: string;
}

/** Rounds that differ by more than this part of their median say little. */
const NOISY_PART = 0.25;

function isMet({ target, measured }: Row): boolean {
  if (target.kind === "at-least") return measured.value >= target.value;
  return target.kind === "none" || measured.value <= target.value;
}

function isNoisy({ unit, measured }: Row): boolean {
  // Differences may be around zero, where a part of them means nothing.
  return unit === "×" && measured.high - measured.low > NOISY_PART * measured.value;
}

/** Whether some rounds reach the target and others do not. */
function isTargetInSpread({ target, measured }: Row): boolean {
  return target.kind !== "none" && measured.low < target.value && target.value < measured.high;
}

function renderNumber(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

function renderSpread({ low, high }: Measured): string {
  return low === high ? "one" : `${renderNumber(low)} to ${renderNumber(high)}`;
}

function renderTarget({ target, unit }: Row): string {
  if (target.kind === "none") return "";
  return `${target.kind === "at-least" ? "≥" : "≤"} ${target.value}${unit}`;
}

function renderMark(row: Row): string {
  const verdict = row.target.kind === "none" ? "" : isMet(row) ? "reached" : "MISSED";
  if (!isNoisy(row)) return verdict;
  return `${verdict} ${isTargetInSpread(row) ? "(noisy, unclear)" : "(noisy)"}`.trim();
}

/** Renders rows as a Markdown table whose columns are aligned. */
export function renderTable(rows: readonly Row[]): string {
  const cells = [
    ["work", "target", "measured", "rounds", "", "figures"],
    ...rows.map((row) => [
      row.name,
      renderTarget(row),
      `${renderNumber(row.measured.value)}${row.unit}`,
      renderSpread(row.measured),
      renderMark(row),
      row.detail,
    ]),
  ];
  const widths =
    cells[0]?.map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0))) ??
      [];
  const lines = cells.map((line) => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)));
  lines.splice(1, 0, widths.map((width) => "-".repeat(width)));
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

/** Whether a row that promises something misses it. */
export function isMissed(row: Row): boolean {
  return !isMet(row);
}
