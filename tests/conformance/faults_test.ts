/**
 * What the port answers when somebody behind it fails; the rows are those of the project's fault matrix.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { eventually } from "../_support/eventually.ts";
import { onOnePort, type Scene } from "../_support/one_port.ts";
import {
  ask,
  openRaw,
  type RawHandler,
  type RawResponse,
  readResponse,
  renderRequest,
  startUpstream,
  valueOf,
} from "../_support/raw_http.ts";
import { runtimeName, test } from "../_support/test.ts";

const API = "/api/x";
const BROWSER = [["Accept", "text/html"], ["Sec-Fetch-Dest", "document"]] as const;

const silent: RawHandler = async (exchange) => void await exchange.end.gone;

function warnings({ events }: Scene): string[] {
  return events.flatMap((event) => event.kind === "warning" ? [event.message] : []);
}

function isDown(answer: RawResponse, status: number): void {
  equal(answer.status, status);
  equal(valueOf(answer.fields, "x-sidecar-down"), String(status));
  equal(valueOf(answer.fields, "cache-control"), "no-store");
  equal(answer.isWhole, true);
}

// --- the backend

test("a backend that nobody started is a page for a browser, text for others, and Vite still answers (row 21)", () =>
  onOnePort({
    vite: (exchange) => exchange.answer(200, "vite's", [["content-type", "text/javascript"]]),
  }, async ({ ask, backend, events }) => {
    await backend.close();
    const page = await ask({ target: "/api/x", fields: BROWSER });
    isDown(page, 503);
    match(valueOf(page.fields, "content-type") ?? "", /^text\/html/);
    match(page.body.toString(), /The backend does not answer/);
    match(page.body.toString(), /ECONNREFUSED/);
    const text = await ask({ target: API });
    isDown(text, 503);
    match(valueOf(text.fields, "content-type") ?? "", /^text\/plain/);
    match(text.body.toString(), new RegExp(`It should listen at ${backend.url}`));
    equal((await ask({ target: "/src/main.ts" })).body.toString(), "vite's");
    const downs = events.filter((event) => event.kind === "backend" && event.condition === "down");
    equal(downs.length, 1);
  }));

test("a backend that comes back is asked again at once (row 21)", () =>
  onOnePort({}, async ({ ask, backend, sidecar }) => {
    await backend.close();
    isDown(await ask({ target: API }), 503);
    equal(sidecar.status().app.condition, "down");
    const again = await startUpstream(
      (exchange) => exchange.answer(200, "back"),
      new Map(),
      backend.port,
    );
    try {
      equal((await ask({ target: API })).body.toString(), "back");
      equal(sidecar.status().app.condition, "up");
      // It tells its routes anew.
      await eventually(
        "the routes asked for",
        () => again.requests.some(({ target }) => target === "/openapi.json"),
      );
    } finally {
      await again.close();
    }
  }));

test("a backend that breaks off before its answer is a 502 (row 22)", () =>
  onOnePort({
    backend: async (exchange) => {
      await exchange.readAll();
      await exchange.end.close();
    },
  }, async (scene) => {
    isDown(await scene.ask({ target: API, method: "POST", body: "x" }), 502);
    match(warnings(scene).join(), /Cannot finish POST \/api\/x at 127\.0\.0\.1:\d+/);
  }));

test("a backend that never answers is a 504, and its connection is closed (row 27)", () =>
  onOnePort({ backend: silent, options: { timeouts: { headers: 100 } } }, async (scene) => {
    const answer = await scene.ask({ target: API });
    isDown(answer, 504);
    match(answer.body.toString(), /no response head within 100 ms/);
    await eventually("the connection closed", () => scene.backend.open === 0);
  }));

test("a backend that drips its head is a 504 (row 28)", () =>
  onOnePort({
    backend: async (exchange) => {
      while (exchange.end.ending === undefined) {
        await exchange.end.write("H");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    options: { timeouts: { headers: 100 } },
  }, async ({ ask }) => isDown(await ask({ target: API }), 504)));

test("a backend that stalls within a body is cut, and the client sees it (row 29)", () =>
  onOnePort({
    backend: async (exchange) => {
      await exchange.end.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
      await exchange.end.gone;
    },
    options: { timeouts: { idle: 100 } },
  }, async ({ port, backend }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: API }));
    const isWhole = await readResponse(client).then((answer) => answer.isWhole, () => false);
    equal(isWhole, false);
    await client.close();
    await eventually("the connection closed", () => backend.open === 0);
  }));

test("server-sent events may stall for longer than that (row 30)", () =>
  onOnePort({
    backend: async (exchange) => {
      await exchange.end.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: 1\n\n");
      await new Promise((resolve) => setTimeout(resolve, 400));
      await exchange.end.write("data: late\n\n");
      await exchange.end.close();
    },
    options: { timeouts: { idle: 50 } },
  }, async ({ ask }) => {
    const answer = await ask({ target: API });
    equal(answer.isWhole, true);
    match(answer.body.toString(), /data: late/);
  }));

test("a backend that speaks no HTTP, or contradicts itself, is a 502 (S12, row 33)", () => {
  const heads = [
    "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
    "HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(500_000)}\r\n\r\n`,
    `HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(1000)}\r\n`,
    "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(10_000),
  ];
  let index = 0;
  return onOnePort(
    { backend: (exchange) => exchange.end.write(heads[index] ?? "") },
    async (scene) => {
      for (; index < heads.length; index++) {
        isDown(await scene.ask({ target: API }), 502);
      }
      await eventually("no connection kept", () => scene.backend.open === 0);
    },
  );
});

test("bytes behind a body never reach the next client (S12)", () =>
  onOnePort({
    backend: async (exchange) => {
      await exchange.answer(200, exchange.target);
      await exchange.end.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil!");
    },
  }, async ({ ask }) => {
    for (const target of ["/api/1", "/api/2", "/api/3"]) {
      equal((await ask({ target })).body.toString(), target);
    }
  }));

test("a request whose framing is ambiguous is a 400 that blames nobody behind the port", () =>
  onOnePort({}, async ({ ask, backend }) => {
    // Deno lets the first through, Bun the second; what is refused before is no matter of ours.
    for (
      const framing of [["Content-Length", "1, 1"], ["Transfer-Encoding", ",chunked"]] as const
    ) {
      const answer = await ask({ method: "POST", target: API, fields: [framing], body: "x" });
      equal(answer.status, 400);
      equal(valueOf(answer.fields, "x-sidecar-down"), undefined);
      ok(!answer.body.toString().includes("backend"), answer.body.toString());
    }
    equal(backend.requests.length, 0);
  }));

test("a backend that is this very port is found out at once, and named", () => {
  let port = 0;
  let hops = 0;
  return onOnePort({
    // A relay, so that no port has to be known before.
    backend: async (exchange) => {
      hops++;
      const body = await exchange.readAll();
      const next = await openRaw(port);
      await next.write(exchange.head + body.toString("latin1"));
      const answer = await readResponse(next, exchange.method);
      await next.close();
      await exchange.answer(answer.status, answer.body);
    },
  }, async (scene) => {
    port = scene.port;
    const answer = await scene.ask({ target: API, method: "POST", body: "x" });
    equal(answer.status, 508);
    match(answer.body.toString(), /The backend is this very server/);
    equal(hops, 1);
  });
});

// --- Vite

test("a Vite that goes away is a page, and comes back by itself", () =>
  onOnePort({ app: null, vite: (exchange) => exchange.answer(200, "vite's") }, async (scene) => {
    const { vite, port, events } = scene;
    equal((await scene.ask({ target: "/" })).body.toString(), "vite's");
    await vite.close();
    const page = await scene.ask({ target: "/", fields: BROWSER });
    isDown(page, 503);
    match(
      page.body.toString(),
      /Nothing that looks like Vite(?:&#39;|&#x27;|')s dev server answers at/,
    );
    ok(events.some((event) => event.kind === "vite" && event.condition === "down"));
    const again = await startUpstream(
      (exchange) => exchange.answer(200, "again", [["content-type", "text/javascript"]]),
      new Map(),
      vite.port,
    );
    try {
      await eventually("Vite found again", async () => {
        const answer = await ask(port, { target: "/" });
        return answer.status === 200 && answer.body.toString() === "again";
      });
    } finally {
      await again.close();
    }
  }));

test("a Vite that hangs is a 504, and the backend still answers (row 9)", () =>
  onOnePort({ vite: silent, options: { timeouts: { headers: 100 } } }, async ({ ask }) => {
    isDown(await ask({ target: "/src/main.ts" }), 504);
    equal((await ask({ target: API })).status, 200);
  }));

test("what answers at viteUrl but is no Vite is told so", async () => {
  const other = await startUpstream((exchange) =>
    exchange.answer(200, "<h1>Hello", [["content-type", "text/html"]])
  );
  try {
    const options = { viteUrl: other.url };
    await onOnePort({ app: null, options, waitsForVite: false }, async ({ ask }) => {
      const answer = await ask({ target: "/" });
      isDown(answer, 503);
      match(
        answer.body.toString(),
        new RegExp(`Nothing that looks like Vite's dev server answers at ${other.url}`),
      );
    });
  } finally {
    await other.close();
  }
});

// --- an app in this process (row 59)

test("a handler that throws, rejects or returns no Response is a 500, and the port lives", () => {
  const errors: string[] = [];
  return onOnePort({
    app: (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/api/throw") throw new RangeError("secret thrown");
      if (pathname === "/api/reject") return Promise.reject(new Error("secret rejected"));
      if (pathname === "/api/late") {
        return new Promise((_, reject) => setTimeout(() => reject(new Error("secret late")), 5));
      }
      // As a handler without types may.
      if (pathname === "/api/none") return undefined as unknown as Response;
      if (pathname === "/api/text") return Promise.resolve("text" as unknown as Response);
      return new Response("fine");
    },
  }, async ({ ask, events, sidecar }) => {
    sidecar.onEvent((event) => event.kind === "error" && errors.push(event.message));
    const cases: [string, RegExp][] = [
      ["/api/throw", /RangeError: secret thrown/],
      ["/api/reject", /Error: secret rejected/],
      ["/api/late", /Error: secret late/],
      ["/api/none", /Cannot answer with undefined: not a Response/],
      ["/api/text", /Cannot answer with text: not a Response/],
    ];
    for (const [target, expected] of cases) {
      const answer = await ask({ target });
      isDown(answer, 500);
      match(answer.body.toString(), expected);
      ok(!/\.ts:\d/.test(answer.body.toString()), "a stack");
    }
    deepEqual(errors, cases.map(([target]) => `Cannot answer GET ${target}`));
    equal(events.filter(({ kind }) => kind === "error").length, cases.length);
    equal((await ask({ target: API })).body.toString(), "fine");
  });
});

test("a handler whose stream breaks ends the answer, and nothing else", () =>
  onOnePort({
    app: (request) => {
      if (!request.url.endsWith("/break")) return new Response("fine");
      let count = 0;
      return new Response(
        new ReadableStream({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            if (count++ > 0) controller.error(new Error("broken on purpose"));
            else controller.enqueue(new TextEncoder().encode("hello"));
          },
        }),
      );
    },
  }, async ({ ask, port }) => {
    const client = await openRaw(port);
    await client.write(renderRequest(port, { target: "/api/break" }));
    const isWhole = await readResponse(client).then((answer) => answer.isWhole, () => false);
    equal(isWhole, false);
    await client.close();
    equal((await ask({ target: API })).body.toString(), "fine");
  }));

test("a handler gets the request as the listener gave it, and what the listener gave beside it", () => {
  let native: unknown;
  return onOnePort({
    app: async (request: Request, given: unknown) => {
      native = given;
      return new Response(
        `${request.method} ${await request.text()} ${request.headers.get("x-forwarded-for")}`,
      );
    },
  }, async ({ ask }) => {
    const answer = await ask({
      method: "POST",
      target: API,
      body: "hi",
      fields: [["X-Forwarded-For", "1.2.3.4"]],
    });
    equal(answer.body.toString(), "POST hi 1.2.3.4");
    ok(
      runtimeName === "deno"
        ? "remoteAddr" in (native as object)
        : "requestIP" in (native as object),
    );
  });
});

// --- many at once

test("a client that goes away takes nobody with it, a hundred times (row 36)", () =>
  onOnePort({
    backend: async (exchange) => {
      if (exchange.target === "/api/last") return await exchange.answer(200, "alive");
      await exchange.end.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello");
      await exchange.end.gone;
    },
  }, async ({ port, ask, backend }) => {
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(Array.from({ length: 10 }, () => openRaw(port)));
      for (const [index, client] of clients.entries()) {
        await client.write(renderRequest(port, { target: API }));
        if (index % 2 === 0) await client.until("hello");
      }
      await Promise.all(
        clients.map((client, index) => index % 3 === 0 ? client.reset() : client.close()),
      );
    }
    await eventually("no connection left", () => backend.open === 0);
    equal((await ask({ target: "/api/last" })).body.toString(), "alive");
  }));
