import { Buffer } from "node:buffer";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { currentRuntime } from "../../runtime/current.ts";
import type { Connection, RequestContext } from "../../runtime/types.ts";
import { type BridgeOptions, bridgeSocket } from "../../sidecar/bridge.ts";
import { type Bridges, createBridges } from "../../sidecar/bridges.ts";
import { parseProtocols } from "../../sidecar/websocket_handshake.ts";
import { Deadlines } from "../../sidecar/deadlines.ts";
import { OPCODE } from "../../sidecar/websocket_frames.ts";
import { eventually } from "../_support/eventually.ts";
import { runtimeName, test } from "../_support/test.ts";
import {
  connectBrowser,
  fieldOf,
  type RawPeer,
  type RawUpstream,
  renderAgreement,
  renderFrame,
  startUpstream,
  statusOf,
} from "../_support/websocket_peers.ts";
import type { AnswerUpgrade, BrowserOptions } from "../_support/websocket_peers.ts";

const MiB = 1024 * 1024;

/** A listener that bridges everything to one upstream. */
interface Front {
  readonly port: number;
  readonly bridges: Bridges;
  readonly lines: string[];
  /** For a socket to `/`. */
  readonly options: BridgeOptions;
  /** Bytes read from the upstream. */
  bytesRead: number;
  close(): Promise<void>;
}

type Changes = Partial<Omit<BridgeOptions, "bridges">>;

async function startFront(upstreamPort: number, changes: Changes = {}): Promise<Front> {
  const runtime = currentRuntime();
  const bridges = createBridges();
  const lines: string[] = [];
  const options: BridgeOptions = {
    runtime: { connect: async (...args) => counted(await runtime.connect(...args), front) },
    target: { hostname: "127.0.0.1", port: upstreamPort, tls: false },
    bridges,
    requestTarget: "/",
    headers: [["host", "127.0.0.1"]],
    protocols: [],
    queueBytes: MiB,
    connectMs: 5000,
    handshakeMs: 5000,
    closeMs: 300,
    log: (line) => lines.push(line),
    ...changes,
  };
  const optionsFor = ({ url, headers }: Request): BridgeOptions => ({
    ...options,
    requestTarget: url.slice(url.indexOf("/", "http://".length)),
    headers: [...headers],
    protocols: parseProtocols(headers.get("sec-websocket-protocol")),
  });
  const listener = await runtime.serve(
    { hostname: "127.0.0.1", port: 0, onError: (error) => lines.push(String(error)) },
    (request, context) => bridgeSocket(request, context, optionsFor(request)),
  );
  const front: Front = {
    port: listener.port,
    bridges,
    lines,
    options,
    bytesRead: 0,
    close: () => listener.close(2000),
  };
  return front;
}

function counted(connection: Connection, front: Front): Connection {
  return {
    read: async (hint) => {
      const bytes = await connection.read(hint);
      front.bytesRead += bytes?.length ?? 0;
      return bytes;
    },
    write: (bytes) => connection.write(bytes),
    close: () => connection.close(),
  };
}

/** A context whose upgrade leads to no socket. */
function contextWith(response: Response | undefined): RequestContext {
  return {
    remoteAddress: undefined,
    native: undefined,
    onAbort: () => {},
    upgrade: () => response,
  };
}

function upgradeRequest(): Request {
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  const headers = { "sec-websocket-version": "13", "sec-websocket-key": key };
  return new Request("http://127.0.0.1/", { headers });
}

interface Scene {
  readonly front: Front;
  readonly upstream: RawUpstream;
}

/** Runs a test between a listener and an upstream, and sees that nothing stays behind. */
async function between(
  run: (scene: Scene) => Promise<void>,
  { answer, changes }: { answer?: AnswerUpgrade; changes?: Changes } = {},
): Promise<void> {
  const upstream = await startUpstream(answer);
  const front = await startFront(upstream.port, changes);
  try {
    await run({ front, upstream });
    await eventually("no bridge left", () => front.bridges.size === 0);
    await eventually("no connection left", () => upstream.connections === 0);
  } finally {
    await front.close();
    await upstream.close();
  }
}

