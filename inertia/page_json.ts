/**
 * A page as JSON, and as what a document holds of it.
 *
 * @module
 */

import { ENGINE } from "./engine.ts";
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
 * @param mark A text that nobody's page holds: it stands for a list in what is serialised without it, and is not sent.
 * @throws {TypeError} If it has no JSON: the error says where the BigInt or the cycle is.
 */
export function renderPageJson(page: Page, mark: string): string {
  try {
    return ENGINE.hasSmallBuffer ? pageJsonInParts(page, mark) : JSON.stringify(page);
  } catch (cause) {
    throw explain(page, cause);
  }
}

/** From here on a list is serialised by itself, in parts of so many items. */
const LONG_LIST = 64;

/** So deep a list is looked for: `users`, and the `data` of a page of users. */
const LONG_LIST_DEPTH = 2;

/** Serialises a page in parts that fit a small buffer: the same text, where nothing has a `toJSON` that asks for its key. */
export function pageJsonInParts(page: Page, mark: string): string {
  const lists: (readonly unknown[])[] = [];
  const props = markLists(page.props, 0, { mark, lists });
  if (lists.length === 0) return JSON.stringify(page);
  const texts = JSON.stringify({ ...page, props }).split(`"${mark}"`);
  const pieces: string[] = [];
  for (let index = 0; index < texts.length; index++) {
    const list = lists[index - 1];
    if (list !== undefined) addList(list, pieces);
    pieces.push(texts[index] ?? "");
  }
  // Joined once: what grows piece by piece is put together later, which takes half a microsecond more.
  return pieces.join("");
}

/** Lists that were taken out of a page, and what stands for each. */
interface Marked {
  readonly mark: string;
  readonly lists: (readonly unknown[])[];
}

/** Puts the mark where long lists are, in a copy, which keeps its shape; gives the object itself if there are none. */
function markLists<T extends object>(object: T, depth: number, marked: Marked): T {
  let copy: T | undefined;
  for (const key in object) {
    const value: unknown = object[key];
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value) && value.length < LONG_LIST) continue;
    const other = Object.hasOwn(object, key) ? markLong(value, depth, marked) : value;
    if (other === value) continue;
    copy ??= { ...object };
    setOwn(copy as Record<string, unknown>, key, other);
  }
  return copy ?? object;
}

function markLong(value: object, depth: number, marked: Marked): unknown {
  if ("toJSON" in value) return value;
  if (!Array.isArray(value)) {
    return depth + 1 < LONG_LIST_DEPTH ? markLists(value, depth + 1, marked) : value;
  }
  marked.lists.push(value);
  return marked.mark;
}

function addList(list: readonly unknown[], pieces: string[]): void {
  for (let start = 0; start < list.length; start += LONG_LIST) {
    const part = JSON.stringify(list.slice(start, start + LONG_LIST));
    pieces.push(start === 0 ? "[" : ",", part.slice(1, -1));
  }
  pieces.push("]");
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
