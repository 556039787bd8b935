/**
 * How a new project finds this program.
 *
 * @module
 */
import type { SidecarSource } from "./template.ts";

/**
 * Tells it from where this program is.
 *
 * Published, it is a package of the project: Deno reads no configuration for a program of `jsr:`, so an app in it would
 * not find its own packages. Of a checkout and of a URL the program itself is run.
 *
 * @param moduleUrl The URL of `mod.ts`.
 * @param version The version of the package.
 * @param pathOf The path of a URL of a file.
 */
export function sidecarSourceOf(
  moduleUrl: string,
  version: string,
  pathOf: (url: string) => string,
): SidecarSource {
  const dependency = `npm:@jsr/lv__sidecar@^${version}`;
  const { protocol, hostname, pathname } = new URL(moduleUrl);
  if (protocol === "file:" && !pathname.includes("/node_modules/")) {
    const program = pathOf(moduleUrl);
    const folder = pathOf(new URL("./tools/npm", moduleUrl).href);
    return { program, dependency: `file:${folder}`, isProgram: false };
  }
  if (protocol !== "file:" && hostname !== "jsr.io") {
    return { program: moduleUrl, dependency, isProgram: false };
  }
  return { program: "node_modules/@lv/sidecar/mod.js", dependency, isProgram: true };
}
