/**
 * What there is to tell about a run, of the sources, the generators and the writer alike.
 *
 * @module
 */

/** One thing to tell. */
export interface TypesDiagnostic {
  /** What kind of thing it is; stable. */
  readonly code: string;
  /** An `error` means that nothing was written. */
  readonly level: "error" | "warning" | "info";
  /** The source, and the place in it. */
  readonly where: string;
  /** One sentence without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** A run that can't go on; what there is to tell is one diagnostic. */
export class TypesError extends Error {
  override readonly name = "TypesError";
  /** What kind of thing it is. */
  readonly code: string;
  /** The source or the file. */
  readonly where: string;
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(code: string, where: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.where = where;
    this.hint = hint;
  }
}

/** An error of whatever kind as a diagnostic. */
export function diagnosticOf(error: unknown, where: string): TypesDiagnostic {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof TypesError)) return { code: "failed", level: "error", where, message };
  const { code, hint } = error;
  return {
    code,
    level: "error",
    where: error.where,
    message,
    ...hint === undefined ? {} : { hint },
  };
}
