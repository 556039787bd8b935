/**
 * A renderer in another process, asked over HTTP.
 *
 * @module
 */
import type { Page } from "./page.ts";
import { renderPageJson } from "./page_json.ts";
import type { SsrContext, SsrRenderer } from "./ssr.ts";

/** Options of {@linkcode ssrOverHttp}. */
export interface SsrHttpOptions {
  /** Where the SSR server of `@inertiajs/core/server` listens. */
  readonly url?: string | undefined;
  /** The origin of a Vite with `@inertiajs/vite`, which then renders instead. */
  readonly viteOrigin?: string | undefined;
  /** How long it may take, in milliseconds. @default 5000 */
  readonly timeoutMs?: number | undefined;
  /** What asks. @default fetch */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

/** Where the SSR server listens if nobody says otherwise. */
const DEFAULT_URL = "http://127.0.0.1:13714";

const DEFAULT_TIMEOUT_MS = 5000;

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
export function ssrOverHttp(options: SsrHttpOptions = {}): SsrRenderer {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, fetch = globalThis.fetch } = options;
  const target = ssrTarget(options);
  return {
    async render(page: Page, { signal }: SsrContext): Promise<unknown> {
      const response = await fetch(target, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: renderPageJson(page),
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const text = await response.text();
      if (!response.ok) {
        throw new Error(
          `Cannot render "${page.component}" on the server: it answers ${response.status}`,
          { cause: text },
        );
      }
      return JSON.parse(text);
    },
  };
}

function ssrTarget({ url = DEFAULT_URL, viteOrigin }: SsrHttpOptions): string {
  return viteOrigin === undefined
    ? `${url.replace(/\/+$/, "")}/render`
    : `${viteOrigin.replace(/\/+$/, "")}/__inertia_ssr`;
}