/** Opens one bridged socket; both ends are dropped afterwards. */
function bridged(
  run: (ends: Scene & { browser: RawPeer; server: RawPeer }) => Promise<void>,
  changes: Changes = {},
  options: BrowserOptions = {},
): Promise<void> {
  return between(async (scene) => {
    const browser = await connectBrowser(scene.front.port, options);
    equal(statusOf(browser.head), 101, browser.head);
    const server = await scene.upstream.accept();
    try {
      await run({ ...scene, browser, server });
    } finally {
      browser.destroy();
      server.destroy();
    }
  }, { changes });
}

const onDeno = runtimeName === "deno";
// Deno can't drop the connection of a server's socket: a broken one is closed without a code.
const BROKEN = onDeno ? "close:none" : "gone";

test("bridgeSocket() carries texts and bytes both ways", () =>
  bridged(async ({ browser, server }) => {
    await browser.text("héllo 😀");
    equal(await server.nextText(), "text:héllo 😀");
    await browser.send(2, Uint8Array.of(0, 255, 128));
    deepEqual((await server.next())?.payload, Buffer.from([0, 255, 128]));
    await server.text("wörld");
    equal(await browser.nextText(), "text:wörld");
    await server.send(2, Uint8Array.of(1, 254));
    deepEqual((await browser.next())?.payload, Buffer.from([1, 254]));
    await browser.text("");
    equal(await server.nextText(), "text:");
    await server.send(2, "");
    equal(await browser.nextText(), "binary:0");
  }));

test("bridgeSocket() masks every frame to the upstream", () =>
  bridged(async ({ browser, server }) => {
    await browser.text("a");
    equal((await server.next())?.isMasked, true);
  }));

test("bridgeSocket() joins fragments of either side", () =>
  bridged(async ({ browser, server }) => {
    for (const [from, to] of [[browser, server], [server, browser]] as const) {
      await from.send(1, "one ", { isLast: false });
      await from.send(0, "two ", { isLast: false });
      await from.send(0, "three");
      equal(await to.nextText(), "text:one two three");
    }
  }));

test("bridgeSocket() forwards the request as it came, but for the handshake", () =>
  bridged(
    async ({ front, server, browser }) => {
      await browser.text("x");
      const { head } = server;
      equal(head.split("\r\n")[0], "GET /a%2Fb/?token=x%20y&z HTTP/1.1");
      equal(fieldOf(head, "host"), `127.0.0.1:${front.port}`);
      equal(fieldOf(head, "origin"), "http://app.test");
      equal(fieldOf(head, "cookie"), "a=1; b=2");
      equal(fieldOf(head, "sec-websocket-extensions"), undefined);
      ok(fieldOf(head, "sec-websocket-key") !== "dGhlIHNhbXBsZSBub25jZQ==");
    },
    {},
    {
      path: "/a%2Fb/?token=x%20y&z",
      fields: [
        "Origin: http://app.test",
        "Cookie: a=1; b=2",
        "Sec-WebSocket-Extensions: permessage-deflate",
      ],
    },
  ));

test("bridgeSocket() agrees on the subprotocol that the upstream chose, and only on that", async () => {
  for (
    const [offer, chosen] of [
      ["vite-hmr", "vite-hmr"],
      ["a, b", "b"],
      ["a,b", "b"],
      ["a, b", undefined],
      [undefined, undefined],
    ]
  ) {
    await between(async ({ front, upstream }) => {
      const browser = await connectBrowser(
        front.port,
        offer === undefined ? {} : { protocols: offer },
      );
      const server = await upstream.accept();
      equal(statusOf(browser.head), 101);
      equal(fieldOf(browser.head, "sec-websocket-protocol"), chosen, `${offer} -> ${chosen}`);
      equal(fieldOf(server.head, "sec-websocket-protocol"), offer?.replace(/, ?/, ", "));
      browser.destroy();
    }, { answer: (head) => renderAgreement(head, chosen) });
  }
});

