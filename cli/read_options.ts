/**
 * Collects the options of a command from its flags, the environment and the file in the root.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  checkConfig,
  type ConfigEnv,
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
  /** Whether `sidecar.config.ts` is left alone. @default false */
  readonly withoutFile?: boolean;
}

/**
 * Reads the options; what is wrong with them is told on standard error.
 *
 * @returns `undefined` if they can't be used.
 * @throws {ConfigFileError} If `sidecar.config.ts` can't be loaded.
 */
export async function readOptions(
  request: ReadRequest,
  world: ProgramWorld,
): Promise<ReadOptions | undefined> {
  const { input, problem } = await collectInput(request, world);
  const result = checkConfig(input);
  const problems = [
    ...(problem === undefined ? [] : [problem]),
    ...(result.kind === "invalid" ? result.problems.map(({ message }) => message) : []),
  ];
  if (result.kind === "invalid" || problems.length > 0) {
    world.err(renderUsageError(problems, request.command, errorFacts(world, false)));
    return undefined;
  }
  for (const warning of result.warnings) world.err(renderWarning(warning, world.style));
  return { config: result.config, options: result.options };
}

/** What a configuration is to be made of, and what is wrong with the root. */
export interface CollectedInput {
  readonly input: ConfigInput;
  /** Absolute. */
  readonly root: string;
  readonly problem: string | undefined;
}

/** Before packages are installed, what the file imports can't be had. */
function readsFile(command: Command): command is ConfigEnv["command"] {
  return command !== "init" && command !== "install" && command !== "update";
}

/**
 * Collects flags, environment and file.
 *
 * @throws {ConfigFileError} If `sidecar.config.ts` can't be loaded.
 */
export async function collectInput(
  { command, flags, only, withoutFile = false }: ReadRequest,
  { cwd, env }: ProgramWorld,
): Promise<CollectedInput> {
  const root = resolve(cwd, textOf(flags, "root") ?? ".");
  const problem = await whatIsWrongWithRoot(root);
  const mode = textOf(flags, "mode") ?? (command === "build" ? "production" : "development");
  const file = problem === undefined && !withoutFile && readsFile(command)
    ? await loadConfigFile(root, { command: commandOfFile(command), mode, env })
    : undefined;
  const isServer = command === "dev" || command === "serve";
  const input: ConfigInput = {
    cwd,
    flags,
    environment: env,
    file,
    ...(only === undefined ? {} : { only }),
    // The command itself says it, whatever the environment thinks.
    ...(isServer ? { options: { dev: command === "dev" } } : {}),
  };
  return { input, root, problem };
}

/** The commands that `sidecar.config.ts` hears of; others ask what `dev` would do. */
const FILE_COMMANDS: readonly ConfigEnv["command"][] = [
  ...["dev", "child", "build", "serve"] as const,
  ...["generate-types", "export-routes", "export-schema"] as const,
];

function commandOfFile(command: Command): ConfigEnv["command"] {
  return FILE_COMMANDS.find((name) => name === command) ?? "dev";
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
