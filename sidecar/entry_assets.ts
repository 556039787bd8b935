/**
 * What a document has to load for its entries, found in a manifest.
 *
 * The order is that of Vite's own HTML writer, so that the cascade is that of a built `index.html`.
 *
 * @module
 */
import type { Manifest, ManifestRecord } from "./manifest.ts";
import { nearestName } from "./nearest_name.ts";

/** What a document has to load; every file once. */
export interface EntryAssets {
  /** Modules to run, in the order of the entries. */
  readonly scripts: readonly string[];
  /** Modules that those import, directly or through others. */
  readonly preloads: readonly string[];
  /** Style sheets: first those of what is imported, then those of who imports. */
  readonly css: readonly string[];
  /** Modules that may be loaded later, with `import()`. */
  readonly dynamic: readonly string[];
  /** Those of `scripts` and `css` that are the entries themselves. */
  readonly own: ReadonlySet<string>;
}

/** Scripts for browsers without modules, as `@vitejs/plugin-legacy` makes them. */
export interface LegacyAssets {
  /** SystemJS and what else old browsers lack. */
  readonly polyfills: string;
  /** For SystemJS, in the order of the entries. */
  readonly scripts: readonly string[];
}

const LEGACY_POLYFILLS_REGEXP = /(?:^|\/)vite\/legacy-polyfills-legacy$/;
const MODERN_POLYFILLS_REGEXP = /(?:^|\/)vite\/legacy-polyfills$/;
const STYLE_SHEET_REGEXP = /\.css$/;
const MAX_LISTED_ENTRIES = 10;

/**
 * Finds what a document has to load for its entries.
 *
 * @param entries Sources relative to the root, such as `src/main.ts`; a slash at the start makes no difference.
 * @throws {RangeError} If one is not in the manifest as an entry; the message lists those that are, the nearest first.
 */
export function resolveEntries(
  manifest: Manifest,
  entries: string | readonly string[],
): EntryAssets {
  const chosen = listOf(entries).map((entry) => findEntry(manifest, entry));
  const scripts = chosen.filter((record) => !isStyleSheet(record));
  const css = new Set(collectCss(manifest, chosen));
  for (const file of wholeStyleSheet(manifest, scripts)) css.add(file);
  const own = new Set(chosen.map(({ file }) => file));
  const polyfills = scripts.length === 0 ? [] : polyfillsOf(manifest, MODERN_POLYFILLS_REGEXP);
  const first = new Set([...polyfills, ...scripts.map(({ file }) => file)]);
  const imported = collectScripts(manifest, scripts, ({ imports }) => imports);
  const preloads = without(imported, first);
  const reachable = collectScripts(
    manifest,
    scripts,
    ({ imports, dynamicImports }) => [...imports, ...dynamicImports],
  );
  const dynamic = without(reachable, new Set([...first, ...preloads]));
  return { scripts: [...first], preloads, css: [...css], dynamic, own };
}

/** What a fragment has to load beside what its page has loaded. */
export function withoutLoaded(assets: EntryAssets, loaded: EntryAssets): EntryAssets {
  const modules = new Set([...loaded.scripts, ...loaded.preloads]);
  return {
    ...assets,
    scripts: without(assets.scripts, modules),
    preloads: without(assets.preloads, modules),
    css: without(assets.css, new Set(loaded.css)),
    dynamic: without(assets.dynamic, modules),
  };
}

/**
 * Finds what browsers without modules have to load for the entries.
 *
 * @returns `undefined` where the build has nothing for them.
 * @throws {RangeError} If an entry is not in the manifest.
 */
export function resolveLegacy(
  manifest: Manifest,
  entries: string | readonly string[],
): LegacyAssets | undefined {
  const [polyfills] = polyfillsOf(manifest, LEGACY_POLYFILLS_REGEXP);
  if (polyfills === undefined) return undefined;
  const scripts = listOf(entries).flatMap((entry) => {
    findEntry(manifest, entry);
    const record = manifest.records.get(legacyKeyOf(normalizeEntry(entry)));
    return record === undefined || isStyleSheet(record) ? [] : [record.file];
  });
  return scripts.length === 0 ? undefined : { polyfills, scripts: [...new Set(scripts)] };
}

/** The keys of all entries that a document may name. */
export function entriesOf(manifest: Manifest): readonly string[] {
  return [...manifest.records].filter(([key, record]) =>
    record.isEntry && !MODERN_POLYFILLS_REGEXP.test(key) && !isLegacy(manifest, key)
  ).map(([key]) => key);
}

/** The way in which manifests write an entry. */
export function normalizeEntry(entry: string): string {
  // Case: ./src\main.ts -> src/main.ts
  return entry.replaceAll("\\", "/").replace(/^(?:\.?\/)+/, "");
}

function listOf(entries: string | readonly string[]): readonly string[] {
  return typeof entries === "string" ? [entries] : entries;
}

