/**
 * The manifest of a build: which source became which files, as Vite 5 to 8 write it.
 *
 * @module
 */
import { z } from "zod";

/** What a build made of one source, or of what several share. */
export interface ManifestRecord {
  /** The file, relative to the bundle directory. */
  readonly file: string;
  /** The source, relative to the root; none for what several share. */
  readonly src?: string | undefined;
  /** What Vite calls the chunk. */
  readonly name?: string | undefined;
  /** Names of a style sheet that is an entry; since Vite 7. */
  readonly names: readonly string[];
  /** Whether a document may load it. */
  readonly isEntry: boolean;
  /** Whether `import()` loads it. */
  readonly isDynamicEntry: boolean;
  /** Keys of the chunks that it imports. */
  readonly imports: readonly string[];
  /** Keys of what it loads with `import()`. */
  readonly dynamicImports: readonly string[];
  /** Style sheets of its own modules, in their order. */
  readonly css: readonly string[];
  /** Other files that it refers to. */
  readonly assets: readonly string[];
}

/** A manifest. */
export interface Manifest {
  /** Where it comes from, for messages. */
  readonly place: string;
  /** Records by their key: the source, or `_file` for what several share. */
  readonly records: ReadonlyMap<string, ManifestRecord>;
}

/** `vite.config` may give it any name; `manifest.json` is what Laravel's plugin and litestar-vite use. */
export const MANIFEST_PATHS: readonly string[] = [".vite/manifest.json", "manifest.json"];

const text = z.string("is not a text");
const texts = z.array(text, "is not a list").default([]);
const flag = z.boolean("is neither true nor false").default(false);

/** A file in the bundle directory: joined to a URL and to a folder, and must not leave either. */
export const BUNDLE_PATH_SCHEMA: z.ZodType<string> = text.refine(
  (value) => !/^$|^\/|\\|^[a-z][a-z\d+.-]*:|(?:^|\/)\.\.?(?:\/|$)|\p{Cc}/iu.test(value),
  "is no path within the bundle directory",
);
const files = z.array(BUNDLE_PATH_SCHEMA, "is not a list").default([]);

const RECORD_SCHEMA: z.ZodType<ManifestRecord> = z.object({
  file: BUNDLE_PATH_SCHEMA,
  src: text.optional(),
  name: text.optional(),
  names: texts,
  isEntry: flag,
  isDynamicEntry: flag,
  imports: texts,
  dynamicImports: texts,
  css: files,
  assets: files,
}, "is not an object; a manifest of Vite lists objects");

/**
 * Reads the text of a manifest.
 *
 * @param text The whole file.
 * @param place Where it comes from, for messages.
 * @throws {SyntaxError} If it is not JSON, for example half written.
 * @throws {TypeError} If it is not a manifest of Vite, or lists nothing.
 */
export function parseManifest(text: string, place: string): Manifest {
  const value = parseObject(text, place, "a manifest");
  const records = new Map(
    Object.entries(value).map(([key, record]) => [key, parseRecord(key, record, place)]),
  );
  // Written by a build that failed, or not yet filled: no page could get a script from it.
  if (records.size === 0) throw refusal(place, "it lists nothing");
  return { place, records };
}

function refusal(place: string, state: string): TypeError {
  return new TypeError(`Cannot read "${place}" as a manifest: ${state}`);
}

function parseRecord(key: string, value: unknown, place: string): ManifestRecord {
  const result = RECORD_SCHEMA.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = [`"${key}"`, ...issue?.path.map(String) ?? []].join(".");
  throw refusal(place, `${path} ${issue?.message}`);
}

/**
 * Reads a text as an object of JSON.
 *
 * @param what What the text should be, for messages.
 * @throws {SyntaxError} If it is not JSON.
 * @throws {TypeError} If it is not an object.
 */
export function parseObject(text: string, place: string, what: string): object {
  let value: unknown;
  try {
    // Some editors and tools put a byte order mark in front.
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const state = text.trim() === "" ? "it is empty" : "it is not JSON, or not whole";
    throw new SyntaxError(`Cannot read "${place}" as ${what}: ${state}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new TypeError(`Cannot read "${place}" as ${what}: it is not an object`);
}

/** Every file that a manifest names, relative to the bundle directory. */
export function filesOf({ records }: Manifest): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { file, css, assets } of records.values()) {
    for (const path of [file, ...css, ...assets]) found.add(path);
  }
  return found;
}
