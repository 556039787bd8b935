import { Buffer } from "node:buffer";
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { currentRuntime } from "../../runtime/current.ts";
import type { Runtime } from "../../runtime/types.ts";
import type { Field } from "../../sidecar/http1.ts";
import {
  createUpstream,
  type RequestBody,
  type Upstream,
  type UpstreamRequest,
  type UpstreamResponse,
} from "../../sidecar/upstream.ts";
import { UpstreamError, type UpstreamFailure } from "../../sidecar/upstream_error.ts";
import { eventually } from "../_support/eventually.ts";
import {
  type RawExchange,
  type RawHandler,
  type RawUpstream,
  startUpstream,
} from "../_support/raw_http.ts";
import { test } from "../_support/test.ts";

interface Limits {
  readonly connectMs?: number;
  readonly headersMs?: number;
  readonly idleMs?: number;
  readonly runtime?: Pick<Runtime, "connect">;
}

interface Pair {
  readonly client: Upstream;
  readonly server: RawUpstream;
}

/** Runs a test between a client and a recorded upstream, and sees that nothing stays behind. */
async function against(
  handler: RawHandler,
  run: (pair: Pair) => Promise<void>,
  { connectMs = 5000, headersMs = 0, idleMs = 0, runtime = currentRuntime() }: Limits = {},
): Promise<void> {
  const server = await startUpstream(handler);
  const target = { hostname: "127.0.0.1", port: server.port, tls: false };
  const client = createUpstream({ runtime, target, connectMs, headersMs, idleMs });
  try {
    await run({ client, server });
    await eventually("no exchange left", () => client.active === 0);
  } finally {
    client.close();
    await eventually("no connection left", () => server.open === 0);
    await server.close();
  }
}

function request(changes: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return {
    method: "GET",
    target: "/",
    fields: [["host", "app.test"]],
    body: undefined,
    onAbort: () => {},
    gatherBytes: 0,
    ...changes,
  };
}

function bodyOf(length: number | undefined, ...pieces: string[]): RequestBody {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return { stream, length };
}

async function textOf({ body }: UpstreamResponse): Promise<string> {
  // Plain ArrayBuffers, which the DOM type wants.
  const init = body as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null;
  return await new Response(init).text();
}

async function fails(promise: Promise<unknown>, failure: UpstreamFailure): Promise<void> {
  await rejects(promise, (error) => {
    ok(error instanceof UpstreamError, String(error));
    equal(error.failure, failure, error.message);
    return true;
  });
}

const write = (exchange: RawExchange, text: string): Promise<void> => exchange.end.write(text);

test("Upstream.request() sends the head as it is given, and no field of its own", () =>
  against((exchange) => exchange.answer(200), async ({ client, server }) => {
    await client.request(request({
      target: "/a%2Fb//?x=%zz",
      fields: [["host", "app.test:8000"], ["x-one", "1"], ["cookie", "a=b"]],
    }));
    equal(
      server.requests[0]?.head,
      "GET /a%2Fb//?x=%zz HTTP/1.1\r\nhost: app.test:8000\r\nx-one: 1\r\ncookie: a=b\r\n\r\n",
    );
  }));

test("Upstream.request() gives the answer as it came, the body uncoded", () =>
  against(
    (exchange) =>
      write(
        exchange,
        "HTTP/1.1 201 Made\r\nX-A: 1\r\nSet-Cookie: a\r\nset-cookie: b\r\n" +
          "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
      ),
    async ({ client }) => {
      const answer = await client.request(request());
      equal(answer.status, 201);
      deepEqual(answer.fields, [
        ["x-a", "1"],
        ["set-cookie", "a"],
        ["set-cookie", "b"],
        ["content-encoding", "gzip"],
        ["content-length", "3"],
      ]);
      ok(answer.body instanceof Uint8Array);
      deepEqual([...answer.body], [0x1f, 0x8b, 0x08]);
    },
  ));

