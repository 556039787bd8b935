/**
 * Which requests another site may have made.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";
import { INERTIA_REQUEST_HEADERS as NAMES } from "./headers.ts";
import { originOf, requestPath, type UrlTrust } from "./request_url.ts";

/** How requests that another site made are told from our own. */
export interface CsrfOptions {
  /**
   * What is not checked, because it proves in another way who asks: paths such as `/webhooks/*`, in which `*` stands
   * for anything, or a function.
   */
  readonly except?: readonly string[] | ((request: Request) => boolean) | undefined;
  /** Other origins whose requests are ours, such as `https://admin.example.org`. @default none */
  readonly trustedOrigins?: readonly string[] | undefined;
  /**
   * Answers where the token is missing or old; a page with status 419, say.
   * @default back with `flash.message` for a visit, a bare 419 for all else
   */
  readonly expired?: ((request: Request) => Response | Promise<Response>) | undefined;
  /** The domain of the cookie `XSRF-TOKEN`. @default the host alone */
  readonly domain?: string | undefined;
  /** The path of the cookie `XSRF-TOKEN`. @default "/" */
  readonly path?: string | undefined;
}

/** The same, resolved. */
export interface CsrfRule extends Omit<CsrfOptions, "except" | "trustedOrigins"> {
  /** Whether a request is not checked. */
  readonly isExempt: (request: Request) => boolean;
  /** Other origins that are ours. */
  readonly trustedOrigins: readonly string[];
}

/** What the client reads the token from; it sends it back in `X-XSRF-TOKEN`. */
export const TOKEN_COOKIE = "XSRF-TOKEN";

/** The field of a form that holds the token where no script sends it. */
export const TOKEN_FIELD = "_token";

/** They change nothing (RFC 9110 §9.2.1). */
const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/** Whether a method changes nothing. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.includes(method);
}

/**
 * Resolves options.
 *
 * @throws {TypeError} If a trusted origin is none.
 */
export function csrfRule(options: CsrfOptions): CsrfRule {
  const { except = [], trustedOrigins = [], expired, domain, path } = options;
  for (const origin of trustedOrigins) {
    if (URL.parse(origin)?.origin === origin) continue;
    throw new TypeError(
      `Cannot use "${origin}" as a trusted origin: it is none, such as "https://admin.example.org"`,
    );
  }
  return { isExempt: exemption(except), trustedOrigins, expired, domain, path };
}

function exemption(except: NonNullable<CsrfOptions["except"]>): CsrfRule["isExempt"] {
  if (typeof except === "function") return except;
  const patterns = except.map((pattern) => {
    const parts = pattern.replace(/^\/?/, "/").split("*").map((part) => RegExp.escape(part));
    return new RegExp(`^${parts.join(".*")}$`);
  });
  return (request) => {
    const path = requestPath(request.url).split("?", 1)[0] ?? "";
    return patterns.some((pattern) => pattern.test(path));
  };
}

/**
 * Whether a browser says that another origin made a request.
 *
 * `Sec-Fetch-Site` decides where it is, for proxies do not change it; else the host in `Origin`, whose scheme a proxy
 * with TLS makes differ. Neither can be set by a script. A request without both is no current browser's.
 */
export function isForeign(request: Request, rule: CsrfRule, trust: UrlTrust): boolean {
  const origin = request.headers.get(NAMES.origin);
  const site = request.headers.get(NAMES.secFetchSite);
  if (site === "same-origin" || site === "none") return false;
  if (origin !== null && rule.trustedOrigins.includes(origin)) return false;
  if (site !== null) return true;
  return origin !== null && URL.parse(origin)?.host !== URL.parse(originOf(request, trust))?.host;
}

/** Whether two tokens are equal, in a time that says nothing of where they differ. */
export function isSameToken(given: string, known: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(known)];
  return a.length === b.length && timingSafeEqual(a, b);
}
