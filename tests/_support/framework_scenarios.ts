/**
 * What holds of every framework behind the port, while its sources are served and when it is built.
 *
 * @module
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import type { Browser, Page } from "playwright-core";
import { browserTest, recordConsole } from "./browser.ts";
import { isSameDocument, markDocument, openPage, sees } from "./dev_session.ts";
import { eventually } from "./eventually.ts";
import {
  createFrameworkProject,
  findNode,
  type OwnProject,
  type TemplateFramework,
  whyNoFrameworks,
} from "./framework_project.ts";
import { hasProc, isLoopback, isRunning, listeningSockets, processTree } from "./listening.ts";
import type { Project } from "./project.ts";
import { type SidecarProcess, startSidecar } from "./sidecar_process.ts";
import { runtimeName, test } from "./test.ts";

/** A framework under test. */
export interface FrameworkCase {
  readonly name: string;
  /** Where its project comes from. */
  readonly source: TemplateFramework | OwnProject;
  /** The file whose heading is edited, and the heading in it. */
  readonly page: string;
  /** Whether the document stays when it is edited. */
  readonly keepsDocument: boolean;
  /** The file of the framework's configuration. */
  readonly config: string;
  /** What its endpoint says that the template brings. */
  readonly from: string;
  /** An endpoint that answers a form with the word in it, as `/echo`. */
  readonly echo: Readonly<Record<string, string>>;
}

/** What a step works with. */
interface Scene {
  readonly project: Project;
  readonly program: SidecarProcess;
  readonly page: Page;
  readonly port: number;
  readonly origin: string;
}

/** A first start compiles all there is, beside other tests. */
const READY_MS = 60_000;
const MESSAGE = "Hello from Deno";

/** What `deno task matrix` was asked for. */
const CHOICE = process.env["SCAFFOLD_MATRIX"] ?? "";

/** Registers the tests of a framework that only `deno task matrix` runs, for they take their time. */
export function matrixFrameworkTests(framework: FrameworkCase): void {
  const isChosen = CHOICE === "all" || (CHOICE !== "" && framework.name.includes(CHOICE));
  if (isChosen) return frameworkTests(framework);
  test.skip(`${framework.name} behind the port`, 'run it with "deno task matrix"');
}

/** Registers the tests of one framework. */
export function frameworkTests(framework: FrameworkCase): void {
  const { name } = framework;
  const names = [`${name} behind the port of ${runtimeName}`, `${name}, built, on ${runtimeName}`];
  const why = whyNoFrameworks();
  if (why !== undefined) {
    for (const each of names) test.skip(each, why);
    return;
  }
  const [dev = "", built = ""] = names;
  browserTest(
    dev,
    (browser) => inProject(framework, (project) => runDev(framework, project, browser)),
  );
  browserTest(
    built,
    (browser) => inProject(framework, (project) => runBuilt(framework, project, browser)),
  );
}

async function inProject(
  { source, echo }: FrameworkCase,
  use: (project: Project) => Promise<void>,
): Promise<void> {
  const project = await createFrameworkProject(source, echo);
  try {
    await use(project);
  } finally {
    await project.remove();
  }
}

/** The environment of a terminal in which a newer Node is the first. */
async function environment(): Promise<Record<string, string>> {
  // A test runner says "test" or nothing, and each framework takes another step to be asked.
  return {
    PATH: `${await findNode()}${delimiter}${process.env["PATH"] ?? ""}`,
    NODE_ENV: "",
    PORT: "1",
    HOST: "0.0.0.0",
  };
}

async function inScene(
  program: SidecarProcess,
  { project, browser }: { readonly project: Project; readonly browser: Browser },
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  let tree: readonly number[] = [];
  try {
    const { port } = await program.ready(READY_MS);
    const page = await openPage(browser);
    const consoleOf = recordConsole(page);
    tree = await processTree(program.pid);
    await use({ project, program, page, port, origin: `http://127.0.0.1:${port}` })
      .catch((cause: unknown) => {
        throw new Error(`${cause}\nprogram:\n${program.stderr()}\npage:\n${consoleOf()}`, {
          cause,
        });
      });
    await page.close();
  } finally {
    await program.stop();
  }
  if (!hasProc) return;
  for (const pid of tree) await eventually(`no process ${pid}`, async () => !await isRunning(pid));
}

/** Everything that the page asks for, sockets among it. */
function recordAddresses({ page }: Scene): readonly string[] {
  const urls: string[] = [];
  page.on("request", (request) => void urls.push(request.url()));
  page.on("websocket", (socket) => void urls.push(socket.url().replace(/^ws/, "http")));
  return urls;
}

