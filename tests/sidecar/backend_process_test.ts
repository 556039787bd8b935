import { deepEqual, equal, match, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, realpath } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import {
  type BackendProcess,
  type BackendProcessState,
  createBackendProcess,
  findFreePort,
} from "../../sidecar/backend_process.ts";
import { watchdogCommand } from "../../runtime/watchdog.ts";
import { eventually } from "../_support/eventually.ts";
import { repositoryRoot } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";

const watchdog = watchdogCommand(runtimeName, process.execPath);

interface Started {
  readonly backend: BackendProcess;
  readonly lines: string[];
  readonly states: BackendProcessState[];
}

function start(argv: readonly string[], stopMs = 5000): Started {
  const lines: string[] = [];
  const backend = createBackendProcess({
    argv,
    port: 4711,
    cwd: tmpdir(),
    env: process.env,
    watchdog,
    stopMs,
    log: (line) => void lines.push(line),
  });
  const states: BackendProcessState[] = [];
  backend.onChange((state) => void states.push(state));
  return { backend, lines, states };
}

const sh = (script: string): readonly string[] => ["sh", "-c", script];

function until<Kind extends BackendProcessState["kind"]>(
  backend: BackendProcess,
  kind: Kind,
): Promise<Extract<BackendProcessState, { kind: Kind }>> {
  return eventually(`the state "${kind}"`, () => {
    const state = backend.state();
    // Narrowed by the comparison; TypeScript does not carry it through a type parameter.
    return state.kind === kind ? state as Extract<BackendProcessState, { kind: Kind }> : undefined;
  });
}

/** Whether a process runs. One that nobody has reaped yet counts as gone. */
async function isRunning(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text !== "" && !/\) [ZX] /.test(text);
}

const gone = (pid: number): Promise<boolean> =>
  eventually(`process ${pid} gone`, async () => !await isRunning(pid));

async function pidIn(lines: readonly string[], name: string): Promise<number> {
  return await eventually(`a line ${name}=…`, () => {
    const line = lines.find((text) => text.startsWith(`${name}=`));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  });
}

test("a command gets its port as a word and as PORT, and its folder", async () => {
  const { backend, lines } = start(["sh", "-c", 'echo "$0 $PORT"; pwd', "--port={port}"]);
  await until(backend, "exited");
  deepEqual(lines, ["--port=4711 4711", await realpath(tmpdir())]);
});

test("the lines of both outputs are handed on", async () => {
  const { backend, lines } = start(sh("echo out; echo err >&2; printf 'no end'"));
  await until(backend, "exited");
  deepEqual(lines, ["out", "err", "no end"]);
});

test("a command that ends is reported with its code and last lines, and not started again", async () => {
  const { backend, states } = start(sh("echo cause; exit 7"));
  deepEqual(await until(backend, "exited"), {
    kind: "exited",
    code: 7,
    signal: null,
    tail: ["cause"],
  });
  deepEqual(states.map(({ kind }) => kind), ["running", "exited"]);
});

test("a command that is killed is reported with its signal", async () => {
  const { backend } = start(sh("kill -9 $$"));
  const { code, signal } = await until(backend, "exited");
  deepEqual([code, signal], [null, "SIGKILL"]);
});

test("only the last lines are kept", async () => {
  const { backend, lines } = start(sh("seq 1 100"));
  const { tail } = await until(backend, "exited");
  equal(lines.length, 100);
  deepEqual([tail.length, tail[0], tail.at(-1)], [40, "61", "100"]);
});

test("of a line that is too long the beginning is handed on, in however many pieces it comes", async () => {
  const long = "head -c 100000 /dev/zero | tr '\\0' x";
  const { backend, lines } = start(sh(`${long}; ${long}; echo; echo next; ${long}; echo; ${long}`));
  await until(backend, "exited");
  const cut = "x".repeat(8192);
  deepEqual(lines, [cut, "next", cut, cut]);
});