test("bridgeSocket() delivers frames that came in the same packet as the agreement", () =>
  between(async ({ front }) => {
    const browser = await connectBrowser(front.port);
    equal(await browser.nextText(), "text:early");
    equal(await browser.nextText(), "text:bird");
    browser.destroy();
  }, {
    answer: (head) =>
      Buffer.concat([
        Buffer.from(renderAgreement(head)),
        renderFrame(1, Buffer.from("early"), false),
        renderFrame(1, Buffer.from("bird"), false),
      ]),
  }));

test("bridgeSocket() gives the upstream's refusal to the browser", async () => {
  for (const status of [400, 401, 403, 404, 503, 302]) {
    await between(async ({ front }) => {
      const browser = await connectBrowser(front.port);
      equal(statusOf(browser.head), status);
      equal(fieldOf(browser.head, "x-why"), "because");
      equal(fieldOf(browser.head, "set-cookie"), "a=1");
      equal(fieldOf(browser.head, "content-length"), "5");
      browser.destroy();
    }, {
      answer: () =>
        `HTTP/1.1 ${status} No\r\nx-why: because\r\nset-cookie: a=1\r\ncontent-length: 5\r\n\r\nno wa`,
    });
  }
});

test("bridgeSocket() answers 502 if nobody listens, and says to nobody where", async () => {
  const upstream = await startUpstream();
  await upstream.close();
  const front = await startFront(upstream.port);
  try {
    const browser = await connectBrowser(front.port);
    equal(statusOf(browser.head), 502);
    ok(!browser.head.includes(String(upstream.port)));
    match(front.lines.join(), new RegExp(`^Cannot bridge "/" to 127.0.0.1:${upstream.port}: `));
    browser.destroy();
    equal(front.bridges.size, 0);
  } finally {
    await front.close();
  }
});

test("bridgeSocket() answers 502 to a 101 that is not for this key", () =>
  between(async ({ front }) => {
    const browser = await connectBrowser(front.port);
    equal(statusOf(browser.head), 502);
    browser.destroy();
  }, {
    answer: () =>
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
  }));

test("bridgeSocket() answers 504 if the upstream never does, as Vite for a strange subprotocol", () =>
  between(async ({ front }) => {
    const browser = await connectBrowser(front.port, { path: "/?token=secret" });
    equal(statusOf(browser.head), 504);
    deepEqual(front.lines.map((line) => line.includes("secret")), [false]);
    browser.destroy();
  }, { answer: () => undefined, changes: { handshakeMs: 100 } }));

