/**
 * Loads pages anew when a template changes.
 *
 * @module
 */
import { relative, resolve } from "node:path";
import { parsePathPattern, type PathPattern } from "./path_pattern.ts";
import type { RefreshOptions } from "./plugin_options.ts";
import type { ServerShape } from "./vite_shape.ts";

/** Makes browsers load the page anew when a template changes. */
export function watchTemplates(
  server: ServerShape,
  { paths, delay }: Required<RefreshOptions>,
): void {
  const { root } = server.config;
  const patterns = (typeof paths === "string" ? [paths] : paths).map(parsePathPattern);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reload = (): void => {
    timer = undefined;
    server.ws.send({ type: "full-reload", path: "*" });
  };
  const look = (path: string): void => {
    const way = relative(root, resolve(root, path)).replaceAll("\\", "/");
    // Vite itself reloads for the page in the root; twice is once too often.
    if (timer !== undefined || way === "index.html" || !matchesAny(patterns, way, root)) return;
    timer = setTimeout(reload, delay);
  };
  for (const event of ["add", "change", "unlink"]) server.watcher.on(event, look);
  // Vite watches the root; templates are often beside it.
  const outside = patterns.map(({ folder }) => resolve(root, folder))
    .filter((folder) => relative(root, folder).startsWith(".."));
  if (outside.length > 0) server.watcher.add(outside);
}

function matchesAny(patterns: readonly PathPattern[], way: string, root: string): boolean {
  if (/(?:^|\/)(?:node_modules|\.git)\//.test(way)) return false;
  return patterns.some((pattern) => pattern.matches(way) || pattern.matches(resolve(root, way)));
}
