/**
 * Projects of `init`, from nothing to production: made, installed, checked, tested, served with Vite, edited, built and
 * served again, in a real browser through the one port.
 *
 * A run of all tests takes one on each runtime; `deno task matrix` takes every template with every backend, and
 * `deno task matrix vue` those with "vue" in their name.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import type { Browser, Page } from "playwright-core";
import { BACKENDS, type Template } from "../../cli/template.ts";
import { TEMPLATES } from "../../cli/templates.ts";
import { browserTest, recordConsole } from "../_support/browser.ts";
import { isSameDocument, markDocument, openPage, sees } from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import { findNode } from "../_support/framework_project.ts";
import {
  scaffoldApp,
  type ScaffoldCase,
  type ScaffoldedApp,
  whyNoPackages,
} from "../_support/scaffolded.ts";
import type { SidecarProcess } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

/** `all`, or a part of the names; without it one on each runtime. */
const CHOICE = process.env["SCAFFOLD_MATRIX"] ?? "";

/** The file whose heading is edited while the page is open. */
const EDITED: Readonly<Record<string, string>> = {
  react: "src/App.tsx",
  vue: "src/App.vue",
  svelte: "src/App.svelte",
  solid: "src/App.tsx",
  vanilla: "src/main.ts",
  "react-inertia": "src/pages/Home.tsx",
  "vue-inertia": "src/pages/Home.vue",
  "svelte-inertia": "src/pages/Home.svelte",
  htmx: "src/style.css",
  astro: "src/pages/index.astro",
  sveltekit: "src/routes/+page.svelte",
  nuxt: "app/app.vue",
};

/** Those that answer an edit of their markup with a reload. */
const RELOADING: readonly string[] = ["vanilla", "astro"];

/** Flags take turns, so that each template meets each of them with some backend. */
const VARIANTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  spa: [["--tailwind"], ["--no-typescript", "--zod"], ["--sdk"], ["--sdk", "--zod"]],
  inertia: [["--ssr"], ["--no-typescript", "--ssr"], ["--tailwind", "--ssr"], ["--tailwind"]],
  htmx: [["--tailwind"], ["--no-typescript"], [], ["--tailwind"]],
  framework: [["--tailwind"], ["--no-typescript"], [], ["--tailwind"]],
};

const ALL: readonly ScaffoldCase[] = TEMPLATES.flatMap(({ name, kind }, row) =>
  BACKENDS.map((backend, column) => ({
    template: name,
    backend,
    // Litestar's is the last column: what it refuses stands in no last place.
    flags: backend === "litestar"
      ? VARIANTS[kind]?.[3] ?? []
      : VARIANTS[kind]?.[(row + column) % 3] ?? [],
  }))
);

const templateOf = ({ template }: ScaffoldCase): Template | undefined =>
  TEMPLATES.find(({ name }) => name === template);

const kindOf = (one: ScaffoldCase): string | undefined => templateOf(one)?.kind;

const nameOf = ({ template, backend, flags }: ScaffoldCase): string =>
  [template, backend, ...flags].join(" ");

/** Both kinds of server, and with SSR and Tailwind what most can go wrong in. */
const EVERY_TIME: readonly ScaffoldCase[] = runtimeName === "deno"
  ? [{ template: "react", backend: "deno", flags: ["--tailwind"] }]
  : [{ template: "svelte-inertia", backend: "bun", flags: ["--ssr"] }];

const chosen = CHOICE === ""
  ? EVERY_TIME
  : ALL.filter((one) => CHOICE === "all" || nameOf(one).includes(CHOICE));

const NOT_HERE = whyNoPackages();

for (const one of chosen) {
  const name = `a new project runs: ${nameOf(one)} (${runtimeName})`;
  if (NOT_HERE !== undefined) test.skip(name, NOT_HERE);
  else browserTest(name, (browser) => liveThrough(one, browser));
}

