/**
 * What a proxy owes both sides, over raw connections: a recorded backend behind the port, a raw client before it.
 */
import { Buffer } from "node:buffer";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { eventually } from "../_support/eventually.ts";
import { onOnePort, type Scene, type SceneOptions } from "../_support/one_port.ts";
import {
  openRaw,
  type RawExchange,
  type RawField,
  type RawHandler,
  readResponse,
  renderRequest,
  sendRaw,
  valueOf,
  valuesOf,
} from "../_support/raw_http.ts";
import { runtimeName, test } from "../_support/test.ts";

const API = "/api/x";
const MiB = 1024 * 1024;

/** Runs a test in front of a backend. */
function before(
  backend: RawHandler,
  run: (scene: Scene) => Promise<void>,
  more: SceneOptions = {},
) {
  return onOnePort({ backend, ...more }, run);
}

const ok200: RawHandler = (exchange) => exchange.answer(200, "ok");

const respond = (text: string): RawHandler => (exchange) => exchange.end.write(text);

function withoutVia(fields: readonly RawField[]): RawField[] {
  return fields.filter(([name]) => name !== "via");
}

// --- requests

test("a request reaches the backend with its own host, and with who asked", () =>
  before(ok200, async ({ ask, backend, port }) => {
    const host = `app.localhost:${port}`;
    await ask({
      target: "/api/a%2Fb//c/?x=1?&y=%zz",
      fields: [
        ["Host", host],
        ["Accept", "*/*"],
        ["Cookie", "a=1; b=2"],
        ["Accept-Encoding", "gzip"],
        ["X-Forwarded-For", "1.2.3.4"],
        ["X-Forwarded-Proto", "https"],
        ["X-Real-IP", "1.2.3.4"],
      ],
    });
    const [seen] = backend.requests;
    equal(seen?.target, "/api/a%2Fb//c/?x=1?&y=%zz");
    deepEqual(
      new Map(withoutVia(seen?.fields ?? [])),
      new Map([
        ["host", host],
        ["accept", "*/*"],
        ["cookie", "a=1; b=2"],
        ["accept-encoding", "gzip"],
        ["x-forwarded-proto", "http"],
        ["x-forwarded-host", host],
        ["x-forwarded-for", "127.0.0.1"],
      ]),
    );
    match(seen?.field("via") ?? "", /^1\.1 sidecar-[0-9a-f]{8}$/);
  }));

test("the X-Forwarded-* of a trusted proxy are believed", () =>
  before(ok200, async ({ ask, backend }) => {
    await ask({
      target: API,
      fields: [["X-Forwarded-For", "1.2.3.4"], ["X-Forwarded-Proto", "https"]],
    });
    equal(backend.requests[0]?.field("x-forwarded-for"), "1.2.3.4, 127.0.0.1");
    equal(backend.requests[0]?.field("x-forwarded-proto"), "https");
  }, { options: { trustedProxies: ["127.0.0.0/8"] } }));

test("a request loses what is of one connection, and what Connection names (S9, S11)", () =>
  before(ok200, async ({ ask, backend }) => {
    await ask({
      target: API,
      method: "POST",
      body: "hello",
      fields: [
        ["Connection", "close, X-Secret, cookie, content-length, x-forwarded-for, host"],
        ["Content-Length", "5"],
        ["X-Secret", "1"],
        ["Cookie", "a=1"],
        ["Keep-Alive", "timeout=5"],
        ["TE", "trailers"],
        ["Proxy-Authorization", "Basic x"],
        ["X_Forwarded_For", "1.2.3.4"],
        ["Content_Length", "0"],
        ["Transfer_Encoding", "chunked"],
      ],
    });
    const [seen] = backend.requests;
    deepEqual(seen?.fields.map(([name]) => name).sort(), [
      "content-length",
      "cookie",
      "host",
      "via",
      "x-forwarded-for",
      "x-forwarded-host",
      "x-forwarded-proto",
    ]);
    equal(seen?.field("content-length"), "5");
    equal(seen?.text, "hello");
    equal(seen?.field("x-forwarded-for"), "127.0.0.1");
  }));

test("a request with an Upgrade that is no WebSocket is a plain request", () =>
  before(ok200, async ({ ask, backend }) => {
    await ask({
      target: API,
      fields: [["Connection", "Upgrade, HTTP2-Settings"], ["Upgrade", "h2c"], [
        "HTTP2-Settings",
        "AAMAAABkAAQ",
      ]],
    });
    for (const name of ["upgrade", "connection", "http2-settings"]) {
      equal(backend.requests[0]?.field(name), undefined, name);
    }
  }));

