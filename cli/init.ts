/**
 * The command `init`: from nothing to a project that runs.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isInRange } from "../doctor/version_range.ts";
import type { Executor } from "../sidecar/config_types.ts";
import type { Invocation } from "./args.ts";
import { renderError, renderUsageError } from "./errors.ts";
import { renderDryRun, renderInitReport } from "./init_report.ts";
import { type InitRequest, readInitRequest } from "./init_request.ts";
import { installProblem, PATIENCE } from "./package_manager.ts";
import { errorFacts, exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { proposeName } from "./project_name.ts";
import { checkFolder, writeProject } from "./project_writer.ts";
import { isOnPath, runStep, type StepResult } from "./run_step.ts";
import { findTemplate, type Project, scaffold, ScaffoldError } from "./scaffold.ts";
import { type InstallStep, installSteps } from "./scaffold_words.ts";
import { sidecarSourceOf } from "./sidecar_source.ts";
import type { Answers, Backend, Template } from "./template.ts";

type Run = Extract<Invocation, { kind: "run" }>;

const DEFAULTS = { name: "my-app", template: "react", port: 8000 } as const;

/**
 * Makes a project: asks for what nobody said, writes all of it or nothing, installs its packages.
 *
 * @returns The exit code: 0, 1 where it can't be made or its packages can't be had, 2 for wrong usage, 130 after Ctrl-C.
 */
export async function runInit(run: Run, world: ProgramWorld): Promise<number> {
  const read = readInitRequest(run.own);
  if ("problems" in read) {
    world.err(renderUsageError(read.problems, run.command, errorFacts(world, false)));
    return 2;
  }
  const asked = await completeRequest(read.request, world);
  if (asked === undefined) return 130;
  const job = await prepare(asked, isQuiet(run), world);
  if (job === undefined) return 2;
  const stop = new AbortController();
  const ending = untilSignal(world).then((signal) => {
    stop.abort();
    return exitCodeOf(signal);
  });
  try {
    return await make(job, world, stop.signal);
  } catch (error) {
    // Whatever was written is taken back by now.
    if (stop.signal.aborted) return await ending;
    throw error;
  }
}

/** What is to be made, and where. */
interface Job {
  readonly request: InitRequest;
  readonly answers: Answers;
  readonly project: Project;
  /** Absolute. */
  readonly folder: string;
  /** As it is typed. */
  readonly shown: string;
  /** Whether problems alone are told. */
  readonly quiet: boolean;
}

function isQuiet({ flags }: Run): boolean {
  return flags.some(({ option, value }) => option === "logLevel" && value === "quiet");
}

/** @returns `undefined` if whoever was asked went away. */
async function completeRequest(
  request: InitRequest,
  { env, runtime }: ProgramWorld,
): Promise<InitRequest | undefined> {
  const isOpen = request.name === undefined || request.template === undefined;
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const wanted = request.interactive ?? (isTerminal && (env["CI"] ?? "") === "");
  if (!isOpen || !wanted || !isTerminal) return request;
  const { askForRequest } = await import("./init_prompts.ts");
  return await askForRequest(request, {
    name: DEFAULTS.name,
    template: DEFAULTS.template,
    backend: runtime,
  });
}

/** @returns `undefined` where it can't be made of what was asked, which is told. */
async function prepare(
  request: InitRequest,
  quiet: boolean,
  world: ProgramWorld,
): Promise<Job | undefined> {
  const { name = DEFAULTS.name } = request;
  const folder = name === "." ? world.cwd : join(world.cwd, name);
  try {
    const answers = await answersOf(request, folder, world);
    const project = scaffold(answers);
    return { request, answers, project, folder, shown: name, quiet };
  } catch (error) {
    if (!(error instanceof ScaffoldError)) throw error;
    world.err(renderUsageError(error.message.split("\n"), "init", errorFacts(world, false)));
    return undefined;
  }
}

async function answersOf(
  request: InitRequest,
  folder: string,
  { runtime, version, env }: ProgramWorld,
): Promise<Answers> {
  const { name = DEFAULTS.name, template = DEFAULTS.template, backend = runtime } = request;
  const executor = await executorOf(request.executor, findTemplate(template), { env, runtime });
  return {
    name: name === "." ? proposeName(basename(folder)) ?? DEFAULTS.name : name,
    template,
    backend,
    runtime: runtimeOf(backend, executor, runtime),
    executor,
    port: request.port ?? DEFAULTS.port,
    typescript: request.typescript ?? true,
    tailwind: request.tailwind ?? false,
    zod: request.zod ?? false,
    sdk: request.sdk ?? false,
    ssr: request.ssr ?? false,
    sidecar: sidecarSourceOf(new URL("../mod.ts", import.meta.url).href, version, fileURLToPath),
  };
}

/**
 * What runs Vite: what was named, else Node if it is there and new enough.
 *
 * @throws {ScaffoldError} If the Node that was named is too old for the template.
 */
