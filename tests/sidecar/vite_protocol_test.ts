import { deepEqual, equal } from "node:assert/strict";
import {
  keepTail,
  MAX_LINE_BYTES,
  nextRestart,
  NO_REST,
  NO_RESTARTS,
  parseControlLine,
  renderRunnerOptions,
  type RestartState,
  takeControlLines,
  takeTextLines,
} from "../../sidecar/vite_protocol.ts";
import { test } from "../_support/test.ts";

const READY = {
  lv: "n1",
  event: "ready",
  port: 4321,
  version: "8.3.8",
  pid: 12,
  base: "/",
  appType: "spa",
  allowedHosts: ["x.test"],
  root: "/app",
  publicDir: "/app/public",
  hmrPath: "/hmr",
  token: "t",
  plugins: ["vite-react"],
};

function parse(value: unknown): unknown {
  return parseControlLine(JSON.stringify(value), "n1");
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

test("parseControlLine() reads a ready message", () => {
  const { lv: _, ...fields } = READY;
  deepEqual(parse(READY), { ...fields, url: undefined });
});

test("parseControlLine() ignores a message with another nonce or none", () => {
  equal(parse({ ...READY, lv: "n2" }), undefined);
  equal(parse({ ...READY, lv: undefined }), undefined);
});

test("parseControlLine() ignores garbage, half a message, and two in one line", () => {
  const line = JSON.stringify(READY);
  for (const text of ["", "hello", "{", "null", "[]", "7", line.slice(0, -3), line + line]) {
    equal(parseControlLine(text, "n1"), undefined, text);
  }
});

test("parseControlLine() ignores a ready message whose port can't be one", () => {
  for (const port of [0, -1, 65536, 1.5, "80", null]) {
    equal(parse({ ...READY, port }), undefined, String(port));
  }
});

test("parseControlLine() tolerates unknown events, and missing fields that have a default", () => {
  equal(parse({ lv: "n1", event: "lease", id: 3 }), undefined);
  const { plugins: _, hmrPath: __, publicDir: ___, token: _____, ...rest } = READY;
  const message = parse({ ...rest, appType: "new", later: true });
  const { lv: ____, ...fields } = rest;
  deepEqual(message, {
    ...fields,
    url: undefined,
    appType: "custom",
    publicDir: "",
    hmrPath: "/",
    token: undefined,
    plugins: [],
  });
});

test("parseControlLine() reads errors, restarts, invalidations and warnings", () => {
  deepEqual(parse({ lv: "n1", event: "error", phase: "start", message: "boom", line: 3 }), {
    event: "error",
    phase: "start",
    message: "boom",
    frame: undefined,
    file: undefined,
    line: 3,
    column: undefined,
  });
  equal(parse({ lv: "n1", event: "error", phase: "other", message: "boom" }), undefined);
  deepEqual(parse({ lv: "n1", event: "invalidate", reason: "restart" }), {
    event: "invalidate",
    reason: "restart",
  });
  deepEqual(parse({ lv: "n1", event: "warning", message: "w" }), {
    event: "warning",
    message: "w",
  });
  deepEqual(parse({ ...READY, event: "restart", base: "/b/", allowedHosts: true }), {
    event: "restart",
    base: "/b/",
    appType: "spa",
    allowedHosts: true,
    root: "/app",
    publicDir: "/app/public",
    hmrPath: "/hmr",
    token: "t",
    plugins: ["vite-react"],
  });
});

test("renderRunnerOptions() is one line", () => {
  const text = renderRunnerOptions({ nonce: "n", root: "/a\nb" });
  equal(text.indexOf("\n"), text.length - 1);
  deepEqual(JSON.parse(text), { nonce: "n", root: "/a\nb" });
});

test("takeControlLines() finds lines across chunks, one byte at a time", () => {
  let rest = NO_REST;
  const lines: string[] = [];
  for (const byte of bytes('noise\n{"a":"ü"}\n\n{"b":2}\n{"c')) {
    const taken = takeControlLines(rest, Uint8Array.of(byte));
    rest = taken.rest;
    lines.push(...taken.lines);
  }
  deepEqual(lines, ['{"a":"ü"}', '{"b":2}']);
  equal(rest.bytes.length, 3);
});

test("takeControlLines() drops a line that is too long, and finds the next", () => {
  let rest = NO_REST;
  const chunk = bytes("{".repeat(MAX_LINE_BYTES));
  for (let index = 0; index < 3; index++) rest = takeControlLines(rest, chunk).rest;
  equal(rest.bytes.length, 0);
  deepEqual(takeControlLines(rest, bytes('}\n{"a":1}\n')).lines, ['{"a":1}']);
});

test("takeTextLines() keeps the unfinished line for the next chunk", () => {
  const first = takeTextLines("", "one\r\ntwo\nth");
  deepEqual(first, { lines: ["one", "two"], rest: "th" });
  deepEqual(takeTextLines(first.rest, "ree\n"), { lines: ["three"], rest: "" });
});

test("takeTextLines() does not keep an endless line", () => {
  const taken = takeTextLines("", "x".repeat(20_000));
  equal(taken.rest, "");
  equal(taken.lines.length, 1);
});

test("keepTail() keeps the last lines, each cut", () => {
  deepEqual(keepTail(["a", "b"], ["c", "d"], 3), ["b", "c", "d"]);
  deepEqual(keepTail(["a"], ["b", "c", "d", "e"], 3), ["c", "d", "e"]);
  deepEqual(keepTail([], [], 3), []);
  equal(keepTail([], ["x".repeat(9999)])[0]?.length, 2000);
});

/** Plays a process that ends as soon as it is started. */
function crashLoop(state: RestartState, startMs: number): readonly number[] {
  const delays: number[] = [];
  for (let nowMs = startMs;;) {
    const next = nextRestart(state, nowMs);
    if ("giveUp" in next) return delays;
    delays.push(next.delayMs);
    state = next.state;
    nowMs += next.delayMs;
  }
}

test("nextRestart() tries five times with growing delays, then gives up", () => {
  deepEqual(crashLoop(NO_RESTARTS, 1000), [250, 500, 1000, 2000, 4000]);
});

test("nextRestart() gives the budget back after 30 stable seconds, not a moment earlier", () => {
  const state = { restarts: [1000, 1000, 1000, 1000, 1000] };
  deepEqual(nextRestart(state, 30_999), { giveUp: true });
  deepEqual(nextRestart(state, 31_000), { delayMs: 250, state: { restarts: [31_250] } });
});

test("nextRestart() does not change the state it is given", () => {
  const state = { restarts: [1] };
  nextRestart(state, 2);
  deepEqual(state, { restarts: [1] });
});
