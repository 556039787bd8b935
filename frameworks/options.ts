/**
 * The options that all integrations have, and what all of them warn of.
 *
 * @module
 */

/** Options of an integration; all are optional. */
export interface FrameworkOptions {
  /**
   * Hosts beside `localhost` under which the site is visited: exact, or `.example.com` with its subdomains. @default []
   */
  readonly hosts?: readonly string[];
  /** Folder of the generated types, relative to the root. @default where the framework looks for such files */
  readonly types?: string;
}

/** Options with their defaults. */
export interface ResolvedFrameworkOptions {
  readonly hosts: readonly string[];
  readonly types: string;
}

const HOST_REGEXP = /^\.?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i;

/**
 * Checks the options.
 *
 * @throws {TypeError} If one is not of its shape.
 */
export function resolveFrameworkOptions(
  { hosts = [], types, ...others }: FrameworkOptions,
  typesDir: string,
): ResolvedFrameworkOptions {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new TypeError(`Cannot use "${unknown}" as an option: there are hosts and types`);
  }
  for (const host of hosts) {
    if (HOST_REGEXP.test(host)) continue;
    throw new TypeError(`Cannot use "${host}" as a host: it is a name without port and scheme`);
  }
  return { hosts, types: types ?? typesDir };
}

/** What of a Vite config is looked at. */
export interface ServerConfigShape {
  /** Vite's `server.proxy`. */
  readonly proxy?: unknown;
  /** Vite's `server.hmr`. */
  readonly hmr?: unknown;
  /** Vite's `server.ws`. */
  readonly ws?: unknown;
  /** Vite's `server.origin`. */
  readonly origin?: unknown;
}

/** What a config says that stands in the way of one port. */
export function serverAdvice(server: ServerConfigShape | undefined): string[] {
  if (server === undefined) return [];
  const { proxy, hmr, ws, origin } = server;
  const prefixes = keysOf(proxy).filter((key) => /^\^?\/api\b/.test(key));
  return [
    ...prefixes.map((key) =>
      `server.proxy["${key}"] is not needed: the one port gives it to the app`
    ),
    ...["hmr", "ws"].flatMap((name) => {
      const named = keysOf(name === "hmr" ? hmr : ws).filter((key) =>
        ["host", "port", "clientPort", "protocol"].includes(key)
      );
      return named.map((key) =>
        `server.${name}.${key} leads browsers past the one port: remove it`
      );
    }),
    ...(origin === undefined ? [] : ["server.origin leads browsers past the one port: remove it"]),
  ];
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
