/**
 * Which files are served, under which path, and in which codings.
 *
 * A path is looked up in a map of what was found at start; nothing of a request ever reaches the file system. So a
 * path that leads elsewhere, in whatever encoding or spelling, is a path that is not in the map.
 *
 * @module
 */
import { type ContentCoding, splitCodedPath } from "./content_coding.ts";

/** A file of the bundle directory, as the scan found it. */
export interface ScannedFile {
  /** Relative to the bundle directory, with slashes. */
  readonly path: string;
  /** Where it really lies: absolute, without a link. */
  readonly realPath: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A file that is served, in one of its codings. */
export interface AssetVariant {
  /** `undefined` is the file as it is. */
  readonly coding: ContentCoding | undefined;
  readonly file: ScannedFile;
  readonly size: number;
}

/** A file that is served. */
export interface Asset {
  readonly path: string;
  /** Whether its name changes with its content. */
  readonly isHashed: boolean;
  /** The file as it is first, then its codings. */
  readonly variants: readonly [AssetVariant, ...AssetVariant[]];
}

/** How URLs and files belong together. */
export interface AssetMapOptions {
  /** Where the bundle directory is in URLs, with slashes at both ends, for example `/static/` or `/`. */
  readonly prefix: string;
  /** Where Vite puts what it names: `build.assetsDir`, without slashes. */
  readonly assetsDir: string;
  /** What the manifest lists, or a build's own record; paths as of {@linkcode ScannedFile}. */
  readonly listed: ReadonlySet<string>;
}

/** A sibling older than its file by more than this is one of an earlier version; copying a folder takes a while. */
const STALE_MS = 2000;

/** Makes the map from decoded URL paths to files. */
export function buildAssetMap(
  files: readonly ScannedFile[],
  options: AssetMapOptions,
): Map<string, Asset> {
  const prefix = decodePath(options.prefix) ?? options.prefix;
  const variants = codedSiblings(files);
  return new Map(files.map((file) => {
    const { path, size } = file;
    const isHashed = isHashedName(path, options);
    const coded = (variants.get(path) ?? []).filter((sibling) =>
      sibling.size < size && (isHashed || sibling.file.mtimeMs >= file.mtimeMs - STALE_MS)
    );
    return [prefix + path, {
      path,
      isHashed,
      variants: [{ coding: undefined, file, size }, ...coded],
    }];
  }));
}

function codedSiblings(files: readonly ScannedFile[]): ReadonlyMap<string, AssetVariant[]> {
  const siblings = new Map<string, AssetVariant[]>();
  for (const file of files) {
    const split = splitCodedPath(file.path);
    if (split === undefined) continue;
    const [path, coding] = split;
    const variant: AssetVariant = { coding, file, size: file.size };
    siblings.set(path, [...siblings.get(path) ?? [], variant]);
  }
  return siblings;
}

// What a proxy or another system could read as a separator or an end.
const AMBIGUOUS_ESCAPE_REGEXP = /%(?:2f|5c|00)/i;

/**
 * Decodes a URL path, once; `undefined` if it can't be one of ours.
 *
 * Case: "/a%20b" -> "/a b"; "/a%2520b" -> "/a%20b"; "/a%2fb", "/a%", "/%c0%ae" -> undefined
 */
export function decodePath(path: string): string | undefined {
  if (!path.includes("%")) return path;
  if (AMBIGUOUS_ESCAPE_REGEXP.test(path)) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    // A broken escape, or bytes that are no UTF-8.
    return undefined;
  }
}

/** The end of a name without its extension: what may be a hash. Case: "assets/a-BxC_12-4.js.map" -> "BxC_12-4" */
function hashPart(path: string): string | undefined {
  const plain = splitCodedPath(path)?.[0] ?? path;
  return /[-.]([A-Za-z0-9_-]{8})\.[A-Za-z0-9]+(?:\.map)?$/.exec(plain)?.[1];
}

/** Runs of one kind of letter or digit. Case: "my-notes" -> 1, "chapter1" -> 2, "BxC_12a4" -> 6 */
function countRuns(text: string): number {
  return text.replace(/[-_]/g, "").match(/[a-z]+|[A-Z]+|\d+/g)?.length ?? 0;
}

const isBelow = (path: string, folder: string): boolean =>
  folder === "" || path.startsWith(`${folder}/`);

/** Of names that a build made: "react-18" and "Calendar" are no hash. One in 40 hashes looks like them. */
const LISTED_RUNS = 3;
/** Of all others, which may come from `public/`: "img12v2a" is none either. One in 10 hashes is lost by this. */
const UNLISTED_RUNS = 4;

/**
 * Whether a file's name changes with its content, so that it may be kept for ever.
 *
 * A mistake in one direction costs a request that is answered 304, in the other it shows an old file for a year.
 */
export function isHashedName(
  path: string,
  { assetsDir, listed }: Pick<AssetMapOptions, "assetsDir" | "listed">,
): boolean {
  const hash = hashPart(path);
  if (hash === undefined) return false;
  const isListed = listed.has(path) || listed.has(path.replace(/\.map$|\.br$|\.gz$|\.zst$/, ""));
  if (!isListed && !isBelow(path, assetsDir)) return false;
  return countRuns(hash) >= (isListed ? LISTED_RUNS : UNLISTED_RUNS);
}

/**
 * Whether a path that is not in the map asks for a file of another build: then its 404 must be one, and nobody's page.
 *
 * @param path Decoded.
 */
export function isLostAsset(
  path: string,
  { prefix, assetsDir }: Pick<AssetMapOptions, "prefix" | "assetsDir">,
): boolean {
  if (!path.startsWith(prefix)) return false;
  const relative = path.slice(prefix.length);
  return isBelow(relative, assetsDir) && hashPart(relative) !== undefined;
}

/** Larger files are sent from disk: each slow reader of one in memory would hold a copy of it on Deno. */
export const MAX_RESIDENT_BYTES: number = 256 * 1024;

/** The files that are read into memory: the smallest first, as many as fit. */
export function chooseResident(
  files: readonly ScannedFile[],
  maxBytes: number,
): ReadonlySet<ScannedFile> {
  const sorted = files.filter(({ size }) => size <= MAX_RESIDENT_BYTES)
    .sort((a, b) => a.size - b.size);
  const chosen = new Set<ScannedFile>();
  let bytes = 0;
  for (const file of sorted) {
    bytes += file.size;
    if (bytes > maxBytes) break;
    chosen.add(file);
  }
  return chosen;
}

// Separators of one system or another, and what ends a name or a line somewhere.
const BAD_NAME_REGEXP = /[\\/]|[^\x20-\x7e\x80-\uffff]|^\.{1,2}$/;

/**
 * Whether a name that was found is left out: hidden ones, but `.well-known` at the top (RFC 8615), and those that
 * one system or another would read as something else.
 *
 * @param folder The folder it was found in, relative to the bundle directory, with slashes; empty at the top.
 */
export function isLeftOut(folder: string, name: string): boolean {
  if (BAD_NAME_REGEXP.test(name)) return true;
  return name.startsWith(".") && !(folder === "" && name === ".well-known");
}

/** {@linkcode isLeftOut} for each name of a relative path. */
export function isPathLeftOut(path: string): boolean {
  const names = path.split("/");
  return names.some((name, at) => isLeftOut(names.slice(0, at).join("/"), name));
}
