/** Tags of a real build in a real browser: what they promise of nonces, hashes and fragments is kept by both. */
import { deepEqual, equal, match } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { type Assets, createAssets } from "../../sidecar/asset_source.ts";
import { integrityOf } from "../../sidecar/asset_version.ts";
import { openManifestFile } from "../../sidecar/manifest_file.ts";
import { browserTest, recordConsole } from "../_support/browser.ts";
import { sees } from "../_support/dev_session.ts";
import { createProject, repositoryRoot } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

const FILES = {
  "package.json": `{ "name": "tags", "private": true, "type": "module" }`,
  "vite.config.js": `export default {
  base: "/static/",
  build: { manifest: true, rollupOptions: { input: ["src/main.ts", "src/modal.ts"] } },
};`,
  "src/main.ts": `import { show } from "./shared.ts";
import "./main.css";
show("main");
import("./lazy.ts").then((m) => m.open(), () => show("refused"));`,
  "src/shared.ts": `import "./shared.css";
export const show = (text: string): void => void (document.querySelector("h1")!.textContent = text);`,
  "src/lazy.ts": `import { show } from "./shared.ts"; import "./lazy.css";
export const open = (): void => show("lazy");`,
  "src/modal.ts": `import { show } from "./shared.ts"; import "./modal.css"; show("modal");`,
  // The importer's style sheet must win.
  "src/shared.css": `h1 { color: rgb(1, 1, 1) }`,
  "src/main.css": `h1 { color: rgb(2, 2, 2) }`,
  "src/lazy.css": `p { color: red }`,
  "src/modal.css": `i { color: red }`,
};

const NONCE = "bm9uY2UtZm9yLWEtdGVzdA==";
const POLICY = `script-src 'nonce-${NONCE}' 'strict-dynamic'; object-src 'none'; base-uri 'none'`;

/** Scripts of `innerHTML` do not run, so htmx makes every one of them anew. */
const INSERT_AS_HTMX = `(html) => {
  const holder = document.createElement("div");
  holder.innerHTML = html;
  for (const script of holder.querySelectorAll("script")) {
    const made = document.createElement("script");
    for (const { name, value } of script.attributes) made.setAttribute(name, value);
    script.replaceWith(made);
  }
  document.body.append(holder);
}`;

interface Site {
  readonly url: string;
  readonly assets: Assets;
  /** Paths that were asked for, in their order. */
  readonly asked: string[];
  /** Words in the names of files that are answered with other bytes. */
  readonly tampered: Set<string>;
}

async function build(root: string): Promise<void> {
  const vite = join(repositoryRoot, "node_modules", "vite", "bin", "vite.js");
  const args = runtimeName === "deno" ? ["run", "-A", vite, "build"] : [vite, "build"];
  await promisify(execFile)(process.execPath, args, { cwd: root });
}

async function openAssets(folder: string): Promise<Assets> {
  const file = await openManifestFile({ folder, emit() {}, everyMs: 0 });
  const names = await readdir(join(folder, "assets"));
  const integrity = new Map<string, string>();
  for (const name of names) {
    integrity.set(`assets/${name}`, integrityOf(await readFile(join(folder, "assets", name))));
  }
  file.close();
  const built = { ...file.current(), integrity };
  return createAssets({ kind: "built", current: () => built, assetUrl: "/static/" });
}

async function withSite(run: (site: Site) => Promise<void>): Promise<void> {
  const project = await createProject("tags", FILES);
  await build(project.root);
  const folder = join(project.root, "dist");
  const assets = await openAssets(folder);
  const asked: string[] = [];
  const tampered = new Set<string>();
  const page = `<!doctype html><head><link rel="icon" href="data:,">${
    assets.tags("src/main.ts", { nonce: NONCE })
  }</head><body><h1></h1></body>`;
  const server = createServer(async ({ url = "/" }, response) => {
    if (url === "/") {
      const type = "text/html; charset=utf-8";
      response.writeHead(200, { "content-type": type, "content-security-policy": POLICY });
      return void response.end(page);
    }
    asked.push(url);
    const bytes = await readFile(join(folder, url.replace("/static/", "")), "utf8").catch(() => "");
    const isTampered = [...tampered].some((word) => url.includes(word));
    response.writeHead(200, {
      "content-type": url.endsWith(".css") ? "text/css" : "text/javascript",
    })
      .end(isTampered ? `${bytes}/**/` : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A TCP server that listens has an address with a port.
  const { port } = server.address() as { port: number };
  try {
    await run({ url: `http://127.0.0.1:${port}/`, assets, asked, tampered });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await project.remove();
  }
}

const countOf = ({ asked }: Site, word: string): number =>
  asked.filter((path) => path.includes(word) && path.endsWith(".js")).length;

async function open(browser: Browser, { url }: Site): Promise<readonly [Page, () => string]> {
  const page = await browser.newPage();
  const read = recordConsole(page);
  await page.goto(url);
  return [page, read];
}

browserTest(
  `tags on ${runtimeName}: a build runs under a strict policy, with hashes`,
  async (browser) => {
    await withSite(async (site) => {
      const [page, read] = await open(browser, site);
      await sees(page, "h1", "lazy");
      equal(read(), "");
      equal(
        await page.evaluate(`getComputedStyle(document.querySelector("h1")).color`),
        "rgb(2, 2, 2)",
      );
      deepEqual(["main", "shared", "lazy"].map((word) => countOf(site, word)), [1, 1, 1]);
    });
  },
);

browserTest(
  `tags on ${runtimeName}: a changed module does not run, whoever loads it`,
  async (browser) => {
    await withSite(async (site) => {
      site.tampered.add("lazy");
      const [page, read] = await open(browser, site);
      await sees(page, "h1", "refused");
      match(read(), /integrity/i);
      site.tampered.add("shared");
      const [other] = await open(browser, site);
      await other.waitForLoadState("networkidle");
      equal(await other.textContent("h1"), "");
    });
  },
);

browserTest(
  `tags on ${runtimeName}: a fragment runs its module and loads nothing twice`,
  async (browser) => {
    await withSite(async (site) => {
      const [page, read] = await open(browser, site);
      await sees(page, "h1", "lazy");
      const fragment = site.assets.partial("src/modal.ts", { after: "src/main.ts" });
      const insert = () => page.evaluate(`(${INSERT_AS_HTMX})(${JSON.stringify(fragment)})`);
      await insert();
      await sees(page, "h1", "modal");
      await insert();
      await page.waitForLoadState("networkidle");
      deepEqual([countOf(site, "shared"), countOf(site, "modal")], [1, 1]);
      equal(read(), "");
    });
  },
);
