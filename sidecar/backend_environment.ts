/**
 * What a backend that we start finds in its environment beside ours.
 *
 * @module
 */
import type { Config } from "./config_types.ts";

/**
 * Adds what a framework of the backend wants to know of the one port; whatever is set already stays.
 *
 * `APP_URL` is where browsers find the app (Laravel, litestar-vite), not where the backend listens. litestar-vite starts a
 * Vite of its own and would make it listen for other machines, unless `VITE_ALLOW_REMOTE` is there and empty.
 */
export function backendEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { host, port }: Pick<Config, "host" | "port">,
): Readonly<Record<string, string | undefined>> {
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const authority = name.includes(":") ? `[${name}]` : name;
  return {
    VITE_ALLOW_REMOTE: "",
    // Before it listens, nobody knows a port that the system chooses.
    ...(port === 0 ? {} : { APP_URL: `http://${authority}:${port}` }),
    ...env,
  };
}
