import { deepEqual, throws } from "node:assert/strict";
import { parseCommandWords, withPort } from "../../sidecar/command_words.ts";
import { test } from "../_support/test.ts";

const CASES: readonly (readonly [text: string, words: readonly string[]])[] = [
  ["", []],
  [" \t\n ", []],
  ["litestar", ["litestar"]],
  ["  go   run\t.\n", ["go", "run", "."]],
  ['litestar --app "my app:app" run', ["litestar", "--app", "my app:app", "run"]],
  ["sh -c 'echo \"$HOME\" && ls *'", ["sh", "-c", 'echo "$HOME" && ls *']],
  ['a"b c"d', ["ab cd"]],
  ["a'b c'd", ["ab cd"]],
  ['""', [""]],
  ["'' x", ["", "x"]],
  ['"a \\"b\\" \\\\ \\n"', ['a "b" \\ \\n']],
  ["'a \\'", ["a \\"]],
  ["my\\ app", ["my app"]],
  ["\\\"a\\\" \\'b\\'", ['"a"', "'b'"]],
  ["C:\\tools\\app.exe --x", ["C:\\tools\\app.exe", "--x"]],
  ['"C:\\Program Files\\app.exe"', ["C:\\Program Files\\app.exe"]],
  ["a\\\\b", ["a\\b"]],
  ["a\\", ["a\\"]],
  ["run | tee log; rm -rf $HOME `id` $(id) > x &", [
    "run",
    "|",
    "tee",
    "log;",
    "rm",
    "-rf",
    "$HOME",
    "`id`",
    "$(id)",
    ">",
    "x",
    "&",
  ]],
];

for (const [text, words] of CASES) {
  test(`parseCommandWords() splits ${JSON.stringify(text)}`, () => {
    deepEqual(parseCommandWords(text), words);
  });
}

test("parseCommandWords() refuses a quote that is not closed, and tells where it is", () => {
  throws(() => parseCommandWords('run "a b'), {
    name: "SyntaxError",
    message: 'Cannot split "run "a b" into words: the quote " at position 4 is not closed',
  });
  throws(() => parseCommandWords("'"), SyntaxError);
  throws(() => parseCommandWords('"\\"'), SyntaxError);
});

test("withPort() replaces every {port} and nothing else", () => {
  deepEqual(
    withPort(["run", "--port", "{port}", "--url=http://h:{port}/{port}", "{PORT}", "{}"], 81),
    [
      "run",
      "--port",
      "81",
      "--url=http://h:81/81",
      "{PORT}",
      "{}",
    ],
  );
});
