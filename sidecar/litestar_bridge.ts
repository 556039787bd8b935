/**
 * A project that litestar-vite looks after: found by its `.litestar.json`, and kept as it is.
 *
 * @module
 */
import { lstat, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  BRIDGE_FILE,
  BRIDGE_VARIABLE,
  hotFileOfBridge,
  parseBridgeFile,
} from "../vite/bridge_file.ts";
import type { Config } from "./config_types.ts";

/** What such a project needs. */
export interface LitestarBridge {
  /** Absolute: where its backend looks for Vite. */
  readonly hotFile: string;
}

/** A longer one is none. */
const MAX_BYTES = 1024 * 1024;
/** litestar-vite's own. */
const BUNDLE_DIR = "public";

/** Looks for it; `undefined` where there is none, or none that can be read: litestar-vite tells of that itself. */
export async function findLitestarBridge(
  { root }: Pick<Config, "root">,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LitestarBridge | undefined> {
  const named = env[BRIDGE_VARIABLE] ?? "";
  const path = named === "" ? join(root, BRIDGE_FILE) : resolve(root, named);
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > MAX_BYTES) return undefined;
  try {
    const { bridge } = parseBridgeFile(await readFile(path, "utf8"), path);
    const bundleDir = resolve(root, bridge.bundleDir ?? BUNDLE_DIR);
    return { hotFile: hotFileOfBridge(bridge, root, bundleDir) ?? join(bundleDir, "hot") };
  } catch {
    return undefined;
  }
}
