/**
 * Changes a value in the text of a file and leaves everything else as it is written.
 *
 * @module
 */
import type { Edit } from "./finding.ts";
import type { JsonFile } from "./snapshot.ts";

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * Gives the edit that sets a text value of a key; comments, order and indentation stay.
 *
 * @returns Nothing where the key stands there more than once, or not at all: then nobody can tell which is meant.
 */
export function editValue({ path, text }: JsonFile, key: string, from: string, to: string): Edit[] {
  const pattern = new RegExp(
    `(${escapeRegExp(JSON.stringify(key))}\\s*:\\s*)${escapeRegExp(JSON.stringify(from))}`,
    "g",
  );
  if ([...text.matchAll(pattern)].length !== 1) return [];
  const after = text.replace(pattern, (_, before: string) => `${before}${JSON.stringify(to)}`);
  return [{ kind: "write", path, before: text, after }];
}

/** The same for several keys of one file; all of them, or none. */
export function editValues(
  file: JsonFile,
  changes: readonly { readonly key: string; readonly from: string; readonly to: string }[],
): Edit[] {
  let after = file.text;
  for (const { key, from, to } of changes) {
    const [edit] = editValue({ ...file, text: after }, key, from, to);
    if (edit?.kind !== "write") return [];
    after = edit.after;
  }
  return after === file.text ? [] : [{ kind: "write", path: file.path, before: file.text, after }];
}
