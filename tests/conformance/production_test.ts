/** What runs when Vite does not: a real build behind `serve`, with neither Node nor Vite in reach. */
import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSidecar } from "../../mod.ts";
import { eventually } from "../_support/eventually.ts";
import { inFolder } from "../_support/folder.ts";
import { startServe, withBuiltExample, withServe } from "../_support/production.ts";
import { repositoryRoot } from "../_support/project.ts";
import {
  ask,
  openRaw,
  type RawField,
  type RawHandler,
  type RawRequest,
  renderRequest,
  sendRaw,
  startUpstream,
  valueOf,
} from "../_support/raw_http.ts";
import { type SidecarProcess, startRuntime } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";
import { connectBrowser, renderAgreement } from "../_support/websocket_peers.ts";

const DOCUMENT: RawField[] = [["accept", "text/html"], ["sec-fetch-dest", "document"]];

interface Answer {
  readonly status: number;
  readonly text: string;
  field(name: string): string | undefined;
}

async function get(port: number, target: string, request: RawRequest = {}): Promise<Answer> {
  const { status, fields, body } = await ask(port, { target, fields: DOCUMENT, ...request });
  return { status, text: body.toString(), field: (name) => valueOf(fields, name) };
}

async function scriptOf(port: number): Promise<string> {
  const { text } = await get(port, "/");
  const path = /<script[^>]* src="([^"]+)"/.exec(text)?.[1];
  if (path === undefined) throw new Error(`Cannot find the script of the page:\n${text}`);
  return path;
}

// --- what is answered

async function servesThePage(port: number): Promise<void> {
  const page = await get(port, "/");
  equal(page.status, 200);
  equal(page.field("content-type"), "text/html; charset=utf-8");
  equal(page.field("cache-control"), "no-cache");
  match(page.text, /<div id="root">/);
  for (const target of ["/users/5", "/index.html", "/?a=b"]) {
    equal((await get(port, target)).text, page.text, target);
  }
  const head = await get(port, "/", { method: "HEAD" });
  deepEqual([head.status, head.text], [200, ""]);
  equal(head.field("content-length"), String(page.text.length));
  const etag = page.field("etag") ?? "";
  const again = await get(port, "/", { fields: [...DOCUMENT, ["if-none-match", etag]] });
  deepEqual([again.status, again.text, again.field("etag")], [304, "", etag]);
}

async function servesTheFiles(port: number): Promise<void> {
  const target = await scriptOf(port);
  const script = await get(port, target, { fields: [] });
  equal(script.status, 200);
  match(script.field("content-type") ?? "", /^text\/javascript/);
  match(script.field("cache-control") ?? "", /immutable/);
  const coded = await get(port, target, { fields: [["accept-encoding", "br"]] });
  equal(coded.field("content-encoding"), "br");
  ok(coded.text.length < script.text.length);
  const etag = script.field("etag") ?? "";
  equal((await get(port, target, { fields: [["if-none-match", etag]] })).status, 304);
  const part = await get(port, target, { fields: [["range", "bytes=0-9"]] });
  deepEqual([part.status, part.text], [206, script.text.slice(0, 10)]);
  const posted = await get(port, target, { method: "POST", body: "x" });
  deepEqual([posted.status, posted.field("allow")], [405, "GET, HEAD"]);
  const icon = await get(port, "/static/favicon.svg");
  equal(icon.field("cache-control"), "no-cache");
  const lost = await get(port, target.replace(/-[^.]+\./, "-AaAa1111."));
  deepEqual([lost.status, lost.field("cache-control")], [404, "no-store"]);
}

/** A typo is never the page, and nothing outside the bundle is a file. */
async function refusesTheRest(port: number): Promise<void> {
  for (
    const target of ["/api/nope", "/missing.js", "/favicon.ico", "/static/nope.js", "/server.ts"]
  ) {
    const { status, text } = await get(port, target);
    equal(status, 404, target);
    ok(!text.includes("<"), `${target}: ${text}`);
  }
  for (
    const target of [
      "/static/../server.ts",
      "/static/%2e%2e/server.ts",
      "/static/..%2fserver.ts",
      "/static/..%5cserver.ts",
      "/static/.%2e/%2e./server.ts",
      "/static/%252e%252e/server.ts",
      "/static/.vite/manifest.json",
      "/static//etc/passwd",
      "/static/%00",
    ]
  ) {
    const { status, text } = await get(port, target, { fields: [] });
    ok(status >= 400 && status < 500, `${target} is answered with ${status}`);
    ok(!/ReadableStream|root:|"file"/.test(text), `${target} tells: ${text}`);
  }
}

