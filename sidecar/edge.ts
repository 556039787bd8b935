/**
 * The edge: which requests are let in, before anything is forwarded or looked up.
 *
 * A front that forwards to a Vite on loopback answers for what Vite closed: Vite sees only loopback.
 *
 * @module
 */
import {
  type Authority,
  isHostAllowed,
  isHostListed,
  isLoopbackAddress,
  isSameAuthority,
  parseAuthority,
} from "./host.ts";
import { isOtherAuthority, parseRequestTarget, type RequestTarget } from "./request_target.ts";

/** What the edge looks at. */
export interface EdgeRequest {
  readonly method: string;
  /** `Request.url` of the listener. */
  readonly url: string;
  /** The value of a header by its name in lower case, or `null`. */
  header(name: string): string | null;
}

/** The part of the configuration that the edge reads. */
export interface EdgeConfig {
  readonly host: string;
  readonly allowedHosts: true | readonly string[];
  /** Whether any `Host` may be named: what a build holds is for everybody. @default false */
  readonly isPublic?: boolean;
}

/** A request that was let in. */
export interface Admission {
  readonly kind: "admitted";
  readonly target: RequestTarget;
  /** The authority that the client named: the `Host` header, or that of the URL under HTTP/2. */
  readonly host: string;
  readonly authority: Authority;
}

/** A request that was not. */
export interface Refusal {
  readonly kind: "refused";
  /** 400 malformed, 403 not allowed here, 405 never served, 414 too long. */
  readonly status: 400 | 403 | 405 | 414;
  /** For the answer and the log: what was found, and what would let it in. */
  readonly reason: string;
}

/**
 * Checks the method, the target and the `Host` of a request.
 *
 * @returns The parsed request, or the refusal.
 */
export function admitRequest(request: EdgeRequest, config: EdgeConfig): Admission | Refusal {
  if (request.method === "TRACE" || request.method === "CONNECT") {
    return refuse(405, `the method ${request.method} is not served`);
  }
  const target = parseRequestTarget(request.url);
  if (typeof target === "string") {
    return refuse(target.endsWith("too long") ? 414 : 400, target);
  }
  // HTTP/2 has `:authority` instead, which the listener puts into the URL.
  const host = request.header("host") ?? target.authority;
  // An absolute-form target would name another place than Host does.
  if (isOtherAuthority(host, target.authority, target.scheme)) {
    return refuse(400, "the target names another host than the Host header");
  }
  const authority = parseAuthority(host);
  if (authority === undefined) return refuse(400, "the Host header is missing or malformed");
  if (config.isPublic !== true && !isOwnHost(authority.hostname, config)) {
    return refuse(403, notAllowed(authority.hostname));
  }
  return { kind: "admitted", target, host, authority };
}

function isOwnHost(hostname: string, config: EdgeConfig): boolean {
  // The plain case first: what we listen on is mostly what is asked for.
  return hostname === config.host || isHostAllowed(hostname, config.allowedHosts) ||
    hostname === config.host.toLowerCase();
}

function notAllowed(hostname: string): string {
  return `the host "${hostname}" is not allowed; start with --allowed-host ${hostname} to let it in`;
}

function refuse(status: Refusal["status"], reason: string): Refusal {
  return { kind: "refused", status, reason };
}

/** Where a request comes from, in respect of the page that asks. */
export type Initiator =
  /** A page of this very origin, or the user's own typing. */
  | "same-origin"
  /** A page of another origin that is allowed by configuration. */
  | "allowed"
  /** A page of another origin. */
  | "cross-origin"
  /** No browser, or one that does not say. */
  | "unknown";

/**
 * Says where a request comes from, by `Origin` and `Sec-Fetch-Site`.
 *
 * @param admission From {@linkcode admitRequest}.
 */
export function initiatorOf(
  request: EdgeRequest,
  admission: Admission,
  config: EdgeConfig,
): Initiator {
  const origin = request.header("origin");
  if (origin !== null) return originInitiator(origin, admission, config);
  const site = request.header("sec-fetch-site");
  if (site === "same-origin" || site === "none") return "same-origin";
  return site === null ? "unknown" : "cross-origin";
}

const ORIGIN_REGEXP = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)$/i;

