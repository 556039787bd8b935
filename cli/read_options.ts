/**
 * Collects the options of a command from its flags, the environment and the file in the root.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  checkConfig,
  type ConfigInput,
  type Flag,
  type SidecarOptions,
} from "../sidecar/config.ts";
import type { Config } from "../sidecar/config_types.ts";
import { loadConfigFile } from "../sidecar/load_config.ts";
import { renderUsageError, renderWarning } from "./errors.ts";
import type { Command } from "./flags.ts";
import { errorFacts, type ProgramWorld } from "./program.ts";

/** The options of a command, checked. */
export interface ReadOptions {
  readonly config: Config;
  /** The same, merged, for `createSidecar`. */
  readonly options: SidecarOptions;
}

/** What to read. */
export interface ReadRequest {
  readonly command: Command;
  readonly flags: readonly Flag[];
  /** The options that count; all by default. */
  readonly only?: NonNullable<ConfigInput["only"]>;
}

/**
 * Reads the options; what is wrong with them is told on standard error.
 *
 * @returns `undefined` if they can't be used.
 * @throws {ConfigFileError} If `sidecar.config.ts` can't be loaded.
 */
export async function readOptions(
  { command, flags, only }: ReadRequest,
  world: ProgramWorld,
): Promise<ReadOptions | undefined> {
  const { cwd, env, style } = world;
  const root = resolve(cwd, textOf(flags, "root") ?? ".");
  const problem = await whatIsWrongWithRoot(root);
  const mode = textOf(flags, "mode") ?? (command === "build" ? "production" : "development");
  const file = problem === undefined
    ? await loadConfigFile(root, { command, mode, env })
    : undefined;
  const counted = only === undefined ? {} : { only };
  const isServer = command === "dev" || command === "serve";
  const result = checkConfig({
    cwd,
    flags,
    environment: env,
    file,
    ...counted,
    // The command itself says it, whatever the environment thinks.
    ...(isServer ? { options: { dev: command === "dev" } } : {}),
  });
  const problems = [
    ...(problem === undefined ? [] : [problem]),
    ...(result.kind === "invalid" ? result.problems.map(({ message }) => message) : []),
  ];
  if (result.kind === "invalid" || problems.length > 0) {
    world.err(renderUsageError(problems, command, errorFacts(world, false)));
    return undefined;
  }
  for (const warning of result.warnings) world.err(renderWarning(warning, style));
  return { config: result.config, options: result.options };
}

function textOf(flags: readonly Flag[], option: Flag["option"]): string | undefined {
  const value = flags.find((flag) => flag.option === option)?.value;
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

async function whatIsWrongWithRoot(root: string): Promise<string | undefined> {
  const found = await stat(root).catch(() => undefined);
  if (found?.isDirectory()) return undefined;
  const state = found === undefined ? "there is no such folder" : "it is not a folder";
  return `Cannot use "${root}" as the root: ${state}`;
}
