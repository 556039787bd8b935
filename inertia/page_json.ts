/**
 * A page as JSON, and as what a document holds of it.
 *
 * @module
 */

import { setOwn } from "./own_property.ts";
import type { Page } from "./page.ts";

/** `</script>` and `<!--` end or swallow the element; U+2028 and U+2029 end a line for scripts that evaluate it. */
const SCRIPT_REGEXP = /[<\/\u2028\u2029]/g;

const SCRIPT_ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  "/": "\\/",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

const ATTRIBUTE_REGEXP = /[&<>"'`]/g;

const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/**
 * Serialises a page.
 *
 * @throws {TypeError} If it has no JSON: the error says where the BigInt or the cycle is.
 */
export function renderPageJson(page: Page): string {
  try {
    return HAS_SMALL_BUFFER ? pageJsonInParts(page) : JSON.stringify(page);
  } catch (cause) {
    throw explain(page, cause);
  }
}

/**
 * Whether this is JavaScriptCore, whose errors alone know their line.
 *
 * Its fast serialiser writes into 8 KiB and begins anew where that is too little, so that 9 KB take twice the time of
 * 8 KB. V8's does not, and parts would cost it a microsecond more.
 */
const HAS_SMALL_BUFFER = Object.hasOwn(new Error(), "line");

/** From here on a list is serialised by itself, in parts of so many items. */
const LONG_LIST = 64;

/** So deep a list is looked for: `users`, and the `data` of a page of users. */
const LONG_LIST_DEPTH = 2;

/** Serialises a page in parts that fit a small buffer: the same text, where nothing has a `toJSON` that asks for its key. */
export function pageJsonInParts(page: Page): string {
  if (!isLong(page.props, 0)) return JSON.stringify(page);
  const { component, props, ...rest } = page;
  // The rest has an address at least.
  return `{"component":${JSON.stringify(component)},"props":${objectJson(props, 1)},${
    JSON.stringify(rest).slice(1)
  }`;
}

/** Whether a value is a long list, or holds one. */
function isLong(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null || "toJSON" in value) return false;
  if (Array.isArray(value)) return value.length >= LONG_LIST;
  if (depth >= LONG_LIST_DEPTH) return false;
  for (const key in value) if (isLong(value[key as keyof typeof value], depth + 1)) return true;
  return false;
}

function listJson(list: readonly unknown[]): string {
  let json = "";
  for (let start = 0; start < list.length; start += LONG_LIST) {
    const part = JSON.stringify(list.slice(start, start + LONG_LIST));
    json += `${start === 0 ? "" : ","}${part.slice(1, -1)}`;
  }
  return `[${json}]`;
}

/** Keys between two long values are serialised together. */
function objectJson(object: object, depth: number): string {
  let json = "";
  let run: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const value: unknown = object[key as keyof typeof object];
    if (!isLong(value, depth)) {
      setOwn(run ??= {}, key, value);
      continue;
    }
    const own = Array.isArray(value) ? listJson(value) : objectJson(value as object, depth + 1); // One of the two.
    json = joinJson(joinJson(json, run), undefined, `${JSON.stringify(key)}:${own}`);
    run = undefined;
  }
  return `{${joinJson(json, run)}}`;
}

function joinJson(before: string, run: object | undefined, more?: string): string {
  const json = more ?? (run === undefined ? "" : JSON.stringify(run).slice(1, -1));
  return before === "" || json === "" ? before + json : `${before},${json}`;
}

/** JSON that can't leave the `<script>` it stands in. It is JSON still: nothing is encoded as HTML. */
export function escapeScriptJson(json: string): string {
  return json.replace(SCRIPT_REGEXP, (character) => SCRIPT_ESCAPES[character] ?? character);
}

/** Text that can't leave the quoted attribute it stands in. */
export function escapeAttribute(text: string): string {
  return text.replace(ATTRIBUTE_REGEXP, (character) => ATTRIBUTE_ESCAPES[character] ?? character);
}

/** The runtimes word it differently, and none says where it is. */
function explain(page: Page, cause: unknown): unknown {
  const problem = cause instanceof TypeError ? findProblem(page, "", []) : undefined;
  if (problem === undefined) return cause;
  return new TypeError(`Cannot send "${problem.path}" as JSON: it is ${problem.state}`, { cause });
}

interface Problem {
  readonly path: string;
  readonly state: string;
}

function findProblem(
  value: unknown,
  path: string,
  ancestors: readonly unknown[],
): Problem | undefined {
  if (typeof value === "bigint") return { path, state: "a BigInt" };
  if (typeof value !== "object" || value === null || "toJSON" in value) return undefined;
  if (ancestors.includes(value)) return { path, state: "an object that contains itself" };
  for (const [key, child] of Object.entries(value)) {
    const childPath = path === "" ? key : `${path}.${key}`;
    const problem = findProblem(child, childPath, [...ancestors, value]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
