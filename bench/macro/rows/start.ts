/**
 * From the start of `dev` to the first 200 for `/`.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { copyExample, repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { runCommand, RUNTIME_TITLES, type RuntimeName, RUNTIMES } from "../server_process.ts";
import { median } from "../statistics.ts";

/** A program and its words. */
export type Command = readonly [string, ...string[]];
type Executor = "node" | RuntimeName;

const PROGRAM = join(repositoryRoot, "mod.ts");
const VITE = join(repositoryRoot, "node_modules", "vite", "bin", "vite.js");
const POLL_MS = 2;
const LIMIT_MS = 20_000;

function devCommand(runtime: RuntimeName, executor: Executor, port: number): Command {
  const flags = ["dev", "--port", String(port), "--executor", executor, "--quiet"];
  return [...runCommand(runtime, PROGRAM), ...flags];
}

function viteCommand(executor: Executor, port: number): Command {
  const run: Command = executor === "node" ? ["node", VITE] : runCommand(executor, VITE);
  return [...run, "--host", "127.0.0.1", "--port", String(port), "--strictPort"];
}

/**
 * Picks a port below those that the system gives to clients: of the many connections that look whether somebody listens, one
 * could be given that very port, connect to itself, and keep the port from the server.
 */
async function pickPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** The status of the page, or `undefined` while nobody listens. */
function askForPage(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      { host: "127.0.0.1", port, path: "/", headers: { accept: "text/html" }, agent: false },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode));
        response.on("error", () => resolve(undefined));
      },
    );
    asked.on("error", () => resolve(undefined)).end();
  });
}

async function untilPage(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (await askForPage(port) !== 200) {
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`Cannot measure the start: no page at port ${port}`);
    }
    await delay(POLL_MS);
  }
}

/** Starts a command in the project, and ends it as soon as it has given the page. */
export async function timeStart(
  make: (port: number) => Command,
  root: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  const port = await pickPort();
  const [command, ...args] = make(port);
  const begun = performance.now();
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
  const gone = once(child, "exit");
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => words += text);
  try {
    await untilPage(port, child);
    return performance.now() - begun;
  } catch (error) {
    throw new Error(`Cannot measure the start of ${command}: ${words}`, { cause: error });
  } finally {
    child.kill("SIGTERM");
    await gone;
  }
}

interface Contest {
  readonly runtime: RuntimeName;
  readonly executor: Executor;
  readonly dev: number[];
  readonly vite: number[];
}

/** Starts of `dev` and of Vite alone, in turns. */
export async function measureStart({ rounds }: Plan): Promise<Row[]> {
  const project = await copyExample("react-spa");
  const contests = RUNTIMES.flatMap((runtime) =>
    (["node", runtime] as const).map((executor): Contest => ({
      runtime,
      executor,
      dev: [],
      vite: [],
    }))
  );
  try {
    // The first start of all bundles the dependencies.
    await timeStart((port) => viteCommand("node", port), project.root);
    for (let round = 0; round <= rounds; round++) {
      for (const { runtime, executor, dev, vite } of contests) {
        const alone = await timeStart((port) => viteCommand(executor, port), project.root);
        const ours = await timeStart((port) => devCommand(runtime, executor, port), project.root);
        // In the first round files come from the disk.
        if (round === 0) continue;
        vite.push(alone);
        dev.push(ours);
      }
    }
  } finally {
    await project.remove();
  }
  return contests.map(startRow);
}

function startRow({ runtime, executor, dev, vite }: Contest): Row {
  const added = dev.map((ms, round) => ms - (vite[round] ?? NaN));
  return {
    name: `start of dev on ${
      RUNTIME_TITLES[runtime]
    } to the first page, beyond Vite on ${executor}`,
    target: { kind: "at-most", value: 250 },
    measured: {
      value: median(dev) - median(vite),
      low: Math.min(...added),
      high: Math.max(...added),
    },
    unit: " ms",
    detail: `${median(dev).toFixed(0)} ms; alone ${median(vite).toFixed(0)} ms`,
  };
}
