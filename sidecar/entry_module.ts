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
 * Imports a module and takes its app: `default { fetch }`, a default function, an exported `fetch`; or what its
 * exported `createApp(front)` returns, for an app that renders tags or pages.
 *
 * @param path Absolute path.
 * @param front What `createApp` gets: the `FrontTools` of the sidecar.
 * @throws {Error} If the module can't be loaded; the cause is what it threw.
 * @throws {TypeError} If it exports no app.
 */
export async function loadEntry(path: string, front?: unknown): Promise<EntryApp> {
  let module: Record<string, unknown>;
  try {
    module = await import(toFileUrl(path).href);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot load "${path}" as the entry: ${why}`, { cause: error });
  }
  const app = findApp(
    typeof module.createApp === "function"
      // The app that needs tags or pages is made with what gives them.
      ? { default: await module.createApp(front) }
      : module,
  );
  if (app !== undefined) return app;
  const names = Object.keys(module).join(", ") || "nothing";
  throw new TypeError(
    `Cannot use "${path}" as the entry: it exports ${names}, and not "default { fetch }"`,
  );
}

function findApp(module: Record<string, unknown>): EntryApp | undefined {
  const main = module.default;
  if (typeof main === "function") return appOf(main, undefined);
  if (typeof main === "object" && main !== null && "fetch" in main) {
    const { fetch } = main;
    const websocket = "websocket" in main ? main.websocket : undefined;
    // Called as a method: an instance of a router class needs its `this`.
    if (typeof fetch === "function") return appOf(fetch.bind(main), websocket);
  }
  return typeof module.fetch === "function" ? appOf(module.fetch, module.websocket) : undefined;
}

function appOf(fetch: unknown, websocket: unknown): EntryApp {
  // What it takes and returns is only known when it is called; `askHandler` checks that.
  return { fetch: fetch as AppHandler, websocket };
}
