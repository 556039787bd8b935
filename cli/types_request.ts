/**
 * The flags of the commands that read routes, as options.
 *
 * @module
 */
import { resolve } from "node:path";
import { type CheckedTypesOptions, isUrl } from "../typegen/options.ts";
import type { OwnFlags } from "./args.ts";

/** The flags of one of these commands. */
export interface TypesRequest {
  /** They beat those of the file. */
  readonly options: CheckedTypesOptions;
  /** Absolute: where a command that exports writes to. */
  readonly file: string | undefined;
  readonly watch: boolean;
  readonly check: boolean;
}

const SOURCES = ["routes", "openapi", "pages"] as const;
const SWITCHES = [
  ["zod", "zod"],
  ["sdk", "sdk"],
  ["groups", "groupFiles"],
  ["global", "globalRoute"],
] as const;
const LISTS = ["only", "except"] as const;

/** Reads the flags; paths count from the working directory, where they were typed. */
export function typesRequest(flags: OwnFlags, cwd: string): TypesRequest {
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  const place = (path: string | undefined): string | undefined =>
    path === undefined || path === "" || isUrl(path) ? path : resolve(cwd, path);
  const given = [
    ...SOURCES.map((name) => [name, place(text(name))]),
    ["output", place(text("output"))],
    ...SWITCHES.map(([flag, option]) => [option, flags[flag]]),
    ...LISTS.map((name) => [name, flags[name]]),
  ].filter(([, value]) => value !== undefined);
  return {
    // A name of each list belongs to an option of that kind.
    options: Object.fromEntries(given) as CheckedTypesOptions,
    file: place(text("output")),
    watch: flags["watch"] === true,
    check: flags["check"] === true,
  };
}

/** What is wrong with the flags together. */
export function typesProblems({ watch, check, options }: TypesRequest): string[] {
  const empty = [...SOURCES, "output" as const].filter((name) => options[name] === "");
  return [
    ...watch && check ? ['Cannot use "--check": "--watch" excludes it, give one of them'] : [],
    ...empty.map((name) => `Cannot use "" as the flag "--${name}": it must not be empty`),
  ];
}
