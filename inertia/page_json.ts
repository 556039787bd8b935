/**
 * A page as JSON, and as what a document holds of it.
 *
 * @module
 */

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
    return JSON.stringify(page);
  } catch (cause) {
    throw explain(page, cause);
  }
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
