import { equal, ok } from "node:assert/strict";
import { SsrBreaker } from "../../inertia/ssr_breaker.ts";
import { test } from "../_support/test.ts";

const RULE = { failures: 3, openMs: 5000 };

/** A breaker that just opened, at 0 ms. */
function opened(): SsrBreaker {
  const breaker = new SsrBreaker(RULE);
  for (let count = 0; count < RULE.failures; count++) {
    ok(breaker.admits(0));
    ok(breaker.failed(0), "each failure is told until it opens");
  }
  return breaker;
}

test("SsrBreaker opens after so many failures in a row, and not before", () => {
  const breaker = new SsrBreaker(RULE);
  breaker.failed(0);
  breaker.failed(0);
  breaker.succeeded();
  breaker.failed(0);
  breaker.failed(0);
  ok(breaker.admits(0));
  breaker.failed(0);
  ok(!breaker.admits(0));
});

test("SsrBreaker lets one probe through when its time is over", () => {
  const breaker = opened();
  ok(!breaker.admits(4999));
  ok(breaker.admits(5000));
  ok(!breaker.admits(5000), "one at a time");
});

test("SsrBreaker closes if the probe works, and stays open if it does not", () => {
  const breaker = opened();
  ok(breaker.admits(5000));
  breaker.failed(5100);
  ok(!breaker.admits(10_099));
  ok(breaker.admits(10_100));
  breaker.succeeded();
  ok(breaker.admits(10_100));
  ok(breaker.admits(10_100));
  breaker.failed(10_100);
  ok(breaker.admits(10_100), "it counts anew");
});

test("SsrBreaker lets another probe through where the last one said nothing", () => {
  const breaker = opened();
  ok(breaker.admits(5000));
  breaker.released();
  ok(breaker.admits(5000));
});

test("SsrBreaker is not kept open by calls that began before it opened", () => {
  const breaker = opened();
  equal(breaker.failed(4000), false);
  ok(breaker.admits(5000));
});

test("SsrBreaker tells of a renderer that is down once a minute", () => {
  const breaker = opened();
  const told: number[] = [];
  for (let nowMs = 5000; nowMs <= 130_000; nowMs += 5000) {
    ok(breaker.admits(nowMs));
    if (breaker.failed(nowMs)) told.push(nowMs);
  }
  equal(told.join(), "60000,120000");
  ok(breaker.admits(200_000));
  breaker.succeeded();
  ok(breaker.failed(200_000), "what fails anew is told at once");
});