async function executorOf(
  named: Executor | undefined,
  { name, node }: Template,
  { env, runtime }: Pick<ProgramWorld, "env" | "runtime">,
): Promise<Executor> {
  if (named === undefined && !await isOnPath("node", env)) return runtime;
  const executor = named ?? "node";
  if (executor !== "node" || node === undefined) return executor;
  const version = await nodeVersion(env);
  if (version === undefined || isInRange(node, version)) return executor;
  if (named === undefined) return runtime;
  throw new ScaffoldError(
    `Cannot use "node" as the executor: the template "${name}" wants Node ${node}, this is ${version}; ` +
      "update Node, or use --executor bun or deno",
  );
}

async function nodeVersion(env: ProgramWorld["env"]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("node", ["--version"], { env: { ...env } });
    return stdout.trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}

/** What runs the server: its own runtime, or for a backend that runs on any the one that was named. */
function runtimeOf(
  backend: Backend,
  executor: Executor,
  current: "deno" | "bun",
): "deno" | "bun" {
  if (backend === "deno" || backend === "bun") return backend;
  return executor === "node" ? current : executor;
}

async function make(job: Job, world: ProgramWorld, signal: AbortSignal): Promise<number> {
  const { request, answers, project, folder, shown, quiet } = job;
  if (request.dryRun) {
    await checkFolder(folder, project, request.overwrite);
    world.err(renderDryRun(project, shown, world.style));
    return 0;
  }
  await writeProject(folder, project, { overwrite: request.overwrite, signal });
  if (request.git !== false) await startRepository(folder, world, signal);
  const steps = installSteps(answers);
  const left = request.install === false ? steps : await install(steps, job, world, signal);
  signal.throwIfAborted();
  if (quiet && left.length === 0) return 0;
  world.err(
    renderInitReport({
      answers,
      template: findTemplate(answers.template),
      folder: shown,
      files: project.size,
      steps: left,
    }, world.style),
  );
  return request.install !== false && left.length > 0 ? 1 : 0;
}

/** Begins a repository, unless the folder lies in one; a machine without Git is none the worse for it. */
async function startRepository(
  folder: string,
  { env }: ProgramWorld,
  signal: AbortSignal,
): Promise<void> {
  if (await isInRepository(folder)) return;
  await runStep(["git", "init", "--quiet"], { cwd: folder, env, signal, isShown: false });
}

/** A file counts as well: it is how Git marks a worktree. */
async function isInRepository(folder: string): Promise<boolean> {
  if (await stat(join(folder, ".git")).then(() => true, () => false)) return true;
  const parent = dirname(folder);
  return parent === folder ? false : await isInRepository(parent);
}

/** @returns The steps that are left: of a step that failed it and those behind it, which is told. */
async function install(
  steps: readonly InstallStep[],
  { folder, quiet }: Job,
  world: ProgramWorld,
  signal: AbortSignal,
): Promise<readonly InstallStep[]> {
  for (const [index, step] of steps.entries()) {
    const results = ["node_modules", ".venv"].map((name) => join(folder, name));
    const isNew = await Promise.all(
      results.map((path) => stat(path).then(() => false, () => true)),
    );
    const result = await waitFor(step, { folder, quiet }, world, signal);
    if (result.kind === "done" && !signal.aborted) continue;
    // Half a folder of packages looks like a whole one.
    for (const path of results.filter((_, place) => isNew[place])) {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    }
    if (!signal.aborted) tellFailure(step, result, world);
    return steps.slice(index);
  }
  return [];
}

async function waitFor(
  { title, argv }: InstallStep,
  { folder: cwd, quiet }: Pick<Job, "folder" | "quiet">,
  { env, err, style }: ProgramWorld,
  signal: AbortSignal,
): Promise<StepResult> {
  const options = { cwd, env: { ...PATIENCE, ...env }, signal, isShown: false };
  if (quiet || process.stderr.isTTY !== true) {
    if (!quiet) err(`${title}\n`);
    return await runStep(argv, options);
  }
  const { spinner } = await import("@clack/prompts");
  const turning = spinner({ output: process.stderr });
  turning.start(title);
  const result = await runStep(argv, options);
  if (result.kind === "done") turning.stop(`${title} ${style.dim("done")}`);
  else turning.error(title);
  return result;
}

function tellFailure({ argv }: InstallStep, result: StepResult, world: ProgramWorld): void {
  const [program = ""] = argv;
  const problem = result.kind === "missing"
    ? {
      message: `Cannot run "${argv.join(" ")}": there is no ${program} on this machine`,
      cause: "",
    }
    : installProblem(argv, result.kind === "failed" ? result.output : "");
  const hint = "the project is written; what is left to do stands below";
  if (problem.cause !== "") world.err(`${problem.cause}\n`);
  world.err(renderError({ message: problem.message, hint }, errorFacts(world, false)));
}
