/** A backend that starts after us: the user waits on a page that says so, and touches nothing. */
import { ok } from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { Browser } from "playwright-core";
import { browserTest } from "../_support/browser.ts";
import { countsUp, openPage, sees } from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { hasProc, listeningSockets } from "../_support/listening.ts";
import { copyExample, type Project } from "../_support/project.ts";
import { type SidecarProcess, startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

const NAME = `dev on ${runtimeName} with a backend that is down: ` +
  "a page says so and turns into the app by itself";

const answer: RequestListener = (request, response) => {
  response.statusCode = request.url === "/api/time" ? 200 : 404;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ time: new Date().toISOString() }));
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => {
      // A server that listens on TCP has an address with a port.
      resolve((server.address() as { port: number }).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** A port on which nobody listens: one that was ours a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await close(server);
  return port;
}

/** The port of a program that has not printed its ready line yet. */
const portOf = (program: SidecarProcess): Promise<number> =>
  eventually("the program's socket", async () => {
    const [socket] = await listeningSockets([program.pid]);
    return socket?.port;
  });

async function waitsForBackend(browser: Browser, project: Project): Promise<void> {
  const backendPort = await closedPort();
  const backend = createServer(answer);
  const args = ["--root", project.root, "--backend", `http://127.0.0.1:${backendPort}`];
  const program = startSidecar(["dev", "--port", "0", "--json", ...args]);
  try {
    const page = await openPage(browser);
    const response = await page.goto(`http://127.0.0.1:${await portOf(program)}/`);
    ok(response !== null && response.status() >= 500, `the status is ${response?.status()}`);
    ok((await page.locator("body").innerText()).includes(`127.0.0.1:${backendPort}`));
    await listen(backend, backendPort);
    await countsUp(page);
    await sees(page, "#time", /\d/);
    await page.close();
  } catch (cause) {
    throw new Error(`${cause}\n${program.stderr()}`, { cause });
  } finally {
    await program.stop();
    await close(backend);
    await project.remove();
  }
}

if (!hasProc) test.skip(NAME, "there is no /proc to find the program's port in");
else browserTest(NAME, async (browser) => waitsForBackend(browser, await copyExample("react-spa")));
