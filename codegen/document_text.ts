/**
 * A document's text as a value: JSON, or YAML where it is no JSON.
 *
 * @module
 */
import { load, YAMLException } from "js-yaml";
import { type DiagnosticSink, shown } from "./diagnostic.ts";

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

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Finds keys that stand twice in one object of a JSON text: `JSON.parse` keeps the last and tells nobody.
 *
 * Character by character: an expression takes five times as long, which is a tenth of a whole run.
 *
 * @param text JSON that parses.
 * @param depth Down to which depth to look; 1 is the outermost object.
 */
export function duplicateKeys(text: string, depth: number): readonly string[] {
  const found = new Set<string>();
  const open: (Set<string> | undefined)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      const keys = isKey ? open.at(-1) : undefined;
      if (keys !== undefined) {
        const key: string = JSON.parse(text.slice(at, end + 1));
        if (keys.has(key)) found.add(key);
        keys.add(key);
      }
      isKey = false;
      at = end;
    } else if (code === COMMA) isKey = true;
    else if (code === OPEN_OBJECT) {
      open.push(open.length < depth ? new Set() : undefined);
      isKey = true;
    } else if (code === OPEN_LIST) open.push(undefined);
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop();
  }
  return [...found].sort();
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (let code = text.charCodeAt(at); code !== QUOTE && at < text.length;) {
    at += code === BACKSLASH ? 2 : 1;
    code = text.charCodeAt(at);
  }
  return at;
}
