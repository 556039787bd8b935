/**
 * Walks the bundle directory, once, at start.
 *
 * @module
 */
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { isLeftOut, isPathLeftOut, type ScannedFile } from "./asset_map.ts";

/** What a walk found. */
export interface AssetScan {
  /** In the order of their paths, so that every machine finds the same. */
  readonly files: readonly ScannedFile[];
  /** What was left out and why, for the log; sorted too. */
  readonly problems: readonly string[];
}

/**
 * Finds the files of a directory that may be served.
 *
 * Links are followed as long as they stay inside and lead to nothing hidden; what dangles, loops or is no file is
 * left out.
 *
 * @param dir An absolute path. It may be a link itself: the directory it points to at this moment is read.
 * @throws {Error} If the directory itself can't be read.
 */
export async function scanAssets(dir: string): Promise<AssetScan> {
  const walk = new Walk(await realRoot(dir));
  await walk.enter({ path: "", real: walk.root, chain: [walk.root] });
  const files = walk.files.sort((a, b) => a.path < b.path ? -1 : 1);
  return { files, problems: walk.problems.sort() };
}

async function realRoot(dir: string): Promise<string> {
  try {
    const root = await realpath(dir);
    if (!(await stat(root)).isDirectory()) throw new Error("it is no directory");
    return root;
  } catch (error) {
    throw new Error(`Cannot read the bundle directory "${dir}": ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }; // thrown by node:fs
  return STATE_OF_CODE[code ?? ""] ?? message ?? String(error);
}

const STATE_OF_CODE: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  ELOOP: "it is a link that leads in a circle",
};

/** A directory on the way. */
interface Folder {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly real: string;
  /** The real directories that lead here: one of them again is a loop. */
  readonly chain: readonly string[];
}

class Walk {
  readonly root: string;
  readonly files: ScannedFile[] = [];
  readonly problems: string[] = [];

  constructor(root: string) {
    this.root = root;
  }

  async enter(folder: Folder): Promise<void> {
    let names: string[];
    try {
      names = await readdir(folder.real);
    } catch (error) {
      return this.#leaveOut(folder.path, reasonOf(error));
    }
    const kept = names.filter((name) => !isLeftOut(folder.path, name)).sort();
    // One after the other where it goes deeper: a wide tree must not open all its directories at once.
    const found = await Promise.all(kept.map((name) => this.#look(folder, name)));
    for (const next of found) if (next !== undefined) await this.enter(next);
  }

  /** Notes a file; returns a directory to go into. */
  async #look(folder: Folder, name: string): Promise<Folder | undefined> {
    const path = folder.path === "" ? name : `${folder.path}/${name}`;
    try {
      const near = join(folder.real, name);
      const isLink = (await lstat(near)).isSymbolicLink();
      const real = isLink ? await realpath(near) : near;
      if (isLink && !this.#isInside(real)) {
        return void this.#leaveOut(path, "it is a link to what is not served");
      }
      const { size, mtimeMs, ...found } = await this.#stat(real);
      if (found.isFile) this.files.push({ path, realPath: real, size, mtimeMs });
      else if (!found.isDirectory) this.#leaveOut(path, "it is neither a file nor a directory");
      else if (folder.chain.includes(real)) this.#leaveOut(path, "it is a link to where it lies");
      else return { path, real, chain: [...folder.chain, real] };
    } catch (error) {
      this.#leaveOut(path, reasonOf(error));
    }
    return undefined;
  }

  async #stat(real: string): Promise<
    { size: number; mtimeMs: number; isFile: boolean; isDirectory: boolean }
  > {
    const found = await stat(real);
    const { size, mtimeMs } = found;
    return { size, mtimeMs, isFile: found.isFile(), isDirectory: found.isDirectory() };
  }

  #isInside(real: string): boolean {
    if (real === this.root) return true;
    const prefix = this.root.endsWith(sep) ? this.root : this.root + sep;
    return real.startsWith(prefix) &&
      !isPathLeftOut(real.slice(prefix.length).replaceAll(sep, "/"));
  }

  #leaveOut(path: string, reason: string): void {
    this.problems.push(`Cannot serve "${path}" from the bundle directory: ${reason}`);
  }
}
