/**
 * Pages that another process renders: what a visit's own client costs beside asking directly, and what it saves.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import {
  RUNTIME_TITLES,
  type RuntimeName,
  RUNTIMES,
  type ServerProcess,
  startServer,
} from "../server_process.ts";
import { median, ratioOfMedians } from "../statistics.ts";

const CLIENTS = ["pooled", "direct", "fresh", "visit"] as const;

type Rates = Readonly<Record<(typeof CLIENTS)[number], number[]>>;

/** Each gets the same markup. */
async function assertEqualPages(client: ServerProcess): Promise<void> {
  const pages: string[] = [];
  // One after another: answers come without names. They are our own program's words: the text of a page.
  for (const name of CLIENTS) pages.push(JSON.parse(await client.ask(`${name} once`)) as string);
  const [, body = ""] = pages;
  for (const page of pages) ok(body.length > 500 && page.includes(body), page);
}

async function measure(client: ServerProcess, rounds: number): Promise<Rates> {
  const rates: Rates = { pooled: [], direct: [], fresh: [], visit: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const name of CLIENTS) {
      const rate = Number(await client.ask(name));
      // The first one warms up.
      if (round > 0) rates[name].push(rate);
    }
  }
  return rates;
}

function rowsOf(runtime: RuntimeName, { pooled, direct, fresh, visit }: Rates): Row[] {
  const on = `16 at once, on ${RUNTIME_TITLES[runtime]}`;
  const figures = (rates: readonly number[]): string => `${(median(rates) / 1000).toFixed(2)}k/s`;
  const row = (name: string, [ours, theirs]: readonly number[][], value?: number): Row => ({
    name,
    target: value === undefined ? { kind: "none" } : { kind: "at-least", value },
    measured: ratioOfMedians(ours ?? [], theirs ?? []),
    unit: "×",
    detail: `${figures(ours ?? [])}; control ${figures(theirs ?? [])}`,
  });
  const name = `page of 20 entries rendered by an SSR server, ${on}`;
  return [
    row(`${name}, vs fetch with kept connections`, [pooled, direct], 0.85),
    row(`${name}, vs fetch with a new connection for each`, [pooled, fresh], 1.3),
    row(`whole visit with such a page, ${on}, vs fetch with kept connections`, [visit, direct]),
  ];
}

/** Pages of an SSR server. */
export async function measureSsr({ rounds, seconds }: Plan): Promise<Row[]> {
  const server = await startServer("bun", "ssr_server");
  const rows: Row[] = [];
  try {
    for (const runtime of RUNTIMES) {
      const client = await startServer(runtime, "ssr_client", { origin: server.origin, seconds });
      try {
        await assertEqualPages(client);
        rows.push(...rowsOf(runtime, await measure(client, rounds)));
      } finally {
        await client.stop();
      }
    }
  } finally {
    await server.stop();
  }
  return rows;
}
