/**
 * The runner in real Vites: every major version that is supported, under every executor.
 *
 * @module
 */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import process from "node:process";
import type { Executor } from "../../sidecar/config_types.ts";
import type { ViteReady } from "../../sidecar/vite_process.ts";
import { eventually } from "../_support/eventually.ts";
import { test } from "../_support/test.ts";
import { isInstalled, type Managed, withVite } from "./managed.ts";

const VERSIONS = { vite: /^8\./, vite7: /^7\./, vite6: /^6\./ } as const;
const EXECUTORS = ["node", "bun", "deno"] as const;
const CONFIG = "vite.config.js";

function testUnder(executor: Executor, name: string, work: () => Promise<void>): void {
  if (isInstalled(executor)) test(`${name} (${executor})`, work);
  else test.skip(`${name} (${executor})`, `there is no ${executor} on this machine`);
}

async function get(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
  return text;
}

interface Hmr {
  readonly messages: readonly { readonly type: string }[];
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects as the browser's client does, without an Origin. */
async function openHmr(port: number, path = "/"): Promise<Hmr> {
  const messages: { type: string }[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, "vite-hmr");
  socket.onmessage = ({ data }) => messages.push(JSON.parse(String(data)));
  const closed = new Promise<void>((resolve) => socket.onclose = () => resolve());
  await eventually("the HMR greeting", () => messages.some(({ type }) => type === "connected"));
  return { messages, closed, close: () => socket.close() };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A day in the life of a Vite: it serves, updates, restarts on the same port, and is gone. */
async function liveADay(managed: Managed, version: RegExp, executor: Executor): Promise<void> {
  const { project, vite, next } = managed;
  const ready = await vite.ready();
  match(ready.version, version);
  equal(ready.executor, executor);
  equal(ready.base, "/");
  equal(ready.appType, "spa");
  equal(ready.root, project.root);
  const client = await get(ready.port, "/@vite/client");
  match(client, /const hmrPort = null;/);
  match(client, /const directSocketHost = "localhost:8123\/";/);
  match(await get(ready.port, "/main.js"), /"one"/);

  const hmr = await openHmr(ready.port);
  await project.edit("main.js", "one", "two");
  await eventually("the update", () => hmr.messages.some(({ type }) => type === "update"));

  const restarted = next("restart");
  await project.write(CONFIG, 'export default { base: "/static/" }');
  equal((await restarted).base, "/static/");
  await hmr.closed;
  const state = await vite.ready();
  equal(state.base, "/static/");
  equal(state.hmrPath, "/static/");
  equal(state.port, ready.port);
  match(await get(ready.port, "/static/main.js"), /"two"/);
  (await openHmr(ready.port, "/static/")).close();

  await vite.stop();
  equal(isAlive(ready.pid), false);
  deepEqual(managed.stderr.filter((line) => /deprecat/i.test(line)), []);
}

for (const [version, pattern] of Object.entries(VERSIONS)) {
  for (const executor of EXECUTORS) {
    testUnder(executor, `the runner serves, updates, restarts and ends: ${version}`, async () => {
      // The keys of the object above.
      const alias = version as keyof typeof VERSIONS;
      await withVite(
        { version: alias, executor, runner: { frontPort: 8123 } },
        (managed) => liveADay(managed, pattern, executor),
      );
    });
  }
}

for (const executor of EXECUTORS) {
  testUnder(executor, "a vite.config that throws at first is reported, and recovers", async () => {
    const files = { [CONFIG]: 'throw new Error("boom")' };
    await withVite({ executor, files }, async ({ project, vite }) => {
      await rejects(vite.ready(), {
        message: "Cannot start Vite: boom",
        hint: /^mend vite\.config/,
      });
      await project.write(CONFIG, 'import "./part.js"; export default {}');
      await eventually("the next error", () => {
        const state = vite.state();
        return state.kind === "failed" && /part\.js/.test(state.reason);
      });
      await project.write("part.js", "");
      await eventually("Vite to be ready", () => vite.state().kind === "ready");
      const { port } = await vite.ready();
      match(await get(port, "/main.js"), /"one"/);
    });
  });

  testUnder(executor, "a restart that fails is reported, serves on, and recovers", async () => {
    await withVite({ executor }, async ({ project, vite, next }) => {
      const { port } = await vite.ready();
      const failed = next("error");
      await project.write(CONFIG, 'import part from "./part.js"; export default part');
      const { phase, message } = await failed;
      equal(phase, "restart");
      match(message, /part\.js/);
      match(await get(port, "/main.js"), /"one"/);
      // Not a file that Vite looks at: the config that it runs with did not import it.
      const restarted = next("restart");
      await project.write("part.js", 'export default { base: "/c/" }');
      equal((await restarted).base, "/c/");
      match(await get(port, "/c/main.js"), /"one"/);
    });
  });

  testUnder(executor, "a Vite that is killed is started again", async () => {
    await withVite({ executor }, async ({ vite }) => {
      const { pid } = await vite.ready();
      process.kill(pid, "SIGKILL");
      await eventually("the loss", () => vite.state().kind !== "ready");
      const again = await vite.ready();
      ok(again.pid !== pid);
      match(await get(again.port, "/main.js"), /"one"/);
    });
  });

  testUnder(executor, "the runner ignores SIGINT, and ends fast with 0 at SIGTERM", async () => {
    await withVite({ executor }, async ({ vite }) => {
      const { pid, port } = await vite.ready();
      process.kill(pid, "SIGINT");
      match(await get(port, "/main.js"), /"one"/);
      const began = performance.now();
      process.kill(pid, "SIGTERM");
      const state = await eventually("its end", () => {
        const now = vite.state();
        return now.kind === "failed" && now;
      });
      match(state.reason, /code 0$/);
      ok(performance.now() - began < 1500);
    });
  });
}

for (const version of ["vite", "vite7", "vite6"] as const) {
  test(`what would take the sockets off the one port is ignored, with a warning: ${version}`, async () => {
    const files = {
      [CONFIG]:
        'export default { server: { hmr: { port: 4444, host: "x.test", overlay: false } } }',
    };
    await withVite({ version, files }, async ({ vite, messages, stderr }) => {
      const { port } = await vite.ready();
      const warnings = messages.flatMap((message) =>
        message.event === "warning" ? [message.message] : []
      );
      equal(warnings.length, 2);
      match(warnings.join("\n"), /^Ignored server\.(?:ws|hmr)\.host = "x\.test": one port/m);
      const client = await get(port, "/@vite/client");
      match(client, /const hmrPort = null;/);
      match(client, /(?:socketHost|hmrHost|socketProtocol)[^\n]*null/);
      match(client, /const enableOverlay = false;/);
      (await openHmr(port)).close();
      deepEqual(stderr.filter((line) => /deprecat/i.test(line)), []);
    });
  });

  test(`hmr: false opens no second port, and sends no update: ${version}`, async () => {
    const files = { [CONFIG]: "export default { server: { hmr: false } }" };
    await withVite({ version, files }, async ({ project, vite }) => {
      const { port } = await vite.ready();
      await rejects(fetch("http://127.0.0.1:24678/"));
      const hmr = await openHmr(port);
      await get(port, "/main.js");
      await project.edit("main.js", "one", "two");
      await eventually("the new text", async () => (await get(port, "/main.js")).includes("two"));
      deepEqual(hmr.messages.filter(({ type }) => type !== "connected"), []);
    });
  });
}

test("the client port of `child` is the one that browsers get", async () => {
  await withVite({ runner: { clientPort: 8777 } }, async ({ vite }) => {
    const { port } = await vite.ready();
    match(await get(port, "/@vite/client"), /const hmrPort = 8777;/);
  });
});

test("the user's hosts, root and noise stay; ours are added", async () => {
  const files = {
    [CONFIG]: `console.log("hello"); process.stdout.write("noise\\n");
      export default { root: "web", appType: "mpa", server: { allowedHosts: ["x.test"] },
        plugins: [{ name: "mine" }] }`,
    "web/index.html": "<title>web</title>",
  };
  await withVite(
    { files, runner: { allowedHosts: [".y.test"] } },
    async ({ project, vite, stderr }) => {
      const ready = await vite.ready();
      deepEqual(ready.allowedHosts, ["x.test", ".y.test"]);
      equal(ready.root, `${project.root}/web`);
      equal(ready.publicDir, `${project.root}/web/public`);
      equal(ready.appType, "mpa");
      ok(ready.plugins.includes("mine"));
      match(await get(ready.port, "/"), /<title>web<\/title>/);
      ok(stderr.includes("hello"));
      ok(stderr.includes("noise"));
    },
  );
});

test("mode and base are Vite's own options", async () => {
  const files = { "main.js": "export default import.meta.env.MODE" };
  await withVite({ files, runner: { mode: "staging", base: "/s/" } }, async ({ vite }) => {
    const { port, base } = await vite.ready();
    equal(base, "/s/");
    match(await get(port, "/s/main.js"), /"MODE": "staging"/);
  });
});

test("Vite listens on 127.0.0.1 alone, on the internal port if one is given", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(portOf(server)))
  );
  await withVite({ runner: { internalPort: port } }, async ({ vite }) => {
    await rejects(vite.ready(), { message: /EADDRINUSE|address already in use|Failed to start/i });
  });
  await new Promise((resolve) => server.close(resolve));
  await withVite({ runner: { internalPort: port } }, async ({ vite }) => {
    equal((await vite.ready()).port, port);
    await rejects(fetch(`http://127.0.0.2:${port}/`));
  });
});

