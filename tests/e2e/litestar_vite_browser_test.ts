/**
 * Moving in: a project of the real litestar-vite runs behind `dev` as it is.
 *
 * litestar-vite puts whole addresses into its pages, and starts a Vite of its own that listens for every machine: of both
 * nothing may be left, without a change of the project.
 */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../_support/browser.ts";
import { runSteps, sees, type Step, withDevSession } from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { freePort } from "../_support/free_port.ts";
import { copyLitestarVite, installLitestarVite, LITESTAR } from "../_support/litestar.ts";
import { hasProc, isLoopback, listeningSockets, processTree } from "../_support/listening.ts";
import { runtimeName, test } from "../_support/test.ts";

/** The origins of this machine that a page asked; litestar-vite's own page of waiting asks for fonts elsewhere. */
function originsOf(page: Page): () => readonly string[] {
  const origins = new Set<string>();
  page.on("request", (request) => void origins.add(new URL(request.url()).origin));
  page.on("websocket", (socket) => void origins.add(new URL(socket.url()).origin));
  return () => [...origins].filter((origin) => /\/(?:localhost|127\.|0\.|\[)/.test(origin));
}

const STEPS: readonly Step[] = [
  ["the page of Litestar runs the modules of Vite, all of one port", async ({ page, ready }) => {
    const origins = originsOf(page);
    await page.goto(ready.url);
    await sees(page, "#app", "from the client");
    const { origin } = new URL(ready.url);
    await eventually("the HMR socket", () => origins().some((each) => each.startsWith("ws:")));
    deepEqual([...origins()].sort(), [origin, origin.replace("http", "ws")]);
    const logo = await page.locator("#app").getAttribute("data-logo");
    equal(/undefined|__litestar|:\d+\//.test(logo ?? "undefined"), false, logo ?? "no logo");
  }],
  ["an edit reaches the page without a reload", async ({ page, project }) => {
    await page.evaluate(() => void Reflect.set(globalThis, "isSame", true));
    await project.edit("src/greeting.js", "from the client", "from the editor");
    await sees(page, "#app", "from the editor");
    equal(await page.evaluate(() => Reflect.get(globalThis, "isSame")), true);
  }],
  ["the app's own routes answer", async ({ ready }) => {
    deepEqual(await (await fetch(new URL("/api/books", ready.url))).json(), ["Kindred"]);
  }],
  ["the backend finds our Vite by the hot file", async ({ project }) => {
    const hot = await project.read("public/hot");
    const answers = await Promise.all(["/static", ""].map(async (base) => {
      const client = await fetch(`${hot}${base}/@vite/client`);
      await client.body?.cancel();
      return client.status;
    }));
    equal(answers.includes(200), true, answers.join());
  }],
  ["nothing listens for other machines", async ({ program }) => {
    if (!hasProc) return;
    const tree = await processTree(program.pid);
    const sockets = await listeningSockets(tree);
    deepEqual(sockets.filter(({ address }) => !isLoopback(address)), []);
    equal(sockets.length >= 3, true, JSON.stringify(sockets));
  }],
];

const missing = await installLitestarVite();

/** What differs between projects of litestar-vite, and between the ways to start them. */
const PROJECTS = [
  { what: "templates, and its own Vite beside", mode: "template", set: "OWN_VITE=yes", args: [] },
  { what: "templates, without a Vite of its own", mode: "template", set: "OWN_VITE=no", args: [] },
  { what: "one page, and its own Vite beside", mode: "spa", set: "OWN_VITE=yes", args: [] },
  {
    what: "one page, litestar-vite switched off",
    mode: "spa",
    set: "VITE_ENABLED=false",
    args: ["--base", "/"],
  },
] as const;

const PAGE = `<!doctype html><html><head><title>Books</title></head><body>
<h1 id="app"></h1><script type="module" src="/src/main.js"></script></body></html>
`;

for (const { what, mode, set, args: more } of PROJECTS) {
  const name = `a project of litestar-vite runs behind dev as it is: ${what} (${runtimeName})`;
  if (missing !== undefined) test.skip(name, missing);
  else {
    browserTest(name, async (browser) => {
      const project = await copyLitestarVite();
      // What a project has that was started before.
      await project.write(".litestar.json", BRIDGE.replace('"template"', `"${mode}"`));
      if (mode === "spa") await project.write("index.html", PAGE);
      // litestar-vite has to be told the port before anything listens.
      const port = String(await freePort());
      const command = `env MODE=${mode} ${set} ${LITESTAR}`;
      const args = ["--port", port, "--backend-command", command, ...more];
      await withDevSession(browser, project, args, (session) => runSteps(STEPS, session));
    });
  }
}

/** As litestar-vite 0.32 wrote it, when another port was the app's. */
const BRIDGE = JSON.stringify({
  assetUrl: "/static/",
  deployAssetUrl: null,
  appUrl: "http://127.0.0.1:40641",
  litestarPort: 40641,
  bundleDir: "public",
  hotFile: "hot",
  resourceDir: "src",
  staticDir: "src/public",
  manifest: "manifest.json",
  mode: "template",
  proxyMode: "vite",
  csrfCookieName: null,
  csrfHeaderName: null,
  port: 45517,
  host: "127.0.0.1",
  ssrOutDir: null,
  types: { enabled: true, output: "src/generated", openapiPath: "src/generated/openapi.json" },
  logging: { level: "normal" },
  spa: null,
  executor: "node",
  litestarVersion: "2.25.0",
  staticProps: null,
});
