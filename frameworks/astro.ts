/**
 * The integration for Astro. A site runs behind the port without it; it adds the hosts that may be visited, and reloads what
 * depends on generated types.
 *
 * @example In `astro.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/astro";
 *
 * export default { integrations: [sidecar({ hosts: ["www.example.com"] })] };
 * ```
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { watchTypes } from "../vite/types_reload.ts";
import type { ServerShape } from "../vite/vite_shape.ts";
import {
  type FrameworkOptions,
  resolveFrameworkOptions,
  serverAdvice,
  type ServerConfigShape,
} from "./options.ts";

export type { FrameworkOptions } from "./options.ts";

/** An integration, as far as Astro asks for it. Its own types are those of one major. */
export interface AstroIntegrationLike {
  /** What Astro's messages call it. */
  readonly name: string;
  /** What Astro calls. */
  // Each version gives its hooks more; a method takes them all.
  readonly hooks: Readonly<Record<string, (context: never) => void>>;
}

interface Logger {
  warn(message: string): void;
}

interface SetupContext {
  readonly config: { readonly vite?: { readonly server?: ServerConfigShape } };
  readonly updateConfig: (config: object) => unknown;
  readonly logger: Logger;
}

interface DoneContext {
  readonly config: { readonly root: URL };
  readonly injectTypes?: (file: { filename: string; content: string }) => unknown;
}

const TYPES_DIR = "src/generated";
/** What pages read on the server. */
const ENVIRONMENT_TYPES = `declare namespace NodeJS {
  interface ProcessEnv {
    /** Where the app answers; set by the sidecar. */
    readonly SIDECAR_API_URL?: string;
  }
}
`;

/**
 * Makes the integration.
 *
 * Astro refuses a form that comes over https through a proxy unless its host is listed (`security.allowedDomains`): the
 * hosts are, and Vite's dev server lets them in.
 *
 * @example In `astro.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/astro";
 *
 * export default { integrations: [sidecar()] };
 * ```
 *
 * @throws {TypeError} If an option is not known or has the wrong shape.
 */
export function sidecar(options: FrameworkOptions = {}): AstroIntegrationLike {
  const { hosts, types } = resolveFrameworkOptions(options, TYPES_DIR);
  let folder = resolve(types);
  const setup = ({ config, updateConfig, logger }: SetupContext): void => {
    for (const advice of serverAdvice(config.vite?.server)) logger.warn(`vite.${advice}`);
    if (hosts.length === 0) return;
    updateConfig({
      security: { allowedDomains: hosts.map((host) => ({ hostname: patternOf(host) })) },
      vite: { server: { allowedHosts: [...hosts] } },
    });
  };
  const done = ({ config, injectTypes }: DoneContext): void => {
    folder = resolve(fileURLToPath(config.root), types);
    injectTypes?.({ filename: "sidecar.d.ts", content: ENVIRONMENT_TYPES });
  };
  const serve = ({ server }: { readonly server: ServerShape }): void => watchTypes(server, folder);
  return {
    name: "@lv/sidecar",
    hooks: {
      "astro:config:setup": setup,
      "astro:config:done": done,
      "astro:server:setup": serve,
    },
  };
}

/** Case: ".example.com" -> "**.example.com", which is the domain's subdomains of any depth. */
function patternOf(host: string): string {
  return host.startsWith(".") ? `**${host}` : host;
}
