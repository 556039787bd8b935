// Runs an SSR bundle: as a thread of ours, or as a process that serves it over HTTP on a port of the system's choice.
//
// A bundle of Inertia's starts a server as it is imported, on a port that was chosen when it was built. Two deploys on one
// machine would fight for it, and it would listen for other machines. So its server listens where we say, or not at all.
// Plain JavaScript on Node's modules: it is handed to a runtime as text.
import http from "node:http";
import process from "node:process";
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";

const LOOPBACK = "127.0.0.1";
/** What Inertia's server says of the port that it believes to listen on. */
const MISLEADING_REGEXP =
  /^(?:\[\S+ \/ \S+\] )?(?:Starting SSR server on port|Inertia SSR server started)/;
const BROWSER_REGEXP =
  /\b(window|document|navigator|location|localStorage|sessionStorage|matchMedia|IntersectionObserver|ResizeObserver|MutationObserver)\b.* is not defined/;
const { prototype } = http.Server;
const { listen } = prototype;

function redirectConsole(write) {
  for (const name of ["log", "info", "debug", "warn", "error"]) {
    console[name] = (...values) => {
      const text = format(...values);
      if (!MISLEADING_REGEXP.test(text)) write(text);
    };
  }
}

/** Imports the bundle; what it listens with while that lasts, and the first time after it, is given to `onListen`. */
async function load(url, onListen) {
  prototype.listen = function (...args) {
    return onListen(this, args.find((value) => typeof value === "function"));
  };
  const bundle = await import(url);
  const render = await (bundle.default ?? bundle.render);
  return typeof render === "function" ? render : undefined;
}

/** Without this program, whose address is its whole text. */
function stackOf(error) {
  const lines = String(error?.stack ?? "").split("\n");
  return lines.filter((line) => !line.includes("data:text/javascript")).join("\n");
}

function describe(error, page) {
  const message = String(error?.message ?? error);
  const api = BROWSER_REGEXP.exec(message)?.[1];
  return JSON.stringify({
    error: message,
    type: api === undefined ? "render" : "browser-api",
    component: page?.component,
    url: page?.url,
    stack: stackOf(error),
    ...(api === undefined
      ? {}
      : { hint: `There is no "${api}" on a server: use it after the component has mounted.` }),
  });
}

async function answer(render, json) {
  let page;
  try {
    page = JSON.parse(json);
    return { status: 200, text: JSON.stringify(await render(page)) ?? "null" };
  } catch (error) {
    return { status: 500, text: describe(error, page) };
  }
}

async function runAsThread({ url }) {
  redirectConsole((line) => parentPort.postMessage({ kind: "log", line }));
  // Nobody needs the server: it must not keep a port, and not fail for want of one.
  const render = await load(url, (server) => server);
  parentPort.on("message", async ({ kind, id, json }) => {
    if (kind === "ping") return parentPort.postMessage({ kind: "pong" });
    parentPort.postMessage({ kind: "answer", id, ...await answer(render, json) });
  });
  parentPort.postMessage({ kind: "ready", canRender: render !== undefined });
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function readBody(request) {
  return new Promise((resolve, reject) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => resolve(Buffer.concat(pieces).toString()));
    request.on("error", reject);
  });
}

/** The same addresses as those of Inertia's server. */
function createOwnServer(render) {
  return http.createServer(async (request, response) => {
    const { status, text } = request.url === "/health"
      ? { status: 200, text: JSON.stringify({ status: "OK", timestamp: Date.now() }) }
      : await answer(render, await readBody(request));
    response.writeHead(status, { "content-type": "application/json" });
    response.end(text);
  });
}

async function runAsProcess() {
  redirectConsole((line) => process.stderr.write(`${line}\n`));
  // Whatever ends our parent closes this: nothing is left of us then.
  for (const event of ["end", "close", "error"]) process.stdin.on(event, () => process.exit(0));
  process.stdin.resume();
  // The terminal sends it to all; the parent decides.
  for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => {});
  let isListening = false;
  const open = (server, callback) => {
    isListening = true;
    prototype.listen = listen;
    server.once("listening", () => say({ kind: "ready", port: server.address().port }));
    return listen.call(server, 0, LOOPBACK, callback);
  };
  const render = await load(process.argv.at(-1), open);
  // A bundle without either may still be on its way to its server.
  if (!isListening && render !== undefined) open(createOwnServer(render));
}

if (parentPort !== null && workerData?.lvSidecarSsr !== undefined) {
  runAsThread(workerData.lvSidecarSsr).catch((error) => {
    parentPort.postMessage({ kind: "failed", message: String(error?.message ?? error) });
  });
} else {
  runAsProcess().catch((error) => {
    console.error(error);
    say({ kind: "failed", message: String(error?.message ?? error) });
    process.stdout.end(() => process.exit(1));
  });
}
