/** When a page is rendered on the server, how long that may take, and what comes of it. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import {
  createInertia,
  type DocumentSource,
  type InertiaOptions,
  type RenderOptions,
  SsrError,
  type SsrOptions,
  type SsrRenderer,
  type SsrSource,
  type SsrTarget,
} from "../../inertia/mod.ts";
import { test } from "../_support/test.ts";

const BODY = '<script data-page="app" type="application/json">{}</script><main>HI</main>';
const RENDERED = { head: ["<title>T</title>", '<style data-x="1">a{}</style>'], body: BODY };

interface Scene {
  /** The document of a visit. */
  visit(path?: string, options?: RenderOptions): Promise<string>;
  readonly reports: unknown[];
  /** The time, in milliseconds. */
  nowMs: number;
}

function createScene(ssr: InertiaOptions["ssr"], options: InertiaOptions = {}): Scene {
  const reports: unknown[] = [];
  const inertia = createInertia({
    ...options,
    ssr,
    report: (error) => void reports.push(error),
    now: () => scene.nowMs,
  });
  const scene: Scene = {
    reports,
    nowMs: 0,
    async visit(path = "/", options = {}) {
      const request = new Request(`http://localhost${path}`);
      return await (await inertia.render(request, "X", {}, options)).text();
    },
  };
  return scene;
}

const isRendered = (html: string): boolean => html.includes("<main>HI</main>");

/** A renderer that works or not, as the test says, and counts its calls. */
function createRenderer(): SsrRenderer & { error: unknown; calls: number } {
  const renderer = {
    error: undefined as unknown,
    calls: 0,
    render(): Promise<unknown> {
      renderer.calls++;
      return renderer.error === undefined
        ? Promise.resolve(RENDERED)
        : Promise.reject(renderer.error);
    },
  };
  return renderer;
}

test("a renderer that fails five times in a row is left alone for five seconds", async () => {
  const renderer = createRenderer();
  const scene = createScene({ renderer });
  renderer.error = new Error("down");
  for (let turn = 0; turn < 5; turn++) await scene.visit();
  equal(renderer.calls, 5);
  equal(scene.reports.length, 5);
  renderer.error = undefined;
  scene.nowMs = 4999;
  ok(!isRendered(await scene.visit()));
  equal(renderer.calls, 5);
  scene.nowMs = 5000;
  ok(isRendered(await scene.visit()));
  ok(isRendered(await scene.visit()));
});

test("one page at a time tries a renderer that was left alone, and a failure is told once a minute", async () => {
  const renderer = createRenderer();
  const scene = createScene({ renderer, breaker: { failures: 1, openMs: 1000 } });
  renderer.error = new Error("down");
  await scene.visit();
  scene.nowMs = 1000;
  await Promise.all([scene.visit(), scene.visit(), scene.visit()]);
  equal(renderer.calls, 2);
  equal(scene.reports.length, 1);
  scene.nowMs = 61_000;
  await scene.visit();
  equal(scene.reports.length, 2);
});

test("a page that can't be rendered says nothing about the next one", async () => {
  const renderer = createRenderer();
  const scene = createScene({ renderer, breaker: { failures: 2 } });
  renderer.error = new SsrError("Cannot render", { details: { type: "render" } });
  for (let turn = 0; turn < 10; turn++) await scene.visit();
  equal(renderer.calls, 10);
  equal(scene.reports.length, 10);
});

test("in development each failure is told, and none keeps a renderer from being asked", async () => {
  const renderer = { ...createRenderer(), isDevelopment: true };
  renderer.render = () => Promise.reject(new Error("down"));
  const scene = createScene({ renderer, breaker: { failures: 1 } });
  for (let turn = 0; turn < 10; turn++) await scene.visit();
  equal(scene.reports.length, 10);
});

test("throwOnError throws, also while the renderer is left alone", async () => {
  const renderer = createRenderer();
  const scene = createScene({ renderer, throwOnError: true, breaker: { failures: 1 } });
  renderer.error = new Error("down");
  await rejects(scene.visit(), /^Error: down$/);
  await rejects(scene.visit(), /^SsrError: Cannot render pages on the server: it failed too often/);
  equal(renderer.calls, 1);
  deepEqual(scene.reports, []);
});

