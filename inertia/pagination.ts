/**
 * Pages of lists: the shapes that servers give them, and what they say.
 *
 * @module
 */
import { isPlainObject } from "./own_property.ts";

/** A part of a list by offset. */
export interface OffsetPagination<T> {
  /** The items of this part. */
  readonly items: readonly T[];
  /** How many items a part has. */
  readonly limit: number;
  /** How many items are before it. */
  readonly offset: number;
  /** How many items there are. */
  readonly total: number;
}

/** A page of a list by number, from 1 on. */
export interface ClassicPagination<T> {
  /** The items of this page. */
  readonly items: readonly T[];
  /** How many items a page has. */
  readonly pageSize: number;
  /** The number of this page. */
  readonly currentPage: number;
  /** How many pages there are. */
  readonly totalPages: number;
}

/** {@linkcode ClassicPagination} in snake case. */
export interface ClassicPaginationSnakeCase<T> {
  /** The items of this page. */
  readonly items: readonly T[];
  /** How many items a page has. */
  readonly page_size: number;
  /** The number of this page. */
  readonly current_page: number;
  /** How many pages there are. */
  readonly total_pages: number;
}

/** A part of a list by cursor. */
export interface CursorPagination<T> {
  /** The items of this part. */
  readonly items: readonly T[];
  /** The cursor of this part; null for the first. */
  readonly cursor?: string | number | null;
  /** The cursor of the part behind. */
  readonly nextCursor: string | number | null;
  /** The cursor of the part before. */
  readonly previousCursor?: string | number | null;
}

/** {@linkcode CursorPagination} in snake case. */
export interface CursorPaginationSnakeCase<T> {
  /** The items of this part. */
  readonly items: readonly T[];
  /** The cursor of this part; null for the first. */
  readonly cursor?: string | number | null;
  /** The cursor of the part behind. */
  readonly next_cursor: string | number | null;
  /** The cursor of the part before. */
  readonly previous_cursor?: string | number | null;
}

/** Every shape that is taken for a page of a list, and sent as its items. */
export type Pagination<T> =
  | OffsetPagination<T>
  | ClassicPagination<T>
  | ClassicPaginationSnakeCase<T>
  | CursorPagination<T>
  | CursorPaginationSnakeCase<T>;

/** Where a page is in its list. */
export interface PaginationPosition {
  /** The query parameter that names the page. */
  readonly pageName: string;
  /** The page before. */
  readonly previousPage: number | string | null;
  /** The page behind. */
  readonly nextPage: number | string | null;
  /** This page. */
  readonly currentPage: number | string | null;
}

/** What a page of a list says. */
export interface PaginationParts {
  /** Where it is in its list. */
  readonly position: PaginationPosition;
  /** Its items, if it is a container that is sent as these alone. */
  readonly items?: readonly unknown[] | undefined;
}

/** The method by which an object tells its position; a paginator of one's own has it, too. */
export interface ProvidesScrollMetadata {
  /** Tells where the object is in its list. */
  scrollMetadata(): PaginationPosition;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a page of a list, if the value is one.
 *
 * A literal has the keys of its shape and no others: what somebody else calls `items` stays as it is. An object of a
 * class has them, be it by getters.
 */
export function readPagination(value: unknown): PaginationParts | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = value as Fields; // Every object has string keys.
  if (typeof fields["scrollMetadata"] === "function") {
    return { position: (value as ProvidesScrollMetadata).scrollMetadata() };
  }
  if (Array.isArray(fields["items"])) return readContainer(fields, fields["items"]);
  if (Array.isArray(fields["data"])) return readNumberedPage(fields);
  return undefined;
}

/** The items of a container. Asked of the value of each key: the cheapest question comes first. */
export function containerItems(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  // An object; its keys are looked at one by one.
  return Array.isArray((value as Fields)["items"]) ? readPagination(value)?.items : undefined;
}

function readContainer(fields: Fields, items: readonly unknown[]): PaginationParts | undefined {
  const hasOnly = (required: readonly string[], others: readonly string[] = []): boolean =>
    required.every((name) => name in fields) && hasNoOther(fields, [...required, ...others]);
  const number = (name: string): number => Number(fields[name]);
  const hasNumbers = (required: readonly string[]): boolean =>
    hasOnly(required) && required.every((name) => Number.isFinite(fields[name]));

  if (hasNumbers(["limit", "offset", "total"])) {
    return { items, position: byOffset(number("limit"), number("offset"), number("total")) };
  }
  if (hasNumbers(["pageSize", "currentPage", "totalPages"])) {
    return { items, position: byNumber(number("currentPage"), number("totalPages")) };
  }
  if (hasNumbers(["page_size", "current_page", "total_pages"])) {
    return { items, position: byNumber(number("current_page"), number("total_pages")) };
  }
  if (hasOnly(["nextCursor"], ["cursor", "previousCursor"])) {
    return { items, position: byCursor(fields, fields["previousCursor"], fields["nextCursor"]) };
  }
  if (hasOnly(["next_cursor"], ["cursor", "previous_cursor"])) {
    return { items, position: byCursor(fields, fields["previous_cursor"], fields["next_cursor"]) };
  }
  return undefined;
}

