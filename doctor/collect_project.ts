/**
 * Collects what a project has beside its sources: runtimes, a build, leftovers, the machine.
 *
 * @module
 */
import { access, lstat, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Config, Executor } from "../sidecar/config_types.ts";
import { probeVite, readHotFile } from "../sidecar/hot_file.ts";
import { filesOf } from "../sidecar/manifest.ts";
import { openManifestFile } from "../sidecar/manifest_file.ts";
import { findOnPath, readVersion } from "../sidecar/vite_launch.ts";
import { absentPart, knownPart, type Part } from "./part.ts";
import { isAlive } from "./processes.ts";
import type { BuildFacts, Leftover, RuntimeFact, RuntimesFacts, SystemFacts } from "./snapshot.ts";

/** The runtime that we run on. */
export interface OwnRuntime {
  readonly name: "deno" | "bun";
  readonly version: string;
  readonly execPath: string;
}

const EXECUTORS: readonly Executor[] = ["node", "deno", "bun"];
const MAX_CHECKED_FILES = 3000;
/** Nobody writes more into a file that says where a server is. */
const MAX_LEFTOVER_BYTES = 8192;

/** Finds what can run Vite; asks for the version where that counts. */
export async function collectRuntimes(
  wanted: Executor | undefined,
  own: OwnRuntime,
  path: string,
): Promise<RuntimesFacts> {
  const found = await Promise.all(EXECUTORS.map((executor) => findRuntime(executor, own, path)));
  const available = found.filter((each) => each !== undefined);
  // Without a wish it is Node, else the runtime that we run on.
  const used = available.find(({ executor }) => executor === (wanted ?? "node")) ??
    (wanted === undefined ? available.find(({ executor }) => executor === own.name) : undefined);
  return { used, wanted, available };
}

async function findRuntime(
  executor: Executor,
  own: OwnRuntime,
  path: string,
): Promise<RuntimeFact | undefined> {
  if (executor === own.name) return { executor, command: own.execPath, version: own.version };
  const command = await findOnPath(executor, path);
  if (command === undefined) return undefined;
  // Tools have wishes about Node alone.
  return { executor, command, version: executor === "node" ? await readVersion(command) : "" };
}

/** Reads what is built. */
export async function collectBuild(
  { bundleDir, manifest }: Pick<Config, "bundleDir" | "manifest">,
): Promise<Part<BuildFacts>> {
  const folder = await stat(bundleDir).catch(() => undefined);
  if (!folder?.isDirectory()) return absentPart("nothing is built");
  const nothing = { missing: [], entries: [], base: undefined, builtMs: folder.mtimeMs };
  try {
    const file = await openManifestFile({
      folder: bundleDir,
      path: manifest,
      emit: () => {},
      everyMs: 0,
    });
    const { manifest: found, info, path } = file.current();
    file.close();
    const names = [...filesOf(found)].slice(0, MAX_CHECKED_FILES);
    const there = await Promise.all(names.map((name) => exists(join(bundleDir, name))));
    const { mtimeMs } = await stat(join(bundleDir, path));
    return knownPart({
      folder: bundleDir,
      manifestPath: path,
      builtMs: mtimeMs,
      problems: [],
      missing: names.filter((_, index) => there[index] === false),
      entries: [...found.records.values()].flatMap(({ isEntry, src }) =>
        isEntry && src !== undefined ? [src] : []
      ),
      base: info?.base,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // A folder of this name that no build has made.
    if (/it is not there/.test(why)) return absentPart("no build has a manifest");
    return knownPart({ folder: bundleDir, manifestPath: undefined, problems: [why], ...nothing });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

/** Files in which a server says that it runs, and its process id in them. */
const PID_FILES: readonly (readonly [path: string, what: string])[] = [
  [".astro/dev.json", "Astro's file"],
  [".nuxt/nuxt.lock", "Nuxt's lock"],
  ["node_modules/.cache/nuxt/.nuxt/nuxt.lock", "Nuxt's lock"],
];

/** Finds what servers leave; `hotFiles` are absolute paths, `runFiles` those of our own. */
export async function collectLeftovers(
  root: string,
  hotFiles: readonly string[],
  runFiles: readonly { readonly path: string; readonly text: string; readonly pid: number }[],
): Promise<readonly Leftover[]> {
  const found = await Promise.all([
    ...[...new Set(hotFiles)].map((path) => lookAtHotFile(root, path)),
    ...PID_FILES.map(([path, what]) => lookAtPidFile(root, path, what)),
    ...runFiles.map((file) => lookAtRunFile(root, file)),
  ]);
  return found.filter((each) => each !== undefined);
}

async function lookAtHotFile(root: string, path: string): Promise<Leftover | undefined> {
  const found = await readHotFile(path);
  if (found.kind === "absent") return undefined;
  const text = await readLeftover(path);
  if (text === undefined) return undefined;
  const own = { path: relative(root, path), text, what: "The hot file" };
  if (found.kind === "ignored") return { ...own, staleWhy: found.reason };
  // A base in front of it is one of these two, as far as anybody's plugin goes.
  const answers = await Promise.all(["", "/static"].map((base) => probeVite(found.url + base)));
  const staleWhy = answers.includes(true) ? undefined : `no Vite answers at ${found.url}`;
  return { ...own, staleWhy };
}

async function lookAtPidFile(
  root: string,
  path: string,
  what: string,
): Promise<Leftover | undefined> {
  const text = await readLeftover(join(root, path));
  if (text === undefined) return undefined;
  const [, digits] =
    /"pid"\s*:\s*(\d+)|^\s*(\d+)\s*$/.exec(text)?.filter((part) => part !== undefined) ?? [];
  const pid = Number(digits);
  if (!Number.isSafeInteger(pid) || pid < 1) return undefined;
  return { path, text, what, staleWhy: isAlive(pid) ? undefined : `process ${pid} is gone` };
}

function lookAtRunFile(
  root: string,
  { path, text, pid }: { readonly path: string; readonly text: string; readonly pid: number },
): Leftover | undefined {
  const own = relative(root, path);
  if (own.startsWith("..")) return undefined;
  const staleWhy = isAlive(pid) ? undefined : `process ${pid} is gone`;
  return { path: own, text, what: "Our own file", staleWhy };
}

async function readLeftover(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > MAX_LEFTOVER_BYTES) return undefined;
  return await readFile(path, "utf8").catch(() => undefined);
}

/** Looks at the machine. */
export async function collectSystem(
  root: string,
  platform: string,
  environment: SystemFacts["environment"],
): Promise<SystemFacts> {
  const read = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
  const watches = Number.parseInt(await read("/proc/sys/fs/inotify/max_user_watches"), 10);
  return {
    platform,
    environment,
    maxWatches: Number.isNaN(watches) ? undefined : watches,
    isWsl: /microsoft/i.test(await read("/proc/version")) && root.startsWith("/mnt/"),
    isCaseSensitive: await isCaseSensitive(root),
    nowMs: Date.now(),
  };
}

async function isCaseSensitive(root: string): Promise<boolean | undefined> {
  const own = await stat(join(root, "package.json")).catch(() => undefined);
  if (own === undefined) return undefined;
  const other = await stat(join(root, "PACKAGE.JSON")).catch(() => undefined);
  return other?.ino !== own.ino;
}
