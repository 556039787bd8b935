/**
 * What `deno publish` would send to the registry.
 *
 * @module
 */
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { repositoryRoot } from "./project.ts";
import { runDeno } from "./runtimes.ts";

const FILE_REGEXP = /^\s+(file:\/\/\S+) \(/gm;

/** The paths of the published files from the repository's root, with `/`. */
export async function publishedFiles(): Promise<readonly string[]> {
  const { stdout, stderr } = await runDeno(["publish", "--dry-run", "--allow-dirty", "--no-check"]);
  return [...`${stdout}\n${stderr}`.matchAll(FILE_REGEXP)].map(([, url = ""]) =>
    relative(repositoryRoot, fileURLToPath(url)).replaceAll(sep, "/")
  );
}
