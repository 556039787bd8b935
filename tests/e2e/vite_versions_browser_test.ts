/** Older Vites behind the port: no framework here, since plugins follow the newest one. */
import { match, ok } from "node:assert/strict";
import { browserTest } from "../_support/browser.ts";
import { isSameDocument, markDocument, sees, withDevSession } from "../_support/dev_session.ts";
import { createProject, useVite } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

const FILES = {
  "package.json": `{ "name": "vanilla", "private": true, "type": "module" }`,
  "index.html": `<!doctype html><title>Vanilla</title><h1></h1>
<script type="module" src="/src/main.ts"></script>`,
  "src/main.ts": `import { text } from "./text.ts";
import "./style.css";
const show = (value: string): void => void (document.querySelector("h1")!.textContent = value);
show(text);
import.meta.hot?.accept("./text.ts", (module) => show(module?.text));`,
  "src/text.ts": `export const text: string = "before";`,
  "src/style.css": `h1 { color: rgb(4, 5, 6) }`,
};

for (const major of ["6", "7"]) {
  const name =
    `dev on ${runtimeName} with Vite ${major}: loads, and takes an edit without a reload`;
  browserTest(name, async (browser) => {
    const project = await createProject(`vite${major}`, FILES);
    await useVite(project, `vite${major}`);
    await withDevSession(browser, project, [], async ({ page, ready }) => {
      match(ready.vite.version, new RegExp(`^${major}\\.`));
      await page.goto(ready.url);
      await sees(page, "h1", "before");
      await markDocument(page);
      await project.edit("src/text.ts", "before", "after");
      await sees(page, "h1", "after");
      ok(await isSameDocument(page), "the page was reloaded");
    });
  });
}
