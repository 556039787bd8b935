/**
 * The value of `HX-Location`: where to go without a new document.
 *
 * @module
 */
import type { HtmxVersion } from "./headers.ts";
import { checkText, renderJson, renderUrl } from "./header_value.ts";
import { type HtmxSwap, renderSwap } from "./swap.ts";

/** Where to go, and how what is there is put into the page. */
export interface HtmxLocation {
  /** The address that htmx gets. */
  readonly path: string | URL;
  /** A selector: the element that asks. */
  readonly source?: string | undefined;
  /** A selector: the element to change. @default the body */
  readonly target?: string | undefined;
  /** How the answer is put in. */
  readonly swap?: HtmxSwap | undefined;
  /** A selector: which part of the answer is put in. */
  readonly select?: string | undefined;
  /** Selectors of what goes elsewhere, as in `hx-select-oob`. */
  readonly selectOob?: string | undefined;
  /** What is sent along as parameters. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** Fields of the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The address for a new entry of the history; `true`: the one that answered. @default true, without `replace` */
  readonly push?: string | URL | boolean | undefined;
  /** The address for the current entry instead. */
  readonly replace?: string | URL | boolean | undefined;
}

/**
 * An address as the value of `HX-Location`.
 *
 * Always the object form: htmx 4 reads `/a,path:/b` as one, and goes to `/b`.
 *
 * @throws {TypeError} If an address or a selector is none, or a value has no JSON form.
 */
export function renderLocation(
  header: string,
  location: string | URL | HtmxLocation,
  version?: HtmxVersion,
): string {
  const options = typeof location === "string" || location instanceof URL
    ? { path: location }
    : location;
  const { swap, headers } = options;
  return renderJson(header, {
    path: renderUrl(header, options.path),
    source: textOf(header, options.source),
    target: textOf(header, options.target),
    swap: swap === undefined ? undefined : renderSwap(header, swap, version),
    select: textOf(header, options.select),
    // The name in both versions.
    selectOOB: textOf(header, options.selectOob),
    values: options.values,
    headers: headers === undefined ? undefined : checkHeaders(header, headers),
    ...renderHistory(header, options),
  });
}

const textOf = (header: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : checkText(header, text.trim());

/** A browser refuses these in the middle of its request; here the one who wrote them learns of it. */
function checkHeaders(
  header: string,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      checkText(header, name),
      value === "" ? "" : checkText(header, value),
    ]),
  );
}

/** Texts throughout: both versions compare with `"true"` and `"false"`. */
function renderHistory(
  header: string,
  { push, replace }: HtmxLocation,
): { readonly push?: string | undefined; readonly replace?: string | undefined } {
  const render = (value: string | URL | boolean | undefined): string | undefined =>
    value === undefined || typeof value === "boolean"
      ? value?.toString()
      : renderUrl(header, value);
  // Without a `push` htmx 2 would push all the same; an empty one is none to both.
  if (push === undefined && replace !== undefined) return { push: "", replace: render(replace) };
  return { push: render(push), replace: render(replace) };
}
