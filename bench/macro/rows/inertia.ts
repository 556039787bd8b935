/**
 * Visits of Inertia's client: a page of 10 KB against the shortest program and a peer, and a large one against its own
 * JSON.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { VISIT_HEADERS, VISIT_PATH } from "../../micro/inertia_props.ts";
import { assertEqualAnswers, getAnswer } from "../answers.ts";
import { describeSeries, type Plan, runRounds, seriesOf } from "../rounds.ts";
import type { Row } from "../row.ts";
import {
  RUNTIME_TITLES,
  type RuntimeName,
  RUNTIMES,
  type ServerProcess,
  startServer,
} from "../server_process.ts";
import { median, ratioOfMedians } from "../statistics.ts";

const KINDS = ["ours", "control", "hono"] as const;

type Servers = Readonly<Record<(typeof KINDS)[number], ServerProcess>>;

async function startServers(runtime: RuntimeName): Promise<Servers> {
  const [ours, control, hono] = await Promise.all(
    KINDS.map((kind) => startServer(runtime, "inertia_visit", { kind })),
  );
  // As many as there are kinds.
  return { ours, control, hono } as Servers;
}

const visitUrl = ({ origin }: ServerProcess): string => origin + VISIT_PATH;

/** Ours and the control agree to the byte; the peer on what the page says. It knows no errors and no shared props. */
async function assertEqualPages({ ours, control, hono }: Servers): Promise<void> {
  await assertEqualAnswers([ours, control].map(visitUrl), VISIT_HEADERS);
  const [own, peer] = await Promise.all([ours, hono].map(async (server) => {
    const { text } = await getAnswer(visitUrl(server), VISIT_HEADERS);
    const { component, props: { errors: _, ...props }, url, version } = JSON.parse(text);
    return { component, props, url, version };
  }));
  deepEqual(peer, own);
}

function visitRows(runtime: RuntimeName, all: Awaited<ReturnType<typeof runRounds>>): Row[] {
  const [ours, control, hono] = KINDS.map((kind) => seriesOf(all, `${kind} ${runtime}`));
  const rivals = [
    { name: "new Response(JSON.stringify(page))", series: control, value: 0.8 },
    { name: "@hono/inertia", series: hono, value: 1.2 },
  ];
  return rivals.flatMap(({ name, series, value }) =>
    ours === undefined || series === undefined ? [] : [{
      name: `visit with 20 props, 10 KB, on ${RUNTIME_TITLES[runtime]}, vs ${name}`,
      target: { kind: "at-least" as const, value },
      measured: ratioOfMedians(ours.rates, series.rates),
      unit: "×",
      detail: `${describeSeries(ours)}; control ${describeSeries(series)}`,
    }]
  );
}

async function measureLarge(
  runtime: RuntimeName,
  server: ServerProcess,
  rounds: number,
): Promise<Row> {
  const visits: number[] = [];
  const controls: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    // Our own server's words: two numbers.
    const [visit, control] = JSON.parse(await server.ask("large")) as [number, number];
    // The first one warms up.
    if (round === 0) continue;
    visits.push(visit);
    controls.push(control);
  }
  return {
    name: `visit with 2,000 nested props, 50 deferred, on ${
      RUNTIME_TITLES[runtime]
    }, vs JSON.stringify of what is sent`,
    target: { kind: "at-most", value: 3 },
    measured: ratioOfMedians(visits, controls),
    unit: "×",
    detail: `${median(visits).toFixed(0)} µs; control ${median(controls).toFixed(0)} µs`,
  };
}

/** Visits of the client. */
export async function measureInertia(plan: Plan): Promise<Row[]> {
  const servers = { deno: await startServers("deno"), bun: await startServers("bun") };
  try {
    for (const runtime of RUNTIMES) await assertEqualPages(servers[runtime]);
    const contestants = RUNTIMES.flatMap((runtime) =>
      KINDS.map((kind) => {
        const server = servers[runtime][kind];
        return { name: `${kind} ${runtime}`, url: visitUrl(server), pid: server.pid };
      })
    );
    const all = await runRounds(contestants, plan, VISIT_HEADERS);
    const rows: Row[] = [];
    for (const runtime of RUNTIMES) {
      const large = await measureLarge(runtime, servers[runtime].ours, plan.rounds);
      rows.push(...visitRows(runtime, all), large);
    }
    return rows;
  } finally {
    await Promise.all(
      RUNTIMES.flatMap((name) => Object.values(servers[name])).map((s) => s.stop()),
    );
  }
}
