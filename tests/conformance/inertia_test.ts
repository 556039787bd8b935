/**
 * The cases of Inertia's protocol, one test each.
 */
import { equal } from "node:assert/strict";
import { test } from "../_support/test.ts";
import { CASE_FILES, describeFailures, failuresIn, readCases } from "./inertia_suite.ts";

for (const item of CASE_FILES.flatMap(readCases)) {
  test(`${item.id}: ${item.title}`, async () => {
    const found = await failuresIn(item);
    equal(found.length, 0, describeFailures(item, found));
  });
}
