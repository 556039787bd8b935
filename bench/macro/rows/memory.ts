/**
 * What the front holds: for idle sockets, for readers that stall, and for large bodies.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { copyExample } from "../../../tests/_support/project.ts";
import { settledBytes, watchGrowth } from "../memory.ts";
import type { Plan } from "../rounds.ts";
import type { Row, Target } from "../row.ts";
import {
  RUNTIME_TITLES,
  type RuntimeName,
  RUNTIMES,
  type ServerProcess,
  startServer,
} from "../server_process.ts";
import { summarize } from "../statistics.ts";
import { openWebSocket, renderMaskedMessage, type WebSocketClient } from "../websocket.ts";

const KIB = 1024;
const MIB = 1024 * 1024;
const IDLE_SOCKETS = 1000;
/** Sockets that open at a time: a backlog is not what is measured. */
const BATCH = 50;
/** A sender that has not moved for so long waits for the reader. */
const STALLED_MS = 1500;

/** A front of a backend, and what the backend does. */
interface Stage {
  readonly title: string;
  readonly front: ServerProcess;
  readonly backend: ServerProcess;
  readonly bytes: number;
}

/** Measures on each runtime, with a fresh front for each row. */
async function onEach(
  { bulkBytes: bytes }: Plan,
  measure: (stage: Stage) => Promise<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const runtime of RUNTIMES) {
    rows.push(await withStage(runtime, bytes, measure));
  }
  return rows;
}

async function withStage(
  runtime: RuntimeName,
  bytes: number,
  measure: (stage: Stage) => Promise<Row>,
): Promise<Row> {
  const project = await copyExample("react-spa");
  const backend = await startServer("bun", "backend", { bytes });
  const front = await startServer(runtime, "front", {
    root: project.root,
    backend: backend.origin,
  });
  try {
    return await measure({ title: RUNTIME_TITLES[runtime], front, backend, bytes });
  } finally {
    await Promise.all([front.stop(), backend.stop()]);
    await project.remove();
  }
}

async function openMany({ origin }: ServerProcess, count: number): Promise<WebSocketClient[]> {
  const clients: WebSocketClient[] = [];
  while (clients.length < count) {
    const batch = Array.from(
      { length: Math.min(BATCH, count - clients.length) },
      () => openWebSocket({ origin, path: "/idle" }),
    );
    clients.push(...await Promise.all(batch));
  }
  return clients;
}

/** Memory of idle bridged sockets. */
export function measureIdleSockets(plan: Plan): Promise<Row[]> {
  return onEach(plan, async ({ title, front }) => {
    // The first ones make code and pools that all share.
    for (const client of await openMany(front, BATCH)) client.close();
    await delay(STALLED_MS);
    const before = await settledBytes(front);
    const clients = await openMany(front, IDLE_SOCKETS);
    const after = await settledBytes(front);
    for (const client of clients) client.close();
    return {
      name: `an idle bridged socket through ${title}, one of ${IDLE_SOCKETS}`,
      target: { kind: "at-most", value: 64 },
      measured: summarize([(after - before) / IDLE_SOCKETS / KIB]),
      unit: " KiB",
      detail: `${(before / MIB).toFixed(0)} MiB before, ${(after / MIB).toFixed(0)} MiB with them`,
    };
  });
}

/** Resolves when a count has stood still. */
async function untilStill(count: () => number | Promise<number>): Promise<number> {
  let last = -1;
  for (let still = 0; still < STALLED_MS;) {
    const now = await count();
    still = now === last ? still + 100 : 0;
    last = now;
    await delay(100);
  }
  return last;
}

function growthRow(
  name: string,
  target: Target,
  growth: number,
  detail: string,
): Row {
  return { name, target, measured: summarize([growth / MIB]), unit: " MiB", detail };
}

const STALL_TARGET: Target = { kind: "at-most", value: 48 };

