/**
 * What the process that loads the app's module says, and how that process is started.
 *
 * @module
 */
import source from "./entry_program.js" with { type: "text" };
import { type HonoRoute, honoRoutesJson } from "./hono_routes.ts";

/** The documents that a module's exports give. */
export interface EntryDocuments {
  readonly routes?: string | undefined;
  readonly openapi?: string | undefined;
  /** Routes that the OpenAPI document does not describe. */
  readonly beside?: string | undefined;
  readonly pages?: string | undefined;
}

/** What came out of it. */
export type EntryAnswer =
  | { readonly kind: "found"; readonly documents: EntryDocuments }
  /** The module exports neither a table nor an app that has one. */
  | { readonly kind: "none"; readonly exports: readonly string[] }
  | { readonly kind: "failed"; readonly message: string };

/** How programs are started. */
export interface ProgramStart {
  readonly name: "deno" | "bun";
  /** The file of the runtime. */
  readonly execPath: string;
  /** Deno's configuration for a module, as `deno serve` would take it: the nearest one above. */
  readonly config: string | undefined;
}

/**
 * The command that loads a module. The program's text goes along as an argument: run from a registry, this package has no
 * files on disk.
 */
export function entryCommand({ name, execPath, config }: ProgramStart): readonly string[] {
  if (name === "bun") return [execPath, "-e", source];
  return [execPath, "eval", "--quiet", ...configFlags(config), source];
}

function configFlags(config: string | undefined): readonly string[] {
  return config === undefined ? [] : ["--config", config];
}

/** The line that the process waits for. */
export function renderEntryRequest(url: string, nonce: string): string {
  return `${JSON.stringify({ url, nonce })}\n`;
}

/** The files of modules that the process loaded, where the runtime tells them. */
export function parseEntryModules(output: string, nonce: string): readonly string[] {
  const line = output.split("\n").find((each) => each.startsWith(nonce));
  if (line === undefined) return [];
  // Our own program writes it.
  const { modules = [] } = JSON.parse(line.slice(nonce.length)) as { modules?: readonly string[] };
  return modules;
}

/** The command by which Deno lists the modules that one imports, also where it can't be loaded. */
export function graphCommand({ execPath, config }: ProgramStart, path: string): readonly string[] {
  return [execPath, "info", "--quiet", "--json", ...configFlags(config), path];
}

/** Reads what that command prints. */
export function parseGraph(output: string): readonly string[] {
  try {
    // Anything else than the shape that Deno prints ends in the catch.
    const { modules } = JSON.parse(output) as { modules: readonly { readonly local?: string }[] };
    return modules.flatMap(({ local }) => local === undefined ? [] : [local]);
  } catch {
    return [];
  }
}

/** Reads the process's standard output; `undefined` where the answer is not in it. */
export function parseEntryAnswer(output: string, nonce: string): EntryAnswer | undefined {
  const line = output.split("\n").find((each) => each.startsWith(nonce));
  if (line === undefined) return undefined;
  // Our own program writes it behind a nonce that nobody else knows.
  const answer = JSON.parse(line.slice(nonce.length)) as
    | ({ readonly kind: "table" } & EntryDocuments)
    | {
      readonly kind: "hono";
      readonly openapi?: string;
      readonly routes: readonly HonoRoute[];
    }
    | Exclude<EntryAnswer, { kind: "found" }>;
  if (answer.kind === "table") {
    const { routes, openapi, pages } = answer;
    return { kind: "found", documents: { routes, openapi, pages } };
  }
  if (answer.kind !== "hono") return answer;
  const { openapi, routes } = answer;
  const table = honoRoutesJson(routes);
  // The document names its operations; the routes of an app have no names. What it describes is among them.
  const documents = openapi === undefined ? { routes: table } : { openapi, beside: table };
  return { kind: "found", documents };
}
