/**
 * Loads the app of `--entry`: a module as `deno serve` and Bun expect it.
 *
 * @module
 */
import { stat } from "node:fs/promises";
import { toFileUrl } from "@std/path";
import { findRouteTable, routeTableOf } from "../routes/find_route_table.ts";
import type { AppHandler } from "./links.ts";

/** An app in this process. */
export interface EntryApp {
  readonly fetch: AppHandler;
  /** Bun's handlers for sockets that the app upgrades itself. */
  readonly websocket: unknown;
  /** The paths of its route table that are nobody else's; empty where it has none. */
  readonly paths: readonly string[];
  /** What its route table says of its routes, as a front end reads it; `undefined` where it has none. */
  readonly tableRoutes: () => unknown;
}

type Handlers = Pick<EntryApp, "fetch" | "websocket">;

/**
 * Imports a module and takes its app: what its exported `createApp(front)` returns or resolves to, for an app that
 * renders tags or pages; else `default { fetch }`, a default function, or an exported `fetch`.
 *
 * `createApp` wins over a default export: a module may have both, and then also runs without us.
 *
 * @param path Absolute path.
 * @param front What `createApp` gets: the `FrontTools` of the sidecar.
 * @throws {Error} If the module can't be loaded, or its `createApp` fails; the cause is what was thrown.
 * @throws {TypeError} If it exports no app, or its `createApp` returns none.
 */
export async function loadEntry(path: string, front?: unknown): Promise<EntryApp> {
  await refuseMissing(path);
  const module: Record<string, unknown> = await orExplain(
    `Cannot load "${path}" as the entry`,
    () => import(toFileUrl(path).href),
  );
  const { createApp } = module;
  const tableOf = (app?: unknown): Pick<EntryApp, "paths" | "tableRoutes"> => {
    const table = routeTableOf(app) ?? findRouteTable(module);
    return {
      paths: table?.paths.filter(isOwnPath) ?? [],
      tableRoutes: () => table?.toRoutesJson?.(),
    };
  };
  if (typeof createApp === "function") {
    const made = await makeApp(path, () => createApp(front));
    return { ...made.app, ...tableOf(made.value) };
  }
  const app = appOf(module.default) ?? appOf(module);
  if (app !== undefined) return { ...app, ...tableOf() };
  const names = Object.keys(module).join(", ") || "nothing";
  throw new TypeError(
    `Cannot use "${path}" as the entry: it exports ${names}, and neither "createApp" nor "default { fetch }"`,
  );
}

/** The runtimes' own words for it differ, and name this file as the one that asked. */
async function refuseMissing(path: string): Promise<void> {
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  const state = file instanceof Error
    ? file.code === "ENOENT" ? "there is no such file" : undefined
    : file.isDirectory()
    ? "it is a folder"
    : undefined;
  if (state === undefined) return;
  const hint = "name the module with --entry; its path counts from the working directory";
  throw Object.assign(new Error(`Cannot load "${path}" as the entry: ${state}`), { hint });
}

/** `/{page}` and `/{rest:path}` fit the files of the front end too: there it counts who asks, and for what. */
function isOwnPath(path: string): boolean {
  return !path.startsWith("/{");
}

async function makeApp(
  path: string,
  createApp: () => unknown,
): Promise<{ readonly app: Handlers; readonly value: unknown }> {
  const made = await orExplain(
    `Cannot make the app of "${path}": its createApp failed`,
    async () => await createApp(),
  );
  const app = appOf(made);
  if (app !== undefined) return { app, value: made };
  throw new TypeError(
    `Cannot use "${path}" as the entry: its createApp returned ${
      describe(made)
    }, and not { fetch } or a function`,
  );
}

async function orExplain<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}: ${why}${placeOf(error)}`, { cause: error });
  }
}

/** Where Bun found a fault in a source: its message does not say. */
function placeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("position" in error)) return "";
  // Bun's BuildMessage has it or null; anything else is looked at field by field.
  const { file, line, column } = (error.position ?? {}) as Record<string, unknown>;
  return typeof file === "string" && typeof line === "number"
    ? ` at ${file}:${line}:${column}`
    : "";
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const names = Object.keys(value).join(", ");
  return names === "" ? "an object without fields" : `an object with ${names}`;
}

function appOf(value: unknown): Handlers | undefined {
  // What a handler takes and returns is only known when it is called; `askHandler` checks that.
  if (typeof value === "function") return { fetch: value as AppHandler, websocket: undefined };
  if (typeof value !== "object" || value === null || !("fetch" in value)) return undefined;
  const { fetch } = value;
  if (typeof fetch !== "function") return undefined;
  const websocket = "websocket" in value ? value.websocket : undefined;
  // Called as a method: an instance of a router class needs its `this`.
  return { fetch: fetch.bind(value) as AppHandler, websocket };
}
