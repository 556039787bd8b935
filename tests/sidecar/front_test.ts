import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { RequestContext } from "../../runtime/types.ts";
import { createBridges } from "../../sidecar/bridges.ts";
import { Deadlines } from "../../sidecar/deadlines.ts";
import { Front, type FrontOptions } from "../../sidecar/front.ts";
import { resolveConfig } from "../../sidecar/config.ts";
import { PageMaker } from "../../sidecar/page_maker.ts";
import { compileRoutes } from "../../sidecar/known_routes.ts";
import type { AppLink, SidecarEvent, ViteCondition, ViteLink } from "../../sidecar/links.ts";
import { ModuleCache } from "../../sidecar/module_cache.ts";
import { SocketDesk } from "../../sidecar/socket_desk.ts";
import { ViteDesk } from "../../sidecar/vite_desk.ts";
import { eventually } from "../_support/eventually.ts";
import { onOnePort } from "../_support/one_port.ts";
import {
  openRaw,
  type RawExchange,
  type RawField,
  type RawHandler,
  renderRequest,
  valueOf,
} from "../_support/raw_http.ts";
import { test } from "../_support/test.ts";

const HTML = "<!doctype html><html><head></head><body>page</body></html>";
const DOCUMENT: RawField[] = [["Accept", "text/html"], ["Sec-Fetch-Dest", "document"]];
const SCRIPT: RawField[] = [["Accept", "*/*"], ["Sec-Fetch-Dest", "script"]];
const DEPENDENCY = "/node_modules/.vite/deps/react.js?v=1a2b3c4d";

/** Answers as Vite in SPA mode: modules, files, immutable dependencies, and its page for all else. */
const asVite: RawHandler = async (exchange) => {
  const { target } = exchange;
  if (target.startsWith("/src/")) {
    await exchange.answer(200, `vite ${target}`, [["content-type", "text/javascript"]]);
  } else if (target.startsWith("/node_modules/")) {
    await exchange.answer(200, `dep ${target}`, [
      ["content-type", "text/javascript"],
      ["cache-control", "max-age=31536000,immutable"],
      ["etag", 'W/"dep"'],
      ["vary", "Origin"],
      ...exchange.field("origin") === undefined
        ? []
        : [["access-control-allow-origin", exchange.field("origin") ?? ""] as const],
    ]);
  } else if (target === "/logo.png") {
    await exchange.answer(200, "png", [["content-type", "image/png"]]);
  } else {
    await exchange.answer(200, exchange.method === "HEAD" ? "" : HTML, [[
      "content-type",
      "text/html",
    ]]);
  }
};

const targets = (requests: readonly RawExchange[]): string[] =>
  requests.map(({ method, target }) => `${method} ${target}`);

// --- who answers

test("Front gives a typo under /api to the backend, never 200 HTML", () =>
  onOnePort(
    { vite: asVite, backend: (exchange) => exchange.answer(404, "no such thing") },
    async ({ ask, vite }) => {
      for (
        const fields of [
          DOCUMENT,
          [],
          [["Accept", "*/*"], ["Sec-Fetch-Dest", "empty"]] as RawField[],
        ]
      ) {
        const answer = await ask({ target: "/api/nope", fields });
        equal(answer.status, 404);
        equal(answer.body.toString(), "no such thing");
      }
      equal(vite.requests.length, 0);
    },
  ));

test("Front gives the backend's 404 of a document to the page, but not one that it calls final", () =>
  onOnePort({
    vite: asVite,
    backend: (exchange) =>
      exchange.target === "/final"
        ? exchange.answer(404, "gone for good", [["X-Sidecar-Final", "1"]])
        : exchange.target === "/known"
        ? exchange.answer(200, "the backend's")
        : exchange.answer(404, "not mine"),
  }, async ({ ask, vite, backend }) => {
    const page = await ask({ target: "/users/5?x", fields: DOCUMENT });
    equal(page.status, 200);
    equal(page.body.toString(), HTML);
    deepEqual(targets(backend.requests), ["GET /users/5?x"]);
    deepEqual(targets(vite.requests), ["GET /users/5?x"]);
    equal((await ask({ target: "/final", fields: DOCUMENT })).body.toString(), "gone for good");
    equal((await ask({ target: "/known", fields: DOCUMENT })).body.toString(), "the backend's");
    equal(vite.requests.length, 1);
  }));

