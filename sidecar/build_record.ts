/**
 * Which files of which build a bundle directory holds, and which of an earlier one stay.
 *
 * A tab that was opened before a deploy asks for chunks of the build that it knows, so the last build's files stay
 * beside those of the new one.
 *
 * @module
 */
import { isHashedName, isPathLeftOut, type ScannedFile } from "./asset_map.ts";

/** Where the record lies, relative to the bundle directory: beside Vite's manifest, where nothing is served. */
export const BUILD_RECORD_PATH = ".vite/sidecar-builds.json";

/** Files of one build whose names change with their content; sorted. */
export interface RecordedBuild {
  readonly files: readonly string[];
}

/** The builds of which there are files in a bundle directory, the newest first. */
export interface BuildRecord {
  readonly builds: readonly RecordedBuild[];
}

const NONE: BuildRecord = { builds: [] };
const VERSION = 1;

/**
 * Reads a record. What is none, or of another version, is an empty one: then no file of an earlier build is known.
 */
export function parseBuildRecord(text: string): BuildRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NONE;
  }
  const { version, builds } = asObject(value);
  if (version !== VERSION || !Array.isArray(builds)) return NONE;
  return {
    builds: builds.map((build) => {
      const { files } = asObject(build);
      return { files: Array.isArray(files) ? files.filter(isFilePath) : [] };
    }),
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  // Any object can be asked for any name.
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** The record's files are copied and deleted, so none may lie anywhere else. */
function isFilePath(path: unknown): path is string {
  return typeof path === "string" && path !== "" && !isPathLeftOut(path) &&
    path.split("/").every((name) => name !== "" && !/^[A-Za-z]:/.test(name));
}

/** Writes a record. */
export function renderBuildRecord({ builds }: BuildRecord): string {
  return `${JSON.stringify({ version: VERSION, builds }, null, 2)}\n`;
}

/** What {@linkcode planRetention} decides on. */
export interface Retention {
  /** The record before the build. */
  readonly record: BuildRecord;
  /** The files before the build. */
  readonly before: readonly ScannedFile[];
  /** The files after it. */
  readonly after: readonly ScannedFile[];
  /** Files of earlier builds that were set aside, so that they can be put back. */
  readonly held: ReadonlySet<string>;
  /** Vite's `build.assetsDir`. */
  readonly assetsDir: string;
  /** Files that came from `public/`, relative to the bundle directory: no build named them. */
  readonly fromPublic: ReadonlySet<string>;
  /** How many builds are kept, the new one among them. */
  readonly keep: number;
}

/** What is to be done after a build. */
export interface RetentionPlan {
  readonly record: BuildRecord;
  /** Files of kept builds that are gone. */
  readonly restore: readonly string[];
  /** Files of builds that are kept no longer, and still there. */
  readonly remove: readonly string[];
}

/**
 * Decides which files of earlier builds are put back after a build, and which are removed.
 *
 * Vite empties its directory unless it is told not to; both ways end the same.
 */
export function planRetention(retention: Retention): RetentionPlan {
  const { record: { builds }, after, held, fromPublic, keep } = retention;
  const made = { files: filesMade(retention) };
  // A build that changed nothing is no deploy: it must not push out the one before it.
  const earlier = builds.filter(({ files }) => !isSame(files, made.files));
  const there = new Set(after.map(({ path }) => path));
  const kept = [made, ...earlier.slice(0, Math.max(keep - 1, 0))].map(({ files }) => ({
    files: files.filter((path) => there.has(path) || held.has(path)),
  }));
  const wanted = new Set(kept.flatMap(({ files }) => files));
  const known = new Set(builds.flatMap(({ files }) => files));
  return {
    record: { builds: kept },
    restore: [...wanted].filter((path) => !there.has(path)),
    remove: [...known].filter((path) =>
      there.has(path) && !wanted.has(path) && !fromPublic.has(path)
    ),
  };
}

function filesMade({ record, before, after, assetsDir, fromPublic }: Retention): string[] {
  const changed = new Map(before.map(({ path, mtimeMs }) => [path, mtimeMs]));
  const known = new Set(record.builds.flatMap(({ files }) => files));
  return after
    // Left where Vite does not empty its directory: a file of an earlier build that this one did not write.
    .filter(({ path, mtimeMs }) => !(known.has(path) && changed.get(path) === mtimeMs))
    .map(({ path }) => path)
    .filter((path) => !fromPublic.has(path))
    .filter((path) => isHashedName(path, { assetsDir, listed: new Set([path]) }))
    .sort();
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((path, at) => path === b[at]);
}

/**
 * The record of a directory that has none: whatever looks hashed there is one build.
 *
 * @param files What lies there before a build.
 */
export function guessBuildRecord(files: readonly ScannedFile[], assetsDir: string): BuildRecord {
  const hashed = files.map(({ path }) => path)
    .filter((path) => isHashedName(path, { assetsDir, listed: new Set() }));
  return hashed.length === 0 ? NONE : { builds: [{ files: hashed.sort() }] };
}
