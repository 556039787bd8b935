/**
 * What a request of htmx says about itself.
 *
 * @module
 */
import { AUTO_ENCODED_SUFFIX, HTMX_REQUEST_HEADERS, type HtmxVersion } from "./headers.ts";

/** Whatever has the fields of a request: a `Request`, Hono's `c.req.raw`. */
export interface HasHeaders {
  /** Its fields. */
  readonly headers: Pick<Headers, "get">;
}

/** An element of the page, as far as htmx names it. */
export interface HtmxElement {
  /** Its name in small letters, as htmx 4 tells it. */
  readonly tag?: string;
  /** Its `id`, if it has one. */
  readonly id?: string;
  /** Its `name`, as htmx 2 tells it of the element that asks. */
  readonly name?: string;
}

/**
 * A request as htmx describes it, the same for htmx 2 and 4.
 *
 * All of it comes from the browser: good enough to choose what to render, no proof of anything.
 */
export interface HtmxRequest {
  /** Whether htmx asks. */
  readonly isHtmx: boolean;
  /** Which htmx does, by the fields that it sends. */
  readonly version: HtmxVersion | undefined;
  /** Whether a part of the page is asked for: see {@linkcode wantsFragment}. */
  readonly wantsFragment: boolean;
  /** Whether it is a link or a form under `hx-boost`. */
  readonly isBoosted: boolean;
  /** Whether the browser went back or forward to what htmx does not remember. htmx 4 then omits `HX-Request`. */
  readonly isHistoryRestore: boolean;
  /** Whether it is asked ahead of the user (extension `preload` of htmx 2). */
  readonly isPreload: boolean;
  /** What htmx 4 will do with the answer: all of it, or what the target wants. */
  readonly type: "full" | "partial" | undefined;
  /** The address of the page, if it is one of http or https. */
  readonly currentUrl: URL | undefined;
  /** The element to change. */
  readonly target: HtmxElement | undefined;
  /** The element that asks. */
  readonly source: HtmxElement | undefined;
  /** What the user answered to `hx-prompt`. */
  readonly prompt: string | undefined;
  /** The tag of what the element shows (extension `hx-ptag` of htmx 4). */
  readonly ptag: string | undefined;
  /** The last part that arrived (extension `hx-multipart` of htmx 4). */
  readonly lastPartId: string | undefined;
}

const NAMES = HTMX_REQUEST_HEADERS;

/**
 * Whether htmx asks, for whatever reason. To choose between a page and a part of it, see {@linkcode wantsFragment}.
 *
 * @example Usage
 * ```ts
 * import { isHtmx } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const headers = { "HX-Request": "true" };
 * equal(isHtmx(new Request("http://localhost/", { headers })), true);
 * equal(isHtmx(new Request("http://localhost/")), false);
 * ```
 *
 * @param request A request, or anything with `headers`.
 * @returns Whether it has `HX-Request: true`.
 */
export function isHtmx(request: HasHeaders): boolean {
  return isTrue(request, NAMES.request);
}

/**
 * Whether a part of the page is the answer; otherwise it is the whole one.
 *
 * A boosted link and a way back in the history replace the whole body, and so does a request that htmx 4 calls `full`
 * (its target is the body, or `hx-select` picks from the answer).
 *
 * @example Usage
 * ```ts
 * import { wantsFragment } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const asks = (headers: HeadersInit) =>
 *   wantsFragment(new Request("http://localhost/", { headers }));
 * equal(asks({ "HX-Request": "true" }), true);
 * equal(asks({ "HX-Request": "true", "HX-Boosted": "true" }), false);
 * equal(asks({}), false);
 * ```
 *
 * @param request A request, or anything with `headers`.
 * @returns Whether to answer with a fragment.
 */
export function wantsFragment(request: HasHeaders): boolean {
  return isHtmx(request) && !isTrue(request, NAMES.boosted) &&
    !isTrue(request, NAMES.historyRestore) && request.headers.get(NAMES.requestType) !== "full";
}

/**
 * The fields that {@linkcode wantsFragment} looks at: an answer that depends on it has them in `Vary`, as those of
 * `pageOrFragment` do.
 *
 * @example Usage
 * ```ts
 * import { FRAGMENT_VARY } from "@lv/sidecar/htmx";
 *
 * new Response("<p>", { headers: { vary: FRAGMENT_VARY.join(", ") } });
 * ```
 */
