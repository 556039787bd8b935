/**
 * What a response tells htmx.
 *
 * @module
 */
import { HTMX_RESPONSE_HEADERS, type HtmxVersion, STOP_POLLING_STATUS } from "./headers.ts";
import { renderSelector, renderToken, renderUrl } from "./header_value.ts";
import { type HtmxLocation, renderLocation } from "./location.ts";
import { FRAGMENT_VARY, type HasHeaders, isHtmx, parseHtmxRequest } from "./request.ts";
import { type HtmxSwap, renderSwap } from "./swap.ts";
import { addTrigger, type HtmxTrigger, joinTriggers, renderTrigger } from "./trigger.ts";
import { mergeVary } from "./vary.ts";

/** What htmx shall do with a response. Nothing is the default everywhere: it does what the page says. */
export interface HtmxResponseOptions {
  /**
   * Which htmx reads it, as `parseHtmxRequest(request).version` tells. Needed for what the versions write differently:
   * scroll and focus in a swap, and events after the swap.
   */
  readonly version?: HtmxVersion | undefined;
  /** Events: fired before the swap by htmx 2, after it by htmx 4. */
  readonly trigger?: HtmxTrigger | undefined;
  /** Events after the swap. htmx 4 has no such field; with `version: 4` they go into `HX-Trigger`. */
  readonly triggerAfterSwap?: HtmxTrigger | undefined;
  /** Events after the settling; with `version: 4` as `triggerAfterSwap`. */
  readonly triggerAfterSettle?: HtmxTrigger | undefined;
  /** Goes there with a new document. With a status of 3xx the browser follows by itself, and htmx never sees this. */
  readonly redirect?: string | URL | undefined;
  /** Goes there without a new document. */
  readonly location?: string | URL | HtmxLocation | undefined;
  /** Whether the document is loaded again. */
  readonly refresh?: boolean | undefined;
  /** The address for a new entry of the history; `false`: none, whatever the page says. */
  readonly pushUrl?: string | URL | false | undefined;
  /** The address for the current entry of the history; `false`: none, whatever the page says. */
  readonly replaceUrl?: string | URL | false | undefined;
  /** How the answer is put in. */
  readonly reswap?: HtmxSwap | undefined;
  /** Where: a selector. */
  readonly retarget?: string | undefined;
  /** Which part of it: a selector. */
  readonly reselect?: string | undefined;
  /** The address of a file to save (extension `hx-download` of htmx 4). */
  readonly download?: string | URL | undefined;
  /** The tag of what is answered (extension `hx-ptag` of htmx 4). */
  readonly ptag?: string | undefined;
}

/** The options of a response with HTML in it. */
export interface HtmlResponseOptions extends HtmxResponseOptions {
  /** The status. @default 200 */
  readonly status?: number | undefined;
  /** Fields beside htmx's. */
  readonly headers?: HeadersInit | undefined;
}

const NAMES = HTMX_RESPONSE_HEADERS;

/**
 * The fields of a response that htmx acts upon, for `new Response(…)`, Hono's `c.html(…)` or whatever takes fields.
 *
 * Every value is ASCII and has neither CR, LF nor NUL, whatever was put in. Addresses are relative or of http or https;
 * whether one leads to another host is for the caller to judge.
 *
 * @example Usage
 * ```ts
 * import { htmxHeaders } from "@lv/sidecar/htmx";
 * import { deepEqual } from "node:assert/strict";
 *
 * const headers = htmxHeaders({
 *   trigger: { saved: { id: 7 } },
 *   pushUrl: "/notes/7",
 *   reswap: { style: "outerHTML", swap: 100 },
 * });
 * deepEqual(headers, {
 *   "HX-Trigger": '{"saved":{"id":7}}',
 *   "HX-Push-Url": "/notes/7",
 *   "HX-Reswap": "outerHTML swap:100ms",
 * });
 * ```
 *
 * @param options What htmx shall do.
 * @returns Names and values.
 * @throws {TypeError} If a value can't stand in its field, or two contradict each other.
 * @throws {RangeError} If a delay is negative or no number.
 */
