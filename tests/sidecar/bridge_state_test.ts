import { deepEqual, equal, ok } from "node:assert/strict";
import {
  type BridgeEffect,
  type BridgeEvent,
  type BridgeState,
  INITIAL_STATE,
  stepBridge,
} from "../../sidecar/bridge_state.ts";
import { isWireCloseCode } from "../../sidecar/close_code.ts";
import { test } from "../_support/test.ts";

/** Plays events from the beginning; gives the last state and each step's effects in short. */
function play(...events: BridgeEvent[]): { state: BridgeState; effects: string[][] } {
  let state = INITIAL_STATE;
  const effects = events.map((event) => {
    const step = stepBridge(state, event);
    state = step.state;
    return step.effects.map(short);
  });
  return { state, effects };
}

function short(effect: BridgeEffect): string {
  switch (effect.kind) {
    case "close-browser":
      return `browser ${effect.code ?? "none"} ${effect.reason}`.trim();
    case "close-upstream":
      return `upstream ${effect.code ?? "none"} ${effect.reason}`.trim() +
        (effect.keepsMessages ? " after messages" : "");
    default:
      return effect.kind;
  }
}

const open: BridgeEvent = { kind: "browser-open" };
const ended: BridgeEvent = { kind: "upstream-ended" };
const timeout: BridgeEvent = { kind: "timeout" };
const full: BridgeEvent = { kind: "queue-full" };
const browserClosed = (code: number, reason = ""): BridgeEvent => ({
  kind: "browser-closed",
  code,
  reason,
});
const upstreamClose = (code: number | undefined, reason = ""): BridgeEvent => ({
  kind: "upstream-close",
  code,
  reason,
});
const shutdown: BridgeEvent = { kind: "shutdown", code: 1012, reason: "restart" };
const violation: BridgeEvent = { kind: "upstream-violation", code: 1007, reason: "no UTF-8" };

test("stepBridge() carries the browser's close to the upstream, behind its messages", () => {
  const { state, effects } = play(open, browserClosed(4001, "bye"), upstreamClose(4001), ended);
  deepEqual(effects, [
    ["unwatch"],
    ["upstream 4001 bye after messages", "watch"],
    [],
    ["terminate-upstream", "release"],
  ]);
  deepEqual(state, { browser: "closed", upstream: "closed" });
});

test("stepBridge() carries the upstream's close to the browser and answers it", () => {
  const { effects } = play(open, upstreamClose(4002, "done"), ended, browserClosed(4002));
  deepEqual(effects, [
    ["unwatch"],
    ["upstream 4002", "watch", "browser 4002 done", "watch"],
    ["terminate-upstream"],
    ["release"],
  ]);
});

test("stepBridge() closes without a code where there was none", () => {
  deepEqual(play(open, upstreamClose(undefined)).effects[1], [
    "upstream none",
    "watch",
    "browser none",
    "watch",
  ]);
  deepEqual(play(open, browserClosed(1005)).effects[1], ["upstream none after messages", "watch"]);
});

test("stepBridge() cuts the other side where one broke", () => {
  deepEqual(play(open, ended, browserClosed(1006)).effects.slice(1), [
    ["terminate-upstream", "terminate-browser", "release"],
    [],
  ]);
  for (const code of [1006, 0]) {
    deepEqual(play(open, browserClosed(code)).effects[1], ["terminate-upstream", "release"]);
  }
});

test("stepBridge() tells the browser what the upstream did wrong, and cuts the upstream", () => {
  deepEqual(play(open, violation, browserClosed(1007)).effects.slice(1), [
    ["terminate-upstream", "browser 1007 no UTF-8", "watch"],
    ["release"],
  ]);
});

test("stepBridge() gives up an upstream that does not read", () => {
  deepEqual(play(open, full).effects[1], [
    "terminate-upstream",
    "browser 1013 the upstream is not reading",
    "watch",
  ]);
});

test("stepBridge() closes both sides at shutdown", () => {
  deepEqual(play(open, shutdown, browserClosed(1012), ended).effects.slice(1), [
    ["upstream 1001", "watch", "browser 1012 restart", "watch"],
    [],
    ["terminate-upstream", "release"],
  ]);
});

test("stepBridge() lets a browser that opens during shutdown go at once", () => {
  deepEqual(play(shutdown, open, browserClosed(1001)).effects, [
    ["terminate-upstream"],
    ["browser 1001", "watch"],
    ["release"],
  ]);
});

test("stepBridge() gives up a browser that never opens, and cuts it if it does later", () => {
  deepEqual(play(timeout, open).effects, [
    ["terminate-upstream", "terminate-browser", "release"],
    ["terminate-browser"],
  ]);
  deepEqual(play(browserClosed(1006)).effects, [["terminate-upstream", "release"]]);
});

test("stepBridge() cuts a side that does not finish its closing handshake", () => {
  deepEqual(play(open, browserClosed(1000), timeout).effects[2], ["terminate-upstream", "release"]);
  deepEqual(play(open, violation, timeout).effects[2], ["terminate-browser", "release"]);
});

test("stepBridge() keeps its promises in every order of events", () => {
  const events = [
    open,
    ended,
    timeout,
    full,
    browserClosed(1000),
    browserClosed(1006),
    upstreamClose(1000),
    shutdown,
    violation,
  ];
  const visit = (state: BridgeState, depth: number, releases: number, opened: boolean): void => {
    for (const event of depth === 0 ? [] : events) {
      const step = stepBridge(state, event);
      let count = releases;
      for (const effect of step.effects) {
        if (effect.kind === "release") count++;
        if (effect.kind === "close-browser" || effect.kind === "close-upstream") {
          ok(effect.code === undefined || isWireCloseCode(effect.code));
        }
        // What closes a socket needs one.
        if (effect.kind === "close-browser") ok(opened || event.kind === "browser-open");
      }
      const isOver = step.state.browser === "closed" && step.state.upstream === "closed";
      equal(count, isOver ? 1 : 0, "released exactly once, at the end");
      visit(step.state, depth - 1, count, opened || event.kind === "browser-open");
    }
  };
  visit(INITIAL_STATE, 5, 0, false);
});