export const FRAGMENT_VARY: readonly string[] = [
  NAMES.request,
  NAMES.requestType,
  NAMES.boosted,
  NAMES.historyRestore,
];

/**
 * Reads every field of a request that is htmx's.
 *
 * Nothing here throws: a browser may send what it likes, and what is malformed is as if it were not there.
 *
 * @example Which element asks, in htmx 2 and 4
 * ```ts
 * import { parseHtmxRequest } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const asks = (headers: HeadersInit) =>
 *   parseHtmxRequest(new Request("http://localhost/", { headers }));
 * equal(asks({ "HX-Request": "true", "HX-Trigger": "save" }).source?.id, "save");
 * equal(asks({ "HX-Request": "true", "HX-Source": "button#save" }).source?.id, "save");
 * ```
 *
 * @param request A request, or anything with `headers`.
 * @returns What the fields say.
 */
export function parseHtmxRequest(request: HasHeaders): HtmxRequest {
  const version = versionOf(request);
  const type = request.headers.get(NAMES.requestType);
  return {
    isHtmx: isHtmx(request),
    version,
    wantsFragment: wantsFragment(request),
    isBoosted: isTrue(request, NAMES.boosted),
    isHistoryRestore: isTrue(request, NAMES.historyRestore),
    isPreload: isTrue(request, NAMES.preloaded),
    type: type === "full" || type === "partial" ? type : undefined,
    currentUrl: parseHttpUrl(textOf(request, NAMES.currentUrl)),
    target: version === 4
      ? parseElement(request.headers.get(NAMES.target))
      : elementOf({ id: textOf(request, NAMES.target) }),
    source: sourceOf(request, version),
    prompt: promptOf(request, version),
    ptag: textOf(request, NAMES.ptag),
    lastPartId: textOf(request, NAMES.lastPartId),
  };
}

const isTrue = ({ headers }: HasHeaders, name: string): boolean => headers.get(name) === "true";

/** htmx 4 alone sends these two, and one of them with each request. */
function versionOf(request: HasHeaders): HtmxVersion | undefined {
  const { headers } = request;
  if (headers.get(NAMES.source) !== null || headers.get(NAMES.requestType) !== null) return 4;
  return isHtmx(request) || isTrue(request, NAMES.historyRestore) ? 2 : undefined;
}

/** A field's text, decoded where htmx 2 says that it encoded it. */
function textOf(request: HasHeaders, name: string): string | undefined {
  const value = request.headers.get(name) ?? "";
  const text = isTrue(request, `${name}${AUTO_ENCODED_SUFFIX}`) ? decoded(value) : value;
  return text === "" ? undefined : text;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded after all: a lone % is a text, too.
    return text;
  }
}

function sourceOf(
  request: HasHeaders,
  version: HtmxVersion | undefined,
): HtmxElement | undefined {
  if (version === 4) return parseElement(request.headers.get(NAMES.source));
  return elementOf({
    id: textOf(request, NAMES.trigger),
    name: textOf(request, NAMES.triggerName),
  });
}

/** htmx 4: button#save -> { tag: "button", id: "save" }; the id is encoded as `encodeURI` does. */
function parseElement(text: string | null): HtmxElement | undefined {
  const [, tag, id] = /^([^#]*)#?([^]*)$/.exec(text ?? "") ?? [];
  return elementOf({ tag, id: id === undefined ? undefined : decoded(id) });
}

type ElementParts = { readonly [Part in keyof HtmxElement]: string | undefined };

/** Without what is empty, so that what is there says something. */
function elementOf(parts: ElementParts): HtmxElement | undefined {
  const known = Object.entries(parts).filter(([, text]) => text !== undefined && text !== "");
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** The extension of htmx 4 always encodes and does not say so; htmx 2 says so when it did. */
function promptOf(request: HasHeaders, version: HtmxVersion | undefined): string | undefined {
  const value = request.headers.get(NAMES.prompt);
  // An empty answer is one; none is null.
  if (value === null) return undefined;
  return version === 4 ? decoded(value) : textOf(request, NAMES.prompt) ?? "";
}

function parseHttpUrl(text: string | undefined): URL | undefined {
  const url = text === undefined ? null : URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}
