/**
 * The command `doctor`: what is wrong with a project, why, and what to do.
 *
 * @module
 */
import { relative } from "node:path";
import process from "node:process";
import { ALL_CHECKS, STATIC_CHECKS } from "../doctor/checks.ts";
import { collectSnapshot } from "../doctor/collect.ts";
import { type Examination, examine } from "../doctor/examine.ts";
import { mend, type MendResult } from "../doctor/mend.ts";
import type { Snapshot } from "../doctor/snapshot.ts";
import type { Invocation } from "./args.ts";
import { countFindings, renderDoctorJson, renderDoctorReport } from "./doctor_report.ts";
import { renderUsageError } from "./errors.ts";
import { lookAtTypes, type Looked, readOptionsAnyway } from "./look.ts";
import { errorFacts, type ProgramWorld } from "./program.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/**
 * Looks once, and with `--fix` again after mending.
 *
 * @returns The exit code: 0; with `--check` 1 where there are errors; 2 for wrong usage.
 */
export async function runDoctor(run: Run, world: ProgramWorld): Promise<number> {
  if (run.json) world.keepOutputClean();
  const looked = await readOptionsAnyway(run, world);
  if (looked.problem !== undefined) {
    world.err(renderUsageError([looked.problem], run.command, errorFacts(world, false)));
    return 2;
  }
  const snapshot = await takeSnapshot(looked, run, world);
  const first = look(snapshot, run, world);
  const mending = run.own?.["fix"] === true ? await mend(looked.root, first.findings) : undefined;
  const examination = mending?.backup === undefined
    ? first
    : look(await takeSnapshot(await readOptionsAnyway(run, world), run, world), run, world);
  tell({ examination, mending, root: looked.root }, run, world);
  const isCheck = run.own?.["check"] === true;
  return isCheck && countFindings(examination.findings).errors > 0 ? 1 : 0;
}

function look(snapshot: Snapshot, run: Run, world: ProgramWorld): Examination {
  const checks = run.own?.["runtime"] === true ? ALL_CHECKS : STATIC_CHECKS;
  return examine(checks, snapshot, { now: world.now });
}

interface Told {
  readonly examination: Examination;
  readonly mending: MendResult | undefined;
  readonly root: string;
}

function tell({ examination, mending, root }: Told, run: Run, world: ProgramWorld): void {
  const facts = { examination, mending, ms: world.now(), verbose: run.verbose };
  if (run.json) return world.out(`${renderDoctorJson({ ...facts, root })}\n`);
  world.err(renderDoctorReport({ ...facts, root: relative(world.cwd, root) || "." }, world.style));
}

async function takeSnapshot(
  { root, options, runFiles }: Looked,
  run: Run,
  world: ProgramWorld,
): Promise<Snapshot> {
  const { env, platform, runtime, execPath } = world;
  const live = run.own?.["runtime"] === true
    ? (await import("../doctor/collect_live.ts")).collectLive
    : undefined;
  return await collectSnapshot({
    root,
    options,
    environment: env,
    platform,
    runtime: { name: runtime, execPath, version: process.versions[runtime] ?? "" },
    runFiles: runFiles.map(({ path, text, record: { pid } }) => ({ path, text, pid })),
    types: (signal) => lookAtTypes(options.config, world, signal),
    live: live === undefined ? undefined : (signal) =>
      live({
        root,
        config: options.config,
        records: runFiles.map(({ record }) => record),
        signal,
      }),
  });
}
