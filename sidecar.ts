/**
 * The composition root: wires the rooms of the request path into a sidecar.
 *
 * @module
 */
import process from "node:process";
import { resolve } from "@std/path";
import { currentRuntime } from "./runtime/current.ts";
import type { Listener, Runtime } from "./runtime/types.ts";
import { openApp, type OpenedApp } from "./sidecar/app_source.ts";
import { type Bridges, createBridges } from "./sidecar/bridges.ts";
import { resolveConfig, type SidecarOptions } from "./sidecar/config.ts";
import type { Config } from "./sidecar/config_types.ts";
import { Front, type FrontOptions } from "./sidecar/front.ts";
import { compileRoutes } from "./sidecar/known_routes.ts";
import type { AppHandler, AppLink, SidecarEvent } from "./sidecar/links.ts";
import { ListenError } from "./sidecar/listen_error.ts";
import { loadConfigFile } from "./sidecar/load_config.ts";
import { ModuleCache } from "./sidecar/module_cache.ts";
import { SocketDesk } from "./sidecar/socket_desk.ts";
import { createUpstream, type Upstream } from "./sidecar/upstream.ts";
import { ViteDesk } from "./sidecar/vite_desk.ts";
import { type OpenedVite, openVite, type ViteStatus } from "./sidecar/vite_source.ts";

export type { AppHandler, SidecarEvent } from "./sidecar/links.ts";
export type { ViteStatus } from "./sidecar/vite_source.ts";

/** A server that a sidecar started. */
export interface SidecarServer {
  /** Where it listens, for example `http://127.0.0.1:8000/`. */
  readonly url: string;
  /** The address that it listens on. */
  readonly hostname: string;
  /** The port that it listens on, also where 0 was asked for. */
  readonly port: number;
  /** Refuses new connections, lets running answers end within the time of `timeouts.stop`, and cuts the rest. */
  close(): Promise<void>;
}

/** Options of {@linkcode Sidecar.serve}. */
export interface ServeOptions {
  /** Address to listen on. @default the option `host` of the sidecar */
  readonly hostname?: string;
  /** Port to listen on; 0 takes any free one. @default the option `port` of the sidecar */
  readonly port?: number;
  /** Bun only: handlers of sockets that the app upgrades itself, as `Bun.serve` takes them. */
  readonly websocket?: unknown;
}

/** How a sidecar and what stands behind it are. */
export interface SidecarStatus {
  /** Vite. */
  readonly vite: ViteStatus;
  /** Who answers what Vite does not own, and whether it is there. */
  readonly app: {
    /** See `AppConfig`. */
    readonly kind: Config["app"]["kind"];
    /** A backend's condition as it was last seen; `up` for an app in this process. */
    readonly condition: "unknown" | "up" | "down";
    /** A backend's origin. */
    readonly origin: string | undefined;
  };
}

/** One port for an app and for Vite. */
export interface Sidecar {
  /** The resolved configuration. */
  readonly config: Config;
  /**
   * Answers a request, for those who own their server.
   *
   * @param request The request of `Deno.serve` or `Bun.serve`.
   * @param app The app's handler. @default the app of the options
   * @param native What the listener gave the handler as second argument: Deno's `info`, Bun's `server`. Sockets need
   *   it on Bun; without it a client counts as one of another machine.
   */
  fetch(request: Request, app?: AppHandler, native?: unknown): Response | Promise<Response>;
  /**
   * Listens on the one port, with `Deno.serve` or `Bun.serve`.
   *
   * @param app The app's handler. @default the app of the options
   * @throws {Error} If the port is taken, or the address is not one of this machine.
   */
  serve(app?: AppHandler, options?: ServeOptions): SidecarServer;
  /** The option `websocket` for a `Bun.serve` of your own; `undefined` on Deno. */
  readonly websocket: unknown;
  /** How everything is now. */
  status(): SidecarStatus;
  /**
   * Resolves when Vite answers.
   *
   * @throws {Error} If it failed, and will not be tried again by itself.
   */
  ready(): Promise<void>;
  /** Calls back at each event; returns what ends that. */
  onEvent(listener: (event: SidecarEvent) => void): () => void;
  /** Stops the servers, the sockets, Vite and a backend that was started; resolves when all is gone. */
  close(): Promise<void>;
}

