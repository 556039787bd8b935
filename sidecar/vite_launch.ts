/**
 * Finds what it takes to start Vite: the project's `vite`, a runtime for it, and the runner in its place.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import buildRunnerText from "../vite/build_runner.js" with { type: "text" };
import childText from "../vite/child.js" with { type: "text" };
import configRunnerText from "../vite/config_runner.js" with { type: "text" };
import frameworkRunnerText from "../vite/framework_runner.js" with { type: "text" };
import runnerText from "../vite/runner.js" with { type: "text" };
import type { Executor } from "./config_types.ts";
import type { Framework } from "./framework.ts";
import { ancestors, findInstalled } from "./installed_package.ts";
import {
  DOTENV_FILES,
  dotenvNames,
  executorArguments,
  explainMissingExecutor,
  explainMissingFramework,
  explainMissingVite,
  explainOldExecutor,
  explainOldFramework,
  explainOldVite,
  type Launch,
  LaunchError,
  TRACE_FILES,
} from "./executor.ts";
import { acceptsVersion, adviseOnVersion, isVersionAtLeast } from "./vite_version.ts";

/** What Vite is started for: to serve the sources, to build, or to say what its config is. */
export type ViteTask = "serve" | "build" | "config";

/** Options of {@linkcode prepareLaunch}. */
export interface LaunchOptions {
  /** Absolute path of the front end's folder. */
  readonly root: string;
  /** @default node, if there is one that Vite accepts; else the runtime that we run on. */
  readonly executor?: Executor | undefined;
  /** The runtime that we run on, and its file (`process.execPath`). */
  readonly runtime: { readonly name: "deno" | "bun"; readonly execPath: string };
  /** The environment's `PATH`. */
  readonly path: string;
  /** What Vite is to do. @default "serve" */
  readonly task?: ViteTask;
  /** The framework that does it in place of Vite alone. */
  readonly framework?: Framework | undefined;
}

const FOLDER = ".lv-sidecar";
const RUNNERS = {
  serve: ["runner", runnerText],
  build: ["build", buildRunnerText],
  framework: ["framework", frameworkRunnerText],
  config: ["config", configRunnerText],
} as const;
const VERSION_TIMEOUT_MS = 5000;

async function exists(path: string): Promise<boolean> {
  return await access(path).then(() => true, () => false);
}

interface FoundPackage {
  /** The folder whose `node_modules` has it. */
  readonly folder: string;
  readonly version: string;
  /** The range of Node versions that it accepts. */
  readonly nodeRange: string;
}

async function findPackage(start: string, name: string): Promise<FoundPackage | undefined> {
  const found = await findInstalled(name, start);
  if (found === undefined) return undefined;
  const { above, manifest: { version = "0", engines } } = found;
  return { folder: above, version, nodeRange: engines?.node ?? "*" };
}

/** What is started, and the Vite in it. */
interface FoundTool extends FoundPackage {
  readonly viteVersion: string;
}

async function findTool(root: string, framework: Framework | undefined): Promise<FoundTool> {
  if (!await exists(root)) {
    throw new LaunchError(`Cannot find the root "${root}": there is no such folder`, "see --root");
  }
  return framework === undefined ? await findVite(root) : await findFramework(root, framework);
}

async function findVite(root: string): Promise<FoundTool> {
  const vite = await findPackage(root, "vite");
  if (vite === undefined) throw await diagnose(root);
  if (!adviseOnVersion(vite.version).isSupported) throw explainOldVite(vite.version);
  return { ...vite, viteVersion: vite.version };
}

async function findFramework(root: string, framework: Framework): Promise<FoundTool> {
  const found = await findPackage(root, framework.package);
  if (found === undefined) throw explainMissingFramework(framework, root);
  if (!isVersionAtLeast(found.version, framework.oldest)) {
    throw explainOldFramework(framework, found.version);
  }
  // It may have a Vite of its own, beside it or below it.
  const home = await realpath(join(found.folder, "node_modules", framework.package));
  const vite = await findPackage(home, "vite");
  return { ...found, viteVersion: vite?.version ?? "" };
}

async function diagnose(root: string): Promise<LaunchError> {
  const files = new Set<string>();
  let listsVite = false;
  for (const folder of ancestors(root)) {
    for (const name of TRACE_FILES) if (await exists(join(folder, name))) files.add(name);
    for (const name of ["package.json", "deno.json", "deno.jsonc"]) {
      const text = await readFile(join(folder, name), "utf8").catch(() => "");
      listsVite ||= /"(?:npm:)?vite(?:@[^"]*)?"/.test(text);
    }
    // A project ends where it has a manifest: what is above it is not its own.
    if (files.has("package.json") || files.has("deno.json") || files.has("deno.jsonc")) break;
  }
  return explainMissingVite({ root, files, listsVite });
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then((found) => found.isFile(), () => false);
}

