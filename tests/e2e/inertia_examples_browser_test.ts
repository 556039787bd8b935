/** The three examples of Inertia by the commands of their README, with Vite and of a build, in a real browser. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
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
import { eventually } from "../_support/eventually.ts";
import { copyExample } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

// Whatever somebody who tried an example left in its folder.
process.env["DATABASE"] = ":memory:";
process.env["LV_SESSION_KEY"] = "a secret of these tests that is long enough";

const ENTRY = ["--entry", "server.ts"];
/** A PNG of one pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const flashIs = (page: Page, text: string | RegExp): Promise<void> =>
  sees(page, "[role=status]", text);

async function countIs(page: Page, selector: string, least: number): Promise<void> {
  const count = (): Promise<number> => page.locator(selector).count();
  await eventually(`${least} of ${selector}`, async () => await count() >= least);
}

const toTheEnd = (page: Page): Promise<void> =>
  page.evaluate("scrollTo(0, document.body.scrollHeight)");

const contacts: readonly Step[] = [
  ["the page is there before its scripts are", async ({ page, ready }) => {
    const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${ready.url}contacts/1`);
    await sees(plain, "h1", "Ada Abbott");
    await plain.goto(ready.url);
    equal(await plain.locator("#contacts a").count(), 20);
    await sees(plain, "aside", "Counting…");
    await context.close();
  }],
  ["the list and what comes after it", async ({ page, ready }) => {
    await page.goto(ready.url);
    await sees(page, "#total", "96");
    await markDocument(page);
    equal(await page.locator("#app").getAttribute("data-server-rendered"), "true");
    equal(await page.title(), "Everybody · Contacts");
  }],
  ["the list grows", async ({ page }) => {
    await toTheEnd(page);
    await countIs(page, "#contacts a", 40);
  }],
  ["a search starts the list anew", async ({ page }) => {
    await page.fill("[type=search]", "Haddad");
    await eventually("those alone", async () => await page.locator("#contacts a").count() === 12);
    match(page.url(), /\?search=Haddad$/);
    equal(await page.inputValue("[type=search]"), "Haddad");
  }],
  ["a contact, and who else is in its city", async ({ page }) => {
    await page.click("text=Grace Haddad");
    await sees(page, "h1", "Grace Haddad");
    await countIs(page, "section .line", 1);
    await page.click("[aria-label=Favourite]");
    await page.locator("[aria-label=Favourite][aria-pressed=true]").waitFor();
  }],
  ["a form that says what is wrong, and keeps what was typed", async ({ page }) => {
    await page.click("text=New contact");
    await page.fill("[name=email]", "nobody");
    await page.locator("[name=email]").blur();
    await sees(page, ".error", "This is no e-mail address");
    await page.click("button >> text=Save");
    await sees(page, ".error", "A contact needs a name");
    await page.fill("[name=name]", "Ångström, <Knut>");
    await page.fill("[name=email]", "knut@example.org");
    await page.click("button >> text=Save");
    await sees(page, "h1", "Ångström, <Knut>");
    await flashIs(page, "Ångström, <Knut> is saved");
    match(page.url(), /\/contacts\/97$/);
  }],
  ["it is changed, and removed", async ({ page }) => {
    await page.click("text=Edit");
    await page.fill("[name=city]", "Uppsala");
    await page.click("button >> text=Save");
    await sees(page, ".facts", "Uppsala");
    page.once("dialog", (dialog) => void dialog.accept());
    await page.click("button >> text=Remove");
    await flashIs(page, "Ångström, <Knut> is gone");
    await sees(page, "#total", "96");
    ok(await isSameDocument(page));
  }],
  ["an address of nothing", async ({ page, ready }) => {
    const response = await page.goto(`${ready.url}contacts/9999`);
    equal(response?.status(), 404);
    await sees(page, "h1", "There is nothing here");
  }],
];

const tickets: readonly Step[] = [
  ["pages of the list", async ({ page, ready }) => {
    await page.goto(ready.url);
    await sees(page, "h1", "Open tickets");
    await markDocument(page);
    equal(await page.locator(".ticket").count(), 12);
    await countIs(page, ".chart i", 14);
    await page.click(".pages >> text=2");
    await page.locator(".pages [aria-current=page]", { hasText: "2" }).waitFor();
    match(page.url(), /\?page=2$/);
    equal(await page.locator(".ticket").count(), 10);
  }],
  ["what is closed", async ({ page }) => {
    await page.click(".side >> text=Closed");
    await sees(page, "h1", "Closed tickets");
    equal(await page.locator(".ticket").count(), 10);
  }],
  ["a ticket is opened, once all is right", async ({ page }) => {
    await page.click("text=New ticket");
    await page.fill("[name=title]", "abc");
    await page.locator("[name=title]").blur();
    await sees(page, ".error", "Five letters at least");
    await page.fill("[name=title]", "The door squeaks");
    await page.fill("[name=body]", "Since the rain.");
    await page.fill("[name=author]", "Ada");
    await page.check("text=high");
    await page.click("text=Open the ticket");
    await sees(page, "h1", "The door squeaks");
    await sees(page, ".priority", "high");
    await flashIs(page, "Ticket 33 is open");
    await sees(page, ".side", "23");
  }],
  ["a comment with a file", async ({ page, ready }) => {
    await page.click("text=Send");
    await sees(page, ".error", "There is nothing in it");
    await page.fill("[name=author]", "Grace");
    await page.fill("[name=text]", "Oil helps.");
    const file = { name: "größe.txt", mimeType: "text/plain", buffer: Buffer.from("3 drops") };
    await page.setInputFiles("[type=file]", file);
    await page.click("text=Send");
    await sees(page, ".comments li", "Oil helps.");
    await sees(page, ".file", "größe.txt");
    equal(await page.inputValue("[name=text]"), "");
    const path = await page.locator(".file").getAttribute("href");
    const response = await fetch(new URL(path!, ready.url));
    equal(await response.text(), "3 drops");
    match(response.headers.get("content-disposition") ?? "", /^attachment;/);
  }],
  ["what others write comes by itself", async ({ page }) => {
    const other = await page.context().browser()!.newPage();
    await other.goto(page.url());
    await other.fill("[name=author]", "Mika");
    await other.fill("[name=text]", "From another window.");
    await other.click("text=Send");
    await sees(page, ".comments li", "From another window.");
    await other.close();
  }],
  ["it is closed", async ({ page }) => {
    await page.click("button >> text=Close");
    await flashIs(page, "Ticket 33 is closed");
    await sees(page, "button", "Open again");
    ok(await isSameDocument(page));
  }],
];

const recipes: readonly Step[] = [
  ["the wall grows, and its address follows", async ({ page, ready }) => {
    await page.goto(ready.url);
    await countIs(page, "#recipes a", 12);
    await markDocument(page);
    await toTheEnd(page);
    await countIs(page, "#recipes a", 24);
    await page.locator("#recipes a").nth(20).scrollIntoViewIfNeeded();
    await eventually("the address of a page", () => /\?page=\d$/.test(page.url()));
  }],
  ["one kind of them", async ({ page }) => {
    await page.click(".kinds >> text=soup");
    await eventually("six soups", async () => await page.locator("#recipes a").count() === 6);
    equal(new URL(page.url()).search, "?kind=soup");
  }],
  ["amounts for the guests, and what is like it", async ({ page }) => {
    await page.click("text=Lemon soup");
    await sees(page, "h1", "Lemon soup");
    await sees(page, ".ingredients", "800 ml stock");
    await page.click("[aria-label=Fewer]");
    await page.click("[aria-label=Fewer]");
    await sees(page, ".ingredients", "400 ml stock");
    await page.locator(".others").scrollIntoViewIfNeeded();
    await countIs(page, ".others a", 3);
  }],
  ["what is wrong stands where it is", async ({ page }) => {
    await page.click("text=New recipe");
    await page.fill("[name=title]", "Bread");
    await page.fill("[aria-label=Amount]", "500");
    await page.fill("[aria-label=Name]", "flour");
    await page.click("text=One more");
    await page.fill("[name=steps]", "Knead.\nBake.");
    await page.click("button >> text=Save");
    await page.locator(".ingredient").nth(1).locator(".error", { hasText: "How much?" }).waitFor();
    equal(await page.locator(".ingredient").nth(0).locator(".error").textContent(), "");
  }],
  ["a recipe with a photo", async ({ page }) => {
    await page.locator("[aria-label=Amount]").nth(1).fill("7");
    await page.locator("[aria-label=Name]").nth(1).fill("yeast");
    const file = { name: "bread.png", mimeType: "image/png", buffer: Buffer.from(PNG, "base64") };
    await page.setInputFiles("[type=file]", file);
    await page.click("button >> text=Save");
    await sees(page, "h1", "Bread");
    await sees(page, ".ingredients", "7 g yeast");
    await flashIs(page, "Bread is in the book");
    const width = () =>
      page.locator("img.picture").evaluate((image) => Reflect.get(image, "naturalWidth"));
    await eventually("the photo", async () => await width() === 1);
    ok(await isSameDocument(page));
  }],
];

async function run(steps: readonly Step[], session: DevSession): Promise<void> {
  const problems: string[] = [];
  session.page.on("pageerror", (error) => void problems.push(error.message));
  session.page.on("console", (message) => {
    const text = message.text();
    // Chromium's own words for a 404 that is meant, and for a field that is not right.
    const isMeant = /^Failed to load resource: .* 4(?:04|22) /.test(text);
    if (["error", "warning"].includes(message.type()) && !isMeant) problems.push(text);
  });
  await runSteps(steps, session);
  deepEqual(problems, []);
}

const EXAMPLES = {
  "react-inertia": contacts,
  "vue-inertia": tickets,
  "svelte-inertia": recipes,
} as const;

for (const [name, steps] of Object.entries(EXAMPLES)) {
  browserTest(`${name} works in a browser, with Vite (${runtimeName})`, async (browser) => {
    await withDevSession(
      browser,
      await copyExample(name),
      ENTRY,
      (session) => run(steps, session),
    );
  });

  browserTest(`${name} works in a browser, built (${runtimeName})`, async (browser) => {
    await withBuiltSession(
      browser,
      await copyExample(name),
      ENTRY,
      (session) => run(steps, session),
    );
  });
}
