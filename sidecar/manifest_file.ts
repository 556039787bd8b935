/**
 * The manifest on disk: read once, and again when a deploy puts another one there.
 *
 * @module
 */
import type { Stats } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { clearTimeout, setTimeout } from "node:timers";
import type { ImportMap } from "./asset_tags.ts";
import type { BuiltAssets } from "./asset_source.ts";
import { versionIdOf } from "./asset_version.ts";
import {
  BUILD_INFO_PATH,
  type BuildInfo,
  integrityOfBuild,
  parseBuildInfo,
  parseImportMap,
} from "./build_info.ts";
import type { SidecarEvent } from "./links.ts";
import { MANIFEST_PATHS, parseManifest } from "./manifest.ts";

/** A manifest, and what was read with it: all of the same build. */
export interface BuiltManifest extends BuiltAssets {
  /** What the build says of itself; `undefined` where there is none for this very manifest. */
  readonly info: BuildInfo | undefined;
  /** Where the manifest is, relative to the bundle directory. */
  readonly path: string;
  /** The text of `index.html`; `undefined` without one. */
  readonly page: string | undefined;
}

/** Options of {@linkcode openManifestFile}. */
export interface ManifestFileOptions {
  /** Absolute path of the bundle directory. */
  readonly folder: string;
  /** The manifest, relative to `folder`. @default the first of `MANIFEST_PATHS` that is there */
  readonly path?: string | undefined;
  /**
   * Called before a manifest is used. While it throws, the last one stays in use; a place for the rules of
   * `checkBase` and for a new look at the files.
   */
  readonly accept?: ((built: BuiltManifest) => void | Promise<void>) | undefined;
  /** Gets a warning when a manifest can't be used; once, until one can. */
  readonly emit: (event: SidecarEvent) => void;
  /** How often to look, in milliseconds; 0 never looks again. @default 500 */
  readonly everyMs?: number | undefined;
}

/** A manifest on disk. */
export interface ManifestFile {
  /** The last good one: the same object until there is another. */
  current(): BuiltManifest;
  /** Looks at once; never throws. */
  refresh(): Promise<void>;
  /** Stops looking. Safe to call twice. */
  close(): void;
}

const PAGE_PATH = "index.html";

/** Not `fs.watch`: it follows no swapped link, and is blind on network file systems. */
const LOOK_EVERY_MS = 500;

/** A file that was changed this short a time ago may change again without another time stamp or size. */
const FRESH_MS = 2_000;

/**
 * Reads the manifest of a bundle directory and keeps looking at it.
 *
 * @throws {Error} If there is none.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError} If it is not a manifest of Vite.
 */
export async function openManifestFile(options: ManifestFileOptions): Promise<ManifestFile> {
  const seen = await look(options, undefined);
  await options.accept?.(seen.built);
  const file = new WatchedManifest(options, seen);
  file.watch();
  return file;
}

/** What a look at the disk has found. */
interface Seen {
  /** Changes with the files; `undefined` if they are to be read again whatever it says. */
  readonly stamp: string | undefined;
  readonly text: string;
  readonly infoText: string | undefined;
  /** With it an edit of the page alone, which leaves the manifest as it was, is another build. */
  readonly page: string | undefined;
  readonly built: BuiltManifest;
}

