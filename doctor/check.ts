/**
 * What a check is.
 *
 * @module
 */
import type { Finding } from "./finding.ts";
import type { Snapshot } from "./snapshot.ts";

/** A question to a snapshot. */
export interface Check {
  /** Its name, for reports and for whoever reads JSON: it never changes. */
  readonly id: string;
  /** What it looks at. */
  readonly title: string;
  /**
   * Looks; pure.
   *
   * @throws {NotKnown} If what it needs is not known.
   */
  readonly look: (snapshot: Snapshot) => readonly Finding[];
}
