import { deepEqual } from "node:assert/strict";
import { parseJunit } from "../../tools/junit.ts";
import { test } from "../_support/test.ts";

const DENO_REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="0.020">
    <testsuite name="./tests/_support/test.ts" tests="4" disabled="1" errors="0" failures="1">
        <testcase name="passes" classname="./tests/_support/test.ts" time="0.011" line="1" col="6">
        </testcase>
        <testcase name="is skipped &lt;x&gt;" classname="./tests/_support/test.ts" time="0.000">
            <skipped/>
        </testcase>
        <testcase name="fails &gt; in a step" classname="./tests/_support/test.ts" time="0.000">
            <failure message="Uncaught Error: boom &lt;a&gt;
&quot;q&quot; &amp;lt;">Error: boom</failure>
        </testcase>
    </testsuite>
</testsuites>`;

const BUN_REPORT =
  `<testsuites name="bun test" tests="3" assertions="0" failures="1" skipped="1" time="0.02">
  <testsuite name="a_test.ts" file="a_test.ts" tests="3" assertions="0" failures="1" skipped="1">
    <testcase name="passes" classname="" time="0.001189" file="a_test.ts" line="2" assertions="0" />
    <testcase name="is skipped" classname="" time="0" file="a_test.ts" line="3" assertions="0">
      <skipped message="TODO" />
    </testcase>
    <testcase name="fails" classname="" time="0.000387" file="a_test.ts" line="4" assertions="0">
      <failure type="Error" message="one&#10;two&#x27;">Error</failure>
    </testcase>
  </testsuite>
</testsuites>`;

test("parseJunit() reads Deno's report", () => {
  deepEqual(parseJunit(DENO_REPORT, "tests/a_test.ts"), {
    passed: 1,
    skipped: 1,
    failed: [{
      file: "tests/a_test.ts",
      name: "fails > in a step",
      message: 'Uncaught Error: boom <a>\n"q" &lt;',
    }],
  });
});

test("parseJunit() reads Bun's report", () => {
  deepEqual(parseJunit(BUN_REPORT, "tests/a_test.ts"), {
    passed: 1,
    skipped: 1,
    failed: [{ file: "tests/a_test.ts", name: "fails", message: "one\ntwo'" }],
  });
});

test("parseJunit() finds nothing in a report that was cut short or never written", () => {
  deepEqual(parseJunit("", "a"), { passed: 0, skipped: 0, failed: [] });
  deepEqual(parseJunit('<testsuites><testsuite><testcase name="a">', "a"), {
    passed: 0,
    skipped: 0,
    failed: [],
  });
});
