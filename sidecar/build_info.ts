/**
 * What a build was made for: a small file beside its manifest, and what its pages tell where there is none.
 *
 * @module
 */
import { z } from "zod";
import type { ImportMap } from "./asset_tags.ts";
import { parseAssetUrl } from "./asset_url.ts";
import { BUNDLE_PATH_SCHEMA, parseObject } from "./manifest.ts";

/** Where it is, relative to the bundle directory. */
export const BUILD_INFO_PATH = ".vite/sidecar.json";

/** What is known of one built file. */
export interface BuiltFileInfo {
  /** The value of an attribute `integrity`. */
  readonly integrity?: string | undefined;
}

/** What a build was made for. */
export interface BuildInfo {
  /**
   * Vite's base: a path or URL from slash to slash, or `./`; `null` where the build does not stand on one, as with
   * `experimental.renderBuiltUrl`.
   */
  readonly base: string | null;
  /** The version of Vite. */
  readonly viteVersion: string;
  /** The version of the manifest that it belongs to; see `versionIdOf`. */
  readonly versionId: string;
  /** The build's import map relative to the bundle directory, where it has one. */
  readonly importMap?: string | undefined;
  /** The files, by their path relative to the bundle directory. */
  readonly files: ReadonlyMap<string, BuiltFileInfo>;
}

const INFO_SCHEMA = z.object({
  base: z.string("is not a text").nullable(),
  viteVersion: z.string("is not a text"),
  versionId: z.string("is not a text"),
  importMap: BUNDLE_PATH_SCHEMA.optional(),
  files: z.unknown(),
});
/** A record of zod would lose a file called `__proto__`. */
const FILES_SCHEMA = z.custom<object>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "is not an object",
);
const FILE_SCHEMA = z.object(
  { integrity: z.string("is not a text").optional() },
  "is not an object",
);

/**
 * Reads the text of the info of a build.
 *
 * @param place Where it comes from, for messages.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError} If it is not the info of a build.
 */
export function parseBuildInfo(text: string, place: string): BuildInfo {
  const origin = { place, what: "the info of a build" };
  const value = parseObject(text, place, origin.what);
  const { files = {}, ...info } = check(INFO_SCHEMA, value, origin);
  const entries = Object.entries(check(FILES_SCHEMA, files, { ...origin, path: "files" }));
  return {
    ...info,
    files: new Map(entries.map(([path, file]) => [
      path,
      check(FILE_SCHEMA, file, { ...origin, path: `files.${path}` }),
    ])),
  };
}

interface Origin {
  readonly place: string;
  readonly what: string;
  /** Where in the text the value is. */
  readonly path?: string;
}

function check<T>(
  schema: z.ZodType<T>,
  value: unknown,
  { place, what, path = "" }: Origin,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [path, ...issue?.path.map(String) ?? []].filter((part) => part !== "").join(".");
  throw new TypeError(`Cannot read "${place}" as ${what}: "${where}" ${issue?.message}`);
}

/** Writes the info of a build; the same info gives the same text. */
export function renderBuildInfo(info: BuildInfo): string {
  const paths = [...info.files].sort(([left], [right]) => left < right ? -1 : 1);
  return `${JSON.stringify({ ...info, files: Object.fromEntries(paths) }, undefined, 2)}\n`;
}

/** The hashes of a build, as `renderTags` takes them; `undefined` where it has none. */
export function integrityOfBuild({ files }: BuildInfo): ReadonlyMap<string, string> | undefined {
  const hashes = [...files].flatMap(([path, { integrity }]) =>
    integrity === undefined ? [] : [[path, integrity] as const]
  );
  return hashes.length === 0 ? undefined : new Map(hashes);
}

const IMPORT_MAP_SCHEMA = z.object({
  imports: z.record(z.string(), z.string("is not a text"), "is not an object"),
});

/**
 * Reads the import map that Vite writes with `build.chunkImportMap`.
 *
 * @param place Where it comes from, for messages.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError} If it is not an import map.
 */
export function parseImportMap(text: string, place: string): ImportMap {
  const value = parseObject(text, place, "an import map");
  return check(IMPORT_MAP_SCHEMA, value, { place, what: "an import map" });
}

/** Vite writes double quotes; its names of files need no entities. */
const URL_REGEXP = /\s(?:src|href)="([^"]+)"/g;

/**
 * Finds the base of a build in one of its pages: what stands before the name of a built file.
 *
 * @param files Files of the build, relative to the bundle directory; see `filesOf`.
 * @returns The base, `./` for any relative one; `undefined` if the page names no built file.
 */
export function baseOfPage(html: string, files: ReadonlySet<string>): string | undefined {
  for (const [, url = ""] of html.matchAll(URL_REGEXP)) {
    // Case: /static/assets/main.js -> assets/main.js, where main.js is listed too.
    const starts = [0, ...[...url.matchAll(/\//g)].map(({ index }) => index + 1)];
    const start = starts.find((index) => files.has(decode(url.slice(index))));
    if (start !== undefined) return isRelative(url.slice(0, start)) ? "./" : url.slice(0, start);
  }
  return undefined;
}

function decode(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

function isRelative(base: string): boolean {
  return base === "" || base.startsWith(".");
}

/**
 * Refuses a build that was made for another URL than the one it is to be served under: its scripts would look for
 * their chunks, style sheets and images at the old one.
 *
 * @param base The build's base: of its info, or of a page; `undefined` where nobody knows, `null` where any will do.
 * @param assetUrl Where it is to be served.
 * @param place The bundle directory, for messages.
 * @throws {RangeError} If they differ.
 */
export function checkBase(base: string | null | undefined, assetUrl: string, place: string): void {
  if (base === undefined || base === null || isRelative(base)) return;
  const wanted = parseAssetUrl(assetUrl);
  if (parseBase(base) === wanted) return;
  throw new RangeError(
    `Cannot serve "${place}" under "${wanted}": it was built for the base "${base}"`,
  );
}

function parseBase(base: string): string | undefined {
  try {
    return parseAssetUrl(base);
  } catch {
    return undefined;
  }
}