test("bridgeSocket() refuses a wrong handshake before it asks the upstream", () =>
  between(async ({ front, upstream }) => {
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    for (
      const [status, handshake] of [
        [426, ["Sec-WebSocket-Version: 99", key]],
        [400, ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: abc"]],
        [400, ["Sec-WebSocket-Version: 13"]],
      ] as const
    ) {
      const browser = await connectBrowser(front.port, { handshake });
      equal(statusOf(browser.head), status);
      browser.destroy();
    }
    equal(upstream.connections, 0);
  }));

test("bridgeSocket() carries the upstream's close code and reason to the browser", async () => {
  for (
    const [code, seen] of [
      [1000, "close:1000 bye"],
      [1001, "close:1001 bye"],
      [1008, "close:1008 bye"],
      [1011, "close:1011 bye"],
      [1012, "close:1012 bye"],
      [3000, "close:3000 bye"],
      [4999, "close:4999 bye"],
      [undefined, "close:none"],
    ] as const
  ) {
    await bridged(async ({ browser, server }) => {
      await server.close(code, "bye");
      equal(await browser.nextText(), seen);
      await browser.close(code, "bye");
      equal(await server.nextText(), code === undefined ? "close:none" : `close:${code}`);
    });
  }
});

test("bridgeSocket() carries the browser's close code and reason to the upstream", async () => {
  for (
    const [code, seen] of [
      [1000, "close:1000 bye"],
      [1001, "close:1001 bye"],
      [1008, "close:1008 bye"],
      [1011, "close:1011 bye"],
      [3000, "close:3000 bye"],
      [4001, "close:4001 bye"],
      [undefined, "close:none"],
    ] as const
  ) {
    await bridged(async ({ browser, server }) => {
      await browser.close(code, "bye");
      equal(await server.nextText(), seen);
    });
  }
});

test("bridgeSocket() delivers what the browser sent just before it closed", () =>
  bridged(async ({ browser, server }) => {
    const sent = [browser.text("last"), browser.send(2, Buffer.alloc(MiB)), browser.close(4001)];
    await Promise.all(sent);
    equal(await server.nextText(), "text:last");
    equal(await server.nextText(), `binary:${MiB}`);
    equal(await server.nextText(), "close:4001");
  }));

test("bridgeSocket() delivers what the upstream sent just before it closed", () =>
  bridged(async ({ browser, server }) => {
    server.socket.write(Buffer.concat([
      renderFrame(2, Buffer.alloc(3 * MiB), false),
      renderFrame(1, Buffer.from("last"), false),
      renderFrame(8, Buffer.from([0x0f, 0xa1]), false),
    ]));
    server.socket.end();
    equal(await browser.nextText(), `binary:${3 * MiB}`);
    equal(await browser.nextText(), "text:last");
    equal(await browser.nextText(), "close:4001");
  }));

test("bridgeSocket() ends the browser's socket when the upstream is gone without a word", () =>
  bridged(async ({ browser, server }) => {
    server.destroy();
    equal(await browser.nextText(), BROKEN);
  }));

test("bridgeSocket() ends the upstream's socket when the browser is gone without a word", () =>
  bridged(async ({ browser, server }) => {
    browser.destroy();
    equal(await server.nextText(), "gone");
  }));

test("bridgeSocket() answers the upstream's pings at once, and forwards none", () =>
  bridged(async ({ browser, server }) => {
    await server.send(9, "hi");
    equal(await server.nextText(), "pong:hi");
    await server.send(10, "unasked");
    await server.text("after");
    equal(await browser.nextText(), "text:after");
  }));

test("bridgeSocket() survives 100,000 pings from an upstream that reads no pong", () =>
  bridged(async ({ browser, server }) => {
    server.pause();
    const pings = Buffer.concat(
      Array.from({ length: 1000 }, () => renderFrame(9, Buffer.alloc(100), false)),
    );
    for (let i = 0; i < 100; i++) await server.write(pings);
    await server.text("still here");
    equal(await browser.nextText(), "text:still here");
  }));

test("bridgeSocket() closes both sides when the upstream breaks the protocol", async () => {
  const cases: [string, string, Buffer][] = [
    ["masked", "close:1002", renderFrame(1, Buffer.from("x"), true)],
    ["compressed", "close:1002", renderFrame(1, Buffer.from("x"), false, { reserved: 4 })],
    ["opcode 3", "close:1002", renderFrame(3, Buffer.from("x"), false)],
    ["long ping", "close:1002", renderFrame(9, Buffer.alloc(126), false)],
    ["cut ping", "close:1002", renderFrame(9, Buffer.alloc(0), false, { isLast: false })],
    ["continuation", "close:1002", renderFrame(0, Buffer.alloc(1), false)],
    ["not UTF-8", "close:1007", renderFrame(1, Buffer.from([0xc3, 0x28]), false)],
    ["close code 1005", "close:1002", renderFrame(8, Buffer.from([3, 237]), false)],
    ["65 MiB", "close:1009", Buffer.from([0x82, 127, 0, 0, 0, 0, 4, 16, 0, 0])],
  ];
  for (const [name, seen, bytes] of cases) {
    await bridged(async ({ browser, server }) => {
      await server.write(bytes);
      equal((await browser.nextText()).split(" ")[0], seen, name);
      await server.gone;
    });
  }
});

test("bridgeSocket() closes the upstream when the browser breaks the protocol", async () => {
  const cases: [string, Buffer][] = [
    ["reserved bit", renderFrame(1, Buffer.from("x"), true, { reserved: 4 })],
    ["opcode 3", renderFrame(3, Buffer.from("x"), true)],
    ["not UTF-8", renderFrame(1, Buffer.from([0xc3, 0x28]), true)],
  ];
  for (const [name, bytes] of cases) {
    await bridged(async ({ browser, server }) => {
      await browser.write(bytes);
      match(await server.nextText(), /^(gone|close:10)/, name);
    });
  }
});

test("bridgeSocket() carries messages of 16 MiB both ways", () =>
  bridged(async ({ browser, server }) => {
    const bytes = Buffer.alloc(16 * MiB, "0123456789abcdefé");
    const text = bytes.toString("latin1").slice(0, 8 * MiB).replaceAll("Ã", "€").slice(0, 8 * MiB);
    for (const [from, to] of [[browser, server], [server, browser]] as const) {
      const sending = from.send(2, bytes);
      ok((await to.next())?.payload.equals(bytes));
      await sending;
      const sendingText = from.text(text);
      ok((await to.next())?.payload.equals(Buffer.from(text)));
      await sendingText;
    }
  }));

test("bridgeSocket() does not read an upstream whose browser does not", () =>
  bridged(async ({ front, browser, server }) => {
    browser.pause();
    const chunk = renderFrame(2, Buffer.alloc(64 * 1024), false);
    let offered = 0;
    const offering = (async () => {
      for (; offered < 128 * MiB; offered += chunk.length) await server.write(chunk);
    })();
    // It stands still: nothing was read between two looks.
    let before = -1;
    await eventually("a standstill", () => {
      const isStill = before === front.bytesRead && before > 0;
      before = front.bytesRead;
      return isStill;
    }, { everyMs: 150 });
    ok(front.bytesRead < 16 * MiB, `${front.bytesRead} bytes were read`);
    ok(offered < 64 * MiB);
    const stoodAt = front.bytesRead;
    browser.socket.resume();
    for (let got = 0; got < 128 * MiB; got += 64 * 1024) {
      equal((await browser.next())?.payload.length, 64 * 1024);
    }
    await offering;
    ok(front.bytesRead > stoodAt);
  }));

test("bridgeSocket() closes with 1013 if the upstream does not read what the browser sends", () =>
  bridged(async ({ browser, server }) => {
    server.pause();
    const chunk = renderFrame(2, Buffer.alloc(64 * 1024), true);
    let offered = 0;
    let isClosed = false;
    const closing = browser.nextText().then((text) => {
      isClosed = true;
      return text;
    });
    while (!isClosed && offered < 128 * MiB) {
      await browser.write(chunk);
      offered += chunk.length;
    }
    // Deno drops the connection if a message comes after it has sent a Close frame, and a reset may overtake the frame.
    const allowed = ["close:1013 the upstream is not reading", ...(onDeno ? ["gone"] : [])];
    ok(allowed.includes(await closing));
    ok(offered < 64 * MiB, `${offered} bytes were taken`);
    server.socket.resume();
    await server.gone;
  }));

test("bridgeSocket() takes more than the queue in all, as long as the upstream keeps up", () =>
  bridged(async ({ browser, server }) => {
    const chunk = renderFrame(2, Buffer.alloc(64 * 1024), true);
    for (let round = 0; round < 32; round++) {
      for (let i = 0; i < 8; i++) await browser.write(chunk);
      for (let i = 0; i < 8; i++) equal(await server.nextText(), `binary:${64 * 1024}`);
    }
  }));

test("bridgeSocket() cuts a browser that does not answer a close", () =>
  bridged(async ({ browser, server, front }) => {
    await server.close(1000);
    equal(await browser.nextText(), "close:1000");
    await eventually("no bridge left", () => front.bridges.size === 0);
  }));

test("bridgeSocket() cuts an upstream that does not answer a close", () =>
  bridged(async ({ browser, server, front }) => {
    await browser.close(1000);
    equal(await server.nextText(), "close:1000");
    await eventually("no bridge left", () => front.bridges.size === 0);
    equal(await server.nextText(), "gone");
  }));

const PING_MS = 200;
/** Deadlines are looked at every 100 ms; the rest is a busy machine. */
const SPARE_MS = 400;

/** Answers pings, until the connection ends or is to be closed. */
async function answerPings(peer: RawPeer): Promise<void> {
  for (let frame = await peer.next(); frame !== undefined; frame = await peer.next()) {
    if (frame.opcode === OPCODE.close) return;
    if (frame.opcode === OPCODE.ping) await peer.send(OPCODE.pong, frame.payload);
  }
}

function pinged(run: Parameters<typeof bridged>[0], everyMs = PING_MS): Promise<void> {
  const deadlines = new Deadlines();
  return bridged(run, { pings: { everyMs, deadlines } }).finally(() => deadlines.close());
}

test("bridgeSocket() ends the upstream's socket when the browser answers no ping (row 39)", () =>
  pinged(async ({ server }) => {
    const opened = performance.now();
    await answerPings(server);
    const after = performance.now() - opened;
    ok(after < 2 * PING_MS + SPARE_MS, `after ${after} ms`);
    ok(after > PING_MS, `after ${after} ms`);
  }));

test("bridgeSocket() ends the browser's socket when the upstream answers no ping (row 39)", () =>
  pinged(async ({ browser }) => {
    const opened = performance.now();
    await answerPings(browser);
    const after = performance.now() - opened;
    ok(after < 2 * PING_MS + SPARE_MS, `after ${after} ms`);
    ok(after > PING_MS, `after ${after} ms`);
  }));

test("bridgeSocket() keeps a quiet socket whose ends answer pings", () =>
  pinged(async ({ browser, server }) => {
    const ends = [answerPings(browser), answerPings(server)];
    const over = Promise.race(ends).then(() => "over");
    const late = new Promise((resolve) => setTimeout(resolve, 6 * PING_MS, "open"));
    equal(await Promise.race([over, late]), "open");
    browser.destroy();
    await Promise.all(ends);
  }));

test("bridgeSocket() takes whatever an upstream sends for a sign of life", () =>
  pinged(async ({ browser, server }) => {
    const end = answerPings(browser).then(() => "over");
    for (let round = 0; round < 12; round++) {
      await server.text("alive");
      const next = new Promise((resolve) => setTimeout(resolve, PING_MS / 2, "open"));
      equal(await Promise.race([end, next]), "open");
    }
  }));

test("bridgeSocket() lets go of an upstream whose browser has stopped reading for good", () =>
  pinged(async ({ browser, server }) => {
    browser.pause();
    const gone = server.gone.then(() => true);
    const message = Buffer.alloc(MiB);
    // Far more than all buffers on the way take.
    for (let sent = 0; sent < 64; sent++) {
      const isGone = await Promise.race([gone, server.send(OPCODE.binary, message)]);
      if (isGone === true) break;
    }
    await gone;
  }));

test("bridgeSocket() shows each text to the observer, and waits for it", () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const onServerMessage = (text: string): Promise<void> | void => {
    seen.push(text);
    if (text === "wait") return gate.promise;
    if (text === "throw") throw new Error("no");
  };
  return bridged(async ({ browser, server }) => {
    await server.text("throw");
    equal(await browser.nextText(), "text:throw");
    await server.text("wait");
    await server.send(2, "behind");
    const next = browser.nextText();
    await eventually("the message at the observer", () => seen.includes("wait"));
    equal(await Promise.race([next, Promise.resolve("nothing yet")]), "nothing yet");
    gate.resolve();
    equal(await next, "text:wait");
    equal(await browser.nextText(), "binary:6");
    deepEqual(seen, ["throw", "wait"]);
  }, { onServerMessage });
});

