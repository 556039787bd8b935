/**
 * Template mode: the same calls of `createApp` give working pages with Vite and of a build, for React and for modules
 * without a framework, under a strict policy and below a prefix.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../_support/browser.ts";
import { withBuiltSession } from "../_support/built_session.ts";
import {
  countsUp,
  type DevSession,
  isSameDocument,
  markDocument,
  readCount,
  runSteps,
  sees,
  type Step,
  withDevSession,
} from "../_support/dev_session.ts";
import { createProject, type Project } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

const SERVER = `
import { randomBytes } from "node:crypto";

export async function createApp(front) {
  // An app may need time until it is there.
  await Promise.resolve();
  // What a page loads, by its address.
  const pages = {
    "/": (nonce) => front.tags("src/main.ts", { nonce }),
    "/react": (nonce) => front.tags("src/main.tsx", { nonce, "data-turbo-track": "reload" }),
    "/both": (nonce) => front.tags(["src/main.tsx", "/src/main.ts"], { nonce }),
    "/style": (nonce) => front.tags("src/page.css", { nonce }),
    "/by-hand": (nonce) =>
      front.reactRefreshTag({ nonce }) + front.hmrTags({ nonce }) + front.routesTag(nonce) +
      front.partial("src/main.tsx", { attributes: { nonce } }),
  };
  return {
    fetch(request) {
      const { pathname } = new URL(request.url);
      const tags = pages[pathname];
      if (pathname === "/version") return new Response(front.versionId);
      if (pathname === "/missing") {
        try {
          return new Response(front.tags("src/mian.ts"));
        } catch (error) {
          return new Response(error.message, { status: 500 });
        }
      }
      if (tags === undefined) return new Response("the app has no such page", { status: 404 });
      const nonce = randomBytes(16).toString("base64");
      const policy = \`default-src 'self'; script-src 'nonce-\${nonce}' 'strict-dynamic'; \` +
        \`style-src 'self' 'nonce-\${nonce}'; object-src 'none'; base-uri 'none'\`;
      const html = \`<!doctype html><html><head><link rel="icon" href="\${front.asset("icon.svg")}">
        \${tags(nonce)}</head><body><h1></h1><div id="root"></div>
        <img alt="" src="\${front.asset("src/logo.svg?v=1")}"></body></html>\`;
      return new Response(html, {
        headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy },
      });
    },
  };
}
`;

const svg = (size: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"></svg>`;

const FILES: Readonly<Record<string, string>> = {
  "package.json": `{
    "name": "template", "private": true, "type": "module",
    "devDependencies": { "@vitejs/plugin-react": "*", "vite": "*" }
  }`,
  "sidecar.config.ts":
    `export default { mode: "template", assetUrl: "/static/", routes: { home: "/" } };`,
  "vite.config.ts": `import react from "@vitejs/plugin-react";
export default {
  plugins: [react()],
  build: {
    assetsInlineLimit: 0,
    rollupOptions: { input: ["src/main.ts", "src/main.tsx", "src/page.css"] },
  },
};`,
  "server.ts": SERVER,
  // A leftover: the pages are the app's.
  "index.html": "<!doctype html><title>not the page</title>",
  "public/icon.svg": svg(16),
  "src/logo.svg": svg(32),
  "src/main.ts": `import "./page.css";
import logo from "./logo.svg";
document.querySelector("h1")!.textContent = "vanilla " + new URL(logo, location.href).pathname;
import("./lazy.ts").then((lazy) => lazy.mark());`,
  "src/lazy.ts": `import "./lazy.css";
export const mark = (): void => void (document.body.dataset["lazy"] = "loaded");`,
  "src/main.tsx": `import { createRoot } from "react-dom/client";
import { Counter } from "./Counter.tsx";
createRoot(document.querySelector("#root")!).render(<Counter />);`,
  "src/Counter.tsx": `import { useState } from "react";
import "./page.css";
export function Counter() {
  const [count, setCount] = useState(0);
  return <p><output id="count">{count}</output>
    <button id="increment" onClick={() => setCount(count + 1)}>first text</button></p>;
}`,
  "src/page.css": `h1 { color: rgb(1, 2, 3) }`,
  "src/lazy.css": `body { background: rgb(4, 5, 6) }`,
};

const styleOf = (page: Page, selector: string, property: string): Promise<unknown> =>
  page.evaluate(`getComputedStyle(document.querySelector("${selector}")).${property}`);

/** What holds with Vite and of a build. */
const steps: readonly Step[] = [
  [
    "a module without a framework runs, with its style, its asset and its lazy part",
    async ({ page, ready }) => {
      await page.goto(ready.url);
      await sees(page, "h1", /^vanilla \/static\/.*logo.*\.svg$/);
      await page.locator("body[data-lazy=loaded]").waitFor();
      equal(await styleOf(page, "h1", "color"), "rgb(1, 2, 3)");
      equal(await styleOf(page, "body", "backgroundColor"), "rgb(4, 5, 6)");
    },
  ],
  ["assets of the sources and of the public folder are there", async ({ page }) => {
    await page.waitForFunction(`document.images[0].naturalWidth === 32`);
    const icon = await page.getAttribute("link[rel=icon]", "href");
    equal(icon, "/static/icon.svg");
    equal((await page.request.get(new URL(icon, page.url()).href)).status(), 200);
  }],
  ["React runs", async ({ page, ready }) => {
    await page.goto(`${ready.url}react`);
    await countsUp(page);
    equal(await page.locator("script[data-turbo-track=reload]").count(), 1);
  }],
  ["a page of two entries runs both, each once", async ({ page, ready }) => {
    await page.goto(`${ready.url}both`);
    await sees(page, "h1", "vanilla");
    await countsUp(page);
    equal(await styleOf(page, "h1", "color"), "rgb(1, 2, 3)");
  }],
  ["an entry may be a style sheet", async ({ page, ready }) => {
    await page.goto(`${ready.url}style`);
    equal(await styleOf(page, "h1", "color"), "rgb(1, 2, 3)");
  }],
  ["the pieces work one by one", async ({ page, ready }) => {
    await page.goto(`${ready.url}by-hand`);
    await countsUp(page);
    deepEqual(await page.evaluate(`window.__LV_ROUTES__`), { home: "/" });
  }],
  ["a page that the app does not have is the app's 404", async ({ page, ready }) => {
    const response = await page.request.get(`${ready.url}nope`, {
      headers: { accept: "text/html" },
    });
    equal(response.status(), 404);
    equal(await response.text(), "the app has no such page");
  }],
];

