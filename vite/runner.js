/**
 * The entry of the Vite process: starts the project's own Vite, says how it does, and ends with its parent.
 *
 * Plain JavaScript, because it runs under Node, Bun and Deno as it stands. The parent writes one line of JSON to
 * standard input (the options) and then keeps that pipe open; the runner answers with lines of JSON on standard output,
 * each with the parent's nonce. See `sidecar/vite_protocol.ts` for both.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { isAbsolute, join, resolve } from "node:path";
import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import {
  addAllowedHosts,
  describeServer,
  fail,
  importVite,
  isAtLeast,
  modulePlugin,
  openChannel,
  plainText,
  readConfig,
  removeOrigin,
  send,
  stampOf,
  startUntilItWorks,
  versionOf,
  writeFiles,
} from "./child.js";

/** Longer than any pool keeps an idle connection, so that the front never races our close. */
const KEEP_ALIVE_MS = 120_000;
/** Node's 16 KiB are spent by one site's cookies; the front has its own limit. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Vite's watcher is deaf to a file for 50 ms after it spoke of it. */
const SECOND_LOOK_MS = 70;
const CONFIG_FILE_REGEXP = /\.(?:[cm]?[jt]s|json)$/;
// Vite writes `vite.config.ts.timestamp-*.mjs` beside a config, or into node_modules, each time it loads one.
const NOT_WRITTEN_BY_HAND_REGEXP = /\/node_modules\/|\.timestamp-/;
const VITE_QUERY_REGEXP =
  /[?&](?:import|url|raw|inline|no-inline|worker|sharedworker|worker_file|direct|html-proxy|vue|svelte|t|v)(?:[=&]|$)/;
const SOURCE_REGEXP = /\.(?:[cm]?[jt]sx?|vue|svelte|css|scss|sass|less|styl|stylus|pcss|postcss)$/;
const MODULE_DEST_REGEXP = /^(?:script|style|(?:shared|service)?worker|(?:audio|paint)worklet)$/;

/** The `server.origin` that `vite.config` itself says, before plugins add to it. */
let ownOrigin;
/** The live server. Vite restarts by assigning the new server's fields to this same object. */
let current;

/** Makes an absolute-form target (a proxy's, or a client's over a Unix socket) what Vite understands. */
function toOriginForm(request) {
  const match = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(request.url);
  if (match === null) return;
  const rest = request.url.slice(match[0].length);
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
}

/** The one HTTP server that all restarts of Vite share. */
function createListener() {
  const server = createHttpServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The front has its own; here they would cut long uploads and quiet streams.
    requestTimeout: 0,
    headersTimeout: 0,
  }, (request, response) => {
    toOriginForm(request);
    if (current !== undefined) {
      return current.middlewares(request, response, () => answerFailure(request, response));
    }
    response.writeHead(503, { "content-type": "text/plain", "retry-after": "1" });
    response.end("Vite is not ready\n");
  });
  // Registered before Vite's own listener, which parses the target.
  server.on("upgrade", (request, socket) => {
    toOriginForm(request);
    socket.on("error", () => {});
    if (current === undefined) {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    }
  });
  return server;
}

/** Errors of Vite's middlewares, by request. */
const failures = new WeakMap();

/** In middleware mode Vite logs an error and passes on, for a 404: remember it, so that it is told from a miss. */
function rememberFailures({ middlewares }) {
  const handle = (error, request, _response, next) => {
    failures.set(request, error);
    next(error);
  };
  // Last but one: after all that may fail, before Vite's own handler, which swallows the error.
  queueMicrotask(() => middlewares.stack.splice(-1, 0, { route: "", handle }));
}