export function htmxHeaders(options: HtmxResponseOptions): Record<string, string> {
  checkHistory(options);
  const { version } = options;
  const rendered: Record<string, string | undefined> = {
    ...triggersOf(options, (header, trigger) => renderTrigger(header, trigger)),
    [NAMES.redirect]: given(options.redirect, (url) => renderUrl(NAMES.redirect, url)),
    [NAMES.location]: given(
      options.location,
      (location) => renderLocation(NAMES.location, location, version),
    ),
    [NAMES.refresh]: options.refresh === true ? "true" : undefined,
    [NAMES.pushUrl]: given(options.pushUrl, (url) => renderHistoryUrl(NAMES.pushUrl, url)),
    [NAMES.replaceUrl]: given(options.replaceUrl, (url) => renderHistoryUrl(NAMES.replaceUrl, url)),
    [NAMES.reswap]: given(options.reswap, (swap) => renderSwap(NAMES.reswap, swap, version)),
    [NAMES.retarget]: given(options.retarget, (text) => renderSelector(NAMES.retarget, text)),
    [NAMES.reselect]: given(options.reselect, (text) => renderSelector(NAMES.reselect, text)),
    [NAMES.download]: given(options.download, (url) => renderUrl(NAMES.download, url)),
    [NAMES.ptag]: given(options.ptag, (tag) => renderToken(NAMES.ptag, tag)),
  };
  return withoutUndefined(rendered);
}

/**
 * A response with HTML for htmx: a fragment that has an address of its own. For one that shares it with a page, see
 * {@linkcode pageOrFragment}.
 *
 * @example Usage
 * ```ts
 * import { htmxResponse } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const response = htmxResponse("<li>Milk</li>", { status: 201, trigger: "added" });
 * equal(response.headers.get("HX-Trigger"), "added");
 * equal(response.headers.get("Content-Type"), "text/html; charset=utf-8");
 * ```
 *
 * @param html The body; `null` for none.
 * @param options Status, fields, and what htmx shall do.
 * @returns The response.
 * @throws {TypeError} As {@linkcode htmxHeaders}.
 */
export function htmxResponse(html: string | null, options: HtmlResponseOptions = {}): Response {
  const headers = new Headers(options.headers);
  if (html !== null && !headers.has("content-type")) {
    headers.set("content-type", "text/html; charset=utf-8");
  }
  for (const [name, value] of Object.entries(htmxHeaders(options))) headers.set(name, value);
  return new Response(html, { status: options.status ?? 200, headers });
}

/**
 * Sends the browser elsewhere, whoever asks: htmx by `HX-Redirect`, everybody else by a status of 3xx.
 *
 * htmx asks by `fetch`, which follows a 3xx before htmx hears of it, and would put the other page into the target.
 *
 * @example Usage
 * ```ts
 * import { htmxRedirect } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const form = new Request("http://localhost/login", { method: "POST" });
 * equal(htmxRedirect(form, "/").headers.get("Location"), "/");
 * const htmx = new Request(form, { headers: { "HX-Request": "true" } });
 * equal(htmxRedirect(htmx, "/").headers.get("HX-Redirect"), "/");
 * ```
 *
 * @param request The request that is answered.
 * @param url Where to: relative, or of http or https.
 * @param status The status for everybody else.
 * @returns The response, without a body.
 * @throws {TypeError} If the address is none of these.
 */
export function htmxRedirect(
  request: HasHeaders,
  url: string | URL,
  status: 301 | 302 | 303 | 307 | 308 = 303,
): Response {
  const vary = mergeVary(null, FRAGMENT_VARY);
  // A way back in the history reads no fields of htmx's: it shows what `fetch` ends up with.
  if (isHtmx(request) && !parseHtmxRequest(request).isHistoryRestore) {
    return new Response(null, {
      status: 204,
      headers: { ...htmxHeaders({ redirect: url }), vary },
    });
  }
  return new Response(null, { status, headers: { location: renderUrl("Location", url), vary } });
}

