import { equal } from "node:assert/strict";
import { BridgeLife, type BridgeProgress } from "../../sidecar/bridge_life.ts";
import { test } from "../_support/test.ts";

const STILL: BridgeProgress = {
  written: 0,
  isWriting: false,
  isReading: true,
  queued: 0,
  waiting: 0,
};

test("BridgeLife gives both sides one interval after they opened", () => {
  const life = new BridgeLife();
  equal(life.beat(STILL), undefined);
  equal(life.beat(STILL), "upstream");
});

test("BridgeLife takes whatever comes from an upstream for life, and that it takes a long message", () => {
  const life = new BridgeLife();
  equal(life.beat(STILL), undefined);
  life.heardUpstream();
  equal(life.beat(STILL), undefined);
  equal(life.beat({ ...STILL, written: 1, isWriting: true }), undefined);
  equal(life.beat({ ...STILL, written: 1, isWriting: true }), "upstream");
  // A write that the kernel took says nothing of the peer: our own ping is one.
  equal(life.beat({ ...STILL, written: 2 }), "upstream");
});

test("BridgeLife does not blame an upstream that we do not read", () => {
  const life = new BridgeLife();
  const unread = { ...STILL, isReading: false };
  equal(life.beat(unread), undefined);
  equal(life.beat(unread), undefined);
});

test("BridgeLife blames a browser of whose queue nothing moves, and no other", () => {
  const life = new BridgeLife();
  const beat = (queued: number, waiting: number) => {
    life.heardUpstream();
    return life.beat({ ...STILL, queued, waiting });
  };
  equal(beat(10, 10), undefined);
  // It takes some, and more is queued: as much waits as before.
  equal(beat(15, 10), undefined);
  equal(beat(15, 0), undefined);
  equal(beat(15, 0), undefined);
  equal(beat(20, 5), undefined);
  equal(beat(25, 10), "browser");
});

test("BridgeLife hears a browser that sends while it takes nothing", () => {
  const life = new BridgeLife();
  for (let round = 0; round < 3; round++) {
    life.heardUpstream();
    life.heardBrowser();
    equal(life.beat({ ...STILL, queued: 10, waiting: 10 }), undefined);
  }
});
