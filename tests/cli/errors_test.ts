import { equal, ok } from "node:assert/strict";
import { renderError, renderUsageError, renderWarning } from "../../cli/errors.ts";
import { createStyle } from "../../cli/style.ts";
import { test } from "../_support/test.ts";

const facts = { style: createStyle(false), program: "deno run -A mod.ts", verbose: false };

test("renderError() tells the message alone, without a stack", () => {
  equal(renderError(new Error("Cannot x"), facts), "error: Cannot x\n");
});

test("renderError() adds what an error itself says to do next", () => {
  const error = Object.assign(new Error("Cannot find Vite"), { hint: "run: npm install" });
  equal(renderError(error, facts), "error: Cannot find Vite\n  next: run: npm install\n");
});

test("renderError() knows what to do about a port", () => {
  const error = Object.assign(new Error("Cannot listen"), { code: "EADDRINUSE" });
  ok(renderError(error, facts).includes("next: end the program that uses the port"));
});

test("renderError() shows each problem on a line", () => {
  equal(
    renderError(new TypeError("Cannot a\nCannot b"), facts),
    "error: Cannot a\n       Cannot b\n",
  );
});

test("renderError() shows the stack and the causes on demand", () => {
  const error = new Error("Cannot x", { cause: new Error("because of y", { cause: "z" }) });
  const text = renderError(error, { ...facts, verbose: true });
  ok(text.includes("errors_test.ts"), text);
  ok(text.includes("caused by: because of y\n"));
  ok(text.includes("caused by: z\n"));
});

test("renderError() can tell anything that is thrown", () => {
  equal(renderError("x", facts), "error: x\n");
  equal(renderError(undefined, facts), "error: undefined\n");
  equal(renderError({}, facts), "error: Cannot go on: nobody said why\n");
});

test("renderUsageError() names the command that helps", () => {
  equal(
    renderUsageError(["Cannot a", "Cannot b"], "dev", facts),
    "error: Cannot a\nerror: Cannot b\n  next: deno run -A mod.ts dev --help\n",
  );
  ok(renderUsageError(["Cannot a"], undefined, facts).endsWith("mod.ts --help\n"));
});

test("renderWarning() is one line", () => {
  equal(renderWarning("Look", facts.style), "warning: Look\n");
});
