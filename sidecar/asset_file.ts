/**
 * An open file of the bundle directory.
 *
 * @module
 */
import { constants, type FileHandle, open } from "node:fs/promises";
import type { FileStat } from "./asset_headers.ts";
import { MAX_RESIDENT_BYTES } from "./asset_map.ts";

/**
 * What is read at a time, and so what a stalled reader holds.
 *
 * Measured with files of 20 MiB: 64 KiB costs Bun a third more processor time. `Deno.open().readable` is no faster than
 * this; `Bun.file` takes a quarter of the processor time, but it opens the path anew, when the file that was asked
 * about may be another one.
 */
const CHUNK_BYTES = MAX_RESIDENT_BYTES;

// No link at the end of a path that had none at start, and no wait for somebody to write into a FIFO. Windows has neither.
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A file that is open until its bytes were sent, or {@linkcode AssetFile.close} was called. */
export class AssetFile {
  readonly stat: FileStat;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, stat: FileStat) {
    this.#handle = handle;
    this.stat = stat;
  }

  /**
   * Opens a file.
   *
   * @throws {Error} If there is none, or if it is no plain file any more.
   */
  static async open(path: string): Promise<AssetFile> {
    const handle = await open(path, OPEN_FLAGS);
    try {
      const { size, mtimeMs, ...kind } = await statOf(handle);
      if (!kind.isFile) throw new Error(`Cannot read "${path}": it is no file`);
      return new AssetFile(handle, { size, mtimeMs });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Reads it whole, and closes it. @throws {Error} If it changes meanwhile. */
  async readAll(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.stat.size);
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.#read(bytes.subarray(at), at);
      }
      await this.#assertUnchanged();
      return bytes;
    } finally {
      await this.close();
    }
  }

  /**
   * Streams bytes as fast as they are taken, and closes the file at the end.
   *
   * A file that changes meanwhile ends the stream with an error: an answer that breaks off is better than one that
   * mixes two files.
   *
   * @param first The first byte.
   * @param end The byte behind the last one, greater than `first`.
   */
  stream(first: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = first;
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const bytes = new Uint8Array(Math.min(CHUNK_BYTES, end - at));
          const count = await this.#read(bytes, at);
          at += count;
          if (at >= end) await this.#assertUnchanged();
          controller.enqueue(bytes.subarray(0, count));
          if (at < end) return;
          await this.close();
          controller.close();
        } catch (error) {
          await this.close();
          controller.error(error);
        }
      },
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
  }

  async #read(bytes: Uint8Array, at: number): Promise<number> {
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, at);
    if (bytesRead === 0) throw new Error("Cannot read on: the file became shorter");
    return bytesRead;
  }

  async #assertUnchanged(): Promise<void> {
    const { size, mtimeMs } = await statOf(this.#handle);
    if (size === this.stat.size && mtimeMs === this.stat.mtimeMs) return;
    throw new Error("Cannot read on: the file was changed");
  }

  /** Closes it; safe to call twice. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => {});
  }
}

async function statOf(handle: FileHandle): Promise<FileStat & { readonly isFile: boolean }> {
  const found = await handle.stat();
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}
