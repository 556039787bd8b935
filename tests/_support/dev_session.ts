/**
 * `dev` at work on a throw-away project, with a page of a real browser in front of it.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { recordConsole } from "./browser.ts";
import { eventually } from "./eventually.ts";
import type { Project } from "./project.ts";
import { type ReadyLine, type SidecarProcess, startSidecar } from "./sidecar_process.ts";

/** What a step works with. */
export interface DevSession {
  readonly project: Project;
  readonly program: SidecarProcess;
  readonly ready: ReadyLine;
  readonly page: Page;
}

/** A thing that holds, and the code that shows it. */
export type Step = readonly [name: string, run: (session: DevSession) => Promise<void>];

const PAGE_MS = 15_000;

/** A page that gives up in time. */
export async function openPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PAGE_MS);
  return page;
}

/** Waits until an element with the text is visible. */
export function sees(page: Page, selector: string, text: string | RegExp): Promise<void> {
  return page.locator(selector, { hasText: text }).waitFor();
}

/** Marks the document; a reload wipes the mark. */
export function markDocument(page: Page): Promise<void> {
  return page.evaluate(() => void Reflect.set(globalThis, "isSameDocument", true));
}

/** Whether the document is the one that was marked. */
export function isSameDocument(page: Page): Promise<boolean> {
  return page.evaluate(() => Reflect.get(globalThis, "isSameDocument") === true);
}

/** The number that the React example's counter shows. */
export async function readCount(page: Page): Promise<number> {
  return Number(await page.locator("#count").textContent());
}

/** Shows that the React example is interactive: its button counts up. */
export async function countsUp(page: Page): Promise<void> {
  const before = await readCount(page);
  await page.click("#increment");
  await sees(page, "#count", String(before + 1));
}

/** Waits until the document was replaced without our doing and the app in it works. */
export async function comesBack(page: Page): Promise<void> {
  const isNew = async (): Promise<boolean> => !await isSameDocument(page);
  await eventually("a new document", isNew, { withinMs: PAGE_MS });
  await countsUp(page);
}

/** Whether a command can be started on this machine. */
export function isInstalled(command: string): boolean {
  return spawnSync(command, ["--version"]).error === undefined;
}

/** Runs the steps on one page; what fails says in which step, and what program and page had to say. */
export async function runSteps(steps: readonly Step[], session: DevSession): Promise<void> {
  const consoleOf = recordConsole(session.page);
  for (const [name, run] of steps) {
    try {
      await run(session);
    } catch (cause) {
      const reports = `program:\n${session.program.stderr()}\npage:\n${consoleOf()}`;
      throw new Error(`Cannot confirm "${name}": ${cause}\n${reports}`, { cause });
    }
  }
}

/** Runs `dev` on the project, and removes both when `use` is done. */
export async function withDevSession(
  browser: Browser,
  project: Project,
  args: readonly string[],
  use: (session: DevSession) => Promise<void>,
): Promise<void> {
  const program = startSidecar(["dev", "--port", "0", "--json", ...args], { cwd: project.root });
  try {
    const ready = await program.ready();
    const page = await openPage(browser);
    await use({ project, program, ready, page });
    await page.close();
  } finally {
    await program.stop().finally(project.remove);
  }
}
