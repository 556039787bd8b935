/**
 * The pages around the one that is sent, as an infinite scroll needs them.
 *
 * @module
 */
import { type PaginationPosition, readPagination } from "./pagination.ts";

/** The name of a page: a number, a cursor, or null where there is none. */
export type PageId = number | string | null;

/** The pages around a page. */
export interface ScrollMetadata {
  /** The query parameter that names the page. */
  readonly pageName: string;
  /** The page before. */
  readonly previousPage: PageId;
  /** The page behind. */
  readonly nextPage: PageId;
  /** This page. */
  readonly currentPage: PageId;
}

/** What a scroll prop was told about its value. */
export interface ScrollRule {
  /** The key under which the value has its items. */
  readonly wrapper: string | undefined;
  /** The pages, or a function that tells them of the value. */
  readonly metadata: ScrollMetadata | ((value: unknown) => ScrollMetadata) | undefined;
  /** The query parameter that names the page. */
  readonly pageName: string | undefined;
}

/** Where a value that says nothing else has its items. */
export const DEFAULT_WRAPPER = "data";

/**
 * Tells the pages around a value.
 *
 * @throws {TypeError} If the value is nothing that is known, and the rule does not say it.
 */
export function scrollMetadata(rule: ScrollRule, value: unknown, path: string): ScrollMetadata {
  const explicit = typeof rule.metadata === "function" ? rule.metadata(value) : rule.metadata;
  const found = explicit ?? readPagination(value)?.position;
  if (found === undefined) {
    throw new TypeError(
      `Cannot scroll "${path}": its value is no pagination container, and there is no metadata`,
    );
  }
  return complete(found, rule.pageName);
}

/** Exactly these four: whatever else is there is not the client's. */
function complete(found: PaginationPosition, pageName: string | undefined): ScrollMetadata {
  return {
    pageName: pageName ?? found.pageName,
    previousPage: found.previousPage ?? null,
    nextPage: found.nextPage ?? null,
    currentPage: found.currentPage ?? null,
  };
}
