/**
 * What holds for each of Inertia's clients in a real browser, written once.
 *
 * @module
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Browser, ConsoleMessage, Page } from "playwright-core";
import { browserTest } from "./browser.ts";
import { isSameDocument, markDocument, openPage, sees } from "./dev_session.ts";
import { eventually } from "./eventually.ts";
import { type Asked, SCROLL } from "./inertia_app.ts";
import { type InertiaClient, type InertiaStage, withInertiaClient } from "./inertia_clients.ts";
import { runtimeName } from "./test.ts";

/** What a scenario works with. */
export interface Scene extends InertiaStage {
  readonly page: Page;
  /** Everything that was asked since the page was opened, without what opened it. */
  asked(): readonly Asked[];
}

/** A thing that holds, and the code that shows it. */
export interface Scenario {
  readonly name: string;
  /** Where it begins. @default "/" */
  readonly path?: string;
  /** What the browser may say on its console though all is well. @default nothing */
  readonly allows?: RegExp;
  /** Since which version of the protocol it holds. @default 2 */
  readonly since?: 3;
  run(scene: Scene): Promise<void>;
}

/**
 * `@inertiajs/react` 3.7 shows a deferred prop that came before its own effects ran from within one of them, and React's
 * build for development says so; it shows it all the same.
 */
const REACT_FLUSH = /^flushSync was called from inside a lifecycle method/;

/** After so many a client has a fault of its own. */
const MAX_FAILURES = 3;

/** Chromium's own words for a status of 400 and above. */
const CONFLICT = /^Failed to load resource: .* 409 /;

const propsOf = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse(await page.locator("#props").textContent() ?? "");

const flashOf = async (page: Page): Promise<Record<string, unknown>> =>
  JSON.parse(await page.locator("#flash").textContent() ?? "");

/** Waits for a component by name. */
const shows = (page: Page, component: string): Promise<void> => sees(page, "h1", component);

async function propIs(page: Page, name: string, value: unknown): Promise<void> {
  await eventually(`the prop ${name} ${JSON.stringify(value)}`, async () => {
    deepEqual((await propsOf(page))[name], value);
    return true;
  });
}

/** Clicks a link or a button of the frame. */
const click = (page: Page, text: string): Promise<void> =>
  page.getByText(text, { exact: true }).click();

const pathOf = (page: Page): string => page.url().replace(/^https?:\/\/[^/]+/, "");

async function pathIs(page: Page, path: string): Promise<void> {
  await eventually(`the address ${path}, not ${pathOf(page)}`, () => pathOf(page) === path);
}

/** The numbers of the rows that an endless list has, each once and in order. */
async function rowsOf(page: Page): Promise<readonly number[]> {
  const rows = (await page.locator("#rows p").allTextContents()).map(Number);
  deepEqual(rows, rows.map((_, at) => rows[0]! + at));
  return rows;
}

// As text: what a page has is not known to the runtimes' types.
const stateOf = (page: Page): Promise<unknown> =>
  page.evaluate("Object.prototype.toString.call(history.state.page)");

