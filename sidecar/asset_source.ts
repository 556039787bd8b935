/**
 * What a template asks for: the same calls while Vite serves the sources, and for a build.
 *
 * @module
 */
import {
  type ImportMap,
  joinTags,
  renderFragmentTags,
  renderLegacyTags,
  renderNonceMeta,
  renderTags,
  splitAttributes,
  type TagOptions,
} from "./asset_tags.ts";
import { joinAssetUrl } from "./asset_url.ts";
import { DEV_VERSION_ID } from "./asset_version.ts";
import {
  devUrl,
  renderDevEntryTags,
  renderDevTags,
  renderHmrTags,
  renderReactRefreshTag,
} from "./dev_tags.ts";
import { normalizeEntry, resolveEntries, resolveLegacy, withoutLoaded } from "./entry_assets.ts";
import type { TagAttributes } from "./html_tag.ts";
import type { Manifest } from "./manifest.ts";
import { nearestName } from "./nearest_name.ts";
import { checkedNonce } from "./nonce.ts";

/** Entries: sources relative to the root, such as `src/main.ts`. */
export type Entries = string | readonly string[];

/** Options of {@linkcode Assets.partial}. */
export interface PartialOptions {
  /** Entries that the page of the fragment has loaded: what those bring is left out. @default [] */
  readonly after?: Entries | undefined;
  /** Attributes of the fragment's own tags. */
  readonly attributes?: TagAttributes | undefined;
}

/** Tags and URLs for documents: the same calls give sources in development and built files in production. */
export interface Assets {
  /**
   * Renders what a document has to load for its entries.
   *
   * With Vite that is its client, React's preamble where there is React, and the entries. Of a build it is the modules,
   * their preloads and their style sheets, each once however many entries share it.
   *
   * @example Usage
   * ```ts ignore
   * const page = `<!doctype html><head>${assets.tags("src/main.ts", { nonce })}</head>`;
   * ```
   *
   * @param attributes Attributes of the entries' own tags. `nonce` and `crossorigin` go to every tag; a nonce also
   *   brings the `<meta>` from which Vite's runtime takes it.
   * @throws {RangeError} If the build has no such entry, or an attribute can't be rendered.
   * @throws {TypeError} If the nonce is not base64.
   */
  tags(entries: Entries, attributes?: TagAttributes): string;
  /**
   * Renders what a fragment has to load that its page does not have yet.
   *
   * The server does not know what a page holds, so the fragment says what it is made for.
   *
   * @example Usage
   * ```ts ignore
   * const modal = `${assets.partial("src/modal.ts", { after: "src/main.ts" })}<div class="modal"></div>`;
   * ```
   *
   * @throws {RangeError} If the build has no such entry, or an attribute can't be rendered.
   */
  partial(entries: Entries, options?: PartialOptions): string;
  /**
   * Gives the URL of a file: of a source that the build has copied, or of a file in Vite's `publicDir`.
   *
   * @param path Relative to the root, or to `publicDir`; a query or a fragment is kept.
   * @throws {RangeError} If the build has neither.
   */
  asset(path: string): string;
  /** Renders Vite's client, with the `<meta>` of a nonce; nothing of a build. {@linkcode Assets.tags} has it already. */
  hmrTags(attributes?: TagAttributes): string;
  /** Renders React's preamble; nothing of a build, and without React. {@linkcode Assets.tags} has it already. */
  reactRefreshTag(attributes?: TagAttributes): string;
  /**
   * Renders the scripts of `@vitejs/plugin-legacy` for the end of `<body>`; nothing with Vite, and of a build without.
   *
   * @throws {RangeError} If the build has no such entry, or an attribute can't be rendered.
   */
  legacyTags(entries: Entries, attributes?: TagAttributes): string;
  /** Identifies the build: equal on every server that has the same one, and constant with Vite. */
  readonly versionId: string;
}

/** Vite, as it serves the sources. */
export interface DevAssetSource {
  /** Tells it from a build. */
  readonly kind: "dev";
  /** Its base, from slash to slash. */
  readonly base: string;
  /** Whether the project uses React's fast refresh. */
  readonly isReact: boolean;
}

/** A build as it is now. */
export interface BuiltAssets {
  /** Which source became which files. */
  readonly manifest: Manifest;
  /** See `versionIdOf`. */
  readonly versionId: string;
  /** See `parseImportMap`. */
  readonly importMap?: ImportMap | undefined;
  /** Hashes to put into tags; see `integrityOfBuild`. */
  readonly integrity?: ReadonlyMap<string, string> | undefined;
}

/** A build, as it lies on disk. */
export interface BuiltAssetSource {
  /** Tells it from Vite. */
  readonly kind: "built";
  /** Gives the build as it is now: the same object until there is another one. */
  readonly current: () => BuiltAssets;
  /** Where it is served; see `parseAssetUrl`. */
  readonly assetUrl: string;
  /** Whether the bundle directory holds a file that the manifest does not list. @default never */
  readonly hasFile?: ((path: string) => boolean) | undefined;
}

/** Makes the helpers of a template. */
export function createAssets(source: DevAssetSource | BuiltAssetSource): Assets {
  return source.kind === "dev" ? new ViteAssets(source) : new BuildAssets(source);
}

const listOf = (entries: Entries): readonly string[] =>
  typeof entries === "string" ? [entries] : entries;

class ViteAssets implements Assets {
  readonly versionId = DEV_VERSION_ID;
  readonly #source: DevAssetSource;

