/**
 * What a validator says, as errors by field.
 *
 * @module
 */
import type { FieldMessages } from "./errors.ts";
import { PathTree } from "./path_tree.ts";
import type { StandardIssue } from "./standard_schema.ts";

/** The field of an issue that is about the whole. */
export const ROOT_FIELD = "_root";

/** All messages of each field, in the order of the issues; a field is a path with dots. */
export function issuesToErrors(issues: readonly StandardIssue[]): FieldMessages {
  const fields = new Map<string, string[]>();
  for (const { message, path = [] } of issues) {
    const field = path.map(segmentText).join(".") || ROOT_FIELD;
    const messages = fields.get(field);
    if (messages === undefined) fields.set(field, [message]);
    else messages.push(message);
  }
  // fromEntries defines its keys: a field `__proto__` is one like any other.
  return Object.fromEntries(fields);
}

/** The errors of some fields; in a name, `*` stands for one segment: `users.*.email`. */
export function selectFields(
  errors: FieldMessages,
  names: readonly string[] | null,
): FieldMessages {
  if (names === null) return errors;
  const wanted = new PathTree(names);
  return Object.fromEntries(Object.entries(errors).filter(([field]) => wanted.matches(field)));
}

function segmentText(segment: PropertyKey | { readonly key: PropertyKey }): string {
  return String(typeof segment === "object" ? segment.key : segment);
}