const visiting: readonly Scenario[] = [
  {
    name: "the first visit shows the page of the document",
    async run({ page, app, asked }) {
      const props = await propsOf(page);
      equal(props["greeting"], "hello </script><!-- \u2028");
      deepEqual(props["app"], { name: "fixture" });
      deepEqual(props["errors"], {});
      ok(!("filters" in props));
      equal(await page.textContent("#url"), "/");
      deepEqual(app.asked.map(({ path, isInertia }) => [path, isInertia]), [["/", false]]);
      deepEqual(asked(), []);
    },
  },
  {
    name: "a link changes the page within the document, by one request",
    async run({ page, asked, origin }) {
      await page.fill("#kept", "typed");
      await click(page, "users");
      await shows(page, "Users");
      equal(page.url(), `${origin}/users`);
      equal(asked().length, 1);
      equal(asked()[0]?.header("x-inertia-version"), "1");
      equal(await page.inputValue("#kept"), "");
      ok(await isSameDocument(page));
    },
  },
  {
    name: "a partial reload gets what it asks for, and computes nothing else",
    async run({ page, app, asked }) {
      await page.fill("#kept", "typed");
      await click(page, "time");
      await propIs(page, "time", 2);
      deepEqual((await propsOf(page))["people"], ["person 1"]);
      equal(app.calls.get("people"), 1);
      equal(asked()[0]?.header("x-inertia-partial-data"), "time");
      equal(asked()[0]?.header("x-inertia-partial-component"), "Home");
      equal(await page.inputValue("#kept"), "typed");
      await click(page, "not people");
      await propIs(page, "time", 3);
      equal(app.calls.get("people"), 1);
      // An optional prop is one of all that are not excepted.
      equal((await propsOf(page))["filters"], "filters 1");
      await click(page, "filters");
      await propIs(page, "filters", "filters 2");
      equal(app.calls.get("time"), 3);
    },
  },
  {
    name: "a part of a prop is reloaded, its other parts stay",
    since: 3,
    async run({ page, app }) {
      await click(page, "one of two");
      await propIs(page, "nested", { one: 2, two: 1 });
      equal(app.calls.get("nested.two"), 1);
    },
  },
  {
    name: "back and forward need no server, and come back to where the page was scrolled",
    path: "/visible",
    async run({ page, app, origin }) {
      await page.goto(`${origin}/`);
      await click(page, "users");
      await shows(page, "Users");
      await click(page, "home");
      await shows(page, "Home");
      await markDocument(page);
      const before = app.asked.length;
      await page.goBack();
      await shows(page, "Users");
      deepEqual((await propsOf(page))["users"], ["Ada", "Grace"]);
      await page.goBack();
      await shows(page, "Home");
      await page.goForward();
      await shows(page, "Users");
      equal(app.asked.length, before);
      ok(await isSameDocument(page));
    },
  },
  {
    name: "a redirect after PUT is followed by GET",
    async run({ page, asked }) {
      await click(page, "change");
      await shows(page, "Users");
      await pathIs(page, "/users");
      deepEqual(asked().map(({ method, path }) => `${method} ${path}`), [
        "PUT /change",
        "GET /users",
      ]);
    },
  },
  {
    name: "a page of an error is a page",
    allows: /^Failed to load resource: .* 404 /,
    async run({ page }) {
      await click(page, "nowhere");
      await shows(page, "Nowhere");
      equal((await propsOf(page))["status"], 404);
      await pathIs(page, "/nowhere");
    },
  },
  {
    name: "a redirect keeps its fragment",
    since: 3,
    allows: CONFLICT,
    async run({ page }) {
      await click(page, "fragment");
      await shows(page, "Users");
      await pathIs(page, "/users#kept");
      ok(await isSameDocument(page));
    },
  },
];

const leaving: readonly Scenario[] = [
  {
    name: "another version loads the document once, where the link leads",
    allows: CONFLICT,
    async run({ page, app, asked }) {
      app.version = "2";
      await click(page, "users");
      await shows(page, "Users");
      await pathIs(page, "/users");
      deepEqual(asked().map(({ path, isInertia }) => [path, isInertia]), [
        ["/users", true],
        ["/users", false],
      ]);
      // The handler did not run for the stale client.
      equal(app.calls.get("users"), 1);
      ok(!await isSameDocument(page));
      await click(page, "home");
      await shows(page, "Home");
      equal(asked().length, 3);
    },
  },
  {
    name: "location() leaves for another site",
    allows: CONFLICT,
    async run({ page, elsewhere }) {
      await click(page, "leave");
      await page.waitForURL(`${elsewhere}/left`);
      await shows(page, "Elsewhere");
    },
  },
  {
    name: "a redirect to another site is one, though a script asked",
    allows: CONFLICT,
    async run({ page, elsewhere }) {
      await click(page, "moved");
      await page.waitForURL(`${elsewhere}/moved`);
      await shows(page, "Elsewhere");
    },
  },
];

