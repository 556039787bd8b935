import { equal, throws } from "node:assert/strict";
import { chooseLanguage, fillSlots } from "../../cli/fill_slots.ts";
import { test } from "../_support/test.ts";

test("fillSlots() puts values where their names stand", () => {
  equal(fillSlots("<h1>__NAME__</h1> __X__ __NAME__", { NAME: "a", X: "ts" }), "<h1>a</h1> ts a");
});

test("fillSlots() takes a value as it is, whatever is in it", () => {
  equal(fillSlots("__NAME__", { NAME: "$& $1 __X__" }), "$& $1 __X__");
});

test("fillSlots() leaves names of Python alone", () => {
  equal(
    fillSlots("if __name__ == '__main__': __file__", {}),
    "if __name__ == '__main__': __file__",
  );
});

test("fillSlots() refuses a slot without a value", () => {
  throws(() => fillSlots("__PROT__", { PORT: "1" }), /^Error: Cannot fill "__PROT__"/);
});

test("chooseLanguage() gives TypeScript its types, and JavaScript none", () => {
  const text = 'import type { A } from "./a";\n\nexport function f(a/*+: A*/) {}\n';
  equal(
    chooseLanguage(text, true),
    'import type { A } from "./a";\n\nexport function f(a: A) {}\n',
  );
  equal(chooseLanguage(text, false), "export function f(a) {}\n");
});

test("chooseLanguage() leaves other comments alone", () => {
  equal(chooseLanguage("/* a */ f(/* b */); // /**/\n", false), "/* a */ f(/* b */); // /**/\n");
});
