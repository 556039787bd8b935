/** What `build` makes, served by `serve`, in a real browser: hashes that hold, and a tab that outlives a deploy. */
import { equal, match } from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { browserTest, recordConsole } from "../_support/browser.ts";
import { sees } from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { createProject, type Project } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";

const FILES = {
  "package.json": '{ "name": "app", "type": "module" }',
  "index.html": `<!doctype html><title>app</title><h1></h1><button>more</button>
<script type="module" src="/src/main.js"></script>`,
  "src/main.js": `import "./main.css";
const show = (text) => document.querySelector("h1").textContent = text;
show("first");
document.querySelector("button").onclick = () =>
  import("./lazy.js").then(({ word }) => show(word), () => show("refused"));
`,
  "src/lazy.js": 'import "./lazy.css"; export const word = "lazy of the first";\n',
  "src/main.css": "h1 { color: rgb(1, 2, 3) }",
  "src/lazy.css": "h1 { color: rgb(3, 2, 1) }",
};

async function build(project: Project, ...args: string[]): Promise<void> {
  const program = startSidecar(["build", ...args], { cwd: project.root });
  equal((await program.exited).code, 0, program.stderr());
}

interface Site {
  readonly project: Project;
  readonly page: Page;
  readonly log: () => string;
}

async function withSite(
  browser: Browser,
  args: readonly string[],
  use: (site: Site) => Promise<void>,
): Promise<void> {
  const project = await createProject("built", FILES);
  try {
    await build(project, ...args);
    const program = startSidecar(["serve", "--port", "0", "--json"], { cwd: project.root });
    try {
      const { url } = await program.ready();
      const page = await browser.newPage();
      const log = recordConsole(page);
      await page.goto(url);
      await sees(page, "h1", "first");
      await use({ project, page, log });
    } catch (cause) {
      throw new Error(`${cause}\n${program.stderr()}`, { cause });
    } finally {
      await program.stop();
    }
  } finally {
    await project.remove();
  }
}

browserTest(
  "with --integrity a page, its style sheets and what it loads later run",
  async (browser) => {
    await withSite(browser, ["--integrity"], async ({ page, log }) => {
      await page.click("button");
      await sees(page, "h1", "lazy of the first");
      equal(log(), "");
    });
  },
);

browserTest(
  "with --integrity a module that somebody changed does not run, though no tag names it",
  async (browser) => {
    await withSite(browser, ["--integrity", "--no-precompress"], async ({ project, page, log }) => {
      await page.route(/assets\/lazy-.*\.js$/, async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.text()) + "\n// changed" });
      });
      await page.click("button");
      await sees(page, "h1", "refused");
      match(log(), /integrity/);
      equal((await readdir(join(project.root, "dist"))).includes("index.html"), true);
    });
  },
);

browserTest("a tab that is open outlives a deploy", async (browser) => {
  await withSite(browser, [], async ({ project, page, log }) => {
    const lazy = join(project.root, "src/lazy.js");
    await writeFile(lazy, 'export const word = "lazy of the second";\n');
    await build(project);
    await page.click("button");
    await sees(page, "h1", "lazy of the first");
    equal(log(), "");
    // The server looks for a deploy twice a second.
    await eventually("the second build", async () => {
      await page.reload();
      await page.click("button");
      await sees(page, "h1", /lazy/);
      return await page.textContent("h1") === "lazy of the second";
    }, { withinMs: 10_000 });
  });
});
