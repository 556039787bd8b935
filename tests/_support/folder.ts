/**
 * Throw-away folders with files, links and whatever else a file system can hold.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder. */
export interface Folder {
  /** Absolute, without a link. */
  readonly path: string;
  /** The absolute path of something in it. */
  at(path: string): string;
  write(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  /** Makes a link, whose target is taken as it is. */
  link(path: string, target: string): Promise<void>;
  /** Makes a named pipe. */
  pipe(path: string): void;
  /** Takes all rights from a file or a folder; root still reads it. */
  lock(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

/** Runs a test in a folder that is gone afterwards. */
export async function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: Folder) => Promise<void>,
): Promise<void> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "lv-sidecar-")));
  const at = (name: string): string => join(path, name);
  const folder: Folder = {
    path,
    at,
    async write(name, content) {
      await mkdir(dirname(at(name)), { recursive: true });
      await writeFile(at(name), content);
    },
    read: (name) => readFile(at(name), "utf8"),
    async link(name, target) {
      await mkdir(dirname(at(name)), { recursive: true });
      await symlink(target, at(name));
    },
    pipe: (name) => void execFileSync("mkfifo", [at(name)]),
    lock: (name) => chmod(at(name), 0),
    remove: (name) => rm(at(name), { recursive: true, force: true }),
  };
  try {
    for (const [name, content] of Object.entries(files)) await folder.write(name, content);
    await run(folder);
  } finally {
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
}
