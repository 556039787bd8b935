/**
 * The command `generate-types`: types and URLs for the front end.
 *
 * @module
 */
import { relative } from "node:path";
import type { Config } from "../sidecar/config_types.ts";
import { generateTypes, type TypesOutcome, type TypesTools } from "../typegen/generate_types.ts";
import { generateApiTypes } from "../typegen/api_types.ts";
import { type CheckedTypesOptions, outputProblem, type TypesPlan } from "../typegen/options.ts";
import { keepTypes } from "../typegen/keep_types.ts";
import { prepareTypes } from "../typegen/prepare.ts";
import type { Invocation } from "./args.ts";
import { renderUsageError } from "./errors.ts";
import { errorFacts, exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { readOptions } from "./read_options.ts";
import { renderDiagnostics, renderTypesLine, renderTypesReport } from "./types_report.ts";
import { typesProblems, type TypesRequest, typesRequest } from "./types_request.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** The options that mean something here. */
const OPTIONS = ["root", "entry", "backend", "types", "logLevel"] as const;

/** What the commands that read routes start with. */
export interface TypesReading {
  readonly request: TypesRequest;
  readonly config: Config;
  readonly plan: TypesPlan;
}

/**
 * Runs once, or until a signal asks for the end.
 *
 * @returns The exit code: 0, 1 where nothing could be generated or something is not up to date, 2 for wrong usage.
 */
export async function runGenerateTypes(run: Run, world: ProgramWorld): Promise<number> {
  if (run.json) world.keepOutputClean();
  const read = await readTypesRequest(run, world);
  if (read === undefined) return 2;
  const stop = new AbortController();
  const ending = untilSignal(world).then((signal) => {
    stop.abort();
    return exitCodeOf(signal);
  });
  const work = read.request.watch
    ? watch(read, { run, world, signal: stop.signal })
    : once(read, { run, world, signal: stop.signal });
  return await Promise.race([
    ending,
    // What was ended is no failure of the run.
    work.catch((error: unknown) => stop.signal.aborted ? ending : Promise.reject(error)),
  ]);
}

/**
 * Reads flags, environment and file; what is wrong with them is told.
 *
 * @returns `undefined` if they can't be used.
 */
export async function readTypesRequest(
  run: Run,
  world: ProgramWorld,
): Promise<TypesReading | undefined> {
  const request = typesRequest(run.own ?? {}, world.cwd);
  const problems = typesProblems(request);
  if (problems.length > 0) {
    world.err(renderUsageError(problems, run.command, errorFacts(world, false)));
    return undefined;
  }
  const read = await readOptions({ ...run, only: OPTIONS }, world);
  if (read === undefined) return undefined;
  const { config } = read;
  const plan = await planOf(config, { ...config.types, ...request.options }, world);
  const state = run.command === "generate-types"
    ? outputProblem(plan.output, [plan.root, world.cwd], plan.root)
    : undefined;
  if (state === undefined) return { request, config, plan };
  const problem = `Cannot use "${plan.output}" as the output folder: ${state}`;
  world.err(renderUsageError([problem], run.command, errorFacts(world, false)));
  return undefined;
}

/** The plan of a project, with options that may differ from those of its configuration. */
export function planOf(
  { app, root }: Config,
  options: CheckedTypesOptions,
  world: ProgramWorld,
): Promise<TypesPlan> {
  return prepareTypes({
    options,
    root,
    entry: app.kind === "entry" ? app.path : undefined,
    backend: app.kind === "backend" ? app.url : undefined,
    environment: world.env,
  });
}

/** What runs of these commands need of the process. */
export function typesTools({ runtime, execPath, env, cwd }: ProgramWorld): TypesTools {
  return {
    runtime: { name: runtime, execPath },
    environment: env,
    cwd,
    generateApi: generateApiTypes,
  };
}

interface Work {
  readonly run: Run;
  readonly world: ProgramWorld;
  readonly signal: AbortSignal;
}

async function once({ plan, request, config }: TypesReading, work: Work): Promise<number> {
  const { world, signal } = work;
  const tools = typesTools(world);
  const outcome = await generateTypes({ plan, tools, isCheck: request.check, signal });
  tell(outcome, { plan, config, ms: world.now() }, work);
  return outcome.kind === "failed" || outcome.kind === "stale" ? 1 : 0;
}

interface Told {
  readonly plan: TypesPlan;
  readonly config: Config;
  readonly ms: number;
}

function tell(outcome: TypesOutcome, { plan, config, ms }: Told, { run, world }: Work): void {
  const { style, cwd } = world;
  world.err(renderDiagnostics(outcome.diagnostics, errorFacts(world, run.verbose)));
  const folder = relative(cwd, plan.output) || ".";
  const isTold = config.logLevel !== "quiet" || outcome.kind === "stale";
  if (run.json) world.out(`${renderTypesLine(outcome)}\n`);
  else if (isTold) world.err(renderTypesReport({ outcome, folder, ms, style }));
}

/** Until somebody ends it, through any number of failures that a change of a source can mend. */
async function watch({ plan, config }: TypesReading, work: Work): Promise<number> {
  const { world, signal } = work;
  const keeper = keepTypes({
    plan,
    tools: typesTools(world),
    onOutcome: (outcome, ms) => {
      if (outcome.kind !== "same" || outcome.diagnostics.length > 0) {
        tell(outcome, { plan, config, ms }, work);
      }
    },
    log: (line) => world.err(`${line}\n`),
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  await keeper.close();
  return 0;
}
