import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createSidecar } from "../../mod.ts";
import { currentRuntime } from "../../runtime/current.ts";
import type { Connection, Handler, Listener } from "../../runtime/types.ts";
import { eventually } from "../_support/eventually.ts";
import { freePort, loopbackAddresses } from "../_support/free_port.ts";
import { repositoryRoot } from "../_support/project.ts";
import {
  ask,
  openRaw,
  type RawEnd,
  type RawUpstream,
  readResponse,
  renderRequest,
  startUpstream,
} from "../_support/raw_http.ts";
import { runtimeName, test } from "../_support/test.ts";

const runtime = currentRuntime();

test("currentRuntime() is the one that runs the tests", () => {
  equal(runtime.name, runtimeName);
  match(runtime.version, /^\d+\.\d+\.\d+/);
});

// --- connections

interface Ends {
  readonly connection: Connection;
  readonly peer: RawEnd;
}

/** Connects to a raw end. */
async function connected(run: (ends: Ends) => Promise<void>): Promise<void> {
  let peer: RawEnd | undefined;
  const server: RawUpstream = await startUpstream((exchange) => {
    peer = exchange.end;
    return new Promise(() => {});
  });
  const connection = await runtime.connect({
    hostname: "127.0.0.1",
    port: server.port,
    tls: false,
  });
  try {
    await connection.write(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
    await run({ connection, peer: await eventually("the peer", () => peer) });
  } finally {
    connection.close();
    await server.close();
  }
}

async function readText(connection: Connection, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    const bytes = await connection.read();
    if (bytes === null) break;
    text += new TextDecoder().decode(bytes);
  }
  return text;
}

for (const address of await loopbackAddresses()) {
  test(`connect() reaches what listens at localhost on ${address} alone (row 31)`, async () => {
    const server = createServer((socket) => socket.end("hello")).listen(0, address);
    try {
      await once(server, "listening");
      const { port } = server.address() as AddressInfo; // It listens on TCP.
      const connection = await runtime.connect({ hostname: "localhost", port, tls: false });
      equal(await readText(connection, 5), "hello");
      connection.close();
    } finally {
      server.close();
    }
  });
}

test("connect() to a localhost where nobody listens rejects", async () => {
  const port = await freePort();
  await rejects(runtime.connect({ hostname: "localhost", port, tls: false }));
});

test("Connection reads what comes, and null at its end", () =>
  connected(async ({ connection, peer }) => {
    await peer.write("hello");
    equal(await readText(connection, 5), "hello");
    await peer.write("bye");
    await peer.close();
    equal(await readText(connection, 100), "bye");
    equal(await connection.read(), null);
  }));

test("Connection.read() rejects when the peer tears the connection down", () =>
  connected(async ({ connection, peer }) => {
    const read = connection.read();
    await peer.reset();
    await rejects(read, (error: Error & { code?: string }) => {
      ok(error instanceof Error);
      return true;
    });
  }));

test("Connection hands out bytes that belong to the caller", () =>
  connected(async ({ connection, peer }) => {
    await peer.write("first");
    const first = await connection.read();
    await peer.write("later");
    equal(await readText(connection, 5), "later");
    equal(new TextDecoder().decode(first ?? undefined), "first");
  }));

test("Connection.write() waits for a peer that does not read", () =>
  connected(async ({ connection, peer }) => {
    peer.pause();
    let written = 0;
    const writing = (async () => {
      const piece = new Uint8Array(1024 * 1024);
      for (let i = 0; i < 64; i++) {
        await connection.write(piece);
        written++;
      }
    })();
    let last = -1;
    await eventually("a standstill", () => {
      const isSettled = written === last;
      last = written;
      return isSettled && written > 0;
    }, { everyMs: 150 });
    ok(written < 64, String(written));
    peer.resume();
    await writing;
    await eventually("all bytes", () => peer.received >= 64 * 1024 * 1024);
  }));

