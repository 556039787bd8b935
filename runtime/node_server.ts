/**
 * The program that runs the server of a framework's build: how to start it.
 *
 * Its text goes along: run from a registry, this package has no files on disk.
 *
 * @module
 */
import source from "./node_server.js" with { type: "text" };

/** Returns the arguments that run the program; what to run it reads from its standard input. */
export function nodeServerArguments(name: "deno" | "bun" | "node"): string[] {
  switch (name) {
    case "deno":
      // Builds import what another package manager installed.
      return ["eval", "--quiet", "--no-lock", "--node-modules-dir=manual", source];
    case "bun":
      return ["--no-env-file", "-e", source];
    case "node":
      return ["--input-type=module", "-e", source];
  }
}