test("Front gives a file that Vite has not to the backend: its page is no answer for a file", () =>
  onOnePort({
    vite: (exchange) => exchange.target === "/missing.js" ? exchange.answer(404) : asVite(exchange),
    backend: (exchange) => exchange.answer(200, `backend ${exchange.target}`),
  }, async ({ ask, backend }) => {
    equal((await ask({ target: "/logo.png" })).body.toString(), "png");
    equal(
      (await ask({ target: "/src/main.ts", fields: SCRIPT })).body.toString(),
      "vite /src/main.ts",
    );
    equal(backend.requests.length, 0);
    for (const target of ["/report.json", "/avatar.png", "/missing.js"]) {
      equal((await ask({ target })).body.toString(), `backend ${target}`);
    }
    const head = await ask({ method: "HEAD", target: "/report.json" });
    equal(head.status, 200);
    deepEqual(targets(backend.requests).at(-1), "HEAD /report.json");
  }));

test("Front sends a body to one upstream alone", () =>
  onOnePort(
    { vite: asVite, backend: (exchange) => exchange.answer(404, "no") },
    async ({ ask, vite, backend }) => {
      for (const target of ["/logo.png", "/src/main.ts", "/@vite/x", "/users/5"]) {
        const answer = await ask({ method: "POST", target, body: "upload", fields: DOCUMENT });
        equal(answer.status, 404, target);
      }
      equal(vite.requests.length, 0);
      equal(backend.requests.length, 4);
    },
  ));

test("Front answers nobody's request for Chromium's DevTools itself", () =>
  onOnePort({ vite: asVite }, async ({ ask, vite, backend }) => {
    const answer = await ask({ target: "/.well-known/appspecific/com.chrome.devtools.json" });
    equal(answer.status, 404);
    equal(vite.requests.length + backend.requests.length, 0);
  }));

test("Front lets the routes decide that the backend publishes", () =>
  onOnePort({
    vite: asVite,
    backend: (exchange) => exchange.answer(exchange.target === "/u/5" ? 404 : 200, "backend"),
    openapi: JSON.stringify({ openapi: "3.1.0", paths: { "/logo.png": {}, "/u/{id}": {} } }),
  }, async ({ ask, vite }) => {
    await eventually("the routes known", async () => {
      return (await ask({ target: "/logo.png" })).body.toString() === "backend";
    });
    vite.requests.length = 0;
    // A known route's 404 is the answer, also for a document.
    equal((await ask({ target: "/u/5", fields: DOCUMENT })).status, 404);
    equal(vite.requests.length, 0);
    equal((await ask({ target: "/u", fields: DOCUMENT })).body.toString(), "backend");
  }));

test("Front lets the configured routes decide before all else", () =>
  onOnePort({
    vite: asVite,
    backend: (exchange) => exchange.answer(200, "backend"),
    options: { appRoutes: ["/@me/*"], viteRoutes: ["/charts/*"] },
  }, async ({ ask }) => {
    equal((await ask({ target: "/@me/posts" })).body.toString(), "backend");
    equal((await ask({ target: "/charts/x" })).body.toString(), HTML);
  }));

test("Front with a base gives Vite what is below it, and the backend all else", () =>
  onOnePort({
    vite: (exchange) => exchange.answer(200, `vite ${exchange.target}`),
    backend: (exchange) => exchange.answer(200, `backend ${exchange.target}`),
    options: { base: "/static/" },
  }, async ({ ask }) => {
    equal(
      (await ask({ target: "/static/src/main.ts" })).body.toString(),
      "vite /static/src/main.ts",
    );
    equal(
      (await ask({ target: "/src/main.ts", fields: SCRIPT })).body.toString(),
      "backend /src/main.ts",
    );
    equal((await ask({ target: "/", fields: DOCUMENT })).body.toString(), "backend /");
  }));

