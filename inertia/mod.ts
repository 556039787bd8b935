/**
 * The server side of Inertia's protocol, version 3 and 2, on standard requests and responses.
 *
 * ```ts
 * import { createInertia, defer, optional } from "@lv/sidecar/inertia";
 *
 * const inertia = createInertia({ version: "1" });
 *
 * export const app = {
 *   fetch: (request: Request) =>
 *     inertia.handle(request, () =>
 *       inertia.render(request, "Users/Index", {
 *         users: ["Ada", "Grace"],
 *         stats: defer(() => ({ total: 2 })),
 *         filters: optional(() => ["active"]),
 *       })),
 * };
 * ```
 *
 * It stands on `Request`, `Response` and `Headers` alone, so it works in any server that has them, with or without the
 * sidecar in front.
 *
 * @module
 */
export { createInertia } from "./inertia.ts";
export type {
  FetchHandler,
  Inertia,
  RenderArguments,
  RenderTyped,
  RenderUntyped,
  Validated,
  ValidateOptions,
} from "./inertia_types.ts";
export type {
  BackOptions,
  InertiaOptions,
  LocationOptions,
  RedirectOptions,
  RenderOptions,
  ReportContext,
  SharedProps,
  StateOptions,
  Version,
} from "./options.ts";
export { always } from "./always.ts";
export { defer, type DeferOptions } from "./defer.ts";
export { deepMerge, merge, type MergePropOptions, prepend } from "./merge.ts";
export type { MergeOptions, MergePaths, MergeRule } from "./merge_rule.ts";
export { once } from "./once.ts";
export type { OnceOptions, OnceRule } from "./once_rule.ts";
export { lazy, optional, type OptionalOptions } from "./optional.ts";
export { type DeferredScrollOptions, scroll, type ScrollOptions } from "./scroll.ts";
export type { PageId, ScrollMetadata, ScrollRule } from "./scroll_metadata.ts";
export {
  type Presence,
  Prop,
  type PropCapabilities,
  type PropContext,
  type PropFunction,
  type PropKind,
  type PropSource,
} from "./prop.ts";
export { PropProvider, type PropTree, provide } from "./prop_provider.ts";
export type { PropTrees } from "./prop_tree.ts";
export { except, only, type PropFilter } from "./prop_filter.ts";
export {
  type ClassicPagination,
  type ClassicPaginationSnakeCase,
  type CursorPagination,
  type CursorPaginationSnakeCase,
  type CursorPaginator,
  cursorPaginator,
  type CursorPaginatorParts,
  type OffsetPagination,
  type Pagination,
  type PaginationPosition,
  type Paginator,
  paginator,
  type PaginatorParts,
  type ProvidesScrollMetadata,
} from "./pagination.ts";
export type {
  DocumentAnswer,
  DocumentParts,
  DocumentPieces,
  DocumentRenderer,
  DocumentSource,
} from "./document.ts";
export type { ErrorBags, FieldErrors, FieldMessages } from "./errors.ts";
export type {
  FlashData,
  InertiaSession,
  SessionChange,
  SessionContext,
  SessionData,
  SessionState,
} from "./session.ts";
export { Session, type SessionOwner } from "./user_session.ts";
export { SessionError } from "./session_error.ts";
export { memorySession } from "./memory_session.ts";
export { cookieSession, type CookieSessionOptions } from "./cookie_session.ts";
export type { SessionCookieOptions } from "./session_cookie.ts";
export type { SessionKey } from "./session_keys.ts";
export {
  type SessionStorage,
  type StoredSession,
  storeSession,
  type StoreSessionOptions,
} from "./store_session.ts";
export type { CsrfOptions } from "./csrf_rule.ts";
export type { PrefetchCaching } from "./prefetch_caching.ts";
export type {
  SsrAnswer,
  SsrBreakerOptions,
  SsrContext,
  SsrOptions,
  SsrRenderer,
  SsrResult,
  SsrSource,
  SsrTarget,
} from "./ssr.ts";
export { SsrError, type SsrErrorDetails } from "./ssr_error.ts";
export { type SsrHttpOptions, type SsrHttpRenderer, ssrOverHttp } from "./ssr_http.ts";
export type { StandardIssue, StandardResult, StandardSchema } from "./standard_schema.ts";
export { INERTIA_REQUEST_HEADERS, INERTIA_RESPONSE_HEADERS } from "./headers.ts";
export type { OncePageProp, Page, PageMetadata, ScrollPageProp } from "./page.ts";
export type {
  ClientProps,
  ClientValue,
  ComponentOf,
  InertiaRedirect,
  InertiaResponse,
  MaybeInput,
  MayBeMissing,
  PageIn,
  PageOf,
  PageOfResponse,
  PageProps,
  PagesOf,
  PropsInput,
  PropsOf,
  PropValue,
  SentInput,
  UntypedPages,
} from "./page_types.ts";
export { type HonoContext, honoInertia } from "./hono.ts";
export { serveInertia, type ServeInertiaOptions } from "./serve.ts";
export {
  AssertableInertia,
  assertInertia,
  type AssertInertiaOptions,
  type PageAssertions,
  readPage,
  type ReloadOptions,
  type TestHandler,
} from "./testing.ts";
