/**
 * The ports of `child`, as its environment has them.
 *
 * @module
 */
import { parseWholeNumber } from "../sidecar/config_text.ts";

/** The ports of `child`. */
export interface ChildPorts {
  /** Where Vite listens; 0 takes a free one. */
  readonly internal: number;
  /** The port of the backend, where browsers and the HMR client go; `undefined`: that of the page. */
  readonly client: number | undefined;
}

/**
 * Reads `VITE_INTERNAL_PORT` and `VITE_CLIENT_PORT`. An empty variable counts as not set.
 *
 * @returns The ports, or what is wrong with the variables.
 */
export function readChildPorts(
  env: Readonly<Record<string, string | undefined>>,
): ChildPorts | { readonly problems: readonly string[] } {
  const internal = readPort(env, "VITE_INTERNAL_PORT", 0);
  const client = readPort(env, "VITE_CLIENT_PORT", 1);
  const problems = [internal, client].filter((read) => typeof read === "string");
  if (typeof internal === "string" || typeof client === "string") return { problems };
  return { internal: internal ?? 0, client };
}

function readPort(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  least: number,
): number | undefined | string {
  const text = env[name]?.trim() ?? "";
  if (text === "") return undefined;
  const port = parseWholeNumber(text);
  if (port !== undefined && port >= least && port <= 65535) return port;
  return `Cannot use ${
    JSON.stringify(text)
  } as the variable "${name}": it must be a whole number from ${least} to 65535`;
}