test("Front without an app gives all to Vite", () =>
  onOnePort({ app: null, vite: asVite }, async ({ ask }) => {
    equal((await ask({ target: "/any/path", fields: DOCUMENT })).body.toString(), HTML);
    equal((await ask({ target: "/src/main.ts" })).body.toString(), "vite /src/main.ts");
  }));

// --- what Vite gets

test("Front gives Vite the request as it came: its own Host, Origin, and the exact target", () =>
  onOnePort({ app: null, vite: asVite }, async ({ ask, vite, port }) => {
    const origin = `http://localhost:${port}`;
    await ask({
      target: "/src/a%20b/[...slug].ts?t=1&x=%2F",
      fields: [
        ["Host", `localhost:${port}`],
        ["Origin", origin],
        ["Accept", "*/*"],
        ["Cookie", "a=1"],
        ["If-None-Match", 'W/"x"'],
        ["Sec-Fetch-Dest", "script"],
        ["X-Forwarded-For", "1.2.3.4"],
      ],
    });
    const [seen] = vite.requests;
    equal(seen?.target, "/src/a%20b/[...slug].ts?t=1&x=%2F");
    equal(seen?.field("host"), `localhost:${port}`);
    equal(seen?.field("origin"), origin);
    equal(seen?.field("sec-fetch-dest"), "script");
    equal(seen?.field("if-none-match"), 'W/"x"');
  }));

// --- what is kept

test("Front keeps Vite's immutable answers, also for requests of its own origin", () =>
  onOnePort({ app: null, vite: asVite }, async ({ ask, vite, port }) => {
    const own: RawField[] = [...SCRIPT, ["Origin", `http://127.0.0.1:${port}`]];
    for (const fields of [own, own, SCRIPT]) {
      const answer = await ask({ target: DEPENDENCY, fields });
      equal(answer.body.toString(), `dep ${DEPENDENCY}`);
      equal(valueOf(answer.fields, "etag"), 'W/"dep"');
      equal(valueOf(answer.fields, "content-type"), "text/javascript");
      equal(valueOf(answer.fields, "access-control-allow-origin"), undefined);
    }
    equal(vite.requests.length, 1);
  }));

test("Front answers 304 out of memory", () =>
  onOnePort({ app: null, vite: asVite }, async ({ ask, vite }) => {
    await ask({ target: DEPENDENCY, fields: SCRIPT });
    const answer = await ask({
      target: DEPENDENCY,
      fields: [...SCRIPT, ["If-None-Match", '"dep"']],
    });
    equal(answer.status, 304);
    equal(valueOf(answer.fields, "etag"), 'W/"dep"');
    equal(
      (await ask({ target: DEPENDENCY, fields: [...SCRIPT, ["If-None-Match", '"old"']] })).status,
      200,
    );
    equal(vite.requests.length, 1);
  }));

test("Front checks Host and origin before it looks into memory", () =>
  onOnePort(
    { app: null, vite: asVite, options: { allowedHosts: ["app.test"] } },
    async ({ ask, vite }) => {
      await ask({ target: DEPENDENCY, fields: SCRIPT });
      const evil = [
        [["Host", "evil.test"]],
        [["Origin", "http://evil.test"]],
        [["Sec-Fetch-Site", "cross-site"]],
      ] as const;
      for (const fields of evil) {
        equal((await ask({ target: DEPENDENCY, fields: [...SCRIPT, ...fields] })).status, 403);
      }
      equal(vite.requests.length, 1);
      // A page of an allowed origin gets Vite's own answer, with its CORS fields, each time.
      for (let i = 0; i < 2; i++) {
        const answer = await ask({
          target: DEPENDENCY,
          fields: [...SCRIPT, ["Origin", "http://app.test"]],
        });
        equal(valueOf(answer.fields, "access-control-allow-origin"), "http://app.test");
      }
      equal(vite.requests.length, 3);
    },
  ));

test("Front keeps nothing where that is switched off", () =>
  onOnePort({ app: null, vite: asVite, options: { cacheBytes: 0 } }, async ({ ask, vite }) => {
    for (let i = 0; i < 2; i++) await ask({ target: DEPENDENCY, fields: SCRIPT });
    equal(vite.requests.length, 2);
  }));