/** Tabs that were open while Vite ran ask for its sockets for ever. */
async function refusesStaleSockets(port: number): Promise<void> {
  for (const protocols of ["vite-hmr", "vite-ping"]) {
    const peer = await connectBrowser(port, { path: "/?token=x", protocols });
    match(peer.head, /^HTTP\/1\.1 404 /, protocols);
    peer.destroy();
  }
}

async function tellsItsHealth(port: number): Promise<void> {
  for (const target of ["/healthz", "/readyz"]) {
    const { status, text, field } = await get(port, target, { fields: [] });
    deepEqual([status, text, field("cache-control")], [200, "ok\n", "no-store"], target);
  }
}

test("serve gives the page, the files, the API and 404s, without Node and without Vite", () =>
  withBuiltExample((example) =>
    withServe(example, ["--entry", "server.ts"], async ({ port, program }) => {
      const line: unknown = JSON.parse(await program.firstLine());
      deepEqual(Object.keys(line as object), ["ready", "url", "port", "build"]);
      await servesThePage(port);
      await servesTheFiles(port);
      await refusesTheRest(port);
      await refusesStaleSockets(port);
      await tellsItsHealth(port);
      match((await get(port, "/api/time")).text, /^\{"time":"/);
      const posted = await get(port, "/", { method: "POST", body: "x" });
      match(posted.text, /^\{"error":/);
      const named = [...DOCUMENT, ["host", "shop.example.com"]] satisfies RawField[];
      equal((await get(port, "/", { fields: named })).status, 200);
    })
  ));

test("serve needs no app: a typo is a 404 all the same", () =>
  withBuiltExample((example) =>
    withServe(example, [], async ({ port }) => {
      await servesThePage(port);
      await refusesTheRest(port);
      equal((await get(port, "/", { method: "POST", body: "x" })).status, 404);
    })
  ));

test("serve takes a deploy while it runs, and keeps the files of the build before", () =>
  withBuiltExample(async (example) => {
    await withServe(example, ["--entry", "server.ts"], async ({ port }) => {
      const before = await scriptOf(port);
      await example.project.edit("src/Counter.tsx", "Count up", "Count on");
      await example.deploy();
      const after = await eventually("the next build", async () => {
        const path = await scriptOf(port);
        return path !== before && path;
      });
      equal((await get(port, after)).status, 200);
      const kept = await get(port, before);
      equal(kept.status, 200);
      match(kept.text, /Count up/);
    });
  }));

test("serve says what to do where there is no build, and ends with 1", () =>
  inFolder({ "package.json": "{}" }, async (folder) => {
    const program = startServe({ folder }, []);
    const { code } = await program.exited;
    equal(code, 1);
    match(program.stderr(), /error: Cannot read the manifest .*dist.*: it is not there/);
    match(program.stderr(), /next: run the command "build" first/);
    equal(program.stdout(), "");
  }));

// --- in front of a backend

/** Answers, streams without an end below `/stream`, and takes sockets. */
const asBackend: RawHandler = async (exchange) => {
  if (exchange.field("upgrade") !== undefined) {
    await exchange.end.write(renderAgreement(exchange.head));
  } else if (exchange.target === "/stream") {
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" +
        "9\r\ndata: 1\n\n\r\n",
    );
  } else if (exchange.target.startsWith("/api/")) {
    await exchange.answer(200, `backend ${exchange.target}`);
  } else {
    await exchange.answer(404, "the backend's 404");
  }
};

test("serve stands in front of a backend; readyz knows whether that is there", () =>
  withBuiltExample(async (example) => {
    let backend = await startUpstream(asBackend);
    await withServe(example, ["--backend", backend.url], async ({ port }) => {
      match((await get(port, "/")).text, /<div id="root">/);
      equal((await get(port, "/api/time?a=b")).text, "backend /api/time?a=b");
      equal((await get(port, "/missing.js")).text, "the backend's 404");
      equal((await get(port, "/readyz")).status, 200);
      await backend.close();
      deepEqual((await get(port, "/readyz")).text, "not ready\n");
      equal((await get(port, "/healthz")).status, 200);
      const down = await get(port, "/api/time");
      equal(down.status, 503);
      ok(!down.text.includes("127.0.0.1"), "the answer tells where the backend is");
      // Nobody sends requests to who is not ready: it must find out by itself.
      backend = await startUpstream(asBackend, new Map(), backend.port);
      equal((await get(port, "/readyz")).status, 200);
      equal((await get(port, "/api/time")).text, "backend /api/time");
    }).finally(() => backend.close());
  }));

test("serve stops within 5 seconds, whatever is open; it tells sockets why and lets answers end", () =>
  withBuiltExample(async (example) => {
    const slow = Promise.withResolvers<void>();
    const backend = await startUpstream(async (exchange) => {
      if (exchange.target === "/api/slow") await slow.promise;
      await asBackend(exchange);
    });
    await withServe(example, ["--backend", backend.url], async ({ port, program }) => {
      const stream = await openRaw(port);
      await stream.write(renderRequest(port, { target: "/stream" }));
      await stream.until("data: 1");
      const socket = await connectBrowser(port, { path: "/live" });
      match(socket.head, /^HTTP\/1\.1 101 /);
      const answer = get(port, "/api/slow");
      await eventually("the slow request", () => {
        return backend.requests.some(({ target }) => target === "/api/slow");
      });
      const start = performance.now();
      program.kill("SIGTERM");
      match(await socket.nextText(), /^close:1001/);
      await eventually("a closed port", () =>
        openRaw(port).then(async (end) => {
          await end.close();
          return false;
        }, () => true));
      slow.resolve();
      deepEqual((await answer).text, "backend /api/slow");
      socket.destroy();
      const { code } = await program.exited;
      ok(performance.now() - start < 5_000, `it took ${performance.now() - start} ms`);
      equal(code, 0);
      await stream.close();
    }).finally(() => backend.close());
  }));

test("readyz says 503 while the server stops", () =>
  withBuiltExample(async ({ folder }) => {
    const sidecar = await createSidecar({ dev: false }, { cwd: folder.path, env: {} });
    const statusOf = async (name: string): Promise<number> => {
      const response = await sidecar.fetch(new Request(`http://localhost/${name}`));
      await response.body?.cancel();
      return response.status;
    };
    equal(await statusOf("readyz"), 200);
    const closed = sidecar.close();
    deepEqual([await statusOf("healthz"), await statusOf("readyz")], [200, 503]);
    await closed;
  }));

test("healthPath moves both answers, or leaves them to the app", () =>
  withBuiltExample(async ({ folder }) => {
    for (const [healthPath, at] of [["/_/", "/_/readyz"], [false, undefined]] as const) {
      const sidecar = await createSidecar({ dev: false, healthPath }, {
        cwd: folder.path,
        env: {},
      });
      const app = () => new Response("the app's", { status: 418 });
      const statusOf = async (path: string): Promise<number> => {
        const response = await sidecar.fetch(new Request(`http://localhost${path}`), app);
        await response.body?.cancel();
        return response.status;
      };
      equal(await statusOf("/readyz"), 418);
      equal(await statusOf("/_/readyz"), at === undefined ? 418 : 200);
      await sidecar.close();
    }
  }));

test("each of many requests at once gets its own token and a nonce of its own", () =>
  withBuiltExample(async ({ folder }) => {
    const csrfToken = (request: Request): string =>
      `of ${new URL(request.url).searchParams.get("user")}`;
    const options = { dev: false, nonce: true, csrfToken, host: "127.0.0.1", port: 0 };
    const sidecar = await createSidecar(options, { cwd: folder.path, env: {} });
    try {
      const { port } = sidecar.serve();
      const users = Array.from({ length: 300 }, (_, index) => 10 ** (index % 5) + index);
      const nonces = await Promise.all(users.map(async (user) => {
        const response = await fetch(`http://127.0.0.1:${port}/?user=${user}`);
        const text = await response.text();
        equal(/window\["__LV_CSRF__"\]="([^"]*)"/.exec(text)?.[1], `of ${user}`);
        ok(text.trimEnd().endsWith("</html>"));
        return / nonce="([^"]+)"/.exec(text)?.[1];
      }));
      equal(new Set(nonces).size, users.length);
    } finally {
      await sidecar.close();
    }
  }));

