/**
 * Control: the app on `Bun.serve`, with nothing around it.
 *
 * @module
 */
import { announce, readOptions } from "./control.ts";
import { hello, helloAfterLook } from "./hello.ts";

declare const Bun: { serve(options: Record<string, unknown>): { readonly port: number } };

const { looks } = readOptions<{ looks?: boolean }>();
const fetch = looks === true ? helloAfterLook : hello;
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch });
announce(server.port);