test("Connection.write() rejects once the peer is gone", () =>
  connected(async ({ connection, peer }) => {
    await peer.reset();
    await rejects(async () => {
      for (let i = 0; i < 1000; i++) {
        await connection.write(new Uint8Array(64 * 1024));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }));

test("Connection.close() ends a read under way, and may be called twice", () =>
  connected(async ({ connection, peer }) => {
    const read = connection.read();
    connection.close();
    connection.close();
    await rejects(read);
    await rejects(Promise.resolve().then(() => connection.write(new Uint8Array(1))));
    await peer.gone;
  }));

test("Runtime.connect() says that nobody listens", async () => {
  const server = await startUpstream();
  await server.close();
  await rejects(
    runtime.connect({ hostname: "127.0.0.1", port: server.port, tls: false }),
    (error: Error & { code?: string }) => {
      equal(error.code, "ECONNREFUSED");
      return true;
    },
  );
});

test("Runtime.connect() does not begin with a signal that is aborted", async () => {
  const server = await startUpstream();
  const reason = new Error("no more");
  const target = { hostname: "127.0.0.1", port: server.port, tls: false };
  await rejects(runtime.connect(target, AbortSignal.abort(reason)), (error) => error === reason);
  equal(server.connections, 0);
  await server.close();
});

test("Runtime.connect() gives up when its signal is aborted, and leaves no connection", async () => {
  const server = await startUpstream();
  const controller = new AbortController();
  const target = { hostname: "127.0.0.1", port: server.port, tls: false };
  const connecting = runtime.connect(target, controller.signal);
  const reason = new Error("too late");
  controller.abort(reason);
  await rejects(connecting, (error) => error === reason);
  await eventually("no connection", () => server.open === 0);
  await server.close();
});

// --- listeners

async function listening(
  handler: Handler,
  run: (listener: Listener) => Promise<void>,
): Promise<void> {
  const listener = runtime.serve({ hostname: "127.0.0.1", port: 0, onError: () => {} }, handler);
  try {
    await run(listener);
  } finally {
    await listener.close(0);
  }
}

test("Runtime.serve() tells the port that it was given, and who asks", () =>
  listening((_, { remoteAddress }) => new Response(remoteAddress), async ({ port, hostname }) => {
    equal(hostname, "127.0.0.1");
    ok(port > 0);
    equal((await ask(port)).body.toString(), "127.0.0.1");
  }));

test("Runtime.serve() says that a port is taken, and takes no other", () =>
  listening(() => new Response(), ({ port }) => {
    throws(
      () => runtime.serve({ hostname: "127.0.0.1", port, onError: () => {} }, () => new Response()),
      (error: Error & { code?: string }) => error.code === "EADDRINUSE",
    );
    return Promise.resolve();
  }));

test("Sidecar.serve() names the port that is taken (row 16)", async () => {
  const vite = await startUpstream();
  await listening(() => new Response(), async ({ port }) => {
    const sidecar = await createSidecar({ root: repositoryRoot, viteUrl: vite.url }, { env: {} });
    throws(
      () => sidecar.serve(undefined, { port }),
      new RegExp(
        `^ListenError: Cannot listen on 127\\.0\\.0\\.1 port ${port}: the port is in use by another program$`,
      ),
    );
    throws(
      () => sidecar.serve(undefined, { hostname: "192.0.2.1", port: 0 }),
      /^ListenError: Cannot listen on 192\.0\.2\.1 port 0: /,
    );
    await sidecar.close();
  });
  await vite.close();
});

test("Runtime.serve() answers 500 to what a handler throws, and goes on", () => {
  let isBroken = true;
  return listening(() => {
    if (isBroken) throw new Error("secret");
    return new Response("fine");
  }, async ({ port }) => {
    const answer = await ask(port);
    equal(answer.status, 500);
    ok(!answer.body.toString().includes("secret"));
    isBroken = false;
    equal((await ask(port)).body.toString(), "fine");
  });
});

test("Listener.close() lets running answers end, and takes no new connection (row 61)", async () => {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => release = resolve);
  const listener = runtime.serve(
    { hostname: "127.0.0.1", port: 0, onError: () => {} },
    async () => {
      await held;
      return new Response("late");
    },
  );
  const idle = await openRaw(listener.port);
  const client = await openRaw(listener.port);
  await client.write(renderRequest(listener.port, {}));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = listener.close(5_000);
  await eventually("no new connection", async () => {
    const late = await openRaw(listener.port).catch(() => undefined);
    await late?.reset();
    return late === undefined;
  });
  release();
  equal((await readResponse(client)).body.toString(), "late");
  await closed;
  await client.close();
  await idle.close();
});

test("Listener.close() does not wait for a quiet stream longer than its grace (row 61)", async () => {
  const listener = runtime.serve(
    { hostname: "127.0.0.1", port: 0, onError: () => {} },
    () =>
      new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) }),
      ),
  );
  const client = await openRaw(listener.port);
  await client.write(renderRequest(listener.port, {}));
  await client.until("\r\n");
  const start = performance.now();
  await listener.close(200);
  const took = performance.now() - start;
  ok(took >= 150 && took < 2_000, `${took} ms`);
  await client.close();
});

