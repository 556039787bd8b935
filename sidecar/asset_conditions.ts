/**
 * What of a file a request gets: all of it, a part, or word that nothing changed (RFC 9110 §13 and §14).
 *
 * @module
 */
import { parseHttpDate } from "./http_date.ts";

/** What is known of the bytes that would be sent. */
export interface Representation {
  /** Strong, with its quotes. */
  readonly etag: string;
  readonly size: number;
  /** Seconds since the epoch; `undefined` where the date says nothing. */
  readonly modified: number | undefined;
}

/** The request, as far as it matters here. */
export interface ConditionalRequest {
  readonly method: string;
  /** The value of a header by its name in lower case, or `null`. */
  header(name: string): string | null;
}

/** What is to be answered. */
export type Verdict =
  /** 200. */
  | { readonly kind: "whole" }
  /** 304. */
  | { readonly kind: "not-modified" }
  /** 412. */
  | { readonly kind: "failed" }
  /** 206, from the first to the last byte, both included. */
  | { readonly kind: "part"; readonly first: number; readonly last: number }
  /** 416. */
  | { readonly kind: "unsatisfiable" };

const WHOLE: Verdict = { kind: "whole" };
const NOT_MODIFIED: Verdict = { kind: "not-modified" };
const FAILED: Verdict = { kind: "failed" };
const UNSATISFIABLE: Verdict = { kind: "unsatisfiable" };

/**
 * Judges a GET or HEAD, in the order of RFC 9110 §13.2.2.
 *
 * @param request Its method is `GET` or `HEAD`.
 */
export function judgeRequest(
  request: ConditionalRequest,
  representation: Representation,
): Verdict {
  if (isFailing(request, representation)) return FAILED;
  const noneMatch = request.header("if-none-match");
  if (noneMatch === null) {
    if (!isModified(request.header("if-modified-since"), representation)) return NOT_MODIFIED;
  } else if (matches(noneMatch, representation.etag, isSameWeakly)) {
    return NOT_MODIFIED;
  }
  // §14.2: Range means something with GET alone.
  const range = request.method === "GET" ? request.header("range") : null;
  if (range === null || !isInRange(request.header("if-range"), representation)) return WHOLE;
  return judgeRange(range, representation.size);
}

function isFailing(request: ConditionalRequest, representation: Representation): boolean {
  const match = request.header("if-match");
  if (match !== null) return !matches(match, representation.etag, isSameStrongly);
  const unmodifiedSince = request.header("if-unmodified-since");
  if (unmodifiedSince === null || representation.modified === undefined) return false;
  const date = parseHttpDate(unmodifiedSince);
  return date !== undefined && representation.modified > date;
}

function isModified(since: string | null, { modified }: Representation): boolean {
  if (since === null || modified === undefined) return true;
  const date = parseHttpDate(since);
  return date === undefined || modified > date;
}

/** Whether the part that a client has belongs to what we have. */
function isInRange(ifRange: string | null, { etag, modified }: Representation): boolean {
  if (ifRange === null) return true;
  if (ifRange.startsWith('"') || ifRange.startsWith("W/")) return isSameStrongly(ifRange, etag);
  // Not "not after": a date that we never sent belongs to another file.
  return modified !== undefined && parseHttpDate(ifRange) === modified;
}

// Case: '"a"', 'W/"a"', '"a,b"'
const ETAG_REGEXP = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

function matches(
  list: string,
  etag: string,
  isSame: (theirs: string, ours: string) => boolean,
): boolean {
  if (list === etag || list.trim() === "*") return true;
  return (list.match(ETAG_REGEXP) ?? []).some((theirs) => isSame(theirs, etag));
}

// Ours are always strong.
const isSameStrongly = (theirs: string, ours: string): boolean => theirs === ours;
const isSameWeakly = (theirs: string, ours: string): boolean =>
  (theirs.startsWith("W/") ? theirs.slice(2) : theirs) === ours;

// Case: "bytes=0-499", "bytes=500-", "bytes=-500"
const SINGLE_RANGE_REGEXP = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i;

/**
 * Judges a `Range`. Several ranges get the whole file: overlapping ones are a known way to ask for more work than a
 * server has, and no browser sends any.
 */
function judgeRange(range: string, size: number): Verdict {
  const match = SINGLE_RANGE_REGEXP.exec(range);
  // An empty file has no first byte to name in an answer.
  if (match === null || size === 0) return WHOLE;
  const [, firstText, lastText, suffixText] = match;
  if (suffixText !== undefined) {
    const suffix = Number(suffixText);
    if (suffix === 0) return UNSATISFIABLE;
    return { kind: "part", first: Math.max(size - suffix, 0), last: size - 1 };
  }
  const first = Number(firstText);
  const last = lastText === "" ? Infinity : Number(lastText);
  // Case: "bytes=5-2" is no range at all
  if (last < first) return WHOLE;
  if (first >= size) return UNSATISFIABLE;
  return { kind: "part", first, last: Math.min(last, size - 1) };
}
