/**
 * Writes, reads and removes what a running sidecar leaves for other commands.
 *
 * @module
 */
import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAlive } from "../doctor/processes.ts";
import {
  parseRunRecord,
  renderRunRecord,
  RUN_FILE_REGEXP,
  runFileName,
  type RunRecord,
} from "./run_record.ts";

const FOLDER = ".lv-sidecar";
/** A longer one is not ours. */
const MAX_BYTES = 4096;
/** Older ones than so many say nothing new. */
const MAX_FILES = 100;

/** The folder for them: in the nearest `node_modules`, which no version control and no build takes. */
async function folderOf(root: string): Promise<string | undefined> {
  for (let folder = root;; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    const found = await lstat(modules).catch(() => undefined);
    if (found?.isDirectory() || found?.isSymbolicLink()) return join(modules, FOLDER);
    if (dirname(folder) === folder) return undefined;
  }
}

/** A file that was written. */
export interface WrittenRunFile {
  /** Removes it. Safe to call twice; never throws. */
  close(): Promise<void>;
}

/**
 * Writes it, readable for the user alone.
 *
 * A server without a `node_modules`, or with one that it must not write, goes without: the commands that ask then tell less.
 */
export async function writeRunFile(record: RunRecord): Promise<WrittenRunFile> {
  const none = { close: () => Promise.resolve() };
  const folder = await folderOf(record.root);
  if (folder === undefined) return none;
  const path = join(folder, runFileName(record.pid));
  try {
    await mkdir(folder, { recursive: true });
    await removeLeft(folder);
    // One of the same process id is of a process that is gone.
    await rm(path, { force: true });
    await writeFile(path, renderRunRecord(record), { flag: "wx", mode: 0o600 });
  } catch {
    return none;
  }
  return { close: () => rm(path, { force: true }).catch(() => {}) };
}

/** Removes what killed processes left. */
async function removeLeft(folder: string): Promise<void> {
  const names = await readdir(folder);
  const left = names.filter((name) => {
    const [, pid] = RUN_FILE_REGEXP.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}

/** A file that was found. */
export interface FoundRunFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly record: RunRecord;
}

/** Reads those of a root; never throws. */
export async function readRunFiles(root: string): Promise<readonly FoundRunFile[]> {
  const folder = await folderOf(root);
  if (folder === undefined) return [];
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => RUN_FILE_REGEXP.test(name)).slice(0, MAX_FILES)
      .map((name) => readOne(join(folder, name))),
  );
  return found.filter((each) => each !== undefined).filter(({ record }) => record.root === root);
}

async function readOne(path: string): Promise<FoundRunFile | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > MAX_BYTES) return undefined;
  const text = await readFile(path, "utf8").catch(() => "");
  const record = parseRunRecord(text);
  return record === undefined ? undefined : { path, text, record };
}
