/**
 * Vite as the renderer of an app's pages: `@inertiajs/vite` has an address for it.
 *
 * @module
 */
import type { ViteLink } from "./links.ts";
import type { RenderSource, RenderTarget } from "./page_tool.ts";

/** The address stands in front of the base: the plugin adds it before Vite looks at that. */
const ENDPOINT = "/__inertia_ssr";
/** The first page has Vite transform all of the front end; one that was edited, what hangs on it. */
const RENDER_MS = 30_000;

/** Makes the source. It waits for a Vite that is starting, for nothing else could serve the page either. */
export function viteRenderSource(link: ViteLink): RenderSource {
  return {
    isDevelopment: true,
    start: () => {},
    timeoutMs: () => RENDER_MS,
    async target(): Promise<RenderTarget | undefined> {
      const condition = await link.whenSettled(RENDER_MS);
      if (condition.kind !== "ready") return undefined;
      const { hostname, port, tls } = condition.vite.upstream.target;
      const host = hostname.includes(":") ? `[${hostname}]` : hostname;
      const url = `${tls ? "https" : "http"}://${host}:${port}${ENDPOINT}`;
      return { url, failed: () => link.lost() };
    },
  };
}