function portOf(server: ReturnType<typeof createServer>): number {
  // A server that listens on TCP has an address with a port.
  return (server.address() as { port: number }).port;
}

/** Sends bytes as they are, and reads to the end of the connection. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      answer += chunk;
      if (answer.startsWith("HTTP/1.1 101")) socket.destroy();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

test("a target in absolute form is served, for requests and for sockets", async () => {
  await withVite({}, async ({ vite }) => {
    const { port } = await vite.ready();
    const head = "Host: localhost\r\nConnection: close\r\n\r\n";
    const module = await exchange(port, `GET http://localhost/main.js HTTP/1.1\r\n${head}`);
    match(module, /^HTTP\/1\.1 200/);
    match(module, /"one"/);
    match(await exchange(port, `GET http://localhost HTTP/1.1\r\n${head}`), /^HTTP\/1\.1 200/);
    const upgrade = await exchange(
      port,
      "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        "Sec-WebSocket-Protocol: vite-hmr\r\n\r\n",
    );
    match(upgrade, /^HTTP\/1\.1 101/);
  });
});

test("a full reload and a restart void what was kept", async () => {
  await withVite({}, async ({ project, vite, next }) => {
    const { port } = await vite.ready();
    await get(port, "/");
    const reloaded = next("invalidate");
    await project.edit("index.html", "app", "new");
    equal((await reloaded).reason, "full-reload");
    const restarted = next("invalidate");
    await project.write(CONFIG, "export default { define: {} }");
    equal((await restarted).reason, "restart");
  });
});

test("server.proxy forwards each socket once, also after a restart", async () => {
  let upgrades = 0;
  const backend = createServer();
  backend.on("upgrade", (_request, socket) => {
    upgrades++;
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const config = (part: string): string =>
    `export default { ${part} server: { proxy: { "/ws": { ws: true,
      target: "http://127.0.0.1:${portOf(backend)}" } } } }`;
  const ask = (port: number): Promise<string> =>
    exchange(
      port,
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  await withVite({ files: { [CONFIG]: config("") } }, async ({ project, vite, next }) => {
    const { port } = await vite.ready();
    match(await ask(port), /^HTTP\/1\.1 403/);
    for (const part of ["define: {},", "define: { a: 1 },"]) {
      const restarted = next("restart");
      await project.write(CONFIG, config(part));
      await restarted;
    }
    upgrades = 0;
    match(await ask(port), /^HTTP\/1\.1 403/);
    equal(upgrades, 1);
  });
  await new Promise((resolve) => backend.close(resolve));
});

test("row 17: many parallel starts get a port each", async () => {
  const starts = Array.from({ length: 6 }, () => {
    let ready: ViteReady | undefined;
    return withVite({}, async ({ vite }) => {
      ready = await vite.ready();
      match(await get(ready.port, "/main.js"), /"one"/);
    }).then(() => ready?.port);
  });
  equal(new Set(await Promise.all(starts)).size, 6);
});

test("row 20: restarts drop all sockets, and keep no descriptor", async () => {
  await withVite({}, async ({ project, vite, next }) => {
    const { port, pid } = await vite.ready();
    const counts: number[] = [];
    for (let round = 0; round < 8; round++) {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => openHmr(port)));
      const restarted = next("restart");
      // A watcher may lose an edit that follows another one closely, in Vite alone too.
      const writing = setInterval(() => void write(round), 1000);
      await write(round);
      await restarted;
      clearInterval(writing);
      await Promise.all(sockets.map(({ closed }) => closed));
      if (process.platform === "linux") counts.push((await readdir(`/proc/${pid}/fd`)).length);
    }
    const [, second = 0] = counts;
    ok((counts.at(-1) ?? 0) <= second + 2, counts.join());
    async function write(round: number): Promise<void> {
      await project.write(CONFIG, `export default { define: { ROUND: ${round} } }`);
    }
  });
});

test("a root without a page gets the prefix that keeps the backend's paths apart", async () => {
  const ask = async (
    files: Readonly<Record<string, string>>,
    hasPage = true,
  ): Promise<string> => {
    let base = "";
    const runner = { pagelessBase: "/static/", hasPage };
    await withVite({ files, runner }, async ({ vite }) => {
      base = (await vite.ready()).base;
    });
    return base;
  };
  equal(await ask({}), "/");
  equal(await ask({ [CONFIG]: 'export default { root: "web" }', "web/x.js": "" }), "/static/");
  equal(
    await ask({ [CONFIG]: 'export default { root: "web", base: "/b/" }', "web/x.js": "" }),
    "/b/",
  );
  // An index.html is no page where the app makes them all; what vite.config says holds all the same.
  equal(await ask({}, false), "/static/");
  equal(await ask({ [CONFIG]: 'export default { base: "/b/" }' }, false), "/b/");
});
