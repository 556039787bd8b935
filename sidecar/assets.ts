/**
 * Answers with built files: small ones from memory, large ones from disk.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime } from "../runtime/types.ts";
import {
  type AssetDescription,
  bodilessResponse,
  describeAsset,
  notAllowedResponse,
  notFoundResponse,
  partResponse,
  unavailableResponse,
  wholeResponse,
} from "./asset_answer.ts";
import { type ConditionalRequest, judgeRequest } from "./asset_conditions.ts";
import { readAssetFile, statAssetFile } from "./asset_file.ts";
import { etagOfBytes } from "./asset_headers.ts";
import {
  type Asset,
  type AssetMapOptions,
  type AssetVariant,
  buildAssetMap,
  chooseResident,
  decodePath,
  isLostAsset,
  type ScannedFile,
} from "./asset_map.ts";
import { scanAssets } from "./asset_scan.ts";
import { BUILD_RECORD_PATH, parseBuildRecord } from "./build_record.ts";
import {
  chooseOffer,
  type CodingWeights,
  parseAcceptEncoding,
  splitCodedPath,
} from "./content_coding.ts";
import type { SidecarEvent } from "./links.ts";

/** The built files of one moment. */
export interface StaticFiles {
  /** How many files are served. */
  readonly size: number;
  /** Whether {@linkcode StaticFiles.respond} answers for a path; be it that a file of such a name is gone. */
  has(path: string): boolean;
  /** Whether a path leads to a file. */
  leadsToFile(path: string): boolean;
  /**
   * Answers; `undefined` if the path is none of ours. Never throws and never rejects.
   *
   * @param path The URL's path, encoded as it was received.
   */
  respond(request: ConditionalRequest, path: string): Response | Promise<Response> | undefined;
  /** Lets go of the memory; files that are being sent are sent to their end. */
  close(): void;
}

/** No files at all. */
export const NO_FILES: StaticFiles = {
  size: 0,
  has: () => false,
  leadsToFile: () => false,
  respond: () => undefined,
  close: () => {},
};

/** What {@linkcode openStaticFiles} needs. */
export interface StaticFilesOptions {
  /** The bundle directory: an absolute path. If it is a link, what it points to now is served until the end. */
  readonly dir: string;
  /** Where it is in URLs, with slashes at both ends: `/static/` or `/`. */
  readonly prefix: string;
  /** Vite's `build.assetsDir`. @default "assets" */
  readonly assetsDir?: string;
  /** Files that the manifest lists, relative to `dir`: the surest sign of a hash in a name. @default [] */
  readonly listed?: Iterable<string>;
  /** Files relative to `dir` that are not served: the hot file, a manifest at the top, pages; with their codings. @default [] */
  readonly leaveOut?: Iterable<string>;
  /** Whether pages of other origins load them, by way of a CDN. @default false */
  readonly isShared?: boolean;
  /** Bytes of small files that are kept in memory. @default 33554432 */
  readonly maxMemoryBytes?: number;
  /** Sends large files. */
  readonly runtime: Pick<Runtime, "openFileBody">;
  /** Gets a warning for what can't be served. */
  readonly emit: (event: SidecarEvent) => void;
}

const MAX_MEMORY_BYTES = 32 * 1024 * 1024;

/**
 * Reads the bundle directory.
 *
 * @throws {TypeError} If the prefix has no slashes at its ends.
 * @throws {Error} If the directory can't be read.
 */
export async function openStaticFiles(options: StaticFilesOptions): Promise<StaticFiles> {
  const { dir, prefix, assetsDir = "assets", isShared = false, runtime, emit } = options;
  if (!prefix.startsWith("/") || !prefix.endsWith("/")) {
    throw new TypeError(`Cannot serve files below "${prefix}": it needs a slash at both ends`);
  }
  const warn = (message: string): void => emit({ kind: "warning", message });
  const { files, problems } = await scanAssets(dir);
  problems.forEach(warn);
  const leaveOut = new Set(options.leaveOut);
  // Case: "index.html.br" goes with "index.html"
  const served = files.filter(({ path }) =>
    !leaveOut.has(path) && !leaveOut.has(splitCodedPath(path)?.[0] ?? path)
  );
  const listed = new Set([...options.listed ?? [], ...await readRecorded(dir)]);
  const rules = { prefix: decodePath(prefix) ?? prefix, assetsDir, listed };
  const bytes = await readResident(served, options.maxMemoryBytes ?? MAX_MEMORY_BYTES, warn);
  return new OpenedFiles(buildAssetMap(served, rules), { bytes, rules, runtime, warn, isShared });
}

