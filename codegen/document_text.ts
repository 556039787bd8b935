/**
 * A document's text as a value: JSON, or YAML where it is no JSON.
 *
 * @module
 */
import { load, YAMLException } from "js-yaml";
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { isObject } from "./json_value.ts";

/** Far above every document that people have; below what a parser needs gigabytes for. */
const MAX_LENGTH = 128 * 1024 * 1024;

/** How often an alias of YAML may be used: a hundred of them are a document, a million an attack. */
const MAX_ALIASES = 10_000;

const WORDS: { readonly [start: string]: string } = { "{": "an object", "[": "a list" };

/**
 * Parses a document, or tells what is wrong with it.
 *
 * @param text JSON or YAML, with or without a byte order mark.
 * @param where Its name for diagnostics.
 * @param sink Where problems go: one, of level `error`.
 * @returns The value, or `undefined` where there is an error.
 */
export function parseDocument(text: string, where: string, sink: DiagnosticSink): unknown {
  const bad = (state: string): undefined => {
    sink.add("error", "bad-input", where, `Cannot read "${where}": ${state}`);
  };
  if (text.length > MAX_LENGTH) {
    sink.add(
      "error",
      "too-large",
      where,
      `Cannot read "${where}": it has ${text.length} characters, more than ${MAX_LENGTH}`,
    );
    return undefined;
  }
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const start = body.slice(0, 200).trimStart();
  if (start === "" && body.trim() === "") return bad("it is empty");
  if (start.startsWith("<")) {
    return bad(`it is HTML or XML, not JSON: it begins with "${shown(start.slice(0, 40))}"`);
  }
  try {
    return JSON.parse(body);
  } catch {
    return parseYaml(body, WORDS[start.charAt(0)], bad);
  }
}

/** JSON that does not parse goes here as well: this parser says where it stopped, alike on every runtime. */
function parseYaml(
  text: string,
  bracket: string | undefined,
  bad: (state: string) => undefined,
): unknown {
  try {
    const value = load(text, { maxAliases: MAX_ALIASES });
    return bracket === undefined ? value : bad(`it begins as ${bracket} but is no JSON`);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    const place = mark === undefined || mark === null
      ? ""
      : ` at line ${mark.line + 1}, column ${mark.column + 1}`;
    return bad(`it is no ${bracket === undefined ? "YAML" : "JSON"}${place}: ${shown(reason)}`);
  }
}

const STRING_REGEXP = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * Finds keys that stand twice in one of the two outer objects of a JSON text: `JSON.parse` keeps the last and tells
 * nobody.
 *
 * @param text JSON that parses.
 * @param value What it parses to: where it has as many keys as the text, nothing has to be looked for.
 * @param listed One of its objects, and the names that it has, which are known already.
 */
export function duplicateKeys(
  text: string,
  value: unknown,
  listed?: { readonly object: object; readonly names: readonly string[] },
): readonly string[] {
  const count = keyCountOf(
    value,
    (object) => object === listed?.object ? listed.names.length : Object.keys(object).length,
  );
  if (countKeys(text) === count) return [];
  const found = new Set<string>();
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (const { 0: token } of text.matchAll(STRING_REGEXP)) {
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token !== "," && isKey && open.length <= KEY_DEPTH) {
      const keys = open.at(-1);
      const key: string = JSON.parse(token);
      if (keys?.has(key)) found.add(key);
      keys?.add(key);
    }
    isKey = token === "{" || (token === "," && open.at(-1) !== undefined);
  }
  return [...found].sort();
}

/** The document's object and the table's. */
const KEY_DEPTH = 2;
const [QUOTE, COLON, BACKSLASH] = [0x22, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The colons outside of strings in the two outer objects. What is in lists or deeper is not counted. */
function countKeys(text: string): number {
  let [depth, count] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) count += depth <= KEY_DEPTH ? 1 : 0;
    // Digits, commas and blanks are below it.
    else if (code < COLON) continue;
    else if (code === OPEN_OBJECT || code === OPEN_LIST) depth++;
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth--;
  }
  return count;
}

/** Where the closing quote is, or the end of the text. To look for quotes takes half the time of reading on. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charCodeAt(start - 1) === BACKSLASH) start--;
  return (at - start) % 2 === 1;
}

function keyCountOf(value: unknown, countOf: (object: object) => number): number {
  if (!isObject(value)) return 0;
  const outer = Object.values(value);
  return outer.reduce<number>(
    (sum, each) => sum + (isObject(each) ? countOf(each) : 0),
    outer.length,
  );
}