/** Looks a program up as a shell would, without one. `.cmd` shims are left alone: they need a shell. */
export async function findOnPath(name: string, path: string): Promise<string | undefined> {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  for (const folder of path.split(delimiter)) {
    // Deno puts a folder first whose `node` is Deno itself.
    if (folder === "" || folder.includes("node_compat_bin")) continue;
    if (await isFile(join(folder, file))) return join(folder, file);
  }
  return undefined;
}

/** The version that a runtime says it has; empty if it says none in time. */
export function readVersion(command: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { timeout: VERSION_TIMEOUT_MS }, (_error, stdout) => {
      resolve(/(\d+\.\d+\.\d+\S*)/.exec(String(stdout))?.[1] ?? "");
    });
  });
}

/** A runtime that is there. */
export interface FoundExecutor {
  readonly executor: Executor;
  /** Absolute path. */
  readonly command: string;
}

type RuntimeOptions = Pick<LaunchOptions, "executor" | "runtime" | "path">;

async function findNamed(executor: Executor, options: RuntimeOptions): Promise<FoundExecutor> {
  const { runtime, path } = options;
  if (executor === runtime.name) return { executor, command: runtime.execPath };
  const command = await findOnPath(executor, path);
  if (command === undefined) throw explainMissingExecutor(executor);
  return { executor, command };
}

async function findNode(
  options: RuntimeOptions,
  range: string,
  name?: string,
): Promise<FoundExecutor> {
  const found = await findNamed("node", options);
  const version = await readVersion(found.command);
  if (version === "" || !acceptsVersion(range, version)) {
    throw explainOldExecutor("node", version, range, name);
  }
  return found;
}

/** The versions of Node that run what Vite builds for it. */
const NODE_RANGE = ">=20.0.0";

/**
 * Finds a runtime: the wanted one, else Node, else the one that we run on.
 *
 * @throws {LaunchError} If the wanted one is not there, or too old.
 */
export function findRuntime(options: RuntimeOptions): Promise<FoundExecutor> {
  return findExecutor(options, NODE_RANGE);
}

async function findExecutor(
  options: RuntimeOptions,
  range: string,
  name?: string,
): Promise<FoundExecutor> {
  const { executor, runtime } = options;
  if (executor === "node") return await findNode(options, range, name);
  if (executor !== undefined) return await findNamed(executor, options);
  try {
    return await findNode(options, range);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    return { executor: runtime.name, command: runtime.execPath };
  }
}

async function writeAtomically(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes a program that is not there yet as it should be. */
async function placeProgram(path: string, text: string): Promise<void> {
  if (await readFile(path, "utf8").catch(() => "") === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, text);
}

/** Puts the runner, and what it imports, where `import "vite"` means the project's Vite. */
async function placeRunner(folder: string, task: keyof typeof RUNNERS): Promise<string> {
  const [name, text] = RUNNERS[task];
  const hash = createHash("sha256").update(childText).update(text).digest("hex").slice(0, 16);
  const home = join(folder, "node_modules", FOLDER);
  const child = `child-${hash}.mjs`;
  const path = join(home, `${name}-${hash}.mjs`);
  try {
    await placeProgram(join(home, child), childText);
    await placeProgram(path, text.replace('"./child.js"', `"./${child}"`));
    return path;
  } catch (error) {
    const state = error instanceof Error ? error.message : String(error);
    throw new LaunchError(
      `Cannot write the runner into "${home}": ${state}`,
      "make node_modules writable for the user who runs this",
    );
  }
}

/** The variables that Bun took from files when it started us. */
async function findDotenvNames(): Promise<readonly string[]> {
  const texts = await Promise.all(
    DOTENV_FILES.map((name) => readFile(join(process.cwd(), name), "utf8").catch(() => "")),
  );
  return texts.flatMap((text) => dotenvNames(text, process.env));
}

/**
 * Finds Vite and its runtime, and writes the runner.
 *
 * @throws {LaunchError} If something is missing or too old; its hint says what to do.
 */
export async function prepareLaunch(options: LaunchOptions): Promise<Launch> {
  const { root, framework } = options;
  const { folder, nodeRange, viteVersion } = await findTool(root, framework);
  const { executor, command } = await findExecutor(options, nodeRange, framework?.title);
  const runnerPath = await placeRunner(folder, runnerOf(options));
  const isInstalledByDeno = await exists(join(folder, "node_modules", ".deno"));
  const conditions = framework?.conditions ?? [];
  const args = executorArguments(executor, runnerPath, { isInstalledByDeno, conditions });
  const unset = options.runtime.name === "bun" ? await findDotenvNames() : [];
  return { executor, command, args, cwd: root, viteVersion, unset };
}

function runnerOf({ task = "serve", framework }: LaunchOptions): keyof typeof RUNNERS {
  if (framework === undefined || task === "config") return task;
  return task === "serve" && framework.runner === "vite" ? "serve" : "framework";
}
