/**
 * Cookies: as a browser sends them, and as a server sets them.
 *
 * @module
 */

/** Attributes of a cookie that is set. */
export interface CookieAttributes {
  /** The path that it is for. */
  readonly path: string;
  /** The domain that it is for, with what is below it; without, the host alone. */
  readonly domain?: string | undefined;
  /** How long the browser keeps it, in seconds; without, until it is closed. */
  readonly maxAge?: number | undefined;
  /** Whether other sites' requests carry it. */
  readonly sameSite: "strict" | "lax" | "none";
  /** Whether it is for HTTPS alone. */
  readonly secure: boolean;
  /** Whether scripts can't see it. */
  readonly httpOnly: boolean;
}

/**
 * The values of a cookie, in the browser's order: of two with one name, that of the longer path is first.
 *
 * The same name may come several times: another path's, another domain's, or somebody's on a subdomain.
 */
export function cookieValues(header: string | null, name: string): readonly string[] {
  // Most strangers have none, and the field may be long.
  if (header === null || !header.includes(name)) return [];
  const values: string[] = [];
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals !== -1 && pair.slice(0, equals).trim() === name) {
      values.push(unquote(pair.slice(equals + 1).trim()));
    }
  }
  return values;
}

/** `"a"` -> a */
function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}

const SAME_SITE = { strict: "Strict", lax: "Lax", none: "None" } as const;

/** A cookie as the value of `Set-Cookie`. Name and value are ours, and need no escape. */
export function renderCookie(name: string, value: string, attributes: CookieAttributes): string {
  const { path, domain, maxAge, sameSite, secure, httpOnly } = attributes;
  return [
    `${name}=${value}`,
    `Path=${path}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ...(httpOnly ? ["HttpOnly"] : []),
    ...(secure ? ["Secure"] : []),
    `SameSite=${SAME_SITE[sameSite]}`,
  ].join("; ");
}