const loading: readonly Scenario[] = [
  {
    name: "deferred props come by group, side by side",
    path: "/deferred",
    async run({ page, app, asked }) {
      await sees(page, "#quick", "quick 1");
      equal(await page.textContent("#slow"), "waits");
      app.open("slow");
      await sees(page, "#slow", "slow 1 slower 1");
      await eventually("three groups", () => asked().length === 3);
      deepEqual(asked().map((each) => each.header("x-inertia-partial-data")).sort(), [
        "broken",
        "quick",
        "slow,slower",
      ]);
    },
  },
  {
    name: "a deferred prop that fails is rescued, and reported",
    path: "/deferred",
    since: 3,
    async run({ page, app }) {
      app.open("slow");
      await sees(page, "#broken", "rescued");
      await sees(page, "#slow", "slow 1 slower 1");
      deepEqual(app.reports.map(String), ["Error: broken on purpose"]);
    },
  },
  {
    name: "WhenVisible asks when its place is seen, once",
    path: "/visible",
    async run({ page, app, asked }) {
      equal(await page.textContent("#late"), "waits");
      deepEqual(asked(), []);
      await page.locator("#late").scrollIntoViewIfNeeded();
      await sees(page, "#late", "late 1");
      await page.evaluate("scrollTo(0, 0)");
      await page.locator("#late").scrollIntoViewIfNeeded();
      equal(app.calls.get("late"), 1);
      equal(asked().length, 1);
    },
  },
  {
    name: "an endless list grows both ways, up to its ends",
    path: "/scroll?page=3",
    async run({ page, app, asked }) {
      const { limit, total } = SCROLL;
      const grown = (from: number, to: number) =>
        eventually(`rows ${from} to ${to}`, async () => {
          const rows = await rowsOf(page);
          return rows[0] === from && rows.at(-1) === to - 1;
        });
      // What is put in front moves what is seen: a user scrolls on.
      await eventually("the next page", async () => {
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        return (await rowsOf(page)).at(-1)! >= 4 * limit - 1;
      });
      await eventually("the beginning", async () => {
        await page.evaluate("scrollTo(0, 0)");
        return (await rowsOf(page))[0] === 0;
      });
      await eventually("the end", async () => {
        await page.evaluate("scrollTo(0, document.body.scrollHeight)");
        return (await rowsOf(page)).at(-1) === total - 1;
      });
      await grown(0, total);
      equal(app.calls.get("other"), 1);
      const intents = asked().map((each) => each.header("x-inertia-infinite-scroll-merge-intent"));
      equal(intents.filter((intent) => intent === "prepend").length, 2);
      equal(intents.filter((intent) => intent === "append").length, total / limit - 3);
      equal(new Set(asked().map(({ path }) => path)).size, total / limit - 1);
    },
  },
  {
    name: "the address follows the endless list, and a reload begins there",
    path: "/scroll",
    async run({ page, app }) {
      await page.locator("#rows p").nth(SCROLL.limit - 1).scrollIntoViewIfNeeded();
      await eventually("the second page", async () => (await rowsOf(page)).length > SCROLL.limit);
      await page.locator("#rows p").nth(2 * SCROLL.limit - 2).scrollIntoViewIfNeeded();
      await eventually("the address of a page", () => /[?&]page=[2-4]/.test(page.url()));
      app.asked.length = 0;
      await page.reload();
      await shows(page, "Scroll");
      match(app.asked[0]?.path ?? "", /^\/scroll\?page=[2-4]$/);
      ok((await rowsOf(page))[0]! >= 0);
    },
  },
  {
    name: "merged props are added behind, in front, over their like, and key by key",
    path: "/merge",
    async run({ page }) {
      await click(page, "more");
      await propIs(page, "added", [1, 2]);
      const props = await propsOf(page);
      deepEqual(props["newest"], [2, 1]);
      deepEqual(props["matched"], [{ id: 1, n: 3 }, { id: 2 }, { id: 4 }]);
      deepEqual(props["settings"], { kept: { k1: true, k3: true }, list: [2, 4] });
      await click(page, "reset");
      await propIs(page, "added", [3]);
      deepEqual((await propsOf(page))["newest"], [3, 2, 1]);
    },
  },
  {
    name: "once props are computed once, whatever page has them",
    path: "/once/a",
    async run({ page, app, asked }) {
      await click(page, "b");
      await shows(page, "OnceB");
      const props = await propsOf(page);
      deepEqual([props["plans"], props["rates"], props["fresh"]], [
        "plans 1",
        "rates 1",
        "fresh 2",
      ]);
      deepEqual([app.calls.get("plans"), app.calls.get("rates")], [1, 1]);
      const known = asked()[0]?.header("x-inertia-except-once-props")?.split(",").sort();
      deepEqual(known, ["fresh", "plans", "rates-of-today"]);
      await click(page, "plans");
      await propIs(page, "plans", "plans 2");
      await click(page, "a");
      await shows(page, "OnceA");
      equal((await propsOf(page))["plans"], "plans 2");
    },
  },
  {
    name: "polling asks for its props until the page is left",
    path: "/poll",
    async run({ page, app }) {
      await sees(page, "#ticks", "4");
      equal(app.calls.get("other"), 1);
      await click(page, "home");
      await shows(page, "Home");
      const polls = (): number => app.asked.filter(({ path }) => path === "/poll").length;
      await eventually("no poll within three intervals", async () => {
        const before = polls();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return polls() === before;
      });
    },
  },
  {
    name: "a prefetched page is shown without another request",
    async run({ page, asked }) {
      await page.getByText("users by hover").hover();
      await eventually("the prefetch", () => asked().length === 1);
      equal(asked()[0]?.header("purpose"), "prefetch");
      equal(await page.textContent("h1"), "Home");
      await click(page, "users by hover");
      await shows(page, "Users");
      await pathIs(page, "/users?prefetched");
      equal(asked().length, 1);
    },
  },
];

