/**
 * Inertia's client in a real browser, between two builds that one nginx takes in turns (row 52 of the fault matrix).
 */
import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createSidecar } from "../../mod.ts";
import { browserTest } from "../_support/browser.ts";
import { buildProject } from "../_support/built_session.ts";
import { openPage, sees } from "../_support/dev_session.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { createInertiaApp, type InertiaApp } from "../_support/inertia_app.ts";
import { copyClient, type InertiaClient } from "../_support/inertia_clients.ts";
import { hasNginx, NEXT_FILE, type Nginx, takingTurns, withNginx } from "../_support/nginx.ts";
import { test } from "../_support/test.ts";

const CLIENT: InertiaClient = { name: "react", protocol: 3 };
const NAMES = ["older", "newer"] as const;

/** Builds the client twice, each time in other words. */
async function buildTwice(folder: Folder): Promise<void> {
  const project = await copyClient(CLIENT);
  try {
    for (const name of NAMES) {
      await project.edit("src/Frame.tsx", "<h1", `<h1 data-${name}`);
      await buildProject(project, [], { NODE_ENV: "production" });
      await cp(join(project.root, "dist"), folder.at(`${name}/dist`), { recursive: true });
    }
  } finally {
    await project.remove();
  }
}

interface Server {
  readonly app: InertiaApp;
  readonly port: number;
  close(): Promise<void>;
}

async function startServer(root: string): Promise<Server> {
  const sidecar = await createSidecar({ root, dev: false, mode: "hybrid" }, { env: {} });
  const { page, versionId } = sidecar;
  const app = createInertiaApp({ page, protocol: CLIENT.protocol, elsewhere: "http://[::1]:1" });
  app.version = versionId;
  app.open("slow");
  const { port } = sidecar.serve(app.fetch, { port: 0 });
  return { app, port, close: () => sidecar.close() };
}

interface Scene {
  readonly page: Page;
  readonly nginx: Nginx;
  readonly origin: string;
  /** Documents that were loaded since it was last asked. */
  documents(): number;
  /** Visits that were sent away since. */
  conflicts(): number;
}

async function openScene(browser: Browser, nginx: Nginx): Promise<Scene> {
  const page = await openPage(browser);
  let documents = 0;
  let conflicts = 0;
  page.on("request", (request) => documents += Number(request.isNavigationRequest()));
  page.on("response", (response) => conflicts += Number(response.status() === 409));
  return {
    page,
    nginx,
    origin: `http://127.0.0.1:${nginx.port}`,
    documents: () => [documents, documents = 0][0] ?? 0,
    conflicts: () => [conflicts, conflicts = 0][0] ?? 0,
  };
}

async function withTwoBuilds(browser: Browser, run: (scene: Scene) => Promise<void>) {
  await inFolder({}, async (folder) => {
    await buildTwice(folder);
    const servers = await Promise.all(NAMES.map((name) => startServer(folder.at(name))));
    notEqual(servers[0]?.app.version, servers[1]?.app.version);
    try {
      const options = takingTurns(servers.map(({ port }) => port), NEXT_FILE);
      await withNginx(folder, options, async (nginx) => {
        const scene = await openScene(browser, nginx);
        await run(scene);
        await scene.page.close();
      });
    } finally {
      for (const { close } of servers) await close();
    }
  });
}

/** Each link leads to its page, by one document at most. */
async function followsLinks({ page, nginx, origin, documents, conflicts }: Scene): Promise<void> {
  await page.goto(`${origin}/`);
  const ways = new Set<string>();
  for (let count = 0; count < 12; count++) {
    documents();
    conflicts();
    const [text, component] = count % 2 === 0
      ? ["users", "Users"] as const
      : ["home", "Home"] as const;
    await page.getByText(text, { exact: true }).click();
    await sees(page, "h1", component);
    ways.add(`${conflicts()} conflicts, ${documents()} documents`);
    // Somebody else's turn, now and then.
    if (count % 3 === 0) await nginx.ask({ target: "/users" });
  }
  deepEqual([...ways].sort(), ["0 conflicts, 0 documents", "1 conflicts, 1 documents"]);
}

/** What a page fetches by itself and the other build refuses loads nothing anew: that would go on for ever. */
async function loadsPagesOnce({ page, origin, documents, conflicts }: Scene): Promise<void> {
  documents();
  conflicts();
  for (let count = 1; count <= 3; count++) {
    await page.goto(`${origin}/deferred`, { waitUntil: "networkidle" });
    await sees(page, "h1", "Deferred");
    equal(documents(), 1);
    const refused = conflicts();
    // Three requests, in turns.
    ok(refused === 1 || refused === 2, `${refused} conflicts`);
  }
}

const NAME = "@inertiajs/react between two builds loads each document once (row 52)";
if (!hasNginx) test.skip(NAME, "nginx is not installed");
else {
  browserTest(NAME, (browser) =>
    withTwoBuilds(browser, async (scene) => {
      await followsLinks(scene);
      await loadsPagesOnce(scene);
    }));
}
