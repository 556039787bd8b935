/**
 * The one printer of literals: every string of an input that reaches generated code goes through here.
 *
 * @module
 */

/** What may stand in a literal as it is. The rest is escaped, or at least looked at. */
const PLAIN_REGEXP = /^[ !#-;=?-[\]-~]*$/;

/**
 * What is written as `\uXXXX`: `<` and `>`, so that a chunk can stand in an HTML document; controls and line
 * separators; format characters, which turn the reading direction around or can't be seen; private use and half pairs.
 */
const ESCAPED_REGEXP = /[<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/gu;

/** A text as a TypeScript string literal. */
export function renderString(text: string): string {
  if (PLAIN_REGEXP.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(ESCAPED_REGEXP, escaped);
}

/**
 * A printer of names, without their quotes, that are printed several times: they are looked at once, and nearly always all
 * of them are plain.
 */
export function printerOf(names: readonly { readonly name: string }[]): (name: string) => string {
  const isPlain = PLAIN_REGEXP.test(renderAll(names, ({ name }) => name));
  return isPlain ? (name) => name : inQuotes;
}

/** What stands between the quotes of a literal. */
export function inQuotes(text: string): string {
  return PLAIN_REGEXP.test(text) ? text : renderString(text).slice(1, -1);
}

/** In units of UTF-16: `\u{…}` means nothing in JSON, and some of this is read as JSON. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}

/** A text, a number or a truth value as a literal. */
export function renderLiteral(value: string | number | boolean): string {
  if (typeof value === "string") return renderString(value);
  // -0 and what is no number have no literal type.
  return Number.isFinite(value) || typeof value === "boolean" ? String(value) : "number";
}

/** A value of JSON as an expression; `__proto__` as a computed key, which only makes a property. */
export function renderJson(value: unknown, indent = ""): string {
  if (typeof value === "string") return renderString(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${renderJson(item, inner)},\n`)
    : sortedEntries(value).map(([key, item]) =>
      `${inner}${renderValueKey(key)}: ${renderJson(item, inner)},\n`
    );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join("")}${indent}${close}`;
}

function renderValueKey(key: string): string {
  return key === "__proto__" ? `["__proto__"]` : renderString(key);
}

/** The entries of an object in the order of their keys' code units: the same on every machine. */
export function sortedEntries<Value>(
  value: { readonly [key: string]: Value } | object,
): [string, Value][] {
  // Object.entries() knows no more of an `object` than that it has entries.
  const entries = Object.entries(value) as [string, Value][];
  return entries.sort((a, b) => compareText(a[0], b[0]));
}

const CHUNK = 100;

/**
 * The texts of all items.
 *
 * In chunks: a text that grows by thousands of lines is a tree of thousands of nodes, and keeping them costs the
 * collector more than making them.
 */
export function renderAll<Item>(
  items: readonly Item[],
  render: (item: Item, index: number) => string,
): string {
  let text = "";
  for (let start = 0; start < items.length; start += CHUNK) {
    const chunk = items.slice(start, start + CHUNK);
    text += chunk.map((item, index) => render(item, start + index)).join("");
  }
  return text;
}

/** Compares by code units: the order of no language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
