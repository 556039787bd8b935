/**
 * What the commands that read routes tell.
 *
 * @module
 */
import type { TypesDiagnostic } from "../typegen/diagnostic.ts";
import type { TypesOutcome } from "../typegen/generate_types.ts";
import { renderDuration } from "./banner.ts";
import { type ErrorFacts, renderError } from "./errors.ts";
import type { Style } from "./style.ts";

/** Longer lists are cut: what they have in common is said by the first of them. */
const MAX_SHOWN = 20;

/** Renders diagnostics: errors first, then warnings; the rest where somebody wants to know. */
export function renderDiagnostics(
  diagnostics: readonly TypesDiagnostic[],
  facts: ErrorFacts,
): string {
  const of = (level: TypesDiagnostic["level"]): readonly TypesDiagnostic[] =>
    diagnostics.filter((each) => each.level === level);
  const lines = [
    ...of("error").map((each) => renderError(each, facts)),
    ...of("warning").map((each) => renderWarningOf(each, facts.style)),
    ...(facts.verbose ? of("info") : []).map(({ message, where }) =>
      facts.style.dim(`info: ${message} (${where})`) + "\n"
    ),
  ];
  const more = lines.length - MAX_SHOWN;
  return lines.slice(0, MAX_SHOWN).join("") +
    (more > 0 ? facts.style.dim(`… and ${more} more`) + "\n" : "");
}

function renderWarningOf({ message, where, hint }: TypesDiagnostic, style: Style): string {
  const place = message.includes(where) ? "" : style.dim(` (${where})`);
  const next = hint === undefined ? "" : `  ${style.dim("next:")} ${hint}\n`;
  return `${style.yellow("warning:")} ${message}${place}\n${next}`;
}

/** What a report is made of. */
export interface TypesReportFacts {
  readonly outcome: TypesOutcome;
  /** The output folder, as a person calls it. */
  readonly folder: string;
  readonly ms: number;
  readonly style: Style;
}

/** Renders what came of a run. */
export function renderTypesReport({ outcome, folder, ms, style }: TypesReportFacts): string {
  const { kind, written, removed, count } = outcome;
  const names = [
    ...written.map((path) => `  ${style.cyan(path)}\n`),
    ...removed.map((path) => `  ${style.dim(`${path} (removed)`)}\n`),
  ];
  const listed = names.slice(0, MAX_SHOWN).join("") +
    (names.length > MAX_SHOWN ? `  … and ${names.length - MAX_SHOWN} more\n` : "");
  const files = (number: number): string => `${number} ${number === 1 ? "file" : "files"}`;
  const time = style.dim(renderDuration(ms));
  switch (kind) {
    case "same":
      return `${folder} is up to date: ${files(count)} ${time}\n`;
    case "written":
      return `Generated ${files(written.length)} of ${count} in ${folder} ${time}\n${listed}`;
    case "stale":
      return `${style.red("error:")} Cannot accept "${folder}" as up to date: ${
        files(names.length)
      } would change\n${listed}`;
    case "failed":
      return "";
  }
}

/** The line that `--json` promises. */
export function renderTypesLine(
  { kind, written, removed, count, diagnostics }: TypesOutcome,
): string {
  return JSON.stringify({ types: kind, files: count, written, removed, diagnostics });
}