test("a renderer that listens to no signal is waited for no longer than allowed", async () => {
  const signals: AbortSignal[] = [];
  const scene = createScene({
    renderer: {
      render: (_, { signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    },
    timeoutMs: 30,
  });
  ok(!isRendered(await scene.visit()));
  match(String(scene.reports[0]), /^SsrError: Cannot render pages on the server: 30 ms are over$/);
  ok(signals[0]?.aborted);
});

test("a renderer that throws at once is a failure like any other", async () => {
  const scene = createScene({
    renderer: {
      render() {
        throw new Error("at once");
      },
    },
  });
  ok(!isRendered(await scene.visit()));
  equal(String(scene.reports[0]), "Error: at once");
});

test("pages, requests and paths can be left to the browser", async () => {
  const renderer = createRenderer();
  const ssr: SsrOptions = {
    renderer,
    disabled: (request) => request.url.endsWith("?csr"),
    except: ["admin/*", "http://localhost/whole", "/"],
  };
  const scene = createScene(ssr);
  for (const path of ["/", "/?x", "/admin/a/b", "/whole", "/a?csr"]) {
    ok(!isRendered(await scene.visit(path)), path);
  }
  ok(!isRendered(await scene.visit("/a", { ssr: false })));
  equal(renderer.calls, 0);
  for (const path of ["/administration", "/a", "/whole/b"]) {
    ok(isRendered(await scene.visit(path)), path);
  }
});

test("disableSsr() leaves the pages of a group of routes to the browser", async () => {
  const inertia = createInertia({ ssr: { renderer: createRenderer() } });
  const visit = async (options: RenderOptions = {}, ...disable: boolean[]) => {
    const request = new Request("http://localhost/");
    inertia.disableSsr(request, ...disable);
    return isRendered(await (await inertia.render(request, "X", {}, options)).text());
  };
  deepEqual(
    [await visit(), await visit({}, false), await visit({ ssr: true }), await visit({}, true)],
    [false, true, true, false],
  );
});

test("an Inertia visit is never rendered on the server", async () => {
  const renderer = createRenderer();
  const inertia = createInertia({ ssr: { renderer } });
  const headers = { "x-inertia": "true", "x-inertia-version": "" };
  await inertia.render(new Request("http://localhost/", { headers }), "X");
  equal(renderer.calls, 0);
});

test("the nonce is on what may have one, and on nothing that was rendered", async () => {
  const body = `${BODY}<script>alert(1)</script>`;
  const renderer = { render: () => Promise.resolve({ ...RENDERED, body }) };
  const html = await createScene({ renderer }, { nonce: "bm9uY2U=" }).visit();
  match(html, /<style nonce="bm9uY2U=" data-x="1">/);
  match(html, /<script nonce="bm9uY2U=" data-page="app" type="application\/json">/);
  match(html, /<script>alert\(1\)<\/script>/);
});

/** A source as `sidecar.page` is one. */
function createSource(target: () => SsrTarget | undefined): DocumentSource & { started: number } {
  const ssr: SsrSource = {
    start: () => void source.started++,
    target: () => Promise.resolve(target()),
  };
  const source = {
    started: 0,
    ssr,
    version: () => "v7",
    document: ({ head, body }: { head: string; body: string }) => ({
      html: `${head}|${body}`,
      addFields: (headers: Headers) => headers.set("content-security-policy", "default-src x"),
    }),
  };
  return source;
}

test("with ssr: true the page's source renders, names the version and adds its fields", async () => {
  const asked: string[] = [];
  const source = createSource(() => ({
    ask(json) {
      asked.push(json);
      return Promise.resolve({ status: 200, text: JSON.stringify(RENDERED) });
    },
  }));
  const inertia = createInertia({ page: source, ssr: true });
  equal(source.started, 1);
  const response = await inertia.render(new Request("http://localhost/"), "X", { a: 1 });
  equal(response.headers.get("x-inertia-version"), "v7");
  equal(response.headers.get("content-security-policy"), "default-src x");
  match(await response.text(), /^<title>T<\/title>\n<style.*\|<script.*<main>HI<\/main>$/);
  equal(JSON.parse(asked[0] ?? "").props.a, 1);
});

test("a source that renders nothing now is no failure, and one that is not asked for is not started", async () => {
  const source = createSource(() => undefined);
  const scene = createScene(true, { page: source });
  match(await scene.visit(), /<div id="app">/);
  deepEqual(scene.reports, []);
  const other = createSource(() => undefined);
  createInertia({ page: other });
  equal(other.started, 0);
});

test("a source is told of failures of the server, not of those of a page", async () => {
  let failures = 0;
  let answer = { status: 502, text: "" };
  const source = createSource(() => ({
    ask: () => Promise.resolve(answer),
    failed: () => void failures++,
  }));
  const scene = createScene({ breaker: false }, { page: source });
  await scene.visit();
  equal(failures, 1);
  answer = { status: 500, text: JSON.stringify({ error: "e", type: "render" }) };
  await scene.visit();
  equal(failures, 1);
  equal(scene.reports.length, 2);
});

test("the version of the options goes before that of the page's source", async () => {
  const inertia = createInertia({ page: createSource(() => undefined), version: "own" });
  const response = await inertia.render(new Request("http://localhost/"), "X");
  equal(response.headers.get("x-inertia-version"), "own");
});
