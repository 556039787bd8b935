/**
 * What a check says.
 *
 * @module
 */

/** How much it matters: an error breaks something, a warning may, an info is good to know. */
export type Severity = "error" | "warning" | "info";

/** A change of a file that mends what was found, planned from what the file said when it was looked at. */
export type Edit =
  | {
    readonly kind: "write";
    /** Relative to the root. */
    readonly path: string;
    /** What the file says now; if it says something else by then, it stays. */
    readonly before: string;
    readonly after: string;
  }
  | { readonly kind: "remove"; readonly path: string; readonly before: string };

/** One thing that is wrong. */
export interface Finding {
  readonly severity: Severity;
  /** What is wrong and why, in one sentence without a full stop. */
  readonly message: string;
  /** Where that was seen: files, values, process ids. */
  readonly evidence: readonly string[];
  /** What to do: a command, or a sentence without a full stop. */
  readonly fix: string;
  /** What `--fix` does about it; nothing where only a person can decide. */
  readonly edits: readonly Edit[];
}

/** A finding of a check. */
export interface CheckFinding extends Finding {
  /** The check that found it. */
  readonly check: string;
}

/** What the parts of a finding are by default. */
type Given = Pick<Finding, "message" | "fix"> & Partial<Finding>;

const found = (severity: Severity) => (given: Given): Finding => ({
  severity,
  evidence: [],
  edits: [],
  ...given,
});

/** Something is broken. */
export const error: (given: Given) => Finding = found("error");
/** Something may break. */
export const warning: (given: Given) => Finding = found("warning");
/** Something to know. */
export const info: (given: Given) => Finding = found("info");

/** How many places a finding names: more say no more. */
export const MAX_PLACES = 8;

/** Writes a value for a message. */
export function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
