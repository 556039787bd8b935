/** The client for SSR servers, against servers that do what they should not: row 54 of the reliability list. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createInertia, type SsrHttpOptions, ssrOverHttp } from "../../inertia/mod.ts";
import { SsrClient } from "../../inertia/ssr_client.ts";
import { eventually } from "../_support/eventually.ts";
import { type RawHandler, type RawUpstream, startUpstream } from "../_support/raw_http.ts";
import { test } from "../_support/test.ts";

const PAGE = { component: "Users/Index", props: {}, url: "/users", version: "" };
const JSON_PAGE = JSON.stringify(PAGE);
const RENDERED = JSON.stringify({ head: ["<title>T</title>"], body: "<main>HI</main>" });

interface Scene {
  readonly server: RawUpstream;
  /** The document of a visit. */
  visit(init?: RequestInit): Promise<string>;
  /** What was reported. */
  readonly reports: string[];
  /** Ends the connections that are kept. */
  close(): void;
}

async function withScene(
  handler: RawHandler,
  run: (scene: Scene) => Promise<void>,
  options: SsrHttpOptions = {},
): Promise<void> {
  const server = await startUpstream(handler);
  const renderer = ssrOverHttp({ url: server.url, timeoutMs: 400, ...options });
  const reports: string[] = [];
  const inertia = createInertia({
    ssr: { renderer, breaker: false },
    report: (error) => void reports.push(error instanceof Error ? error.message : String(error)),
  });
  try {
    await run({
      server,
      reports,
      close: () => renderer.close(),
      async visit(init) {
        const request = new Request("http://localhost/users", init);
        return await (await inertia.render(request, "Users/Index")).text();
      },
    });
  } finally {
    renderer.close();
    await server.close();
  }
}

const answersWell: RawHandler = (exchange) => exchange.answer(200, RENDERED);

/** What a visitor gets from whom the page is rendered, and from whom it is not. */
const isRendered = (html: string): boolean => html.includes("<main>HI</main>");
const isLeftToBrowser = (html: string): boolean => html.includes('<div id="app"></div>');

test("ssrOverHttp() posts the page as JSON, and keeps its connections", async () => {
  await withScene(answersWell, async ({ server, visit, reports }) => {
    for (let turn = 0; turn < 5; turn++) ok(isRendered(await visit()));
    equal(server.connections, 1);
    equal(server.requests.length, 5);
    const [first] = server.requests;
    deepEqual([first?.method, first?.target], ["POST", "/render"]);
    equal(first?.field("content-type"), "application/json");
    equal(JSON.parse(first?.text ?? "").component, "Users/Index");
    await Promise.all(Array.from({ length: 16 }, () => visit()));
    ok(server.connections <= 16);
    deepEqual(reports, []);
  });
});

test("ssrOverHttp() opens no more connections than it may; who waits is served", async () => {
  const handler: RawHandler = async (exchange) => {
    await exchange.readAll();
    await new Promise((resolve) => setImmediate(resolve));
    await exchange.answer(200, RENDERED);
  };
  await withScene(handler, async ({ server, visit }) => {
    const pages = await Promise.all(Array.from({ length: 20 }, () => visit()));
    ok(pages.every(isRendered));
    equal(server.connections, 2);
  }, { maxConnections: 2, timeoutMs: 5000 });
});

test("ssrOverHttp() asks again where a kept connection was closed, and once only", async () => {
  let drops = 1;
  const handler: RawHandler = async (exchange) => {
    if (exchange.connection === 0 && exchange.end.received > 0 && drops === 0) {
      return await exchange.end.reset();
    }
    drops--;
    await exchange.answer(200, RENDERED);
  };
  await withScene(handler, async ({ server, visit, reports }) => {
    ok(isRendered(await visit()));
    ok(isRendered(await visit()), "over a new connection");
    equal(server.connections, 2);
    equal(server.requests.length, 3);
    server.handler = (exchange) => exchange.end.reset();
    ok(isLeftToBrowser(await visit()));
    equal(server.requests.length, 5, "a kept connection, then a new one, and no more");
    equal(reports.length, 1);
  });
});