/** Who made a class of it has fields of its own; a literal with more keys is something else. */
function hasNoOther(fields: Fields, names: readonly string[]): boolean {
  if (!isPlainObject(fields)) return typeof fields["toJSON"] !== "function";
  return Object.keys(fields).every((name) => name === "items" || names.includes(name));
}

/** `{data, current_page, last_page}`, its metadata beside the items or in `meta`: sent as it is. */
function readNumberedPage(fields: Fields): PaginationParts | undefined {
  const meta = fields["meta"];
  const source = typeof meta === "object" && meta !== null ? meta as Fields : fields; // Not null.
  const current = source["current_page"] ?? source["currentPage"];
  const last = source["last_page"] ?? source["lastPage"] ??
    lastPage(source["total"], source["per_page"] ?? source["perPage"]);
  if (typeof current !== "number" || typeof last !== "number") return undefined;
  return { position: byNumber(current, last) };
}

function lastPage(total: unknown, perPage: unknown): number | undefined {
  return typeof total === "number" && typeof perPage === "number" && perPage > 0
    ? Math.ceil(total / perPage)
    : undefined;
}

function byOffset(limit: number, offset: number, total: number): PaginationPosition {
  if (limit <= 0) return byNumber(1, 1);
  return byNumber(Math.floor(offset / limit) + 1, Math.ceil(total / limit));
}

function byNumber(current: number, last: number, pageName = "page"): PaginationPosition {
  return {
    pageName,
    previousPage: current > 1 ? current - 1 : null,
    nextPage: current < last ? current + 1 : null,
    currentPage: current,
  };
}

function byCursor(fields: Fields, previous: unknown, next: unknown): PaginationPosition {
  return {
    pageName: "cursor",
    previousPage: pageId(previous),
    nextPage: pageId(next),
    // The first page has no cursor, but a number.
    currentPage: pageId(fields["cursor"]) ?? 1,
  };
}

function pageId(value: unknown): number | string | null {
  return typeof value === "number" || typeof value === "string" ? value : null;
}

/** What {@linkcode paginator} is made of. */
export interface PaginatorParts<T> {
  /** The items of the page. */
  readonly items: readonly T[];
  /** How many items there are. */
  readonly total: number;
  /** How many items a page has. */
  readonly perPage: number;
  /** The number of the page, from 1 on. */
  readonly page: number;
  /** The query parameter that names the page. @default "page" */
  readonly pageName?: string | undefined;
}

/** A page of a list by number, sent as `{current_page, data, per_page, total}`. */
export interface Paginator<T> extends ProvidesScrollMetadata {
  /** What the client gets. */
  toJSON(): {
    readonly current_page: number;
    readonly data: readonly T[];
    readonly per_page: number;
    readonly total: number;
  };
}

/**
 * A page of a list that keeps its numbers: the client gets them beside the items.
 *
 * @example Usage
 * ```ts
 * import { paginator, scroll } from "@lv/sidecar/inertia";
 *
 * scroll(() => paginator({ items: ["Ada"], total: 30, perPage: 15, page: 2 }));
 * ```
 *
 * @param parts Its items and numbers.
 * @returns The page.
 */
export function paginator<T>(parts: PaginatorParts<T>): Paginator<T> {
  return new PageOfList(
    { current_page: parts.page, data: parts.items, per_page: parts.perPage, total: parts.total },
    byNumber(parts.page, lastPage(parts.total, parts.perPage) ?? 1, parts.pageName),
  );
}

/** What {@linkcode cursorPaginator} is made of. */
export interface CursorPaginatorParts<T> {
  /** The items of the part. */
  readonly items: readonly T[];
  /** The cursor of the part before. */
  readonly previous?: string | null | undefined;
  /** The cursor of the part behind. */
  readonly next?: string | null | undefined;
  /** The cursor of this part; none for the first. */
  readonly current?: string | null | undefined;
  /** The query parameter that names the cursor. @default "cursor" */
  readonly pageName?: string | undefined;
}

/** A part of a list by cursor, sent as `{data}`. */
export interface CursorPaginator<T> extends ProvidesScrollMetadata {
  /** What the client gets. */
  toJSON(): { readonly data: readonly T[] };
}

/**
 * A part of a list by cursor.
 *
 * @example Usage
 * ```ts
 * import { cursorPaginator, scroll } from "@lv/sidecar/inertia";
 *
 * scroll(() => cursorPaginator({ items: ["Ada"], next: "eyJpZCI6MTV9" }));
 * ```
 *
 * @param parts Its items and cursors.
 * @returns The part.
 */
export function cursorPaginator<T>(parts: CursorPaginatorParts<T>): CursorPaginator<T> {
  return new PageOfList({ data: parts.items }, {
    pageName: parts.pageName ?? "cursor",
    previousPage: parts.previous ?? null,
    nextPage: parts.next ?? null,
    currentPage: parts.current ?? 1,
  });
}

/** A class, so that nobody takes it for a literal and looks for props in it. */
class PageOfList<Json> {
  readonly #json: Json;
  readonly #position: PaginationPosition;

  constructor(json: Json, position: PaginationPosition) {
    this.#json = json;
    this.#position = position;
  }

  toJSON(): Json {
    return this.#json;
  }

  scrollMetadata(): PaginationPosition {
    return this.#position;
  }
}
