/**
 * Tells browsers when generated types are others, whoever generates them.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { ServerShape } from "./vite_shape.ts";

/** Beside what the program generates; see `typegen/manifest.ts`. */
const MANIFEST_FILE = ".sidecar-types.json";
/** The same as the program's own, which tells it where it runs Vite itself. */
const TYPES_EVENT = "lv:types-updated";
/** Several files are written at once. */
const QUIET_MS = 50;

/** Sends `lv:types-updated` when files of a generated folder change. @param folder Absolute. */
export function watchTypes(server: ServerShape, folder: string): void {
  const { root } = server.config;
  const output = relative(root, folder).replaceAll("\\", "/");
  const files = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (): void => {
    timer = undefined;
    const data = { output, files: [...files].sort() };
    files.clear();
    server.ws.send({ type: "custom", event: TYPES_EVENT, data });
  };
  const look = (path: string): void => {
    const way = relative(folder, resolve(root, path)).replaceAll("\\", "/");
    if (way.startsWith("..") || !way.endsWith(".ts")) return;
    // Somebody else's folder of that name is none of ours.
    if (!existsSync(join(folder, MANIFEST_FILE))) return;
    files.add(way);
    clearTimeout(timer);
    timer = setTimeout(send, QUIET_MS);
  };
  for (const event of ["add", "change", "unlink"]) server.watcher.on(event, look);
  server.httpServer?.once("close", () => clearTimeout(timer));
}
