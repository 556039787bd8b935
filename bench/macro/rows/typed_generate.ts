/**
 * `generate()` against parsing and printing its input, which nobody who reads JSON can avoid.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import process from "node:process";
import { generate } from "../../../codegen/mod.ts";
import type { GenerateInput } from "../../../codegen/mod.ts";
import { litestarTable, openapiTable } from "../../../tests/codegen/_support/tables.ts";
import type { Row } from "../row.ts";
import type { Plan } from "../rounds.ts";
import { median, ratioOfMedians, summarize } from "../statistics.ts";

interface Contest {
  readonly count: number;
  readonly kind: string;
  readonly text: string;
  readonly input: GenerateInput;
  readonly ours: number[];
  readonly json: number[];
}

const LIMITS_MS: ReadonlyMap<number, number> = new Map([[1_000, 30], [10_000, 250]]);
const JSON_RATIO = 4;

function contest(count: number, kind: string, text: string, input: GenerateInput): Contest {
  return { count, kind, text, input, ours: [], json: [] };
}

function createContests(): readonly Contest[] {
  return [...LIMITS_MS.keys()].flatMap((count) => {
    const [routes, openapi] = [litestarTable(count), openapiTable(count)];
    return [
      contest(count, "a routes.json", routes, { routes }),
      contest(count, "an OpenAPI document", openapi, { openapi }),
    ];
  });
}

/** Of a core: helpers of the collector are in it, and what else the machine does is not. */
function timed(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Several times in a round, since a collector runs when it likes. */
function roundOf({ count, text, input, ours, json }: Contest, isKept: boolean): void {
  const times = Math.max(5, 20_000 / count);
  const [generated, printed]: [number[], number[]] = [[], []];
  for (let time = 0; time < times; time++) {
    generated.push(timed(() => generate(input)));
    printed.push(timed(() => JSON.stringify(JSON.parse(text))));
  }
  if (!isKept) return;
  ours.push(median(generated));
  json.push(median(printed));
}

/** Both inputs, of 1,000 and of 10,000 routes. */
export function measureGenerate({ rounds }: Plan): readonly Row[] {
  const contests = createContests();
  for (const { input } of contests) equal(generate(input).diagnostics.length, 0);
  // One after the other, so that none pays for what another leaves to the collector.
  for (const each of contests) {
    for (let round = -3; round < rounds; round++) roundOf(each, round >= 0);
  }
  return contests.flatMap(rowsOf);
}

function rowsOf({ count, kind, text, ours, json }: Contest): readonly Row[] {
  const name = `generate() of ${count.toLocaleString("en")} routes, ${kind}`;
  const size = `${(text.length / 1024).toFixed(0)} KiB`;
  const control = `${median(json).toFixed(2)} ms`;
  return [
    {
      name,
      target: { kind: "at-most", value: LIMITS_MS.get(count) ?? NaN },
      measured: summarize(ours),
      unit: " ms",
      detail: `${size}, ${(median(ours) * 1_000 / count).toFixed(1)} µs a route, of a core`,
    },
    {
      name: `${name}, vs JSON.parse and JSON.stringify of it`,
      target: { kind: "at-most", value: JSON_RATIO },
      measured: ratioOfMedians(ours, json),
      unit: "×",
      detail: `${median(ours).toFixed(1)} ms; control ${control}`,
    },
  ];
}
