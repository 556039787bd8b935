/**
 * What a user sees in a day's work: a real browser, a real Vite. The front is the runtime that runs this file, the
 * executors are all three; run on Deno and on Bun it covers the six combinations.
 */
import { equal, match, notEqual, ok } from "node:assert/strict";
import process from "node:process";
import { browserTest } from "../_support/browser.ts";
import {
  comesBack,
  countsUp,
  type DevSession,
  isInstalled,
  isSameDocument,
  markDocument,
  readCount,
  runSteps,
  sees,
  type Step,
  withDevSession,
} from "../_support/dev_session.ts";
import { eventually } from "../_support/eventually.ts";
import {
  hasProc,
  isLoopback,
  isRunning,
  type ListeningSocket,
  listeningSockets,
  processTree,
} from "../_support/listening.ts";
import { copyExample } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";

const COUNTER = "src/Counter.tsx";
const HINT = "Count to three";
const EDITS = 200;

async function viteSocket({ program }: DevSession): Promise<ListeningSocket | undefined> {
  const sockets = await listeningSockets(await processTree(program.pid));
  return sockets.find(({ pid }) => pid !== program.pid);
}

async function loads({ page, ready }: DevSession): Promise<void> {
  await page.goto(ready.url);
  for (let i = 0; i < 3; i++) await countsUp(page);
  await sees(page, "#time", /\d/);
  await sees(page, "#uptime", /^\d+ s$/);
}

async function keepsState({ page, project }: DevSession): Promise<void> {
  await markDocument(page);
  const before = await readCount(page);
  ok(before > 0, "there is no state to lose");
  await project.edit(COUNTER, HINT, "Count to four");
  await sees(page, "article", "Count to four");
  equal(await readCount(page), before);
  ok(await isSameDocument(page), "the page was reloaded");
  await project.edit(COUNTER, "Count to four", HINT);
  await sees(page, "article", HINT);
}

async function takesStyle({ page, project }: DevSession): Promise<void> {
  const css = await project.read("src/app.css");
  await project.write("src/app.css", `${css}\nmain { outline: 1px solid rgb(1, 2, 3) }\n`);
  const outline = "getComputedStyle(document.querySelector('main')).outlineColor";
  await page.waitForFunction(`${outline} === "rgb(1, 2, 3)"`);
  ok(await isSameDocument(page), "the page was reloaded");
}

async function moduleStatus({ ready }: DevSession, path: string): Promise<number> {
  const url = new URL(path, ready.url);
  const response = await fetch(url, { headers: { "sec-fetch-dest": "script" } });
  await response.body?.cancel();
  return response.status;
}

async function showsSyntaxError(session: DevSession): Promise<void> {
  const { page, project } = session;
  const source = await project.read(COUNTER);
  const overlay = page.locator("vite-error-overlay");
  await project.write(COUNTER, source.replace("return (", "return (("));
  await overlay.waitFor({ state: "attached" });
  match(await overlay.locator(".file").first().innerText(), /Counter\.tsx/);
  equal(await moduleStatus(session, `/${COUNTER}`), 500);
  await project.write(COUNTER, source);
  await overlay.waitFor({ state: "detached" });
  await countsUp(page);
}

async function keepsLastOfManyEdits({ page, project }: DevSession): Promise<void> {
  const source = await project.read(COUNTER);
  for (let i = 1; i <= EDITS; i++) {
    await project.write(COUNTER, source.replace(HINT, `Edit ${i} of many`));
  }
  await sees(page, "article", `Edit ${EDITS} of many`);
  await page.locator("vite-error-overlay").waitFor({ state: "detached" });
  await countsUp(page);
  await project.write(COUNTER, source);
  await sees(page, "article", HINT);
}

async function survivesConfigChange({ page, project }: DevSession): Promise<void> {
  await markDocument(page);
  const plugin = `{
    name: "probe",
    transformIndexHtml: () => [{ tag: "meta", attrs: { name: "probe", content: "new" } }],
  }`;
  await project.edit("vite.config.ts", "[react()]", `[react(), ${plugin}]`);
  await page.locator('meta[name="probe"]').waitFor({ state: "attached" });
  await comesBack(page);
}

async function survivesLossOfVite(session: DevSession): Promise<void> {
  if (!hasProc) return console.error("SKIPPED here: there is no /proc to find Vite in");
  await markDocument(session.page);
  const before = await eventually("Vite's socket", () => viteSocket(session));
  process.kill(before.pid, "SIGKILL");
  const after = await eventually("another Vite", async () => {
    const socket = await viteSocket(session);
    return socket?.pid !== before.pid && socket;
  }, { withinMs: 5_000 });
  notEqual(after.pid, before.pid);
  await comesBack(session.page);
}

async function listensOnLoopback({ program, ready }: DevSession): Promise<void> {
  if (!hasProc) return console.error("SKIPPED here: there is no /proc to look into");
  const sockets = await listeningSockets(await processTree(program.pid));
  ok(sockets.some(({ pid, port }) => pid === program.pid && port === ready.port));
  ok(sockets.some(({ pid }) => pid !== program.pid), "Vite listens nowhere");
  for (const { address, port } of sockets) ok(isLoopback(address), `${address}:${port} is open`);
}

async function leavesNothingBehind({ program }: DevSession): Promise<void> {
  if (!hasProc) return console.error("SKIPPED here: there is no /proc to look into");
  const tree = await processTree(program.pid);
  ok(tree.length > 1, "there is no child to lose");
  program.kill("SIGKILL");
  await eventually("the end of all processes", async () => {
    const running = await Promise.all(tree.map(isRunning));
    return running.every((isOne) => !isOne);
  }, { withinMs: 2_000 });
}

const STEPS: readonly Step[] = [
  ["the page loads and the app is interactive", loads],
  ["nothing listens beyond loopback", listensOnLoopback],
  ["an edit of a component arrives with its state kept", keepsState],
  ["an edit of CSS arrives without a reload", takesStyle],
  ["a syntax error shows the overlay and its mending clears it", showsSyntaxError],
  [`${EDITS} edits as fast as the disk takes them lose nothing`, keepsLastOfManyEdits],
  ["a change of vite.config recovers", survivesConfigChange],
  ["an edit still arrives after that", keepsState],
  ["Vite killed with SIGKILL recovers by itself", survivesLossOfVite],
  ["an edit still arrives after that too", keepsState],
  ["nothing listens beyond loopback after all that", listensOnLoopback],
  ["the program killed with SIGKILL leaves no process behind", leavesNothingBehind],
];

for (const executor of ["node", "bun", "deno"] as const) {
  const name = `dev on ${runtimeName} with Vite under ${executor}: a day's work in the browser`;
  if (!isInstalled(executor)) {
    test.skip(name, `there is no ${executor} on this machine`);
    continue;
  }
  browserTest(name, async (browser) => {
    const args = ["--entry", "server.ts", "--executor", executor];
    await withDevSession(browser, await copyExample("react-spa"), args, async (session) => {
      equal(session.ready.vite.executor, executor);
      match(session.ready.vite.version, /^8\./);
      if (hasProc) equal((await viteSocket(session))?.port, session.ready.vite.port);
      await runSteps(STEPS, session);
    });
  });
}
