/**
 * The list of generated files beside them: what may be removed once it is no longer generated.
 *
 * @module
 */

/** Its name in the output folder. */
export const MANIFEST_FILE = ".sidecar-types.json";

/** The files that were generated; paths with `/`, from the output folder. */
export interface TypesManifest {
  /** Of the routes and the pages. */
  readonly files: readonly string[];
  /** Of the API's client and schemas: they stay where their generator fails. */
  readonly api: readonly string[];
}

/** The manifest of a folder in which nothing was generated. */
export const NO_MANIFEST: TypesManifest = { files: [], api: [] };

/** Whether a path is one in the output folder, as the generators write them. */
export function isPlainPath(path: string): boolean {
  return path !== "" && !/[\\:\p{Cc}]/u.test(path) &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/**
 * Reads a manifest. It lies where anybody may edit it: whatever is no list of plain paths counts as empty, which at
 * worst leaves a file behind.
 */
export function parseManifest(text: string): TypesManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NO_MANIFEST;
  }
  if (typeof value !== "object" || value === null) return NO_MANIFEST;
  // Any object can be asked for any name.
  const { files, api } = value as { readonly files?: unknown; readonly api?: unknown };
  return { files: pathsOf(files), api: pathsOf(api) };
}

function pathsOf(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => typeof each === "string" && isPlainPath(each))
    : [];
}

/** Renders a manifest; the same files give the same bytes. */
export function renderManifest({ files, api }: TypesManifest): string {
  const sorted = (paths: readonly string[]): string[] => [...new Set(paths)].sort();
  return `${JSON.stringify({ files: sorted(files), api: sorted(api) }, undefined, 2)}\n`;
}