async function liveThrough(one: ScaffoldCase, browser: Browser): Promise<void> {
  const app = await scaffoldApp(one, await programsFor(one));
  try {
    await withProgram(app.start("dev"), browser, async (page, url) => {
      await showsAll(page, url, one);
      await takesEdit(page, app, one);
    });
    // Behind `dev`, as somebody works: what it generates is there for them.
    if (!one.flags.includes("--no-typescript")) await app.task("check");
    await app.task("test");
    await app.task("build");
    await withProgram(app.start("serve"), browser, async (page, url) => {
      await showsAll(page, url, one);
      await tellsProblem(page, url, one);
      if (one.flags.includes("--ssr")) {
        match(await (await fetch(url)).text(), /data-server-rendered[\s\S]*Count: /);
      }
    });
  } finally {
    await app.remove();
  }
}

/** Frameworks want a newer Node than Vite does, first in the path. */
async function programsFor(one: ScaffoldCase): Promise<Readonly<Record<string, string>>> {
  if (kindOf(one) !== "framework") return {};
  return { PATH: [await findNode(), process.env["PATH"] ?? ""].join(delimiter) };
}

async function withProgram(
  program: SidecarProcess,
  browser: Browser,
  use: (page: Page, url: string) => Promise<void>,
): Promise<void> {
  let consoleOf = (): string => "";
  try {
    const { url } = await program.ready(60_000);
    const page = await openPage(browser);
    consoleOf = recordConsole(page);
    await use(page, url);
    await page.close();
  } catch (cause) {
    throw new Error(`${cause}\nprogram:\n${program.stderr()}\npage:\n${consoleOf()}`, { cause });
  } finally {
    await program.stop();
  }
}

/** The page, what the server answers in it, and that it is alive. */
async function showsAll(page: Page, url: string, one: ScaffoldCase): Promise<void> {
  await page.goto(url);
  await sees(page, "#hello", /^Hello from /);
  await eventually("a counter that counts", async () => {
    await page.click("#count");
    return /Count: [1-9]/.test(await page.locator("#count").innerText());
  });
  const answer = await fetch(new URL("/api/hello", url));
  equal(answer.status, 200);
  match(await answer.text(), /Hello from /);
  if (kindOf(one) === "framework") {
    // An endpoint of its own, beside those of the server.
    deepEqual(await (await fetch(new URL("/ping", url))).json(), { from: templateOf(one)?.title });
  }
  if (kindOf(one) !== "inertia") return;
  await page.click("#about");
  await sees(page, "h1", "About");
  await page.goBack();
  await sees(page, "#hello", /^Hello from /);
}

/** A server that fails is told in the page. */
async function tellsProblem(page: Page, url: string, one: ScaffoldCase): Promise<void> {
  if (kindOf(one) !== "spa") return;
  await page.route("**/api/hello", (route) => route.fulfill({ status: 500, json: {} }));
  await page.goto(url);
  await sees(page, ".problem", "The server says 500");
}

/** An edit is seen without a reload; where nothing keeps the document, with one. */
async function takesEdit(page: Page, app: ScaffoldedApp, one: ScaffoldCase): Promise<void> {
  const { template, flags } = one;
  const isScript = flags.includes("--no-typescript");
  const file = (EDITED[template] ?? "").replace(/\.ts(x?)$/, isScript ? ".js$1" : ".ts$1");
  const path = join(app.root, file);
  const text = await readFile(path, "utf8");
  await markDocument(page);
  if (template === "htmx") {
    await writeFile(path, `${text}\nh1 { letter-spacing: 7px; }\n`);
    // As text: the tests' own types know no page.
    const spacing = "getComputedStyle(document.querySelector('h1')).letterSpacing";
    await eventually("the new style", async () => await page.evaluate(spacing) === "7px");
  } else {
    await writeFile(path, text.replace("my-app</h1>", "edited</h1>"));
    await sees(page, "h1", "edited");
  }
  equal(await isSameDocument(page), !RELOADING.includes(template));
}
