/**
 * What 2,000 calls of routes cost a compiler.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createProject, type Project, repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { median, ratioOfMedians } from "../statistics.ts";
import {
  functionsProject,
  lookupProject,
  ourProject,
  overloadsProject,
  type ProjectFiles,
} from "../typed/projects.ts";

/** With how many times the rounds: what takes some 30 ms is steady in the median of many. */
const COMPILERS = [
  ["typescript59", "TypeScript 5.9", 1],
  ["typescript7", "TypeScript 7", 5],
] as const;
const FUNCTIONS_RATIO = 1.6;
const OVERLOADS_RATIO = 0.1;
/** One takes the older compiler a minute. */
const OVERLOADS_ROUNDS = 1;

/** Seconds that a compiler says it took to check. Fails where it finds an error. */
async function checkSeconds(compiler: string, { root }: Project): Promise<number> {
  const tsc = join(repositoryRoot, "node_modules", compiler, "bin", "tsc");
  const { stdout } = await promisify(execFile)(
    "node",
    ["--max-old-space-size=8192", tsc, "-p", root, "--extendedDiagnostics"],
    { cwd: root, maxBuffer: 1 << 24 },
  );
  const seconds = Number(/^Check time:\s+([\d.]+)s/m.exec(stdout)?.[1]);
  if (!(seconds > 0)) throw new Error(`Cannot read the time of ${compiler}: ${stdout}`);
  return seconds;
}

interface Comparison {
  readonly name: string;
  readonly ours: ProjectFiles;
  readonly control: ProjectFiles;
  /** At most; `undefined` of what is there to be compared with. */
  readonly target: number | undefined;
  readonly rounds: number;
}

/** Against one function for each route, and against the shape that litestar-vite emits. */
export async function measureCheck({ rounds }: Plan): Promise<readonly Row[]> {
  const comparisons: readonly Comparison[] = [
    {
      name: "2,000 calls at 1,000 routes with {id}, vs one function for each",
      ours: ourProject(1_000, "id"),
      control: functionsProject(1_000, "id"),
      target: FUNCTIONS_RATIO,
      rounds,
    },
    {
      name:
        "2,000 calls at 1,000 routes with {user_id} and 199 other names, vs one function for each",
      ours: ourProject(1_000),
      control: functionsProject(1_000),
      target: FUNCTIONS_RATIO,
      rounds,
    },
    {
      name: "the same calls of the least look-up by name, vs one function for each",
      ours: lookupProject(1_000),
      control: functionsProject(1_000),
      target: undefined,
      rounds,
    },
    {
      name: "2,000 calls at 10,000 routes with {id}, vs litestar-vite's shape at 500",
      ours: ourProject(10_000, "id"),
      control: overloadsProject(500, "id"),
      target: OVERLOADS_RATIO,
      rounds: OVERLOADS_ROUNDS,
    },
    {
      name: "2,000 calls at 10,000 routes with 2,000 names, vs litestar-vite's shape at 500",
      ours: ourProject(10_000),
      control: overloadsProject(500),
      target: OVERLOADS_RATIO,
      rounds: OVERLOADS_ROUNDS,
    },
  ];
  const rows: Row[] = [];
  for (const comparison of comparisons) rows.push(...await compare(comparison));
  return rows;
}

async function compare(comparison: Comparison): Promise<readonly Row[]> {
  const ours = await createProject("check-ours", comparison.ours);
  const control = await createProject("check-control", comparison.control);
  const { target } = comparison;
  const rows: Row[] = [];
  try {
    for (const [compiler, title, times] of COMPILERS) {
      const [ourSeconds, theirSeconds]: [number[], number[]] = [[], []];
      for (let round = 0; round < comparison.rounds * times; round++) {
        ourSeconds.push(await checkSeconds(compiler, ours));
        theirSeconds.push(await checkSeconds(compiler, control));
      }
      rows.push({
        name: `type-check of ${comparison.name}, ${title}`,
        target: target === undefined ? { kind: "none" } : { kind: "at-most", value: target },
        measured: ratioOfMedians(ourSeconds, theirSeconds),
        unit: "×",
        detail: `${median(ourSeconds).toFixed(3)} s; control ${median(theirSeconds).toFixed(3)} s`,
      });
    }
    return rows;
  } finally {
    await ours.remove();
    await control.remove();
  }
}
