/**
 * The program that ends a backend when we can't: how to start it.
 *
 * @module
 */
import source from "./watchdog.js" with { type: "text" };

/**
 * Returns the argument vector that starts the watchdog under the runtime that we run on.
 *
 * Its text goes along as an argument: run from a registry, this package has no files on disk.
 *
 * @param name The runtime.
 * @param execPath Its file: `process.execPath`.
 */
export function watchdogCommand(name: "deno" | "bun", execPath: string): readonly string[] {
  // The project's own deno.json and deno.lock are nothing to it.
  const flags = name === "deno" ? ["eval", "--quiet", "--no-config", "--no-lock"] : ["-e"];
  return [execPath, ...flags, source];
}