test("Front forgets what it kept when Vite may be another one", () =>
  onOnePort({
    app: null,
    vite: async (exchange) => {
      if (exchange.target !== "/src/break.ts") return await asVite(exchange);
      await exchange.end.reset();
    },
  }, async ({ ask, vite }) => {
    await ask({ target: DEPENDENCY, fields: SCRIPT });
    await ask({ target: "/src/break.ts", fields: SCRIPT });
    vite.requests.length = 0;
    await ask({ target: DEPENDENCY, fields: SCRIPT });
    ok(targets(vite.requests).includes(`GET ${DEPENDENCY}`));
  }));

// --- pages

test("Front puts into Vite's page what the options say, for each request anew", () => {
  let count = 0;
  return onOnePort({
    app: null,
    vite: asVite,
    options: {
      inject: (request) => ({ headEnd: `<!--${++count} ${new URL(request.url).pathname}-->` }),
    },
  }, async ({ ask, vite }) => {
    const fields: RawField[] = [...DOCUMENT, ["Accept-Encoding", "gzip"], ["If-None-Match", '"x"']];
    match((await ask({ target: "/a", fields })).body.toString(), /<!--1 \/a--><\/head>/);
    match((await ask({ target: "/b", fields })).body.toString(), /<!--2 \/b--><\/head>/);
    equal(vite.requests[0]?.field("accept-encoding"), undefined);
    equal(vite.requests[0]?.field("if-none-match"), undefined);
    equal(
      (await ask({ target: "/src/main.ts", fields: SCRIPT })).body.toString(),
      "vite /src/main.ts",
    );
  });
});

test("Front says what is wrong if that can't be made", () =>
  onOnePort({
    app: null,
    vite: asVite,
    options: { inject: () => Promise.reject(new Error("no session")) },
  }, async ({ ask, events }) => {
    const answer = await ask({ target: "/", fields: DOCUMENT });
    equal(answer.status, 500);
    match(answer.body.toString(), /no session/);
    ok(events.some(({ kind }) => kind === "error"));
  }));

// --- refusals

test("Front refuses with one line, and logs what without the query", () =>
  onOnePort({ vite: asVite }, async ({ ask, events, backend, vite }) => {
    const answer = await ask({ target: "/x?token=secret", fields: [["Host", "evil.test"]] });
    equal(answer.status, 403);
    match(
      answer.body.toString(),
      /^Cannot serve this request: the host "evil\.test" is not allowed.*\n$/,
    );
    equal(valueOf(answer.fields, "x-content-type-options"), "nosniff");
    const [warning] = events.filter((event) => event.kind === "warning");
    ok(warning?.kind === "warning");
    match(warning.message, /^Cannot serve GET ".*\/x": the host "evil\.test"/);
    ok(!warning.message.includes("secret"));
    equal(backend.requests.length + vite.requests.length, 0);
    equal((await ask({ method: "HEAD", fields: [["Host", "evil.test"]] })).status, 403);
  }));

test("Front tells each request where that is wished for", () =>
  onOnePort({ vite: asVite, options: { logLevel: "verbose" } }, async ({ ask, events }) => {
    await ask({ target: "/api/x?y" });
    const requests = events.filter((event) => event.kind === "request");
    equal(requests.length, 1);
    const [event] = requests;
    ok(event?.kind === "request");
    deepEqual([event.method, event.target, event.status], ["GET", "/api/x?y", 200]);
    ok(event.ms >= 0);
  }));

// --- peers of other machines

const SECRETS = ["/home/me/project", "vite.config.ts", "ECONNREFUSED", "8001", "secret"];

