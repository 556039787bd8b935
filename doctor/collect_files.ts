/**
 * Reads a project's files, within limits: who has a million of them still gets an answer.
 *
 * @module
 */
import type { Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FileFact, FilesFacts } from "./snapshot.ts";

const MAX_FILES = 5000;
const MAX_DEPTH = 10;
const MAX_TEXT_BYTES = 256 * 1024;
const MAX_TEXTS_BYTES = 8 * 1024 * 1024;
/** How many files are read at a time. */
const READERS = 16;

/** What is installed, built, or kept by others. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...["node_modules", ".git", ".hg", ".svn", "dist", "dist-ssr", "build", "coverage", "target"],
  ...[".venv", "venv", "__pycache__", ".astro", ".nuxt", ".output", ".svelte-kit", ".vite"],
  ...[".cache", ".turbo", ".idea", ".vscode", "vendor", ".tmp", ".sidecar-backup"],
]);
/** Files that may say something about how the project is set up. */
const TEXT_REGEXP =
  /\.(?:html?|jinja2?|j2|vto|[cm]?[jt]sx?|vue|svelte|astro|css|py)$|(?:^|\/)\.env(?:\.[\w.]+)?$|^\.litestar\.json$/;

/** What is read. */
export interface FilesRequest {
  /** Absolute. */
  readonly root: string;
  /** Absolute folders that are left out as well: those of builds. */
  readonly leftOut: readonly string[];
}

/** Reads. A link is followed nowhere, a file that can't be read is left out. */
export async function collectFiles({ root, leftOut }: FilesRequest): Promise<FilesFacts> {
  const files: FileFact[] = [];
  const folders: (readonly [path: string, depth: number])[] = [["", 0]];
  let isCut = false;
  // Breadth first: where there are too many, the outer ones say more.
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    const [folder, depth] = next;
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    const found: string[] = [];
    for (const entry of entries.sort(byName)) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) found.push(path);
      if (!entry.isDirectory() || LEFT_OUT.has(entry.name)) continue;
      if (leftOut.includes(join(root, path))) continue;
      if (depth < MAX_DEPTH) folders.push([path, depth + 1]);
      else isCut = true;
    }
    const room = MAX_FILES - files.length;
    if (found.length > room) isCut = true;
    const looked = await Promise.all(found.slice(0, room).map((path) => look(root, path)));
    files.push(...looked.filter((file) => file !== undefined));
    if (files.length >= MAX_FILES) break;
  }
  return { files, isCut: isCut || folders.length > 0, texts: await readTexts(root, files) };
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

async function look(root: string, path: string): Promise<FileFact | undefined> {
  const found = await lstat(join(root, path)).catch(() => undefined);
  return found?.isFile() ? { path, size: found.size, mtimeMs: found.mtimeMs } : undefined;
}

async function readTexts(
  root: string,
  files: readonly FileFact[],
): Promise<ReadonlyMap<string, string>> {
  let left = MAX_TEXTS_BYTES;
  const wanted = files.filter(({ path, size }) => {
    if (!TEXT_REGEXP.test(path) || size > MAX_TEXT_BYTES || size > left) return false;
    left -= size;
    return true;
  });
  const texts = new Map<string, string>();
  const queue = [...wanted];
  const read = async (): Promise<void> => {
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      const text = await readFile(join(root, file.path), "utf8").catch(() => undefined);
      if (text !== undefined) texts.set(file.path, text);
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  // In the order of the files, whoever was read first.
  return new Map(wanted.flatMap(({ path }) => {
    const text = texts.get(path);
    return text === undefined ? [] : [[path, text] as const];
  }));
}