/**
 * Ends polling (`hx-trigger="every 2s"`) in htmx 2, by the status 286.
 *
 * htmx 4 takes the status for a 200: there an answer ends polling that replaces the element that polls.
 *
 * @example Usage
 * ```ts
 * import { stopPolling } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * equal(stopPolling("<p>Ready</p>", { reswap: "outerHTML" }).status, 286);
 * ```
 *
 * @param html The last answer; without one the page stays as it is.
 * @param options Fields, and what htmx shall do.
 * @returns The response.
 * @throws {TypeError} As {@linkcode htmxHeaders}.
 */
export function stopPolling(
  html: string | null = null,
  options: Omit<HtmlResponseOptions, "status"> = {},
): Response {
  // Nothing swapped in is an empty target, unless htmx is told otherwise.
  const swap = html === null ? { reswap: "none" } as const : {};
  return htmxResponse(html, { ...swap, ...options, status: STOP_POLLING_STATUS });
}

/**
 * Adds what htmx shall do to a response that somebody else made. Events join those that are in it.
 *
 * @example A message that every answer may carry
 * ```ts
 * import { withHtmxHeaders } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * const response = new Response("<li>Milk</li>", { headers: { "HX-Trigger": "added" } });
 * const told = withHtmxHeaders(response, { trigger: { message: "Saved" } });
 * equal(told.headers.get("HX-Trigger"), '{"added":{},"message":{"value":"Saved"}}');
 * ```
 *
 * @param response The response; its body goes over to the new one.
 * @param options What htmx shall do.
 * @returns A response with the fields of both.
 * @throws {TypeError} As {@linkcode htmxHeaders}, or if there are events that can't be read.
 */
export function withHtmxHeaders(response: Response, options: HtmxResponseOptions): Response {
  const headers = new Headers(response.headers);
  const added = {
    ...htmxHeaders(options),
    ...triggersOf(options, (name, trigger) => addTrigger(name, headers.get(name), trigger)),
  };
  for (const [name, value] of Object.entries(added)) headers.set(name, value);
  return withHeaders(response, headers);
}

/** The same response with other fields; those of one that `fetch` gave can't be changed. */
export function withHeaders({ body, status, statusText }: Response, headers: Headers): Response {
  return new Response(body, { status, statusText, headers });
}

/** htmx 4 fires what is in `HX-Trigger` after the swap and its settling, so there all are one. */
function triggersOf(
  { version, trigger, triggerAfterSwap, triggerAfterSettle }: HtmxResponseOptions,
  render: (header: string, trigger: HtmxTrigger) => string,
): Record<string, string> {
  const all = { trigger, triggerAfterSwap, triggerAfterSettle };
  const joined = version === 4 ? { trigger: joinAll(Object.values(all)) } : all;
  const rendered = Object.entries(joined).map(([key, value]) => {
    // The keys of `all` are keys of the names.
    const header = NAMES[key as keyof typeof all];
    return [header, given(value, (events) => render(header, events))];
  });
  return withoutUndefined(Object.fromEntries(rendered));
}

function joinAll(triggers: readonly (HtmxTrigger | undefined)[]): HtmxTrigger | undefined {
  const told = triggers.filter((trigger) => trigger !== undefined);
  return told.length === 0 ? undefined : joinTriggers(NAMES.trigger, told);
}

function checkHistory({ pushUrl, replaceUrl }: HtmxResponseOptions): void {
  if (pushUrl === undefined || replaceUrl === undefined) return;
  throw new TypeError(
    `Cannot set ${NAMES.pushUrl} and ${NAMES.replaceUrl}: htmx takes one of them`,
  );
}

function renderHistoryUrl(header: string, url: string | URL | false): string {
  return url === false ? "false" : renderUrl(header, url);
}

function given<T>(value: T | undefined, render: (value: T) => string): string | undefined {
  return value === undefined ? undefined : render(value);
}

function withoutUndefined(
  fields: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const told = Object.entries(fields).filter((field): field is [string, string] =>
    field[1] !== undefined
  );
  return Object.fromEntries(told);
}