test("every method reaches the backend as it is, with the body that it has", () =>
  before(ok200, async ({ ask, backend }) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "OPTIONS"]) {
      await ask({ target: API, method, body: "hello" });
      const seen = backend.requests.at(-1);
      equal(seen?.method, method);
      equal(seen?.text, "hello", method);
      equal(seen?.field("content-length"), "5");
      equal(seen?.field("transfer-encoding"), undefined);
    }
  }));

test("a method without a body gets none: no length but for those that usually have one", () =>
  before(ok200, async ({ ask, backend }) => {
    for (const method of ["GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"]) {
      backend.handler = (exchange) => exchange.answer(200, method === "HEAD" ? "" : "ok");
      await ask({ target: API, method });
      const seen = backend.requests.at(-1);
      equal(seen?.field("transfer-encoding"), undefined, method);
      const announced = method.startsWith("P") ? "0" : undefined;
      equal(seen?.field("content-length"), announced, method);
    }
  }));

test("a body in chunks reaches the backend in chunks, over a connection that ends with it", () =>
  before(ok200, async ({ port, backend }) => {
    const client = await openRaw(port);
    const head = renderRequest(port, {
      method: "POST",
      target: API,
      fields: [["Transfer-Encoding", "chunked"]],
    });
    await client.write(head);
    await client.write("5\r\nhello\r\n");
    await eventually("the head", () => backend.requests.length === 1);
    await client.write("6;x=y\r\n world\r\n0\r\n\r\n");
    equal((await readResponse(client)).status, 200);
    await client.close();
    const [seen] = backend.requests;
    equal(seen?.text, "hello world");
    deepEqual(valuesOf(seen?.fields ?? [], "transfer-encoding"), ["chunked"]);
    equal(seen?.field("content-length"), undefined);
    equal(seen?.field("connection"), "close");
  }));

test("an upload reaches the backend piece by piece, while the client still sends", () =>
  before(async (exchange) => {
    equal((await exchange.end.take(5)).toString(), "first");
    await exchange.end.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nearly\r\n");
    equal((await exchange.end.take(6)).toString(), "second");
    await exchange.end.write("4\r\nlate\r\n0\r\n\r\n");
    await exchange.end.gone;
  }, async ({ port }) => {
    const client = await openRaw(port);
    await client.write(
      renderRequest(port, { method: "POST", target: API, fields: [["Content-Length", "11"]] }),
    );
    await client.write("first");
    const head = await client.until("early\r\n");
    match(head ?? "", /^HTTP\/1\.1 200/);
    await client.write("second");
    ok(await client.until("late\r\n0\r\n\r\n") !== undefined);
    await client.close();
  }));

// --- responses

test("a response keeps its status, its fields and their duplicates", () =>
  before(
    respond(
      "HTTP/1.1 418 I'm a teapot\r\nContent-Type: text/plain\r\nSet-Cookie: a=1; Path=/, x\r\n" +
        "X-A: 1\r\nSet-Cookie: b=2\r\nLink: </a>\r\nLink: </b>\r\nContent-Length: 3\r\n\r\ntea",
    ),
    async ({ ask }) => {
      const { status, fields, body } = await ask({ target: API });
      equal(status, 418);
      deepEqual(valuesOf(fields, "set-cookie"), ["a=1; Path=/, x", "b=2"]);
      equal(valuesOf(fields, "link").join(", "), "</a>, </b>");
      equal(valueOf(fields, "x-a"), "1");
      equal(valueOf(fields, "content-length"), "3");
      equal(body.toString(), "tea");
    },
  ));

test("a response loses what is of one connection, and what Connection names", () =>
  before(
    respond(
      "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Secret\r\nKeep-Alive: timeout=5\r\nX-Secret: 1\r\n" +
        "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nTrailer: X-T\r\nContent-Length: 2\r\n\r\nok",
    ),
    async ({ ask }) => {
      const { fields } = await ask({ target: API });
      const names = fields.map(([name]) => name).filter((name) =>
        name !== "date" && name !== "vary"
      );
      deepEqual(names.filter((name) => name !== "connection"), ["content-length"]);
    },
  ));

test("a coded body passes uncoded, byte for byte, with its fields", async () => {
  const coded = gzipSync("hello ".repeat(1000));
  await before(
    (exchange) => exchange.answer(200, coded, [["Content-Encoding", "gzip"], ["ETag", '"x"']]),
    async ({ ask }) => {
      const { body, fields } = await ask({ target: API, fields: [["Accept-Encoding", "gzip"]] });
      deepEqual(body, coded);
      equal(valueOf(fields, "content-encoding"), "gzip");
      equal(valueOf(fields, "content-length"), String(coded.length));
      equal(valueOf(fields, "etag"), '"x"');
    },
  );
});

