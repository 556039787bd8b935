/**
 * The names of everything that htmx and a server say to each other: of htmx 2, of htmx 4, and of the extensions that
 * come with them.
 *
 * @module
 */

/**
 * Fields that a request may have.
 *
 * @example Usage
 * ```ts
 * import { HTMX_REQUEST_HEADERS } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * equal(HTMX_REQUEST_HEADERS.currentUrl, "HX-Current-URL");
 * ```
 */
export const HTMX_REQUEST_HEADERS = {
  /** `true`: htmx asks. */
  request: "HX-Request",
  /** `partial` or `full`: what it will do with the answer (htmx 4). */
  requestType: "HX-Request-Type",
  /** `true`: a link or a form under `hx-boost`. */
  boosted: "HX-Boosted",
  /** `true`: the browser went back or forward, to what htmx does not remember. */
  historyRestore: "HX-History-Restore-Request",
  /** The address of the page. */
  currentUrl: "HX-Current-URL",
  /** The element to change: its id (htmx 2), `tag#id` (htmx 4). */
  target: "HX-Target",
  /** The element that asks, as `tag#id` (htmx 4). */
  source: "HX-Source",
  /** The id of the element that asks (htmx 2). */
  trigger: "HX-Trigger",
  /** The name of the element that asks (htmx 2). */
  triggerName: "HX-Trigger-Name",
  /** What the user answered to `hx-prompt` (htmx 2; htmx 4's extension `hx-prompt`). */
  prompt: "HX-Prompt",
  /** `true`: asked before the user did (extension `preload` of htmx 2). */
  preloaded: "HX-Preloaded",
  /** The tag of what the element shows (extension `hx-ptag` of htmx 4). */
  ptag: "HX-PTag",
  /** The last part that a broken multipart stream delivered (extension `hx-multipart` of htmx 4). */
  lastPartId: "HX-Last-Part-ID",
} as const;

/**
 * Fields that a response may have.
 *
 * @example Usage
 * ```ts
 * import { HTMX_RESPONSE_HEADERS } from "@lv/sidecar/htmx";
 * import { equal } from "node:assert/strict";
 *
 * equal(HTMX_RESPONSE_HEADERS.pushUrl, "HX-Push-Url");
 * ```
 */
export const HTMX_RESPONSE_HEADERS = {
  /** Events: before the swap in htmx 2, after it in htmx 4. */
  trigger: "HX-Trigger",
  /** Events after the swap (htmx 2). */
  triggerAfterSwap: "HX-Trigger-After-Swap",
  /** Events after the settling (htmx 2). */
  triggerAfterSettle: "HX-Trigger-After-Settle",
  /** Goes to an address, with a new document. */
  redirect: "HX-Redirect",
  /** Goes to an address, without one. */
  location: "HX-Location",
  /** `true`: loads the document again. */
  refresh: "HX-Refresh",
  /** A new entry of the history, or `false`. */
  pushUrl: "HX-Push-Url",
  /** Another address for the current entry, or `false`. */
  replaceUrl: "HX-Replace-Url",
  /** How the answer is put in. */
  reswap: "HX-Reswap",
  /** Where it is put in: a selector. */
  retarget: "HX-Retarget",
  /** Which part of it is put in: a selector. */
  reselect: "HX-Reselect",
  /** The address of a file to save (extension `hx-download` of htmx 4). */
  download: "HX-Download",
  /** The tag of what is answered (extension `hx-ptag` of htmx 4). */
  ptag: "HX-PTag",
} as const;

/**
 * htmx 2 adds this to the name of a field whose value it had to encode: `HX-Prompt-URI-AutoEncoded: true`.
 *
 * XMLHttpRequest takes values in Latin-1 alone.
 */
export const AUTO_ENCODED_SUFFIX = "-URI-AutoEncoded";

/**
 * The status that ends polling (`hx-trigger="every 2s"`) in htmx 2.
 *
 * htmx 4 takes it for a 200; there polling ends when the element that polls is swapped out.
 *
 * @example Usage
 * ```ts
 * import { STOP_POLLING_STATUS } from "@lv/sidecar/htmx";
 *
 * new Response("done", { status: STOP_POLLING_STATUS });
 * ```
 */
export const STOP_POLLING_STATUS = 286;

/** The major versions that are known here; a browser's htmx is one of them. */
export type HtmxVersion = 2 | 4;