test("what is no HTTP, or none for us, leaves the server standing", () =>
  withBuiltExample((example) =>
    withServe(example, ["--entry", "server.ts"], async ({ port }) => {
      for (
        const bytes of [
          "\0\x01\x02\r\n\r\n",
          "GET / HTTP/1.1\r\n\r\n",
          "GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "GET http://evil.example/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        ]
      ) {
        const answer = await sendRaw(port, bytes);
        match(answer, /^(?:$|HTTP\/1\.1 (?:200|4\d\d) )/);
      }
      await servesThePage(port);
    })
  ));

// --- permissions

/** The flags of the guide, for a port that the system chooses. */
async function documentedPermissions(): Promise<readonly string[]> {
  const guide = await readFile(join(repositoryRoot, "docs", "production.md"), "utf8");
  const section = /^## Permissions$([^]*?)^## /m.exec(guide)?.[1] ?? "";
  const block = /```sh\n([^]*?)```/.exec(section)?.[1] ?? "";
  const flags = [...block.matchAll(/--allow-[a-z]+(?:=[^\s\\]+)?/g)].map(([flag]) => flag);
  return flags.map((flag) => flag.replace("127.0.0.1:8000", "127.0.0.1:0"));
}

if (runtimeName === "deno") {
  test("serve runs with the permissions of the guide, and needs each of them", () =>
    withBuiltExample(async (example) => {
      const permissions = await documentedPermissions();
      deepEqual(permissions.map((flag) => flag.split("=")[0]), [
        "--allow-net",
        "--allow-read",
        "--allow-env",
      ]);
      const args = ["--entry", "server.ts"];
      await withServe(example, args, async ({ port }) => {
        await servesThePage(port);
        await servesTheFiles(port);
        match((await get(port, "/api/time")).text, /^\{"time":"/);
        // What it may not read can't leak.
        await refusesTheRest(port);
      }, { permissions: ["--no-prompt", ...permissions] });
      for (const flag of permissions) {
        const others = permissions.filter((other) => other !== flag);
        const program = startServe(example, args, { permissions: ["--no-prompt", ...others] });
        const { code } = await program.exited;
        notEqual(code, 0, `${flag} is not needed`);
      }
    }));
}

// --- more than one of us

const APP = `
import process from "node:process";
import { createSidecar } from "@lv/sidecar";

const sidecar = await createSidecar({ dev: false });
const worker = crypto.randomUUID();

const app = (request) => new URL(request.url).pathname === "/api/version"
  ? Response.json({ version: sidecar.versionId, worker })
  : new Response("Not Found", { status: 404 });

export default {
  hostname: "127.0.0.1",
  port: Number(process.env["PORT"] ?? 0),
  reusePort: true,
  fetch: (request, native) => sidecar.fetch(request, app, native),
};
`;

/** The address that the runtime itself prints. */
async function portOf(program: SidecarProcess): Promise<number> {
  return await eventually("the address", () => {
    const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(program.stdout() + program.stderr())?.[1];
    return port === undefined ? undefined : Number(port);
  });
}

/** Starts two of us on one port: threads of one process on Deno, processes on Bun. */
async function startTwo(cwd: string): Promise<readonly [number, readonly SidecarProcess[]]> {
  const args = runtimeName === "deno"
    ? ["serve", "-A", "--parallel", "--host", "127.0.0.1", "--port", "0"]
    : ["run", `--tsconfig-override=${join(repositoryRoot, "tsconfig.json")}`];
  if (runtimeName === "deno") args.push("--config", join(repositoryRoot, "deno.json"));
  const start = (env: Readonly<Record<string, string>>) =>
    startRuntime([...args, join(cwd, "app.js")], { cwd, env });
  const first = start({ DENO_JOBS: "2" });
  const port = await portOf(first);
  return [port, runtimeName === "deno" ? [first] : [first, start({ PORT: String(port) })]];
}

async function asksUntilTwoAnswer(port: number): Promise<void> {
  const versions = new Set<string>();
  const workers = new Set<string>();
  const pages = new Set<string | undefined>();
  await eventually("answers of two", async () => {
    const { text } = await get(port, "/api/version", { fields: [["connection", "close"]] });
    const answer = JSON.parse(text) as { version: string; worker: string };
    versions.add(answer.version);
    workers.add(answer.worker);
    pages.add((await get(port, "/")).field("etag"));
    return workers.size === 2;
  });
  deepEqual([versions.size, pages.size], [1, 1]);
  for (let i = 0; i < 10; i++) equal((await get(port, await scriptOf(port))).status, 200);
}

const SHARING = runtimeName === "deno" ? "deno serve --parallel" : "Bun's reusePort";

test(`${SHARING}: two of one module serve one port, and agree on version and validators`, () =>
  withBuiltExample(async (example) => {
    // Below the repository, for the names that the module imports.
    const { root } = example.project;
    await cp(example.folder.at("dist"), join(root, "dist"), { recursive: true });
    await example.project.write("app.js", APP);
    const [port, programs] = await startTwo(root);
    try {
      await asksUntilTwoAnswer(port);
    } catch (cause) {
      throw new Error(`${cause}\n${programs.map((one) => one.stderr()).join("\n")}`, { cause });
    } finally {
      await Promise.all(programs.map((program) => program.stop()));
    }
  }));