test("a body with a broken or cut coding passes as it is (row 32)", async () => {
  for (const bytes of [gzipSync("hello").subarray(0, 12), Buffer.from("no gzip at all")]) {
    await before(
      (exchange) => exchange.answer(200, bytes, [["Content-Encoding", "gzip"]]),
      async ({ ask }) => {
        const { body, isWhole } = await ask({ target: API });
        deepEqual(body, bytes);
        equal(isWhole, true);
      },
    );
  }
});

test("answers without a body have none: HEAD, 204, 205, 304", () => {
  const answers: Record<string, string> = {
    "/api/head": 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\nETag: "x"\r\n\r\n',
    "/api/head-chunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "/api/204": "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
    "/api/205": "HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nhello",
    "/api/304": 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 500\r\n\r\n',
  };
  return before(
    (exchange) =>
      exchange.end.write(
        answers[exchange.target] ?? "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext",
      ),
    async ({ port }) => {
      for (const target of Object.keys(answers)) {
        const method = target.includes("head") ? "HEAD" : "GET";
        const client = await openRaw(port);
        // What stood behind the head would be taken for the next answer.
        await client.write(renderRequest(port, { method, target }));
        const { status, fields } = await readResponse(client, method);
        equal(status, Number(target.slice(5)) || 200, target);
        if (target === "/api/head") equal(valueOf(fields, "content-length"), "500");
        if (target === "/api/304") equal(valueOf(fields, "etag"), '"x"');
        await client.write(renderRequest(port, { target: "/api/next" }));
        equal((await readResponse(client)).body.toString(), "next", target);
        await client.close();
      }
    },
  );
});

test("a redirect to the backend's own address leads to our port; one elsewhere is not followed", () =>
  before((exchange) => {
    const to = exchange.target === "/api/own"
      ? `http://127.0.0.1:${exchange.end.socket.localPort}/in?x`
      : "http://169.254.169.254/latest";
    return exchange.answer(307, "", [["Location", to]]);
  }, async ({ ask, backend }) => {
    equal(valueOf((await ask({ target: "/api/own" })).fields, "location"), "/in?x");
    const elsewhere = await ask({ target: "/api/else" });
    equal(elsewhere.status, 307);
    equal(valueOf(elsewhere.fields, "location"), "http://169.254.169.254/latest");
    equal(backend.requests.length, 2);
  }));

test("a body without a length comes whole, one that is cut does not (S13, row 22)", () => {
  let received = 0;
  const cut: Record<string, readonly [string, "close" | "reset"]> = {
    "/api/close": ["HTTP/1.1 200 OK\r\n\r\nhello", "close"],
    "/api/length-close": ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "close"],
    "/api/length-reset": ["HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "reset"],
    "/api/chunked-close": [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "close",
    ],
    "/api/chunked-reset": [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      "reset",
    ],
    "/api/chunked-garbage": [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0x5\r\n",
      "close",
    ],
    "/api/endless-reset": ["HTTP/1.1 200 OK\r\n\r\nhello", "reset"],
  };
  return before(async (exchange) => {
    const [text, act] = cut[exchange.target] ?? ["", "close"];
    await exchange.end.write(text);
    if (act === "reset") await eventually("the first bytes", () => received > 0);
    await exchange.end[act]();
  }, async ({ port }) => {
    for (const target of Object.keys(cut)) {
      received = 0;
      const client = await openRaw(port);
      client.socket.on("data", (bytes: Buffer) => received += bytes.length);
      await client.write(renderRequest(port, { target }));
      const isWhole = await readResponse(client).then((answer) => answer.isWhole, () => false);
      equal(isWhole, target === "/api/close", target);
      await client.close();
    }
  });
});

// --- streams

test("server-sent events come at once, one by one", () =>
  before(async (exchange) => {
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    await exchange.end.write("9\r\ndata: 1\n\n\r\n");
    await eventually("the first event seen", () => seen >= 1);
    await exchange.end.write("9\r\ndata: 2\n\n\r\n");
    await eventually("the second event seen", () => seen >= 2);
    await exchange.end.write("0\r\n\r\n");
  }, async ({ port }) => {
    seen = 0;
    const client = await openRaw(port);
    await client.write(
      renderRequest(port, { target: API, fields: [["Accept", "text/event-stream"]] }),
    );
    ok(await client.until("data: 1\n\n") !== undefined);
    seen = 1;
    ok(await client.until("data: 2\n\n") !== undefined);
    seen = 2;
    ok(await client.until("0\r\n\r\n") !== undefined);
    await client.close();
  }));
let seen = 0;

