/**
 * Rates through the port against their controls.
 *
 * @module
 */
import { copyExample } from "../../../tests/_support/project.ts";
import { assertEqualAnswers, getAnswer } from "../answers.ts";
import {
  type Contestant,
  describeSeries,
  type Plan,
  runRounds,
  type Series,
  seriesOf,
} from "../rounds.ts";
import { BROWSER_FIELDS } from "../../micro/messages.ts";
import type { Row, Target } from "../row.ts";
import {
  RUNTIME_TITLES,
  type RuntimeName,
  RUNTIMES,
  type ServerProcess,
  startServer,
} from "../server_process.ts";
import { ratioOfMedians } from "../statistics.ts";
import { type RunningVite, startVite } from "../vite.ts";

/** What a browser says of a module, as far as anybody decides by it. */
const MODULE_HEADERS: Readonly<Record<string, string>> = {
  accept: "*/*",
  "sec-fetch-dest": "script",
};

/** The generator adds `Host` and keeps its connections; an origin would be another for each contestant. */
const NOT_SENT = new Set(["host", "connection", "origin"]);

function moduleHeaders({ asBrowser }: Plan): Readonly<Record<string, string>> {
  if (!asBrowser) return MODULE_HEADERS;
  return Object.fromEntries(BROWSER_FIELDS.filter(([name]) => !NOT_SENT.has(name)));
}

/** Vite, and on each runtime a front of it and the shortest proxy. */
interface Stage {
  readonly vite: RunningVite;
  readonly fronts: Readonly<Record<RuntimeName, ServerProcess>>;
  readonly proxies: Readonly<Record<RuntimeName, ServerProcess>>;
}

async function onBoth(
  start: (runtime: RuntimeName) => Promise<ServerProcess>,
): Promise<Record<RuntimeName, ServerProcess>> {
  const [deno, bun] = await Promise.all([start("deno"), start("bun")]);
  return { deno, bun };
}

async function withStage<T>(use: (stage: Stage) => Promise<T>): Promise<T> {
  const project = await copyExample("react-spa");
  const vite = await startVite(project.root);
  const fronts = await onBoth((runtime) =>
    startServer(runtime, "front", { root: project.root, viteUrl: vite.origin })
  );
  const proxies = await onBoth((runtime) =>
    startServer(runtime, `fetch_proxy_${runtime}`, { origin: vite.origin })
  );
  try {
    return await use({ vite, fronts, proxies });
  } finally {
    const servers = [...Object.values(fronts), ...Object.values(proxies), vite];
    await Promise.all(servers.map((server) => server.stop()));
    await project.remove();
  }
}

function contestant(name: string, server: ServerProcess | RunningVite, path: string): Contestant {
  return { name, url: server.origin + path, pid: server.pid };
}

function rateRow(
  name: string,
  target: Target,
  [series, control]: readonly [Series, Series],
): Row {
  return {
    name,
    target,
    measured: ratioOfMedians(series.rates, control.rates),
    unit: "×",
    detail: `${describeSeries(series)}; control ${describeSeries(control)}`,
  };
}

const MODULE_TARGETS: Readonly<Record<RuntimeName, number>> = { deno: 0.36, bun: 0.5 };

/** A small transformed module through the port. */
export function measureModule(plan: Plan): Promise<Row[]> {
  return withStage(async ({ vite, fronts, proxies }) => {
    const path = "/src/main.tsx";
    const contestants = [
      contestant("vite", vite, path),
      ...RUNTIMES.flatMap((runtime) => [
        contestant(`front ${runtime}`, fronts[runtime], path),
        contestant(`proxy ${runtime}`, proxies[runtime], path),
      ]),
    ];
    await assertEqualAnswers(contestants.map(({ url }) => url), moduleHeaders(plan));
    const all = await runRounds(contestants, plan, moduleHeaders(plan));
    return RUNTIMES.flatMap((runtime) => {
      const front = seriesOf(all, `front ${runtime}`);
      const title = `small module through ${RUNTIME_TITLES[runtime]}`;
      return [
        rateRow(`${title}, vs Vite direct`, {
          kind: "at-least",
          value: MODULE_TARGETS[runtime],
        }, [front, seriesOf(all, "vite")]),
        rateRow(`${title}, vs its shortest fetch proxy`, { kind: "at-least", value: 0.9 }, [
          front,
          seriesOf(all, `proxy ${runtime}`),
        ]),
      ];
    });
  });
}

