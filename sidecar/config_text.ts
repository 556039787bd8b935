/**
 * Reads the values of options from text: what a flag or an environment variable holds.
 *
 * A reader returns `undefined` for a text that it can't read; the schema never sees it then.
 *
 * @module
 */

/** What a duration may end in, in milliseconds. */
const UNIT_MS: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1000, m: 60_000 };
const DURATION_REGEXP = /^(\d+(?:\.\d+)?)\s*(ms|s|m|)$/;

// The words of litestar-vite first, then those that other tools use.
const TRUE_WORDS = new Set(["true", "1", "yes", "y", "t", "on"]);
const FALSE_WORDS = new Set(["false", "0", "no", "n", "f", "off"]);

/** Reads yes or no: `true 1 yes y t on` and their opposites, in any case. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

/** Reads a whole number of decimal digits; `0x10`, `1e3` and `-1` are none. */
export function parseWholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

/**
 * Reads a duration: `500`, `500ms`, `30s`, `1.5m`. A number without a unit is milliseconds.
 *
 * @returns Milliseconds, rounded.
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION_REGEXP.exec(text.trim());
  if (match === null) return undefined;
  const [, amount = "", unit = ""] = match;
  return Math.round(Number(amount) * (UNIT_MS[unit] ?? 1));
}

/** Reads a list: commas separate, blanks around an item and empty items do not count. */
export function parseList(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}