test("Sidecar.close() ends a quiet stream of the backend within its grace (row 61)", async () => {
  const vite = await startUpstream((exchange) =>
    exchange.answer(200, "", [["content-type", "text/javascript"]])
  );
  const backend = await startUpstream(async (exchange) => {
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
    );
    await exchange.end.gone;
  });
  const options = {
    root: repositoryRoot,
    viteUrl: vite.url,
    backend: backend.url,
    timeouts: { stop: 200 },
  };
  const sidecar = await createSidecar(options, { env: {} });
  const { port } = sidecar.serve(undefined, { port: 0 });
  const client = await openRaw(port);
  await client.write(renderRequest(port, { target: "/api/events" }));
  await client.until("data: 1");
  const start = performance.now();
  await sidecar.close();
  ok(performance.now() - start < 2_000);
  await eventually("the backend's connections closed", () => backend.open === 0);
  await client.close();
  await backend.close();
  await vite.close();
});

// --- a process of its own

interface Child {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it wrote so far. */
  output(): string;
  errors(): string;
  stop(): Promise<void>;
}

async function startChild(prefix: readonly string[] = []): Promise<Child> {
  const script = fileURLToPath(new URL("../fixtures/listener.ts", import.meta.url));
  const args = runtimeName === "deno" ? ["run", "-A", script] : ["run", script];
  const [command = "", ...rest] = [...prefix, process.execPath, ...args];
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (bytes: Buffer) => output += bytes.toString());
  child.stderr.on("data", (bytes: Buffer) => errors += bytes.toString());
  const closed = once(child, "close");
  const port = await eventually(
    "the port",
    () => Number(/port (\d+)/.exec(output)?.[1]) || undefined,
  );
  return {
    port,
    process: child,
    output: () => output,
    errors: () => errors,
    async stop() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

test("RequestContext.onAbort() tells at once, FIN and RST, and never of what went well", async () => {
  const child = await startChild();
  try {
    for (const way of ["close", "reset"] as const) {
      for (const path of ["/hang", "/quiet"]) {
        const seen = child.output().length;
        const client = await openRaw(child.port);
        await client.write(renderRequest(child.port, { target: path }));
        if (path === "/quiet") await client.until("hello");
        else await new Promise((resolve) => setTimeout(resolve, 100));
        const start = performance.now();
        await client[way]();
        await eventually(`${path} ${way}`, () => child.output().slice(seen).includes(path));
        ok(performance.now() - start < 500, `${path} ${way}`);
      }
    }
    const before = child.output();
    for (const target of ["/", "/slow", "/slow"]) {
      equal((await ask(child.port, { target })).status, 200);
    }
    equal(child.output(), before);
    // Deno would print a warning when a request ends whose signal was touched.
    equal(child.errors(), "");
  } finally {
    await child.stop();
  }
});

test("RequestContext.onAbort() tells within a moment of the request (Deno watches slow ones alone)", async () => {
  const child = await startChild();
  try {
    for (const way of ["close", "reset"] as const) {
      const seen = child.output().length;
      const client = await openRaw(child.port);
      await client.write(renderRequest(child.port, { target: "/hang" }));
      await client[way]();
      await eventually(`${way}`, () => child.output().slice(seen).includes("gone /hang"), {
        withinMs: 1_000,
      })
        // What is gone before it was read has never been a request.
        .catch(async (error) => {
          if (way === "close") throw error;
          equal((await ask(child.port)).status, 200);
        });
    }
  } finally {
    await child.stop();
  }
});

function hasPrlimit(): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => {
    try {
      accessSync(`${folder}/prlimit`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const TOO_MANY =
  "a listener that has no file left serves again as soon as there are some (F5, row 41)";

if (!hasPrlimit()) test.skip(TOO_MANY, "there is no prlimit on this machine");
else {
  test(TOO_MANY, async () => {
    const child = await startChild(["prlimit", "--nofile=256"]);
    const clients: RawEnd[] = [];
    try {
      equal((await ask(child.port)).status, 200);
      // Deno sets up its signals some time after the start, and panics if no file is left then (2.9.6).
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (let i = 0; i < 600; i++) {
        const client = await openRaw(child.port).catch(() => undefined);
        if (client !== undefined) clients.push(client);
      }
      // Deno's listener dies of it, and refuses until it listens again.
      ok(clients.length >= 200, String(clients.length));
      await new Promise((resolve) => setTimeout(resolve, 500));
      equal(child.process.exitCode, null, child.errors());
      await Promise.all(clients.map((client) => client.reset()));
      const start = performance.now();
      await eventually("an answer", async () => (await ask(child.port)).status === 200);
      const took = performance.now() - start;
      ok(took < 2_000, `${took} ms`);
      equal(child.process.exitCode, null);
    } finally {
      await Promise.all(clients.map((client) => client.reset()));
      await child.stop();
    }
    deepEqual(child.process.signalCode, "SIGKILL");
  });
}
