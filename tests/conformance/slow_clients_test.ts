/**
 * Clients that are slow, or vanish: what becomes of them, and of those beside them (rows 34, 36 and 39 of the fault
 * matrix).
 */
import { Buffer } from "node:buffer";
import { equal, match, ok } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import process from "node:process";
import { eventually } from "../_support/eventually.ts";
import { hasProc } from "../_support/listening.ts";
import { onOnePort } from "../_support/one_port.ts";
import {
  openRaw,
  type RawEnd,
  type RawField,
  type RawHandler,
  type RawResponse,
  readResponse,
  renderRequest,
  valueOf,
} from "../_support/raw_http.ts";
import { runtimeName, test } from "../_support/test.ts";
import { connectBrowser, RawPeer, renderAgreement, statusOf } from "../_support/websocket_peers.ts";

const API = "/api/x";
const MIB = 1024 * 1024;
const LIMIT_MS = 1000;
/** Deadlines are looked at every 100 ms; the rest is a busy machine. */
const SPARE_MS = 800;

/** Reads a request to its end, and only then answers. */
const taking: RawHandler = async (exchange) => {
  const body = await exchange.readAll();
  if (exchange.end.ending === undefined) await exchange.answer(200, String(body.length));
};

function upload(port: number, framing: RawField, begun: string): Buffer {
  const head = renderRequest(port, { method: "POST", target: API, fields: [framing] });
  return Buffer.concat([head, Buffer.from(begun)]);
}

async function endOf(client: RawEnd): Promise<RawResponse | undefined> {
  return await readResponse(client).catch(() => undefined);
}

for (
  const [name, framing, piece] of [
    ["of a known length", ["content-length", "100"], "x".repeat(10)],
    ["in chunks", ["transfer-encoding", "chunked"], "a\r\nxxxxxxxxxx\r\n"],
  ] as const
) {
  test(`a client that stops within a body ${name} is told 408, and the backend let go (row 34)`, () =>
    onOnePort({
      backend: taking,
      options: { timeouts: { body: LIMIT_MS } },
    }, async ({ port, backend, events }) => {
      const client = await openRaw(port);
      await client.write(upload(port, framing, piece));
      const stopped = performance.now();
      const answer = await endOf(client);
      const after = performance.now() - stopped;
      equal(answer?.status, 408);
      equal(valueOf(answer?.fields ?? [], "x-sidecar-down"), undefined);
      match(answer?.body.toString() ?? "", /the client sent nothing more of its body within/);
      ok(after > LIMIT_MS - 100 && after < LIMIT_MS + SPARE_MS, `after ${after} ms`);
      equal(valueOf(answer?.fields ?? [], "connection")?.toLowerCase(), "close");
      // Deno waits for the client to take its leave: what it announced has not come (2.9.6).
      await (runtimeName === "bun" ? client.gone : client.close());
      await eventually("no connection to the backend", () => backend.open === 0);
      ok(!events.some((event) => event.kind === "backend" && event.condition === "down"));
    }));
}

test("a client that sends its body slowly, but sends, is served (row 34)", () =>
  onOnePort({
    backend: taking,
    options: { timeouts: { body: LIMIT_MS } },
  }, async ({ port }) => {
    const client = await openRaw(port);
    const pieces = 6;
    await client.write(upload(port, ["content-length", String(pieces)], ""));
    for (let sent = 0; sent < pieces; sent++) {
      await new Promise((resolve) => setTimeout(resolve, LIMIT_MS / 3));
      await client.write("x");
    }
    equal((await readResponse(client)).body.toString(), String(pieces));
    await client.close();
  }));

test("a backend that reads nothing is not taken for a client that sends nothing", () =>
  onOnePort({
    backend: async (exchange) => {
      exchange.end.pause();
      await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT_MS));
      exchange.end.resume();
      await exchange.answer(200, String((await exchange.readAll()).length));
    },
    options: { timeouts: { body: LIMIT_MS } },
  }, async ({ port }) => {
    const client = await openRaw(port);
    const body = Buffer.alloc(32 * MIB);
    await client.write(upload(port, ["content-length", String(body.length)], ""));
    const sent = client.write(body);
    equal((await readResponse(client)).body.toString(), String(body.length));
    await sent;
    await client.close();
  }));

test("an answer that has begun breaks off when the client stops within its body (row 34)", () =>
  onOnePort({
    backend: async (exchange) => {
      await exchange.end.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
      await exchange.end.gone;
    },
    options: { timeouts: { body: LIMIT_MS } },
  }, async ({ port, backend }) => {
    const client = await openRaw(port);
    await client.write(upload(port, ["content-length", "100"], "x"));
    await client.until("hello");
    await eventually("the backend let go", () => backend.open === 0);
    // Deno waits for what the client announced (2.9.6).
    await (runtimeName === "bun" ? client.gone : client.close());
  }));

