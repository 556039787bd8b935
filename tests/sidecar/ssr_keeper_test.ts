import { deepEqual, equal, match, ok } from "node:assert/strict";
import { SsrKeeper } from "../../sidecar/ssr_keeper.ts";
import type { RenderAccess, SsrRun } from "../../sidecar/ssr_run.ts";
import { eventually } from "../_support/eventually.ts";
import { test } from "../_support/test.ts";

interface FakeRun extends SsrRun {
  /** Has it end by itself. */
  end(how: string): void;
  isAnswering: boolean;
  stops: number;
}

function createRun(access: Promise<RenderAccess>): FakeRun {
  const ended = Promise.withResolvers<string>();
  const run: FakeRun = {
    ready: access,
    ended: ended.promise,
    end: ended.resolve,
    isAnswering: true,
    stops: 0,
    isAlive: () => Promise.resolve(run.isAnswering),
    stop() {
      run.stops++;
      ended.resolve("it was ended");
      return Promise.resolve();
    },
  };
  return run;
}

interface Scene {
  readonly keeper: SsrKeeper;
  readonly runs: FakeRun[];
  readonly warnings: string[];
  nowMs: number;
  /** The address that a page is rendered at now. */
  url(): Promise<string | undefined>;
}

function createScene(access: (turn: number) => Promise<RenderAccess>): Scene {
  const runs: FakeRun[] = [];
  const warnings: string[] = [];
  const keeper = new SsrKeeper({
    launch() {
      const run = createRun(access(runs.length));
      run.ready.catch(() => {});
      runs.push(run);
      return Promise.resolve(run);
    },
    warn: (message) => void warnings.push(message),
    now: () => scene.nowMs,
  });
  const scene: Scene = {
    keeper,
    runs,
    warnings,
    nowMs: 0,
    async url() {
      const target = await keeper.target(new AbortController().signal);
      return target !== undefined && "url" in target ? target.url : undefined;
    },
  };
  return scene;
}

const works = (turn: number): Promise<RenderAccess> => Promise.resolve({ url: `http://${turn}` });

test("SsrKeeper starts a bundle again that ended, after a while", async () => {
  const { keeper, runs, warnings, url } = createScene(works);
  equal(await url(), "http://0");
  runs[0]?.end("it ended with code 1");
  await eventually("it is gone", async () => await url() === undefined);
  deepEqual(warnings, [
    "The SSR bundle does not run, it ended with code 1; it is started again in 250 ms",
  ]);
  await eventually("it is back", async () => await url() === "http://1");
  await keeper.close();
  equal(runs[1]?.stops, 1);
});

test("SsrKeeper ends a bundle that no longer answers, and leaves one alone that does", async () => {
  const { keeper, runs, warnings } = createScene(works);
  const { signal } = new AbortController();
  (await keeper.target(signal))?.failed();
  await Promise.resolve();
  equal(runs[0]?.stops, 0);
  ok(runs[0]);
  await eventually("it can be looked at again", async () => {
    (await keeper.target(signal))?.failed();
    return true;
  });
  runs[0].isAnswering = false;
  await eventually("it is ended", async () => {
    (await keeper.target(signal))?.failed();
    return runs[0]?.stops === 1;
  });
  match(warnings[0] ?? "", /^The SSR bundle no longer answers; it is ended$/);
  await eventually("another one runs", () => runs.length === 2);
  await keeper.close();
});

test("SsrKeeper says why a bundle can't be started, not how it was ended then", async () => {
  const failed = (): Promise<RenderAccess> => Promise.reject(new Error("Unexpected token"));
  const { keeper, warnings, runs } = createScene(failed);
  await eventually("it is told", () => warnings.length > 0);
  match(warnings[0] ?? "", /^The SSR bundle does not run, Unexpected token; it is started again/);
  await keeper.close();
  equal(runs.length, 1);
});

test("SsrKeeper gives up what can't be found, and looks again after a minute", async () => {
  const warnings: string[] = [];
  let launches = 0;
  let nowMs = 0;
  const keeper = new SsrKeeper({
    launch() {
      launches++;
      return Promise.reject(new Error("Cannot find it"));
    },
    warn: (message) => void warnings.push(message),
    now: () => nowMs,
  });
  const { signal } = new AbortController();
  equal(await keeper.target(signal), undefined);
  nowMs = 59_999;
  equal(await keeper.target(signal), undefined);
  equal(launches, 1);
  deepEqual(warnings, ["The SSR bundle does not run, Cannot find it; browsers render all pages"]);
  nowMs = 60_000;
  await keeper.target(signal);
  equal(launches, 2);
  await keeper.close();
});

test("SsrKeeper keeps a page waiting no longer than its visitor waits", async () => {
  const { keeper, runs } = createScene(() => new Promise(() => {}));
  await eventually("it is starting", () => runs.length === 1);
  const visit = new AbortController();
  const target = keeper.target(visit.signal);
  visit.abort();
  equal(await target, undefined);
});
