/**
 * What the command `doctor` tells: for people, and as JSON.
 *
 * @module
 */
import type { Examination } from "../doctor/examine.ts";
import type { CheckFinding, Severity } from "../doctor/finding.ts";
import type { MendResult } from "../doctor/mend.ts";
import { renderDuration } from "./banner.ts";
import type { Style } from "./style.ts";

/** What is told. */
export interface DoctorFacts {
  /** The root, as a person writes it. */
  readonly root: string;
  readonly examination: Examination;
  /** `undefined` if nobody asked to mend. */
  readonly mending: MendResult | undefined;
  readonly ms: number;
  /** Whether to tell what was not looked at. */
  readonly verbose: boolean;
}

/** How many findings there are of each kind. */
export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** Counts. */
export function countFindings(findings: readonly CheckFinding[]): FindingCounts {
  const count = (wanted: Severity): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  return { errors: count("error"), warnings: count("warning"), infos: count("info") };
}

/** Whether `--fix` does something about a finding. */
function isMendable({ edits }: CheckFinding): boolean {
  return edits.length > 0;
}

/** Renders one object of JSON, on one line. Names in it never change; there may be more of them. */
export function renderDoctorJson({ root, examination, mending, ms }: DoctorFacts): string {
  const { findings, skipped, count } = examination;
  return JSON.stringify({
    version: 1,
    root,
    checks: count,
    ...countFindings(findings),
    findings: findings.map((finding) => ({
      check: finding.check,
      severity: finding.severity,
      message: finding.message,
      evidence: finding.evidence,
      fix: finding.fix,
      mendable: isMendable(finding),
    })),
    skipped,
    mended: mending?.mended.map(({ check, path, refused }) => ({
      check,
      path,
      refused: refused ?? null,
    })) ?? [],
    backup: mending?.backup ?? null,
    ms: Math.round(ms),
  });
}

/** Renders for a person; every line ends with a line feed. */
export function renderDoctorReport(facts: DoctorFacts, style: Style): string {
  const { examination: { findings, skipped }, mending, verbose } = facts;
  const lines = [
    ...findings.flatMap((finding) => renderFinding(finding, mending === undefined, style)),
    ...(mending === undefined ? [] : renderMending(mending, style)),
    ...(verbose ? skipped.map(({ check, why }) => style.dim(`skipped ${check}: ${why}`)) : []),
    renderSummary(facts, style),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function renderFinding(finding: CheckFinding, offersFix: boolean, style: Style): string[] {
  const { check, severity, message, evidence, fix } = finding;
  const color = { error: style.red, warning: style.yellow, info: style.cyan }[severity];
  const [first = "", ...more] = message.split("\n");
  const mendable = offersFix && isMendable(finding) ? style.dim(" (or --fix)") : "";
  return [
    `${color(severity)} ${style.dim(check)}  ${first}`,
    ...more.map((line) => `  ${line}`),
    ...evidence.filter((line) => line !== "").map((line) => `  ${style.dim(`at ${line}`)}`),
    `  ${style.dim("fix:")} ${fix}${mendable}`,
    "",
  ];
}

function renderMending({ mended, backup }: MendResult, style: Style): string[] {
  const lines = mended.map(({ check, path, refused }) =>
    refused === undefined
      ? `${style.green("mended")} ${style.dim(check)}  ${path}`
      : `${style.yellow("not mended")} ${style.dim(check)}  ${path}: ${refused}`
  );
  const kept = backup === undefined ? [] : [style.dim(`as it was: ${backup}`)];
  return lines.length === 0
    ? ["Nothing that can be mended by itself", ""]
    : [...lines, ...kept, ""];
}

function renderSummary({ examination, ms }: DoctorFacts, style: Style): string {
  const { findings, skipped, count } = examination;
  const { errors, warnings, infos } = countFindings(findings);
  const took = style.dim(
    `${count - skipped.length} checks, ${skipped.length} had nothing to look at, ${
      renderDuration(ms)
    }`,
  );
  if (findings.length === 0) return `${style.green("All is well")}  ${took}`;
  const parts = [
    counted(errors, "error"),
    counted(warnings, "warning"),
    counted(infos, "note"),
  ].filter((part) => part !== "");
  return `${style.bold(parts.join(", "))}  ${took}`;
}

/** Case: 2, "error" -> "2 errors"; 0 -> "" */
function counted(count: number, word: string): string {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}