test("Upstream.request() reads a head that comes byte by byte", () =>
  against(async (exchange) => {
    for (const character of "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") {
      await write(exchange, character);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }, async ({ client }) => {
    equal(await textOf(await client.request(request())), "hi");
  }));

test("Upstream.request() streams a chunked body, one that ends with the connection, and none", () =>
  against(async (exchange) => {
    if (exchange.target === "/chunked") {
      await write(exchange, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      await write(exchange, "3\r\ndef\r\n0\r\nX-T: y\r\n\r\n");
    } else if (exchange.target === "/close") {
      await write(exchange, "HTTP/1.1 200 OK\r\n\r\nuntil the end");
      await exchange.end.close();
    } else if (exchange.target === "/old") {
      await write(exchange, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nold");
      await exchange.end.close();
    } else {
      await write(exchange, "HTTP/1.1 204 No Content\r\n\r\n");
    }
  }, async ({ client }) => {
    equal(await textOf(await client.request(request({ target: "/chunked" }))), "abcdef");
    equal(await textOf(await client.request(request({ target: "/close" }))), "until the end");
    equal(await textOf(await client.request(request({ target: "/old" }))), "old");
    equal((await client.request(request({ target: "/none" }))).body, null);
  }));

test("Upstream.request() takes no body behind the answer to a HEAD, whatever it announces", () =>
  against(
    (exchange) => write(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"),
    async ({ client, server }) => {
      for (let i = 0; i < 3; i++) {
        equal((await client.request(request({ method: "HEAD" }))).body, null);
      }
      equal(server.connections, 1);
    },
  ));

test("Upstream.request() reads a body whole up to the limit it is given, and streams beyond", () =>
  against(async (exchange) => {
    await write(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
    await new Promise((resolve) => setImmediate(resolve));
    await write(exchange, "56789");
  }, async ({ client }) => {
    const whole = await client.request(request({ gatherBytes: 10 }));
    ok(whole.body instanceof Uint8Array);
    equal(await textOf(whole), "0123456789");
    const streamed = await client.request(request({ gatherBytes: 9 }));
    equal(await textOf(streamed), "0123456789");
  }));

// --- connections

test("Upstream uses a connection again for what may be sent twice", () =>
  against((exchange) => exchange.answer(200, "ok"), async ({ client, server }) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "GET"]) {
      server.handler = (exchange) => exchange.answer(200, method === "HEAD" ? "" : "ok");
      const answer = await client.request(request({ method }));
      if (method !== "HEAD") equal(await textOf(answer), "ok");
      equal(client.idle, 1);
    }
    equal(server.connections, 1);
  }));

test("Upstream gives what must not be sent twice a connection of its own", () =>
  against((exchange) => exchange.answer(200), async ({ client, server }) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      await client.request(
        request({ method, body: method === "PUT" ? bodyOf(1, "x") : undefined }),
      );
    }
    deepEqual(server.requests.map(({ connection }) => connection), [0, 1, 2, 3, 4]);
    await client.request(request());
    equal(server.connections, 5);
  }));

test("Upstream drops an idle connection that the upstream closes or writes into", () =>
  against((exchange) => exchange.answer(200), async ({ client, server }) => {
    for (const act of ["close", "reset", "write"] as const) {
      await client.request(request());
      equal(client.idle, 1);
      const { end } = server.requests.at(-1) as RawExchange; // one was just answered
      if (act === "write") await end.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil!");
      else await end[act]();
      await eventually("the connection dropped", () => client.idle === 0);
    }
  }));

