/**
 * Collects the options from flags, code, environment and file, and lets the strongest of them win.
 *
 * @module
 */
import { resolve } from "node:path";
import { type Environment, readEnvironment } from "./config_environment.ts";
import type { SidecarOptions } from "./config_options.ts";
import { type Problem, showValue, type Source, unknownOption } from "./config_problem.ts";
import { OPTION_SCHEMAS, type OptionName, readOptionText } from "./config_schema.ts";

/** A flag of the command line, as it was typed. */
export interface Flag {
  /** The flag with its hyphens, such as `--port`. */
  readonly flag: string;
  readonly option: OptionName;
  /** Its text, its texts where it may be repeated, or whether it is set. */
  readonly value: string | readonly string[] | boolean;
}

/** What a configuration is made of. */
export interface ConfigInput {
  /** Absolute path that `root` and `entry` are relative to. */
  readonly cwd: string;
  /** From the command line. */
  readonly flags?: readonly Flag[];
  /** From code: they rank as flags do. */
  readonly options?: SidecarOptions;
  readonly environment?: Environment;
  /** What `sidecar.config.ts` exports. */
  readonly file?: ConfigFile | undefined;
  /** The options that count; others in flags, environment and file are not looked at. All by default. */
  readonly only?: readonly OptionName[];
  /** Whether the app is a fetch handler in this process. @default false */
  readonly handler?: boolean;
}

/** The content of a configuration file. */
export interface ConfigFile {
  /** Absolute path of the file; `root` and `entry` in it are relative to its folder. */
  readonly path: string;
  /** What it exports, after a function was called. */
  readonly options: unknown;
}

/** An option as it was given, and where. */
export interface Given {
  readonly name: OptionName;
  readonly value: unknown;
  /** As the user wrote it. */
  readonly shown: unknown;
  readonly source: Source;
  /** Why it can't be used, if that is known already. */
  readonly refused?: string | undefined;
}

/** Options of one source. */
export interface Layer {
  readonly given: readonly Given[];
  readonly problems: readonly Problem[];
}

/** Options of which one shuts the others out. */
export const EXCLUSIVE: readonly (readonly OptionName[])[] = [
  ["backend", "backendCommand", "entry"],
  ["direct", "viteUrl"],
];

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTION_SCHEMAS, name);
}

function flagLayer(flags: readonly Flag[]): Layer {
  const given = flags.map(({ flag, option, value }): Given => ({
    name: option,
    // A repeated flag is one list: `--allowed-host a --allowed-host b,c`.
    value: typeof value === "boolean"
      ? value
      : readOptionText(option, typeof value === "string" ? value : value.join(",")),
    shown: typeof value === "object" ? value.join(",") : value,
    source: { kind: "flag", flag },
  }));
  return { given, problems: [] };
}

function objectLayer(options: object, source: Source, folder: string): Layer {
  const given: Given[] = [];
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (isOptionName(name)) {
      given.push({ name, value: fromFolder(name, value, folder), shown: value, source });
    } else problems.push(unknownOption(name, source));
  }
  return { given, problems };
}

/** Makes the path of an option absolute: in a file paths count from the file, elsewhere from where we stand. */
export function fromFolder(name: OptionName, value: unknown, folder: string): unknown {
  const isPath = name === "root" || name === "entry";
  return isPath && typeof value === "string" && value.trim() !== ""
    ? resolve(folder, value)
    : value;
}

function fileLayer(file: ConfigFile): Layer {
  const source: Source = { kind: "file", path: file.path };
  if (typeof file.options !== "object" || file.options === null || Array.isArray(file.options)) {
    const message =
      `Cannot use ${showValue(file.options)} as the default export of "${file.path}": ` +
      "it must be an object of options, or a function that returns one";
    return { given: [], problems: [{ kind: "type", message }] };
  }
  return objectLayer(file.options, source, resolve(file.path, ".."));
}

function environmentLayer(environment: Environment): Layer {
  const given = readEnvironment(environment).map((
    { variable, option, text, value, refused },
  ): Given => ({
    name: option,
    value,
    shown: text,
    source: { kind: "variable", variable },
    refused,
  }));
  return { given, problems: [] };
}

/** Collects what every source says, the strongest first. */
export function layersOf(input: ConfigInput): Layer[] {
  const counts = ({ name }: Given): boolean => input.only?.includes(name) ?? true;
  return [
    flagLayer(input.flags ?? []),
    objectLayer(input.options ?? {}, { kind: "option" }, input.cwd),
    environmentLayer(input.environment ?? {}),
    ...(input.file === undefined ? [] : [fileLayer(input.file)]),
  ].map(({ given, problems }) => ({ given: given.filter(counts), problems }));
}

/** Whether a value takes part in a group of which one shuts the others out: `direct: false` does not. */
export function takesPart(given: Given): boolean {
  return given.value !== false;
}

/**
 * Lets the first layer win: for each option, and for each group of options that exclude each other.
 */
export function mergeLayers(layers: readonly Layer[]): Map<OptionName, Given> {
  const merged = new Map<OptionName, Given>();
  for (const { given } of layers) {
    const before = [...merged.values()].filter(takesPart).map(({ name }) => name);
    for (const one of given) {
      const group = EXCLUSIVE.find((names) => names.includes(one.name)) ?? [];
      const isShutOut = before.some((name) => group.includes(name)) && takesPart(one);
      if (!merged.has(one.name) && !isShutOut) merged.set(one.name, one);
    }
  }
  return merged;
}
