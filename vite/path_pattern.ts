/**
 * Patterns of files, such as `templates/**` or `views/*.{html,jinja}`.
 *
 * @module
 */

/** What one pattern matches, and where to look for it. */
export interface PathPattern {
  /** The folder before the first part with a wildcard; may lead upwards. */
  readonly folder: string;
  /** Whether a path, relative to the same folder as the pattern and with slashes, matches. */
  matches(path: string): boolean;
}

const WILDCARD_REGEXP = /[*?[\]{}]/;

/**
 * Reads a pattern: `*` and `?` stay within a folder, `**` does not, `{a,b}` is either, `[a-z]` is one of them.
 *
 * @throws {SyntaxError} If a bracket is not closed.
 */
export function parsePathPattern(text: string): PathPattern {
  const parts = text.replaceAll("\\", "/").replace(/^\.\//, "").split("/");
  const end = parts.findIndex((part) => WILDCARD_REGEXP.test(part));
  const regexp = new RegExp(`^${partsSource(parts, text)}$`, "u");
  return {
    // Without a wildcard it is one file, in a folder that others may be in, too.
    folder: parts.slice(0, end === -1 ? -1 : end).join("/") || (text.startsWith("/") ? "/" : "."),
    matches: (path) => regexp.test(path),
  };
}

function partsSource(parts: readonly string[], whole: string): string {
  return parts.map((part, index) => {
    const isLast = index === parts.length - 1;
    // Case: "a/**" is all below a; "**/a" is a wherever it is, at the top too.
    if (part === "**") return isLast ? ".+" : "(?:[^/]+/)*";
    return partSource(part, whole) + (isLast ? "" : "/");
  }).join("");
}

function partSource(part: string, whole: string): string {
  let source = "";
  let depth = 0;
  for (let index = 0; index < part.length; index++) {
    const character = part[index] ?? "";
    const set = character === "[" ? /^\[[!^]?\]?[^\]]+\]/.exec(part.slice(index))?.[0] : undefined;
    if (set !== undefined) {
      source += setSource(set);
      index += set.length - 1;
    } else if (character === "*") source += part[index - 1] === "*" ? "" : "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{") source += (depth++, "(?:");
    else if (character === "}" && depth > 0) source += (depth--, ")");
    else if (character === "," && depth > 0) source += "|";
    else if (character === "[") throw unclosed("[", whole);
    else source += character.replace(/[\\^$.|+()[\]{}/]/, "\\$&");
  }
  if (depth > 0) throw unclosed("{", whole);
  return source;
}

/** Case: "[!a-c]" -> "[^a-c]" */
function setSource(set: string): string {
  const body = set.slice(1, -1).replace(/^!/, "^").replace(/[\\[\]]/g, "\\$&");
  return `[${body}]`;
}

function unclosed(bracket: string, whole: string): SyntaxError {
  return new SyntaxError(`Cannot read "${whole}" as a pattern: "${bracket}" is not closed`);
}
