/**
 * The command `build`: what `serve` serves.
 *
 * @module
 */
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { checkFolders } from "../sidecar/build_plan.ts";
import type { BuiltTarget } from "../sidecar/build_protocol.ts";
import type { Config } from "../sidecar/config_types.ts";
import { disagreements } from "../sidecar/disagreements.ts";
import { type Launch, LaunchError } from "../sidecar/executor.ts";
import type { Framework } from "../sidecar/framework.ts";
import { findFramework } from "../sidecar/framework_source.ts";
import { runViteBuild, type ViteBuild } from "../sidecar/vite_build.ts";
import { prepareLaunch } from "../sidecar/vite_launch.ts";
import {
  BRIDGE_FILE,
  BRIDGE_VARIABLE,
  type BridgeFile,
  parseBridgeFile,
} from "../vite/bridge_file.ts";
import type { Invocation } from "./args.ts";
import { finishClient, type FinishedBuild, finishServer } from "./build_finish.ts";
import {
  type BuildReport,
  renderBuildLine,
  renderBuildReport,
  type ReportedFolder,
} from "./build_report.ts";
import { BUILD_OPTIONS, buildRequest } from "./build_request.ts";
import { adviceOnBase } from "./build_advice.ts";
import { buildWithFramework } from "./build_framework.ts";
import { generateForBuild } from "./build_types.ts";
import { errorFacts, exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { renderError, renderWarning } from "./errors.ts";
import { type ReadOptions, readOptions } from "./read_options.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** What a process that was killed has left behind is nobody's after this. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

const FAILED_REGEXP = /^\W* ?Build failed in \d/;

/**
 * Builds. What was built before stays as it is until all of it has worked.
 *
 * @returns The exit code: 0, 1 if it can't be built, 2 for wrong usage.
 * @throws {Error} If it can't be built.
 */
export async function runBuild(run: Run, world: ProgramWorld): Promise<number> {
  if (run.json) world.keepOutputClean();
  const read = await readOptions({ ...run, only: BUILD_OPTIONS }, world);
  if (read === undefined) return 2;
  const framework = await findFramework(read.config);
  const launch = await launchOrTell(read.config, { run, framework }, world);
  if (launch === undefined) return 2;
  const stop = new AbortController();
  const ending = untilSignal(world).then((signal) => {
    stop.abort();
    return exitCodeOf(signal);
  });
  const job = { read, launch, framework, signal: stop.signal };
  const work = buildWithTypes(job, run, world).then((report) => {
    if (report === undefined) return 1;
    if (run.json) world.out(`${renderBuildLine(report)}\n`);
    else if (read.config.logLevel !== "quiet") world.err(renderBuildReport(report, world.style));
    return 0;
  }).catch(async (error: unknown) => {
    // What was ended is no failure of the build.
    if (stop.signal.aborted) return await ending;
    throw error;
  });
  return await work;
}

/** @returns `undefined` where types can't be generated, which is told. */
async function buildWithTypes(
  job: BuildJob,
  run: Run,
  world: ProgramWorld,
): Promise<BuildReport | undefined> {
  const mayGoOn = await generateForBuild(job.read.config, run, world, job.signal);
  if (!mayGoOn) return undefined;
  const { framework } = job;
  return framework === undefined
    ? await buildAll(job, world)
    : await buildWithFramework({ ...job, config: job.read.config, framework }, world);
}

async function launchOrTell(
  { root, vite }: Config,
  { run: { verbose }, framework }: {
    readonly run: Run;
    readonly framework: Framework | undefined;
  },
  world: ProgramWorld,
): Promise<Launch | undefined> {
  const { runtime, execPath, env } = world;
  try {
    return await prepareLaunch({
      root,
      executor: vite.kind === "managed" ? vite.executor : undefined,
      runtime: { name: runtime, execPath },
      path: env["PATH"] ?? "",
      task: "build",
      framework,
    });
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    world.err(renderError(error, errorFacts(world, verbose)));
    return undefined;
  }
}

interface BuildJob {
  readonly read: ReadOptions;
  readonly launch: Launch;
  /** What builds in place of Vite alone. */
  readonly framework: Framework | undefined;
  readonly signal: AbortSignal;
}

async function buildAll(job: BuildJob, world: ProgramWorld): Promise<BuildReport> {
  const { read: { config, options }, launch, signal } = job;
  const bridge = await readBridge(config.root, world);
  const staging = await createStaging(dirname(launch.args.at(-1) ?? config.root));
  try {
    const built = await runViteBuild({
      launch,
      request: buildRequest({ config, options, bridge, staging }),
      // All of it, as `vite build` sees it: a plugin that uploads source maps needs its token.
      environment: world.env,
      // Vite's own word that it failed comes without a reason; ours has it.
      log: (line) => FAILED_REGEXP.test(line) ? undefined : world.err(`${line}\n`),
      signal,
    });
    signal.throwIfAborted();
    warn(adviceOn(built, job), world);
    return await finish(built, { ...job, staging }, world);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A folder in which Vite's watchers, Git and tools that read sources do not look. */
async function createStaging(home: string): Promise<string> {
  for (const name of await readdir(home)) {
    if (!name.startsWith("staging-")) continue;
    const path = join(home, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
  return await mkdtemp(join(home, "staging-"));
}

async function readBridge(root: string, world: ProgramWorld): Promise<BridgeFile> {
  const named = world.env[BRIDGE_VARIABLE] ?? "";
  const path = resolve(root, named === "" ? BRIDGE_FILE : named);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return {};
  try {
    const { bridge, warnings } = parseBridgeFile(text, path);
    warn(warnings, world);
    return bridge;
  } catch (error) {
    warn([`${error instanceof Error ? error.message : String(error)}; it is left out`], world);
    return {};
  }
}

function warn(messages: readonly string[], world: ProgramWorld): void {
  for (const message of messages) world.err(renderWarning(message, world.style));
}

function adviceOn({ client }: ViteBuild, { read: { config, options } }: BuildJob): string[] {
  return [
    ...disagreements(client.said, {
      root: config.root,
      assetUrl: config.assetUrl,
      build: {
        bundleDir: config.bundleDir,
        isBundleDirGiven: options.bundleDir !== undefined,
        manifest: config.manifest,
      },
    }),
    ...adviceOnBase(client, config.assetUrl),
  ];
}

async function finish(
  { client, ssr, viteVersion }: ViteBuild,
  { read: { config }, launch, staging }: BuildJob & { readonly staging: string },
  world: ProgramWorld,
): Promise<BuildReport> {
  checkFolders({ root: config.root, bundleDir: client.outDir, ssrDir: ssr?.outDir });
  const finished = await finishClient(client, {
    staging: join(staging, "client"),
    viteVersion,
    hotFile: resolve(config.root, config.hotFile),
    integrity: config.integrity,
    precompress: config.precompress,
  });
  warn(finished.warnings, world);
  const server = ssr === undefined ? undefined : await finishSsr(ssr, staging);
  return {
    version: world.version,
    viteVersion,
    executor: launch.executor,
    ms: world.now(),
    base: client.base,
    client: reported(finished, world),
    ssr: server === undefined ? undefined : reported(server, world),
    kept: finished.kept.length,
  };
}

async function finishSsr(ssr: BuiltTarget, staging: string): Promise<FinishedBuild> {
  return await finishServer(ssr, join(staging, "ssr"));
}

function reported({ folder, files }: FinishedBuild, { cwd }: ProgramWorld): ReportedFolder {
  return { name: relative(cwd, folder) || folder, files };
}