/** Sends without end. */
const endless: RawHandler = async ({ end }) => {
  await end.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  const chunk = Buffer.concat([
    Buffer.from("10000\r\n"),
    Buffer.alloc(0x10000),
    Buffer.from("\r\n"),
  ]);
  while (end.ending === undefined) await end.write(chunk);
};

test("a client that reads nothing of a long answer is cut off from the backend (row 34)", () =>
  onOnePort({
    backend: endless,
    options: { timeouts: { send: LIMIT_MS } },
  }, async ({ port, ask, backend, vite }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: API }));
    client.pause();
    await eventually("the request", () => backend.requests.length === 1);
    const asked = performance.now();
    await eventually("no connection to the backend", () => backend.open === 0);
    const after = performance.now() - asked;
    ok(after > LIMIT_MS - 100 && after < 3 * LIMIT_MS, `after ${after} ms`);
    vite.handler = (exchange) => exchange.answer(200, "others are served");
    equal((await ask({ target: "/src/main.ts" })).body.toString(), "others are served");
    // What it finds when it reads after all is no whole answer.
    client.resume();
    const answer = await endOf(client);
    equal(answer?.isWhole ?? false, false);
    await client.close();
  }));

test("a stream that is quiet because the backend is, stays (row 30)", () =>
  onOnePort({
    backend: async ({ end }) => {
      await end.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
      await new Promise((resolve) => setTimeout(resolve, 3 * LIMIT_MS));
      await end.write("data: late\n\n");
      await end.close();
    },
    options: { timeouts: { send: LIMIT_MS, body: LIMIT_MS, ping: LIMIT_MS, request: LIMIT_MS } },
  }, async ({ ask }) => {
    const answer = await ask({ target: API });
    equal(answer.isWhole, true);
    match(answer.body.toString(), /data: late/);
  }));

test("hundreds of clients that begin a request and stop keep nobody from being served (row 34)", () =>
  onOnePort({ backend: taking }, async ({ port, ask }) => {
    const beginnings = [
      "",
      "GET / HT",
      "GET / HTTP/1.1\r\nHost: a\r\nX: ",
      upload(port, ["content-length", "100"], "x"),
    ];
    const clients: RawEnd[] = [];
    for (let count = 0; count < 400; count++) {
      const client = await openRaw(port);
      clients.push(client);
      await client.write(beginnings[count % beginnings.length] ?? "");
    }
    const begun = performance.now();
    for (let asked = 0; asked < 20; asked++) equal((await ask({ target: API })).status, 200);
    const each = (performance.now() - begun) / 20;
    ok(each < 200, `${each} ms each`);
    await Promise.all(clients.map((client) => client.reset()));
  }));

// `Deno.serve` has no such limit, and none can be given to it: SECURITY.md.
if (runtimeName === "bun") {
  test("a connection that asks for nothing, or never ends its head, is closed (row 34)", () =>
    onOnePort({ options: { timeouts: { request: 4000 } } }, async ({ port, ask }) => {
      const idle = await openRaw(port);
      const partial = await openRaw(port);
      await partial.write("GET / HTTP/1.1\r\nHost: a\r\n");
      const begun = performance.now();
      await Promise.all([idle.gone, partial.gone]);
      // Bun counts in steps of four seconds.
      ok(performance.now() - begun < 13_000);
      equal((await ask({ target: API })).status, 200);
    }));
}

// --- sockets

/** Agrees to a WebSocket, and answers pings. */
const socketBackend = (gone: () => void): RawHandler => async ({ head, end }) => {
  await end.write(renderAgreement(head));
  const peer = new RawPeer(end.socket, head, Buffer.alloc(0), false);
  for (let frame = await peer.next(); frame !== undefined; frame = await peer.next()) {
    if (frame.opcode === 9) await peer.send(10, frame.payload);
  }
  gone();
};

test("a browser that vanishes without a word is noticed after two pings (row 39)", () => {
  const gone = Promise.withResolvers<void>();
  return onOnePort({
    backend: socketBackend(gone.resolve),
    options: { timeouts: { ping: LIMIT_MS } },
  }, async ({ port, backend }) => {
    // It answers no ping, as a process that was stopped.
    const browser = await connectBrowser(port, { path: "/api/socket" });
    equal(statusOf(browser.head), 101);
    const opened = performance.now();
    await gone.promise;
    const after = performance.now() - opened;
    ok(after > LIMIT_MS && after < 2 * LIMIT_MS + SPARE_MS, `after ${after} ms`);
    await eventually("no connection to the backend", () => backend.open === 0);
    browser.destroy();
  });
});

