/**
 * Reads the routes that the app's module exports, in a process of its own.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { TypesError } from "./diagnostic.ts";
import {
  entryCommand,
  type EntryDocuments,
  graphCommand,
  parseEntryAnswer,
  parseEntryModules,
  parseGraph,
  type ProgramStart,
  renderEntryRequest,
} from "./entry_answer.ts";

/** What the process is started with. */
export interface EntryTools {
  readonly runtime: { readonly name: "deno" | "bun"; readonly execPath: string };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute: where the app itself is started. */
  readonly cwd: string;
  /** Gets the files of the modules that the app's module imports, itself included; asked for only if it is there. */
  readonly onModules?: ((paths: readonly string[]) => void) | undefined;
}

/** A module that connects to its database when it is loaded takes a while; one that never ends loading is broken. */
const LOAD_MS = 30_000;
const MAX_ERROR_LINES = 12;

/**
 * Loads a module and returns the documents that its table, or its Hono app, gives.
 *
 * @param path Absolute.
 * @returns `undefined` if the module exports neither.
 * @throws {TypesError} If it can't be loaded.
 */
export async function readEntry(
  path: string,
  name: string,
  tools: EntryTools,
  signal?: AbortSignal,
): Promise<EntryDocuments | undefined> {
  const nonce = `${randomUUID()} `;
  const start = { ...tools.runtime, config: await findDenoConfig(path, tools) };
  const [command = "", ...args] = entryCommand(start);
  const input = renderEntryRequest(pathToFileURL(path).href, nonce);
  const [{ output, errors, isLate }, graph] = await Promise.all([
    run({ command, args, input }, tools, signal),
    listModules(path, start, tools, signal),
  ]);
  tools.onModules?.([path, ...graph, ...parseEntryModules(output, nonce)]);
  const answer = parseEntryAnswer(output, nonce);
  if (answer?.kind === "found") return answer.documents;
  if (answer?.kind === "none") return undefined;
  const why = answer?.message ??
    (isLate ? `it is not loaded within ${LOAD_MS} ms` : lastWords(errors));
  throw new TypesError(
    "bad-entry",
    name,
    `Cannot load "${name}" for its routes: ${why.split("\n")[0]}`,
    "mend the module, or name another source with --routes or --openapi",
  );
}

/** Where the module ends its process itself, the line that says why is the best there is. */
function lastWords(errors: string): string {
  const lines = errors.split("\n").map((line) => line.trim()).filter((line) =>
    line !== "" && !line.startsWith("at ")
  );
  return lines.slice(-MAX_ERROR_LINES).find((line) => /error/i.test(line)) ?? lines.at(-1) ??
    "its process ended without an answer";
}

/** A program that is given as text has no folder to look up from, and would take the configuration of ours. */
async function findDenoConfig(
  path: string,
  { runtime }: EntryTools,
): Promise<string | undefined> {
  if (runtime.name !== "deno") return undefined;
  for (let folder = dirname(path);; folder = dirname(folder)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const config = join(folder, name);
      if (await stat(config).then((found) => found.isFile(), () => false)) return config;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

/** Deno alone tells it by a command; Bun's modules are told by the process that loads them. */
async function listModules(
  path: string,
  start: ProgramStart,
  tools: EntryTools,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (start.name !== "deno" || tools.onModules === undefined) return [];
  const [command = "", ...args] = graphCommand(start, path);
  return parseGraph((await run({ command, args, input: "" }, tools, signal)).output);
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly input: string;
}

interface Ran {
  readonly output: string;
  readonly errors: string;
  readonly isLate: boolean;
}

function run(
  { command, args, input }: Program,
  { environment, cwd }: EntryTools,
  signal: AbortSignal | undefined,
): Promise<Ran> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  // The environment is a map of texts; what is not set is left out by Node itself.
  const env = { ...environment, NO_COLOR: "1" } as NodeJS.ProcessEnv;
  const child = spawn(command, [...args], { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, LOAD_MS);
  const abort = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", abort);
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => output += chunk);
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors = (errors + chunk).slice(-64 * 1024);
  });
  const settle = (): void => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
    if (signal?.aborted) reject(signal.reason);
    else resolve({ output, errors, isLate });
  };
  child.once("error", (error) => {
    errors += error.message;
    settle();
  });
  child.once("close", settle);
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return promise;
}
