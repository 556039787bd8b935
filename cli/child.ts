/**
 * The command `child`: runs Vite for a backend that owns the port.
 *
 * @module
 */
import { assetPathOf } from "../sidecar/asset_url.ts";
import type { Config } from "../sidecar/config_types.ts";
import { childEnvironment, LaunchError } from "../sidecar/executor.ts";
import { staticPropsRequest } from "../sidecar/static_props.ts";
import { prepareLaunch } from "../sidecar/vite_launch.ts";
import { createViteProcess, type ViteProcess } from "../sidecar/vite_process.ts";
import type { Invocation } from "./args.ts";
import { type ChildPorts, readChildPorts } from "./child_ports.ts";
import { renderError, renderUsageError } from "./errors.ts";
import { isFrame } from "./log.ts";
import { errorFacts, exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { readOptions } from "./read_options.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** The options that mean something here. */
const OPTIONS = [
  "root",
  "executor",
  "mode",
  "viteMode",
  "base",
  "assetUrl",
  "staticProps",
  "startTimeout",
  "allowedHosts",
  "logLevel",
] as const;

/**
 * Runs until standard input ends, or a signal asks for the end.
 *
 * @returns The exit code.
 */
export async function runChild(run: Run, world: ProgramWorld): Promise<number> {
  world.keepOutputClean();
  const ports = readChildPorts(world.env);
  if ("problems" in ports) {
    world.err(renderUsageError(ports.problems, run.command, errorFacts(world, false)));
    return 2;
  }
  const read = await readOptions({ ...run, only: OPTIONS }, world);
  if (read === undefined) return 2;
  const end = Promise.race([untilSignal(world).then(exitCodeOf), world.inputEnd().then(() => 0)]);
  const started = startVite(read.config, ports, world);
  const leave = tellFailures(started, run, world);
  try {
    return await Promise.race([end, announce(started, run, world)]);
  } finally {
    leave();
    await started.vite.stop();
  }
}

interface StartedVite {
  readonly vite: ViteProcess;
  /** Why Vite, or a runtime for it, was not found. */
  launchError(): LaunchError | undefined;
  /** From now on a Vite that is started again takes this port. */
  keepPort(port: number): void;
}

function startVite(config: Config, ports: ChildPorts, world: ProgramWorld): StartedVite {
  const { root, mode, assetUrl, allowedHosts, vite, timeouts, logLevel } = config;
  // The backend tells its requests for Vite by their path.
  const base = config.base ?? (assetUrl === undefined ? undefined : assetPathOf(assetUrl));
  const { runtime: name, execPath, env } = world;
  const executor = vite.kind === "managed" ? vite.executor : undefined;
  let internalPort = ports.internal;
  let launchError: LaunchError | undefined;
  const process = createViteProcess({
    launch: () =>
      prepareLaunch({ root, executor, runtime: { name, execPath }, path: env["PATH"] ?? "" })
        .catch((error: unknown) => {
          if (error instanceof LaunchError) launchError = error;
          throw error;
        }),
    runner: {
      root,
      mode,
      allowedHosts,
      ...(base === undefined ? {} : { base }),
      ...(ports.client === undefined ? {} : { clientPort: ports.client, frontPort: ports.client }),
      ...staticPropsRequest(config.staticProps, root, config.types?.output),
      // Read anew at each start: the backend knows the port of the first one.
      get internalPort(): number {
        return internalPort;
      },
    },
    environment: childEnvironment(env),
    startTimeoutMs: timeouts.startMs,
    log: (line) => {
      if (logLevel === "quiet" || (logLevel === "normal" && isFrame(line))) return;
      world.err(`${line}\n`);
    },
  });
  return {
    vite: process,
    launchError: () => launchError,
    keepPort: (port) => void (internalPort = port),
  };
}

/**
 * Prints the line that the backend waits for.
 *
 * @returns Never, or the exit code where Vite does not start: the backend sees the end of our output then.
 */
async function announce(
  { vite, launchError, keepPort }: StartedVite,
  run: Run,
  world: ProgramWorld,
): Promise<number> {
  try {
    const { port } = await vite.ready();
    keepPort(port);
    world.out(`${JSON.stringify({ port, ready: true })}\n`);
  } catch (error) {
    const missing = launchError();
    // Other errors hint at what happens when they are mended; not here, for nobody waits so long.
    const told = missing ?? { message: error instanceof Error ? error.message : String(error) };
    world.err(renderError(told, errorFacts(world, run.verbose)));
    return missing === undefined ? 1 : 2;
  }
  return await new Promise(() => {});
}

/** Tells each failure after the first start; Vite is started again by itself. */
function tellFailures({ vite }: StartedVite, run: Run, world: ProgramWorld): () => void {
  let wasReady = false;
  return vite.onChange((state) => {
    if (state.kind === "failed" && wasReady) {
      const error = { message: state.reason, hint: state.hint };
      world.err(renderError(error, errorFacts(world, run.verbose)));
    }
    wasReady ||= state.kind === "ready";
  });
}
