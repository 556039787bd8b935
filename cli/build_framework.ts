/**
 * A build by a framework: its own, in the folder that it chooses.
 *
 * @module
 */
import { dirname, relative } from "node:path";
import { scanAssets } from "../sidecar/asset_scan.ts";
import { listFiles } from "../sidecar/build_install.ts";
import type { Config } from "../sidecar/config_types.ts";
import type { Launch } from "../sidecar/executor.ts";
import type { Framework } from "../sidecar/framework.ts";
import { explainNoBuild, findFrameworkBuild } from "../sidecar/framework_source.ts";
import { precompress } from "../sidecar/precompress.ts";
import { runFrameworkBuild } from "../sidecar/vite_build.ts";
import type { BuildReport, ReportedFolder } from "./build_report.ts";
import { renderWarning } from "./errors.ts";
import type { ProgramWorld } from "./program.ts";

/** What is to be built, and with what. */
export interface FrameworkBuildJob {
  readonly config: Config;
  readonly framework: Framework;
  readonly launch: Launch;
  readonly signal: AbortSignal;
}

/**
 * Builds.
 *
 * @throws {Error} If it can't be built, or nothing came of it.
 */
export async function buildWithFramework(
  { config, framework, launch, signal }: FrameworkBuildJob,
  world: ProgramWorld,
): Promise<BuildReport> {
  const version = await runFrameworkBuild({
    launch,
    root: config.root,
    framework,
    environment: world.env,
    log: (line) => config.logLevel === "quiet" || world.err(`${line}\n`),
    signal,
  });
  signal.throwIfAborted();
  const built = await findFrameworkBuild(config, framework);
  if (built === undefined) throw explainNoBuild(config.root, framework);
  const { dir, browserDir } = built;
  if (config.precompress && browserDir !== undefined) {
    const { problems } = await precompress((await scanAssets(browserDir)).files);
    for (const problem of problems) world.err(renderWarning(problem, world.style));
  }
  return {
    version: world.version,
    viteVersion: version,
    tool: framework.title,
    executor: launch.executor,
    ms: world.now(),
    base: "/",
    client: await reported(browserDir ?? dir, world),
    ssr: built.server === undefined
      ? undefined
      : await reported(dirname(built.server.entry), world, browserDir),
    kept: 0,
  };
}

async function reported(
  folder: string,
  { cwd }: ProgramWorld,
  without?: string,
): Promise<ReportedFolder> {
  const files = await listFiles(folder);
  const left = without === undefined ? undefined : `${relative(folder, without)}/`;
  return {
    name: relative(cwd, folder) || folder,
    // SvelteKit has what browsers load among what the server needs.
    files: left === undefined || left.startsWith("..")
      ? files
      : files.filter(({ path }) => !path.startsWith(left)),
  };
}
