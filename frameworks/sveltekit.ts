/**
 * The Vite plugin for SvelteKit. A project runs behind the port without it; it adds the hosts that may be visited, reloads
 * what depends on generated types, and says where they would not be found.
 *
 * @example In `vite.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/sveltekit";
 *
 * // beside SvelteKit's own: plugins: [sidecar(), sveltekit({ adapter: adapter() })]
 * export default { plugins: [sidecar()] };
 * ```
 *
 * What pages ask of the app while they are rendered goes straight to it with the hook of `@lv/sidecar/api`.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { watchTypes } from "../vite/types_reload.ts";
import type { ServerShape } from "../vite/vite_shape.ts";
import {
  type FrameworkOptions,
  resolveFrameworkOptions,
  serverAdvice,
  type ServerConfigShape,
} from "./options.ts";

export type { FrameworkOptions } from "./options.ts";

/** A plugin, as every version of Vite takes it. */
export interface SvelteKitPlugin {
  /** What Vite's messages call it. */
  readonly name: string;
}

const TYPES_DIR = "src/lib/api";

/**
 * Makes the plugin; its place among the others does not matter.
 *
 * @example In `vite.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/sveltekit";
 *
 * export default { plugins: [sidecar({ hosts: [".example.com"] })] };
 * ```
 *
 * @throws {TypeError} If an option is not known or has the wrong shape.
 */
export function sidecar(options: FrameworkOptions = {}): SvelteKitPlugin {
  const { hosts, types } = resolveFrameworkOptions(options, TYPES_DIR);
  let advice: string[] = [];
  const hooks = {
    name: "lv-sidecar-sveltekit",
    config(config: { readonly server?: ServerConfigShape }): object {
      advice = serverAdvice(config.server);
      return hosts.length === 0 ? {} : { server: { allowedHosts: [...hosts] } };
    },
    configureServer(server: ServerShape): void {
      const { root, logger } = server.config;
      for (const each of [...advice, ...aliasAdvice(root, types)]) {
        logger.warn(`lv-sidecar: ${each}`);
      }
      watchTypes(server, resolve(root, types));
    },
  };
  return hooks;
}

/** SvelteKit 3 finds `src/lib` by an import map of `package.json`, which older projects do not have. */
function aliasAdvice(root: string, types: string): string[] {
  const manifest = join(root, "package.json");
  if (!types.startsWith("src/lib/") || !existsSync(join(root, types)) || !existsSync(manifest)) {
    return [];
  }
  if (/"#lib\/\*"\s*:/.test(readFileSync(manifest, "utf8"))) return [];
  const name = types.replace("src/lib", "#lib");
  return [
    `"${name}/routes.ts" can not be imported: package.json wants "imports": { "#lib/*": "./src/lib/*" }`,
  ];
}
