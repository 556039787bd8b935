/**
 * What `sidecar.page` is: a function that answers with the page, and what Inertia's server side asks of it.
 *
 * Inertia stands alone and imports nothing from here; the shapes match, and a test of types holds them together.
 *
 * @module
 */
import type { InjectConfig } from "./config_types.ts";

/** How a page that the app asked for goes out. */
export interface PageOptions {
  /** What it says beside what every page says. */
  readonly inject?: InjectConfig | undefined;
  /** The status of the answer. @default 200 */
  readonly status?: number | undefined;
  /** Header fields beside those of a page. */
  readonly headers?: HeadersInit | undefined;
}

/** An app as HTML, for a page to take in. */
export interface PageParts {
  /** For the end of the head. */
  readonly head: string;
  /** Instead of the root element. */
  readonly body: string;
  /** The id of the root element. */
  readonly rootId: string;
  /** Why it is not rendered on the server, if that failed. */
  readonly error?: unknown;
  /** The pieces, with a nonce on what may have one. */
  withNonce(nonce: string): { readonly head: string; readonly body: string };
}

/** A page with an app in it. */
export interface PlacedPage {
  /** The document. */
  readonly html: string;
  /** Adds its header fields to those of a response. */
  readonly addFields: (headers: Headers) => void;
}

/** Where an app's pages are rendered: at an address, or by a function that takes the page as JSON. */
export type RenderTarget =
  | {
    /** The whole address that takes the page. */
    readonly url: string;
    /** Told when nothing, or nothing of use, came from there. */
    readonly failed: () => void;
  }
  | {
    /** Renders; answers as an SSR server does over HTTP. */
    readonly ask: (
      json: string,
      signal: AbortSignal,
    ) => Promise<{ readonly status: number; readonly text: string }>;
    /** Told when nothing, or nothing of use, came of it. */
    readonly failed: () => void;
  };

/** Who knows where an app's pages are rendered. */
export interface RenderSource {
  /** Whether it serves a developer: each failure is told. */
  readonly isDevelopment: boolean;
  /** Begins to get ready, before the first page is asked for. */
  start(): void;
  /** How long the next page may take, in milliseconds; undefined for as long as any. */
  timeoutMs(): number | undefined;
  /** Waits until a page can be rendered; undefined if it can't be now. */
  target(signal: AbortSignal): Promise<RenderTarget | undefined>;
}

/** The page of the front end. It needs no `this`. */
export interface PageTool {
  /**
   * Answers with the page, with what every page says and what this one says beside it.
   *
   * @param request The request that it answers.
   * @throws {Error} If there is no `index.html`, or Vite does not answer.
   */
  (request: Request, options?: PageOptions): Promise<Response>;
  /**
   * Puts an app into the page, instead of its root element.
   *
   * @param parts The app.
   * @param request The request that it answers.
   * @throws {Error} If there is no `index.html`, or Vite does not answer.
   * @throws {TypeError} If the page has no empty element with the id.
   */
  readonly document: (parts: PageParts, request: Request) => Promise<PlacedPage>;
  /** The version of the assets as it is now; see `FrontTools.versionId`. */
  readonly version: () => string;
  /** Who renders pages on the server. */
  readonly ssr: RenderSource;
}
