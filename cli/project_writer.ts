/**
 * Writes a new project: all of it, or nothing.
 *
 * @module
 */
import { lstat, mkdir, mkdtemp, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Project } from "./scaffold.ts";

/** A folder that a project can't be written to. */
export class ProjectFolderError extends Error {
  override readonly name = "ProjectFolderError";
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What may lie in a folder that counts as empty: a repository without a file. */
const HARMLESS: readonly string[] = [".git"];
const MAX_SHOWN = 5;

/** Options of {@linkcode writeProject}. */
export interface WriteOptions {
  /** Whether files that are there are replaced. */
  readonly overwrite: boolean;
  /** Ends the writing; what was written is taken back. */
  readonly signal: AbortSignal;
}

/**
 * Says why a project can't be written to a folder; writes nothing.
 *
 * @throws {ProjectFolderError} If there is something that would be replaced, or that is no folder.
 */
export async function checkFolder(
  folder: string,
  project: Project,
  overwrite: boolean,
): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new ProjectFolderError(
      `Cannot make a project in "${folder}": it is no folder`,
      "choose another name, or move it away",
    );
  }
  const names = (await readdir(folder)).filter((name) => !HARMLESS.includes(name)).sort();
  if (names.length > 0 && !overwrite) {
    const more = names.length - MAX_SHOWN;
    throw new ProjectFolderError(
      `Cannot make a project in "${folder}": it is not empty, there is ${
        names.slice(0, MAX_SHOWN).join(", ")
      }${more > 0 ? ` and ${more} more` : ""}`,
      "choose another name, or replace what has the same name with --overwrite",
    );
  }
  for (const path of project.keys()) await checkPlace(folder, path);
}

/** A link could lead out of the folder, and a folder is replaced by no file. */
async function checkPlace(folder: string, path: string): Promise<void> {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length++) {
    const place = join(folder, ...parts.slice(0, length));
    const found = await lstat(place).catch(() => undefined);
    if (found === undefined) return;
    const isWanted = length === parts.length ? found.isFile() : found.isDirectory();
    if (isWanted) continue;
    throw new ProjectFolderError(
      `Cannot write "${path}": "${place}" is ${length === parts.length ? "no file" : "no folder"}`,
      "move it away, or choose another name for the project",
    );
  }
}

/**
 * Writes the project.
 *
 * A new folder is written beside its place and renamed; in one that is there, files are moved in one by one, and moved
 * out again if one of them fails.
 *
 * @throws {Error} If it can't be written, or `signal` is aborted; everything is then as it was before.
 */
export async function writeProject(
  folder: string,
  project: Project,
  { overwrite, signal }: WriteOptions,
): Promise<void> {
  await checkFolder(folder, project, overwrite);
  const isThere = await lstat(folder).then(() => true, () => false);
  const parent = isThere ? folder : dirname(folder);
  const staging = await mkdtemp(join(parent, `.${basename(folder)}-`));
  try {
    await writeAll(join(staging, "new"), project, signal);
    if (isThere) await moveIn(join(staging, "new"), folder, project, signal);
    else await rename(join(staging, "new"), folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function writeAll(folder: string, project: Project, signal: AbortSignal): Promise<void> {
  const folders = new Set([...project.keys()].map((path) => dirname(join(folder, path))));
  for (const path of folders) await mkdir(path, { recursive: true });
  await Promise.all([...project].map(async ([path, text]) => {
    signal.throwIfAborted();
    await writeFile(join(folder, path), text);
  }));
  signal.throwIfAborted();
}

async function moveIn(
  source: string,
  folder: string,
  project: Project,
  signal: AbortSignal,
): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const path of project.keys()) {
      signal.throwIfAborted();
      await makeFolders(folder, path, undo);
      const target = join(folder, path);
      const kept = join(source, "..", "old", String(undo.length));
      await mkdir(dirname(kept), { recursive: true });
      const hadOne = await rename(target, kept).then(() => true, () => false);
      if (hadOne) undo.push(() => rename(kept, target));
      await rename(join(source, path), target);
      if (!hadOne) undo.push(() => rm(target, { force: true }));
    }
    signal.throwIfAborted();
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

async function makeFolders(
  folder: string,
  path: string,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const parts = path.split("/").slice(0, -1);
  for (const [index] of parts.entries()) {
    const place = join(folder, ...parts.slice(0, index + 1));
    const isNew = await mkdir(place).then(() => true, () => false);
    if (isNew) undo.push(() => rmdir(place));
  }
}