class WatchedManifest implements ManifestFile {
  readonly #options: ManifestFileOptions;
  #seen: Seen;
  #isWarned = false;
  #isClosed = false;
  #looking: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ManifestFileOptions, seen: Seen) {
    this.#options = options;
    this.#seen = seen;
  }

  current(): BuiltManifest {
    return this.#seen.built;
  }

  refresh(): Promise<void> {
    return this.#looking ??= this.#look().finally(() => this.#looking = undefined);
  }

  watch(): void {
    const { everyMs = LOOK_EVERY_MS } = this.#options;
    if (this.#isClosed || everyMs === 0) return;
    this.#timer = setTimeout(() => this.refresh().finally(() => this.watch()), everyMs);
    // A script that only renders a page ends when it is done.
    this.#timer.unref();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      const seen = await look(this.#options, this.#seen);
      if (seen.built !== this.#seen.built) await this.#options.accept?.(seen.built);
      if (this.#isClosed) return;
      this.#seen = seen;
      this.#isWarned = false;
    } catch (error) {
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    if (this.#isWarned || this.#isClosed) return;
    this.#isWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.emit({ kind: "warning", message: `${reason}; the last good build stays in use` });
  }
}

/** Reads what has changed; gives the same `built` where nothing has. */
async function look(
  { folder, path }: Pick<ManifestFileOptions, "folder" | "path">,
  last: Seen | undefined,
): Promise<Seen> {
  const paths = path === undefined ? MANIFEST_PATHS : [path];
  // Resolved once, so that a link which is swapped now does not mix two builds.
  const real = await realpath(folder).catch(() => folder);
  const [found, stats] = await findFirst(real, paths) ?? refuseMissing(folder, paths);
  const infoStats = await statIfThere(join(real, BUILD_INFO_PATH));
  const pageStats = await statIfThere(join(real, PAGE_PATH));
  const stamp = stampOf([
    [join(real, found), stats],
    [BUILD_INFO_PATH, infoStats],
    [PAGE_PATH, pageStats],
  ]);
  if (last !== undefined && stamp !== undefined && stamp === last.stamp) return last;
  const text = await readSettled(join(real, found));
  const infoText = await readIfThere(join(real, BUILD_INFO_PATH));
  const page = await readIfThere(join(real, PAGE_PATH));
  const isSame = text === last?.text && infoText === last.infoText && page === last.page;
  if (isSame) return { ...last, stamp };
  const place = join(folder, found);
  const manifest = parseManifest(text, place);
  const versionId = versionIdOf(text);
  const info = parseInfoOf(versionId, infoText, join(folder, BUILD_INFO_PATH));
  const importMap = await readImportMap(real, info?.importMap);
  const integrity = info === undefined ? undefined : integrityOfBuild(info);
  return {
    stamp,
    text,
    infoText,
    page,
    built: { manifest, versionId, info, importMap, integrity, path: found, page },
  };
}

function parseInfoOf(
  versionId: string,
  text: string | undefined,
  place: string,
): BuildInfo | undefined {
  const info = text === undefined ? undefined : parseBuildInfo(text, place);
  // Of a build before this one, or not yet replaced: it says nothing of these files.
  return info?.versionId === versionId ? info : undefined;
}

async function readImportMap(
  folder: string,
  path: string | undefined,
): Promise<ImportMap | undefined> {
  if (path === undefined) return undefined;
  const place = join(folder, path);
  return parseImportMap(await readText(place), place);
}

function refuseMissing(folder: string, paths: readonly string[]): never {
  const [first = "", ...others] = paths.map((path) => `"${join(folder, path)}"`);
  const also = others.length === 0 ? "" : `, nor is ${others.join(", ")}`;
  throw new Error(`Cannot read the manifest ${first}: it is not there${also}`);
}

async function findFirst(
  folder: string,
  paths: readonly string[],
): Promise<readonly [string, Stats] | undefined> {
  for (const path of paths) {
    const stats = await statIfThere(join(folder, path));
    if (stats !== undefined) return [path, stats];
  }
  return undefined;
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  return await ifThere(path, stat(path));
}

async function readIfThere(path: string): Promise<string | undefined> {
  return await ifThere(path, readFile(path, "utf8"));
}

/** How often a file is read that is another one each time. */
const MAX_READS = 4;

/**
 * Reads a file that somebody may be writing in place. A read that spans two writes gives the start of the one and the
 * end of the other, which may well be a manifest; no second read gives the same.
 */
async function readSettled(path: string): Promise<string> {
  let text = await readText(path);
  for (let reads = 1; reads < MAX_READS; reads++) {
    const again = await readText(path);
    if (again === text) return text;
    text = again;
  }
  throw new Error(`Cannot read "${path}": it is being written`);
}

async function readText(path: string): Promise<string> {
  const text = await readIfThere(path);
  if (text !== undefined) return text;
  throw new Error(`Cannot read "${path}": it is not there`);
}

async function ifThere<T>(path: string, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (cause) {
    // A system's error carries a code.
    const { code } = cause as { code?: string };
    // Case: a folder that is a file now -> not there either.
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new Error(`Cannot read "${path}": the system refuses with ${code}`, { cause });
  }
}

function stampOf(files: readonly (readonly [string, Stats | undefined])[]): string | undefined {
  const now = Date.now();
  const isFresh = files.some(([, stats]) => stats !== undefined && now - stats.mtimeMs < FRESH_MS);
  if (isFresh) return undefined;
  return files.map(([path, stats]) =>
    stats === undefined ? path : `${path} ${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeMs}`
  ).join("\n");
}