async function countsUp({ page }: Scene): Promise<void> {
  await eventually("a counter that counts", async () => {
    await page.click("#count");
    return /Count: [1-9]/.test(await page.locator("#count").textContent() ?? "");
  });
}

/** The page, its server's endpoints, a form, and the app. */
async function answers({ from }: FrameworkCase, scene: Scene): Promise<void> {
  const { page, origin } = scene;
  await page.goto(`${origin}/`);
  await sees(page, "#hello", MESSAGE);
  await countsUp(scene);
  const html = await fetch(`${origin}/`, { headers: { accept: "text/html" } });
  equal(html.status, 200);
  ok((await html.text()).includes(MESSAGE), "the server did not ask the app for its part");
  deepEqual(await (await fetch(`${origin}/ping`)).json(), { from });
  deepEqual(await (await fetch(`${origin}/api/hello`)).json(), { message: MESSAGE });
  const missing = await fetch(`${origin}/api/nothing`, { headers: { accept: "text/html" } });
  equal(missing.status, 404);
  ok((await missing.text()).includes("There is nothing at /api/nothing"));
  // Host and Origin have to come through as they are: this is what each framework compares.
  const echoed = await page.evaluate(async () => {
    const body = new URLSearchParams({ word: "sent" });
    const response = await fetch("/echo", { method: "POST", body });
    return `${response.status} ${await response.text()}`;
  });
  equal(echoed, "200 sent");
}

async function listensOnLoopback({ program, port }: Scene): Promise<void> {
  if (!hasProc) return;
  const sockets = await listeningSockets(await processTree(program.pid));
  ok(sockets.some((socket) => socket.port === port), "the one port was not seen");
  deepEqual(sockets.filter(({ address }) => !isLoopback(address)), []);
}

async function runDev(
  framework: FrameworkCase,
  project: Project,
  browser: Browser,
): Promise<void> {
  const program = startSidecar(["dev", "--port", "0", "--json"], {
    cwd: project.root,
    env: await environment(),
  });
  await inScene(program, { project, browser }, async (scene) => {
    const { page, origin } = scene;
    const urls = recordAddresses(scene);
    await answers(framework, scene);
    await markDocument(page);
    await project.edit(framework.page, "<h1>my-app</h1>", "<h1>Edited</h1>");
    await sees(page, "h1", "Edited");
    equal(await isSameDocument(page), framework.keepsDocument);
    await listensOnLoopback(scene);
    await restarts(framework, scene);
    // Case: "blob:http://127.0.0.1:8000/…" is the worker in which Vite's client looks for its server.
    const elsewhere = urls.map((url) => url.replace(/^blob:/, "")).filter((url) =>
      !url.startsWith("data:") && !url.startsWith(`${origin}/`)
    );
    deepEqual(elsewhere, []);
    ok(urls.length > 5 && urls.some((url) => url.includes("@vite/client")), urls.join("\n"));
  });
}

/** Who asks while the dev server restarts waits, and gets an answer. */
async function restarts(
  { config }: FrameworkCase,
  { project, origin, page }: Scene,
): Promise<void> {
  await project.write(config, `${await project.read(config)}\n// another configuration\n`);
  for (let i = 0; i < 20; i++) {
    const answer = await fetch(`${origin}/`, { headers: { accept: "text/html" } });
    equal(answer.status, 200);
    await answer.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 100)); // spread over the restart
  }
  await page.goto(`${origin}/`);
  await sees(page, "h1", "Edited");
}

async function runBuilt(
  framework: FrameworkCase,
  project: Project,
  browser: Browser,
): Promise<void> {
  const env = await environment();
  const building = startSidecar(["build", "--json"], { cwd: project.root, env });
  equal((await building.exited).code, 0, building.stderr());
  // The runtime of the front runs what was built: no other program is needed.
  await mkdir(join(project.root, "no-programs"));
  const program = startSidecar(["serve", "--port", "0", "--json"], {
    cwd: project.root,
    env: { ...env, PATH: join(project.root, "no-programs") },
  });
  await inScene(program, { project, browser }, async (scene) => {
    const urls = recordAddresses(scene);
    await answers(framework, scene);
    await listensOnLoopback(scene);
    ok(urls.every((url) => !url.includes("@vite")), urls.join("\n"));
    await comesBack(scene);
  });
}

/** A server that dies is started again, and who asks meanwhile waits for it. */
async function comesBack({ program, origin }: Scene): Promise<void> {
  if (!hasProc) return;
  const [, server] = await processTree(program.pid);
  ok(server !== undefined, "the framework's server was not found");
  process.kill(server, "SIGKILL");
  const answer = await fetch(`${origin}/ping`);
  equal(answer.status, 200);
  await answer.body?.cancel();
}
