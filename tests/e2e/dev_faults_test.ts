/** The program as a whole under faults: signals, a Vite that dies, a Vite that restarts under many sockets. */
import { equal, match, ok } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import process from "node:process";
import { eventually } from "../_support/eventually.ts";
import { hasProc, isRunning, listeningSockets, processTree } from "../_support/listening.ts";
import { copyExample, type Project } from "../_support/project.ts";
import { type ReadyLine, type SidecarProcess, startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

interface Running {
  readonly project: Project;
  readonly program: SidecarProcess;
  readonly ready: ReadyLine;
}

const SOCKETS = 100;
const CYCLES = 20;
/** Pools and timers come and go; a leak of one per socket or per cycle is above it. */
const SPARE_FDS = 12;

function faultTest(name: string, run: (running: Running) => Promise<void>): void {
  const fullName = `dev on ${runtimeName} ${name}`;
  if (!hasProc) return test.skip(fullName, "there is no /proc to look into");
  test(fullName, async () => {
    const project = await copyExample("react-spa");
    const program = startSidecar(
      ["dev", "--entry", "server.ts", "--port", "0", "--json"],
      { cwd: project.root },
    );
    try {
      await run({ project, program, ready: await program.ready() });
    } catch (cause) {
      throw new Error(`${cause}\n${program.stderr()}`, { cause });
    } finally {
      await program.stop().finally(project.remove);
    }
  });
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url, { headers: { accept: "text/html" } });
  await response.body?.cancel();
  if (response.status === 503) match(response.headers.get("retry-after") ?? "", /^\d+$/);
  return response.status;
}

async function vitePid({ program }: Running): Promise<number | undefined> {
  const sockets = await listeningSockets(await processTree(program.pid));
  return sockets.find(({ pid }) => pid !== program.pid)?.pid;
}

for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const) {
  faultTest(`ends within 5 seconds of ${signal} and leaves nothing behind`, async ({ program }) => {
    const tree = await processTree(program.pid);
    ok(tree.length > 1, "there is no child to lose");
    const sent = performance.now();
    program.kill(signal);
    const status = await program.exited;
    ok(performance.now() - sent < 5_000);
    ok(
      status.code === 0 || status.code === code || status.signal === signal,
      `it ended with ${JSON.stringify(status)}`,
    );
    const running = await Promise.all(tree.map(isRunning));
    equal(running.filter(Boolean).length, 0);
  });
}

faultTest("goes on after SIGSTOP and SIGCONT", async (running) => {
  const { program, ready } = running;
  const before = await vitePid(running);
  program.kill("SIGSTOP");
  const answer = statusOf(ready.url);
  ok(before !== undefined && await isRunning(before));
  program.kill("SIGCONT");
  equal(await answer, 200);
  equal(await vitePid(running), before);
});

faultTest("answers 503 while a killed Vite comes back, within 3 seconds", async (running) => {
  const { program, ready } = running;
  const before = await vitePid(running);
  ok(before !== undefined);
  const module = new URL("/src/main.tsx", ready.url).href;
  process.kill(before, "SIGKILL");
  const statuses = new Set<number>();
  await eventually("an answer of another Vite", async () => {
    statuses.add(await statusOf(module));
    return statuses.has(200) && await vitePid(running) !== before;
  }, { withinMs: 3_000 });
  for (const status of statuses) ok([200, 502, 503].includes(status), `it answered ${status}`);
  ok(await isRunning(program.pid));
});

async function readToken(url: string): Promise<string> {
  const text = await (await fetch(new URL("/@vite/client", url))).text();
  return /wsToken = "([^"]+)"/.exec(text)?.[1] ?? "";
}

interface HmrSocket {
  readonly socket: WebSocket;
  readonly closed: Promise<void>;
}

/** Opens a socket as Vite's client does, and waits for Vite's greeting: the way is open to its end. */
async function openHmr(url: string, token: string): Promise<HmrSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}?token=${token}`, "vite-hmr");
  const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()));
  const refused = closed.then(() => Promise.reject(new Error("Cannot open an HMR socket")));
  refused.catch(() => {});
  const greeted = new Promise<void>((resolve) =>
    socket.addEventListener("message", () => resolve(), { once: true })
  );
  await Promise.race([greeted, refused]);
  return { socket, closed };
}

const openMany = async (url: string, token: string): Promise<readonly HmrSocket[]> =>
  await Promise.all(Array.from({ length: SOCKETS }, () => openHmr(url, token)));

const countFds = async (pid: number): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;

faultTest(`takes ${SOCKETS} sockets through ${CYCLES} restarts of Vite`, async (running) => {
  const { project, program, ready: { url } } = running;
  const config = await project.read("vite.config.ts");
  let token = await readToken(url);
  let sockets = await openMany(url, token);
  const fds = await countFds(program.pid);
  for (let cycle = 1; cycle <= CYCLES; cycle++) {
    await project.write("vite.config.ts", `${config}// ${cycle}\n`);
    await Promise.all(sockets.map(({ closed }) => closed));
    token = await eventually("another token", async () => {
      const next = await readToken(url);
      return next !== "" && next !== token && next;
    }, { withinMs: 5_000 });
    sockets = await openMany(url, token);
  }
  const after = await countFds(program.pid);
  ok(after <= fds + SPARE_FDS, `${fds} descriptors became ${after}`);
  for (const { socket } of sockets) socket.close();
  await Promise.all(sockets.map(({ closed }) => closed));
});