const SERVE = ["--entry", "server.ts"];

/** Runs the steps of one mode, in which nothing may be written to the console. */
async function runQuietly(own: readonly Step[], session: DevSession): Promise<void> {
  const problems: string[] = [];
  session.page.on("pageerror", (error) => void problems.push(error.message));
  session.page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  await runSteps([...steps, ...own], session);
  deepEqual(problems, []);
}

browserTest(`template mode on ${runtimeName}: tags work with Vite`, async (browser) => {
  await withDevSession(browser, await createProject("template", FILES), SERVE, async (session) => {
    await runQuietly([
      [
        "an edit changes a React component and keeps its state",
        async ({ page, project, ready }) => {
          await page.goto(`${ready.url}react`);
          await countsUp(page);
          await markDocument(page);
          await project.edit("src/Counter.tsx", "first text", "second text");
          await sees(page, "#increment", "second text");
          equal(await readCount(page), 1);
          equal(await isSameDocument(page), true);
        },
      ],
      ["the version is constant", async ({ page, ready }) => {
        equal(await (await page.request.get(`${ready.url}version`)).text(), "dev");
      }],
    ], session);
  });
});

browserTest(`template mode on ${runtimeName}: tags work of a build`, async (browser) => {
  await withBuiltSession(
    browser,
    await createProject("template", FILES),
    SERVE,
    async (session) => {
      await runQuietly([
        ["no source is asked for, and nothing of Vite's", async ({ page, ready }) => {
          const asked: string[] = [];
          page.on("request", (request) => void asked.push(new URL(request.url()).pathname));
          await page.goto(`${ready.url}both`);
          await countsUp(page);
          deepEqual(
            asked.filter((path) =>
              !/^\/(?:both|static\/assets\/[\w.-]+|static\/icon\.svg)$/.test(path)
            ),
            [],
          );
        }],
        [
          "an entry that is not in the build is named, with the nearest",
          async ({ page, ready }) => {
            const response = await page.request.get(`${ready.url}missing`);
            equal(response.status(), 500);
            match(
              await response.text(),
              /^Cannot find "src\/mian\.ts" in the manifest ".*": .*"src\/main\.ts"/,
            );
          },
        ],
        ["the version is the build's", async ({ page, ready }) => {
          match(await (await page.request.get(`${ready.url}version`)).text(), /^[\w-]{8,}$/);
        }],
      ], session);
    },
  );
});

/** The front end in a folder of a monorepo, whose dependencies are listed above it, with a base of its own. */
async function createMonorepo(): Promise<Project> {
  const inner = Object.entries(FILES).map(([path, text]) => [`web/${path}`, text] as const);
  const project = await createProject("monorepo", {
    ...Object.fromEntries(inner),
    "package.json": FILES["package.json"] ?? "",
    "web/package.json": `{ "name": "web", "private": true, "type": "module" }`,
  });
  await project.edit("web/vite.config.ts", "plugins:", `base: "/elsewhere/",\n  plugins:`);
  return project;
}

browserTest(
  `template mode on ${runtimeName}: Vite says that there is React, and we its base`,
  async (browser) => {
    const args = ["--root", "web", "--entry", "web/server.ts"];
    await withDevSession(
      browser,
      await createMonorepo(),
      args,
      async ({ page, program, ready }) => {
        await page.goto(`${ready.url}react`);
        await countsUp(page);
        equal(await page.locator(`script[src="/static/src/main.tsx"]`).count(), 1);
        match(
          program.stderr(),
          /vite\.config says base "\/elsewhere\/", and assetUrl is "\/static\/": the second/,
        );
      },
    );
  },
);
