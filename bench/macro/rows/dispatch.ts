/**
 * From a request to its handler and back: the route table against Hono, 200 routes, in one process.
 *
 * @module
 */
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { RUNTIME_TITLES, type RuntimeName, RUNTIMES, startServer } from "../server_process.ts";
import { median, ratioOfMedians } from "../statistics.ts";

/** What one round took, in nanoseconds for a request. */
interface Round {
  readonly ours: number;
  readonly hono: number;
}

/** Rounds in turns, on each runtime. */
export async function measureDispatch({ rounds }: Plan): Promise<Row[]> {
  const rows: Row[] = [];
  for (const runtime of RUNTIMES) rows.push(await dispatchRow(runtime, rounds));
  return rows;
}

async function dispatchRow(runtime: RuntimeName, count: number): Promise<Row> {
  const server = await startServer(runtime, "dispatch");
  try {
    const rounds: Round[] = [];
    for (let round = 0; round < count; round++) {
      rounds.push(JSON.parse(await server.ask("round")) as Round); // what servers/dispatch.ts prints
    }
    const ours = rounds.map((round) => round.ours);
    const hono = rounds.map((round) => round.hono);
    return {
      name: `dispatch among 200 routes on ${RUNTIME_TITLES[runtime]}, vs Hono`,
      target: { kind: "at-most", value: 1 },
      measured: ratioOfMedians(ours, hono),
      unit: "×",
      detail: `${median(ours).toFixed(0)} ns; Hono ${median(hono).toFixed(0)} ns`,
    };
  } finally {
    await server.stop();
  }
}
