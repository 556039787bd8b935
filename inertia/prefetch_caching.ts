/**
 * How long a browser may keep the answer to a prefetch.
 *
 * @module
 */

/** What a browser may do with the answer to a prefetch. */
export interface PrefetchCaching {
  /** How long it is fresh, in seconds. @default 30 */
  readonly maxAge?: number | undefined;
  /** How long it is used while a fresh one is fetched, in seconds. @default 60 */
  readonly staleWhileRevalidate?: number | undefined;
}

/** `Cache-Control` of a prefetched page that may be kept. */
export function prefetchCacheControl(options: true | PrefetchCaching): string {
  const { maxAge = 30, staleWhileRevalidate = 60 } = options === true ? {} : options;
  return `private, max-age=${maxAge}, stale-while-revalidate=${staleWhileRevalidate}`;
}
