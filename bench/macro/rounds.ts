/**
 * Interleaved rounds: A B C A B C …, so that what disturbs the machine disturbs all alike.
 *
 * @module
 */
import type { Load, LoadGenerator } from "./load.ts";
import { processorMs } from "./server_process.ts";
import { median } from "./statistics.ts";

/** How much is measured. */
export interface Plan {
  readonly load: LoadGenerator;
  /** Whether modules are asked for with all that a browser says, or with the little that decides. */
  readonly asBrowser: boolean;
  /** Rounds of each measurement. */
  readonly rounds: number;
  /** Length of one load, in seconds. */
  readonly seconds: number;
  /** Edits of a file for each front. */
  readonly edits: number;
  /** Bytes offered to a reader that stalls, and in the bulk rows. */
  readonly bulkBytes: number;
}

/** Who is asked. */
export interface Contestant {
  readonly name: string;
  readonly url: string;
  /** The process whose time is counted. */
  readonly pid: number;
}

/** What a contestant reached in each round. */
export interface Series {
  readonly loads: readonly Load[];
  readonly rates: readonly number[];
  /** Processor time of a request in microseconds, median. */
  readonly processorUs: number;
}

/** Loads each contestant once to warm it up, and then each in every round. */
export async function runRounds(
  contestants: readonly Contestant[],
  { load, rounds, seconds }: Plan,
  headers: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Series>> {
  const collected = contestants.map((contestant) => ({
    ...contestant,
    loads: [] as Load[],
    costs: [] as number[],
  }));
  for (let round = 0; round <= rounds; round++) {
    for (const { url, pid, loads, costs } of collected) {
      const before = processorMs(pid);
      const result = await load.run({ url, headers, seconds: round === 0 ? 1 : seconds });
      if (round === 0) continue;
      loads.push(result);
      costs.push((processorMs(pid) - before) * 1000 / (result.requestsPerSecond * seconds));
    }
  }
  return new Map(collected.map(({ name, loads, costs }) => [name, {
    loads,
    rates: loads.map(({ requestsPerSecond }) => requestsPerSecond),
    processorUs: median(costs),
  }]));
}

/** The series of a contestant that took part. */
export function seriesOf(all: ReadonlyMap<string, Series>, name: string): Series {
  const series = all.get(name);
  if (series === undefined) throw new Error(`Cannot find the series "${name}": it did not run`);
  return series;
}

/** Case: 34.3k/s, p50 0.42 ms, 19 µs */
export function describeSeries({ rates, loads, processorUs }: Series): string {
  const rate = median(rates);
  const p50 = median(loads.map(({ p50Ms }) => p50Ms));
  const shown = rate >= 1000 ? `${(rate / 1000).toFixed(1)}k/s` : `${rate.toFixed(0)}/s`;
  const cost = Number.isNaN(processorUs) ? "" : `, ${processorUs.toFixed(0)} µs of a core`;
  return `${shown}, p50 ${p50.toFixed(2)} ms${cost}`;
}
