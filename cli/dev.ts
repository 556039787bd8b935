/**
 * The commands `dev` and `serve`: serve the app on one port, with Vite or with a build.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { relative } from "node:path";
import { createSidecar, type Sidecar, type SidecarServer, type SidecarStatus } from "../sidecar.ts";
import { withPort } from "../sidecar/command_words.ts";
import type { Config } from "../sidecar/config_types.ts";
import { LaunchError } from "../sidecar/executor.ts";
import { findFramework } from "../sidecar/framework_source.ts";
import { prepareLaunch } from "../sidecar/vite_launch.ts";
import type { Invocation } from "./args.ts";
import { type BannerFacts, renderBanner } from "./banner.ts";
import { renderWarning } from "./errors.ts";
import { renderEvent } from "./log.ts";
import { openBrowser } from "./open_browser.ts";
import { exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { untilListening } from "./reach.ts";
import { readOptions } from "./read_options.ts";
import { writeRunFile, type WrittenRunFile } from "./run_files.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** Everything that runs. */
interface Running {
  readonly config: Config;
  readonly sidecar: Sidecar;
  readonly server: SidecarServer;
}

/** How long a backend that should be there already may take to accept a connection, in milliseconds. */
const BACKEND_GRACE_MS = 500;
/** Longer than most ends take, in milliseconds; from then on a person wonders. */
const SLOW_END_MS = 1500;

/**
 * Runs until a signal asks for the end.
 *
 * @returns The exit code.
 * @throws {Error} If the port is taken, or the entry can't be loaded.
 */
export async function runDev(run: Run, world: ProgramWorld): Promise<number> {
  if (run.json) world.keepOutputClean();
  const read = await readOptions(run, world);
  if (read === undefined) return 2;
  // Libraries of the app ask for it while they are loaded.
  if (read.config.app.kind === "entry") {
    world.sayMode(run.command === "dev" ? "development" : "production");
  }
  const signal = untilSignal(world);
  // In production nothing is written, and nobody is told anything.
  const statusKey = run.command === "dev" ? randomBytes(32).toString("hex") : undefined;
  const creating = createSidecar(read.options, {
    env: world.env,
    cwd: world.cwd,
    statusKey,
    // Its options are among those already.
    configFile: false,
  });
  // The entry's own start may take its time; Ctrl-C does not wait for it.
  const sidecar = await Promise.race([creating, signal]);
  if (typeof sidecar === "string") return exitCodeOf(sidecar);
  let runFile: WrittenRunFile | undefined;
  try {
    logEvents(sidecar, read.config, world);
    const running = { config: read.config, sidecar, server: sidecar.serve() };
    runFile = statusKey === undefined ? undefined : await writeRunFile({
      pid: world.pid,
      root: read.config.root,
      url: running.server.url,
      key: statusKey,
      version: world.version,
    });
    const stop = new AbortController();
    const ending = signal.then((name) => {
      stop.abort();
      return exitCodeOf(name);
    });
    const failure = announceWhenReady(running, { run, world, signal: stop.signal });
    return await Promise.race([ending, failure]);
  } finally {
    await runFile?.close();
    await closeVisibly(sidecar, world);
  }
}

/** Says so when the end takes its time, and how to hurry it. */
async function closeVisibly(sidecar: Sidecar, world: ProgramWorld): Promise<void> {
  const timer = setTimeout(() => {
    world.err(`${world.style.dim("Waiting for what still runs; Ctrl-C again ends it at once")}\n`);
  }, SLOW_END_MS);
  await sidecar.close().finally(() => clearTimeout(timer));
}

function logEvents(sidecar: Sidecar, { logLevel: level }: Config, world: ProgramWorld): void {
  const { style } = world;
  sidecar.onEvent((event) => {
    const line = renderEvent(event, { level, time: world.time(), style });
    if (line !== undefined) world.err(`${line}\n`);
  });
}

interface Announcement {
  readonly run: Run;
  readonly world: ProgramWorld;
  /** Aborts when the program ends. */
  readonly signal: AbortSignal;
}

/**
 * Says so when everything answers.
 *
 * @returns Never, or the exit code where no change of a file can help.
 */
async function announceWhenReady(running: Running, announcement: Announcement): Promise<number> {
  const { world, run, signal } = announcement;
  const app = appIsUp(running, announcement);
  const failure = await untilViteIsReady(running, announcement);
  if (failure !== undefined) return failure;
  const isUp = await app;
  if (!signal.aborted) {
    const status = running.sidecar.status();
    if (run.json) world.out(`${renderReadyLine(running.server, status)}\n`);
    else world.err(renderBanner(bannerFacts(running, { status, isUp, world }), world.style));
    await openIfWanted(running, world);
  }
  return await new Promise(() => {});
}

