/**
 * A whole `init --no-install` of each template, repository included.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { ok } from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { TEMPLATES } from "../../../cli/templates.ts";
import { repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { runCommand, RUNTIME_TITLES, type RuntimeName, RUNTIMES } from "../server_process.ts";
import { median, summarize } from "../statistics.ts";

const PROGRAM = join(repositoryRoot, "mod.ts");
/** A screen of a terminal that nobody made larger. */
const SCREEN_LINES = 24;

interface Made {
  readonly ms: number;
  /** What was told, in lines. */
  readonly lines: number;
}

async function make(runtime: RuntimeName, template: string): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), "lv-sidecar-bench-init-"));
  const [file, ...args] = runCommand(runtime, PROGRAM);
  const flags = ["init", "app", "--template", template, "--no-install", "--no-interactive"];
  try {
    const start = performance.now();
    const { stderr } = await promisify(execFile)(file, [...args, ...flags], { cwd: folder });
    const ms = performance.now() - start;
    ok((await readFile(join(folder, "app/package.json"), "utf8")).includes('"app"'));
    return { ms, lines: stderr.trimEnd().split("\n").length };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every template on both runtimes; the row shows the slowest. */
export async function measureInit({ rounds }: Plan): Promise<Row[]> {
  const rows: Row[] = [];
  for (const runtime of RUNTIMES) rows.push(...await measureOn(runtime, rounds));
  return rows;
}

async function measureOn(runtime: RuntimeName, rounds: number): Promise<Row[]> {
  const series = new Map<string, Made[]>(TEMPLATES.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [template, made] of series) {
      const one = await make(runtime, template);
      if (round > 0) made.push(one);
    }
  }
  const times = [...series].map(([name, made]) => ({ name, ms: made.map(({ ms }) => ms) }))
    .sort((one, other) => median(other.ms) - median(one.ms));
  const [slowest, fastest] = [times[0], times.at(-1)];
  const lines = Math.max(...[...series.values()].flat().map((made) => made.lines));
  const title = RUNTIME_TITLES[runtime];
  const shown = (one = slowest): string => `${one?.name} ${median(one?.ms ?? []).toFixed(0)} ms`;
  return [
    {
      name: `init --no-install on ${title}, the slowest of ${times.length} templates`,
      target: { kind: "at-most", value: 300 },
      measured: summarize(slowest?.ms ?? []),
      unit: " ms",
      detail: `whole process with git init; ${shown()}, ${shown(fastest)}`,
    },
    {
      name: `what init says on ${title}`,
      target: { kind: "at-most", value: SCREEN_LINES },
      measured: summarize([lines]),
      unit: " lines",
      detail: "the longest of them",
    },
  ];
}
