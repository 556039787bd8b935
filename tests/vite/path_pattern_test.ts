import { deepEqual, equal, throws } from "node:assert/strict";
import { parsePathPattern } from "../../vite/path_pattern.ts";
import { test } from "../_support/test.ts";

const ROWS: readonly (readonly [pattern: string, matching: string[], other: string[]])[] = [
  ["templates/**", ["templates/a.html", "templates/a/b.html"], ["templates", "x/templates/a.html"]],
  ["**/*.html", ["a.html", "a/b.html", "a/b/c.html"], ["a.htm", "a.html/b", "ahtml"]],
  ["views/*.{html,jinja}", ["views/a.html", "views/a.jinja"], ["views/a/b.html", "views/a.css"]],
  ["../templates/**", ["../templates/a.html"], ["templates/a.html"]],
  ["a/**/b.html", ["a/b.html", "a/x/b.html", "a/x/y/b.html"], ["ab.html", "a/xb.html"]],
  ["a?.html", ["ab.html"], ["a.html", "a/.html", "abc.html"]],
  ["[a-c].html", ["b.html"], ["d.html", "-.html"]],
  ["[!a-c].html", ["d.html"], ["b.html"]],
  ["./a.html", ["a.html"], ["b.html"]],
  ["a+b (1).$x^.html", ["a+b (1).$x^.html"], ["aab (1).$x^.html"]],
  ["a.{html}", ["a.html"], ["a.{html}"]],
  ["{a,b}/{c,{d,e}}.html", ["a/c.html", "b/e.html"], ["a/f.html"]],
  ["views\\*.html", ["views/a.html"], ["views/a.css"]],
  ["/abs/**", ["/abs/a.html"], ["abs/a.html"]],
];

for (const [pattern, matching, other] of ROWS) {
  test(`"${pattern}" matches what it says`, () => {
    const { matches } = parsePathPattern(pattern);
    deepEqual(matching.filter((path) => !matches(path)), []);
    deepEqual(other.filter(matches), []);
  });
}

test("the folder is what stands before the first wildcard", () => {
  const folder = (pattern: string): string => parsePathPattern(pattern).folder;
  equal(folder("templates/**"), "templates");
  equal(folder("../app/templates/*.html"), "../app/templates");
  equal(folder("**/*.html"), ".");
  equal(folder("views/a.html"), "views");
  equal(folder("a.html"), ".");
  equal(folder("/abs/x/*"), "/abs/x");
});

test("a bracket that is not closed is refused", () => {
  throws(() => parsePathPattern("a.{html"), {
    name: "SyntaxError",
    message: 'Cannot read "a.{html" as a pattern: "{" is not closed',
  });
  throws(() => parsePathPattern("[a.html"), SyntaxError);
});
