/**
 * Loads the app of `--entry`: a module as `deno serve` and Bun expect it.
 *
 * @module
 */
import { toFileUrl } from "@std/path";
import type { AppHandler } from "./links.ts";

/** An app in this process. */
export interface EntryApp {
  readonly fetch: AppHandler;
  /** Bun's handlers for sockets that the app upgrades itself. */
  readonly websocket: unknown;
}

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
  const module: Record<string, unknown> = await orExplain(
    `Cannot load "${path}" as the entry`,
    () => import(toFileUrl(path).href),
  );
  const { createApp } = module;
  if (typeof createApp === "function") return await makeApp(path, () => createApp(front));
  const app = appOf(module.default) ?? appOf(module);
  if (app !== undefined) return app;
  const names = Object.keys(module).join(", ") || "nothing";
  throw new TypeError(
    `Cannot use "${path}" as the entry: it exports ${names}, and neither "createApp" nor "default { fetch }"`,
  );
}

async function makeApp(path: string, createApp: () => unknown): Promise<EntryApp> {
  const made = await orExplain(
    `Cannot make the app of "${path}": its createApp failed`,
    async () => await createApp(),
  );
  const app = appOf(made);
  if (app !== undefined) return app;
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
    throw new Error(`${what}: ${why}`, { cause: error });
  }
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const names = Object.keys(value).join(", ");
  return names === "" ? "an object without fields" : `an object with ${names}`;
}

function appOf(value: unknown): EntryApp | undefined {
  // What a handler takes and returns is only known when it is called; `askHandler` checks that.
  if (typeof value === "function") return { fetch: value as AppHandler, websocket: undefined };
  if (typeof value !== "object" || value === null || !("fetch" in value)) return undefined;
  const { fetch } = value;
  if (typeof fetch !== "function") return undefined;
  const websocket = "websocket" in value ? value.websocket : undefined;
  // Called as a method: an instance of a router class needs its `this`.
  return { fetch: fetch.bind(value) as AppHandler, websocket };
}
