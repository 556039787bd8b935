/**
 * Finds the examples in documents and in doc comments.
 *
 * @module
 */

/** A piece of code between fences. */
export interface Fence {
  /** Where the code starts in its file. */
  readonly line: number;
  /** The language and what else the opening fence says: `ts no-run`. */
  readonly info: readonly string[];
  readonly code: string;
}

const OPENING_REGEXP = /^(\s*)(`{3,})\s*([^`]*)$/;

/** The fenced pieces of a Markdown text, in order. An unclosed fence is none. */
export function markdownFences(text: string): readonly Fence[] {
  const fences: Fence[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const [, indent = "", ticks, info = ""] = OPENING_REGEXP.exec(lines[at] ?? "") ?? [];
    if (ticks === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === ticks);
    if (end === -1) break;
    const code = lines.slice(at + 1, end).map((line) => withoutIndent(line, indent)).join("\n");
    fences.push({ line: at + 2, info: info.trim().split(/\s+/), code });
    at = end;
  }
  return fences;
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}

/** The fenced pieces in the doc comments of TypeScript, with their lines in the source. */
export function docCommentFences(source: string): readonly Fence[] {
  const comments = source.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm);
  return [...comments].flatMap(({ 0: comment, index }) => {
    const above = source.slice(0, index).split("\n").length - 1;
    const text = comment.split("\n").map((line) => line.replace(/^\s*\*(?!\/) ?/, "")).join("\n");
    return markdownFences(text).map((fence) => ({ ...fence, line: fence.line + above }));
  });
}