const sending: readonly Scenario[] = [
  {
    name: "errors go to the form of their bag alone, and away when it is right",
    path: "/forms",
    async run({ page, asked }) {
      await page.click("#person button");
      await sees(page, "#person .name", "Who is it?");
      await sees(page, "#person .city", "Where is it?");
      equal(await page.textContent("#company .name"), "");
      equal(asked()[0]?.header("x-inertia-error-bag"), "person");
      await pathIs(page, "/forms");
      await page.fill("#company [name=name]", "ab");
      await page.click("#company button");
      await sees(page, "#company .name", "Three letters at least");
      equal(await page.inputValue("#company [name=name]"), "ab");
      await page.fill("#company [name=name]", "abc");
      await page.click("#company button");
      await sees(page, "#company .done", "done");
      equal(await page.textContent("#company .name"), "");
      equal((await flashOf(page))["message"], "abc is saved");
      await pathIs(page, "/forms");
    },
  },
  {
    name: "flash is told by the next page, and by no other",
    path: "/forms",
    async run({ page }) {
      await page.fill("#person [name=name]", "Ada");
      await page.fill("#person [name=city]", "Paris");
      await page.click("#person button");
      await shows(page, "Users");
      deepEqual(await flashOf(page), { message: "Ada of Paris is saved" });
      await click(page, "home");
      await shows(page, "Home");
      deepEqual(await flashOf(page), {});
      await page.goBack();
      await shows(page, "Users");
      deepEqual(await flashOf(page), {});
    },
  },
  {
    name: "files are uploaded",
    path: "/forms",
    async run({ page, asked }) {
      const file = (name: string, text: string) => ({
        name,
        mimeType: "text/plain",
        buffer: Buffer.from(text),
      });
      const files = [file("größe.txt", "first"), file("b.txt", "second")];
      await page.setInputFiles("#upload [type=file]", files);
      await page.click("#upload button");
      await eventually("the flash", async () => "title" in await flashOf(page));
      deepEqual(await flashOf(page), {
        title: "holiday",
        names: ["files[0]=größe.txt", "files[1]=b.txt"],
        texts: ["first", "second"],
      });
      match(asked()[0]?.header("content-type") ?? "", /^multipart\/form-data/);
    },
  },
  {
    name: "a field is validated ahead of the submit",
    path: "/forms",
    allows: /^Failed to load resource: .* 422 /,
    async run({ page, asked }) {
      const input = page.locator("#live [name=name]");
      await input.fill("  ");
      await input.blur();
      await sees(page, "#live .name", "Who is it?");
      equal(asked()[0]?.header("precognition"), "true");
      equal(asked()[0]?.header("precognition-validate-only"), "name");
      await input.fill("Ada");
      await input.blur();
      await sees(page, "#live .valid", "valid");
      equal(await page.textContent("#live .name"), "");
      await shows(page, "Forms");
    },
  },
];

const hiding: readonly Scenario[] = [
  {
    name: "an encrypted page stands in the history as bytes, and back shows it",
    async run({ page, app }) {
      equal(await stateOf(page), "[object Object]");
      await click(page, "secret");
      await shows(page, "Secret");
      await eventually("bytes", async () => await stateOf(page) === "[object ArrayBuffer]");
      await click(page, "home");
      await shows(page, "Home");
      await page.goBack();
      await shows(page, "Secret");
      equal((await propsOf(page))["secret"], "the secret 1");
      equal(app.calls.get("secret"), 1);
    },
  },
  {
    name: "a cleared history tells nothing: back asks the server",
    async run({ page, app }) {
      await click(page, "secret");
      await shows(page, "Secret");
      await click(page, "logout");
      await shows(page, "Users");
      equal(app.calls.get("secret"), 1);
      await page.goBack();
      await shows(page, "Secret");
      equal((await propsOf(page))["secret"], "the secret 2");
    },
  },
];

