/**
 * Keeps the files of the last build in a bundle directory while Vite writes the next one.
 *
 * @module
 */
import {
  constants,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { scanAssets } from "./asset_scan.ts";
import type { ScannedFile } from "./asset_map.ts";
import {
  BUILD_RECORD_PATH,
  type BuildRecord,
  guessBuildRecord,
  parseBuildRecord,
  planRetention,
  renderBuildRecord,
  type RetentionPlan,
} from "./build_record.ts";

/** What {@linkcode holdBuilds} needs. */
export interface RetainedBuildsOptions {
  /** The bundle directory: an absolute path. It may not be there yet. */
  readonly dir: string;
  /** Vite's `build.assetsDir`. @default "assets" */
  readonly assetsDir?: string;
  /** Vite's `publicDir`, an absolute path: what comes from there is no build's. */
  readonly publicDir?: string;
  /** How many builds are kept, the new one among them; 1 keeps nothing of earlier ones. @default 2 */
  readonly keep?: number;
}

/** Files of earlier builds, set aside. One of its methods is called, once. */
export interface HeldBuilds {
  /** After a build: puts back what is kept, removes what is not, writes the record. Returns what was done. */
  commit(): Promise<RetentionPlan>;
  /** After a build that failed: puts back what is gone. Returns what was done. */
  restore(): Promise<RetentionPlan>;
}

const KEPT_BUILDS = 2;

/**
 * Copies aside what a build must not lose. Call it before Vite builds.
 *
 * @throws {Error} If the directory can't be read, or there is no room beside it.
 */
export async function holdBuilds(options: RetainedBuildsOptions): Promise<HeldBuilds> {
  const { dir, assetsDir = "assets", keep = KEPT_BUILDS } = options;
  const before = await scanIfThere(dir);
  const text = await readFile(join(dir, BUILD_RECORD_PATH), "utf8").catch(() => undefined);
  const record = text === undefined ? guessBuildRecord(before, assetsDir) : parseBuildRecord(text);
  const held = keep > 1 ? recordedFiles(before, record) : [];
  const aside = asideOf(dir);
  await rm(aside, { recursive: true, force: true });
  await copyFiles(held, dir, aside);
  const end = async ({ restore, remove, record }: RetentionPlan): Promise<RetentionPlan> => {
    await copyFiles(restore, aside, dir);
    // Behind the files: it must not tell of what is not there.
    await writeRecord(dir, record);
    for (const path of remove) await rm(join(dir, path), { force: true });
    await rm(aside, { recursive: true, force: true });
    return { restore, remove, record };
  };
  return {
    async commit() {
      const after = await scanIfThere(dir);
      const fromPublic = await publicPaths(options.publicDir);
      return await end(planRetention({
        ...{ record, before, after, assetsDir, fromPublic, keep },
        held: new Set(held),
      }));
    },
    async restore() {
      const there = new Set((await scanIfThere(dir)).map(({ path }) => path));
      const restore = held.filter((path) => !there.has(path));
      return await end({ record, restore, remove: [] });
    },
  };
}

function recordedFiles(files: readonly ScannedFile[], { builds }: BuildRecord): readonly string[] {
  const recorded = new Set(builds.flatMap((build) => build.files));
  return files.map(({ path }) => path).filter((path) => recorded.has(path));
}

async function scanIfThere(dir: string): Promise<readonly ScannedFile[]> {
  const isThere = await stat(dir).then(() => true, () => false);
  return isThere ? (await scanAssets(dir)).files : [];
}

async function publicPaths(publicDir: string | undefined): Promise<ReadonlySet<string>> {
  const files = publicDir === undefined ? [] : await scanIfThere(publicDir);
  return new Set(files.map(({ path }) => path));
}

/** Beside the bundle directory: there is room for it where there is room for a build. */
function asideOf(dir: string): string {
  return join(dirname(dir), `.${basename(dir)}.held`);
}

/** Copies, not links or moves: Vite may write into a file that is there, and a build that fails changes nothing. */
async function copyFiles(paths: readonly string[], from: string, to: string): Promise<void> {
  for (const path of paths) {
    const target = join(to, path);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(from, path), target, constants.COPYFILE_FICLONE);
  }
}

async function writeRecord(dir: string, record: BuildRecord): Promise<void> {
  if (record.builds.length === 0) return;
  const path = join(dir, BUILD_RECORD_PATH);
  await mkdir(dirname(path), { recursive: true });
  // Another process may be reading it.
  await writeFile(`${path}.new`, renderBuildRecord(record));
  await rename(`${path}.new`, path);
}