/** Waits for Vite, through any number of failures that a change of the user's files can mend. */
async function untilViteIsReady(
  running: Running,
  { world, signal }: Announcement,
): Promise<number | undefined> {
  for (;;) {
    const change = nextViteChange(running.sidecar, signal);
    try {
      await running.sidecar.ready();
      return undefined;
    } catch (error) {
      if (signal.aborted) return undefined;
      // The log has told it, and what to do.
      if (error instanceof LaunchError && !await canLaunch(running.config, world)) return 2;
    }
    await change;
    if (signal.aborted) return undefined;
  }
}

function nextViteChange(sidecar: Sidecar, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const leave = sidecar.onEvent((event) => {
    if (event.kind === "vite" && event.condition === "ready") resolve();
  });
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise.finally(leave);
}

/**
 * Tells a Vite that failed from one that is not there. A vite.config that throws can be mended while we run; without
 * Vite, or without a runtime for it, there is nothing to wait for.
 */
async function canLaunch(
  config: Config,
  { runtime, execPath, env }: ProgramWorld,
): Promise<boolean> {
  const { root, vite } = config;
  const executor = vite.kind === "managed" ? vite.executor : undefined;
  const path = env["PATH"] ?? "";
  const framework = await findFramework(config);
  const own = { name: runtime, execPath };
  return await prepareLaunch({ root, executor, runtime: own, path, framework }).then(
    () => true,
    (error: unknown) => !(error instanceof LaunchError),
  );
}

/**
 * Waits for a backend that we start, and looks once whether another one is there.
 *
 * With `--json` it is waited for without an end: that line says that everything answers.
 */
async function appIsUp(
  { config, sidecar }: Running,
  { run, signal }: Announcement,
): Promise<boolean> {
  const { origin } = sidecar.status().app;
  if (origin === undefined) return true;
  if (run.json) return await untilListening(origin, signal);
  const isOurs = config.app.kind === "command";
  const { startMs } = config.timeouts;
  const limits = [signal, ...limit(isOurs ? startMs : BACKEND_GRACE_MS)];
  const ended = new AbortController();
  const leave = sidecar.onEvent((event) => {
    const isGone = event.kind === "backend" && event.condition === "down";
    if (isOurs && isGone) ended.abort();
  });
  return await untilListening(origin, AbortSignal.any([...limits, ended.signal])).finally(leave);
}

function limit(ms: number): AbortSignal[] {
  return ms === 0 ? [] : [AbortSignal.timeout(ms)];
}

/** The line that `--json` promises. */
function renderReadyLine({ url, port }: SidecarServer, { vite, build }: SidecarStatus): string {
  if (vite === undefined) {
    return JSON.stringify({ ready: true, url, port, build: { version: build?.versionId ?? null } });
  }
  const { port: vitePort = null, version = null, executor = null } = vite;
  return JSON.stringify({ ready: true, url, port, vite: { port: vitePort, version, executor } });
}

function bannerFacts(
  { config, server }: Running,
  { status, isUp, world }: {
    readonly status: SidecarStatus;
    readonly isUp: boolean;
    readonly world: ProgramWorld;
  },
): BannerFacts {
  const name = appName(config, status, world.cwd);
  return {
    version: world.version,
    url: server.url,
    ms: world.now(),
    frontEnd: frontEndFacts(status, config, world.cwd),
    app: name === undefined ? undefined : { name, isUp },
  };
}

function frontEndFacts(
  { vite, build }: SidecarStatus,
  config: Config,
  cwd: string,
): BannerFacts["frontEnd"] {
  if (vite === undefined) {
    const { versionId = "", assetUrl = "", dir = config.bundleDir } = build ?? {};
    return { kind: "build", versionId, assetUrl, folder: relative(cwd, dir) };
  }
  const { name, version, executor, base, url } = vite;
  const viteUrl = config.vite.kind === "external" ? config.vite.url : url;
  return { kind: "vite", name, version, executor, base, url: viteUrl };
}

function appName({ app }: Config, status: SidecarStatus, cwd: string): string | undefined {
  switch (app.kind) {
    case "backend":
      return app.url;
    case "command": {
      const { origin = "" } = status.app;
      return `${withPort(app.argv, Number(new URL(origin).port)).join(" ")} at ${origin}`;
    }
    case "entry":
      return relative(cwd, app.path);
    default:
      return undefined;
  }
}

async function openIfWanted({ config, server }: Running, world: ProgramWorld): Promise<void> {
  if (!config.open || await openBrowser(world.platform, server.url)) return;
  const message =
    `Cannot open "${server.url}" in a browser: there is no program for that, open it yourself`;
  world.err(renderWarning(message, world.style));
}
