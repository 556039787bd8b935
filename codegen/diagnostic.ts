/**
 * What is told about an input that is not as it should be.
 *
 * @module
 */

/** What kind of thing it is; stable, so that a caller can act on it. */
export type DiagnosticCode =
  | "ambiguous"
  | "bad-document"
  | "bad-enum"
  | "bad-input"
  | "bad-parameter"
  | "bad-regex"
  | "bad-template"
  | "bad-type"
  | "duplicate-key"
  | "duplicate-name"
  | "empty-name"
  | "external-ref"
  | "ident-collision"
  | "mismatch"
  | "missing-ref"
  | "not-in-openapi"
  | "not-in-routes"
  | "ref-loop"
  | "reserved-param"
  | "too-large"
  | "undeclared-param"
  | "unknown-converter"
  | "unknown-group"
  | "unmatched-pattern"
  | "unresolved-type"
  | "unused-param";

/** One thing to tell. */
export interface Diagnostic {
  /** What kind of thing it is. */
  readonly code: DiagnosticCode;
  /** An `error` means that nothing was generated. */
  readonly level: "error" | "warning" | "info";
  /** The input and the place in it, for example `openapi.json#/paths/~1users/get`. */
  readonly where: string;
  /** One sentence without a full stop. */
  readonly message: string;
}

/** Where readers put what they have to tell. */
export interface DiagnosticSink {
  /** Adds a diagnostic; of several equal ones, one stays. */
  add(level: Diagnostic["level"], code: DiagnosticCode, where: string, message: string): void;
  /** What was told so far, in an order that does not depend on the order of telling. */
  list(): readonly Diagnostic[];
}

/** Creates an empty sink. */
export function createDiagnostics(): DiagnosticSink {
  const told = new Map<string, Diagnostic>();
  return {
    add: (level, code, where, message) => {
      told.set(`${level}\0${where}\0${code}\0${message}`, { code, level, where, message });
    },
    list: () => [...told].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, diagnostic]) => diagnostic),
  };
}

/** A text of unknown length for a message: its beginning, without what would break the line. */
export function shown(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
