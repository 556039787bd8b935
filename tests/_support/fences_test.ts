import { deepEqual } from "node:assert/strict";
import { docCommentFences, markdownFences } from "./fences.ts";
import { test } from "./test.ts";

test("markdownFences() reads language, flags and the line of the code", () => {
  deepEqual(markdownFences("# Head\n\n```ts no-run\na();\n\nb();\n```\n\n```sh\nls\n```\n"), [
    { line: 4, info: ["ts", "no-run"], code: "a();\n\nb();" },
    { line: 10, info: ["sh"], code: "ls" },
  ]);
});

test("markdownFences() takes away the indentation of a fence in a list", () => {
  deepEqual(markdownFences("1. One\n   ```ts\n   if (a) {\n     b();\n   }\n   ```\n"), [
    { line: 3, info: ["ts"], code: "if (a) {\n  b();\n}" },
  ]);
});

test("markdownFences() keeps a shorter fence inside a longer one as text", () => {
  deepEqual(markdownFences("````md\n```ts\na();\n```\n````"), [
    { line: 2, info: ["md"], code: "```ts\na();\n```" },
  ]);
});

test("markdownFences() ignores a fence that is never closed", () => {
  deepEqual(markdownFences("```ts\na();\n"), []);
});

test("docCommentFences() reads examples with their lines in the source", () => {
  const source = `const a = 1;

/**
 * Adds.
 *
 * @example Usage
 * \`\`\`ts
 * add(1);
 * \`\`\`
 */
export function add(): void {}
`;
  deepEqual(docCommentFences(source), [{ line: 8, info: ["ts"], code: "add(1);" }]);
});

test("docCommentFences() ignores other comments", () => {
  deepEqual(docCommentFences("// ```ts\n// a();\n// ```\n/* \n```ts\nb();\n```\n*/"), []);
});
