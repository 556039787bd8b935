/**
 * Does what the findings plan, and keeps what was there before.
 *
 * @module
 */
import { randomUUID } from "node:crypto";
import {
  copyFile,
  lstat,
  mkdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { CheckFinding, Edit } from "./finding.ts";

/** What became of one edit. */
export interface Mended {
  readonly check: string;
  /** Relative to the root. */
  readonly path: string;
  /** Why nothing was done; `undefined` if it was. */
  readonly refused?: string | undefined;
}

/** What became of all. */
export interface MendResult {
  readonly mended: readonly Mended[];
  /** Where the files are as they were, relative to the root; `undefined` if none was touched. */
  readonly backup: string | undefined;
}

const BACKUPS = ".sidecar-backup";
const MAX_BACKUPS = 10_000;

/** Mends one after the other; what can't be done stays as it was, and is told. */
export async function mend(root: string, findings: readonly CheckFinding[]): Promise<MendResult> {
  const mended: Mended[] = [];
  const touched = new Set<string>();
  let backup: string | undefined;
  for (const { check, edits } of findings) {
    for (const edit of edits) {
      const { path } = edit;
      try {
        // Planned from what the file said before: after another mending it says something else.
        if (touched.has(path)) throw new Error("it was mended already; run doctor again");
        await verify(root, edit);
        backup ??= await createBackup(root);
        await keep(root, backup, path);
        await apply(root, edit);
        touched.add(path);
        mended.push({ check, path });
      } catch (error) {
        mended.push({
          check,
          path,
          refused: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }
  return { mended, backup: touched.size === 0 ? undefined : backup };
}

/** A file of the root, as it was when it was looked at, and no link to somewhere else. */
async function verify(root: string, { path, before }: Edit): Promise<void> {
  const place = join(root, path);
  const found = await lstat(place);
  if (!found.isFile()) throw new Error("it is no plain file");
  const home = await realpath(root);
  const folder = await realpath(dirname(place));
  if (folder !== home && !folder.startsWith(home + sep)) {
    throw new Error("it is outside of the root");
  }
  if (await readFile(place, "utf8") !== before) throw new Error("it was changed meanwhile");
}

/** Makes a folder that was not there: an earlier backup is never written into. */
async function createBackup(root: string): Promise<string> {
  await mkdir(join(root, BACKUPS), { recursive: true });
  await writeFile(join(root, BACKUPS, ".gitignore"), "*\n", { flag: "wx" }).catch(() => {});
  for (let number = 1; number <= MAX_BACKUPS; number++) {
    const folder = join(BACKUPS, String(number));
    try {
      await mkdir(join(root, folder));
      return folder;
    } catch (error) {
      // An error of the system has a code.
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }
  throw new Error(`there are ${MAX_BACKUPS} backups in ${BACKUPS} already`);
}

async function keep(root: string, backup: string, path: string): Promise<void> {
  const copy = join(root, backup, path);
  await mkdir(dirname(copy), { recursive: true });
  await copyFile(join(root, path), copy);
}

async function apply(root: string, edit: Edit): Promise<void> {
  const place = join(root, edit.path);
  if (edit.kind === "remove") return await rm(place);
  const { mode } = await lstat(place);
  const temporary = `${place}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, edit.after, { flag: "wx", mode });
    await rename(temporary, place);
  } finally {
    await rm(temporary, { force: true });
  }
}
