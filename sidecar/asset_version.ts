/**
 * What identifies a build, and its files.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** What stands for a version in development: constant, so that no client is told to reload. */
export const DEV_VERSION_ID = "dev";

const VERSION_ID_CHARACTERS = 16;

/**
 * Makes the version of a build from its manifest: names of files hold hashes, so it changes with any of them.
 *
 * The same text gives the same version on every machine.
 */
export function versionIdOf(manifestText: string): string {
  return createHash("sha256").update(manifestText).digest("hex").slice(0, VERSION_ID_CHARACTERS);
}

/** Makes the value of an attribute `integrity` from the content of a file. */
export function integrityOf(content: Uint8Array | string): string {
  return `sha384-${createHash("sha384").update(content).digest("base64")}`;
}
