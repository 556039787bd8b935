/**
 * The names of all header fields that a client and a server of the protocol exchange.
 *
 * @module
 */

/**
 * Fields of a request.
 *
 * @example Usage
 * ```ts
 * import { INERTIA_REQUEST_HEADERS } from "@lv/sidecar/inertia";
 * import { equal } from "node:assert/strict";
 *
 * equal(INERTIA_REQUEST_HEADERS.inertia, "X-Inertia");
 * ```
 */
export const INERTIA_REQUEST_HEADERS = {
  /** `true`: the client asks, and takes a page as JSON. */
  inertia: "X-Inertia",
  /** The version of the assets that the client runs on. */
  version: "X-Inertia-Version",
  /** The component that a partial reload is for. */
  partialComponent: "X-Inertia-Partial-Component",
  /** Paths of the props that are wanted. */
  partialOnly: "X-Inertia-Partial-Data",
  /** Paths of the props that are not wanted. */
  partialExcept: "X-Inertia-Partial-Except",
  /** Paths of the props that replace what the client has, though they merge otherwise. */
  reset: "X-Inertia-Reset",
  /** Keys of the once props that the client has. */
  exceptOnceProps: "X-Inertia-Except-Once-Props",
  /** `append` or `prepend`: where an infinite scroll puts what it asks for. */
  scrollMergeIntent: "X-Inertia-Infinite-Scroll-Merge-Intent",
  /** The name under which a form wants its errors. */
  errorBag: "X-Inertia-Error-Bag",
  /** `prefetch`: asked ahead of the user. Browsers say the same in the other two. */
  purpose: "Purpose",
  /** `prefetch`, by a browser. */
  secPurpose: "Sec-Purpose",
  /** `prefetch`, by Firefox of old. */
  xMoz: "X-Moz",
  /** `true`: validate only. */
  precognition: "Precognition",
  /** The fields to validate; `*` stands for one segment. */
  precognitionValidateOnly: "Precognition-Validate-Only",
  /** Where the user came from. */
  referer: "Referer",
  /** Who made the request: an origin, or `null`. */
  origin: "Origin",
  /** `same-origin`, `same-site`, `cross-site` or `none`, by the browser. */
  secFetchSite: "Sec-Fetch-Site",
  /** The value of the cookie `XSRF-TOKEN`, which another site can't read. */
  xsrfToken: "X-XSRF-TOKEN",
  /** The same, by scripts that have it from the document. */
  csrfToken: "X-CSRF-TOKEN",
  /** The path under which a proxy serves us. Believed only where the proxy is trusted. */
  forwardedPrefix: "X-Forwarded-Prefix",
  /** The scheme that the browser used. Believed only where the proxy is trusted. */
  forwardedProto: "X-Forwarded-Proto",
  /** The host that the browser asked for. Believed only where the proxy is trusted. */
  forwardedHost: "X-Forwarded-Host",
} as const;

/**
 * Fields of a response.
 *
 * @example Usage
 * ```ts
 * import { INERTIA_RESPONSE_HEADERS } from "@lv/sidecar/inertia";
 * import { equal } from "node:assert/strict";
 *
 * equal(INERTIA_RESPONSE_HEADERS.location, "X-Inertia-Location");
 * ```
 */
export const INERTIA_RESPONSE_HEADERS = {
  /** `true`: the body is a page as JSON. Never on a 409: the client would not look at where to go. */
  inertia: "X-Inertia",
  /** The version of the assets that the server serves. */
  version: "X-Inertia-Version",
  /** On a 409: where to go with a new document. */
  location: "X-Inertia-Location",
  /** On a 409: where to go with a visit, fragment included. */
  redirect: "X-Inertia-Redirect",
  /** `true`: the answer to a validation ahead of the submit. */
  precognition: "Precognition",
  /** `true`: it found nothing wrong. */
  precognitionSuccess: "Precognition-Success",
} as const;

/** Every field that decides what a page says; a cache that keeps a page has to tell them apart. */
export const PAGE_VARY: readonly string[] = [
  INERTIA_REQUEST_HEADERS.inertia,
  INERTIA_REQUEST_HEADERS.version,
  INERTIA_REQUEST_HEADERS.partialComponent,
  INERTIA_REQUEST_HEADERS.partialOnly,
  INERTIA_REQUEST_HEADERS.partialExcept,
  INERTIA_REQUEST_HEADERS.reset,
  INERTIA_REQUEST_HEADERS.exceptOnceProps,
];
