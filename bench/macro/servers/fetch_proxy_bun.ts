/**
 * Control: the shortest proxy that Bun offers. It checks nothing.
 *
 * @module
 */
import { announce, readOptions } from "./control.ts";

declare const Bun: { serve(options: Record<string, unknown>): { readonly port: number } };

const { origin } = readOptions<{ origin: string }>();
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  fetch({ method, headers, body, url }: Request): Promise<Response> {
    // `decompress` is Bun's own option; without it a coded body would leave decoded under its old label.
    const init = { method, headers, body, redirect: "manual", decompress: false } as const;
    return fetch(origin + url.slice(url.indexOf("/", 8)), init);
  },
});
announce(server.port);
