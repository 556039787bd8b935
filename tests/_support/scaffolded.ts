/**
 * Projects as `init` makes them, outside of this repository, installed, checked, built and run by their own tasks.
 *
 * @module
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Backend } from "../../cli/template.ts";
import { repositoryRoot } from "./project.ts";
import { denoCommand } from "./runtimes.ts";
import { type SidecarProcess, startProgram } from "./sidecar_process.ts";

const run = promisify(execFile);

/** One place of the matrix. */
export interface ScaffoldCase {
  readonly template: string;
  readonly backend: Backend;
  /** More flags of `init`. */
  readonly flags: readonly string[];
}

/** A project that was made. */
export interface ScaffoldedApp {
  readonly root: string;
  /** Runs a task of the project to its end. */
  task(name: string): Promise<string>;
  /** Starts a task of the project, which serves on a free port and says so as JSON. */
  start(name: "dev" | "serve"): SidecarProcess;
  remove(): Promise<void>;
}

/** What a task may take: a build on two busy cores. */
const TASK_MS = 90_000;
const NAME = "my-app";
const VENV = join(repositoryRoot, "tests", ".tmp", "scaffold-venv");

async function runTask(
  command: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await run(command, [...args], {
      cwd,
      env: { ...environment(), ...more },
      timeout: TASK_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch (cause) {
    // What execFile rejects with has what the program wrote.
    const { stdout = "", stderr = "" } = cause as { stdout?: string; stderr?: string };
    throw new Error(`Cannot run "${command} ${args.join(" ")}":\n${stdout}\n${stderr}`, { cause });
  }
}

/** An ordinary terminal's: the variables of a test runner are none of the project's business. */
function environment(): Record<string, string | undefined> {
  const { NODE_ENV: _, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1", CI: "1" };
}

/** Why packages can't be installed here, if so. */
export function whyNoPackages(): string | undefined {
  const { status } = spawnSync("npm", ["ping", "--fetch-retries=0"], { stdio: "ignore" });
  return status === 0 ? undefined : "the registry of npm can't be reached";
}

/** Makes the Python environment of all projects once; returns why it can't be had. */
async function preparePython(root: string): Promise<void> {
  if (!existsSync(join(VENV, "bin", "pytest"))) {
    await mkdir(join(repositoryRoot, "tests", ".tmp"), { recursive: true });
    await runTask("python3", ["-m", "venv", VENV], root);
    const pip = ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"];
    await runTask(join(VENV, "bin", "python"), pip, root);
  }
  await symlink(VENV, join(root, ".venv"), "junction");
}

/** Makes a project by the command line, and installs its packages with npm; `env` is over our environment in all that it runs. */
export async function scaffoldApp(
  { template, backend, flags }: ScaffoldCase,
  env: Readonly<Record<string, string>> = {},
): Promise<ScaffoldedApp> {
  const parent = await realpath(await mkdtemp(join(tmpdir(), "lv-sidecar-scaffold-")));
  const remove = (): Promise<void> => rm(parent, { recursive: true, force: true, maxRetries: 5 });
  const root = join(parent, NAME);
  const isBun = backend === "bun";
  const [program, ...words] = isBun ? ["bun", "run"] : [denoCommand, "run", "-A"];
  const chosen = ["--template", template, "--backend", backend, ...flags];
  const init = ["init", NAME, ...chosen, "--no-install", "--no-interactive"];
  try {
    await runTask(program ?? "", [...words, join(repositoryRoot, "mod.ts"), ...init], parent, env);
    await runTask("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], root, env);
    if (backend === "litestar") await preparePython(root);
  } catch (error) {
    await remove();
    throw error;
  }
  const [runner, ...how] = isBun ? ["bun", "run"] : [denoCommand, "task", "--quiet"];
  return {
    root,
    remove,
    task: (name) => runTask(runner ?? "", [...how, name], root, env),
    start: (name) =>
      startProgram(runner ?? "", [...how, name, "--port", "0", "--json"], { cwd: root, env }),
  };
}