if (runtimeName === "bun") {
  test("a browser that vanishes is noticed by the app's own sockets, too (row 39)", () => {
    const closed = Promise.withResolvers<number>();
    return onOnePort(
      { app: null, options: { timeouts: { ping: LIMIT_MS } } },
      async ({ sidecar }) => {
        const server = sidecar.serve(
          // The listener's own type; this runs on Bun alone.
          (request: Request, native: { upgrade(request: Request): boolean }) => {
            native.upgrade(request);
            return new Response(null);
          },
          {
            port: 0,
            websocket: { message() {}, close: (_: unknown, code: number) => closed.resolve(code) },
          },
        );
        const browser = await connectBrowser(server.port, { path: "/api/socket" });
        equal(statusOf(browser.head), 101);
        // Eight seconds are the least that Bun takes.
        equal(await closed.promise, 1006);
        browser.destroy();
        await server.close();
      },
    );
  });
}

// --- clients that go away

const ABORTS = 3000;
const AT_A_TIME = 50;
const MOMENTS = ["head", "body", "upload"] as const;
/** Pools and timers come and go; a leak of one for each abort is far above it. */
const SPARE_FDS = 8;

/** Who was asked what, and when it was over for the backend. */
class Aborted {
  readonly #arrived = new Map<string, PromiseWithResolvers<void>>();
  readonly #over = new Map<string, PromiseWithResolvers<number>>();

  arrived(target: string): PromiseWithResolvers<void> {
    return entryOf(this.#arrived, target);
  }

  over(target: string): PromiseWithResolvers<number> {
    return entryOf(this.#over, target);
  }

  forget(): void {
    this.#arrived.clear();
    this.#over.clear();
  }
}

function entryOf<T>(map: Map<string, PromiseWithResolvers<T>>, key: string) {
  const entry = map.get(key) ?? Promise.withResolvers<T>();
  map.set(key, entry);
  return entry;
}

/** Asks, goes away at a moment, and says how long it took until the backend knew. */
async function goAway(port: number, index: number, aborted: Aborted): Promise<number> {
  const moment = MOMENTS[index % MOMENTS.length] ?? "head";
  const target = `/api/${index}/${moment}`;
  const client = await openRaw(port);
  const isUpload = moment === "upload";
  const fields: readonly RawField[] = isUpload ? [["content-length", "1000"]] : [];
  await client.write(renderRequest(port, { method: isUpload ? "POST" : "GET", target, fields }));
  if (isUpload) await client.write("x");
  await aborted.arrived(target).promise;
  if (moment === "body") await client.until("hello");
  const gone = performance.now();
  await (index % 2 === 0 ? client.reset() : client.close());
  return await aborted.over(target).promise - gone;
}

async function openFds(): Promise<number> {
  return (await readdir("/proc/self/fd")).length;
}

const abortsName =
  `${ABORTS} clients that go away before, within and behind leave nothing (row 36)`;
if (!hasProc) test.skip(abortsName, "there is no /proc to look into");
else {
  test(abortsName, () => {
    const aborted = new Aborted();
    return onOnePort({
      backend: async ({ end, target }) => {
        aborted.arrived(target).resolve();
        if (target.endsWith("body")) {
          await end.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
        }
        await end.gone;
        aborted.over(target).resolve(performance.now());
      },
    }, async ({ port, backend }) => {
      const times: number[] = [];
      const rss: number[] = [];
      let fds = 0;
      for (let done = 0; done < ABORTS; done += AT_A_TIME) {
        const batch = Array.from(
          { length: AT_A_TIME },
          (_, at) => goAway(port, done + at, aborted),
        );
        times.push(...await Promise.all(batch));
        await eventually("no connection to the backend", () => backend.open === 0);
        backend.requests.length = 0;
        aborted.forget();
        if (done === 0) fds = await openFds();
        rss.push(process.memoryUsage().rss);
      }
      times.sort((a, b) => a - b);
      const p95 = times[Math.floor(times.length * 0.95)] ?? Infinity;
      ok(p95 <= 100, `${p95} ms at the 95th percentile`);
      await eventually("the descriptors", async () => await openFds() <= fds + SPARE_FDS);
      // The second half grows no more than a collector that has not run yet.
      const [middle = 0, end = 0] = [rss[rss.length >> 1], rss.at(-1)];
      ok(end - middle < 32 * MIB, `${(end - middle) / MIB} MiB`);
    });
  });
}
