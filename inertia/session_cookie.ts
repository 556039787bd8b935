/**
 * The cookie that a session is in, or that names it.
 *
 * @module
 */
import { cookieValues, renderCookie } from "./cookies.ts";

/** How the cookie of a session is set. */
export interface SessionCookieOptions {
  /** Its name; over HTTPS `__Host-` stands before it where path and domain allow that. @default "session" */
  readonly name?: string | undefined;
  /** How long a session lasts that nobody uses, in seconds. @default 7200 */
  readonly maxAge?: number | undefined;
  /** The path that it is for. @default "/" */
  readonly path?: string | undefined;
  /** The domain that it is for, with all below it. @default the host alone */
  readonly domain?: string | undefined;
  /** Whether other sites' requests carry it. @default "lax" */
  readonly sameSite?: "strict" | "lax" | "none" | undefined;
  /** Whether it is for HTTPS alone. @default "auto": where the request came over HTTPS */
  readonly secure?: boolean | "auto" | undefined;
}

/** Where a session is found in a request, and put into an answer. */
export interface SessionCookie {
  /** How long a session lasts, in seconds. */
  readonly maxAge: number;
  /** The name without a prefix. */
  readonly name: string;
  /** The values that a request brings. */
  values(request: Request, isSecure: boolean): readonly string[];
  /** Sets a value. */
  set(headers: Headers, value: string, isSecure: boolean): void;
  /** Takes it away. */
  expire(headers: Headers, isSecure: boolean): void;
}

/** RFC 6265bis: browsers ignore a cookie whose name and value are longer than this together. */
export const MAX_COOKIE_BYTES = 4096;

/** A token of HTTP: all that a name may be. */
const NAME_REGEXP = /^[\w!#$%&'*+.^`|~-]+$/;

/** What ends an attribute, or the field. */
const ATTRIBUTE_REGEXP = /^[\x21-\x3a\x3c-\x7e]+$/;

const PREFIX = "__Host-";

/**
 * Resolves the options of a session's cookie.
 *
 * @throws {TypeError} If a browser would refuse it.
 */
export function sessionCookie(options: SessionCookieOptions): SessionCookie {
  const { name = "session", maxAge = 7200, path = "/", domain, sameSite = "lax" } = options;
  const { secure = "auto" } = options;
  check(NAME_REGEXP.test(name), name, "the name of a cookie", "it is no token");
  check(
    path.startsWith("/") && ATTRIBUTE_REGEXP.test(path),
    path,
    "the path of a cookie",
    "it has to begin with a slash, and to be of ASCII without spaces and semicolons",
  );
  check(
    domain === undefined || ATTRIBUTE_REGEXP.test(domain),
    domain,
    "the domain of a cookie",
    "it is none",
  );
  check(
    Number.isSafeInteger(maxAge) && maxAge > 0,
    maxAge,
    "maxAge",
    "it is no positive number of whole seconds",
  );
  check(
    sameSite !== "none" || secure !== false,
    sameSite,
    "sameSite",
    "browsers want secure with it",
  );
  // Then no subdomain, and nobody without TLS, can set one in its place.
  const canBePrefixed = path === "/" && domain === undefined && !name.startsWith("__");
  const isSecure = (byRequest: boolean): boolean => secure === "auto" ? byRequest : secure;
  const nameFor = (byRequest: boolean): string =>
    canBePrefixed && isSecure(byRequest) ? PREFIX + name : name;
  const put = (headers: Headers, value: string, maxAge: number, byRequest: boolean): void =>
    headers.append(
      "set-cookie",
      renderCookie(nameFor(byRequest), value, {
        path,
        domain,
        maxAge,
        sameSite,
        secure: isSecure(byRequest),
        httpOnly: true,
      }),
    );
  return {
    name,
    maxAge,
    values: (request, byRequest) => cookieValues(request.headers.get("cookie"), nameFor(byRequest)),
    set: (headers, value, byRequest) => put(headers, value, maxAge, byRequest),
    expire: (headers, byRequest) => put(headers, "", 0, byRequest),
  };
}

function check(isRight: boolean, value: unknown, rule: string, state: string): void {
  if (!isRight) throw new TypeError(`Cannot use ${JSON.stringify(value)} as ${rule}: ${state}`);
}

/** Whether a browser keeps a cookie; the longer of its two names counts. */
export function fitsCookie(name: string, value: string): boolean {
  return PREFIX.length + name.length + 1 + value.length <= MAX_COOKIE_BYTES;
}