const FAILURES: readonly (readonly [what: string, handler: RawHandler, report: RegExp])[] = [
  ["takes the request and never answers", () => {}, /: 400 ms are over$/],
  [
    "answers so slowly that it takes for ever",
    async ({ end }) => {
      await end.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      while (end.ending === undefined) {
        await end.write("a");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    /: 400 ms are over$/,
  ],
  [
    "speaks another protocol",
    ({ end }) => end.write("220 mail.test ESMTP\r\n"),
    /^Cannot render pages at "http:\/\/127\.0\.0\.1:\d+": it does not speak HTTP\/1\.1$/,
  ],
  ["answers no JSON", (exchange) => exchange.answer(200, "<html>"), /: it is no JSON$/],
  ["answers nothing", (exchange) => exchange.answer(200), /: it is no JSON$/],
  ["answers other JSON", (exchange) => exchange.answer(200, '{"status":"NOT_FOUND"}'), /no body$/],
  ["answers a list", (exchange) => exchange.answer(200, "[1]"), /no body$/],
  [
    "redirects",
    (exchange) => exchange.answer(302, "", [["location", "http://169.254.169.254/"]]),
    /it answers 302$/,
  ],
  ["has no such address", (exchange) => exchange.answer(404, "Not Found"), /it answers 404\n/],
  ["fails", (exchange) => exchange.answer(500, '"boom"'), /it answers 500$/],
  [
    "announces 50 MB",
    ({ end }) => end.write("HTTP/1.1 200 OK\r\ncontent-length: 52428800\r\n\r\n"),
    /it is larger than 10485760 bytes$/,
  ],
  [
    "breaks off",
    async ({ end }) => {
      await end.write(`HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n${RENDERED}`);
      await end.close();
    },
    /the connection ended within the answer$/,
  ],
  [
    "closes the connection at once",
    ({ end }) => end.close(),
    /it closed the connection without an answer$/,
  ],
];

for (const [what, handler, report] of FAILURES) {
  test(`a page is left to the browser if the SSR server ${what}`, async () => {
    await withScene(handler, async ({ server, visit, reports, close }) => {
      ok(isLeftToBrowser(await visit()));
      equal(reports.length, 1);
      match(reports[0] ?? "", report);
      close();
      await eventually("no connection is left", () => server.open === 0);
    });
  });
}

test("an SSR server that sends 50 MB is cut off after 10", async () => {
  let sent = 0;
  const piece = new Uint8Array(64 * 1024).fill(97);
  const handler: RawHandler = async ({ end }) => {
    await end.write("HTTP/1.1 200 OK\r\n\r\n");
    while (end.ending === undefined && sent < 50 * 1024 * 1024) {
      await end.write(piece);
      sent += piece.length;
    }
  };
  await withScene(handler, async ({ visit, reports, server }) => {
    ok(isLeftToBrowser(await visit()));
    match(reports[0] ?? "", /it is larger than 10485760 bytes$/);
    await eventually("it is cut off", () => server.open === 0);
    // What the kernel holds on both sides is not ours.
    ok(sent < 25 * 1024 * 1024, `${sent} bytes`);
  }, { timeoutMs: 20_000 });
});

test("the limit of an answer's size is inclusive", async () => {
  const handler: RawHandler = (exchange) => exchange.answer(200, RENDERED);
  const bytes = RENDERED.length;
  await withScene(handler, async ({ visit }) => ok(isRendered(await visit())), { maxBytes: bytes });
  await withScene(handler, async ({ visit }) => ok(isLeftToBrowser(await visit())), {
    maxBytes: bytes - 1,
  });
});

test("a page is left to the browser at once if nothing listens", async () => {
  await withScene(answersWell, async ({ server, visit, reports }) => {
    await server.close();
    ok(isLeftToBrowser(await visit()));
    match(reports[0] ?? "", /^Cannot render pages at "http:.*": nothing listens there$/);
  });
});

test("connecting has a limit of its own", async () => {
  // It takes the connection, and says nothing of TLS.
  const silent = await startUpstream();
  const renderer = ssrOverHttp({
    url: `https://127.0.0.1:${silent.port}`,
    connectTimeoutMs: 100,
    timeoutMs: 60_000,
  });
  const reports: string[] = [];
  const inertia = createInertia({
    ssr: { renderer },
    report: (error) => void reports.push((error as Error).message),
  });
  const html = await (await inertia.render(new Request("http://localhost/"), "X")).text();
  ok(isLeftToBrowser(html));
  match(
    reports[0] ?? "",
    /^Cannot render pages at "https:.*": it takes no connection within 100 ms$/,
  );
  await eventually("the connection is gone", () => silent.open === 0);
  await silent.close();
});

test("a connection is not used again when Node's servers are about to close it", async () => {
  const server = await startUpstream(answersWell);
  let nowMs = 0;
  const client = new SsrClient({
    connectMs: 2000,
    maxBytes: 1000,
    maxConnections: 2,
    now: () => nowMs,
  });
  const { signal } = new AbortController();
  const post = () => client.post(new URL(server.url), JSON_PAGE, signal);
  await post();
  nowMs = 4000;
  await post();
  equal(server.connections, 1);
  nowMs = 8001;
  await post();
  equal(server.connections, 2);
  await eventually("the old one is closed", () => server.open === 1);
  client.close();
  await eventually("the new one is closed", () => server.open === 0);
  await server.close();
});

test("the end of the visit ends the rendering, and is no failure", async () => {
  const asked = Promise.withResolvers<void>();
  await withScene(() => asked.resolve(), async ({ server, visit, reports }) => {
    const client = new AbortController();
    const answer = visit({ signal: client.signal });
    await asked.promise;
    client.abort();
    ok(isLeftToBrowser(await answer));
    await eventually("the connection is gone", () => server.open === 0);
    deepEqual(reports, []);
  }, { timeoutMs: 60_000 });
});

test("other requests go on while one waits for the SSR server", async () => {
  const held = Promise.withResolvers<void>();
  const handler: RawHandler = async (exchange) => {
    await exchange.readAll();
    if (server.requests.length === 1) await held.promise;
    await exchange.answer(200, RENDERED);
  };
  let server: RawUpstream;
  await withScene(handler, async (scene) => {
    server = scene.server;
    const slow = scene.visit();
    await eventually("it was asked", () => server.requests.length === 1);
    ok(isRendered(await scene.visit()));
    held.resolve();
    ok(isRendered(await slow));
  }, { timeoutMs: 60_000 });
});

test("a page that can not be rendered is reported with what the server says about it", async () => {
  const error = {
    error: "window is not defined",
    type: "browser-api",
    hint: "Use it later.",
    sourceLocation: "src/pages/Users.tsx:3:7",
    stack: "ReferenceError",
  };
  const handler: RawHandler = (exchange) => exchange.answer(500, JSON.stringify(error));
  await withScene(handler, async ({ visit, reports }) => {
    ok(isLeftToBrowser(await visit()));
    equal(
      reports[0],
      'Cannot render "Users/Index" on the server: window is not defined, in src/pages/Users.tsx:3:7\n' +
        "  Use it later.",
    );
  });
});

test("ssrOverHttp() counts the bytes of a fetch of the user's own, too", async () => {
  const renderer = ssrOverHttp({
    maxBytes: 10,
    fetch: () => Promise.resolve(new Response("a".repeat(11))),
  });
  const request = new Request("http://localhost/");
  const { signal } = new AbortController();
  const error = await renderer.render(PAGE, { request, signal, json: JSON_PAGE })
    .catch((error: unknown) => error);
  match(String(error), /it is larger than 10 bytes$/);
});