test("a command that does not exist is a clear failure", async () => {
  const { backend, states } = start(["no-such-program-4711", "run"]);
  const failed = await until(backend, "failed");
  equal(
    failed.message,
    'Cannot start "no-such-program-4711" as the backend\'s command: it is neither on the PATH nor a file',
  );
  match(failed.hint, /give its path/);
  deepEqual(states.map(({ kind }) => kind), ["failed"]);
  await backend.stop();
});

test("stop() ends the command with all that it started", async () => {
  const { backend, lines } = start(sh("sleep 1000 & echo child=$!; echo self=$$; wait"));
  const [child, self] = [await pidIn(lines, "child"), await pidIn(lines, "self")];
  ok(await isRunning(child));
  await backend.stop();
  equal(backend.state().kind, "stopped");
  await Promise.all([gone(child), gone(self)]);
});

test("stop() ends a command that ignores SIGTERM", async () => {
  const { backend, lines } = start(
    sh("trap '' TERM; echo self=$$; while :; do sleep 1; done"),
    100,
  );
  const self = await pidIn(lines, "self");
  await backend.stop();
  equal(backend.state().kind, "stopped");
  await gone(self);
});

test("stop() lets a command finish what it is about", async () => {
  const { backend, lines } = start(
    sh("trap 'echo bye; exit 0' TERM; echo self=$$; while :; do sleep 0.01; done"),
  );
  await pidIn(lines, "self");
  await backend.stop();
  ok(lines.includes("bye"));
});

test("stop() may be called twice, and before the command has started", async () => {
  const { backend } = start(sh("sleep 1000"));
  await Promise.all([backend.stop(), backend.stop()]);
  await backend.stop();
  equal(backend.state().kind, "stopped");
});

test("what a command leaves behind when it ends is ended too", async () => {
  const { backend, lines } = start(sh("trap '' TERM; sleep 1000 >/dev/null 2>&1 & echo child=$!"));
  const child = await pidIn(lines, "child");
  await until(backend, "exited");
  await gone(child);
});

test("restart() starts the command again", async () => {
  const { backend, lines, states } = start(sh("echo self=$$; sleep 1000"));
  const first = await pidIn(lines, "self");
  lines.length = 0;
  await backend.restart();
  const second = await pidIn(lines, "self");
  ok(first !== second);
  await backend.stop();
  deepEqual(states.map(({ kind }) => kind), [
    "running",
    "stopped",
    "starting",
    "running",
    "stopped",
  ]);
});

test("onChange() returns a function that ends it", async () => {
  const { backend } = start(sh("exit 0"));
  let calls = 0;
  const end = backend.onChange(() => calls++);
  end();
  await until(backend, "exited");
  equal(calls, 0);
});

test("a watchdog that is killed takes the command with it", async () => {
  const { backend, lines } = start(sh("echo self=$$; echo watchdog=$PPID; sleep 1000"));
  const [self, parent] = [await pidIn(lines, "self"), await pidIn(lines, "watchdog")];
  process.kill(parent, "SIGKILL");
  const { signal } = await until(backend, "exited");
  equal(signal, "SIGKILL");
  await gone(self);
});

// The case that the watchdog is there for.
test("a program that gets SIGKILL leaves no process behind", async () => {
  const script = join(repositoryRoot, "tests", "fixtures", "backend_owner.ts");
  const run = runtimeName === "deno" ? ["run", "-A", script] : [script];
  const owner = spawn(process.execPath, run, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = Promise.withResolvers<void>();
  owner.once("close", () => exited.resolve());
  const lines: string[] = [];
  owner.stdout.setEncoding("utf8").on("data", (text: string) => lines.push(...text.split("\n")));
  const pids = await Promise.all(
    ["self", "child", "watchdog"].map((name) => pidIn(lines, name)),
  );
  owner.kill("SIGKILL");
  await Promise.all(pids.map(gone));
  await exited.promise;
});

test("findFreePort() finds a port that can be listened on", async () => {
  const port = await findFreePort();
  ok(port > 0);
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  await promise;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
});
