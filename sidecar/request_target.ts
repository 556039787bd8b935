/**
 * The request target: taken from the listener's URL, checked, and forwarded as it is.
 *
 * Routing must decide on just the string that is forwarded, so nothing here decodes or normalises.
 *
 * @module
 */

/** A checked request target. */
export interface RequestTarget {
  /** Path and query as received, in origin form. */
  readonly target: string;
  /** The path alone, still encoded. */
  readonly path: string;
  /** The query with its question mark, or an empty string. */
  readonly search: string;
  /** The authority of the listener's URL: what it made of `Host`, or of an absolute-form target. */
  readonly authority: string;
  /** `http` or `https`. */
  readonly scheme: string;
}

/** Longest target in bytes; Vite's own lazy chunks stay below 2 KiB, a query of a form may be longer. */
const MAX_TARGET = 16 * 1024;
// What browsers never send raw: controls, blanks, quotes, angle brackets, backslash, a fragment, non-ASCII.
const BAD_CHARACTER_REGEXP = /[^\x21\x24-\x3b\x3d\x3f-\x5b\x5d-\x7e]/;
// Case: "/a/../b", "/a/%2e%2E", "/..", "/a/%252e%252e/b" -> a match; "/[...slug].ts", "/a..b" -> none
const DOT_SEGMENT_REGEXP =
  /(?:^|[\/\\]|%(?:25)*(?:2f|5c))(?:\.|%(?:25)*2e){1,2}(?:$|[\/\\]|%(?:25)*(?:2f|5c))/i;
// A NUL ends a file name in C, and a broken escape means different things to different decoders.
const BAD_ESCAPE_REGEXP = /%(?:25)*00|%(?![0-9A-Fa-f]{2})/i;
const ESCAPE_REGEXP = /%([0-9A-Fa-f]{2})/g;
/** How many decoders may stand behind us, one after the other. */
const MAX_DECODINGS = 3;

/**
 * Takes the target out of a listener's URL.
 *
 * `new URL` is not used: it costs 3 µs, and resolves `..` and `\` away before anybody has looked at them.
 *
 * @param url `Request.url`. Deno gives it raw, with `Host` pasted in; Bun normalised, or only a path.
 * @returns The target, or the reason why it is refused.
 */
export function parseRequestTarget(url: string): RequestTarget | string {
  const known = kept.get(url);
  if (known !== undefined) return known;
  const parsed = parseOther(url);
  if (typeof parsed !== "string" && parsed.search === "" && url.length <= MAX_KEPT_LENGTH) {
    keep(url, parsed);
  }
  return parsed;
}

/**
 * Targets of addresses that are asked for again, which most are: on Bun they cost an in-process answer 0.2 µs of 7.7
 * less, and those that never come again 0.04 µs more.
 */
const kept = new Map<string, RequestTarget>();
const MAX_KEPT = 512;
const MAX_KEPT_LENGTH = 256;
/** After so many that found no place, all begins anew. */
const MAX_UNKEPT = 16 * 1024;
let unkept = 0;

function keep(url: string, target: RequestTarget): void {
  if (kept.size < MAX_KEPT) kept.set(url, target);
  else if (++unkept === MAX_UNKEPT) {
    unkept = 0;
    kept.clear();
  }
}

function parseOther(url: string): RequestTarget | string {
  const schemeEnd = url.indexOf("://");
  // Bun gives a bare path where the Host header was not one.
  if (schemeEnd < 0) return "the Host header is missing or malformed";
  const start = url.indexOf("/", schemeEnd + 3);
  if (start < 0) return "the target is not in origin form";
  const target = url.slice(start);
  const query = target.indexOf("?");
  const path = query < 0 ? target : target.slice(0, query);
  const refusal = refuseTarget(target, path);
  if (refusal !== undefined) return refusal;
  return {
    target,
    path,
    search: query < 0 ? "" : target.slice(query),
    authority: url.slice(schemeEnd + 3, start),
    scheme: url.slice(0, schemeEnd),
  };
}

function refuseTarget(target: string, path: string): string | undefined {
  if (target.length > MAX_TARGET) return "the target is too long";
  if (BAD_CHARACTER_REGEXP.test(target)) return "the target holds a character that must be encoded";
  // The plain case first: most paths have neither a dot behind a slash nor an escape.
  const escaped = path.includes("%");
  if ((escaped || path.includes("/.")) && DOT_SEGMENT_REGEXP.test(path)) {
    return "the path holds a dot segment";
  }
  if (!escaped) return undefined;
  if (BAD_ESCAPE_REGEXP.test(path)) return "the path holds a broken escape";
  return refuseNestedEscapes(path);
}

/** Case: "/%25%32%65%25%32%65/x" -> "/%2e%2e/x" -> "/../x": an escape whose characters are escaped themselves. */
function refuseNestedEscapes(path: string): string | undefined {
  let text = path;
  for (let i = 0; i < MAX_DECODINGS && text.includes("%"); i++) {
    text = text.replaceAll(
      ESCAPE_REGEXP,
      (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
    );
    if (DOT_SEGMENT_REGEXP.test(text)) return "the path holds a dot segment";
    if (text.includes("\0")) return "the path holds a broken escape";
  }
  return undefined;
}

/** Whether a header or URL authority differs from another by more than case and a default port. */
export function isOtherAuthority(a: string, b: string, scheme: string): boolean {
  if (a === b) return false;
  return normal(a, scheme) !== normal(b, scheme);
}

function normal(authority: string, scheme: string): string {
  const standard = scheme === "https" ? ":443" : ":80";
  const lower = authority.toLowerCase();
  return lower.endsWith(standard) ? lower.slice(0, -standard.length) : lower;
}