/** Answers as Vite does where it owns the server: 500, and for a page its overlay, which goes when the error goes. */
function answerFailure(request, response) {
  const error = failures.get(request);
  if (error === undefined) return response.writeHead(404).end();
  const { message, stack = "", id, frame = "", plugin, loc } = error;
  const details = JSON.stringify({
    message: stripVTControlCharacters(message),
    stack: stripVTControlCharacters(stack),
    frame: stripVTControlCharacters(frame),
    id,
    plugin,
    loc,
  }).replaceAll("<", "\\u003c");
  response.writeHead(500, { "content-type": "text/html" });
  response.end(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Error</title></head>
<body><script type="module">
import { ErrorOverlay } from ${JSON.stringify(`${current.config.base}@vite/client`)};
document.body.append(new ErrorOverlay(${details}));
</script></body>
</html>
`);
}

/** Listens on loopback; resolves to the port. */
function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve(server.address().port);
    });
  });
}

/** Picks a free port. Somebody may take it before Vite does: the caller must be ready to try again. */
async function pickPort() {
  const server = createTcpServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Puts Vite's socket server on our HTTP server, by the name that this version does not call deprecated. */
function attachSockets(server, version, { clientPort }, listener) {
  // In 8.1 and later the fields of `hmr` may be views of those of `ws`: `ws` first.
  removeOrigin("ws", server.ws);
  removeOrigin("hmr", server.hmr);
  const own = { server: listener, ...(clientPort === undefined ? {} : { clientPort }) };
  if (server.ws === false) return;
  if (isAtLeast(version, 8, 1)) {
    server.ws = { ...server.ws, ...own };
  } else {
    // `hmr: false` would make these versions open port 24678; switchHmrOff() obeys it later.
    server.hmr = { ...(typeof server.hmr === "object" ? server.hmr : {}), ...own };
  }
}

/** Whether a path names a file below one of the folders that Vite serves. */
function isServedFile(config, pathname) {
  let path;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return false;
  }
  if (path.includes("\0") || path.split(/[/\\]/).includes("..")) return false;
  return [config.root, config.publicDir].some((folder) =>
    folder !== "" && statSync(join(folder, path), { throwIfNoEntry: false })?.isFile()
  );
}

/**
 * Deletes what the config says of where images and fonts are: through the one port they are where the page is. Plugins
 * for backends (Laravel, litestar-vite) put the address of a Vite there that listens itself, or a word that they replace
 * when it does.
 */
function removeAssetOrigin(server) {
  if (server.origin === undefined) return;
  const { origin } = server;
  delete server.origin;
  // What a plugin says, a user can't take out.
  if (origin !== ownOrigin) return;
  send({
    event: "warning",
    message: `Ignored server.origin = ${
      JSON.stringify(origin)
    }: one port serves images and fonts too`,
  });
}

/** In direct mode: whether Vite answers a request itself, or the backend does. */
function isForVite(config, request) {
  if (/^vite-(?:hmr|ping)$/.test(request.headers["sec-websocket-protocol"] ?? "")) return true;
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  if (request.headers.upgrade !== undefined) return false;
  const [pathname] = request.url.split(/[?#]/);
  const path = pathname.startsWith(config.base)
    ? `/${pathname.slice(config.base.length)}`
    : pathname;
  if (/^\/(?:@|__|node_modules\/)/.test(path)) return true;
  const dest = request.headers["sec-fetch-dest"] ?? "";
  const accept = request.headers.accept ?? "";
  if (accept === "text/x-vite-ping" || MODULE_DEST_REGEXP.test(dest)) return true;
  if (dest === "document" || dest === "iframe" || accept.includes("text/html")) {
    return isServedFile(config, "/index.html") || isServedFile(config, path);
  }
  return isServedFile(config, path) &&
    (SOURCE_REGEXP.test(path) || VITE_QUERY_REGEXP.test(request.url) ||
      dest !== "empty");
}

/** Two ports: Vite listens for the browser, and what is not Vite's goes to the backend. */
function forwardToBackend(config, { port, host, target }) {
  const { server } = config;
  Object.assign(server, { port, strictPort: true }, host === undefined ? {} : { host });
  const name = typeof server.host !== "string" || /^(?:0\.0\.0\.0|::)$/.test(server.host)
    ? "localhost"
    : server.host;
  // Pages come from the backend's port too: what CSS and images ask for must come back to this one.
  server.origin ??= `${server.https ? "https" : "http"}://${
    name.includes(":") ? `[${name}]` : name
  }:${port}`;
  // Last, so that the user's own rules win.
  server.proxy = {
    ...server.proxy,
    "^/": {
      target,
      ws: true,
      xfwd: true,
      bypass: (request) => isForVite(current.config, request) ? request.url : undefined,
    },
  };
}

/** Tells the parent, before the browsers know, that answers it kept are void. */
function watchReloads(server) {
  for (const channel of new Set([server.ws, server.environments.client.hot])) {
    const send_ = channel.send;
    channel.send = function (...values) {
      if (values[0]?.type === "full-reload") send({ event: "invalidate", reason: "full-reload" });
      return send_.apply(this, values);
    };
  }
}

/** The files whose change Vite has to hear of, as far as they are known. */
function filesOf({ config, environments }) {
  const modules = Object.values(environments).flatMap((
    { moduleGraph },
  ) => [...moduleGraph?.fileToModulesMap.keys() ?? []]);
  const files = [config.configFile, ...config.configFileDependencies, ...modules];
  return files.filter((file) => file && !file.includes("\0") && !file.includes("/node_modules/"));
}

/**
 * Finds the edits that Vite's watcher loses. chokidar drops the changes of a file within 50 ms of one that it told of,
 * the last of them too (a formatter that runs on save is that quick). And under Deno a burst overflows the queue of
 * `fs.watch` (1024 events, denoland/deno#35122), whereupon the change of any file may go unheard.
 *
 * @param known What is known of a file's state: as Vite last loaded it, or else as the watcher last told of it.
 */
function watchLostEdits(server, known) {
  const { watcher } = server;
  const startedAt = Date.now();
  const timers = new Map();
  let scan;
  const look = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return;
    const isNews = known.has(file) ? known.get(file) !== stampOf([file]) : stat.mtimeMs > startedAt;
    if (!isNews) return;
    watcher.emit("change", file);
    watcher.emit("all", "change", file);
  };
  // First of the listeners: what Vite reads because of the event, it reads later.
  watcher.prependListener("change", (file) => {
    known.set(file, stampOf([file]));
    clearTimeout(timers.get(file));
    timers.set(file, setTimeout(look, SECOND_LOOK_MS, file));
  });
  if (process.versions.deno === undefined) return;
  const lookAtAll = () => {
    scan = undefined;
    for (const file of filesOf(server)) look(file);
  };
  watcher.on("raw", () => scan ??= setTimeout(lookAtAll, 2 * SECOND_LOOK_MS));
}

/** Collects what is logged as an error while `work` runs. */
async function collectErrors(logger, work) {
  const messages = [];
  const { error } = logger;
  logger.error = (message, options) => {
    messages.push(plainText(message));
    error.call(logger, message, options);
  };
  try {
    await work();
  } finally {
    logger.error = error;
  }
  return messages.filter((message) => message !== "server restart failed");
}

/**
 * Runs one restart of Vite, tells how it went, and sweeps up after it. Vite logs the error of a failed one and goes on
 * as if nothing had been; only its config, which then stays the same, gives it away.
 */
async function observeRestart(listener, restart) {
  const before = current.config;
  const listeners = listener?.listeners("upgrade").slice(1) ?? [];
  send({ event: "invalidate", reason: "restart" });
  const errors = await collectErrors(before.logger, restart);
  const succeeded = current.config !== before;
  // Vite leaves the socket listeners of `server.proxy` behind: each socket would be answered twice.
  for (const old of listener?.listeners("upgrade").slice(1) ?? []) {
    if (listeners.includes(old) === succeeded) listener.off("upgrade", old);
  }
  if (!succeeded) {
    const message = errors.join("\n") || "Cannot restart Vite";
    send({ event: "error", phase: "restart", message });
    return false;
  }
  send({ event: "invalidate", reason: "restart" });
  send({ event: "restart", ...describeServer(current) });
  return true;
}

/** Makes every restart of Vite, whoever asks for it, one that the parent hears of. */
function watchRestarts(server, listener, afterwards) {
  const { restart } = server;
  let running;
  server.restart = (force) => {
    if (current === undefined || running !== undefined) return restart(force);
    running = observeRestart(listener, () => restart(force)).then((succeeded) => {
      running = undefined;
      afterwards(succeeded);
    });
    return running;
  };
}

/** After a failed restart any change may be the mending: Vite itself looks at the files of the old config alone. */
function watchMending(server, hasFailed) {
  for (const event of ["add", "change"]) {
    server.watcher.on(event, (file) => {
      const path = file.replaceAll("\\", "/");
      if (!hasFailed() || !CONFIG_FILE_REGEXP.test(path) || NOT_WRITTEN_BY_HAND_REGEXP.test(path)) {
        return;
      }
      const { config, environments } = server;
      if (path === config.configFile || config.configFileDependencies.includes(path)) return;
      if (!environments.client.moduleGraph.getModulesByFile(path)?.size) server.restart();
    });
  }
}

/** Where there is no page, the backend renders the documents, and a prefix keeps its paths and Vite's apart. */
function giveBase(config, { root, pagelessBase, hasPage = true }) {
  if (config.base !== undefined || pagelessBase === undefined) return;
  if (!hasPage || !existsSync(join(resolve(root, config.root ?? "."), "index.html"))) {
    config.base = pagelessBase;
  }
}

/** Says what `vite.config` itself says, before other plugins add to it, and overrules its base. */
function firstPlugin({ base }) {
  return {
    name: "lv-sidecar-first",
    enforce: "pre",
    config: {
      order: "pre",
      handler(config) {
        send({ event: "config", said: readConfig(config) });
        ownOrigin = config.server?.origin;
        if (base !== undefined) config.base = base;
      },
    },
  };
}

/** What is the same with one port and with two. */
function inlineConfig(options, plugin) {
  return {
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    plugins: [firstPlugin(options), modulePlugin(options.modules), plugin],
  };
}

/**
 * TanStack Start renders no pages in a Vite that does not listen itself, unless the user's own `vite.config` asks for it.
 *
 * @returns What ends it, after all plugins have looked.
 */
function pretendToListen({ config }, { framework }) {
  if (framework !== "tanstack-start") return () => {};
  const { middlewareMode } = config.server;
  config.server.middlewareMode = false;
  return () => config.server.middlewareMode = middlewareMode;
}

/** The plugin that does most. */
function createPlugin(vite, options, listener) {
  let hmrIsOff = false;
  let restartFailed = false;
  const known = new Map();
  return {
    plugin: {
      name: "lv-sidecar",
      enforce: "post",
      configResolved({ configFile, configFileDependencies }) {
        for (const file of [configFile, ...configFileDependencies]) {
          if (file !== undefined) known.set(file, stampOf([file]));
        }
      },
      load: {
        order: "pre",
        handler(id) {
          const [file] = id.split("?");
          if (isAbsolute(file) && !file.includes("/node_modules/")) {
            known.set(file, stampOf([file]));
          }
        },
      },
      config: {
        order: "post",
        handler(config) {
          config.server ??= {};
          addAllowedHosts(config.server, options.allowedHosts);
          giveBase(config, options);
          if (options.direct !== undefined) return forwardToBackend(config, options.direct);
          hmrIsOff = config.server.hmr === false && !isAtLeast(vite.version, 8, 1);
          attachSockets(config.server, vite.version, options, listener);
          removeAssetOrigin(config.server);
          config.server.middlewareMode = { server: listener };
          // The client's fallback address, and what plugins believe the address to be: the front's.
          if (options.frontPort) config.server.port = options.frontPort;
        },
      },
      configureServer(server) {
        watchReloads(server);
        watchLostEdits(server, known);
        watchMending(server, () => restartFailed);
        watchRestarts(server, listener, (succeeded) => {
          restartFailed = !succeeded;
          switchHmrOff();
        });
        const restore = pretendToListen(server, options);
        return () => {
          restore();
          rememberFailures(server);
        };
      },
    },
    switchHmrOff,
  };
  /** Obeys `hmr: false` where it could not be left in the config. */
  function switchHmrOff() {
    if (hmrIsOff && current !== undefined) current.config.server.hmr = false;
  }
}

async function startManaged(vite, options) {
  const listener = createListener();
  const port = await listen(listener, options.internalPort ?? 0);
  const { plugin, switchHmrOff } = createPlugin(vite, options, listener);
  const config = () => ({
    ...inlineConfig(options, plugin),
    server: { middlewareMode: { server: listener } },
  });
  current = await startUntilItWorks(() => vite.createServer(config()), options.root, () => {
    for (const left of listener.listeners("upgrade").slice(1)) listener.off("upgrade", left);
  });
  switchHmrOff();
  return { port };
}

async function startDirect(vite, options) {
  const port = options.direct.port || await pickPort();
  const { plugin } = createPlugin(vite, { ...options, direct: { ...options.direct, port } });
  const start = () => vite.createServer(inlineConfig(options, plugin));
  current = await startUntilItWorks(start, options.root);
  await current.listen();
  const { local, network } = current.resolvedUrls;
  return { port: current.httpServer.address().port, url: local[0] ?? network[0] };
}

/** What the parent has to say to all browsers. */
function tellBrowsers({ event, data }) {
  current?.ws.send({ type: "custom", event, data });
}

async function main() {
  const options = await openChannel(() => current?.close(), tellBrowsers);
  const vite = await importVite(options.root);
  writeFiles(options.files);
  const start = options.direct === undefined ? startManaged : startDirect;
  const address = await start(vite, options);
  send({
    event: "ready",
    ...address,
    version: options.package === undefined
      ? vite.version
      : versionOf(options.root, options.package),
    pid: process.pid,
    ...describeServer(current),
  });
}

main().catch(fail);
