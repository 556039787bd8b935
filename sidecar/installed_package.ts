/**
 * Packages in `node_modules`, looked for as Node does: here, and in each folder above.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A package that is there. */
export interface InstalledPackage {
  /** The folder whose `node_modules` has it. */
  readonly above: string;
  /** Its `package.json`, of whatever shape: every field may be missing. */
  readonly manifest: {
    readonly version?: string;
    readonly engines?: { readonly node?: string };
    readonly exports?: { readonly ["."]?: { readonly import?: string } };
  };
}

/** A folder, and those it is in, up to the root. */
export function ancestors(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [path, ...ancestors(parent)];
}

/**
 * Finds a package.
 *
 * @param name Its name, with its scope.
 * @param from Absolute: where the search begins.
 * @throws {SyntaxError} If its `package.json` is no JSON.
 */
export async function findInstalled(
  name: string,
  from: string,
): Promise<InstalledPackage | undefined> {
  for (const above of ancestors(from)) {
    const path = join(above, "node_modules", name, "package.json");
    const text = await readFile(path, "utf8").catch(() => undefined);
    // The package's own words.
    if (text !== undefined) return { above, manifest: JSON.parse(text) };
  }
  return undefined;
}
