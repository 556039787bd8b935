/**
 * Texts of a document that `@hey-api/openapi-ts` would not print as they are, made harmless.
 *
 * Its 0.99.0 lets them become code: a comment is ended by what it leaves of `*` + `//`, a regular expression by what it
 * leaves of `\\/`, a template by its own delimiters, and each of them by `\u002a` and the like, which it turns into
 * characters when everything is printed.
 *
 * @module
 */

/** Stands for a backslash in what the generator gets, and for two in what it prints. */
const BACKSLASH = "\uE000\uF8FE";
const ESCAPE_REGEXP = /\\(?=u[0-9a-fA-F]{4})/g;

/** A text that the generator prints as a literal. Half pairs are nothing that a file can hold. */
export function literalText(text: string): string {
  const whole = text.toWellFormed();
  return whole.includes("\\u") ? whole.replace(ESCAPE_REGEXP, BACKSLASH) : whole;
}

/** What was printed, with what {@linkcode literalText} took out. */
export function restoreLiterals(text: string): string {
  return text.replaceAll(BACKSLASH, "\\\\");
}

/** A text for a comment: nothing in it ends one, and nothing does after the generator has taken pieces out of it. */
export function commentText(text: string): string {
  return literalText(text).replace(/\*(?=\/)/g, "* ");
}

/** The flag that the generator gives to the same expression. */
const UNICODE_REGEXP = /\\[pP]\{/;
const REGEXP_ESCAPE_REGEXP = /\\(?:u([0-9a-fA-F]{4})|([^]))/g;

/**
 * A regular expression in which each slash is escaped and no escape is one of those that the generator takes apart.
 *
 * @returns `undefined` for one that JavaScript has not, such as `(?P<name>…)`: its module could not be loaded.
 */
export function patternText(pattern: string): string | undefined {
  if (pattern === "" || pattern.includes(BACKSLASH)) return undefined;
  try {
    const { source } = new RegExp(pattern, UNICODE_REGEXP.test(pattern) ? "u" : "");
    const text = source.replace(
      REGEXP_ESCAPE_REGEXP,
      (whole, hex: string | undefined, character: string | undefined) =>
        hex !== undefined
          ? codeUnit(Number.parseInt(hex, 16))
          : character === "\\"
          ? "\\x5c"
          : whole,
    );
    return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Case: 0x2f -> "\x2f", 0x7528 -> "用" */
function codeUnit(code: number): string {
  return code > 0xff ? String.fromCharCode(code) : `\\x${code.toString(16).padStart(2, "0")}`;
}

/** RFC 3986, with the braces of variables. */
const URL_REGEXP = /^[\w\-.~:/?#[\]@!$&()*+,;=%{}]*$/;

/** Whether the URL of a server can stand in a template. */
export function isServerUrl(url: unknown): boolean {
  return typeof url === "string" && URL_REGEXP.test(url) && !url.includes("${");
}

/** Whether a path can stand in a template. */
export function isPlainTemplate(path: string): boolean {
  return !/[`\\]|\$\{/.test(path);
}

/** OpenAPI's own rule for the names of components; the generator finds no reference to another one. */
const COMPONENT_REGEXP = /^(?=.*[A-Za-z0-9])(?!__proto__$)[\w.-]+$/;

/**
 * Other names for components whose own can't be used.
 *
 * @returns Only those that are renamed: `Page«User»` to `Page_User_`, `🚀` to `Schema1`.
 */
export function renameComponents(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(names.filter((name) => COMPONENT_REGEXP.test(name)));
  const renamed = new Map<string, string>();
  for (const name of names.filter((each) => !taken.has(each)).sort()) {
    const plain = name.replace(/[^A-Za-z0-9]+/g, "_");
    const base = /[A-Za-z0-9]/.test(plain) ? plain : "Schema";
    let own = plain === base ? base : `${base}1`;
    for (let number = 2; taken.has(own); number++) own = `${base}${number}`;
    taken.add(own);
    renamed.set(name, own);
  }
  return renamed;
}

/** What is left of other ids as identifiers is nothing, which can't be printed. */
export function isUsefulId(id: string): boolean {
  return /[\p{L}\p{N}]/u.test(id);
}
