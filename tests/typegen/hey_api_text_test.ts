/**
 * What `@hey-api/openapi-ts` 0.99.0 does with texts that it does not print as literals, done here in small: each of
 * these ways once let a document put code into the output.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { parseSync } from "oxc-parser";
import {
  commentText,
  isPlainTemplate,
  isServerUrl,
  isUsefulId,
  literalText,
  patternText,
  renameComponents,
  restoreLiterals,
} from "../../typegen/hey_api_text.ts";
import { test } from "../_support/test.ts";

/** `escapeComment` of @hey-api/shared 0.5.0. */
const escapeComment = (text: string): string =>
  text.replace(/\*\//g, "*").replace(/\/\*/g, "*").replace(
    /\r?\n(.*)/g,
    (_, line) => "\n" + line.trim(),
  );
/** The end of its printer. */
const unescape = (text: string): string =>
  text.replace(/\\u([0-9a-fA-F]{4})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
/** Its `RegExpTsDsl`. */
const printPattern = (pattern: string): string => {
  const inner = pattern.startsWith("/") && pattern.endsWith("/") ? pattern.slice(1, -1) : pattern;
  return `/${inner.replace(/(?<!\\)\//g, "\\/")}/${/\\[pP]\{/.test(pattern) ? "u" : ""}`;
};

const PIECES = [
  ...[
    "*",
    "/",
    "*/",
    "/*",
    "//",
    "\\",
    "\\\\",
    "\\u002a",
    "\\u002f",
    "\\u005c",
    "\\u000a",
    "\\u2028",
  ],
  ...[
    "u002f",
    "PWN()",
    ";",
    "\n",
    "\r",
    "\u2028",
    "\ud83d\ude00",
    "[",
    "]",
    "(",
    ")",
    "(?:",
    "|",
    "+",
  ],
  ...["\\p{L}", "\\d", "^", "$", "a", "-", "\ue000\uf8fe", "'", "`", "${"],
];
const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((each) => each.join(""));

test("commentText() leaves nothing that ends a comment", () => {
  equal(unescape(escapeComment("*//\nPWN()")).includes("*/"), true, "the attack works without it");
  equal(unescape(escapeComment("\\u002a/\nPWN()")).includes("*/"), true, "and so does this one");
  fc.assert(
    fc.property(hostile, (text) => {
      const printed = restoreLiterals(unescape(escapeComment(commentText(text))));
      equal(printed.includes("*/"), false, printed);
    }),
    { numRuns: 3_000 },
  );
});

test("patternText() is one regular expression when it is printed", () => {
  ok(unescape(printPattern("\\u002f;PWN()//")).startsWith("//;"), "the attack works without it");
  fc.assert(
    fc.property(hostile, (text) => {
      const pattern = patternText(text);
      if (pattern === undefined) return;
      const printed = restoreLiterals(unescape(printPattern(pattern)));
      const { program, errors } = parseSync("p.ts", `const p = ${printed};`);
      deepEqual(errors, [], printed);
      const [statement] = program.body;
      const init = statement?.type === "VariableDeclaration"
        ? statement.declarations[0]?.init
        : undefined;
      ok(program.body.length === 1 && init?.type === "Literal" && "regex" in init, printed);
    }),
    { numRuns: 3_000 },
  );
});

test("patternText() matches what the pattern matches", () => {
  for (
    const [pattern, value] of [
      ["^[a-z]{2}/\\d+$", "ab/12"],
      ["^\\u0041\\u7528$", "A用"],
      ["^a\\\\u0041$", "a\\u0041"],
      ["^\\p{Lu}$", "Ä"],
      ["^[/]$", "/"],
    ] as const
  ) {
    const text = patternText(pattern) ?? "";
    const flags = text.includes("\\p") ? "u" : "";
    equal(new RegExp(unescape(text), flags).test(value), true, pattern);
    equal(new RegExp(unescape(text), flags).test(`${value}!`), false, pattern);
  }
});

test("patternText() refuses what JavaScript has not", () => {
  for (const pattern of ["(?P<year>\\d{4})", "[", "\\", "", "a\\ud800b"]) {
    equal(patternText(pattern), undefined, pattern);
  }
});

test("literalText() survives the printer", () => {
  for (const text of ["\\u0027", "a\\u000ab", "\\\\u0041", "plain", "\\x"]) {
    const printed = restoreLiterals(unescape(JSON.stringify(literalText(text))));
    equal(JSON.parse(printed), text);
  }
});

test("isServerUrl() lets through URLs with variables, and nothing that ends a template", () => {
  for (const url of ["https://api.test/v1", "/", "", "https://{region}.api.test:{port}/x"]) {
    ok(isServerUrl(url), url);
  }
  for (const url of ["https://a.test/`;PWN()", "https://${PWN()}", "a\\b", "a'b", "a\nb", 7]) {
    equal(isServerUrl(url), false, String(url));
  }
});

test("isPlainTemplate() refuses what ends a template", () => {
  equal(isPlainTemplate("/users/{id}:archive"), true);
  for (const path of ["/`", "/\\", "/${PWN()}"]) equal(isPlainTemplate(path), false);
});

test("renameComponents() renames what no reference finds, and nothing else", () => {
  deepEqual(
    [...renameComponents([
      "User",
      "Page«User»",
      "Page(User)",
      "🚀",
      "",
      "__proto__",
      "a.b-c_d",
      "Page_User_",
    ])],
    [
      ["", "Schema1"],
      ["Page(User)", "Page_User_2"],
      ["Page«User»", "Page_User_3"],
      ["__proto__", "_proto_"],
      ["🚀", "Schema2"],
    ],
  );
});

test("isUsefulId() wants something that an identifier is made of", () => {
  equal(isUsefulId("users.show"), true);
  equal(isUsefulId("用户"), true);
  equal(isUsefulId("🚀"), false);
  equal(isUsefulId(""), false);
});
