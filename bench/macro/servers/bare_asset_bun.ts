/**
 * Control: one file's bytes and headers on `Bun.serve`, with nothing around them.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { announce, readOptions } from "./control.ts";

declare const Bun: { serve(options: Record<string, unknown>): { readonly port: number } };

const { path, headers } = readOptions<{ path: string; headers: Record<string, string> }>();
const bytes = await readFile(path);
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  fetch: () => new Response(bytes, { headers }),
});
announce(server.port);
