/**
 * The entry of the process in which a framework's own dev server runs, or its build.
 *
 * It is started through the framework's programming interface, never its command line: that one may go to the background,
 * start itself anew, ask questions, and outlive us. What is said to the parent is what `runner.js` says.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  addAllowedHosts,
  describeError,
  describeServer,
  end,
  fail,
  importPackage,
  importVite,
  openChannel,
  removeOrigin,
  send,
  startUntilItWorks,
  versionOf,
} from "./child.js";

const LOOPBACK = "127.0.0.1";
/** Nothing is left to do but to hand over what is written. */
const END_GRACE_MS = 1000;
const READY_POLL_MS = 25;
const READY_LIMIT_MS = 2000;

/** Ends what was started. */
let stop = () => {};
/** The framework's Vite. It restarts by assigning the new server's fields to this same object. */
let current;

/** A plugin for the framework's Vite: hosts, the HMR client's way, and restarts that the parent hears of. */
function createObserver(options) {
  return {
    name: "lv-sidecar",
    enforce: "post",
    config: {
      order: "post",
      handler(config) {
        config.server ??= {};
        addAllowedHosts(config.server, options.allowedHosts);
        removeOrigin("ws", config.server.ws);
        removeOrigin("hmr", config.server.hmr);
      },
    },
    configureServer(server) {
      current ??= server;
      const { restart } = server;
      server.restart = async (force) => {
        // Its port is closed for a while: whoever asks now waits for the word that it is back.
        send({ event: "starting" });
        try {
          await restart(force);
        } finally {
          tellReady(options);
        }
      };
    },
  };
}

function tellReady({ root, package: name }) {
  send({
    event: "ready",
    port: current.httpServer.address()?.port,
    version: versionOf(root, name),
    pid: process.pid,
    ...describeServer(current),
  });
}

/** A start that failed may have made a server. */
function forget() {
  current = undefined;
}

async function startAstro(options) {
  const { dev } = await importPackage(options.root, "astro");
  const observer = createObserver(options);
  const running = await startUntilItWorks(
    () =>
      dev({
        root: options.root,
        mode: options.mode,
        server: { host: LOOPBACK, port: 0 },
        vite: { plugins: [observer], clearScreen: false },
      }),
    options.root,
    forget,
  );
  stop = () => running.stop();
  tellReady(options);
}

/** React Router's dev server has its pages in a Vite that listens itself, and nowhere else. */
async function startReactRouter(options) {
  const vite = await importVite(options.root);
  const server = await startUntilItWorks(
    async () => {
      const created = await vite.createServer({
        mode: options.mode,
        clearScreen: false,
        server: { host: LOOPBACK, port: 0, strictPort: true },
        plugins: [createObserver(options)],
      });
      await created.listen();
      return created;
    },
    options.root,
    forget,
  );
  stop = () => server.close();
  tellReady(options);
}

async function startNuxt(options) {
  const { runCommand } = await importPackage(options.root, "@nuxt/cli");
  const words = ["--no-fork", "--port", "0", "--host", LOOPBACK, "--no-clear"];
  // Nothing to tell before it has started.
  let announce = () => {};
  const overrides = {
    // It holds for ever what it is asked while it restarts: the parent lets go, and asks again when it is back.
    hooks: {
      close() {
        send({ event: "starting" });
        announce();
      },
    },
    vite: { server: { allowedHosts: options.allowedHosts ?? [] }, clearScreen: false },
  };
  const { result } = await startUntilItWorks(
    () => runCommand("dev", words, { overrides }),
    options.root,
  );
  stop = () => result.close();
  const { port } = result.listener.address;
  announce = async () => {
    await untilBuilt(port);
    send({
      event: "ready",
      port,
      version: versionOf(options.root, "nuxt"),
      pid: process.pid,
      base: "/",
      hmrPath: "/_nuxt/",
      appType: "custom",
      allowedHosts: options.allowedHosts ?? [],
      root: options.root,
      publicDir: "",
      plugins: [],
    });
  };
  await announce();
}

/** It answers with a page that says so for as long as it builds. */
async function untilBuilt(port) {
  for (;;) {
    // Not a page, which would be made for nobody. Without a limit the word that it is closed could never come.
    const answer = await fetch(`http://${LOOPBACK}:${port}/_nuxt/@vite/client`, {
      signal: AbortSignal.timeout(READY_LIMIT_MS),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined && answer.status !== 503) return;
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

const STARTERS = { astro: startAstro, nuxt: startNuxt, "react-router": startReactRouter };

async function buildWithVite({ root, mode }) {
  const { createBuilder } = await importVite(root);
  const builder = await createBuilder({ mode, clearScreen: false }, null);
  await builder.buildApp();
}

const BUILDERS = {
  async astro({ root }) {
    const { build } = await importPackage(root, "astro");
    await build({ root, vite: { clearScreen: false } });
  },
  async nuxt({ root }) {
    const { runCommand } = await importPackage(root, "@nuxt/cli");
    const { scripts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    // Only the project's own script tells a site of files from a server.
    await runCommand(/\bgenerate\b/.test(scripts.build ?? "") ? "generate" : "build", []);
  },
  sveltekit: buildWithVite,
  "react-router": buildWithVite,
  "tanstack-start": buildWithVite,
};

async function build(options) {
  process.env.NODE_ENV = "production";
  const version = versionOf(options.root, options.package);
  send({ event: "building", target: "client", version });
  try {
    await BUILDERS[options.framework](options);
  } catch (error) {
    send({ event: "failed", target: "client", hint: error?.hint, ...describeError(error) });
    return end(1, END_GRACE_MS);
  }
  send({ event: "done" });
  end(0, END_GRACE_MS);
}

async function main() {
  const options = await openChannel(() => stop());
  process.env.ASTRO_TELEMETRY_DISABLED ??= "1";
  process.env.NUXT_TELEMETRY_DISABLED ??= "1";
  // Another run of the same project, such as one in a terminal, is not ours to mind.
  process.env.NUXT_IGNORE_LOCK ??= "1";
  if (options.isBuild) return await build(options);
  process.env.NODE_ENV ??= "development";
  await STARTERS[options.framework](options);
}

main().catch(fail);
