import { deepEqual, equal } from "node:assert/strict";
import { Deadlines } from "../../sidecar/deadlines.ts";
import { eventually } from "../_support/eventually.ts";
import { test } from "../_support/test.ts";

test("Deadlines expire once, each in its turn", async () => {
  const deadlines = new Deadlines();
  const expired: string[] = [];
  deadlines.set({}, 350, () => expired.push("late"));
  deadlines.set({}, 1, () => expired.push("early"));
  await eventually("the last deadline", () => expired.includes("late"));
  deepEqual(expired, ["early", "late"]);
  deadlines.close();
});

test("Deadlines that were cleared, replaced or of no time never expire", async () => {
  const deadlines = new Deadlines();
  const expired: string[] = [];
  const [cleared, replaced, switchedOff] = [{}, {}, {}];
  deadlines.set(cleared, 1, () => expired.push("cleared"));
  deadlines.set(replaced, 1, () => expired.push("replaced"));
  deadlines.set(switchedOff, 1, () => expired.push("switched off"));
  deadlines.clear(cleared);
  deadlines.set(replaced, 2, () => expired.push("in its place"));
  deadlines.set(switchedOff, 0, () => expired.push("never"));
  await eventually("a deadline", () => expired.length > 0);
  deepEqual(expired, ["in its place"]);
  deadlines.close();
});

test("Deadlines may be set by one that expires, and after close()", async () => {
  const deadlines = new Deadlines();
  let count = 0;
  const again = (): void => {
    if (++count < 3) deadlines.set({}, 1, again);
  };
  again();
  await eventually("the third", () => count === 3);
  deadlines.close();
  deadlines.set({}, 1, () => count++);
  await eventually("the fourth", () => count === 4);
  equal(count, 4);
  deadlines.close();
});
