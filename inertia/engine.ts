/**
 * What engines are fast at, where that decides how a page is put together.
 *
 * @module
 */

/** JavaScriptCore's errors alone know their line. */
const isJavaScriptCore = Object.hasOwn(new Error(), "line");

/** What differs between V8 and JavaScriptCore. */
export const ENGINE = {
  /**
   * Whether `JSON.stringify` writes into 8 KiB and begins anew where that is too little: 9 KB take twice the time of
   * 8 KB. V8's does not, and a page in parts would cost it a microsecond more.
   */
  hasSmallBuffer: isJavaScriptCore,
  /**
   * Whether `JSON.stringify` gives up its fast way at a string that is cut out of another one: 10 KB of props take twice
   * the time because of the address beside them.
   */
  stopsAtSlices: !isJavaScriptCore,
  /** Whether to copy `Headers` is cheaper than to set five fields: 0.28 µs for 0.63 (Bun), where V8 takes 1.9 for 0.45 (Deno). */
  copiesHeaders: isJavaScriptCore,
} as const;
