/**
 * Chooses the runtime that this process runs on.
 *
 * @module
 */
import { bunRuntime } from "./bun.ts";
import { denoRuntime } from "./deno.ts";
import type { Runtime } from "./types.ts";

/**
 * The runtime of this process.
 *
 * @throws {Error} On any other than Deno and Bun.
 */
export function currentRuntime(): Runtime {
  if ("Bun" in globalThis) return bunRuntime;
  if ("Deno" in globalThis) return denoRuntime;
  throw new Error(
    "Cannot run on this runtime: only Deno and Bun are supported, Node runs Vite alone",
  );
}