test("Upstream uses no connection again that had bytes behind a body (S12)", () =>
  against(
    (exchange) =>
      write(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n"),
    async ({ client, server }) => {
      equal(await textOf(await client.request(request())), "ok");
      equal(await textOf(await client.request(request())), "ok");
      equal(server.connections, 2);
    },
  ));

test("Upstream uses no connection again after Connection: close, or a body unread", () =>
  against(async (exchange) => {
    const extra = exchange.target === "/close" ? "Connection: close\r\n" : "";
    await write(exchange, `HTTP/1.1 200 OK\r\n${extra}Content-Length: 5\r\n\r\n`);
    await write(exchange, "hello");
  }, async ({ client, server }) => {
    await textOf(await client.request(request({ target: "/close" })));
    equal(client.idle, 0);
    const { body } = await client.request(request());
    if (body instanceof ReadableStream) await body.cancel();
    await textOf(await client.request(request({ target: "/close" })));
    equal(server.connections >= 2, true);
  }));

/** The first request of a connection is answered, the second one broken after it was read. */
function breaksSecond(act: "reset" | "close", answered: string[] = []): RawHandler {
  const seen = new Map<number, number>();
  return async (exchange) => {
    const count = (seen.get(exchange.connection) ?? 0) + 1;
    seen.set(exchange.connection, count);
    await exchange.readAll();
    answered.push(exchange.method);
    if (count === 1 && !exchange.target.startsWith("/break")) await exchange.answer(200, "ok");
    else await exchange.end[act]();
  };
}

test("Upstream sends a GET again, once, if its pooled connection broke without an answer (row 23)", async () => {
  for (const act of ["reset", "close"] as const) {
    await against(breaksSecond(act), async ({ client, server }) => {
      await textOf(await client.request(request()));
      equal(await textOf(await client.request(request())), "ok");
      equal(server.requests.length, 3);
      await fails(client.request(request({ target: "/break" })), "reset");
      equal(server.requests.length, 5);
    });
  }
});

test("Upstream sends nothing twice over a connection of its own", () =>
  against(breaksSecond("reset"), async ({ client, server }) => {
    await fails(client.request(request({ target: "/break" })), "reset");
    equal(server.requests.length, 1);
  }));

test("Upstream sends nothing again of which the answer had begun", () =>
  against(async (exchange) => {
    if (exchange.target === "/first") return await exchange.answer(200);
    await write(exchange, "HTTP/1.1 2");
    await exchange.end.reset();
  }, async ({ client, server }) => {
    await client.request(request({ target: "/first" }));
    await fails(client.request(request()), "reset");
    equal(server.requests.length, 2);
  }));

test("Upstream never sends again what may change something (row 24)", async () => {
  const bodies = [undefined, () => bodyOf(5, "hello"), () => bodyOf(undefined, "hello")];
  for (const act of ["reset", "close"] as const) {
    for (const method of ["POST", "PATCH", "PUT", "DELETE"]) {
      for (const body of bodies) {
        await against(breaksSecond(act), async ({ client, server }) => {
          await textOf(await client.request(request()));
          const sent = request({ method, target: "/break", body: body?.() });
          await fails(client.request(sent), "reset");
          equal(server.requests.filter((seen) => seen.method === method).length, 1);
        });
      }
    }
  }
});

test("Upstream keeps at most so many idle connections", () => {
  const waiting: RawExchange[] = [];
  return against((exchange) => {
    waiting.push(exchange);
    return new Promise(() => {});
  }, async ({ client }) => {
    const all = Promise.all(Array.from({ length: 80 }, () => client.request(request())));
    await eventually("80 requests at once", () => waiting.length === 80);
    await Promise.all(waiting.map((exchange) => exchange.answer(200)));
    await all;
    ok(client.idle <= 64, String(client.idle));
    equal(client.active, 0);
  });
});

// --- interim answers

const interim = (count: number): string =>
  "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(count);

test("Upstream passes over interim answers, but not over a flood of them (S12)", async () => {
  const ending = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  for (const [count, passes] of [[1, true], [16, true], [17, false], [10_000, false]] as const) {
    await against((exchange) => write(exchange, interim(count) + ending), async ({ client }) => {
      const answer = client.request(request());
      if (passes) equal(await textOf(await answer), "ok");
      else await fails(answer, "protocol");
    });
  }
});

test("Upstream takes no switch of protocols that nobody asked for", () =>
  against(
    (exchange) => write(exchange, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nraw bytes"),
    ({ client }) => fails(client.request(request()), "protocol"),
  ));

test("Upstream calls what is no HTTP a violation of the protocol", async () => {
  const heads = [
    "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
    "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
    `HTTP/1.1 200 OK\r\nA: ${"x".repeat(500 * 1024)}\r\n\r\n`,
    `HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(1000)}\r\n`,
  ];
  for (const head of heads) {
    await against((exchange) => write(exchange, head), async ({ client }) => {
      await fails(client.request(request()), "protocol");
      equal(client.idle, 0);
    });
  }
});

// --- what ends too early

test("Upstream tells a body that was cut from one that ended (S13)", async () => {
  const cuts = [
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhello",
  ];
  for (const cut of cuts) {
    for (const act of ["close", "reset"] as const) {
      for (const gatherBytes of [0, 1024]) {
        await against(async (exchange) => {
          await write(exchange, cut);
          // What is on its way is lost in a reset.
          if (act === "reset") await eventually("the body begun", () => begun);
          await exchange.end[act]();
        }, async ({ client }) => {
          begun = gatherBytes > 0;
          const answer = client.request(request({ gatherBytes })).then(async ({ body }) => {
            ok(body instanceof ReadableStream);
            const reader = body.getReader();
            for (let done = false; !done; { done } = await reader.read()) begun = true;
          });
          await fails(answer, "reset");
        });
      }
    }
  }
});
let begun = false;

test("Upstream takes a body without a length for cut if its connection was reset", () =>
  against(async (exchange) => {
    await write(exchange, "HTTP/1.1 200 OK\r\n\r\nhello");
    await eventually("the body begun", () => begun);
    await exchange.end.reset();
  }, async ({ client }) => {
    begun = false;
    const { body } = await client.request(request());
    ok(body instanceof ReadableStream);
    const reader = body.getReader();
    await reader.read();
    begun = true;
    await fails(reader.read(), "reset");
  }));

test("Upstream calls a broken chunk a violation of the protocol", () =>
  against(
    (exchange) =>
      write(exchange, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n"),
    async ({ client }) => {
      await fails(client.request(request()).then(textOf), "protocol");
    },
  ));

test("Upstream says where it can't connect to", async () => {
  const server = await startUpstream();
  await server.close();
  const target = { hostname: "127.0.0.1", port: server.port, tls: false };
  const options = { runtime: currentRuntime(), target, connectMs: 5000, headersMs: 0, idleMs: 0 };
  const client = createUpstream(options);
  await rejects(client.request(request()), (error) => {
    ok(error instanceof UpstreamError);
    equal(error.failure, "connect");
    match(error.message, /^Cannot connect to 127\.0\.0\.1:\d+: ECONNREFUSED$/);
    return true;
  });
  client.close();
});

// --- limits in time

const silent: RawHandler = async (exchange) => void await exchange.end.gone;

test("Upstream gives up a connection that takes too long", async () => {
  let signal: AbortSignal | undefined;
  const runtime: Pick<Runtime, "connect"> = {
    connect: (_, given) =>
      new Promise((_resolve, reject) => {
        signal = given;
        given?.addEventListener("abort", () => reject(given.reason));
      }),
  };
  await against(silent, async ({ client, server }) => {
    await fails(client.request(request()), "timeout");
    equal(signal?.aborted, true);
    equal(server.connections, 0);
  }, { connectMs: 1, runtime });
});

test("Upstream gives up a head that does not come, and one that drips (rows 27, 28)", async () => {
  await against(silent, async ({ client, server }) => {
    await fails(client.request(request()), "timeout");
    await eventually("the connection closed", () => server.open === 0);
  }, { headersMs: 50 });
  await against(async (exchange) => {
    const drip = "HTTP/1.1 200 OK\r\nX-Slow: ".padEnd(4000, "x");
    for (const character of drip) {
      if (exchange.end.ending !== undefined) return;
      await write(exchange, character);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }, async ({ client }) => {
    await fails(client.request(request()), "timeout");
  }, { headersMs: 100 });
});

test("Upstream gives up a body that stalls, but never server-sent events (row 29)", async () => {
  const stalls: RawHandler = async (exchange) => {
    const type = exchange.target === "/events" ? "text/event-stream; charset=utf-8" : "text/plain";
    await write(exchange, `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n: hello\n\n`);
    if (exchange.target === "/events") {
      // Longer than the limit and the coarse timer together.
      await new Promise((resolve) => setTimeout(resolve, 400));
      await write(exchange, "data: late\n\n");
      return await exchange.end.close();
    }
    await exchange.end.gone;
  };
  await against(stalls, async ({ client }) => {
    const events = client.request(request({ target: "/events" })).then(textOf);
    await fails(client.request(request({ target: "/stall" })).then(textOf), "timeout");
    equal(await events, ": hello\n\ndata: late\n\n");
  }, { idleMs: 50 });
});

// --- going away

interface Aborter {
  readonly onAbort: UpstreamRequest["onAbort"];
  /** What was told of the answer. */
  readonly told: string[];
  abort(): void;
}

function aborter(): Aborter {
  const callbacks: (() => void)[] = [];
  const told: string[] = [];
  return {
    told,
    onAbort(callback) {
      callbacks.push(callback);
      return {
        answered: () => void told.push("answered"),
        end: () => void told.push("end"),
        drop: () => void told.push("drop"),
      };
    },
    abort: () => callbacks.forEach((callback) => callback()),
  };
}

test("Upstream closes its connection as soon as the client goes away, before the head", () =>
  against(silent, async ({ client, server }) => {
    const { onAbort, abort } = aborter();
    const answer = client.request(request({ method: "POST", onAbort }));
    answer.catch(() => {});
    await eventually("the request", () => server.requests.length === 1);
    const start = performance.now();
    abort();
    await server.requests[0]?.end.gone;
    ok(performance.now() - start < 100);
    await fails(answer, "aborted");
  }));

test("Upstream closes its connection as soon as the client goes away, within the body", async () => {
  for (const way of ["abort", "cancel"] as const) {
    await against(async (exchange) => {
      await write(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
      await exchange.end.gone;
    }, async ({ client, server }) => {
      const { onAbort, abort } = aborter();
      const { body } = await client.request(request({ onAbort }));
      ok(body instanceof ReadableStream);
      if (way === "cancel") {
        await body.cancel();
      } else {
        const reader = body.getReader();
        await reader.read();
        const next = reader.read();
        next.catch(() => {});
        abort();
        await fails(next, "aborted");
      }
      await server.requests[0]?.end.gone;
    });
  }
});

test("Upstream sends nothing for a client that has gone away before", () =>
  against(silent, async ({ client, server }) => {
    const onAbort = (callback: () => void): undefined => callback() as undefined; // it returns nothing
    await fails(client.request(request({ onAbort })), "aborted");
    equal(server.requests.length, 0);
  }));

test("Upstream leaves a connection alone whose exchange is over when the client goes away", () =>
  against((exchange) => exchange.answer(200, "ok"), async ({ client, server }) => {
    const { onAbort, abort } = aborter();
    await textOf(await client.request(request({ onAbort })));
    abort();
    await textOf(await client.request(request()));
    equal(server.connections, 1);
  }));

test("Upstream tells when a client need not be watched any more", () =>
  against(async (exchange) => {
    if (exchange.target === "/break") return await exchange.end.reset();
    await write(exchange, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    await eventually("the head seen", () => exchange.target === "/gather" || isHeadSeen);
    await write(exchange, "hello");
  }, async ({ client }) => {
    isHeadSeen = false;
    const streamed = aborter();
    const answer = await client.request(request({ onAbort: streamed.onAbort }));
    deepEqual(streamed.told, ["answered"]);
    isHeadSeen = true;
    await textOf(answer);
    deepEqual(streamed.told, ["answered", "end"]);
    const gathered = aborter();
    await client.request(request({ target: "/gather", gatherBytes: 5, onAbort: gathered.onAbort }));
    deepEqual(gathered.told, ["end", "answered"]);
    const broken = aborter();
    await fails(
      client.request(request({ method: "POST", target: "/break", onAbort: broken.onAbort })),
      "reset",
    );
    deepEqual(broken.told, ["end"]);
  }));
let isHeadSeen = false;

test("Upstream.close() ends exchanges that run, and connections that wait", () =>
  against(async (exchange) => {
    if (exchange.target === "/idle") await exchange.answer(200);
    else await exchange.end.gone;
  }, async ({ client, server }) => {
    await Promise.all([1, 2].map(() => client.request(request({ target: "/idle" }))));
    const running = client.request(request());
    running.catch(() => {});
    await eventually("the requests", () => server.requests.length === 3);
    client.close();
    await fails(running, "reset");
    await eventually("all closed", () => server.open === 0);
    await fails(client.request(request()), "connect");
  }));

// --- bodies of requests

function framing(exchange: RawExchange | undefined): Field[] {
  const names = new Set(["content-length", "transfer-encoding", "connection"]);
  return exchange?.fields.filter(([name]) => names.has(name)) as Field[];
}

test("Upstream announces a body by its length, or sends it in chunks over a last connection", () =>
  against((exchange) => exchange.answer(200), async ({ client, server }) => {
    await client.request(request({ method: "POST", body: bodyOf(10, "hello", "world") }));
    equal(server.requests[0]?.text, "helloworld");
    deepEqual(framing(server.requests[0]), [["content-length", "10"]]);
    equal(client.idle, 1);
    await client.request(
      request({ method: "POST", body: bodyOf(undefined, "hello", "", "world") }),
    );
    equal(server.requests[1]?.text, "helloworld");
    deepEqual(framing(server.requests[1]), [["transfer-encoding", "chunked"], [
      "connection",
      "close",
    ]]);
    equal(client.idle, 1);
  }));

test("Upstream says that a method with a body has none, and nothing of the others", () =>
  against((exchange) => exchange.answer(200), async ({ client, server }) => {
    for (const method of ["POST", "PUT", "PATCH"]) {
      await client.request(request({ method }));
      deepEqual(framing(server.requests.at(-1)), [["content-length", "0"]], method);
    }
    for (const method of ["GET", "HEAD", "OPTIONS", "DELETE"]) {
      await client.request(request({ method }));
      deepEqual(framing(server.requests.at(-1)), [], method);
    }
  }));

test("Upstream sends no request whose body is not what was announced", async () => {
  for (const pieces of [["hell"], ["hello!"], ["hello", "GET /smuggled HTTP/1.1\r\n\r\n"]]) {
    await against(async (exchange) => {
      await exchange.readAll();
      if (exchange.text?.length !== 5) return;
      await exchange.answer(200);
    }, async ({ client, server }) => {
      await fails(
        client.request(request({ method: "POST", body: bodyOf(5, ...pieces) })),
        "request",
      );
      ok(server.requests.length <= 1);
      for (const { head, end } of server.requests) ok(end.received <= head.length + 5);
    });
  }
});

test("Upstream ends its connection if the client's body breaks", () =>
  against(async (exchange) => void await exchange.readAll(), async ({ client, server }) => {
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        controller.enqueue(new TextEncoder().encode("hello"));
        await new Promise((resolve) => setImmediate(resolve));
        if (server.requests.length > 0) controller.error(new Error("gone"));
      },
    });
    await fails(
      client.request(request({ method: "POST", body: { stream, length: undefined } })),
      "request",
    );
    await server.requests[0]?.end.gone;
  }));

test("Upstream gives on an answer that comes before the body was read", () =>
  against(
    (exchange) => write(exchange, "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"),
    async ({ client }) => {
      let isCancelled = false;
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
        cancel: () => void (isCancelled = true),
      });
      const body = { stream, length: 1024 ** 3 };
      const answer = await client.request(request({ method: "POST", body }));
      equal(answer.status, 413);
      equal(await textOf(answer), "big");
      await eventually("the upload given up", () => isCancelled);
      equal(client.idle, 0);
    },
  ));

// --- back-pressure

const MiB = 1024 * 1024;
/** What the kernel's buffers of a loopback connection may hold, with room to spare. */
const IN_FLIGHT_BYTES = 16 * MiB;

/** The value once it no longer grows. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  return await eventually("a standstill", () => {
    const value = read();
    const isSettled = value === last && value > 0;
    last = value;
    return isSettled ? value : undefined;
  }, { everyMs: 150 });
}

test("Upstream reads a body only as fast as it is read itself", () => {
  let written = 0;
  return against(async (exchange) => {
    await write(exchange, "HTTP/1.1 200 OK\r\n\r\n");
    const piece = Buffer.alloc(64 * 1024);
    while (exchange.end.ending === undefined && written < 200 * MiB) {
      await exchange.end.write(piece);
      written += piece.length;
    }
  }, async ({ client }) => {
    const { body } = await client.request(request());
    ok(body instanceof ReadableStream);
    const reader = body.getReader();
    await reader.read();
    ok(await settled(() => written) < IN_FLIGHT_BYTES, String(written));
    await reader.cancel();
  });
});

test("Upstream takes a body only as fast as it is read by the upstream", () => {
  let pulled = 0;
  return against(async (exchange) => {
    exchange.end.pause();
    await exchange.end.gone;
  }, async ({ client, server }) => {
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 64 * 1024;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const { onAbort, abort } = aborter();
    const body = { stream, length: undefined };
    const answer = client.request(request({ method: "POST", onAbort, body }));
    answer.catch(() => {});
    ok(await settled(() => pulled) < IN_FLIGHT_BYTES, String(pulled));
    abort();
    await fails(answer, "aborted");
    server.requests[0]?.end.resume();
  });
});
