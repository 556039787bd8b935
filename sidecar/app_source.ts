/**
 * Opens the app that the configuration names: a module, a backend that runs, or a command that starts one.
 *
 * @module
 */
import process from "node:process";
import type { Runtime } from "../runtime/types.ts";
import { watchdogCommand } from "../runtime/watchdog.ts";
import { type KnownBackend, linkToBackend } from "./backend_link.ts";
import { backendEnvironment } from "./backend_environment.ts";
import { type BackendProcess, createBackendProcess, findFreePort } from "./backend_process.ts";
import type { Config } from "./config_types.ts";
import { plainLine } from "./down_page.ts";
import { loadEntry } from "./entry_module.ts";
import { withoutBrackets } from "./host_name.ts";
import { compileRoutes, type KnownRoutes } from "./known_routes.ts";
import type { AppLink, SidecarEvent } from "./links.ts";
import type { Upstream } from "./upstream.ts";

/** What {@linkcode openApp} works with. */
export interface AppSourceOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connect: (hostname: string, port: number, tls?: boolean) => Upstream;
  readonly emit: (event: SidecarEvent) => void;
  /** What an entry's `createApp` gets. */
  readonly front: unknown;
}

/** An app that is there, or on its way. */
export interface OpenedApp {
  readonly link: AppLink;
  /** Bun's socket handlers of an entry module. */
  readonly websocket: unknown;
  /** What it says that it answers. */
  routes(): KnownRoutes;
  /** What the route table of an entry says of its routes; `undefined` without one. */
  tableRoutes(): unknown;
  status(): {
    readonly kind: Config["app"]["kind"];
    readonly condition: "unknown" | "up" | "down";
    readonly origin: string | undefined;
  };
  close(): Promise<void>;
}

const NO_ROUTES = compileRoutes([]);

/**
 * Opens the app.
 *
 * @throws {Error} If the entry module can't be loaded or exports no app.
 */
export async function openApp(options: AppSourceOptions): Promise<OpenedApp> {
  const { app } = options.config;
  if (app.kind === "backend") return openBackend(app.url, undefined, options);
  if (app.kind === "command") return await openCommand(app.argv, options);
  if (app.kind === "entry") {
    const entry = await loadEntry(app.path, options.front);
    const routes = compileRoutes(entry.paths);
    const link = { kind: "handler", handler: entry.fetch } as const;
    const { websocket, tableRoutes } = entry;
    return { ...inProcess("entry", link, websocket, routes), tableRoutes };
  }
  return inProcess(app.kind, { kind: "none" }, undefined, NO_ROUTES);
}

function inProcess(
  kind: Config["app"]["kind"],
  link: AppLink,
  websocket: unknown,
  routes: KnownRoutes,
): OpenedApp {
  return {
    link,
    websocket,
    routes: () => routes,
    tableRoutes: () => undefined,
    status: () => ({ kind, condition: "up", origin: undefined }),
    close: () => Promise.resolve(),
  };
}

function openBackend(
  url: string,
  command: BackendProcess | undefined,
  { config, connect, emit }: AppSourceOptions,
): OpenedApp {
  const { hostname, port, protocol, origin } = new URL(url);
  const tls = protocol === "https:";
  const upstream = connect(
    withoutBrackets(hostname),
    port === "" ? (tls ? 443 : 80) : Number(port),
    tls,
  );
  const tail = (): readonly string[] => command === undefined ? [] : tailOf(command);
  const backend: KnownBackend = linkToBackend({ upstream, origin, root: config.root, tail, emit });
  // Its answer is not waited for: a backend that is not up yet tells its routes with its first answer.
  if (command === undefined) void backend.discover();
  return {
    link: { kind: "backend", backend },
    websocket: undefined,
    routes: () => backend.routes,
    tableRoutes: () => undefined,
    status: () => ({ kind: config.app.kind, condition: backend.condition, origin }),
    async close() {
      await backend.close();
      await command?.stop();
    },
  };
}

function tailOf(command: BackendProcess): readonly string[] {
  const state = command.state();
  if (state.kind === "failed") return [state.message, state.hint];
  return state.kind === "exited" ? state.tail.map(plainLine) : [];
}

async function openCommand(
  argv: readonly string[],
  options: AppSourceOptions,
): Promise<OpenedApp> {
  const { config, env, runtime, emit } = options;
  const port = await findFreePort();
  const command = createBackendProcess({
    argv,
    port,
    env: backendEnvironment(env, config),
    cwd: process.cwd(),
    watchdog: watchdogCommand(runtime.name, process.execPath),
    log: (line) => emit({ kind: "output", from: "backend", line }),
  });
  command.onChange((state) => {
    if (state.kind === "failed") {
      const message = `${state.message}\n  ${state.hint}`;
      emit({ kind: "backend", condition: "down", message });
    }
    if (state.kind === "exited") {
      const how = state.signal === null ? `with code ${state.code}` : `by ${state.signal}`;
      emit({ kind: "backend", condition: "down", message: `The backend's command ended ${how}` });
    }
  });
  return openBackend(`http://127.0.0.1:${port}`, command, options);
}
