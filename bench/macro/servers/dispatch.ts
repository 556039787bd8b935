/**
 * Finds one of 200 routes and answers, in this process: the route table, and Hono with the same routes.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { Hono } from "hono";
import { defineRoutes, type RouteMap } from "../../../routes/mod.ts";
import { median } from "../statistics.ts";
import { announce } from "./control.ts";

type Fetch = (request: Request) => Response | Promise<Response>;

const RESOURCES = Array.from({ length: 40 }, (_, index) => `resource${index}`);

/** Five of each resource: 200. */
const ROUTES = RESOURCES.flatMap((name) =>
  ([
    ["GET", `/${name}`, []],
    ["POST", `/${name}`, []],
    ["GET", `/${name}/{id:int}`, ["id"]],
    ["PUT", `/${name}/{id:int}`, ["id"]],
    ["GET", `/${name}/{id:int}/history/{revision}`, ["id", "revision"]],
  ] as const).map(([method, path, places], index) => ({
    name: `${name}.${index}`,
    method,
    path,
    places,
  }))
);

function tableFetch(): Fetch {
  const entries: RouteMap = Object.fromEntries(
    ROUTES.map(({ name, method, path }) => [name, { method, path }] as const),
  );
  const handlers = Object.fromEntries(ROUTES.map(({ name, places }) => [
    name,
    ({ params }: { params: Readonly<Record<string, unknown>> }) =>
      Response.json({ name, values: places.map((place) => Number(params[place])) }),
  ]));
  return defineRoutes(entries).serve(handlers).fetch;
}

function honoFetch(): Fetch {
  const app = new Hono();
  for (const { name, method, path, places } of ROUTES) {
    app.on(
      method,
      path.replace(/\{(\w+)(?::\w+)?\}/g, ":$1"),
      (context) =>
        Response.json({ name, values: places.map((place) => Number(context.req.param(place))) }),
    );
  }
  return (request) => app.fetch(request);
}

const REQUESTS = RESOURCES.flatMap((name, index) =>
  ([
    ["GET", `/${name}?page=${index}`],
    ["POST", `/${name}`],
    ["GET", `/${name}/${index}`],
    ["PUT", `/${name}/${index * 1_000}`],
    ["GET", `/${name}/${index}/history/7`],
  ] as const).map(([method, path]) => new Request(`http://127.0.0.1:8000${path}`, { method }))
);

const contestants = { ours: tableFetch(), hono: honoFetch() };

for (const request of REQUESTS) {
  const [ours, hono] = await Promise.all(
    Object.values(contestants).map(async (fetch) => {
      const response = await fetch(request);
      return { status: response.status, body: await response.json() };
    }),
  );
  deepEqual(ours, hono);
}

const PASSES = 200;

/** Nanoseconds for one request of a pass through all. */
async function timePass(fetch: Fetch): Promise<number> {
  const begun = performance.now();
  for (const request of REQUESTS) {
    const answer = fetch(request);
    if (answer instanceof Promise) await answer;
  }
  return (performance.now() - begun) * 1e6 / REQUESTS.length;
}

/** Passes in turns, each a fraction of a millisecond: whatever else runs on the machine hits single ones, not a side. */
async function timeBoth(): Promise<{ readonly ours: number; readonly hono: number }> {
  const ours: number[] = [];
  const hono: number[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    ours.push(await timePass(contestants.ours));
    hono.push(await timePass(contestants.hono));
  }
  return { ours: median(ours), hono: median(hono) };
}

// Compiled before anything counts.
await timeBoth();

announce(0, { round: timeBoth });
