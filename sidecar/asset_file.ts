/**
 * Looks at files of the bundle directory, and reads small ones.
 *
 * @module
 */
import { constants, lstat, open } from "node:fs/promises";
import type { FileStat } from "./asset_headers.ts";

// No link at the end of a path that had none at start, and no wait for somebody to write into a FIFO. Windows has neither.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file whole.
 *
 * @throws {Error} If there is none, if it is no plain file any more, or if it changes meanwhile.
 */
export async function readAssetFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await open(path, OPEN_FLAGS);
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw new Error(`Cannot read "${path}": it is no file`);
    const bytes = new Uint8Array(before.size);
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    const { size, mtimeMs } = await handle.stat();
    if (size === before.size && mtimeMs === before.mtimeMs) return bytes;
    throw new Error(`Cannot read "${path}": it is being written`);
  } finally {
    await handle.close();
  }
}

/**
 * Looks at a file without opening it.
 *
 * @throws {Error} If there is none, or if it is no plain file any more.
 */
export async function statAssetFile(path: string): Promise<FileStat> {
  const found = await lstat(path);
  if (!found.isFile()) throw new Error(`Cannot read "${path}": it is no file`);
  return { size: found.size, mtimeMs: found.mtimeMs };
}
