/**
 * Addresses: of the request, of the page, and which of them are ours.
 *
 * @module
 */
import { ENGINE } from "./engine.ts";
import { INERTIA_REQUEST_HEADERS as NAMES } from "./headers.ts";

/** How much of what a request says about its address is believed. */
export interface UrlTrust {
  /** Whether `X-Forwarded-Prefix`, `-Proto` and `-Host` come from our own proxy. */
  readonly trustProxy: boolean;
}

/**
 * Path and query of a request, as they came: order and trailing slash included.
 *
 * It begins with one slash: two would name a host, and take the client's history there.
 */
export function requestPath(url: string): string {
  const scheme = url.indexOf("://");
  // Bun gives a bare path where the Host field is malformed.
  const start = scheme === -1 ? 0 : url.indexOf("/", scheme + 3);
  if (start === -1) return "/";
  const fragment = url.indexOf("#", start);
  const path = fragment === -1 ? url.slice(start) : url.slice(start, fragment);
  const isHost = path[1] === "/" || path[1] === "\\";
  return whole(isHost ? `/${path.replace(/^[/\\]+/, "")}` : path);
}

/** A copy of a path that shares no memory with another text, where that matters. */
function whole(path: string): string {
  return ENGINE.stopsAtSlices ? path.split("/").join("/") : path;
}

/** The address that a page has: path and query, below the prefix of a proxy that is trusted. */
export function pageUrl(request: Request, trust: UrlTrust): string {
  return trust.trustProxy
    ? forwardedPrefix(request) + requestPath(request.url)
    : requestPath(request.url);
}

/** The same with its origin. */
export function absoluteUrl(request: Request, trust: UrlTrust): string {
  return originOf(request, trust) + pageUrl(request, trust);
}

/** The origin under which the browser knows us. */
export function originOf(request: Request, { trustProxy }: UrlTrust): string {
  const url = URL.parse(request.url);
  if (url === null) return "";
  if (!trustProxy) return url.origin;
  const proto = firstOf(request.headers.get(NAMES.forwardedProto)) ?? url.protocol.slice(0, -1);
  const host = firstOf(request.headers.get(NAMES.forwardedHost)) ?? url.host;
  return /^https?$/.test(proto)
    ? URL.parse(`${proto}://${host}`)?.origin ?? url.origin
    : url.origin;
}

/** `http:evil` and `http:/evil`: a path of ours to who asks over HTTP, another host to who asks over HTTPS. */
const TWO_FACED_REGEXP = /^https?:(?![/\\]{2})/i;

/** Whether a browser that follows an address from here stays at an origin; false for what is no address. */
export function isSameOrigin(location: string, origin: string): boolean {
  // TLS may end at a proxy that we know nothing of.
  if (TWO_FACED_REGEXP.test(location)) return false;
  return URL.parse(location, `${origin}/`)?.origin === origin;
}

/** `a, b` -> a: what the proxy next to the browser said. */
function firstOf(value: string | null): string | undefined {
  return value?.split(",", 1)[0]?.trim() || undefined;
}

/** `/sub/directory/` -> /sub/directory; what names a host, or is no path, is left out. */
function forwardedPrefix(request: Request): string {
  const prefix = (firstOf(request.headers.get(NAMES.forwardedPrefix)) ?? "").replace(/\/+$/, "");
  return /^\/[^/\\\s?#][^\s\\?#]*$/.test(prefix) ? prefix : "";
}

/**
 * An address as the value of a field: letters beyond ASCII are encoded, all else stays as it is.
 *
 * @throws {TypeError} If it has a control character, which would end the field or change the scheme.
 */
export function locationValue(url: string | URL): string {
  const text = String(url).trim();
  if (/\p{Cc}/u.test(text)) {
    throw new TypeError(
      `Cannot go to ${JSON.stringify(text)} as a location: it has a control character`,
    );
  }
  return text.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}
