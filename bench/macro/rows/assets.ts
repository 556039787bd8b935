/**
 * Built files from the port, against bare listeners and nginx.
 *
 * @module
 */
import { truncate } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { createProject, type Project } from "../../../tests/_support/project.ts";
import { assertEqualAnswers } from "../answers.ts";
import { watchGrowth } from "../memory.ts";
import { type Nginx, startNginx } from "../nginx.ts";
import { describeSeries, type Plan, runRounds, type Series, seriesOf } from "../rounds.ts";
import type { Row } from "../row.ts";
import {
  RUNTIME_TITLES,
  type RuntimeName,
  RUNTIMES,
  type ServerProcess,
  startServer,
} from "../server_process.ts";
import { ratioOfMedians, summarize } from "../statistics.ts";

const FILE = "assets/index-BxC_12a4.js";
const VIDEO = "assets/video-D1b2Zk9q.mp4";
const MIB = 1024 * 1024;
const VIDEO_BYTES = 100 * 1024 * 1024;
const READERS = 10;
/** What a browser says of a script, without what would get it a coding that the controls do not have. */
const HEADERS = { accept: "*/*", "sec-fetch-dest": "script" } as const;
const NGINX_TARGETS: Readonly<Record<RuntimeName, number>> = { deno: 0.65, bun: 1 };

function createBuild(): Promise<Project> {
  const manifest = { "src/main.ts": { file: FILE, src: "src/main.ts", isEntry: true } };
  return createProject("built", {
    "package.json": "{}",
    "dist/.vite/manifest.json": JSON.stringify(manifest),
    [`dist/${FILE}`]: "export {};".padEnd(1024, "\n"),
    [`dist/${VIDEO}`]: "",
  });
}

function startFront(runtime: RuntimeName, { root }: Project): Promise<ServerProcess> {
  return startServer(runtime, "front", { root, dev: false, assetUrl: "/static/" });
}

/** A listener that answers with just what the front answers. */
async function startBare(
  runtime: RuntimeName,
  front: ServerProcess,
  path: string,
): Promise<ServerProcess> {
  const response = await fetch(`${front.origin}/static/${FILE}`, { headers: HEADERS });
  await response.body?.cancel();
  const headers = Object.fromEntries(response.headers);
  for (const name of ["date", "content-length", "connection"]) delete headers[name];
  return await startServer(runtime, `bare_asset_${runtime}`, { path, headers });
}

interface Pair {
  readonly front: ServerProcess;
  readonly bare: ServerProcess;
}

async function startPair(runtime: RuntimeName, project: Project): Promise<Pair> {
  const front = await startFront(runtime, project);
  const bare = await startBare(runtime, front, join(project.root, "dist", FILE));
  await assertEqualAnswers([front, bare].map(({ origin }) => `${origin}/static/${FILE}`), HEADERS);
  return { front, bare };
}

function row(
  runtime: RuntimeName,
  control: string,
  target: number,
  series: readonly [Series, Series],
): Row {
  const [ours, theirs] = series;
  return {
    name: `1 KiB hashed asset from ${RUNTIME_TITLES[runtime]}, vs ${control}`,
    target: { kind: "at-least", value: target },
    measured: ratioOfMedians(ours.rates, theirs.rates),
    unit: "×",
    detail: `${describeSeries(ours)}; control ${describeSeries(theirs)}`,
  };
}

/** A small file whose name tells its content. */
export async function measureAsset(plan: Plan): Promise<Row[]> {
  const project = await createBuild();
  const pairs = { deno: await startPair("deno", project), bun: await startPair("bun", project) };
  const nginx = await startNginx(join(project.root, "dist"));
  try {
    const contestants = RUNTIMES.flatMap((runtime) => {
      const { front, bare } = pairs[runtime];
      return [
        { name: `front ${runtime}`, url: `${front.origin}/static/${FILE}`, pid: front.pid },
        { name: `bare ${runtime}`, url: `${bare.origin}/static/${FILE}`, pid: bare.pid },
      ];
    });
    if (nginx === undefined) console.error("nginx is not installed: its rows are missing");
    else contestants.push({ name: "nginx", url: `${nginx.origin}/${FILE}`, pid: nginx.pid });
    const all = await runRounds(contestants, plan, HEADERS);
    return RUNTIMES.flatMap((runtime) => {
      const front = seriesOf(all, `front ${runtime}`);
      const bare = seriesOf(all, `bare ${runtime}`);
      const rows = [row(runtime, `the bare ${RUNTIME_TITLES[runtime]}.serve`, 0.85, [front, bare])];
      if (nginx === undefined) return rows;
      return [
        ...rows,
        row(runtime, "nginx", NGINX_TARGETS[runtime], [front, seriesOf(all, "nginx")]),
      ];
    });
  } finally {
    await stopAll([...RUNTIMES.flatMap((runtime) => Object.values(pairs[runtime])), nginx]);
    await project.remove();
  }
}

async function stopAll(servers: readonly (ServerProcess | Nginx | undefined)[]): Promise<void> {
  await Promise.all(servers.map((server) => server?.stop()));
}

/** Large files to several readers, one of which stops to read. */
export async function measureReaders(_: Plan): Promise<Row[]> {
  const project = await createBuild();
  await truncate(join(project.root, "dist", VIDEO), VIDEO_BYTES);
  const rows: Row[] = [];
  for (const runtime of RUNTIMES) {
    const front = await startFront(runtime, project);
    const url = `${front.origin}/static/${VIDEO}`;
    const { growth, result } = await watchGrowth(front, () => readMany(url));
    await front.stop();
    rows.push({
      name: `growth with ${READERS} readers of large files, one of them stalled, ${
        RUNTIME_TITLES[runtime]
      }`,
      target: { kind: "at-most", value: 64 },
      measured: summarize([growth / MIB]),
      unit: " MiB",
      detail: `${(result / MIB).toFixed(0)} MiB read`,
    });
  }
  await project.remove();
  return rows;
}

async function readMany(url: string): Promise<number> {
  const stalled = request(url, (response) => response.pause()).end();
  // It ends by being destroyed.
  stalled.on("error", () => {});
  const read = await Promise.all(
    Array.from({ length: READERS - 1 }, async () => await readFile(url) + await readFile(url)),
  );
  stalled.destroy();
  return read.reduce((sum, bytes) => sum + bytes, 0);
}

function readFile(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(url, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Uint8Array) => bytes += chunk.length);
      response.on("error", reject);
      response.on(
        "end",
        () =>
          bytes === VIDEO_BYTES
            ? resolve(bytes)
            : reject(new Error(`Cannot measure: ${bytes} came`)),
      );
    });
    asked.on("error", reject).end();
  });
}
