/**
 * What the commands `status` and `doctor` look at in the same way: the options, and the generated types.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { absentPart, type Part } from "../doctor/part.ts";
import type { OptionsFacts, TypesFacts } from "../doctor/snapshot.ts";
import { checkConfig } from "../sidecar/config.ts";
import { type Given, layersOf, mergeLayers } from "../sidecar/config_layers.ts";
import { showSource } from "../sidecar/config_problem.ts";
import type { Config } from "../sidecar/config_types.ts";
import type { Invocation } from "./args.ts";
import type { ProgramWorld } from "./program.ts";
import { type CollectedInput, collectInput } from "./read_options.ts";
import { type FoundRunFile, readRunFiles } from "./run_files.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** What `dev` would be run with. */
export interface Looked extends CollectedInput {
  readonly options: OptionsFacts;
  /** What was given, and where; the strongest of each option. */
  readonly given: readonly Given[];
  readonly runFiles: readonly FoundRunFile[];
}

/** Reads the options as `dev` does; what is wrong with them is a finding, and keeps nobody from looking further. */
export async function readOptionsAnyway(run: Run, world: ProgramWorld): Promise<Looked> {
  const request = { command: "dev", flags: run.flags } as const;
  const problems: string[] = [];
  const collected = await collectInput(request, world).catch((error: unknown) => {
    problems.push(error instanceof Error ? error.message : String(error));
    return collectInput({ ...request, withoutFile: true }, world);
  });
  const { input, root } = collected;
  const result = checkConfig(input);
  if (result.kind === "invalid") problems.push(...result.problems.map(({ message }) => message));
  const given = [...mergeLayers(layersOf(input)).values()];
  const path = input.file?.path;
  const text = path === undefined ? undefined : await readFile(path, "utf8").catch(() => undefined);
  return {
    ...collected,
    given,
    runFiles: await readRunFiles(root),
    options: {
      config: result.kind === "valid" && problems.length === 0 ? result.config : undefined,
      problems,
      sources: new Map(given.map((each) => [each.name, sourceOf(each, root)])),
      file: path === undefined || text === undefined
        ? undefined
        : { path: relative(root, path).replaceAll("\\", "/"), text },
    },
  };
}

/** Where an option was given: what a user has to change. */
export function sourceOf({ name, source }: Given, root: string): string {
  return showSource(
    name,
    source.kind === "file" ? { ...source, path: relative(root, source.path) } : source,
  );
}

/** Looks whether what is generated is up to date; who generates nothing loads no generator. */
export async function lookAtTypes(
  config: Config | undefined,
  world: ProgramWorld,
  signal: AbortSignal,
): Promise<Part<TypesFacts>> {
  if (config?.types === undefined) return absentPart("no types are generated (option types)");
  const { planOf, typesTools } = await import("./generate_types.ts");
  const { generateTypes } = await import("../typegen/generate_types.ts");
  const plan = await planOf(config, config.types, world);
  const outcome = await generateTypes({ plan, tools: typesTools(world), isCheck: true, signal });
  const problems = outcome.diagnostics.filter(({ level }) => level === "error")
    .map(({ message }) => message);
  const isRemote = config.app.kind === "backend" || config.app.kind === "command";
  if (outcome.kind === "failed" && isRemote) {
    return absentPart(`what they are made of comes from the backend: ${problems[0] ?? ""}`);
  }
  return {
    kind: "known",
    value: {
      kind: outcome.kind === "written" ? "stale" : outcome.kind,
      output: relative(config.root, plan.output).replaceAll("\\", "/"),
      files: [...outcome.written, ...outcome.removed],
      problems,
    },
  };
}
