/**
 * Splits the text of a command into the words of an argument vector, without a shell.
 *
 * @module
 */

/** A backslash protects only these; so `C:\app` on Windows stays as it is written. */
const OUTSIDE_QUOTES_PROTECTED = new Set([" ", "\t", '"', "'", "\\"]);
const DOUBLE_QUOTES_PROTECTED = new Set(['"', "\\"]);

/**
 * Splits a command into words: white space separates, quotes group, a backslash protects.
 *
 * - `'…'` takes everything literally;
 * - `"…"` too, but for `\"` and `\\`;
 * - outside quotes a backslash makes a following space, quote or backslash literal, and is itself before anything else;
 * - nothing else has a meaning: no variables, no globs, no pipes, no `&&`.
 *
 * @returns The words; empty where the text is blank.
 * @throws {SyntaxError} If a quote is not closed.
 */
export function parseCommandWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let index = 0;
  while (index < text.length) {
    const character = text.charAt(index);
    if (character === "'" || character === '"') {
      const quoted = readQuoted(text, index);
      word = (word ?? "") + quoted.text;
      index = quoted.end;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      index++;
    } else {
      const step = protectedAt(text, index, OUTSIDE_QUOTES_PROTECTED);
      word = (word ?? "") + step.text;
      index = step.end;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function readQuoted(text: string, start: number): { text: string; end: number } {
  const quote = text.charAt(start);
  let result = "";
  let index = start + 1;
  while (index < text.length) {
    if (text.charAt(index) === quote) return { text: result, end: index + 1 };
    const step = quote === "'"
      ? { text: text.charAt(index), end: index + 1 }
      : protectedAt(text, index, DOUBLE_QUOTES_PROTECTED);
    result += step.text;
    index = step.end;
  }
  throw new SyntaxError(
    `Cannot split "${text}" into words: the quote ${quote} at position ${start} is not closed`,
  );
}

function protectedAt(
  text: string,
  index: number,
  protectedCharacters: ReadonlySet<string>,
): { text: string; end: number } {
  const next = text.charAt(index + 1);
  return text.charAt(index) === "\\" && protectedCharacters.has(next)
    ? { text: next, end: index + 2 }
    : { text: text.charAt(index), end: index + 1 };
}

/**
 * Puts a port into the words of a command: every `{port}` is replaced.
 */
export function withPort(argv: readonly string[], port: number): string[] {
  return argv.map((word) => word.replaceAll("{port}", String(port)));
}