function originInitiator(origin: string, admission: Admission, config: EdgeConfig): Initiator {
  const match = ORIGIN_REGEXP.exec(origin);
  const authority = match === null ? undefined : parseAuthority(match[2] ?? "");
  // Case: "null" of a sandboxed frame or a file -> cross-origin
  if (match === null || authority === undefined) return "cross-origin";
  // The scheme is left out: behind a terminator of TLS we see http where the page is https.
  if (isSameAuthority(authority, admission.authority, (match[1] ?? "").toLowerCase())) {
    return "same-origin";
  }
  return isHostListed(authority.hostname, config.allowedHosts) ? "allowed" : "cross-origin";
}

/** What the edge says of a request that goes to Vite. */
export interface ViteAccess {
  /** Whether the peer is on this machine; `undefined` addresses are not. */
  readonly remoteAddress: string | undefined;
  readonly initiator: Initiator;
}

/**
 * Checks a request for Vite over HTTP.
 *
 * Another site can load our modules as classic scripts and read what leaks through (XSSI), and can set off the
 * side effect of `/__open-in-editor` with an image.
 *
 * @returns The refusal, or `undefined`.
 */
export function refuseViteRequest(
  request: EdgeRequest,
  { target }: Admission,
  access: ViteAccess,
): Refusal | undefined {
  if (isSideEffectPath(target.path)) return refuseSideEffect(access);
  if (access.initiator !== "cross-origin") return undefined;
  // A link on another site that leads here is a navigation, and harmless.
  if (request.header("sec-fetch-mode") === "navigate" && request.method === "GET") return undefined;
  // Another port of this machine may use us as Vite allows by its own CORS rule.
  if (request.header("sec-fetch-site") === "same-site" && request.header("origin") === null) {
    return undefined;
  }
  return refuse(403, "the front end's modules are not for pages of another origin");
}

/**
 * Checks a request for a framework's dev server. What it reads is held to the rule of modules; what changes something, it
 * judges itself, for some of it is meant for other origins: the callback of a login, the webhook of a service.
 *
 * @returns The refusal, or `undefined`.
 */
export function refuseFrameworkRequest(
  request: EdgeRequest,
  admission: Admission,
  access: ViteAccess,
): Refusal | undefined {
  if (request.method === "GET" || request.method === "HEAD") {
    return refuseViteRequest(request, admission, access);
  }
  return isSideEffectPath(admission.target.path) ? refuseSideEffect(access) : undefined;
}

const SIDE_EFFECT_PATHS = ["/__open-in-editor", "/__devtools", "/__inspect"];

/** Whether a path starts something on this machine; spelt loosely, as Vite's router matches loosely. */
function isSideEffectPath(path: string): boolean {
  if (!path.includes("__") && !path.includes("%")) return false;
  const plain = decode(path).toLowerCase().replaceAll(/\/{2,}/g, "/");
  return SIDE_EFFECT_PATHS.some((prefix) => plain.includes(prefix));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function refuseSideEffect({ remoteAddress, initiator }: ViteAccess): Refusal | undefined {
  if (remoteAddress === undefined || !isLoopbackAddress(remoteAddress)) {
    return refuse(403, "developer tools that act on this machine are for its own browser alone");
  }
  if (initiator === "same-origin") return undefined;
  return refuse(403, "developer tools that act on this machine are for pages of this origin alone");
}

/**
 * Checks a WebSocket handshake. Cookies go along with one from any site, and no CORS holds it back.
 *
 * @param token Vite's token, which a client without `Origin` must show: Vite itself lets such a client in without
 *   one (CVE-2026-39363 read files that way). `undefined` for a socket of the app.
 * @returns The refusal, or `undefined`.
 */
export function refuseSocket(
  request: EdgeRequest,
  { target }: Admission,
  initiator: Initiator,
  token: { readonly expected: string | undefined } | undefined,
): Refusal | undefined {
  if (initiator === "cross-origin") {
    return refuse(403, `the origin "${request.header("origin")}" is not the one of this server`);
  }
  if (token === undefined || request.header("origin") !== null) return undefined;
  const shown = new URLSearchParams(target.search).get("token");
  if (token.expected !== undefined && shown !== null && isEqual(shown, token.expected)) {
    return undefined;
  }
  return refuse(403, "a client without an origin must show Vite's token");
}

/** Compares in time that does not depend on where two strings differ. */
function isEqual(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  return difference === 0;
}
