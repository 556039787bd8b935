/**
 * The minified, compressed size of what an entry needs.
 *
 * @module
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createProject, repositoryRoot } from "../../_support/project.ts";
import { runDeno } from "../../_support/runtimes.ts";

/** Bytes by bundler: those of `bundle.ts` next door. */
export type BundleSizes = { readonly [bundler: string]: number };

/** Bundles an entry with some files beside it. */
export async function bundleSizes(
  files: readonly { readonly path: string; readonly text: string }[],
  entry: string,
): Promise<BundleSizes> {
  const project = await createProject("size", {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    "entry.ts": entry,
  });
  try {
    const { stdout } = await runDeno([
      "run",
      "-A",
      "--quiet",
      join(repositoryRoot, "tests/codegen/_support/bundle.ts"),
      join(project.root, "entry.ts"),
      "--minify",
    ]);
    const codes = Object.entries<string>(JSON.parse(stdout));
    return Object.fromEntries(
      codes.map(([bundler, code]) => [bundler, gzipSync(code, { level: 9 }).byteLength]),
    );
  } finally {
    await project.remove();
  }
}