  constructor(source: DevAssetSource) {
    this.#source = source;
  }

  tags(entries: Entries, attributes: TagAttributes = {}): string {
    return joinTags([
      renderNonceMeta(splitAttributes(attributes).nonce),
      renderDevTags(listOf(entries), { ...this.#source, attributes }),
    ]);
  }

  partial(entries: Entries, { after = [], attributes }: PartialOptions = {}): string {
    const loaded = new Set(listOf(after).map(normalizeEntry));
    const wanted = listOf(entries).filter((entry) => !loaded.has(normalizeEntry(entry)));
    return renderDevEntryTags(wanted, { ...this.#source, attributes });
  }

  asset(path: string): string {
    const [file, rest] = splitPath(path);
    return devUrl(file, this.#source.base) + rest;
  }

  hmrTags(attributes: TagAttributes = {}): string {
    return joinTags([
      // The client takes the nonce of the styles that it adds from there.
      renderNonceMeta(splitAttributes(attributes).nonce),
      renderHmrTags({ ...this.#source, attributes }),
    ]);
  }

  reactRefreshTag(attributes: TagAttributes = {}): string {
    return this.#source.isReact ? renderReactRefreshTag({ ...this.#source, attributes }) : "";
  }

  legacyTags(): string {
    return "";
  }
}

/** Entries and attributes come from templates, so they are few; more than this is somebody's input. */
const MAX_KEPT = 1000;

/** Stands for the nonce in tags that are kept: it is all that changes from one page to the next. */
const NONCE_PLACEHOLDER = "bHYtbm9uY2UtcGxhY2Vob2xkZXI";

/** What was rendered of one build. */
class RenderedTags {
  #of: BuiltAssets | undefined;
  readonly #pieces = new Map<string, readonly string[]>();

  /** Renders once for all nonces. */
  render(
    built: BuiltAssets,
    key: readonly unknown[],
    attributes: TagAttributes | undefined,
    render: (attributes: TagAttributes) => string,
  ): string {
    const { nonce, ...others } = attributes ?? {};
    const isNonce = typeof nonce === "string";
    const [first = "", ...rest] = this.#keep(
      built,
      JSON.stringify([...key, others, isNonce ? "" : nonce]),
      () => render({ ...others, nonce: isNonce ? NONCE_PLACEHOLDER : nonce }),
    );
    return isNonce ? [first, ...rest].join(checkedNonce(nonce)) : first;
  }

  #keep(built: BuiltAssets, key: string, render: () => string): readonly string[] {
    if (this.#of !== built || this.#pieces.size >= MAX_KEPT) this.#pieces.clear();
    this.#of = built;
    const kept = this.#pieces.get(key);
    if (kept !== undefined) return kept;
    const pieces = render().split(NONCE_PLACEHOLDER);
    this.#pieces.set(key, pieces);
    return pieces;
  }
}

class BuildAssets implements Assets {
  readonly #source: BuiltAssetSource;
  readonly #rendered = new RenderedTags();

  constructor(source: BuiltAssetSource) {
    this.#source = source;
  }

  get versionId(): string {
    return this.#source.current().versionId;
  }

  tags(entries: Entries, attributes?: TagAttributes): string {
    const built = this.#source.current();
    return this.#rendered.render(built, ["tags", entries], attributes, (shown) =>
      joinTags([
        renderNonceMeta(splitAttributes(shown).nonce),
        renderTags(resolveEntries(built.manifest, entries), this.#options(built, shown)),
      ]));
  }

  partial(entries: Entries, { after = [], attributes }: PartialOptions = {}): string {
    const built = this.#source.current();
    return this.#rendered.render(built, ["partial", entries, after], attributes, (shown) => {
      const loaded = resolveEntries(built.manifest, after);
      const assets = withoutLoaded(resolveEntries(built.manifest, entries), loaded);
      return renderFragmentTags(assets, this.#options(built, shown));
    });
  }

  asset(path: string): string {
    const [file, rest] = splitPath(path);
    const key = normalizeEntry(file);
    const { manifest } = this.#source.current();
    const found = manifest.records.get(key)?.file ??
      (this.#source.hasFile?.(key) === true ? key : undefined);
    if (found !== undefined) return joinAssetUrl(this.#source.assetUrl, found) + rest;
    const nearest = nearestName(key, manifest.records.keys());
    throw new RangeError(
      `Cannot find "${path}" in the manifest "${manifest.place}": it is no source of the build${
        nearest === undefined ? "" : `, the nearest is "${nearest}"`
      }`,
    );
  }

  hmrTags(): string {
    return "";
  }

  reactRefreshTag(): string {
    return "";
  }

  legacyTags(entries: Entries, attributes?: TagAttributes): string {
    const built = this.#source.current();
    const legacy = resolveLegacy(built.manifest, entries);
    return legacy === undefined ? "" : renderLegacyTags(legacy, this.#options(built, attributes));
  }

  #options({ importMap, integrity }: BuiltAssets, attributes?: TagAttributes): TagOptions {
    return { assetUrl: this.#source.assetUrl, attributes, importMap, integrity };
  }
}

/** Case: src/icons.svg?v=1#cart -> src/icons.svg and ?v=1#cart */
function splitPath(path: string): readonly [string, string] {
  const end = path.search(/[?#]/);
  return end === -1 ? [path, ""] : [path.slice(0, end), path.slice(end)];
}