test("a head comes before the first byte of its body, on Bun all but its last line", () =>
  before(async (exchange) => {
    await exchange.end.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
    await exchange.end.gone;
  }, async ({ port }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: API }));
    // Bun 1.4.4 ends a head with the first byte of its body, or with its end.
    match(await client.until(runtimeName === "bun" ? "\r\n" : "\r\n\r\n") ?? "", /^HTTP\/1\.1 200/);
    await client.close();
  }));

test("a stream that stays quiet for longer than Bun's ten seconds stays open (F7, row 30)", () => {
  let isOver = false;
  return before(async (exchange) => {
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
    );
    // Bun looks at its timeouts every four seconds: ten become twelve.
    await new Promise((resolve) => setTimeout(resolve, 13_000));
    isOver = exchange.end.ending !== undefined;
    await exchange.end.write("data: 2\n\n");
    await exchange.end.close();
  }, async ({ port }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: API }));
    ok(await client.until("data: 2\n\n") !== undefined);
    equal(isOver, false);
    await client.close();
  });
});

/** Sends so many bytes, each piece with its own number in it. */
async function pour(write: (bytes: Buffer) => Promise<void>, length: number): Promise<void> {
  const piece = Buffer.alloc(64 * 1024);
  for (let at = 0; at < length; at += piece.length) {
    piece.fill((at / piece.length) & 0xff);
    await write(Buffer.from(piece));
  }
}

interface Checked {
  bytes: number;
  isRight: boolean;
}

/** Takes such bytes and sees that none is lost, doubled or out of order. */
function checker(): Checked & { take(bytes: Uint8Array): void } {
  return {
    bytes: 0,
    isRight: true,
    take(bytes) {
      for (let at = 0; at < bytes.length;) {
        const position = this.bytes + at;
        const left = 64 * 1024 - position % (64 * 1024);
        const piece = bytes.subarray(at, at + left);
        const expected = Math.floor(position / (64 * 1024)) & 0xff;
        if (piece[0] !== expected || piece.at(-1) !== expected) this.isRight = false;
        at += piece.length;
      }
      this.bytes += bytes.length;
    },
  };
}

const LARGE = 100 * MiB;

