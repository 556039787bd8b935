/**
 * Which files are watched.
 *
 * @module
 */
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import { parsePathPattern } from "../vite/path_pattern.ts";
import { isWithin, type TypesPlan } from "./options.ts";

/** Files that match a pattern. */
export interface PatternTree {
  /** Absolute. */
  readonly folder: string;
  readonly matches: (path: string) => boolean;
  readonly skips: (path: string) => boolean;
}

/** Nobody writes a server there by hand. */
const SKIPPED: ReadonlySet<string> = new Set([
  ...["node_modules", "__pycache__", "dist", "target", "venv", "vendor"],
]);

/**
 * The trees of patterns.
 *
 * @throws {SyntaxError} If a bracket of a pattern is not closed.
 */
export function patternTrees({ watch, root, output }: TypesPlan): readonly PatternTree[] {
  return watch.map((text) => {
    const pattern = parsePathPattern(text);
    const way = (path: string): string =>
      (isAbsolute(text) ? path : relative(root, path)).replaceAll("\\", "/");
    return {
      folder: resolve(root, pattern.folder),
      matches: (path) => pattern.matches(way(path)) && !isWithin(output, path),
      skips: (path) => isSkipped(path) || isWithin(output, path),
    };
  });
}

function isSkipped(path: string): boolean {
  const name = basename(path);
  return name.startsWith(".") || SKIPPED.has(name);
}

/** Of the modules that an entry loads those that somebody writes. */
export function ownModules(paths: readonly string[], { output }: TypesPlan): readonly string[] {
  return paths.filter((path) =>
    isAbsolute(path) && !isWithin(output, path) && !/[/\\]node_modules[/\\]/.test(path) &&
    // Standard input, and other things without a folder.
    dirname(path) !== path
  );
}