/** Where {@linkcode createSidecar} finds what its options leave open. */
export interface CreateEnvironment {
  /** Environment variables. @default those of this process */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute path that `root` and `entry` are relative to. @default the working directory */
  readonly cwd?: string;
  /** Whether `sidecar.config.ts` of the root is read. @default true */
  readonly configFile?: boolean;
}

/** How long an upstream may take to agree to a WebSocket; Vite never answers one that it does not like. */
const HANDSHAKE_MS = 5_000;

/** Events kept for the first listener: what happened while the sidecar was made. */
const MAX_EARLY_EVENTS = 100;

/** Events by listener. */
class Events {
  readonly #listeners = new Set<(event: SidecarEvent) => void>();
  #early: SidecarEvent[] | undefined = [];

  readonly emit = (event: SidecarEvent): void => {
    if (this.#early !== undefined && this.#early.length < MAX_EARLY_EVENTS) this.#early.push(event);
    for (const listener of [...this.#listeners]) listener(event);
  };

  listen(listener: (event: SidecarEvent) => void): () => void {
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#listeners.add(listener);
    for (const event of early) listener(event);
    return () => void this.#listeners.delete(listener);
  }
}

/** What a sidecar is made of. */
interface Parts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly events: Events;
  readonly app: OpenedApp;
  readonly vite: OpenedVite;
  readonly cache: ModuleCache;
  readonly viteBridges: Bridges;
}

class OnePortSidecar implements Sidecar {
  readonly config: Config;
  readonly #runtime: Runtime;
  readonly #events: Events;
  readonly #vite: OpenedVite;
  readonly #app: OpenedApp;
  readonly #front: Front;
  readonly #viteBridges: Bridges;
  readonly #appBridges: Bridges = createBridges();
  readonly #listeners = new Set<Listener>();
  #closing: Promise<void> | undefined;

  constructor({ config, runtime, events, app, vite, cache, viteBridges }: Parts) {
    this.config = config;
    this.#runtime = runtime;
    this.#events = events;
    this.#app = app;
    this.#vite = vite;
    this.#viteBridges = viteBridges;
    this.#front = this.#createFront(cache);
  }

  #createFront(cache: ModuleCache): Front {
    const { config } = this;
    const { emit } = this.#events;
    const link = this.#vite.link;
    const shared = { trustedProxies: config.trustedProxies, via: viaName(), emit };
    return new Front({
      ...shared,
      edge: config,
      router: this.#routerConfig(),
      logsRequests: config.logLevel === "verbose",
      vite: new ViteDesk({ link, cache, inject: config.inject, emit }),
      sockets: new SocketDesk({
        ...shared,
        runtime: this.#runtime,
        vite: link,
        viteBridges: this.#viteBridges,
        appBridges: this.#appBridges,
        connectMs: config.timeouts.connectMs,
        handshakeMs: HANDSHAKE_MS,
        queueBytes: config.socketQueueBytes,
      }),
    });
  }

  #routerConfig(): FrontOptions["router"] {
    const { config } = this;
    // In direct mode Vite has a port of its own, and this one is the app's.
    const appRoutes = compileRoutes(config.direct ? ["/*"] : config.appRoutes);
    const viteRoutes = compileRoutes(config.viteRoutes);
    return () => ({
      base: this.#vite.link.base,
      appRoutes,
      viteRoutes,
      knownRoutes: this.#app.routes(),
    });
  }

  fetch(request: Request, app?: AppHandler, native?: unknown): Response | Promise<Response> {
    this.#vite.start(undefined);
    const context = this.#runtime.contextOf(request, native);
    return this.#front.handle(request, context, this.#linkOf(app));
  }

