/**
 * A certificate for a Vite that listens itself.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { certificateFolders } from "./plugin_options.ts";

/** Files of a certificate. */
export interface Certificate {
  readonly host: string | undefined;
  readonly key: string;
  readonly cert: string;
}

/** The variables' certificate, else one that tools of this machine have made for a host. */
export function findCertificate(host: string | undefined, root: string): Certificate | undefined {
  const { VITE_SERVER_KEY: key, VITE_SERVER_CERT: cert } = process.env;
  if (key && cert) {
    const missing = [key, cert].find((path) => !existsSync(path));
    if (missing === undefined) return { host, key, cert };
    throw new Error(`Cannot find the certificate "${missing}": VITE_SERVER_KEY and _CERT name it`);
  }
  if (host === undefined) return undefined;
  const folders = certificateFolders(root, homedir());
  for (const folder of folders) {
    const found = { host, key: join(folder, `${host}.key`), cert: join(folder, `${host}.crt`) };
    if (existsSync(found.key) && existsSync(found.cert)) return found;
  }
  throw new Error(
    `Cannot find a certificate for "${host}": there is no "${host}.key" with "${host}.crt" in ` +
      folders.map((folder) => `"${folder}"`).join(", "),
  );
}