/** A front whose Vite is down and says so in detail. */
function downFront(emit: (event: SidecarEvent) => void = () => {}): Front {
  const condition: ViteCondition = {
    kind: "down",
    page: {
      title: "Vite can not start",
      reason: "secret: vite.config.ts throws",
      hint: "look into /home/me/project",
      lines: ["Error: secret", "    at /home/me/project/vite.config.ts:1:1"],
    },
    isComingBack: false,
  };
  const link: ViteLink = {
    base: "/",
    condition: () => condition,
    whenSettled: () => Promise.resolve(condition),
    whenGone: () => Promise.resolve(),
    lost: () => {},
    answered: () => {},
  };
  const shared = { trustedProxies: [], via: "sidecar-test", emit };
  const none = compileRoutes([]);
  const options: FrontOptions = {
    ...shared,
    edge: { host: "0.0.0.0", allowedHosts: [] },
    logsRequests: false,
    frontEnd: new ViteDesk({
      link,
      cache: new ModuleCache(0),
      maker: new PageMaker({ ...resolveConfig({ cwd: "/" }), inject: undefined }),
      router: { base: "/", appRoutes: none, viteRoutes: none, knownRoutes: none },
      emit,
    }),
    sockets: new SocketDesk({
      ...shared,
      runtime: { connect: () => Promise.reject(new Error("secret")) },
      vite: link,
      viteBridges: createBridges(),
      appBridges: createBridges(),
      connectMs: 1,
      handshakeMs: 1,
      pings: { everyMs: 0, deadlines: new Deadlines() },
      queueBytes: 1,
    }),
  };
  return new Front(options);
}

function contextOf(remoteAddress: string | undefined): RequestContext {
  return {
    remoteAddress,
    onAbort: () => undefined,
    upgrade: () => undefined,
    native: undefined,
  };
}

function requestFor(path: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`http://192.168.1.7:8000${path}`, {
    headers: { host: "192.168.1.7:8000", ...headers },
  });
}

const THROWS: AppLink = {
  kind: "handler",
  handler: () => {
    throw new Error("secret of /home/me/project at 8001: ECONNREFUSED");
  },
};

test("Front tells a peer of another machine nothing of what is down (V11)", async () => {
  const front = downFront();
  for (const address of ["10.0.0.1", "::ffff:10.0.0.1", undefined]) {
    for (const headers of [{ accept: "text/html" }, { accept: "*/*" }] as const) {
      for (const [path, app] of [["/src/main.ts", { kind: "none" }], ["/api/x", THROWS]] as const) {
        const answer = await front.handle(requestFor(path, headers), contextOf(address), app);
        ok(answer.status >= 500);
        const text = await answer.text() + JSON.stringify([...answer.headers]);
        for (const secret of SECRETS) ok(!text.includes(secret), `${path}: ${secret}`);
      }
    }
  }
});

test("Front tells this machine's own browser all of it", async () => {
  const front = downFront();
  const answer = await front.handle(
    requestFor("/", { accept: "text/html" }),
    contextOf("127.0.0.1"),
    { kind: "none" },
  );
  const text = await answer.text();
  for (const part of ["vite.config.ts throws", "look into", ":1:1"]) ok(text.includes(part), part);
});

test("Front tells a peer of another machine nothing through a socket that fails", async () => {
  const front = downFront();
  const request = requestFor("/?token=x", {
    upgrade: "websocket",
    connection: "Upgrade",
    origin: "http://192.168.1.7:8000",
    "sec-websocket-protocol": "vite-hmr",
    "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "sec-websocket-version": "13",
  });
  const answer = await front.handle(request, contextOf("10.0.0.1"), { kind: "none" });
  equal(answer.status, 503);
  const text = await answer.text();
  for (const secret of SECRETS) ok(!text.includes(secret), secret);
});

test("Front opens no editor for a peer of another machine", async () => {
  const front = downFront();
  const request = requestFor("/__open-in-editor?file=x", { "sec-fetch-site": "same-origin" });
  equal((await front.handle(request, contextOf("10.0.0.1"), { kind: "none" })).status, 403);
});

// --- a client that leaves

test("Front ends a request to Vite whose client has left", () =>
  onOnePort(
    { app: null, vite: async (exchange) => void await exchange.end.gone },
    async ({ port, vite }) => {
      const client = await openRaw(port);
      await client.write(renderRequest(port, { target: "/src/slow.ts" }));
      await eventually("the request", () => vite.requests.length === 1);
      await client.close();
      await vite.requests[0]?.end.gone;
    },
  ));
