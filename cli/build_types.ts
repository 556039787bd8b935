/**
 * Types before a build: what is built must not rest on yesterday's routes.
 *
 * @module
 */
import { relative } from "node:path";
import type { Config } from "../sidecar/config_types.ts";
import { generateTypes } from "../typegen/generate_types.ts";
import type { Invocation } from "./args.ts";
import { planOf, typesTools } from "./generate_types.ts";
import { errorFacts, type ProgramWorld } from "./program.ts";
import { renderDiagnostics, renderTypesReport } from "./types_report.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/**
 * Generates, if the options say so.
 *
 * @returns Whether the build may go on.
 */
export async function generateForBuild(
  config: Config,
  { verbose }: Run,
  world: ProgramWorld,
  signal: AbortSignal,
): Promise<boolean> {
  if (config.types === undefined) return true;
  const plan = await planOf(config, config.types, world);
  const startedMs = world.now();
  const outcome = await generateTypes({ plan, tools: typesTools(world), signal });
  const mayGoOn = outcome.kind !== "failed" || !plan.failOnError;
  const told = outcome.diagnostics.map((each) =>
    each.level !== "error" ? each : mayGoOn ? { ...each, level: "warning" as const } : {
      ...each,
      hint: `${each.hint ?? "mend the source"}; or build with the files that are there, with the ` +
        "variable SIDECAR_TYPES=false",
    }
  );
  world.err(renderDiagnostics(told, errorFacts(world, verbose)));
  if (outcome.kind === "written" && config.logLevel !== "quiet") {
    const folder = relative(world.cwd, plan.output);
    const { style } = world;
    world.err(renderTypesReport({ outcome, folder, ms: world.now() - startedMs, style }));
  }
  return mayGoOn;
}