function isStyleSheet({ file }: ManifestRecord): boolean {
  return STYLE_SHEET_REGEXP.test(file);
}

function without(files: Iterable<string>, others: ReadonlySet<string>): readonly string[] {
  return [...files].filter((file) => !others.has(file));
}

function polyfillsOf({ records }: Manifest, name: RegExp): readonly string[] {
  return [...records].filter(([key]) => name.test(key)).map(([, { file }]) => file);
}

/** A suffix alone may be a name of the user's; the plugin always writes the polyfills too. */
function isLegacy({ records }: Manifest, key: string): boolean {
  return /-legacy(?:\.[^./]+)?$/.test(key) &&
    [...records.keys()].some((other) => LEGACY_POLYFILLS_REGEXP.test(other));
}

/** Case: src/main.ts -> src/main-legacy.ts */
function legacyKeyOf(key: string): string {
  return key.replace(/(\.[^./]+)?$/, "-legacy$1");
}

function findEntry(manifest: Manifest, entry: string): ManifestRecord {
  const key = normalizeEntry(entry);
  const record = manifest.records.get(key);
  const isUsable = record !== undefined && !isLegacy(manifest, key) &&
    (record.isEntry || record.isDynamicEntry);
  if (isUsable) return record;
  throw new RangeError(
    `Cannot find "${entry}" in the manifest "${manifest.place}": ${
      record === undefined ? "" : "it is there, but not as an entry; "
    }${showEntries(manifest, key)}`,
  );
}

function showEntries(manifest: Manifest, wrong: string): string {
  const entries = nearestFirst(manifest, wrong);
  if (entries.length === 0) return "it lists no entry";
  const shown = entries.slice(0, MAX_LISTED_ENTRIES).map((entry) => `"${entry}"`).join(", ");
  const rest = entries.length - MAX_LISTED_ENTRIES;
  const more = rest > 0 ? ` and ${rest} more` : "";
  const nearest = entries.length === 1 ? "" : ", the nearest first";
  return `it lists ${
    entries.length === 1 ? "1 entry" : `${entries.length} entries`
  }${nearest}: ${shown}${more}`;
}

function nearestFirst(manifest: Manifest, wrong: string): readonly string[] {
  const entries = entriesOf(manifest);
  const nearest = entries.filter((key) => hasName(manifest, key, wrong));
  const similar = nearestName(wrong, entries);
  return [...new Set([...nearest, ...similar === undefined ? [] : [similar], ...entries])];
}

/** Case: "main", or "main.ts", for src/main.ts, or for what `vite.config` calls so. */
function hasName({ records }: Manifest, key: string, wrong: string): boolean {
  const record = records.get(key);
  return key.endsWith(`/${wrong}`) || key.replace(/\.[^./]+$/, "") === wrong ||
    record?.name === wrong || record?.names.includes(wrong) === true;
}

/** Style sheets, after those of what is imported; `seen` ends cycles. */
function collectCss({ records }: Manifest, roots: readonly ManifestRecord[]): readonly string[] {
  const seen = new Set<ManifestRecord>();
  const found: string[] = [];
  const visit = (record: ManifestRecord): void => {
    if (seen.has(record)) return;
    seen.add(record);
    // A chunk that a plugin took out of the bundle is named, but not listed.
    for (const key of record.imports) visitIfThere(records, key, visit);
    found.push(...record.css, ...isStyleSheet(record) ? [record.file] : []);
  };
  roots.forEach(visit);
  return found;
}

/** Modules that the roots lead to, after what those import; the roots themselves only in a cycle. */
function collectScripts(
  { records }: Manifest,
  roots: readonly ManifestRecord[],
  next: (record: ManifestRecord) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set<ManifestRecord>();
  const found = new Set<string>();
  const visit = (record: ManifestRecord): void => {
    if (seen.has(record)) return;
    seen.add(record);
    for (const key of next(record)) visitIfThere(records, key, visit);
    if (!isStyleSheet(record)) found.add(record.file);
  };
  for (const root of roots) {
    for (const key of next(root)) visitIfThere(records, key, visit);
  }
  return found;
}

function visitIfThere(
  records: Manifest["records"],
  key: string,
  visit: (record: ManifestRecord) => void,
): void {
  const record = records.get(key);
  if (record !== undefined) visit(record);
}

/**
 * The one style sheet of a build with `cssCodeSplit: false`; Vite puts it last.
 *
 * No record names it: it stands for itself, under the name of its file.
 */
function wholeStyleSheet(
  { records }: Manifest,
  scripts: readonly ManifestRecord[],
): readonly string[] {
  const record = records.get("style.css");
  const isWhole = record !== undefined && record.src === "style.css" && !record.isEntry &&
    scripts.length > 0 && [...records.values()].every(({ css }) => css.length === 0);
  return isWhole ? [record.file] : [];
}
