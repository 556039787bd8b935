import { deepEqual, equal, throws } from "node:assert/strict";
import {
  type EndSignal,
  exitCodeOf,
  forcedExitCodeOf,
  type ProgramWorld,
  untilSignal,
} from "../../cli/program.ts";
import { createStyle } from "../../cli/style.ts";
import { test } from "../_support/test.ts";

interface FakeWorld {
  readonly world: ProgramWorld;
  send(signal: EndSignal): void;
}

function fakeWorld(): FakeWorld {
  const listeners: ((signal: EndSignal) => void)[] = [];
  const world: ProgramWorld = {
    program: "sidecar",
    version: "0.0.0",
    runtime: "deno",
    execPath: "/bin/deno",
    pid: 1,
    platform: "linux",
    cwd: "/",
    env: {},
    style: createStyle(false),
    out: () => {},
    err: () => {},
    now: () => 0,
    time: () => "00:00:00",
    onSignal: (listener) => {
      listeners.push(listener);
      return () => {};
    },
    inputEnd: () => new Promise(() => {}),
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
    keepOutputClean: () => {},
    sayMode: () => {},
  };
  return { world, send: (signal) => listeners.forEach((listener) => listener(signal)) };
}

test("the first signal asks for an orderly end, the second one ends at once", async () => {
  const { world, send } = fakeWorld();
  const signal = untilSignal(world);
  send("SIGINT");
  equal(await signal, "SIGINT");
  throws(() => send("SIGINT"), { message: "exit 130" });
  throws(() => send("SIGTERM"), { message: "exit 143" });
});

test("the exit code after an orderly end tells Ctrl-C from the rest", () => {
  deepEqual((["SIGINT", "SIGTERM", "SIGHUP"] as const).map(exitCodeOf), [130, 0, 0]);
  deepEqual((["SIGINT", "SIGTERM", "SIGHUP"] as const).map(forcedExitCodeOf), [130, 143, 129]);
});
