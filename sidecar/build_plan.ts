/**
 * How a finished build comes into its folder without a moment in which a page there asks for what is not.
 *
 * @module
 */
import { isAbsolute, relative, sep } from "node:path";
import { BuildError } from "./build_failure.ts";
import { BUILD_RECORD_PATH } from "./build_record.ts";

/** What {@linkcode planInstall} decides on; paths are relative to the folder, with slashes. */
export interface InstallFacts {
  /** What was built. */
  readonly staged: readonly string[];
  /** What lies in the folder. */
  readonly present: readonly string[];
  /** What of it stays, as open tabs may ask for it. */
  readonly kept: ReadonlySet<string>;
  /** The manifest of the build. */
  readonly manifest: string | undefined;
  /** Whether what is neither new nor kept goes. */
  readonly isEmptied: boolean;
}

/** What is to be done, in this order. */
export interface InstallPlan {
  /** Files where a folder is needed, and the other way round. */
  readonly clear: readonly string[];
  /** What is moved into the folder: what pages ask for first, then pages, the manifest last. */
  readonly write: readonly string[];
  readonly remove: readonly string[];
}

/** Plans how a build comes into its folder. */
export function planInstall(facts: InstallFacts): InstallPlan {
  const { staged, present, kept, manifest, isEmptied } = facts;
  const written = new Set(staged);
  const rank = (path: string): number => {
    if (path === manifest) return 3;
    if (path.startsWith(".vite/")) return 2;
    return path.endsWith(".html") ? 1 : 0;
  };
  const clear = conflicts(staged, present);
  const isCleared = (path: string): boolean =>
    clear.some((each) => path === each || path.startsWith(`${each}/`));
  return {
    clear,
    write: [...staged].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1)),
    remove: !isEmptied
      ? []
      : present.filter((path) =>
        !written.has(path) && !kept.has(path) && !isOthers(path) && !isCleared(path)
      ).sort(),
  };
}

/** What lies in a bundle directory and is no build's: the record of the builds, a repository (Vite spares it, too). */
function isOthers(path: string): boolean {
  return path === BUILD_RECORD_PATH || path.startsWith(".git/") || path === ".git";
}

/** Case: "assets" is there as a file and "assets/a.js" is new, or the other way round -> "assets" */
function conflicts(staged: readonly string[], present: readonly string[]): readonly string[] {
  const folders = (paths: readonly string[]): ReadonlySet<string> =>
    new Set(paths.flatMap((path) => {
      const names = path.split("/").slice(0, -1);
      return names.map((_, index) => names.slice(0, index + 1).join("/"));
    }));
  const newFolders = folders(staged);
  const oldFolders = folders(present);
  return [
    ...present.filter((path) => newFolders.has(path)),
    ...staged.filter((path) => oldFolders.has(path)),
  ];
}

/** Whether a folder is or holds a path. */
function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way.split(sep)[0] !== "..");
}

/** Where a build goes; all paths are absolute. */
export interface BuildFolders {
  readonly root: string;
  readonly bundleDir: string;
  readonly ssrDir: string | undefined;
}

/**
 * Refuses folders in which a build would do harm; `vite.config` may have named them.
 *
 * @throws {BuildError} If a build would replace sources, or show everybody what is the server's.
 */
export function checkFolders({ root, bundleDir, ssrDir }: BuildFolders): void {
  for (const folder of ssrDir === undefined ? [bundleDir] : [bundleDir, ssrDir]) {
    if (!holds(folder, root)) continue;
    throw new BuildError(
      `Cannot build into "${folder}": it holds the sources too, and a build replaces what is in it`,
      "name a folder of its own: bundleDir, or build.outDir in vite.config",
    );
  }
  if (ssrDir === undefined || (!holds(bundleDir, ssrDir) && !holds(ssrDir, bundleDir))) return;
  throw new BuildError(
    `Cannot build the server's part into "${ssrDir}": everybody can read "${bundleDir}"`,
    "name a folder beside it: ssrDir, or --ssr-dir",
  );
}

/** Whether a build empties its folder: as Vite decides it. */
export function isEmptied(emptyOutDir: boolean | undefined, root: string, folder: string): boolean {
  return emptyOutDir ?? holds(root, folder);
}