test("100 MiB come down as they are", () =>
  before(async (exchange) => {
    await exchange.end.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n`);
    await pour((bytes) => exchange.end.write(bytes), LARGE);
  }, async ({ ask }) => {
    const { body, isWhole, fields } = await ask({ target: API });
    // Bun 1.4.4 sends every stream in chunks.
    if (runtimeName === "deno") equal(valueOf(fields, "content-length"), String(LARGE));
    const check = checker();
    check.take(body);
    equal(check.bytes, LARGE);
    equal(check.isRight, true);
    equal(isWhole, true);
  }));

test("100 MiB go up as they are, by length and in chunks", () => {
  const checks: Checked[] = [];
  return before(async (exchange) => {
    const check = checker();
    checks.push(check);
    const isChunked = exchange.field("transfer-encoding") !== undefined;
    while (check.bytes < LARGE) {
      const size = isChunked
        ? parseInt(await exchange.end.until("\r\n") ?? "", 16)
        : Math.min(LARGE - check.bytes, 64 * 1024);
      if (!(size > 0)) break;
      check.take(await exchange.end.take(size));
      if (isChunked) await exchange.end.take(2);
    }
    if (isChunked) await exchange.end.until("0\r\n\r\n");
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\ndone",
    );
    await exchange.end.gone;
  }, async ({ port }) => {
    for (
      const framing of [["Content-Length", String(LARGE)], [
        "Transfer-Encoding",
        "chunked",
      ]] as const
    ) {
      const isChunked = framing[1] === "chunked";
      const client = await openRaw(port);
      await client.write(renderRequest(port, { method: "POST", target: API, fields: [framing] }));
      await pour(
        (bytes) =>
          client.write(
            isChunked
              ? Buffer.concat([Buffer.from("10000\r\n"), bytes, Buffer.from("\r\n")])
              : bytes,
          ),
        LARGE,
      );
      if (isChunked) await client.write("0\r\n\r\n");
      equal((await readResponse(client)).body.toString(), "done");
      await client.close();
    }
    deepEqual(checks.map(({ bytes, isRight }) => [bytes, isRight]), [[LARGE, true], [LARGE, true]]);
  });
});

/** What the kernel's buffers of two loopback connections and ours may hold, with room to spare. */
const IN_FLIGHT = 32 * MiB;

async function settled(read: () => number): Promise<number> {
  let last = -1;
  return await eventually("a standstill", () => {
    const value = read();
    const isSettled = value === last && value > 0;
    last = value;
    return isSettled ? value : undefined;
  }, { everyMs: 200, withinMs: 30_000 });
}

test("a client that does not read holds the backend back (row 35)", () => {
  let sent = 0;
  return before(async (exchange) => {
    await exchange.end.write("HTTP/1.1 200 OK\r\n\r\n");
    const piece = Buffer.alloc(64 * 1024);
    while (exchange.end.ending === undefined && sent < 300 * MiB) {
      await exchange.end.write(piece);
      sent += piece.length;
    }
  }, async ({ port }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: API }));
    await client.until("\r\n\r\n");
    client.pause();
    const held = await settled(() => sent);
    ok(held < IN_FLIGHT, `${held} bytes in flight`);
    await client.reset();
  });
});

test("a backend that does not read holds the client back (row 35)", () =>
  before(async (exchange) => {
    exchange.end.pause();
    await exchange.end.gone;
  }, async ({ port, backend }) => {
    const client = await openRaw(port);
    await client.write(
      renderRequest(port, {
        method: "POST",
        target: API,
        fields: [["Content-Length", String(300 * MiB)]],
      }),
    );
    let sent = 0;
    const sending = (async () => {
      const piece = Buffer.alloc(64 * 1024);
      while (client.ending === undefined && sent < 300 * MiB) {
        await client.write(piece);
        sent += piece.length;
      }
    })();
    const held = await settled(() => sent);
    ok(held < IN_FLIGHT, `${held} bytes in flight`);
    await client.reset();
    await sending;
    backend.requests[0]?.end.resume();
  }));

// --- going away

const leave: readonly ("close" | "reset")[] = ["close", "reset"];

/** The time from `act` to the end of the backend's connection. */
async function timeToEnd(
  exchange: RawExchange | undefined,
  act: () => Promise<void>,
): Promise<number> {
  const start = performance.now();
  await act();
  await exchange?.end.gone;
  return performance.now() - start;
}

test("a client that goes away before the head ends the backend's request at once (row 25)", () =>
  before(async (exchange) => {
    await exchange.readAll();
    await exchange.end.gone;
  }, async ({ port, backend }) => {
    for (const method of ["GET", "POST"]) {
      for (const way of leave) {
        const client = await openRaw(port);
        const count = backend.requests.length;
        await client.write(
          renderRequest(port, { method, target: API, ...(method === "POST" ? { body: "x" } : {}) }),
        );
        const exchange = await eventually("the request", () => backend.requests[count]);
        const took = await timeToEnd(exchange, () => client[way]());
        ok(took < 250, `${method} ${way}: ${took} ms`);
        equal(backend.requests.length, count + 1);
      }
    }
  }));

test("a client that closes its half, and would read on, counts as one that went away (row 37)", () =>
  before(async (exchange) => {
    await exchange.readAll();
    await exchange.end.gone;
  }, async ({ port, ask, backend }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: API }));
    const exchange = await eventually("the request", () => backend.requests[0]);
    const took = await timeToEnd(exchange, () => Promise.resolve(void client.socket.end()));
    ok(took < 250, `${took} ms`);
    equal((await client.rest()).length, 0);
    equal((await ask({ fields: [["Host", "evil.test"]] })).status, 403, "the port lives");
  }));

test("a client that goes away within a body ends the backend's request at once (row 36)", () =>
  before(async (exchange) => {
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
    );
    await exchange.end.gone;
  }, async ({ port, backend }) => {
    for (const way of leave) {
      const client = await openRaw(port);
      await client.write(renderRequest(port, { target: API }));
      ok(await client.until("data: 1\n\n") !== undefined);
      const took = await timeToEnd(backend.requests.at(-1), () => client[way]());
      ok(took < 250, `${way}: ${took} ms`);
    }
  }));

test("a client that goes away within its upload ends the backend's request at once (row 36)", () =>
  before(async (exchange) => void await exchange.readAll(), async ({ port, backend }) => {
    for (const way of leave) {
      const client = await openRaw(port);
      const count = backend.requests.length;
      await client.write(
        renderRequest(port, { method: "POST", target: API, fields: [["Content-Length", "100"]] }),
      );
      await client.write("hello");
      const exchange = await eventually("the upload", () => {
        const found = backend.requests[count];
        return (found?.end.received ?? 0) > (found?.head.length ?? 0) && found;
      });
      const took = await timeToEnd(exchange as RawExchange, () => client[way]());
      ok(took < 250, `${way}: ${took} ms`);
      equal(backend.requests.length, count + 1);
    }
  }));

// --- once and only once

/** Answers the first request of a connection, and breaks it after it has read the second. */
function breaksSecond(): RawHandler {
  const seen = new Set<number>();
  return async (exchange) => {
    await exchange.readAll();
    const isFirst = !seen.has(exchange.connection);
    seen.add(exchange.connection);
    if (isFirst && exchange.target !== "/api/break") await exchange.answer(200, "ok");
    else await exchange.end.reset();
  };
}

test("a GET whose pooled connection broke is asked again, once, and the client sees nothing (row 23)", () =>
  before(breaksSecond(), async ({ ask, backend }) => {
    await ask({ target: API });
    const { status, body } = await ask({ target: API });
    equal(status, 200);
    equal(body.toString(), "ok");
    equal(backend.requests.length, 3);
  }));

test("what may change something is sent once, whatever breaks (F3, F4, row 24)", () =>
  before(breaksSecond(), async ({ ask, port, backend }) => {
    for (const method of ["POST", "PATCH", "PUT", "DELETE"]) {
      for (const body of [undefined, "hello", "chunked"]) {
        await ask({ target: API });
        backend.requests.length = 0;
        const target = "/api/break";
        if (body === "chunked") {
          const client = await openRaw(port);
          await client.write(
            renderRequest(port, { method, target, fields: [["Transfer-Encoding", "chunked"]] }),
          );
          await client.write("5\r\nhello\r\n0\r\n\r\n");
          equal((await readResponse(client)).status, 502, method);
          await client.close();
        } else {
          const answer = await ask({ method, target, ...(body === undefined ? {} : { body }) });
          equal(answer.status, 502, method);
        }
        equal(backend.requests.length, 1, `${method} ${body}`);
      }
    }
  }));

test("a backend that closes idle connections costs no request (row 26)", () => {
  let served = 0;
  return before(async (exchange) => {
    await exchange.answer(200, "ok");
    // Some close at once, some about when the next request comes, some never.
    const index = served++;
    if (index % 3 === 0) await exchange.end.close();
    else if (index % 3 === 1) setImmediate(() => void exchange.end.reset());
  }, async ({ port, backend }) => {
    const client = await openRaw(port);
    for (let i = 0; i < 200; i++) {
      const method = i % 4 === 0 ? "POST" : "GET";
      await client.write(renderRequest(port, { method, target: `${API}?${i}` }));
      equal((await readResponse(client, method)).status, 200, String(i));
    }
    await client.close();
    const posts = backend.requests.filter(({ method }) => method === "POST");
    equal(new Set(posts.map(({ target }) => target)).size, posts.length);
    equal(posts.length, 50);
  });
});

// --- hostile requests

/** Sends bytes; the statuses of all answers, and whether the connection was ended. */
async function statusesOf(port: number, text: string): Promise<number[]> {
  const answer = await sendRaw(port, text);
  return [...answer.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((match) => Number(match[1]));
}

const SMUGGLED = "GET /api/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

function post(fields: string, body: string): string {
  return `POST ${API} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n\r\n${body}`;
}

function noneSmuggled({ backend }: Scene): void {
  deepEqual(backend.requests.filter(({ target }) => target.includes("smuggled")), []);
}

test("a request with a length and a coding is refused (S1)", () =>
  before(ok200, async (scene) => {
    const framings = [
      "Content-Length: 5\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked\r\nContent-Length: 5",
      "content-length: 0\r\nTRANSFER-ENCODING: CHUNKED",
    ];
    for (const framing of framings) {
      const [status] = await statusesOf(scene.port, post(framing, `0\r\n\r\n${SMUGGLED}`));
      equal(status, 400, framing);
    }
    equal(scene.backend.requests.length, 0);
  }));

test("a request with a length that is not one number is refused (S2)", () =>
  before(ok200, async (scene) => {
    const lengths = [
      "3\r\nContent-Length: 3",
      "3\r\nContent-Length: 50",
      "50\r\nContent-Length: 3",
      "3, 3",
      "3, 50",
      "+3",
      "0x3",
      "",
      "18446744073709551619",
      "-3",
      "3 3",
    ];
    for (const length of lengths) {
      const statuses = await statusesOf(scene.port, post(`Content-Length: ${length}`, "abc"));
      deepEqual(statuses, [400], length);
    }
    equal(scene.backend.requests.length, 0);
  }));

test("a request with an odd transfer coding is refused, or reaches the backend as plain chunked (S3)", () =>
  before(ok200, async (scene) => {
    const codings = [
      ",chunked",
      "chunked,",
      "gzip, chunked",
      "identity",
      "xchunked",
      "chunked\x0b",
      "\xa0chunked",
      "chunked\r\nTransfer-Encoding: chunked",
      "chunked\r\nTransfer-Encoding: identity",
      "\r\n chunked",
      "CHUNKED",
      '"chunked"',
      "chunked;x=y",
    ];
    for (const coding of codings) {
      await statusesOf(scene.port, post(`Transfer-Encoding: ${coding}`, `0\r\n\r\n`));
    }
    for (const { fields } of scene.backend.requests) {
      deepEqual(valuesOf(fields, "transfer-encoding"), ["chunked"]);
      deepEqual(valuesOf(fields, "content-length"), []);
    }
    ok(scene.backend.requests.length <= 2);
  }));

test("a broken chunk never ends a request well, nor begins another (S4)", () =>
  before(ok200, async (scene) => {
    const bodies = [
      "0x1\r\nZ\r\n0\r\n\r\n",
      "+1\r\nZ\r\n0\r\n\r\n",
      "1_0\r\nZ\r\n0\r\n\r\n",
      "\r\nZ\r\n0\r\n\r\n",
      "FFFFFFFFFFFFFFFFF\r\nZ\r\n0\r\n\r\n",
      "2\r\nZZZ\r\n0\r\n\r\n",
    ];
    for (const body of bodies) {
      const statuses = await statusesOf(
        scene.port,
        post("Transfer-Encoding: chunked", body + SMUGGLED),
      );
      ok(!statuses.includes(200), `${JSON.stringify(body)}: ${statuses}`);
      noneSmuggled(scene);
    }
  }));

test("lone LF in chunks never lets a second request through as something else (S4)", () =>
  before(ok200, async (scene) => {
    for (const body of ["1\nZ\r\n0\r\n\r\n", "1;x\nZ\r\n0\r\n\r\n", "1;a\nb\r\nZ\r\n0\r\n\r\n"]) {
      await statusesOf(scene.port, post("Transfer-Encoding: chunked", body));
    }
    for (const { text } of scene.backend.requests) ok(text === undefined || text.length <= 1, text);
  }));

test("trailers are refused or dropped, whatever they say (S5)", () =>
  before(ok200, async (scene) => {
    for (const trailer of ["X-T: y", "Content-Length: 50", "Transfer-Encoding: chunked"]) {
      const body = `1\r\nZ\r\n0\r\n${trailer}\r\n\r\n`;
      const [status] = await statusesOf(
        scene.port,
        post("Transfer-Encoding: chunked\r\nTrailer: X-T", body),
      );
      ok(status === 200 || status === 400 || status === undefined, String(status));
    }
    for (const { text, fields } of scene.backend.requests) {
      ok(text === undefined || text === "Z");
      equal(valueOf(fields, "trailer"), undefined);
      equal(valueOf(fields, "x-t"), undefined);
    }
  }));

test("a body that spells a request stays a body (S6)", () =>
  before(ok200, async (scene) => {
    for (const method of ["GET", "HEAD", "DELETE", "OPTIONS", "POST"]) {
      const before = scene.backend.requests.length;
      await scene.ask({ method, target: API, body: SMUGGLED });
      equal(scene.backend.requests.length, before + 1, method);
      const text = scene.backend.requests.at(-1)?.text;
      ok(text === SMUGGLED || text === "", `${method}: ${text}`);
    }
    noneSmuggled(scene);
  }));

test("targets that are none, or of another place, never leave for it (S7, U1-U6)", () =>
  before(ok200, async (scene) => {
    const lines = [
      "CONNECT evil.test:80 HTTP/1.1",
      "TRACE /api/x HTTP/1.1",
      "GET http://evil.test/api/x HTTP/1.1",
      "GET https://evil.test/api/x HTTP/1.1",
      "GET file:///etc/passwd HTTP/1.1",
      "GET @evil.test/ HTTP/1.1",
      "GET evil.test HTTP/1.1",
      "GET * HTTP/1.1",
      "GET /api/\\evil HTTP/1.1",
      "GET /api/a b HTTP/1.1",
      "GET /api/\t HTTP/1.1",
      "GET /api/x#y HTTP/1.1",
      "GET /api/\xe9 HTTP/1.1",
      "GET /api/\0 HTTP/1.1",
      "GET /api/%00 HTTP/1.1",
      "GET /api/../x HTTP/1.1",
      "GET /api/%2e%2e/x HTTP/1.1",
      "GET /api/..%2fx HTTP/1.1",
      "GET /api/%252e%252e/x HTTP/1.1",
      "PRI * HTTP/2.0",
    ];
    for (const line of lines) {
      const statuses = await statusesOf(scene.port, `${line}\r\nHost: localhost\r\n\r\n`);
      for (const status of statuses) ok(status < 500 || status === 505, `${line}: ${status}`);
    }
    for (const { target, fields } of scene.backend.requests) {
      ok(!/evil\.test|[\\\s#]|[^\x21-\x7e]|\.\.|%2e%2e|%00/i.test(target), target);
      equal(valueOf(fields, "host"), "localhost");
    }
  }));

test("a target with two slashes is a path, not a host (U1)", () =>
  before(ok200, async ({ ask, backend }) => {
    await ask({ target: "//evil.test/x", fields: [["Accept", "application/json"]] });
    equal(backend.requests[0]?.target, "//evil.test/x");
  }));

test("a Host that is none is refused, and never becomes a path or a 500 (S8, F10)", () =>
  before(ok200, async (scene) => {
    const hosts = [
      "",
      "a b",
      "localhost/api/admin?x=",
      "u@localhost",
      "localhost:99999",
      "[::1",
      "a%zz",
      "localhost\r\nHost: evil.test",
      "localhost, evil.test",
      "localhost#",
      "localhost?",
      "evil.test",
      "127.0.0.1.nip.io",
    ];
    for (const host of hosts) {
      const [status] = await statusesOf(scene.port, `GET ${API} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      ok(status === 400 || status === 403, `${JSON.stringify(host)}: ${status}`);
    }
    equal(scene.backend.requests.length, 0);
  }));

