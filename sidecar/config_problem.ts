/**
 * What can be wrong with an option, in words.
 *
 * @module
 */
import type { z } from "zod";
import { OPTION_NAMES, type OptionName } from "./config_schema.ts";
import { nearestName } from "./nearest_name.ts";
import { TYPES_NAMES } from "./types_schema.ts";

/** Where the value of an option comes from. */
export type Source =
  | { readonly kind: "flag"; readonly flag: string }
  | { readonly kind: "option" }
  | { readonly kind: "variable"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string };

/** One thing that is wrong with the options. */
export interface Problem {
  /** `type` for a wrong shape, `range` for a value that is not allowed. */
  readonly kind: "type" | "range";
  /** A whole error message. */
  readonly message: string;
}

/** Longer values are cut: the message has to be read. */
const MAX_SHOWN_CHARACTERS = 120;

/** Writes a value for a message, in quotes. Passwords of URLs do not get into it, nor do control characters. */
export function showValue(value: unknown): string {
  const text = typeof value === "string"
    ? JSON.stringify(value.replace(/(\/\/[^/@\s:]*):[^/@\s]*@/g, "$1:***@"))
    : `"${showOther(value)}"`;
  return text.length <= MAX_SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, MAX_SHOWN_CHARACTERS - 2)}…"`;
}

function showOther(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    try {
      return JSON.stringify(value);
    } catch {
      // A cycle: what it is matters more than what it holds.
      return Object.prototype.toString.call(value);
    }
  }
  return String(value);
}

/** Names the place where a value was given: what a user has to change. */
export function showSource(name: string, source: Source): string {
  switch (source.kind) {
    case "flag":
      return `the flag "${source.flag}"`;
    case "option":
      return `the option "${name}"`;
    case "variable":
      return `the variable "${source.variable}" (option "${name}")`;
    case "file":
      return `the option "${name}" in "${source.path}"`;
  }
}

/** The place alone, for an option that does not exist. */
function showPlace(source: Source): string {
  return source.kind === "file" ? `an option in "${source.path}"` : "an option";
}

/** The problem of an option that there is not. */
export function unknownOption(name: string, source: Source): Problem {
  return unknownName(name, showPlace(source), OPTION_NAMES);
}

function unknownName(name: string, place: string, names: Iterable<string>): Problem {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? "" : `, the nearest is "${nearest}"`;
  return {
    kind: "type",
    message: `Cannot use ${showValue(name)} as ${place}: it is not known${hint}`,
  };
}

/** One issue of a schema, as far down as it goes: of a union the branch whose shape fitted. */
function deepest(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const inside = issue.errors.flat().filter((inner) =>
    inner.path.length > 0 || inner.code === "unrecognized_keys"
  );
  return inside.length === 0 ? [issue] : inside;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    // The path comes from the schema that walked through the value.
    current = (current as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  return current;
}

function showPath(name: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (shown, key) => typeof key === "number" ? `${shown}[${key}]` : `${shown}.${String(key)}`,
    name,
  );
}

/** The names that an object option knows. */
const INNER_NAMES: { readonly [Name in OptionName]?: readonly string[] } = {
  timeouts: ["connect", "headers", "idle", "stop", "body", "send", "request", "ping"],
  inject: ["headStart", "headEnd", "bodyStart", "bodyEnd", "globals"],
  types: TYPES_NAMES,
};

function problemOf(
  name: OptionName,
  shown: unknown,
  value: unknown,
  source: Source,
  issue: z.core.$ZodIssue,
): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const place = `an option of "${name}"`;
    return issue.keys.map((key) => unknownName(key, place, INNER_NAMES[name] ?? []));
  }
  const isWhole = issue.path.length === 0 || source.kind === "flag";
  const what = isWhole ? shown : valueAt(value, issue.path);
  const path = source.kind === "flag" ? name : showPath(name, issue.path);
  return [{
    kind: ["invalid_type", "invalid_union"].includes(issue.code) ? "type" : "range",
    message: `Cannot use ${showValue(what)} as ${showSource(path, source)}: ${issue.message}${
      nearestValue(issue, what)
    }`,
  }];
}

function nearestValue(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  const nearest = nearestName(value, issue.values.map(String));
  return nearest === undefined ? "" : `; did you mean "${nearest}"`;
}

/**
 * Turns what a schema says into problems.
 *
 * @param shown The value as the user wrote it, such as the text of a flag.
 * @param value The value that the schema saw.
 */
export function problemsOf(
  name: OptionName,
  { shown, value, source }: {
    readonly shown: unknown;
    readonly value: unknown;
    readonly source: Source;
  },
  error: z.ZodError,
): Problem[] {
  return error.issues.flatMap(deepest).flatMap((issue) =>
    problemOf(name, shown, value, source, issue)
  );
}
