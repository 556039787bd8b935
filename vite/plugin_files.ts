/**
 * The files that the plugin writes: generated ones, and the one that tells where Vite listens.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import type { ServerShape } from "./vite_shape.ts";

/** Writes a file as a whole; one that is as it should be stays untouched, for watchers would start. */
export function writeIfChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** Tells where Vite listens, as long as it does. */
export function keepHotFile(server: ServerShape, path: string): void {
  let written: string | undefined;
  const remove = (): void => {
    // Somebody else's Vite may have written it since.
    if (written !== undefined && existsSync(path) && readFileSync(path, "utf8") === written) {
      rmSync(path, { force: true });
    }
    written = undefined;
  };
  server.httpServer?.once("listening", () => {
    // Vite knows its URLs a moment later.
    setTimeout(() => {
      const { local = [], network = [] } = server.resolvedUrls ?? {};
      const url = local[0] ?? network[0];
      if (url === undefined) return;
      written = url.replace(/\/+$/, "");
      writeIfChanged(path, written);
      endWith(remove);
    }, 0);
  });
  server.httpServer?.once("close", remove);
}

/** Runs `work` before the process ends, also where a signal ends it. */
function endWith(work: () => void): void {
  process.once("exit", work);
  for (const [signal, code] of [["SIGINT", 130], ["SIGHUP", 129]] as const) {
    // Vite itself hears SIGTERM, and closes the server.
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(code));
  }
}
