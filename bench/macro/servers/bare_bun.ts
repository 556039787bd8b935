/**
 * Control: the app on `Bun.serve`, with nothing around it.
 *
 * @module
 */
import { announce } from "./control.ts";
import { hello } from "./hello.ts";

declare const Bun: { serve(options: Record<string, unknown>): { readonly port: number } };

const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch: hello });
announce(server.port);
