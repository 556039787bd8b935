// Runs the server of a framework's build, which listens as it is imported, on a port of loopback that the system chooses.
//
// Such a server takes its address from variables, each framework's from others, and says nothing of the one that it gets;
// many listen for other machines if nobody tells them not to. So where it listens is decided here, whatever it asks for.
// Plain JavaScript on Node's modules: it is handed to a runtime as text. It ends when its standard input does.
import http from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

const LOOPBACK = "127.0.0.1";
/** Longer than any pool keeps an idle connection, so that the front never races our close. */
const KEEP_ALIVE_MS = 120_000;
/** Node's 16 KiB are spent by one site's cookies; the front has its own limit. */
const END_GRACE_MS = 1500;

const writeOut = process.stdout.write.bind(process.stdout);
const { listen } = http.Server.prototype;
let options;
let isListening = false;

function send(message) {
  writeOut(`${JSON.stringify({ lv: options.nonce, ...message })}\n`);
}

function tellReady(server) {
  send({
    event: "ready",
    port: server.address().port,
    version: "",
    pid: process.pid,
    base: "/",
    appType: "custom",
    allowedHosts: true,
    root: options.root,
    publicDir: "",
    plugins: [],
  });
}

http.Server.prototype.listen = function (...args) {
  // What it opens beside, for its own purposes, is its own.
  if (isListening) return listen.apply(this, args);
  isListening = true;
  this.keepAliveTimeout = KEEP_ALIVE_MS;
  this.requestTimeout = 0;
  this.headersTimeout = 0;
  this.once("listening", () => tellReady(this));
  const callback = args.find((value) => typeof value === "function");
  return listen.call(this, { port: 0, host: LOOPBACK }, callback);
};

function requestOf(incoming) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value].flat()) headers.append(name, one);
  }
  const { method } = incoming;
  const origin = `${headers.get("x-forwarded-proto") ?? "http"}://${headers.get("host")}`;
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? { body: Readable.toWeb(incoming), duplex: "half" } : {};
  return new Request(new URL(incoming.url, origin), { method, headers, ...body });
}

/** Serves a function from `Request` to `Response`. */
function serveFetch(handle) {
  http.createServer(async (incoming, outgoing) => {
    try {
      const response = await handle(requestOf(incoming));
      const fields = [...response.headers].filter(([name]) => name !== "set-cookie");
      outgoing.writeHead(response.status, [
        ...fields.flat(),
        ...response.headers.getSetCookie().flatMap((cookie) => ["set-cookie", cookie]),
      ]);
      if (response.body === null) return outgoing.end();
      Readable.fromWeb(response.body).on("error", () => outgoing.destroy()).pipe(outgoing);
    } catch (error) {
      console.error(error);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    }
  }).listen();
}

async function serveReactRouter(build) {
  const require = createRequire(join(options.root, "package.json"));
  const { createRequestHandler } = await import(
    pathToFileURL(require.resolve("react-router")).href
  );
  serveFetch(createRequestHandler(build, "production"));
}

async function start() {
  const { entry, serves } = options.server;
  const module = await import(entry);
  if (serves === "react-router") return await serveReactRouter(module);
  if (isListening) return;
  const fetch = module.default?.fetch ?? module.fetch;
  if (typeof fetch === "function") return serveFetch((request) => fetch(request));
  // Case: Astro's "middleware" mode
  if (typeof module.handler === "function") return http.createServer(module.handler).listen();
  throw new Error(`Cannot serve "${entry}": it neither listens nor exports what answers`);
}

function fail(error) {
  console.error(error);
  send({ event: "error", phase: "fatal", message: String(error?.message ?? error) });
  process.exit(1);
}

function end() {
  setTimeout(() => process.exit(0), END_GRACE_MS).unref();
  // What it would do if a service manager ended it: say good-bye to its database.
  if (process.listenerCount("SIGTERM") === 0) process.exit(0);
  process.emit("SIGTERM", "SIGTERM");
}

// Standard output is the channel to the parent: everybody else's words go to standard error.
process.stdout.write = process.stderr.write.bind(process.stderr);
for (const name of ["log", "info", "debug"]) {
  console[name] = (...values) => console.error(...values);
}
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
// The terminal sends it to the whole group; the parent decides, and closes our input.
process.on("SIGINT", () => {});
for (const event of ["end", "close"]) process.stdin.once(event, end);
let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  text += chunk;
  if (options !== undefined || !text.includes("\n")) return;
  options = JSON.parse(text.slice(0, text.indexOf("\n")));
  start().catch(fail);
});
