/**
 * What several checks want to know of a project.
 *
 * @module
 */
import { type Framework, FRAMEWORKS } from "../sidecar/framework.ts";
import { known } from "./part.ts";
import type { Snapshot } from "./snapshot.ts";

/** The framework that a project lists. */
function listedFramework(snapshot: Snapshot): Framework | undefined {
  const { listed } = known(snapshot.packages);
  return Object.values(FRAMEWORKS).find((framework) => listed.has(framework.package));
}

/** The framework that makes the pages; beside a page of Vite's own it is a guest. */
export function frameworkOf(snapshot: Snapshot): Framework | undefined {
  const isMeant = snapshot.options.config?.pages === "framework" || !hasPage(snapshot);
  return isMeant ? listedFramework(snapshot) : undefined;
}

function hasPage({ files }: Snapshot): boolean {
  return known(files).files.some(({ path }) => path === "index.html");
}

/** The prefixes that the app answers, as far as they can be told without it. */
export function appPrefixes({ options: { config } }: Snapshot): readonly string[] {
  if (config === undefined || config.app.kind === "none") return [];
  const own = config.appRoutes.map((route) => route.replace(/[*:{].*$/, ""))
    .filter((prefix) => prefix.length > 1);
  return [...new Set(["/api", ...own])];
}

/** Whether a build is made of a file, as far as its place tells. */
export function isSource(path: string): boolean {
  return /^(?:src|app|resources|public|lib)\//.test(path) && !/(?:^|\/)generated\//.test(path) ||
    path === "index.html" || /^vite\.config\./.test(path);
}

/** Whether two URLs of built files mean the same. */
export function isSameBase(base: string, assetUrl: string): boolean {
  const slashed = (url: string): string => url.endsWith("/") ? url : `${url}/`;
  return base === "./" || base === "" || slashed(base) === slashed(assetUrl);
}