/** A browser that stops reading while the backend sends. */
export function measureStalledBrowser(plan: Plan): Promise<Row[]> {
  return onEach(plan, async ({ title, front, backend, bytes }) => {
    const { growth, result } = await watchGrowth(front, async () => {
      const { socket, close } = await openWebSocket({ origin: front.origin, path: "/push" });
      socket.pause();
      const sent = await untilStill(async () => Number(await backend.ask("sent")));
      close();
      return sent;
    });
    const detail = `${(result / MIB).toFixed(0)} of ${
      (bytes / MIB).toFixed(0)
    } MiB left the backend`;
    return growthRow(`growth while a browser stalls, ${title}`, STALL_TARGET, growth, detail);
  });
}

/** A backend that stops reading while the browser sends. */
export function measureStalledBackend(plan: Plan): Promise<Row[]> {
  return onEach(plan, async ({ title, front, bytes }) => {
    const { growth, result } = await watchGrowth(front, async () => {
      const { socket, close } = await openWebSocket({ origin: front.origin, path: "/deaf" });
      let isOpen = true;
      socket.on("close", () => isOpen = false);
      const message = renderMaskedMessage(64 * KIB);
      const pump = (): void => {
        while (isOpen && socket.bytesWritten < bytes && socket.write(message));
      };
      socket.on("drain", pump);
      pump();
      const sent = await untilStill(() => socket.bytesWritten - socket.writableLength);
      close();
      return { sent, isOpen };
    });
    const end = result.isOpen ? "the socket waits" : "the socket was closed";
    const detail = `${(result.sent / MIB).toFixed(0)} of ${
      (bytes / MIB).toFixed(0)
    } MiB left the browser; ${end}`;
    return growthRow(`growth while a backend stalls, ${title}`, STALL_TARGET, growth, detail);
  });
}

/** A large response through the port. */
export function measureDownload(plan: Plan): Promise<Row[]> {
  return onEach(plan, async ({ title, front, bytes }) => {
    const { growth, result } = await watchGrowth(
      front,
      () =>
        timed(bytes, () =>
          new Promise((resolve, reject) => {
            const asked = request(`${front.origin}/down`, (response) => {
              let received = 0;
              response.on("data", (chunk: Uint8Array) => received += chunk.length);
              response.on("error", reject);
              response.on("end", () => resolve(received));
            });
            asked.on("error", reject).end();
          })),
    );
    return growthRow(`growth during a large download, ${title}`, { kind: "none" }, growth, result);
  });
}

/** A large request through the port. */
export function measureUpload(plan: Plan): Promise<Row[]> {
  return onEach(plan, async ({ title, front, bytes }) => {
    const { growth, result } = await watchGrowth(
      front,
      () =>
        timed(bytes, () =>
          new Promise((resolve, reject) => {
            const headers = { "content-length": String(bytes) };
            const asked = request(
              `${front.origin}/up`,
              { method: "POST", headers },
              async (response) => resolve(Number((await Array.fromAsync(response)).join(""))),
            );
            asked.on("error", reject);
            const piece = Buffer.alloc(64 * KIB, "x");
            let left = bytes;
            const pump = (): void => {
              while (left > 0) {
                left -= piece.length;
                if (!asked.write(piece)) return;
              }
              asked.end();
            };
            asked.on("drain", () => left > 0 ? pump() : asked.end());
            pump();
          })),
    );
    return growthRow(`growth during a large upload, ${title}`, { kind: "none" }, growth, result);
  });
}

/** Runs a transfer and says how fast it was; throws if bytes were lost. */
async function timed(bytes: number, transfer: () => Promise<number>): Promise<string> {
  const begun = performance.now();
  const moved = await transfer();
  if (moved !== bytes) throw new Error(`Cannot measure: ${moved} of ${bytes} bytes arrived`);
  const seconds = (performance.now() - begun) / 1000;
  return `${(bytes / MIB).toFixed(0)} MiB at ${(bytes / MIB / seconds).toFixed(0)} MiB/s`;
}
