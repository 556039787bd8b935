/** The full-stack example by the commands of its README, with Vite and of a build, in a real browser. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import process from "node:process";
import type { Page } from "playwright-core";
import { browserTest } from "../_support/browser.ts";
import { withBuiltSession } from "../_support/built_session.ts";
import {
  isSameDocument,
  markDocument,
  runSteps,
  sees,
  type Step,
  withDevSession,
} from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { copyExample } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

// Whatever somebody who tried the example left in its folder.
process.env["DATABASE"] = ":memory:";

const titles = (page: Page): Promise<string[]> => page.locator("#books h2").allTextContents();

async function showsTitles(
  page: Page,
  expected: readonly string[],
): Promise<void> {
  const isSo = async (): Promise<boolean> => (await titles(page)).join() === expected.join();
  await eventually(`the books ${expected.join(", ")}`, isSo);
}

/** The fields that have an error, with what it says. */
async function errorsOf(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator("[data-wrong=true]").all();
  return Object.fromEntries(
    await Promise.all(rows.map(async (row) =>
      [
        await row.locator("label").textContent(),
        await row.locator(".error").textContent(),
      ] as const
    )),
  );
}

const steps: readonly Step[] = [
  ["the list comes from the server", async ({ page, ready }) => {
    await page.goto(ready.url);
    await sees(page, "#summary", "3 of 6 read, 856 pages");
    equal((await titles(page))[0], "The Periodic Table");
    await markDocument(page);
  }],
  ["a shelf and a search are a typed query", async ({ page }) => {
    const asked = page.waitForRequest(/shelf=read/);
    await page.click("nav >> text=Read 3");
    match((await asked).url(), /\/api\/books\?shelf=read$/);
    await showsTitles(page, [
      "The Left Hand of Darkness",
      "Invisible Cities",
      "The Dispossessed",
    ]);
    await page.fill("[type=search]", "le guin");
    await showsTitles(page, ["The Left Hand of Darkness", "The Dispossessed"]);
    await page.fill("[type=search]", "100%");
    await sees(page, ".empty", "No books here");
    await page.fill("[type=search]", "");
    await page.click("nav >> text=All 6");
  }],
  ["what the server refuses stands at its field", async ({ page }) => {
    await page.click("text=Add a book");
    await page.fill("#title", "  ");
    const refused = page.waitForResponse((response) => response.status() === 422);
    await page.click("text=Save");
    await refused;
    await sees(page, ".error", "A book needs a title");
    deepEqual(await errorsOf(page), {
      Title: "A book needs a title",
      Author: "Who wrote it?",
      Pages: "One page at least",
    });
    await page.fill("#title", "Piranesi");
    equal(
      await page.locator(".error", { hasText: "needs a title" }).count(),
      0,
    );
  }],
  ["a rule about two fields, too", async ({ page }) => {
    await page.fill("#author", "Susanna Clarke & <b>");
    await page.fill("#pages", "272");
    await page.selectOption("#rating", "5");
    await page.click("text=Save");
    await sees(page, ".error", "Read it first");
    deepEqual(await errorsOf(page), { Rating: "Read it first" });
  }],
  ["a book is added", async ({ page }) => {
    await page.selectOption("#shelf", "Read");
    await page.click("text=Save");
    await sees(page, "#summary", "4 of 7 read, 1,128 pages");
    await page.locator("dialog").waitFor({ state: "detached" });
    await sees(page, "#books li:first-child h2", "Piranesi");
    await sees(page, "#books li:first-child", "Susanna Clarke & <b>");
    equal(
      await page.locator("#books li:first-child .stars").getAttribute(
        "aria-label",
      ),
      "5 of 5 stars",
    );
  }],
  ["it is changed, and removed", async ({ page }) => {
    await page.click("#books li:first-child >> text=Edit");
    equal(await page.inputValue("#title"), "Piranesi");
    await page.fill("#note", "The Beauty of the House is immeasurable.");
    await page.click("text=Save");
    await sees(page, "#books li:first-child .note", "immeasurable");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.click("#books li:first-child >> text=Remove");
    await sees(page, "#summary", "3 of 6 read");
    ok(await isSameDocument(page));
  }],
  [
    "what nobody may send is refused by the server itself",
    async ({ ready }) => {
      const ask = async (path: string, init?: RequestInit): Promise<number> => {
        const response = await fetch(new URL(path, ready.url), init);
        await response.body?.cancel();
        return response.status;
      };
      equal(await ask("/api/books?shelf=lost"), 422);
      equal(await ask("/api/books/999", { method: "DELETE" }), 404);
      equal(await ask("/api/books/x", { method: "DELETE" }), 404);
      equal(await ask("/api/books/1"), 405);
    },
  ],
];

browserTest(
  `the full-stack example: a typed API in a page (${runtimeName})`,
  async (browser) => {
    await withDevSession(
      browser,
      await copyExample("fullstack-typed"),
      [],
      async (session) => {
        await runSteps(steps, session);
        // For whoever wants to look at it.
        const folder = process.env["SCREENSHOTS"];
        if (folder !== undefined) await shoot(session.page, folder);
      },
    );
  },
);

browserTest(
  `the full-stack example of a build (${runtimeName})`,
  async (browser) => {
    await withBuiltSession(
      browser,
      await copyExample("fullstack-typed"),
      [],
      async (session) => {
        await runSteps(steps, session);
      },
    );
  },
);

test(`the types in the full-stack example are up to date (${runtimeName})`, async () => {
  const project = await copyExample("fullstack-typed");
  const program = startSidecar(["generate-types", "--check"], { cwd: project.root });
  try {
    equal((await program.exited).code, 0, program.stderr());
  } finally {
    await project.remove();
  }
});

async function shoot(page: Page, folder: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.screenshot({ path: `${folder}/list.png` });
  await page.click("text=Add a book");
  await page.click("text=Save");
  await sees(page, ".error", "A book needs a title");
  await page.screenshot({ path: `${folder}/form.png` });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 400, height: 860 });
  await page.screenshot({ path: `${folder}/dark.png` });
}
