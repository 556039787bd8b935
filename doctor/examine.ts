/**
 * Runs checks, each on its own: one that throws, or that takes too long, is a finding about itself.
 *
 * @module
 */
import type { Check } from "./check.ts";
import { type CheckFinding, type Finding, warning } from "./finding.ts";
import { NotKnown } from "./part.ts";
import { PART_NAMES, type Snapshot } from "./snapshot.ts";

/** A check that had nothing to look at. */
export interface Skipped {
  readonly check: string;
  readonly why: string;
}

/** What the checks came to. */
export interface Examination {
  readonly findings: readonly CheckFinding[];
  readonly skipped: readonly Skipped[];
  /** How many checks there were. */
  readonly count: number;
}

/** How {@linkcode examine} measures. */
export interface ExamineOptions {
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** What one check may take, in milliseconds. @default 200 */
  readonly limitMs?: number;
}

/** A check reads a snapshot of limited size: this is far more than any needs. */
const LIMIT_MS = 200;
const ORDER = { error: 0, warning: 1, info: 2 } as const;

/** Runs the checks; never throws. */
export function examine(
  checks: readonly Check[],
  snapshot: Snapshot,
  { now, limitMs = LIMIT_MS }: ExamineOptions,
): Examination {
  const findings: CheckFinding[] = [];
  const skipped: Skipped[] = [];
  for (const check of checks) {
    const start = now();
    const result = run(check, snapshot);
    const tookMs = now() - start;
    if (result.kind === "skipped") skipped.push({ check: check.id, why: result.why });
    else findings.push(...result.findings.map((finding) => ({ check: check.id, ...finding })));
    if (tookMs > limitMs) findings.push({ check: check.id, ...tooSlow(check, tookMs, limitMs) });
  }
  findings.push(...failedParts(snapshot));
  // Stable: of the same severity in the order of the checks.
  findings.sort((a, b) => ORDER[a.severity] - ORDER[b.severity]);
  return { findings, skipped, count: checks.length };
}

type Result =
  | { readonly kind: "found"; readonly findings: readonly Finding[] }
  | { readonly kind: "skipped"; readonly why: string };

function run({ id, look }: Check, snapshot: Snapshot): Result {
  try {
    return { kind: "found", findings: look(snapshot) };
  } catch (error) {
    if (error instanceof NotKnown) return { kind: "skipped", why: error.message };
    const why = error instanceof Error ? error.message : String(error);
    const finding = warning({
      message: `Cannot tell what "${id}" looks at: the check itself failed: ${why}`,
      fix: "the other checks hold; please report this one with the file that it read",
    });
    return { kind: "found", findings: [finding] };
  }
}

function tooSlow({ id }: Check, tookMs: number, limitMs: number): Finding {
  return warning({
    message: `The check "${id}" took ${Math.round(tookMs)} ms, more than ${limitMs}`,
    fix: "nothing of the project: please report it",
  });
}

/** What could not be looked at is told once, not by each check that needs it. */
function failedParts(snapshot: Snapshot): CheckFinding[] {
  return PART_NAMES.flatMap((name) => {
    const part = snapshot[name];
    if (part.kind !== "failed") return [];
    return [{
      check: `look-${name}`,
      ...warning({
        message: part.why,
        fix: "the checks that need it were left out; run doctor again when that is mended",
      }),
    }];
  });
}
