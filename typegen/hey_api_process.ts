/**
 * Runs `@hey-api/openapi-ts` in a process of its own, in a folder that is gone afterwards.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import childText from "../vite/child.js" with { type: "text" };
import { childEnvironment } from "../sidecar/executor.ts";
import type { HeyApiOutput } from "./api_files.ts";
import type { ApiTools } from "./api_request.ts";
import { TypesError } from "./diagnostic.ts";
import type { HeyApiInstallation } from "./hey_api_install.ts";
import type { HeyApiPlan } from "./hey_api_plan.ts";
import runnerText from "./hey_api_runner.js" with { type: "text" };

/** The program, for what is kept of its results. */
export const PROGRAM: string = runnerText;

/** What {@linkcode runHeyApi} works with. */
export interface HeyApiRun {
  readonly plan: HeyApiPlan;
  readonly installation: HeyApiInstallation;
  /** The document, as JSON. */
  readonly document: string;
  /** What the document is called. */
  readonly where: string;
  /** Absolute: the folder for this run is made in it. */
  readonly cacheDir: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onStart: (() => void) | undefined;
}

/** Beside one another as in this package: one imports the other. */
const RUNNER = "typegen/hey_api_runner.js";
const CHILD = "vite/child.js";

/** It ends by itself when its input ends, unless it is computing: then this passes before it is killed. */
const END_GRACE_MS = 200;
const MAX_ERROR_LENGTH = 4000;

/** What the program says about its end, in `result.json`. */
interface RunResult {
  readonly kind?: "done" | "failed" | "not-loaded";
  readonly message?: string;
  readonly operations?: HeyApiOutput["operations"];
}

/**
 * Generates.
 *
 * @throws {TypesError} If the package can't be loaded (`missing-package`) or can't do it (`not-generated`); the message
 *   is the reason alone.
 */
export async function runHeyApi(run: HeyApiRun, tools: ApiTools): Promise<HeyApiOutput> {
  run.signal?.throwIfAborted();
  const folder = join(run.cacheDir, `run-${randomUUID()}`);
  try {
    await placeFiles(folder, run);
    const { how, errors } = await runProgram(folder, run, tools);
    run.signal?.throwIfAborted();
    const text = await readFile(join(folder, "result.json"), "utf8").catch(() => undefined);
    // Written by our own program, in one piece.
    const result = text === undefined ? undefined : JSON.parse(text) as RunResult;
    if (result?.kind !== "done") throw explain(result, how, errors, run.where);
    const files = await readFiles(join(folder, "out"));
    if (files.length === 0) {
      throw new TypesError("not-generated", run.where, "it generated no files");
    }
    return { files, operations: result.operations ?? [] };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The folder has a `package.json` of its own, so that no other one is taken for the project's. */
async function placeFiles(folder: string, { plan, document }: HeyApiRun): Promise<void> {
  await Promise.all(
    [RUNNER, CHILD].map((path) => mkdir(join(folder, dirname(path)), { recursive: true })),
  );
  const dependencies = plan.zod === undefined ? {} : { zod: plan.zod };
  await Promise.all([
    writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies })),
    writeFile(join(folder, CHILD), childText),
    writeFile(join(folder, RUNNER), runnerText),
    writeFile(join(folder, "document.json"), document),
  ]);
}

interface ProgramEnd {
  readonly how: string;
  readonly errors: string;
}

async function runProgram(
  folder: string,
  { plan, installation, timeoutMs, signal, onStart }: HeyApiRun,
  { runtime, environment }: ApiTools,
): Promise<ProgramEnd> {
  const child = spawn(runtime.execPath, [...installation.args, join(folder, RUNNER)], {
    cwd: folder,
    env: childEnvironment(environment, { NO_COLOR: "1", FORCE_COLOR: undefined }),
    stdio: ["pipe", "ignore", "pipe"],
    windowsHide: true,
  });
  const stop = (): void => endProgram(child);
  const timer = setTimeout(stop, timeoutMs);
  signal?.addEventListener("abort", stop, { once: true });
  const { modules } = installation;
  const { plugins, extension, header } = plan;
  const document = join(folder, "document.json");
  // A process that is gone refuses what we write; its end is told below.
  child.stdin.on("error", () => {});
  child.stdin.write(
    `${JSON.stringify({ root: folder, modules, document, plugins, extension, header })}\n`,
  );
  const start = performance.now();
  onStart?.();
  try {
    const end = await endOf(child);
    const isLate = performance.now() - start >= timeoutMs;
    return isLate ? { ...end, how: `it took more than ${timeoutMs / 1000} seconds` } : end;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    child.stdin.destroy();
  }
}

/** While it computes it does not see that its input has ended. */
function endProgram(child: ChildProcess): void {
  child.stdin?.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), END_GRACE_MS);
  child.once("close", () => clearTimeout(timer));
}

/** Resolves to how the process ended, in words, with what it wrote to its standard error; never rejects. */
function endOf(child: ChildProcess): Promise<ProgramEnd> {
  const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
  let errors = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    errors = (errors + text).slice(-MAX_ERROR_LENGTH);
  });
  child.once("error", (error) => resolve({ how: `it can't be started: ${error.message}`, errors }));
  child.once("close", (code, signal) => {
    const how = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
    resolve({ how, errors });
  });
  return promise;
}

function explain(
  result: RunResult | undefined,
  how: string,
  errors: string,
  where: string,
): TypesError {
  if (result?.kind === "not-loaded") {
    return new TypesError("missing-package", where, firstLine(result.message ?? how));
  }
  const message = result?.message ?? [how, firstLine(errors)].filter((each) => each !== "").join(
    ": ",
  );
  return new TypesError("not-generated", where, firstLine(message));
}

/** One line, as a diagnostic has it. */
function firstLine(text: string): string {
  const lines = stripVTControlCharacters(text).split("\n").map((line) => line.trim());
  const line = lines.find((each) => each !== "") ?? "";
  return (line.length > 300 ? `${line.slice(0, 299)}…` : line).replace(/\.$/, "");
}

async function readFiles(folder: string): Promise<HeyApiOutput["files"]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)).sort();
  return await Promise.all(paths.map(async (path) => ({
    path: path.slice(folder.length + 1).replaceAll("\\", "/"),
    text: await readFile(path, "utf8"),
  })));
}
