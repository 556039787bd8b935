/** SSR bundles at work, in a thread and in a process; nothing of them is left afterwards. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { connect } from "node:net";
import process from "node:process";
import { currentRuntime } from "../../runtime/current.ts";
import { openBuiltRenderSource, type OwnedRenderSource } from "../../sidecar/built_ssr.ts";
import { resolveConfig, type SidecarOptions } from "../../sidecar/config.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import { eventually } from "../_support/eventually.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const RENDER = `
export default (page) => {
  if (page.props.hangs) for (;;);
  if (page.props.exits) process.exit(3);
  if (page.props.fails) return window.innerWidth;
  console.log("rendering", page.props.name);
  return { head: [], body: "<p>" + page.props.name + " " + process.env.NODE_ENV + "</p>" };
};
`;

/** As the build of `@inertiajs/vite` is: it begins to listen on a port of its own choice. */
const SERVER = `
import { createServer } from "node:http";
const render = (page) => ({ head: [], body: "<p>" + page.props.name + "</p>" });
const read = async (request) => {
  let text = "";
  for await (const piece of request) text += piece;
  return JSON.parse(text);
};
createServer(async (request, response) => {
  const answer = request.url === "/health" ? { status: "OK" } : render(await read(request));
  response.end(JSON.stringify(answer));
}).listen(PORT, "0.0.0.0", () => console.log("listening"));
`;

interface Scene {
  readonly source: OwnedRenderSource;
  readonly folder: Folder;
  readonly events: SidecarEvent[];
  version: string;
  /** Renders a page with these props; undefined if nothing renders now. */
  render(props: object, signal?: AbortSignal): Promise<Rendered | undefined>;
}

interface Rendered {
  readonly status: number;
  readonly json: { readonly body?: string; readonly error?: string; readonly type?: string };
  readonly url: string | undefined;
  readonly failed: () => void;
}

async function withBundle(
  files: Readonly<Record<string, string>>,
  options: SidecarOptions,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  await inFolder(files, async (folder) => {
    const events: SidecarEvent[] = [];
    const source = openBuiltRenderSource({
      config: resolveConfig({ cwd: folder.path, options, environment: {}, handler: true }),
      runtime: currentRuntime(),
      // Neither Node nor another runtime is to be found.
      env: { PATH: "", HOME: process.env.HOME },
      emit: (event) => events.push(event),
      versionId: () => scene.version,
    });
    const scene: Scene = {
      source,
      folder,
      events,
      version: "1",
      render: (props, signal) => renderOn(source, props, signal),
    };
    try {
      await run(scene);
    } finally {
      await source.close();
    }
  });
}

async function renderOn(
  source: OwnedRenderSource,
  props: object,
  signal = new AbortController().signal,
): Promise<Rendered | undefined> {
  const target = await source.target(signal);
  if (target === undefined) return undefined;
  const json = JSON.stringify({ component: "X", props, url: "/" });
  if ("ask" in target) {
    const { status, text } = await target.ask(json, signal);
    return { status, json: JSON.parse(text), url: undefined, failed: target.failed };
  }
  const answer = await fetch(target.url, { method: "POST", body: json, signal });
  return {
    status: answer.status,
    json: await answer.json(),
    url: target.url,
    failed: target.failed,
  };
}

/** Starting a runtime on a busy machine takes its time, and a page waits for two seconds only. */
const whenUp = (scene: Scene): Promise<Rendered> =>
  eventually("it renders", () => scene.render({ name: "Ada" }), { withinMs: 30_000 });

const linesOf = ({ events }: Scene): string[] =>
  events.flatMap((event) => event.kind === "output" ? [event.line] : []);

const warningsOf = ({ events }: Scene): string[] =>
  events.flatMap((event) => event.kind === "warning" ? [event.message] : []);

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.once("error", () => resolve(false));
  });

