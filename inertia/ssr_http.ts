/**
 * A renderer in another process, asked over HTTP.
 *
 * @module
 */
import type { Page } from "./page.ts";
import type { SsrAnswer, SsrContext, SsrRenderer, SsrSource, SsrTarget } from "./ssr.ts";
import { SsrClient } from "./ssr_client.ts";
import { answerError, SsrError } from "./ssr_error.ts";

/** Options of {@linkcode ssrOverHttp}. */
export interface SsrHttpOptions {
  /** Where the SSR server of `@inertiajs/core/server` listens. @default "http://127.0.0.1:13714" */
  readonly url?: string | undefined;
  /** The origin of a Vite with `@inertiajs/vite`, which then renders instead. */
  readonly viteOrigin?: string | undefined;
  /** How long a page may take in all, in milliseconds. @default 5000; 30000 of a Vite */
  readonly timeoutMs?: number | undefined;
  /** How long connecting may take, in milliseconds. @default 2000 */
  readonly connectTimeoutMs?: number | undefined;
  /** How large an answer may be, in bytes. @default 10485760 */
  readonly maxBytes?: number | undefined;
  /** How many connections there may be at once. @default 64 */
  readonly maxConnections?: number | undefined;
  /** What asks instead of the client with kept connections; the limit for connecting is then its own. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** A renderer that holds connections. */
export interface SsrHttpRenderer extends SsrRenderer {
  /** Ends the connections that wait for work; a program that has nothing else to do ends without it. */
  close(): void;
}

/** Where the SSR server listens if nobody says otherwise. */
const DEFAULT_URL = "http://127.0.0.1:13714";

const NOTHING_THERE = "Cannot render pages on the server: it answers 404\n" +
  "  Of a Vite: add inertia() of @inertiajs/vite to vite.config, and name its entry by the option ssr";

/** The first page has Vite transform all of the front end. */
const VITE_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 2000;
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_CONNECTIONS = 64;

/** Posts a page to an address. */
type Post = (url: string, json: string, signal: AbortSignal) => Promise<SsrAnswer>;
/** Gets the answer to a page. */
type Ask = (json: string, signal: AbortSignal) => Promise<SsrAnswer>;

/**
 * Renders pages by asking an SSR server, or the Vite of development.
 *
 * @example Usage
 * ```ts
 * import { createInertia, ssrOverHttp } from "@lv/sidecar/inertia";
 *
 * createInertia({ ssr: { renderer: ssrOverHttp({ url: "http://127.0.0.1:13714" }) } });
 * ```
 *
 * @param options Where it is, and how long it may take.
 * @returns The renderer.
 */
export function ssrOverHttp(options: SsrHttpOptions = {}): SsrHttpRenderer {
  const url = ssrUrl(options);
  const isDevelopment = options.viteOrigin !== undefined;
  const { post, close } = createPost(options);
  const { timeoutMs = isDevelopment ? VITE_TIMEOUT_MS : undefined } = options;
  return {
    isDevelopment,
    timeoutMs: () => timeoutMs,
    render: (page, context) => renderBy((json, signal) => post(url, json, signal), page, context),
    close,
  };
}

/** Makes a renderer of a source that knows where pages are rendered. */
export function rendererOf(source: SsrSource): SsrRenderer {
  const { post } = createPost({});
  source.start?.();
  return {
    isDevelopment: source.isDevelopment,
    timeoutMs: () => source.timeoutMs?.(),
    async render(page, context) {
      const target = await source.target(context.signal);
      return target === undefined ? null : await renderOn(target, page, context, post);
    },
  };
}

async function renderOn(
  target: SsrTarget,
  page: Page,
  context: SsrContext,
  post: Post,
): Promise<unknown> {
  const ask: Ask = "url" in target ? (json, signal) => post(target.url, json, signal) : target.ask;
  try {
    return await renderBy(ask, page, context);
  } catch (error) {
    const isOfPage = error instanceof SsrError && error.isOfPage;
    if (!isOfPage && !context.request.signal.aborted) target.failed?.();
    throw error;
  }
}

async function renderBy(
  ask: Ask,
  { component }: Page,
  { json, signal }: SsrContext,
): Promise<unknown> {
  const { status, text } = await ask(json, signal);
  if (status === 404) throw new SsrError(NOTHING_THERE);
  if (status < 200 || status > 299) throw answerError(component, status, text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SsrError("Cannot use the answer of the SSR server as a page: it is no JSON", {
      cause,
    });
  }
}

function createPost(options: SsrHttpOptions): { readonly post: Post; close(): void } {
  const { fetch, maxBytes = MAX_BYTES } = options;
  if (fetch !== undefined) return { post: postByFetch(fetch, maxBytes), close: () => {} };
  let last = DEFAULT_URL;
  let url = new URL(last);
  const client = new SsrClient({
    connectMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    maxConnections: options.maxConnections ?? MAX_CONNECTIONS,
    maxBytes,
  });
  return {
    post(address, json, signal) {
      if (address !== last) [last, url] = [address, new URL(address)];
      return client.post(url, json, signal);
    },
    close: () => client.close(),
  };
}

function postByFetch(fetch: NonNullable<SsrHttpOptions["fetch"]>, maxBytes: number): Post {
  return async (url, json, signal) => {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: json, signal, redirect: "manual" } as const;
    const response = await fetch(url, init);
    return { status: response.status, text: await readText(response, maxBytes) };
  };
}

/** Counted as it comes: a length may be missing, and a body without end fills all memory. */
async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > maxBytes) {
      throw new SsrError(`Cannot render pages on the server: it is larger than ${maxBytes} bytes`);
    }
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function ssrUrl({ url = DEFAULT_URL, viteOrigin }: SsrHttpOptions): string {
  return viteOrigin === undefined
    ? `${url.replace(/\/+$/, "")}/render`
    : `${viteOrigin.replace(/\/+$/, "")}/__inertia_ssr`;
}
