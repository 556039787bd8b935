/**
 * Reads `sidecar.config.ts` from the root.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConfigEnv, ConfigFile } from "./config.ts";

/** The names that are looked for; the first that is there counts. */
export const CONFIG_FILE_NAMES: readonly string[] = [
  "sidecar.config.ts",
  "sidecar.config.js",
  "sidecar.config.mjs",
];

/** A configuration file that can't be loaded. */
export class ConfigFileError extends Error {
  override readonly name = "ConfigFileError";
  /** What to do about it. */
  readonly hint: string;

  constructor(message: string, options: { readonly cause: unknown; readonly hint: string }) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
  }
}

/**
 * Loads the configuration file of a root, and calls it if it exports a function.
 *
 * @param root Absolute path.
 * @returns `undefined` if there is none.
 * @throws {ConfigFileError} If it can't be loaded, or its function throws.
 */
export async function loadConfigFile(
  root: string,
  env: ConfigEnv,
): Promise<ConfigFile | undefined> {
  for (const name of CONFIG_FILE_NAMES) {
    const path = join(root, name);
    if (!await stat(path).then(() => true, () => false)) continue;
    const exported = await importDefault(path);
    return {
      path,
      options: typeof exported === "function" ? await call(path, exported, env) : exported,
    };
  }
  return undefined;
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module: { readonly default?: unknown } = await import(pathToFileURL(path).href);
    return module.default;
  } catch (cause) {
    const why = messageOf(cause);
    throw new ConfigFileError(`Cannot load "${path}" as the configuration: ${why}`, {
      cause,
      // Run from a registry, the program's own name means nothing to a file of the user.
      hint: why.includes("@lv/sidecar")
        ? 'import defineConfig from "jsr:@lv/sidecar", or write export default { … } without it'
        : "mend the file, or move it away: no option needs it",
    });
  }
}

// deno-lint-ignore ban-types -- what a user exports; it is called with what ConfigEnv promises
async function call(path: string, exported: Function, env: ConfigEnv): Promise<unknown> {
  try {
    return await exported(env);
  } catch (cause) {
    throw new ConfigFileError(
      `Cannot load "${path}" as the configuration: its function throws: ${messageOf(cause)}`,
      { cause, hint: "mend the function that the file exports" },
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