/** A page that the server renders: its address, what stands in it without a script, and what shows that it lives. */
const rendered = (
  path: string,
  shown: string,
  isAlive: (scene: Scene) => Promise<void>,
): Scenario => ({
  name: `what the server rendered at ${path} is taken over without a word`,
  since: 3,
  path: `${path}${path.includes("?") ? "&" : "?"}ssr`,
  async run(scene) {
    const { page, app } = scene;
    const context = await page.context().browser()!.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(page.url());
    await sees(plain, "main", shown);
    await context.close();
    equal(await page.locator("#app").getAttribute("data-server-rendered"), "true");
    equal(await page.locator("h1").count(), 1);
    await isAlive(scene);
    deepEqual(app.reports.map(String), []);
  },
});

const hydrating: readonly Scenario[] = [
  rendered("/", "hello </script><!--", async ({ page }) => {
    await click(page, "users");
    await shows(page, "Users");
    ok(await isSameDocument(page));
  }),
  rendered("/visible", "waits", async ({ page }) => {
    await page.locator("#late").scrollIntoViewIfNeeded();
    await sees(page, "#late", "late 1");
  }),
  rendered("/scroll?page=2", String(SCROLL.limit + 1), async ({ page }) => {
    await eventually("the next page", async () => {
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      return (await rowsOf(page)).at(-1)! >= 3 * SCROLL.limit - 1;
    });
  }),
  rendered("/forms", "Save", async ({ page }) => {
    await page.click("#person button");
    await sees(page, "#person .name", "Who is it?");
  }),
];

/** Everything that holds, in groups. */
export const SCENARIOS: readonly Scenario[] = [
  ...visiting,
  ...leaving,
  ...loading,
  ...sending,
  ...hiding,
  ...hydrating,
];

function recordProblems(page: Page, allows: RegExp | undefined): readonly string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => void problems.push(`thrown: ${error.message}`));
  page.on("console", (message: ConsoleMessage) => {
    const text = message.text();
    const isProblem = ["error", "warning", "assert"].includes(message.type());
    if (isProblem && !allows?.test(text) && !REACT_FLUSH.test(text)) {
      problems.push(`${message.type()}: ${text}`);
    }
  });
  return problems;
}

async function runScenario(
  browser: Browser,
  stage: InertiaStage,
  { name, path = "/", allows, run }: Scenario,
): Promise<void> {
  const { app, origin } = stage;
  const page = await openPage(browser);
  const problems = recordProblems(page, allows);
  app.reset();
  try {
    await page.goto(`${origin}${path}`);
    await page.locator("h1").waitFor();
    await markDocument(page);
    const opened = app.asked.findIndex(({ isInertia }) => !isInertia) + 1;
    await run({ ...stage, page, asked: () => app.asked.slice(opened) });
    deepEqual(problems, []);
  } catch (cause) {
    const asked = app.asked.map((each) => `${each.method} ${each.path}`).join("\n");
    const reports = [...problems, ...app.reports.map(String)].join("\n");
    throw new Error(`Cannot confirm "${name}": ${cause}\n${reports}\nasked:\n${asked}`, { cause });
  } finally {
    await page.close();
  }
}

/** Registers the scenarios of a client as one test. */
export function inertiaClientTest(name: string, client: InertiaClient): void {
  browserTest(`${name} (${runtimeName})`, (browser) =>
    withInertiaClient(client, async (stage) => {
      const failures: string[] = [];
      const wanted = SCENARIOS.filter(({ since = 2 }) => client.protocol >= since);
      for (const scenario of wanted) {
        // Each may take as long as it waits: all of them would be cut, and nothing told.
        if (failures.length === MAX_FAILURES) break;
        await runScenario(browser, stage, scenario).catch((error: Error) =>
          failures.push(error.message)
        );
      }
      if (failures.length > 0) throw new Error(failures.join("\n\n"));
    }));
}
