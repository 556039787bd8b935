/**
 * The files of `@hey-api/openapi-ts` as they are written: what they need, and what compilers shall leave alone.
 *
 * @module
 */
import { compareText } from "../codegen/literal.ts";
import type { GeneratedFile, OperationTypeNames, OperationTypes } from "../codegen/options.ts";
import { restoreLiterals } from "./hey_api_text.ts";

/** The folder, from the output folder. */
export const API_FOLDER = "api";

/** What a run leaves. */
export interface HeyApiOutput {
  /** Sorted by path; paths are relative to {@linkcode API_FOLDER}, with `/`. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly operations: readonly OperationTypeNames[];
}

/** Types are what everybody else is checked against; the rest is code that nobody but its generator can mend. */
const CHECKED: readonly string[] = ["types.gen.ts", "index.ts"];
/**
 * Under `exactOptionalPropertyTypes` its clients do not compile, with `isolatedDeclarations` its schemas do not, and of
 * some documents its functions do not at all.
 */
const UNCHECKED = "// @ts-nocheck: only its generator can mend it.\n";

/** The files for the output folder. */
export function apiFiles({ files }: HeyApiOutput): readonly GeneratedFile[] {
  return files.map(({ path, text }) => {
    const whole = restoreLiterals(text).replaceAll("\r\n", "\n");
    // Behind the first line, by which a generated file is known.
    const start = CHECKED.includes(path) ? 0 : whole.indexOf("\n") + 1;
    const note = start === 0 ? "" : UNCHECKED;
    return {
      path: `${API_FOLDER}/${path}`,
      text: whole.slice(0, start) + note + whole.slice(start),
    };
  });
}

/** What {@linkcode generate} is told of them. */
export function operationTypesOf({ operations }: HeyApiOutput, extension: string): OperationTypes {
  return {
    from: `./${API_FOLDER}/types.gen${extension}`,
    operations: [...operations].sort((a, b) =>
      compareText(a.path, b.path) || compareText(a.method, b.method)
    ),
  };
}

const IMPORT_REGEXP = /^(?:import|export) [^;'"]*?from ['"]([^'"./][^'"]*)['"];$/gm;

/** Packages that the files import, by their names. */
export function importedPackages({ files }: HeyApiOutput): readonly string[] {
  const specifiers = files.flatMap(({ text }) =>
    [...text.matchAll(IMPORT_REGEXP)].map(([, specifier = ""]) => specifier)
  );
  // Case: "zod/v4" -> "zod", "@tanstack/react-query" -> "@tanstack/react-query"
  const names = specifiers.map((specifier) =>
    specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/")
  );
  return [...new Set(names)].sort();
}

/** Reads a result that was kept; `undefined` for what is none. */
export function parseOutput(text: string): HeyApiOutput | undefined {
  try {
    // Looked at below; what is in the lists we wrote ourselves, in one piece.
    const { files, operations } = JSON.parse(text) as Partial<HeyApiOutput>;
    const isWhole = Array.isArray(files) && files.length > 0 && Array.isArray(operations);
    return isWhole ? { files, operations } : undefined;
  } catch {
    return undefined;
  }
}
