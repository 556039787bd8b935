/**
 * Writes coded files beside those of a build, so that nobody has to code them for each answer.
 *
 * @module
 */
import { readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { mediaTypeOf } from "./asset_headers.ts";
import type { ScannedFile } from "./asset_map.ts";
import {
  CODING_EXTENSIONS,
  type ContentCoding,
  isPaying,
  isWorthCoding,
  splitCodedPath,
} from "./content_coding.ts";

/** What {@linkcode precompress} did. */
export interface PrecompressReport {
  /** The files that have a coding now. */
  readonly files: number;
  /** Their bytes as they are. */
  readonly plainBytes: number;
  /** Their bytes in their smallest coding. */
  readonly codedBytes: number;
  /** What could not be written and why, for the log. */
  readonly problems: readonly string[];
}

/** Options of {@linkcode precompress}. */
export interface PrecompressOptions {
  /** @default all that this runtime has */
  readonly codings?: readonly ContentCoding[];
}

type Encode = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Above this, the highest quality of Brotli takes minutes for a tenth of a percent. */
const LARGE_BYTES = 4 * 1024 * 1024;
/** What a browser's decoder is bound to hold (RFC 9659); higher levels of Zstandard go beyond it. */
const ZSTD_LEVEL = 19;

/** Older runtimes have no Zstandard. */
const zstd = (zlib as Partial<typeof zlib>).zstdCompress;

const ENCODERS: Readonly<Record<ContentCoding, Encode | undefined>> = {
  br: (bytes) =>
    promisify<Uint8Array, zlib.BrotliOptions, Uint8Array>(zlib.brotliCompress)(bytes, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: bytes.length > LARGE_BYTES ? 9 : 11,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  zstd: zstd === undefined
    ? undefined
    : (bytes) =>
      promisify<Uint8Array, zlib.ZstdOptions, Uint8Array>(zstd)(bytes, {
        params: { [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL },
      }),
  gzip: (bytes) =>
    promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.gzip)(bytes, { level: 9 }),
};

/** Files that are coded at a time: as many as the runtimes have threads for it. */
const WORKERS = 4;

/**
 * Codes what is worth it.
 *
 * A sibling that is there and no older than its file is left as it is: a plugin of the project made it.
 *
 * @param files What a scan of the bundle directory found.
 */
export async function precompress(
  files: readonly ScannedFile[],
  { codings = ["br", "zstd", "gzip"] }: PrecompressOptions = {},
): Promise<PrecompressReport> {
  const waiting = files
    .filter(({ path, size }) =>
      splitCodedPath(path) === undefined && isWorthCoding(mediaTypeOf(path), size)
    )
    // The largest first: one of them at the end would be waited for alone.
    .sort((a, b) => a.size - b.size);
  const report = { files: 0, plainBytes: 0, codedBytes: 0, problems: [] as string[] };
  const work = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const size = await codeFile(file, codings).catch((error) => {
        report.problems.push(`Cannot compress "${file?.path}": ${error}`);
      });
      if (size === undefined) continue;
      report.files++;
      report.plainBytes += file.size;
      report.codedBytes += size;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return { ...report, problems: report.problems.sort() };
}

/** The size of its smallest coding; `undefined` if none pays. */
async function codeFile(
  file: ScannedFile,
  codings: readonly ContentCoding[],
): Promise<number | undefined> {
  let smallest: number | undefined;
  let bytes: Uint8Array | undefined;
  for (const coding of codings) {
    const path = file.realPath + CODING_EXTENSIONS[coding];
    const found = await stat(path).catch(() => undefined);
    let size = found?.size;
    // Whole seconds: not every file system keeps more.
    if (found === undefined || Math.floor(found.mtimeMs / 1000) < Math.floor(file.mtimeMs / 1000)) {
      size = await writeCoded(file, coding, bytes ??= await readFile(file.realPath));
    }
    if (size !== undefined) smallest = Math.min(smallest ?? Infinity, size);
  }
  return smallest;
}

/** The size of the coded file; `undefined` if it does not pay, then there is none. */
async function writeCoded(
  { realPath, mtimeMs }: ScannedFile,
  coding: ContentCoding,
  bytes: Uint8Array,
): Promise<number | undefined> {
  const coded = await ENCODERS[coding]?.(bytes);
  if (coded === undefined) return undefined;
  const path = realPath + CODING_EXTENSIONS[coding];
  if (!isPaying(bytes.length, coded.length)) {
    // One of an earlier version would be taken for this one's.
    await rm(path, { force: true });
    return undefined;
  }
  // A server may be looking: it must never find a half.
  const unfinished = join(dirname(path), `.${basename(path)}.new`);
  await writeFile(unfinished, coded);
  await utimes(unfinished, mtimeMs / 1000, mtimeMs / 1000);
  await rename(unfinished, path);
  return coded.length;
}
