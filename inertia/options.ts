/**
 * The options of the server side, as a user writes them.
 *
 * @module
 */
import type { CsrfOptions } from "./csrf_rule.ts";
import type { DocumentRenderer, DocumentSource } from "./document.ts";
import type { FieldErrors } from "./errors.ts";
import type { PrefetchCaching } from "./prefetch_caching.ts";
import type { PropFilter } from "./prop_filter.ts";
import type { PropProvider } from "./prop_provider.ts";
import type { PropsInput } from "./page_types.ts";
import type { FlashData, InertiaSession } from "./session.ts";
import type { SsrOptions } from "./ssr.ts";

/** The version of the assets; what is not a string is sent as one. */
export type Version = string | number | null | undefined;

/** Where an error came from that was not thrown. */
export interface ReportContext {
  /** What failed: a prop that was rescued, the renderer, or the session. */
  readonly source: "prop" | "ssr" | "session";
  /** The request. */
  readonly request: Request;
  /** The path of the prop. */
  readonly path?: string | undefined;
}

/** Options of `createInertia`. */
export interface InertiaOptions<Shared = Record<string, unknown>> {
  /**
   * The document: a template with `@inertiaHead` and `@inertia` or with an empty root element, a function, or
   * `sidecar.page`, which puts the page into the front end's own `index.html`.
   * @default a bare document
   */
  readonly page?: string | DocumentRenderer | DocumentSource | undefined;
  /**
   * The version of the assets: a client with another one loads the document anew. ASCII.
   * @default as `page` knows it, else "", which every client has
   */
  readonly version?: Version | ((request: Request) => Version | Promise<Version>);
  /** The id of the root element. @default "app" */
  readonly rootId?: string | undefined;
  /**
   * Where flash, errors and the app's own data wait for the next request; `false` for nowhere: they last for one.
   * @default `cookieSession()` where the environment variable LV_SESSION_KEY is set, else `false`
   */
  readonly session?: InertiaSession | false | undefined;
  /**
   * Whether requests that change something need the token of the session, and how.
   * @default true with `cookieSession` and `storeSession`
   */
  readonly csrf?: boolean | CsrfOptions | undefined;
  /**
   * The rendering on the server: `true` renders as `page` says, else on the SSR server at `http://127.0.0.1:13714`.
   * @default false
   */
  readonly ssr?: boolean | SsrOptions | undefined;
  /** Props of every page, a function that gives them, or a list. */
  readonly share?:
    | SharedProps<Shared>
    | ((request: Request) => SharedProps<Shared> | Promise<SharedProps<Shared>>)
    | undefined;
  /** Whether pages list the keys of shared props, for instant visits. @default true */
  readonly exposeSharedPropKeys?: boolean | undefined;
  /** Whether `errors` has all messages of a field, or the first. @default false */
  readonly allErrors?: boolean | undefined;
  /** Whether the browser encrypts pages in its history. @default false */
  readonly encryptHistory?: boolean | ((request: Request) => boolean) | undefined;
  /**
   * The version of the protocol that clients speak. With 2, fragments of redirects are lost, and both history flags are
   * on every page.
   * @default 3
   */
  readonly protocol?: 2 | 3 | undefined;
  /** Whether the page stands in an attribute, for clients before 2.2.20. @default false */
  readonly legacyDataPage?: boolean | undefined;
  /** Whether flash is in the props too, for clients before 2.3.3. @default false */
  readonly mirrorFlash?: boolean | undefined;
  /** The address of a page. @default path and query of the request */
  readonly url?: ((request: Request) => string) | undefined;
  /** Whether `X-Forwarded-Prefix`, `-Proto` and `-Host` come from our own proxy. @default false */
  readonly trustProxy?: boolean | undefined;
  /** Makes the client's name of a component of the server's. @default as it is */
  readonly transformComponent?: ((component: string) => string) | undefined;
  /** The nonce of the content security policy. @default none */
  readonly nonce?: string | ((request: Request) => string | undefined) | undefined;
  /** How long the functions of a page's props may take, in milliseconds; 0 for ever. @default 30000 */
  readonly propTimeoutMs?: number | undefined;
  /** Told of errors that are not thrown. @default console.error */
  readonly report?: ((error: unknown, context: ReportContext) => void) | undefined;
  /** The time, in milliseconds since the epoch. @default Date.now */
  readonly now?: (() => number) | undefined;
}

/** Props of every page: values, functions and props of any kind, or a list with providers. */
export type SharedProps<Shared> =
  | PropsInput<Shared>
  | PropProvider
  | readonly (Partial<PropsInput<Shared>> | PropProvider)[];

/** What a page and a redirect can both say to the next page, or be it. */
export interface StateOptions {
  /** Values that are told once. */
  readonly flash?: FlashData | undefined;
  /** Whether the browser forgets the key of its encrypted history. */
  readonly clearHistory?: boolean | undefined;
  /** Whether the fragment that was asked for stays in the address. */
  readonly preserveFragment?: boolean | undefined;
}

/** Options of `render`. */
export interface RenderOptions extends StateOptions {
  /** The status; the client renders the page whatever it is. @default 200 */
  readonly status?: number | undefined;
  /** More fields of the response. */
  readonly headers?: HeadersInit | undefined;
  /** Whether the browser encrypts this page in its history. @default what the request or the server says */
  readonly encryptHistory?: boolean | undefined;
  /** Whether the page may be rendered on the server. @default true, unless `disableSsr` was called */
  readonly ssr?: boolean | undefined;
  /** Which of the page's own props are considered at all: `only("a")` or `except("a")`. */
  readonly filter?: PropFilter | undefined;
  /** Whether pagination containers scroll: the client adds pages to each other. @default false */
  readonly infiniteScroll?: boolean | undefined;
  /** The name of the prop, where the props are a pagination container themselves. @default "items" */
  readonly key?: string | undefined;
  /** Whether the browser may keep the answer to a prefetch, and how long. @default false */
  readonly prefetchCaching?: boolean | PrefetchCaching | undefined;
}

/** Options of `redirect` and `back`. */
export interface RedirectOptions extends StateOptions {
  /** The status. @default 302, and 303 after PUT, PATCH and DELETE */
  readonly status?: 301 | 302 | 303 | 307 | 308 | undefined;
  /** More fields of the response. */
  readonly headers?: HeadersInit | undefined;
  /** Errors that the next page shows, by field. */
  readonly errors?: FieldErrors | undefined;
  /** The name of the form that they belong to. */
  readonly errorBag?: string | undefined;
  /** Whether it may lead to another origin. @default false */
  readonly external?: boolean | undefined;
}

/** Options of `back`. */
export interface BackOptions extends Omit<RedirectOptions, "external"> {
  /** Where to go if nobody knows where the user came from. @default "/" */
  readonly fallback?: string | undefined;
}

/** Options of `location`. */
export interface LocationOptions {
  /** Whether it may lead to another origin. @default false */
  readonly external?: boolean | undefined;
}
