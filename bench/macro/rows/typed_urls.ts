/**
 * What URLs cost when generated routes run: names to URLs and back, of a table of 1,000 routes.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { runCommand, RUNTIME_TITLES, type RuntimeName, RUNTIMES } from "../server_process.ts";
import { median, summarize } from "../statistics.ts";

const PROGRAM = join(repositoryRoot, "bench", "macro", "typed", "url_program.ts");
const ROUTE_US = 2;
const MATCH_US = 50;

/** Each case on both runtimes. */
export async function measureUrls({ rounds }: Plan): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const runtime of RUNTIMES) rows.push(...await measureOn(runtime, rounds));
  return rows;
}

async function measureOn(runtime: RuntimeName, rounds: number): Promise<readonly Row[]> {
  const [command, ...args] = runCommand(runtime, PROGRAM);
  const { stdout } = await promisify(execFile)(command, [...args, String(rounds)], {
    cwd: repositoryRoot,
  });
  // The program prints this and nothing else.
  const results = JSON.parse(stdout) as { readonly [name: string]: readonly number[] };
  return Object.entries(results).map(([name, us]): Row => ({
    name: `${name}, 1,000 routes, ${RUNTIME_TITLES[runtime]}`,
    target: { kind: "at-most", value: name.startsWith("route()") ? ROUTE_US : MATCH_US },
    measured: summarize(us),
    unit: " µs",
    detail: `of a core; ${Math.round(1_000 / median(us))}k a second`,
  }));
}
