/**
 * A heap of 64 MB in front of far more bytes: nothing that goes through us is gathered here (row 42 of the fault matrix).
 */
import { Buffer } from "node:buffer";
import { equal, match, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { eventually } from "../_support/eventually.ts";
import { hasProc } from "../_support/listening.ts";
import { createProject } from "../_support/project.ts";
import {
  ask,
  openRaw,
  type RawEnd,
  type RawExchange,
  type RawHandler,
  type RawUpstream,
  renderRequest,
  startUpstream,
} from "../_support/raw_http.ts";
import {
  type SidecarProcess,
  startSidecar,
  type StartSidecarOptions,
} from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";
import { connectBrowser, RawPeer, renderAgreement, statusOf } from "../_support/websocket_peers.ts";

const MIB = 1024 * 1024;
const HEAP_MIB = 64;
const BODY_BYTES = 256 * MIB;
const PIECE = Buffer.alloc(256 * 1024, "0123456789abcdef");
const MESSAGE = Buffer.alloc(64 * 1024, "m");
const MESSAGES = 128 * MIB / MESSAGE.length;
const MODULE = Buffer.alloc(MIB, "/* a module */\n");
/** Four times what the heap may hold, and what the module cache keeps: that is outside of the heap. */
const MODULES = 256;

/**
 * V8 ends the process at its limit. JavaScriptCore has none: told that the machine has so little memory, it collects far
 * more often, and an object that is held is still had. There the memory of the process alone says what is gathered.
 */
const SMALL_HEAP: StartSidecarOptions = runtimeName === "deno"
  ? { permissions: ["-A", `--v8-flags=--max-old-space-size=${HEAP_MIB}`] }
  : { env: { BUN_JSC_forceRAMSize: String(HEAP_MIB * MIB) } };

interface Scene {
  readonly port: number;
  readonly backend: RawUpstream;
  readonly vite: RawUpstream;
}

// --- the backend, and Vite

const head = (length: number): string =>
  `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n`;

async function sendBody(end: RawEnd): Promise<void> {
  for (let sent = 0; sent < BODY_BYTES; sent += PIECE.length) await end.write(PIECE);
}

/** It publishes no routes. */
const NO_ROUTES = new Map([["/schema/openapi.json", undefined], ["/openapi.json", undefined]]);

/** Takes at least so many bytes and keeps none: on Bun there is the framing of chunks between them. */
async function countBody(
  end: RawEnd,
  pause: () => Promise<void> = async () => {},
): Promise<number> {
  let received = 0;
  while (received < BODY_BYTES) {
    const chunk = await end.some();
    if (chunk === undefined) break;
    const steps = Math.floor(received / MIB);
    received += chunk.length;
    if (Math.floor(received / MIB) > steps) await pause();
  }
  return received;
}

async function sendMessages({ head, end }: RawExchange, sent: () => void): Promise<void> {
  await end.write(renderAgreement(head));
  const peer = new RawPeer(end.socket, head, Buffer.alloc(0), false);
  for (let count = 0; count < MESSAGES && end.ending === undefined; count++) {
    await peer.send(2, MESSAGE);
    sent();
  }
  await end.gone;
}

const answerAsBackend: RawHandler = async (exchange) => {
  const { end, target } = exchange;
  if (target === "/api/download") {
    await end.write(head(BODY_BYTES));
    await sendBody(end);
    await end.close();
  } else if (target === "/api/upload") {
    const text = String(await countBody(end, () => pauseAwhile(end)));
    await end.write(head(text.length) + text);
    await end.close();
  } else {
    await exchange.answer(200, "small");
  }
};

const answerAsVite: RawHandler = (exchange) => {
  const isModule = exchange.target.includes("?v=");
  return exchange.answer(200, isModule ? MODULE : "export {};", [
    ["content-type", "text/javascript"],
    ["cache-control", isModule ? "max-age=31536000,immutable" : "no-cache"],
  ]);
};

// --- the load

async function download(port: number, pause?: (client: RawEnd) => Promise<void>): Promise<void> {
  const client = await openRaw(port);
  await client.write(renderRequest(port, { target: "/api/download" }));
  match(await client.until("\r\n\r\n") ?? "", /^HTTP\/1\.1 200 /);
  const received = await countBody(client, pause && (() => pause(client)));
  ok(received >= BODY_BYTES, `${received} bytes`);
  await client.close();
}

/** After each MiB, so that a reader is several times slower than who sends. */
async function pauseAwhile(client: RawEnd): Promise<void> {
  client.pause();
  await new Promise((resolve) => setTimeout(resolve, 10));
  client.resume();
}

async function upload(port: number): Promise<void> {
  const client = await openRaw(port);
  const fields = [["content-length", String(BODY_BYTES)]] as const;
  await client.write(renderRequest(port, { method: "POST", target: "/api/upload", fields }));
  await sendBody(client);
  match(await client.until(String(BODY_BYTES)) ?? "", /^HTTP\/1\.1 200 /);
  await client.close();
}

async function manyAtOnce(port: number): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, at) => ask(port, { target: `/api/small/${at}` })),
  );
  for (const { status, body } of answers) equal(`${status} ${body}`, "200 small");
}

