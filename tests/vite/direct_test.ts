/**
 * Direct mode: two ports, Vite in front of the backend.
 *
 * @module
 */
import { equal, match, ok, rejects } from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { eventually } from "../_support/eventually.ts";
import { test } from "../_support/test.ts";
import { withVite } from "./managed.ts";

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      // A server that listens on TCP has an address with a port.
      resolve(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
    })
  );
}

/** A backend that says what it was asked, and greets sockets with the words of RFC 6455. */
function createBackend(seen: IncomingMessage[]): Server {
  const backend = createServer((request, response) => {
    seen.push(request);
    response.writeHead(request.url === "/api/none" ? 404 : 200, { connection: "close" });
    response.end(`backend ${request.method} ${request.url}`);
  });
  backend.on("upgrade", (request, socket) => {
    seen.push(request);
    socket.end("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  return backend;
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers: { connection: "close", ...headers } });
  return `${response.status} ${await response.text()}`;
}

const PAGE = { accept: "text/html", "sec-fetch-dest": "document" };
const FETCH = { accept: "application/json", "sec-fetch-dest": "empty" };
const SCRIPT = { "sec-fetch-dest": "script" };

for (const version of ["vite", "vite7", "vite6"] as const) {
  test(`direct mode forwards what is not Vite's to the backend: ${version}`, async () => {
    const seen: IncomingMessage[] = [];
    const backend = createBackend(seen);
    const target = await listen(backend);
    const runner = { direct: { port: 0, host: "127.0.0.1", target } };
    await withVite({ version, runner }, async ({ vite, project, next }) => {
      const { url = "", port } = await vite.ready();
      equal(url, `http://127.0.0.1:${port}/`);
      const origin = url.slice(0, -1);
      match(await ask(`${origin}/`, PAGE), /^200 .*<title>app<\/title>/s);
      match(await ask(`${origin}/users/5`, PAGE), /^200 .*<title>app<\/title>/s);
      match(await ask(`${origin}/main.js`, SCRIPT), /^200 .*"one"/s);
      match(await ask(`${origin}/@vite/client`), /^200 .*const hmrPort = null;/s);
      equal(seen.length, 0);
      equal(await ask(`${origin}/api/x?v=2`, FETCH), "200 backend GET /api/x?v=2");
      equal(await ask(`${origin}/api/none`, FETCH), "404 backend GET /api/none");
      const posted = await fetch(`${origin}/main.js`, { method: "POST", body: "x" });
      equal(await posted.text(), "backend POST /main.js");

      seen.length = 0;
      const socket = new WebSocket(`ws://127.0.0.1:${port}/live`);
      await new Promise((resolve) => socket.onclose = resolve);
      equal(seen[0]?.url, "/live");

      const hmr = new WebSocket(`ws://127.0.0.1:${port}/`, "vite-hmr");
      const hmrClosed = new Promise((resolve) => hmr.onclose = resolve);
      await eventually("the HMR socket", () => hmr.readyState === WebSocket.OPEN);
      const restarted = next("restart");
      await project.write("vite.config.js", "export default { define: {} }");
      await restarted;
      await hmrClosed;
      await eventually(
        "Vite on the same port",
        async () => (await ask(`${origin}/main.js`, SCRIPT)).startsWith("200"),
      );
      equal(await ask(`${origin}/api/x`, FETCH), "200 backend GET /api/x");
      await vite.stop();
      await rejects(fetch(url));
    });
    await new Promise((resolve) => backend.close(resolve));
  });
}

test("direct mode leaves pages to a backend that renders them, and names its own origin in CSS", async () => {
  const backend = createBackend([]);
  const target = await listen(backend);
  const files = {
    "index.html": "",
    "vite.config.js": "import { rmSync } from 'node:fs'; rmSync('index.html'); export default {}",
    "style.css": "a { background: url(/big.svg) }",
    "public/big.svg": "<svg/>",
  };
  const runner = { direct: { port: 0, host: "127.0.0.1", target } };
  await withVite({ files, runner }, async ({ vite }) => {
    const { url = "" } = await vite.ready();
    equal(await ask(`${url}users/5`, PAGE), "200 backend GET /users/5");
    const style = await ask(`${url}style.css`, { "sec-fetch-dest": "style", accept: "text/css" });
    ok(style.includes(`url(${url}big.svg)`), style);
  });
  await new Promise((resolve) => backend.close(resolve));
});

test("direct mode takes no other port than the one it was told", async () => {
  const backend = createBackend([]);
  const target = await listen(backend);
  const port = Number(new URL(target).port);
  await withVite({ runner: { direct: { port, host: "127.0.0.1", target } } }, async ({ vite }) => {
    await rejects(vite.ready(), {
      message: `Cannot start Vite: Port ${port} is already in use`,
      hint: /port/,
    });
  });
  await new Promise((resolve) => backend.close(resolve));
});
