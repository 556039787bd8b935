/**
 * The program that runs an SSR bundle: how to start it.
 *
 * Its text goes along: run from a registry, this package has no files on disk.
 *
 * @module
 */
import source from "./ssr_program.js" with { type: "text" };

/** Returns the argument vector that serves a bundle over HTTP. */
export function ssrProcessArguments(name: "deno" | "bun" | "node", bundleUrl: string): string[] {
  switch (name) {
    case "deno":
      // Bundles import what another package manager installed.
      return ["eval", "--quiet", "--no-lock", "--node-modules-dir=manual", source, bundleUrl];
    case "bun":
      return ["--no-env-file", "-e", source, bundleUrl];
    case "node":
      return ["--input-type=module", "-e", source, bundleUrl];
  }
}

/** The address of the program, for a thread. */
export const SSR_WORKER_URL: string = `data:text/javascript,${encodeURIComponent(source)}`;