/** Finds the URL of the largest pre-bundled dependency: react-dom's client, with its source map. */
async function findDependency(vite: RunningVite): Promise<string> {
  const { text } = await getAnswer(`${vite.origin}/src/main.tsx`, MODULE_HEADERS);
  const path = /"(\/node_modules\/\.vite\/deps\/react-dom_client\.js\?v=\w+)"/.exec(text)?.[1];
  if (path === undefined) throw new Error(`Cannot find react-dom in:\n${text}`);
  return path;
}

/** A large pre-bundled dependency, whose source map Vite makes anew for each request. */
export function measureDependency(plan: Plan): Promise<Row[]> {
  return withStage(async ({ vite, fronts }) => {
    const path = await findDependency(vite);
    const contestants = [
      contestant("vite", vite, path),
      ...RUNTIMES.map((runtime) => contestant(`front ${runtime}`, fronts[runtime], path)),
    ];
    const { length } = await assertEqualAnswers(
      contestants.map(({ url }) => url),
      moduleHeaders(plan),
    );
    const all = await runRounds(contestants, plan, moduleHeaders(plan));
    return RUNTIMES.map((runtime) =>
      rateRow(
        `dependency of ${(length / 1e6).toFixed(1)} MB through ${
          RUNTIME_TITLES[runtime]
        }, vs Vite direct`,
        { kind: "at-least", value: 5 },
        [seriesOf(all, `front ${runtime}`), seriesOf(all, "vite")],
      )
    );
  });
}

/** A handler in the process of the front. */
export async function measureHandler(plan: Plan): Promise<Row[]> {
  const project = await copyExample("react-spa");
  const fronts = await onBoth((runtime) => startServer(runtime, "front", { root: project.root }));
  const bare = await onBoth((runtime) => startServer(runtime, `bare_${runtime}`));
  const looking = await onBoth((runtime) =>
    startServer(runtime, `bare_${runtime}`, { looks: true })
  );
  try {
    const path = "/api/hello";
    const contestants = RUNTIMES.flatMap((runtime) => [
      contestant(`bare ${runtime}`, bare[runtime], path),
      contestant(`front ${runtime}`, fronts[runtime], path),
      contestant(`looking ${runtime}`, looking[runtime], path),
    ]);
    const headers = { accept: "*/*" };
    for (const runtime of RUNTIMES) {
      // Only within a runtime: each words the type of JSON in its own way.
      await assertEqualAnswers(
        [bare[runtime], fronts[runtime], looking[runtime]].map(({ origin }) => origin + path),
        headers,
      );
    }
    const all = await runRounds(contestants, plan, headers);
    return RUNTIMES.flatMap((runtime) => {
      const title = RUNTIME_TITLES[runtime];
      const control = seriesOf(all, `bare ${runtime}`);
      return [
        rateRow(
          `in-process handler, vs the bare ${title}.serve`,
          { kind: "at-least", value: 0.85 },
          [
            seriesOf(all, `front ${runtime}`),
            control,
          ],
        ),
        // What bounds the row above: who checks the Host pays for the headers, which the control never looks at.
        rateRow(
          `a bare ${title}.serve that looks at Host, vs one that does not`,
          { kind: "none" },
          [
            seriesOf(all, `looking ${runtime}`),
            control,
          ],
        ),
      ];
    });
  } finally {
    const servers = [bare, fronts, looking].flatMap((group) => Object.values(group));
    await Promise.all(servers.map((server) => server.stop()));
    await project.remove();
  }
}