  #linkOf(app: AppHandler | undefined): AppLink {
    return app === undefined ? this.#app.link : { kind: "handler", handler: app };
  }

  serve(app?: AppHandler, options: ServeOptions = {}): SidecarServer {
    const { hostname = this.config.host, port = this.config.port } = options;
    const link = this.#linkOf(app);
    const listener = this.#listen(link, { hostname, port, websocket: options.websocket });
    this.#listeners.add(listener);
    this.#vite.start(listener.port);
    return {
      url: urlOf(listener),
      hostname: listener.hostname,
      port: listener.port,
      close: () => this.#closeListener(listener),
    };
  }

  #listen(
    link: AppLink,
    { hostname, port, websocket }: Required<Pick<ServeOptions, "hostname" | "port">> & {
      readonly websocket: unknown;
    },
  ): Listener {
    const { emit } = this.#events;
    try {
      return this.#runtime.serve({
        hostname,
        port,
        onError: (error) => emit({ kind: "error", message: "The listener failed", error }),
        appWebSocket: websocket ?? this.#app.websocket,
      }, (request, context) => this.#front.handle(request, context, link));
    } catch (error) {
      throw new ListenError(hostname, port, error);
    }
  }

  async #closeListener(listener: Listener): Promise<void> {
    if (!this.#listeners.delete(listener)) return;
    await listener.close(this.config.timeouts.stopMs);
  }

  get websocket(): unknown {
    return this.#runtime.webSocketHandlers(this.#app.websocket);
  }

  status(): SidecarStatus {
    return { vite: this.#vite.status(), app: this.#app.status() };
  }

  ready(): Promise<void> {
    this.#vite.start(undefined);
    return this.#vite.ready();
  }

  onEvent(listener: (event: SidecarEvent) => void): () => void {
    return this.#events.listen(listener);
  }

  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    const stopped = Promise.all(
      [...this.#listeners].map((listener) => this.#closeListener(listener)),
    );
    await Promise.all([
      this.#viteBridges.closeAll(1001, "the server stops"),
      this.#appBridges.closeAll(1001, "the server stops"),
    ]);
    await stopped;
    await Promise.all([this.#vite.close(), this.#app.close()]);
  }
}

function connector(
  runtime: Runtime,
  { timeouts }: Config,
): (hostname: string, port: number, tls?: boolean) => Upstream {
  const { connectMs, headersMs, idleMs } = timeouts;
  return (hostname, port, tls = false) =>
    createUpstream({ runtime, target: { hostname, port, tls }, connectMs, headersMs, idleMs });
}

/** A name that no other sidecar has. */
function viaName(): string {
  return `sidecar-${crypto.randomUUID().slice(0, 8)}`;
}

function urlOf({ hostname, port }: Listener): string {
  // The address that means all is none that a browser can open.
  const open = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  return `http://${open.includes(":") ? `[${open}]` : open}:${port}/`;
}

/**
 * Creates a sidecar: one port for an app and for Vite.
 *
 * Vite is started when the sidecar begins to serve; nothing waits for it. Call `close` when you are done.
 *
 * @example A server of one port
 * ```ts no-run
 * import { createSidecar } from "@lv/sidecar";
 *
 * const sidecar = await createSidecar({ root: "frontend" });
 * sidecar.serve(() => Response.json({ hello: "world" }), { port: 8000 });
 * ```
 *
 * @example A server of your own
 * ```ts no-run
 * import { createSidecar } from "@lv/sidecar";
 *
 * const sidecar = await createSidecar({ root: "frontend" });
 * const app = () => Response.json({ hello: "world" });
 * Deno.serve((request, info) => sidecar.fetch(request, app, info));
 * ```
 *
 * @param options What differs from the defaults; the environment, and `sidecar.config.ts` of the root, fill in what
 *   they leave out.
 * @param environment Where the rest is found.
 * @returns The sidecar; not yet listening.
 * @throws {TypeError} If an option is unknown, or not of its shape.
 * @throws {RangeError} If an option has a value that is not allowed.
 * @throws {Error} If `sidecar.config.ts`, or the module of the option `entry`, can't be loaded.
 */
export async function createSidecar(
  options: SidecarOptions = {},
  environment: CreateEnvironment = {},
): Promise<Sidecar> {
  const { env = process.env, cwd = process.cwd(), configFile = true } = environment;
  const root = resolve(cwd, options.root ?? ".");
  const mode = options.mode ?? "development";
  const file = configFile ? await loadConfigFile(root, { command: "dev", mode, env }) : undefined;
  const config = resolveConfig({ cwd, options, environment: env, file, handler: true });
  const runtime = currentRuntime();
  const events = new Events();
  const connect = connector(runtime, config);
  const cache = new ModuleCache(config.cacheBytes);
  const viteBridges = createBridges();
  const shared = { config, runtime, env, connect, emit: events.emit };
  const app = await openApp(shared);
  const vite = await openVite({
    ...shared,
    onInvalidate: () => cache.clear(),
    // 1012 tells Vite's client, and whoever else listens, that it is worth coming back.
    onGone: () => void viteBridges.closeAll(1012, "Vite restarts"),
  });
  return new OnePortSidecar({ config, runtime, events, app, vite, cache, viteBridges });
}
