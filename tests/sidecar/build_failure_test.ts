import { deepEqual, equal } from "node:assert/strict";
import { describeBuildFailure, explainBuildEnd } from "../../sidecar/build_failure.ts";
import { test } from "../_support/test.ts";

type Failure = Parameters<typeof describeBuildFailure>[0];

function describe(failure: Partial<Failure> & { readonly message: string }): readonly unknown[] {
  const { message, hint } = describeBuildFailure({
    event: "failed",
    target: "client",
    hint: undefined,
    frame: undefined,
    file: undefined,
    line: undefined,
    column: undefined,
    ...failure,
  }, "/app");
  return [message, hint];
}

test("Vite's message follows what we wanted to do, without its own heading", () => {
  deepEqual(
    describe({
      message:
        "Build failed with 1 error:\n\n[UNRESOLVED_IMPORT] Could not resolve './x.js' in src/a.js\n  1 | x",
    }),
    ["Cannot build the front end: Could not resolve './x.js' in src/a.js\n    1 | x", undefined],
  );
});

test("a place is told where the message does not say it", () => {
  deepEqual(
    describe({ target: "ssr", message: "bad", file: "/app/src/a.ts", line: 3, column: 7 }),
    [
      "Cannot build the server's part: bad\n  in src/a.ts:3:7",
      undefined,
    ],
  );
  deepEqual(describe({ message: "bad in /app/a.ts", file: "/app/a.ts", frame: "1 | x\n  ^" }), [
    "Cannot build the front end: bad in /app/a.ts\n  1 | x\n    ^",
    undefined,
  ]);
});

test("our own words are whole, and keep their hint", () => {
  deepEqual(describe({ message: 'Cannot build "/app": it has no index.html', hint: "do this" }), [
    'Cannot build "/app": it has no index.html',
    "do this",
  ]);
});

test("a package that is missing is named as the next step", () => {
  const hint = (message: string): unknown => describe({ message })[1];
  equal(
    hint("Cannot find package 'x' imported from /app/vite.config.ts"),
    'install "x", which vite.config imports',
  );
  equal(
    hint('Rolldown failed to resolve import "dayjs" from "/app/src/main.ts".'),
    'install "dayjs", or mend the name',
  );
  equal(hint('Could not resolve entry module "./src/a.ts".'), undefined);
});

test("a process that is gone leaves its last words", () => {
  const { message } = explainBuildEnd({
    how: "it was ended by SIGKILL",
    tail: ["1", "2", "", "3", "4", "5", "6"],
  });
  equal(
    message,
    "Cannot build the front end: Vite's process is gone, it was ended by SIGKILL\n  2\n  3\n  4\n  5\n  6",
  );
});
