/**
 * The one printer of comments: every description of an input that reaches generated code goes through here.
 *
 * @module
 */

const LINE_REGEXP = /\r\n?|\n/;
/** What can't be seen or turns the reading direction around; line separators end a line for JavaScript. */
const INVISIBLE_REGEXP = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu;
/** Words by which a compiler, a linter or a bundler takes orders from a comment. */
const ORDER_REGEXP = /@(?=\s*[a-z_])/gi;
const MAP_REGEXP = /source(?=MappingURL)/gi;

/** One line in which nothing has to be replaced: most of them, and all of our own. An order to a tool has `@` or `=`. */
const PLAIN_REGEXP = /^[!-)+-<>?A-~](?:[ -)+-<>?A-~]{0,350}[!-)+-<>?A-~])?$/;

/** Whether a text can stand in a comment as it is, on a line of its own or behind other such texts. */
export function isPlainLine(text: string): boolean {
  return PLAIN_REGEXP.test(text);
}

/** More is no help in an editor. */
const MAX_LINES = 20;
const MAX_LENGTH = 400;

/** A line of a comment that ends no comment and gives no order. */
export function commentLine(text: string): string {
  const line = text
    .replace(INVISIBLE_REGEXP, " ")
    .replaceAll("*/", "*\\/")
    // Not "\@": a pragma is found behind a backslash, too.
    .replace(ORDER_REGEXP, "@ ")
    .replace(MAP_REGEXP, "source ")
    .trimEnd();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}

/** A text as lines of a comment, without empty ones at its ends. */
export function commentLines(text: string): readonly string[] {
  const lines = text.trim().split(LINE_REGEXP).slice(0, MAX_LINES).map(commentLine);
  return lines.length === 1 && lines[0] === "" ? [] : lines;
}

/** What a doc comment says. `tags` are ours: only their text is foreign. */
export interface DocText {
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly (readonly [tag: string, text: string])[];
}

const NO_TAGS: readonly never[] = [];

/** A doc comment with its line break, or nothing where there is nothing to say. */
export function renderDoc(
  { summary = "", description = "", tags = NO_TAGS }: DocText,
  indent = "",
): string {
  if (tags.length === 0 && (description === "" || description === summary)) {
    if (summary === "") return "";
    if (isPlainLine(summary)) return `${indent}/** ${summary} */\n`;
  }
  const paragraphs = [summary, description === summary ? "" : description]
    .map(commentLines)
    .filter((lines) => lines.length > 0);
  const text = paragraphs.flatMap((lines, index) => index === 0 ? lines : ["", ...lines]);
  const tagged = tags.map(([tag, value]) => `@${tag} ${commentLines(value).join(" ")}`.trimEnd());
  const lines = [...text, ...(text.length > 0 && tagged.length > 0 ? [""] : []), ...tagged];
  const [only] = lines;
  if (only === undefined) return "";
  if (lines.length === 1) return `${indent}/** ${only} */\n`;
  return `${indent}/**\n${
    lines.map((line) => `${indent} * ${line}`.trimEnd()).join("\n")
  }\n${indent} */\n`;
}

/** Line comments for a file's head. */
export function renderLineComments(text: string): string {
  return commentLines(text).map((line) => `//${line === "" ? "" : ` ${line}`}\n`).join("");
}
