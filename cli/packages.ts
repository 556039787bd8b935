/**
 * The commands `install` and `update`: the front end's packages, by the package manager of the project.
 *
 * @module
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Executor } from "../sidecar/config_types.ts";
import type { Invocation } from "./args.ts";
import { renderError } from "./errors.ts";
import { packageCommand, packageManagerOf } from "./package_manager.ts";
import { errorFacts, exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { readOptions } from "./read_options.ts";
import { isOnPath, runStep } from "./run_step.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** The options that mean something here. */
const OPTIONS = ["root", "executor", "logLevel"] as const;

/**
 * Installs or updates; the lock file says by which package manager.
 *
 * @returns The exit code: that of the package manager, 1 without a `package.json`, 2 for wrong usage.
 */
export async function runPackages(run: Run, world: ProgramWorld): Promise<number> {
  const read = await readOptions({ ...run, only: OPTIONS }, world);
  if (read === undefined) return 2;
  const { root, vite } = read.config;
  const problem = await manifestProblem(root);
  if (problem !== undefined) {
    world.err(renderError(problem, errorFacts(world, run.verbose)));
    return 1;
  }
  const manager = packageManagerOf(
    await readdir(root),
    (vite.kind === "managed" ? vite.executor : undefined) ?? await defaultExecutor(world),
  );
  const argv = packageCommand(manager, run.command === "update" ? "update" : "install");
  const stop = new AbortController();
  const ending = untilSignal(world).then((signal) => {
    stop.abort();
    return exitCodeOf(signal);
  });
  world.err(`${world.style.dim("$")} ${argv.join(" ")}\n`);
  const result = await runStep(argv, {
    cwd: root,
    env: world.env,
    signal: stop.signal,
    isShown: true,
  });
  if (stop.signal.aborted) return await ending;
  if (result.kind === "missing") {
    const message = `Cannot run "${argv.join(" ")}": there is no ${manager} on this machine`;
    const hint = `install ${manager}, or remove its lock file and name another one with --executor`;
    world.err(renderError({ message, hint }, errorFacts(world, run.verbose)));
    return 1;
  }
  return result.kind === "done" ? 0 : result.code ?? 1;
}

async function defaultExecutor({ env, runtime }: ProgramWorld): Promise<Executor> {
  return await isOnPath("node", env) ? "node" : runtime;
}

async function manifestProblem(
  root: string,
): Promise<{ readonly message: string; readonly hint: string } | undefined> {
  const path = join(root, "package.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) {
    return {
      message: `Cannot install packages in "${root}": it has no package.json`,
      hint: "name the front end's folder with --root, or begin one with init",
    };
  }
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return {
      message: `Cannot read "${path}": ${error instanceof Error ? error.message : String(error)}`,
      hint: "mend the file: it is no JSON",
    };
  }
}