for (const ssrMode of ["in-process", "process"] as const) {
  const files = { "dist-ssr/ssr.mjs": RENDER };

  test(`${ssrMode}: a bundle renders, for production, and what it writes is logged`, async () => {
    await withBundle(files, { ssrMode }, async (scene) => {
      const { status, json } = await whenUp(scene);
      deepEqual([status, json.body], [200, "<p>Ada production</p>"]);
      await eventually("it is logged", () => linesOf(scene).includes("rendering Ada"));
    });
  });

  test(`${ssrMode}: a page that can't be rendered is told in the words of Inertia`, async () => {
    await withBundle(files, { ssrMode }, async (scene) => {
      await whenUp(scene);
      const failed = await scene.render({ fails: true });
      equal(failed?.status, 500);
      deepEqual([failed?.json.type], ["browser-api"]);
      match(failed?.json.error ?? "", /window/);
    });
  });

  test(`${ssrMode}: a bundle that ends is started again`, async () => {
    await withBundle(files, { ssrMode }, async (scene) => {
      await whenUp(scene);
      await rejects(scene.render({ exits: true }));
      await eventually("it is told", () => warningsOf(scene).length > 0);
      match(warningsOf(scene)[0] ?? "", /; it is started again in 250 ms$/);
      equal((await whenUp(scene)).json.body, "<p>Ada production</p>");
    });
  });

  test(`${ssrMode}: a bundle that one page keeps busy for ever is ended and started again`, async () => {
    await withBundle(files, { ssrMode }, async (scene) => {
      const { failed } = await whenUp(scene);
      const visit = new AbortController();
      const hanging = scene.render({ hangs: true }, visit.signal);
      const ended = rejects(hanging);
      await eventually("it is ended", () => {
        failed();
        return warningsOf(scene).some((message) => message.includes("no longer answers"));
      });
      visit.abort();
      await ended;
      equal((await whenUp(scene)).json.body, "<p>Ada production</p>");
    });
  });

  test(`${ssrMode}: after a deploy the next bundle renders, and the last one until then`, async () => {
    await withBundle(files, { ssrMode }, async (scene) => {
      await whenUp(scene);
      await scene.folder.write("dist-ssr/next.mjs", RENDER.replace('"<p>"', '"<b>"'));
      await scene.folder.write("dist-ssr/ssr.mjs", 'export { default } from "./next.mjs";');
      scene.version = "2";
      equal((await scene.render({ name: "Ada" }))?.json.body, "<p>Ada production</p>");
      await eventually(
        "the next one renders",
        async () => (await scene.render({ name: "Ada" }))?.json.body === "<b>Ada production</p>",
        { withinMs: 30_000 },
      );
    });
  });
}

test("a process listens on loopback, on a port that the bundle did not choose, and ends with us", async () => {
  const files = { "dist-ssr/app.mjs": SERVER.replace("PORT", "13714") };
  let port = 0;
  await withBundle(files, {}, async (scene) => {
    const { json, url } = await whenUp(scene);
    equal(json.body, "<p>Ada</p>");
    ok(url !== undefined, "a bundle without a function that renders is a process");
    port = Number(new URL(url).port);
    ok(port !== 13714 && await isListening(port));
  });
  await eventually("nobody listens", async () => !await isListening(port));
});

test("a bundle that renders and listens runs in this process without listening", async () => {
  const own = SERVER.replace("PORT", "13799") + "\nexport default render;";
  await withBundle({ "dist-ssr/app.mjs": own }, {}, async (scene) => {
    const { json, url } = await whenUp(scene);
    deepEqual([json.body, url], ["<p>Ada</p>", undefined]);
    equal(await isListening(13799), false);
  });
});

test("a bundle that can't be loaded is told of, with the reason", async () => {
  await withBundle(
    { "dist-ssr/app.mjs": "export default (" },
    { ssrMode: "in-process" },
    async (scene) => {
      equal(await scene.render({}), undefined);
      await eventually("it is told", () => warningsOf(scene).length > 0);
      match(warningsOf(scene)[0] ?? "", /^The SSR bundle does not run, /);
    },
  );
});

test("without a bundle all pages are the browser's, and that is told once", async () => {
  await withBundle({ "dist-ssr/app.css": "" }, {}, async (scene) => {
    for (let turn = 0; turn < 3; turn++) equal(await scene.render({}), undefined);
    equal(warningsOf(scene).length, 1);
    match(warningsOf(scene)[0] ?? "", /Cannot find the SSR bundle in ".*dist-ssr": no JavaScript/);
  });
  await withBundle({}, { ssrBundle: "out/ssr.js" }, async (scene) => {
    equal(await scene.render({}), undefined);
    match(
      warningsOf(scene)[0] ?? "",
      /Cannot find the SSR bundle ".*out.ssr\.js": there is no such/,
    );
  });
});

test("a source that is closed while its bundle starts leaves nothing behind", async () => {
  const endless = "await new Promise(() => setInterval(() => {}, 1000));";
  await withBundle({ "dist-ssr/app.mjs": endless }, {}, async (scene) => {
    scene.source.start();
    await Promise.resolve();
  });
});