test("Expect is answered by us, never given on (S10)", () =>
  before(ok200, async ({ port, backend }) => {
    const client = await openRaw(port);
    await client.write(post("Expect: 100-continue\r\nContent-Length: 5", ""));
    const first = await client.until("\r\n\r\n");
    match(first ?? "", /^HTTP\/1\.1 100/);
    await client.write("hello");
    equal((await readResponse(client)).status, 200);
    await client.close();
    equal(backend.requests[0]?.text, "hello");
    equal(backend.requests[0]?.field("expect"), undefined);
  }));

test("a body shorter or longer than announced reaches nobody as a whole request", () =>
  before(async (exchange) => {
    await exchange.readAll();
    if (exchange.text?.length === 10) await exchange.answer(200, "whole");
  }, async ({ port, backend }) => {
    const client = await openRaw(port);
    await client.write(post("Content-Length: 10", "hello"));
    await eventually("the head", () => backend.requests.length === 1);
    await client.close();
    await backend.requests[0]?.end.gone;
    await eventually("the cut body", () => backend.requests[0]?.text?.length === 5);
  }));

test("requests in one go are answered in their order, each on its own", () =>
  before((exchange) => exchange.answer(200, exchange.target), async ({ port }) => {
    const targets = ["/api/1", "/api/2", "/api/3"];
    const requests = Buffer.concat(targets.map((target) => renderRequest(port, { target })));
    const answers = (await sendRaw(port, requests)).match(/\/api\/\d/g) ?? [];
    // Bun 1.4.4 ends the connection if the first answer has to be waited for; no browser sends so.
    deepEqual(answers, runtimeName === "bun" ? targets.slice(0, answers.length) : targets);
  }));

