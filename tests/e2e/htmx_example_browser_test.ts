/**
 * The htmx example by the commands of its README, with Vite and of a build: a real browser, htmx 4, Alpine, SQLite, and
 * a content security policy that lets no script run without a nonce.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import process from "node:process";
import type { Page } from "playwright-core";
import { browserTest } from "../_support/browser.ts";
import { withBuiltSession } from "../_support/built_session.ts";
import {
  type DevSession,
  isSameDocument,
  markDocument,
  runSteps,
  sees,
  type Step,
  withDevSession,
} from "../_support/dev_session.ts";
import { copyExample } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

// Whatever somebody who tried the example left in its folder.
process.env["DATABASE"] = ":memory:";

/** The module of the chart: the source, or the file that it became. */
const CHART_REGEXP = /^\/static\/(?:src\/chart\.ts$|assets\/chart-[\w-]+\.js$)/;
/** Whose text is hidden is not there for a user. */
const TEXTS = "#items li span";

const texts = (page: Page): Promise<string[]> => page.locator(TEXTS).allTextContents();

async function add(page: Page, text: string): Promise<void> {
  await page.fill("form[action] input", text);
  await page.click("form[action] button");
}

/** Paths below the asset URL that a page asked for. */
const asked: string[] = [];

const chartsAsked = (): number => asked.filter((path) => CHART_REGEXP.test(path)).length;

const steps: readonly Step[] = [
  [
    "the page comes from the app, under a policy, its modules from below a prefix",
    async ({ page, ready }) => {
      asked.length = 0;
      page.on("request", (request) => {
        const { pathname } = new URL(request.url());
        if (pathname.startsWith("/static/")) asked.push(pathname);
      });
      const response = await page.goto(ready.url);
      const policy = response?.headers()["content-security-policy"] ?? "";
      match(policy, /script-src 'nonce-[\w+/]{22}==' 'strict-dynamic';/);
      ok(!policy.includes("unsafe"));
      await sees(page, "h1", "To do");
      await page.waitForFunction(() => "Alpine" in globalThis && "htmx" in globalThis);
      await markDocument(page);
    },
  ],
  ["a to-do is added in place, and the form is empty again", async ({ page }) => {
    await add(page, "Milk & <b>honey</b>");
    await sees(page, TEXTS, "Milk & <b>honey</b>");
    await sees(page, "#count", "1 open");
    equal(await page.inputValue("form[action] input"), "");
  }],
  ["what is wrong stands under the form, whatever the target is", async ({ page }) => {
    await page.click("form[action] button");
    await sees(page, "#error", "There is nothing to do in it");
    deepEqual(await texts(page), ["Milk & <b>honey</b>"]);
    await add(page, "Bread");
    await sees(page, "#count", "2 open");
    await page.locator("#error:empty").waitFor({ state: "attached" });
  }],
  ["a module comes with the fragment that needs it", async ({ page }) => {
    equal(chartsAsked(), 0);
    await page.click("text=Show the chart");
    await sees(page, "todo-chart[data-drawn]", "2 open");
    equal(chartsAsked(), 1);
    // As text: what a page has is not known to the runtimes' types.
    const background = await page.evaluate(
      "getComputedStyle(document.querySelector('todo-chart .open')).backgroundColor",
    );
    equal(background, "rgb(70, 130, 180)");
  }],
  ["an event of an answer renews the chart, its module runs once", async ({ page }) => {
    await page.locator("#items li", { hasText: "Bread" }).locator("[type=checkbox]").click();
    await sees(page, "#count", "1 open");
    await sees(page, "todo-chart[data-drawn]", "1 done1 open");
    equal(chartsAsked(), 1);
  }],
  ["Alpine shows the form that htmx sends", async ({ page }) => {
    const item = page.locator("#items li", { hasText: "Bread" });
    ok(!await item.locator("form").isVisible());
    await item.locator("span").dblclick();
    await item.locator("form input").fill("Rye bread");
    await item.locator("form input").press("Enter");
    await sees(page, TEXTS, "Rye bread");
    ok(await page.locator("#items li[data-done=true]", { hasText: "Rye bread" }).isVisible());
    await page.locator("#items li form").first().waitFor({ state: "hidden" });
  }],
  ["a filter changes the list and the address", async ({ page }) => {
    await page.click("nav >> text=done");
    await sees(page, "nav [aria-current=true]", "done");
    deepEqual(await texts(page), ["Rye bread"]);
    equal(new URL(page.url()).search, "?filter=done");
    ok(await isSameDocument(page), "the page was reloaded");
  }],
  ["the way back gets the page, and so does a reload of the filter's address", async ({ page }) => {
    await page.goBack();
    await sees(page, "nav [aria-current=true]", "all");
    equal((await texts(page)).length, 2);
    await page.goForward();
    await sees(page, "nav [aria-current=true]", "done");
    await page.reload();
    await sees(page, "h1", "To do");
    deepEqual(await texts(page), ["Rye bread"]);
  }],
  ["what is removed is gone", async ({ page }) => {
    await page.click("[aria-label=Remove]");
    await page.locator("#items li").waitFor({ state: "detached" });
    await page.reload();
    deepEqual(await texts(page), []);
  }],
  ["without JavaScript the form works as forms do", async ({ page, ready }) => {
    const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
    try {
      const plain = await context.newPage();
      await plain.goto(ready.url);
      await add(plain, "Butter");
      await sees(plain, TEXTS, "Butter");
      equal(new URL(plain.url()).pathname, "/");
    } finally {
      await context.close();
    }
  }],
];

async function runExample(session: DevSession): Promise<void> {
  const problems: string[] = [];
  session.page.on("pageerror", (error) => void problems.push(error.message));
  session.page.on("console", (message) => {
    // Chromium's own words for the 422 that is meant.
    if (message.type() === "error" && !message.text().includes("422")) {
      problems.push(message.text());
    }
  });
  await runSteps(steps, session);
  deepEqual(problems, []);
}

const ENTRY = ["--entry", "server.ts"];

browserTest(`the htmx example works in a browser, with Vite (${runtimeName})`, async (browser) => {
  await withDevSession(browser, await copyExample("htmx"), ENTRY, async (session) => {
    await runExample(session);
    ok(asked.includes("/static/@vite/client"));
  });
});

browserTest(`the htmx example works in a browser, built (${runtimeName})`, async (browser) => {
  await withBuiltSession(browser, await copyExample("htmx"), ENTRY, async (session) => {
    await runExample(session);
    deepEqual(asked.filter((path) => !path.startsWith("/static/assets/")), []);
  });
});
