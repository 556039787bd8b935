/** The Litestar example in a real browser: its page speaks to a real backend by generated routes and types. */
import { deepEqual, equal } from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../_support/browser.ts";
import { runSteps, sees, type Step, withDevSession } from "../_support/dev_session.ts";
import { copyLitestar, installLitestar, LITESTAR } from "../_support/litestar.ts";
import { runtimeName, test } from "../_support/test.ts";

const titles = (page: Page): Promise<string[]> =>
  page.locator("#books td:first-child").allTextContents();

const steps: readonly Step[] = [
  ["the books come from the backend", async ({ page, ready }) => {
    await page.goto(ready.url);
    await sees(page, "#status", "3 books");
    deepEqual(await titles(page), ["The Left Hand of Darkness", "Invisible Cities", "Kindred"]);
    await sees(page, "#socket", "socket open: Litestar");
  }],
  ["a book is added", async ({ page }) => {
    await page.fill("[name=title]", "Ficciones & <i>");
    await page.fill("[name=author]", "Jorge Luis Borges");
    await page.click("text=Add");
    await sees(page, "#status", "4 books");
    equal((await titles(page)).at(-1), "Ficciones & <i>");
    equal(await page.inputValue("[name=title]"), "");
  }],
];

const NAME = `the Litestar example works in a browser (${runtimeName})`;
const litestarIsMissing = await installLitestar();

if (litestarIsMissing !== undefined) test.skip(NAME, litestarIsMissing);
else {
  browserTest(NAME, async (browser) => {
    const args = ["--backend-command", LITESTAR];
    await withDevSession(
      browser,
      await copyLitestar(),
      args,
      (session) => runSteps(steps, session),
    );
  });
}
