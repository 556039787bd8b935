import { deepEqual, equal } from "node:assert/strict";
import { createBridges } from "../../sidecar/bridges.ts";
import { test } from "../_support/test.ts";

test("createBridges() counts what is alive", () => {
  const bridges = createBridges();
  const leave = bridges.add(() => {});
  bridges.add(() => {});
  equal(bridges.size, 2);
  leave();
  leave();
  equal(bridges.size, 1);
});

test("closeAll() closes each with the code, and is done when all are gone", async () => {
  const bridges = createBridges();
  const closed: [number, string][] = [];
  const leaves: (() => void)[] = [];
  for (let i = 0; i < 3; i++) {
    leaves.push(bridges.add((code, reason) => closed.push([code, reason])));
  }
  let isDone = false;
  const all = bridges.closeAll(1001, "stop").then(() => isDone = true);
  deepEqual(closed, [[1001, "stop"], [1001, "stop"], [1001, "stop"]]);
  leaves[0]?.();
  leaves[1]?.();
  await Promise.resolve();
  equal(isDone, false);
  leaves[2]?.();
  await all;
  equal(isDone, true);
});

test("closeAll() copes with bridges that leave at once, and with none", async () => {
  const bridges = createBridges();
  await bridges.closeAll(1001, "");
  const leave: () => void = bridges.add(() => leave());
  await bridges.closeAll(1001, "");
  equal(bridges.size, 0);
});