test("closeAll() closes open sockets with the code and stops handshakes under way", () =>
  between(async ({ front, upstream }) => {
    const browser = await connectBrowser(front.port);
    const server = await upstream.accept();
    const late = connectBrowser(front.port, { path: "/hang" });
    await eventually("both bridges", () => front.bridges.size === 2);
    const closing = front.bridges.closeAll(1012, "restart");
    equal(await browser.nextText(), "close:1012 restart");
    equal(await server.nextText(), "close:1001");
    const refused = await late;
    equal(statusOf(refused.head), 503);
    browser.destroy();
    refused.destroy();
    server.destroy();
    await closing;
    equal(front.bridges.size, 0);
  }, {
    answer: (head) => head.startsWith("GET /hang") ? undefined : renderAgreement(head),
  }));

test("bridgeSocket() gives up the upstream when the browser goes during the handshake", () =>
  between(async ({ front, upstream }) => {
    const { connect } = await import("node:net");
    const socket = connect(front.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${front.port}\r\nConnection: Upgrade\r\n` +
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await eventually("the upstream's connection", () => upstream.connections === 1);
    socket.destroy();
    await eventually("its end", () => upstream.connections === 0);
    // Deno does not tell; there the time limit does it.
  }, { answer: () => undefined, changes: { handshakeMs: onDeno ? 200 : 60_000 } }));

test("bridgeSocket() gives up the upstream when the browser never opens", () =>
  between(async ({ front, upstream }) => {
    await bridgeSocket(upgradeRequest(), contextWith(new Response(null)), front.options);
    const server = await upstream.accept();
    equal(front.bridges.size, 1);
    equal(await server.nextText(), "gone");
    equal(front.bridges.size, 0);
  }));

test("bridgeSocket() answers 400 and leaves the upstream if the runtime refuses to upgrade", () =>
  between(async ({ front, upstream }) => {
    const response = await bridgeSocket(upgradeRequest(), contextWith(undefined), front.options);
    equal(response.status, 400);
    equal(await (await upstream.accept()).nextText(), "gone");
  }));

test("bridgeSocket() leaves nothing after 200 sockets that come and go", () =>
  between(async ({ front, upstream }) => {
    for (let round = 0; round < 10; round++) {
      await Promise.all(Array.from({ length: 20 }, async (_, i) => {
        const browser = await connectBrowser(front.port);
        const server = await upstream.accept();
        if (i % 4 === 0) await browser.close(1000);
        else if (i % 4 === 1) await server.close(1001);
        else if (i % 4 === 2) browser.destroy();
        else server.destroy();
        await (i % 2 === 0 ? server.next() : browser.next());
        browser.destroy();
        server.destroy();
      }));
    }
  }));

test("a standard WebSocket client talks through the bridge", () =>
  between(async ({ front, upstream }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${front.port}/`, ["vite-hmr"]);
    const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
    const message = new Promise<unknown>((resolve) =>
      socket.onmessage = ({ data }) => resolve(data)
    );
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    equal(socket.protocol, "vite-hmr");
    const server = await upstream.accept();
    socket.send("hello");
    equal(await server.nextText(), "text:hello");
    await server.text("hi");
    equal(await message, "hi");
    await server.close(4003, "enough");
    const { code, reason, wasClean } = await closed;
    deepEqual([code, reason, wasClean], [4003, "enough", true]);
    server.destroy();
  }));
