import { equal, ok } from "node:assert/strict";
import { type LogLevel, renderEvent, renderTime } from "../../cli/log.ts";
import { createStyle } from "../../cli/style.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import { test } from "../_support/test.ts";

const style = createStyle(false);
const render = (event: SidecarEvent, level: LogLevel = "verbose"): string | undefined =>
  renderEvent(event, { level, time: "14:05:09", style });

const request: SidecarEvent = {
  kind: "request",
  method: "GET",
  target: "/a?b",
  status: 200,
  ms: 3.4,
};

test("renderEvent() writes one line with the time", () => {
  equal(render(request), "14:05:09 request 200 GET /a?b 3 ms");
  equal(
    render({ kind: "vite", condition: "ready", message: "Vite is ready" }),
    "14:05:09 vite    Vite is ready",
  );
  equal(render({ kind: "output", from: "backend", line: "hello" }), "14:05:09 backend hello");
  equal(render({ kind: "warning", message: "odd" }), "14:05:09 warning odd");
  equal(render({ kind: "error", message: "bad", error: 1 }), "14:05:09 error   bad");
});

test("renderEvent() shows requests when they are asked for", () => {
  equal(render(request, "normal"), undefined);
  ok(render(request, "verbose"));
});

test("renderEvent() shows problems alone when it is to be quiet", () => {
  equal(render({ kind: "vite", condition: "ready", message: "x" }, "quiet"), undefined);
  equal(render({ kind: "output", from: "vite", line: "x" }, "quiet"), undefined);
  equal(render({ kind: "backend", condition: "up", message: "x" }, "quiet"), undefined);
  ok(render({ kind: "vite", condition: "down", message: "x" }, "quiet"));
  ok(render({ kind: "backend", condition: "down", message: "x" }, "quiet"));
  ok(render({ kind: "warning", message: "x" }, "quiet"));
  ok(render({ kind: "error", message: "x", error: 1 }, "quiet"));
});

test("renderEvent() leaves out Vite's stacks unless asked", () => {
  const frame = (place: string, level: LogLevel = "normal"): string | undefined =>
    render({ kind: "output", from: "vite", line: `    at run (${place}:1:2)` }, level);
  equal(frame("node:internal/modules/run_main"), undefined);
  equal(frame("file:///app/node_modules/vite/dist/node.js"), undefined);
  equal(frame("file:///app/plugins/mine.ts"), undefined);
  ok(frame("node:internal/modules/run_main", "verbose"));
  const line = "    at run (node:internal/x:1:2)";
  ok(render({ kind: "output", from: "backend", line }, "normal"));
});

// A request line is written by whoever connects: escape codes in it could clear the screen or set its title.
test("renderEvent() lets no control characters of a request through", () => {
  const text = render({ ...request, target: "/\x1b[2J\r\n\x9b" });
  equal(text, "14:05:09 request 200 GET /\\u001b[2J\\u000d\\u000a\\u009b 3 ms");
});

test("renderTime() pads", () => {
  equal(renderTime({ hours: 1, minutes: 2, seconds: 30 }), "01:02:30");
});
