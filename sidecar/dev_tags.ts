/**
 * Tags for a document while Vite serves the sources.
 *
 * @module
 */
import { joinTags, splitAttributes } from "./asset_tags.ts";
import { joinAssetUrl } from "./asset_url.ts";
import { normalizeEntry } from "./entry_assets.ts";
import { renderTag, type TagAttributes } from "./html_tag.ts";
import { scriptJson } from "./script_json.ts";

/** Options of the functions of this module. */
export interface DevTagOptions {
  /** Vite's base in development, from slash to slash. */
  readonly base: string;
  /** Whether the project uses React's fast refresh, whose code has to run before the app's. @default false */
  readonly isReact?: boolean | undefined;
  /** Attributes of the entries' own tags; `nonce` and `crossorigin` go to every tag. */
  readonly attributes?: TagAttributes | undefined;
}

/** What Vite answers with CSS where a style sheet is asked for. */
const STYLE_REGEXP = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)$/i;

/**
 * Renders all that a document needs: Vite's client, React's preamble, and the entries.
 *
 * @param entries Sources relative to the root, such as `src/main.ts`.
 * @throws {RangeError} If an entry is a page, outside of the root, or an attribute can't be rendered.
 */
export function renderDevTags(entries: readonly string[], options: DevTagOptions): string {
  return joinTags([
    renderHmrTags(options),
    options.isReact === true ? renderReactRefreshTag(options) : "",
    renderDevEntryTags(entries, options),
  ]);
}

/** Renders the tags of the entries alone. */
export function renderDevEntryTags(entries: readonly string[], options: DevTagOptions): string {
  const { own, shared, nonce } = splitAttributes(options.attributes);
  const urls = new Set(entries.map((entry) => devUrl(entry, options.base)));
  return joinTags([...urls].map((url) => {
    return STYLE_REGEXP.test(url)
      ? renderTag("link", { rel: "stylesheet", ...shared, href: url, nonce, ...own })
      : renderTag("script", { type: "module", ...shared, src: url, nonce, ...own }, "");
  }));
}

/** Renders Vite's client, which reloads modules that change. */
export function renderHmrTags({ base, attributes }: DevTagOptions): string {
  const { shared, nonce } = splitAttributes(attributes);
  return renderTag("script", { type: "module", ...shared, src: `${base}@vite/client`, nonce }, "");
}

/** Renders what `@vitejs/plugin-react` and its SWC twin would put into Vite's own pages. */
export function renderReactRefreshTag({ base, attributes }: DevTagOptions): string {
  const { nonce } = splitAttributes(attributes);
  const code = `import { injectIntoGlobalHook } from ${scriptJson(`${base}@react-refresh`)};
injectIntoGlobalHook(window);
window.$RefreshReg$ = () => {};
window.$RefreshSig$ = () => (type) => type;`;
  return renderTag("script", { type: "module", nonce }, `\n${code}\n`);
}

/**
 * Makes the URL of a source.
 *
 * @throws {RangeError} If it is a page, or outside of the root: Vite would not answer with a module.
 */
export function devUrl(path: string, base: string): string {
  const key = normalizeEntry(path);
  const refuse = (state: string): RangeError =>
    new RangeError(`Cannot load "${path}" into a page: ${state}`);
  if (key === "") throw refuse("it is empty");
  if (/\.html?$/i.test(key)) throw refuse("it is a page itself; name the script that it loads");
  if (/(?:^|\/)\.\.(?:\/|$)/.test(key)) throw refuse("it is outside of the root");
  return joinAssetUrl(base, key);
}