// --- HTTP/2

/** A frame of HTTP/2. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal header field without indexing; names and values below 127 bytes. */
function literal(name: string, value: string): Buffer {
  return Buffer.from([0, name.length, ...Buffer.from(name), value.length, ...Buffer.from(value)]);
}

async function askHttp2(port: number, authority: string): Promise<void> {
  const client = await openRaw(port);
  const fields = [[":method", "GET"], [":scheme", "http"], [":path", API], [
    ":authority",
    authority,
  ]] as const;
  const headers = Buffer.concat(fields.map(([name, value]) => literal(name, value)));
  await client.write(Buffer.concat([
    Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    frame(4, 0, 0, Buffer.alloc(0)),
    frame(1, 5, 1, headers),
  ]));
  // HEADERS of stream 1, then its end.
  for (let isOver = false; !isOver;) {
    const head = await client.take(9);
    if (head.length < 9) break;
    await client.take(head.readUIntBE(0, 3));
    const isEnd = ((head[4] ?? 0) & 1) !== 0 && head.readUInt32BE(5) === 1;
    isOver = isEnd && ((head[3] ?? 9) <= 1);
  }
  await client.close();
}

if (runtimeName === "deno") {
  test("HTTP/2 with prior knowledge goes through the same list of hosts (S14)", () =>
    before(ok200, async ({ port, backend }) => {
      await askHttp2(port, "evil.test");
      equal(backend.requests.length, 0);
      await askHttp2(port, `localhost:${port}`);
      equal(backend.requests.length, 1);
      equal(backend.requests[0]?.field("host"), `localhost:${port}`);
    }));
} else {
  test("HTTP/2 with prior knowledge is not spoken (S14)", () =>
    before(ok200, async ({ port, backend }) => {
      await askHttp2(port, "evil.test");
      equal(backend.requests.length, 0);
    }));
}