/** What a build of ours wrote down; nothing if Vite alone made the bundle. */
async function readRecorded(dir: string): Promise<readonly string[]> {
  const text = await readFile(join(dir, BUILD_RECORD_PATH), "utf8").catch(() => "");
  return parseBuildRecord(text).builds.flatMap(({ files }) => files);
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Files that are read at a time. */
const READERS = 16;

async function readResident(
  files: readonly ScannedFile[],
  maxBytes: number,
  warn: (message: string) => void,
): Promise<ReadonlyMap<ScannedFile, Bytes>> {
  const read = new Map<ScannedFile, Bytes>();
  const waiting = [...chooseResident(files, maxBytes)];
  const readOn = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      try {
        read.set(file, await readAssetFile(file.realPath));
      } catch (error) {
        // It is opened again when somebody asks for it.
        warn(`Cannot keep "${file.path}" of the bundle directory in memory: ${error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: READERS }, readOn));
  return read;
}

/** A variant that is in memory. */
interface Resident {
  readonly description: AssetDescription;
  readonly bytes: Bytes;
  /** Cloned for each answer: cheaper than one made anew, 11 µs against 13 a request on Deno. */
  readonly whole: Response;
}

interface EntryVariant extends AssetVariant {
  readonly resident: Resident | undefined;
}

interface Entry {
  readonly asset: Asset;
  readonly variants: readonly [EntryVariant, ...EntryVariant[]];
}

/** `Accept-Encoding` fields that are remembered; browsers send a handful. */
const MAX_KNOWN_FIELDS = 64;

interface OpenedFilesOptions {
  readonly bytes: ReadonlyMap<ScannedFile, Bytes>;
  readonly rules: AssetMapOptions;
  readonly isShared: boolean;
  readonly runtime: Pick<Runtime, "openFileBody">;
  readonly warn: (message: string) => void;
}

class OpenedFiles implements StaticFiles {
  readonly #entries: Map<string, Entry>;
  readonly #rules: AssetMapOptions;
  readonly #openFileBody: Runtime["openFileBody"];
  readonly #warn: (message: string) => void;
  readonly #isShared: boolean;
  readonly #weights = new Map<string | null, CodingWeights>();

  constructor(map: ReadonlyMap<string, Asset>, options: OpenedFilesOptions) {
    const { rules, runtime, warn, isShared } = options;
    this.#isShared = isShared;
    this.#rules = rules;
    this.#openFileBody = runtime.openFileBody;
    this.#warn = warn;
    this.#entries = new Map([...map].map(([path, asset]) => [path, entryOf(asset, options)]));
  }

  get size(): number {
    return this.#entries.size;
  }

  has(path: string): boolean {
    const decoded = decodePath(path);
    if (decoded === undefined) return false;
    return this.#entries.has(decoded) || isLostAsset(decoded, this.#rules);
  }

  leadsToFile(path: string): boolean {
    const decoded = decodePath(path);
    return decoded !== undefined && this.#entries.has(decoded);
  }

  respond(request: ConditionalRequest, path: string): Response | Promise<Response> | undefined {
    const decoded = decodePath(path);
    if (decoded === undefined) return undefined;
    const entry = this.#entries.get(decoded);
    if (entry === undefined) {
      return isLostAsset(decoded, this.#rules) ? notFoundResponse() : undefined;
    }
    if (request.method !== "GET" && request.method !== "HEAD") return notAllowedResponse();
    const variant = this.#choose(request, entry.variants);
    const { resident } = variant;
    return resident === undefined
      ? this.#fromDisk(request, entry.asset, variant)
      : answerFromMemory(request, resident);
  }

  #choose(request: ConditionalRequest, variants: Entry["variants"]): EntryVariant {
    if (variants.length === 1) return variants[0];
    const field = request.header("accept-encoding");
    let weights = this.#weights.get(field);
    if (weights === undefined) {
      weights = parseAcceptEncoding(field);
      if (this.#weights.size >= MAX_KNOWN_FIELDS) this.#weights.clear();
      this.#weights.set(field, weights);
    }
    return chooseOffer(weights, variants);
  }

  async #fromDisk(
    request: ConditionalRequest,
    asset: Asset,
    variant: AssetVariant,
  ): Promise<Response> {
    try {
      const { realPath } = variant.file;
      const stat = await statAssetFile(realPath);
      const description = describeAsset(asset, variant, stat, this.#isShared);
      const bodyOf: BodyOf = (first, end) => this.#openFileBody(realPath, first, end);
      return await answerFromDisk(request, description, bodyOf);
    } catch (error) {
      this.#warn(`Cannot serve "${asset.path}" from the bundle directory: ${error}`);
      const { code } = error as { code?: unknown }; // thrown by node:fs, or by us without a code
      return code === "EMFILE" || code === "ENFILE" ? unavailableResponse() : notFoundResponse();
    }
  }

  close(): void {
    this.#entries.clear();
  }
}

function entryOf(asset: Asset, { bytes, isShared }: OpenedFilesOptions): Entry {
  const withBytes = (variant: AssetVariant): EntryVariant => {
    const description = describeAsset(asset, variant, variant.file, isShared);
    return { ...variant, resident: residentOf(description, bytes.get(variant.file)) };
  };
  const [plain, ...coded] = asset.variants;
  return { asset, variants: [withBytes(plain), ...coded.map(withBytes)] };
}

function residentOf(
  described: AssetDescription,
  bytes: Bytes | undefined,
): Resident | undefined {
  if (bytes === undefined) return undefined;
  const description = { ...described, etag: etagOfBytes(bytes), size: bytes.length };
  return { description, bytes, whole: wholeResponse(description, bytes) };
}

function answerFromMemory(
  request: ConditionalRequest,
  { description, bytes, whole }: Resident,
): Response {
  const verdict = judgeRequest(request, description);
  switch (verdict.kind) {
    case "whole":
      return whole.clone();
    case "part":
      return partResponse(verdict, description, bytes.subarray(verdict.first, verdict.last + 1));
    default:
      return bodilessResponse(verdict, description);
  }
}

type BodyOf = (first: number, end: number) => Promise<BodyInit>;

async function answerFromDisk(
  request: ConditionalRequest,
  description: AssetDescription,
  bodyOf: BodyOf,
): Promise<Response> {
  const { size } = description;
  const verdict = judgeRequest(request, description);
  switch (verdict.kind) {
    case "whole": {
      const isSent = request.method === "GET" && size > 0;
      return wholeResponse(description, isSent ? await bodyOf(0, size) : null);
    }
    case "part":
      return partResponse(verdict, description, await bodyOf(verdict.first, verdict.last + 1));
    default:
      return bodilessResponse(verdict, description);
  }
}
