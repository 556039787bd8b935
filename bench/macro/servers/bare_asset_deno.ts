/**
 * Control: one file's bytes and headers on `Deno.serve`, with nothing around them.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { announce, readOptions } from "./control.ts";

const { path, headers } = readOptions<{ path: string; headers: Record<string, string> }>();
const bytes = await readFile(path);
const server = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => new Response(bytes, { headers }),
);
announce(server.addr.port);
