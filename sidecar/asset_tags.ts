/**
 * Tags for a document: of a build, in the order in which Vite's own HTML writer puts them.
 *
 * @module
 */
import { joinAssetUrl } from "./asset_url.ts";
import type { EntryAssets, LegacyAssets } from "./entry_assets.ts";
import { renderTag, type TagAttributes } from "./html_tag.ts";
import { checkedNonce } from "./nonce.ts";
import { scriptJson } from "./script_json.ts";

/** What an import map says; as Vite's option `build.chunkImportMap` writes it. */
export interface ImportMap {
  /** What modules name, and what is loaded for it. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** Options of {@linkcode renderTags}. */
export interface TagOptions {
  /** Where the files are served; see `parseAssetUrl`. */
  readonly assetUrl: string;
  /**
   * Attributes of the entries' own tags. `nonce` and `crossorigin` go to every tag: a preload that asks differently
   * from the script is loaded twice.
   */
  readonly attributes?: TagAttributes | undefined;
  /**
   * Subresource integrity: a hash for each file. Modules that no tag names get theirs by an import map, which holds
   * for the preloads that Vite makes while the page runs, too. Its style sheets can't have one.
   */
  readonly integrity?: ReadonlyMap<string, string> | undefined;
  /** The build's import map. It has to come before every module, so these tags come before those of others. */
  readonly importMap?: ImportMap | undefined;
}

const RESERVED_ATTRIBUTES: ReadonlySet<string> = new Set([
  "href",
  "integrity",
  "rel",
  "src",
  "type",
]);
const INTEGRITY_REGEXP = /^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/;

/** Attributes as a caller gave them, and what they mean to which tags. */
export interface SplitAttributes {
  /** For the entries' own tags. */
  readonly own: TagAttributes;
  /** For every tag, first. */
  readonly shared: { readonly crossorigin: string | boolean };
  /** For every tag, last; checked. */
  readonly nonce: string | undefined;
}

/**
 * Takes `nonce` and `crossorigin` out of attributes.
 *
 * @throws {RangeError} If an attribute is one that the manifest decides.
 * @throws {TypeError} If the nonce is not base64.
 */
export function splitAttributes(attributes: TagAttributes = {}): SplitAttributes {
  const { nonce, crossorigin = true, ...own } = attributes;
  for (const name of Object.keys(own)) {
    if (RESERVED_ATTRIBUTES.has(name.toLowerCase())) {
      throw new RangeError(`Cannot set the attribute "${name}" of a tag: the manifest decides it`);
    }
  }
  const isNonce = typeof nonce === "string";
  if (nonce === true) throw new TypeError('Cannot set the attribute "nonce" of a tag: it is true');
  return { own, shared: { crossorigin }, nonce: isNonce ? checkedNonce(nonce) : undefined };
}

/**
 * Renders what a document has to load: the import map if there is one, modules, their preloads, style sheets.
 *
 * @throws {RangeError} If an attribute can't be rendered, or `integrity` has no hash for a file.
 */
export function renderTags(assets: EntryAssets, options: TagOptions): string {
  return renderFragmentTags(assets, options, renderImportMap(assets, options));
}

/** Renders the tags for a part of a document, which has its import map already. */
export function renderFragmentTags(
  assets: EntryAssets,
  options: TagOptions,
  first = "",
): string {
  const { own, shared, nonce } = splitAttributes(options.attributes);
  const { assetUrl, integrity } = options;
  const attributesOf = (file: string, url: "src" | "href"): TagAttributes => ({
    ...shared,
    [url]: joinAssetUrl(assetUrl, file),
    integrity: integrity === undefined ? undefined : hashOf(integrity, file),
    nonce,
    ...assets.own.has(file) ? own : {},
  });
  const script = (file: string): string =>
    renderTag("script", { type: "module", ...attributesOf(file, "src") }, "");
  const link = (rel: string) => (file: string): string =>
    renderTag("link", { rel, ...attributesOf(file, "href") });
  return joinTags([
    first,
    ...assets.scripts.map(script),
    ...assets.preloads.map(link("modulepreload")),
    ...assets.css.map(link("stylesheet")),
  ]);
}

/** Puts tags on lines of their own. */
export function joinTags(tags: readonly string[]): string {
  return tags.filter((tag) => tag !== "").join("\n");
}

function hashOf(integrity: ReadonlyMap<string, string>, file: string): string {
  const hash = integrity.get(file);
  if (hash === undefined) throw new RangeError(`Cannot find the integrity of "${file}"`);
  if (INTEGRITY_REGEXP.test(hash)) return hash;
  throw new RangeError(`Cannot use "${hash}" as the integrity of "${file}": it is no SHA-2 hash`);
}

function renderImportMap(assets: EntryAssets, options: TagOptions): string {
  const { integrity, importMap, assetUrl } = options;
  if (integrity === undefined && importMap === undefined) return "";
  const { nonce } = splitAttributes(options.attributes);
  const hashes = integrity === undefined ? [] : [...assets.preloads, ...assets.dynamic].map(
    (file) => [joinAssetUrl(assetUrl, file), hashOf(integrity, file)] as const,
  );
  if (hashes.length === 0 && importMap === undefined) return "";
  const map = {
    ...importMap === undefined ? {} : { imports: importMap.imports },
    ...hashes.length === 0 ? {} : { integrity: Object.fromEntries(hashes) },
  };
  return renderTag("script", { type: "importmap", nonce }, scriptJson(map, "import map"));
}

/** Vite's runtime, in development and in a build, takes the nonce for what it adds to the page from here. */
export function renderNonceMeta(nonce: string | undefined): string {
  return nonce === undefined ? "" : renderTag("meta", { property: "csp-nonce", nonce });
}

/** The plugin's ids, as its own fallback for half-modern browsers looks for them. */
const LEGACY_POLYFILL_ID = "vite-legacy-polyfill";
const LEGACY_ENTRY_ID = "vite-legacy-entry";

/** Renders the scripts for browsers without modules. They belong to the end of `<body>`: nothing defers them. */
export function renderLegacyTags(assets: LegacyAssets, options: TagOptions): string {
  const { shared, nonce } = splitAttributes(options.attributes);
  const common = { nomodule: true, ...shared, nonce };
  const url = (file: string): string => joinAssetUrl(options.assetUrl, file);
  return joinTags([
    renderTag("script", { ...common, id: LEGACY_POLYFILL_ID, src: url(assets.polyfills) }, ""),
    ...assets.scripts.map((file, index) => {
      const id = index === 0 ? LEGACY_ENTRY_ID : `${LEGACY_ENTRY_ID}-${index + 1}`;
      const code = `System.import(document.getElementById('${id}').getAttribute('data-src'))`;
      return renderTag("script", { ...common, id, "data-src": url(file) }, code);
    }),
  ]);
}
