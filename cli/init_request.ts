/**
 * What `init` is asked for: flags, and what nobody said.
 *
 * @module
 */
import type { Executor } from "../sidecar/config_types.ts";
import { nearestName } from "../sidecar/nearest_name.ts";
import { parseWholeNumber } from "../sidecar/config_text.ts";
import type { OwnFlags } from "./args.ts";
import { projectNameProblem } from "./project_name.ts";
import { type Backend, BACKENDS } from "./template.ts";
import { TEMPLATES } from "./templates.ts";

/** What was said on the command line; `undefined` where nothing was. */
export interface InitRequest {
  /** A name, or `.` for the folder itself. */
  readonly name: string | undefined;
  readonly template: string | undefined;
  readonly backend: Backend | undefined;
  readonly executor: Executor | undefined;
  readonly port: number | undefined;
  readonly tailwind: boolean | undefined;
  readonly typescript: boolean | undefined;
  readonly zod: boolean | undefined;
  readonly sdk: boolean | undefined;
  readonly ssr: boolean | undefined;
  readonly git: boolean | undefined;
  readonly install: boolean | undefined;
  readonly overwrite: boolean;
  readonly dryRun: boolean;
  readonly interactive: boolean | undefined;
}

const EXECUTORS: readonly Executor[] = ["node", "bun", "deno"];

/** Reads the flags; what is wrong with them is told all at once. */
export function readInitRequest(
  flags: OwnFlags = {},
): { readonly request: InitRequest } | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const text = (name: string): string | undefined => {
    const value = flags[name];
    return typeof value === "string" ? value : undefined;
  };
  const isOn = (name: string): boolean | undefined => {
    const value = flags[name];
    return typeof value === "boolean" ? value : undefined;
  };
  const oneOf = <T extends string>(name: string, known: readonly T[]): T | undefined => {
    const value = text(name);
    const found = known.find((one) => one === value);
    if (value !== undefined && found === undefined) problems.push(unknown(name, value, known));
    return found;
  };
  const name = text("name");
  if (name !== undefined && name !== ".") problems.push(...listOf(projectNameProblem(name)));
  const request: InitRequest = {
    name,
    template: oneOf("template", TEMPLATES.map((template) => template.name)),
    backend: oneOf("backend", BACKENDS),
    executor: oneOf("executor", EXECUTORS),
    port: readPort(text("port"), problems),
    tailwind: isOn("tailwind"),
    typescript: isOn("typescript"),
    zod: isOn("zod"),
    sdk: isOn("sdk"),
    ssr: isOn("ssr"),
    git: isOn("git"),
    install: isOn("install"),
    overwrite: isOn("overwrite") === true,
    dryRun: isOn("dry-run") === true,
    interactive: isOn("interactive"),
  };
  return problems.length > 0 ? { problems } : { request };
}

function unknown(name: string, value: string, known: readonly string[]): string {
  const nearest = nearestName(value, known);
  return `Cannot use ${JSON.stringify(value)} as the ${name}: there are ${known.join(", ")}${
    nearest === undefined ? "" : `; did you mean "${nearest}"`
  }`;
}

function readPort(value: string | undefined, problems: string[]): number | undefined {
  if (value === undefined) return undefined;
  const port = parseWholeNumber(value);
  if (port !== undefined && port >= 1 && port <= 65535) return port;
  problems.push(
    `Cannot use ${JSON.stringify(value)} as the port: it must be a whole number from 1 to 65535`,
  );
  return undefined;
}

function listOf<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