/** More than the module cache keeps; the last is kept. */
async function manyModules({ port, vite }: Scene): Promise<void> {
  vite.requests.length = 0;
  for (let at = 0; at <= MODULES; at++) {
    const target = `/node_modules/.vite/deps/${Math.min(at, MODULES - 1)}.js?v=0a1b2c3d`;
    const { status, body } = await ask(port, { target });
    equal(`${status} ${body.length}`, `200 ${MODULE.length}`);
  }
  equal(vite.requests.length, MODULES);
}

/** A browser stalls while the backend sends, and reads on: it gets all of them. */
async function stalledSocket({ port, backend }: Scene): Promise<void> {
  let sent = 0;
  backend.handler = (exchange) => sendMessages(exchange, () => sent++);
  const browser = await connectBrowser(port, { path: "/api/socket" });
  equal(statusOf(browser.head), 101);
  browser.pause();
  let before = -1;
  await eventually("a backend that has to wait", () => {
    const isStill = sent > 0 && sent === before;
    before = sent;
    return isStill;
  }, { everyMs: 500 });
  ok(sent < MESSAGES / 2, `${sent} of ${MESSAGES} messages were taken`);
  browser.socket.resume();
  for (let count = 0; count < MESSAGES; count++) {
    equal(await browser.nextText(), `binary:${MESSAGE.length}`);
  }
  browser.destroy();
  backend.handler = answerAsBackend;
}

// --- the memory

/**
 * Above what it held at the start; garbage of one collection is 64 MiB of it on Deno. Measured are 89 on Deno and 30 on
 * Bun, and 243 or more where one body is not held back: the rest is for machines that do other things.
 */
const MAX_GROWTH_MIB = 176;
const MODULE_CACHE_MIB = 64;

type Load = readonly [name: string, run: (scene: Scene) => Promise<void>, maxGrowthMib?: number];

const LOADS: readonly Load[] = [
  ["300 requests at once", ({ port }) => manyAtOnce(port)],
  ["a fast reader", ({ port }) => download(port)],
  ["a slow reader", ({ port }) => download(port, pauseAwhile)],
  ["an upload to a slow backend", ({ port }) => upload(port)],
  ["a socket that stalls", stalledSocket],
  ["more modules than are kept", manyModules, MAX_GROWTH_MIB + MODULE_CACHE_MIB],
  ["300 more", ({ port }) => manyAtOnce(port), MAX_GROWTH_MIB + MODULE_CACHE_MIB],
];

/** The most that the process has held so far; nothing where there is no `/proc`. */
async function peakMib(pid: number): Promise<number> {
  if (!hasProc) return 0;
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(text)?.[1]) / 1024;
}

async function bear(program: SidecarProcess, backend: RawUpstream, vite: RawUpstream) {
  const { port } = await program.ready();
  const before = await peakMib(program.pid);
  const gone = program.exited.then(({ code, signal }) => {
    throw new Error(`Cannot go on: the program ended with ${signal ?? code}`);
  });
  gone.catch(() => {}); // at the end it is stopped
  for (const [name, run, maxGrowthMib = MAX_GROWTH_MIB] of LOADS) {
    await Promise.race([run({ port, backend, vite }), gone]);
    const growth = await peakMib(program.pid) - before;
    ok(growth <= maxGrowthMib, `${name}: ${growth.toFixed(0)} MiB more than at the start`);
  }
}

const NAME = `a heap of ${HEAP_MIB} MB is enough for any load (row 42)`;
if (!hasProc) console.error(`SKIPPED a part of "${NAME}": there is no /proc to read from`);

test(NAME, async () => {
  const project = await createProject("small-heap", {});
  const backend = await startUpstream(answerAsBackend, NO_ROUTES);
  const vite = await startUpstream(answerAsVite);
  const upstreams = ["--backend", backend.url, "--vite-url", vite.url];
  const program = startSidecar(["dev", "--port", "0", "--json", ...upstreams], {
    ...SMALL_HEAP,
    cwd: project.root,
  });
  try {
    await bear(program, backend, vite);
  } catch (cause) {
    throw new Error(`${cause}\n${program.stderr()}`, { cause });
  } finally {
    await program.stop();
    await vite.close();
    await backend.close();
    await project.remove();
  }
});
