/**
 * The page object: what a client is told, as JSON or within a document.
 *
 * @module
 */
import type { PageId } from "./scroll_metadata.ts";

/** A once prop, as the client remembers it. */
export interface OncePageProp {
  /** Its path. */
  readonly prop: string;
  /** When the client forgets it, in milliseconds since the epoch. */
  readonly expiresAt: number | null;
}

/** The pages around a scroll prop. */
export interface ScrollPageProp {
  /** The query parameter that names the page. */
  readonly pageName: string;
  /** The page before. */
  readonly previousPage: PageId;
  /** The page behind. */
  readonly nextPage: PageId;
  /** This page. */
  readonly currentPage: PageId;
  /** Whether it replaces what the client has. */
  readonly reset: boolean;
}

/** What a page says about its props, beside their values. What would be empty is not there. */
export interface PageMetadata {
  /** Keys of the props that every page has. */
  readonly sharedProps?: readonly string[];
  /** Paths whose items go behind the client's. */
  readonly mergeProps?: readonly string[];
  /** Paths whose items go in front of the client's. */
  readonly prependProps?: readonly string[];
  /** Paths that are joined key by key. */
  readonly deepMergeProps?: readonly string[];
  /** Paths of arrays, each with the field that identifies its items. */
  readonly matchPropsOn?: readonly string[];
  /** Paths to load now, by group. */
  readonly deferredProps?: Readonly<Record<string, readonly string[]>>;
  /** Paths that failed and were left out. */
  readonly rescuedProps?: readonly string[];
  /** The pages around each scroll prop, by path. */
  readonly scrollProps?: Readonly<Record<string, ScrollPageProp>>;
  /** The once props, by name. */
  readonly onceProps?: Readonly<Record<string, OncePageProp>>;
}

/** The page object of the protocol. */
export interface Page extends PageMetadata {
  /** The name of the component. */
  readonly component: string;
  /** Its props; `errors` is always there. */
  readonly props: Readonly<Record<string, unknown>>;
  /** The address of the page: path and query. */
  readonly url: string;
  /** The version of the assets. */
  readonly version: string;
  /** Whether the browser encrypts it in its history. */
  readonly encryptHistory?: boolean;
  /** Whether the browser forgets the key of what it encrypted. */
  readonly clearHistory?: boolean;
  /** Whether the fragment that was asked for stays in the address. */
  readonly preserveFragment?: boolean;
  /** What is told once, and not kept in the history. */
  readonly flash?: Readonly<Record<string, unknown>>;
}
