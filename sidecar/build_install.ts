/**
 * Moves a finished build into its folder.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import {
  copyFile,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import type { InstallPlan } from "./build_plan.ts";

/** A file of a folder. */
export interface ListedFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** Lists all files of a folder, hidden ones too; links are not followed. None if there is no such folder. */
export async function listFiles(folder: string, below = ""): Promise<readonly ListedFile[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(ifMissing);
  const files = await Promise.all((entries ?? []).map(async (entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return await listFiles(folder, path);
    const found = await stat(join(folder, path)).catch(ifMissing);
    return [{ path, bytes: found?.size ?? 0 }];
  }));
  return files.flat().sort((a, b) => a.path < b.path ? -1 : 1);
}

function codeOf(error: unknown): string | undefined {
  // A system's error carries a code.
  return (error as { code?: string }).code;
}

function ifMissing(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

/** The folder itself, where it is a link to the one of a release. */
async function resolveFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    if (codeOf(error) !== "EEXIST") throw error;
  });
  return await realpath(folder);
}

/**
 * Does what was planned. Each file is replaced at once and whole.
 *
 * @throws {Error} If the folder can't be written to.
 */
export async function installBuild(
  staging: string,
  folder: string,
  { clear, write, remove }: InstallPlan,
): Promise<void> {
  const real = await resolveFolder(folder);
  for (const path of clear) await rm(join(real, path), { recursive: true, force: true });
  for (const path of write) await moveFile(join(staging, path), join(real, path));
  for (const path of remove) await rm(join(real, path), { force: true });
  await removeEmptyFolders(real, remove);
}

async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    // The folder is on another disk: a mounted one, or a volume of a container.
    if (codeOf(error) !== "EXDEV") throw error;
    await copyAcross(from, to);
  }
}

async function copyAcross(from: string, to: string): Promise<void> {
  const temporary = `${to}.${randomUUID()}.tmp`;
  try {
    const { atime, mtime } = await stat(from);
    await copyFile(from, temporary);
    await utimes(temporary, atime, mtime);
    await rename(temporary, to);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function removeEmptyFolders(root: string, removed: readonly string[]): Promise<void> {
  const folders = new Set(removed.flatMap((path) => {
    const names = path.split("/").slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join("/"));
  }));
  // The deepest first; one that is not empty stays.
  for (const path of [...folders].sort((a, b) => b.length - a.length)) {
    await rmdir(join(root, path)).catch(() => {});
  }
}
