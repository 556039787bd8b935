/**
 * The composition root: wires the rooms of the request path into a sidecar.
 *
 * @module
 */
import process from "node:process";
import { resolve } from "@std/path";
import { currentRuntime } from "./runtime/current.ts";
import type { Listener, RequestContext, Runtime } from "./runtime/types.ts";
import type { TagAttributes } from "./sidecar/html_tag.ts";
import {
  type Assets,
  createAssets,
  type Entries,
  type PartialOptions,
} from "./sidecar/asset_source.ts";
import { openApp, type OpenedApp } from "./sidecar/app_source.ts";
import { type Bridges, createBridges } from "./sidecar/bridges.ts";
import { openBuiltRenderSource } from "./sidecar/built_ssr.ts";
import { hasBuild, openBuild, usesReact } from "./sidecar/built_source.ts";
import { BuiltDesk } from "./sidecar/built_desk.ts";
import { resolveConfig, type SidecarOptions } from "./sidecar/config.ts";
import type { Config } from "./sidecar/config_types.ts";
import { Deadlines } from "./sidecar/deadlines.ts";
import { Front, type FrontOptions } from "./sidecar/front.ts";
import { viteRenderSource } from "./sidecar/dev_ssr.ts";
import type { Framework } from "./sidecar/framework.ts";
import { frameworkAssets } from "./sidecar/framework_assets.ts";
import { FrameworkDesk } from "./sidecar/framework_desk.ts";
import {
  explainNoBuild,
  findApiSources,
  findFramework,
  findFrameworkBuild,
  type FrameworkBuild,
  openFrameworkServer,
} from "./sidecar/framework_source.ts";
import { type FrontEnd, refusePages } from "./sidecar/front_end.ts";
import { healthNameOf, healthResponse } from "./sidecar/health.ts";
import { compileRoutes, type KnownRoutes } from "./sidecar/known_routes.ts";
import type { AppHandler, AppLink, SidecarEvent, ViteLink } from "./sidecar/links.ts";
import { withoutBrackets } from "./sidecar/host_name.ts";
import { ListenError } from "./sidecar/listen_error.ts";
import { loadConfigFile } from "./sidecar/load_config.ts";
import { ModuleCache } from "./sidecar/module_cache.ts";
import { PageMaker } from "./sidecar/page_maker.ts";
import type { PageOptions, PageParts, PageTool, RenderSource } from "./sidecar/page_tool.ts";
import { isWebSocket } from "./sidecar/router.ts";
import { SiteDesk } from "./sidecar/site_desk.ts";
import { NO_FILES, openStaticFiles } from "./sidecar/assets.ts";
import { SocketDesk } from "./sidecar/socket_desk.ts";
import { statusResponse } from "./sidecar/status_desk.ts";
import { createUpstream, type Upstream } from "./sidecar/upstream.ts";
import { ViteDesk } from "./sidecar/vite_desk.ts";
import { type OpenedVite, openVite, type ViteStatus } from "./sidecar/vite_source.ts";
import type { DevTypes } from "./typegen/dev_types.ts";

export type { Assets, Entries, PartialOptions } from "./sidecar/asset_source.ts";
export type { TagAttributes } from "./sidecar/html_tag.ts";
export type { AppHandler, SidecarEvent } from "./sidecar/links.ts";
export type {
  PageOptions,
  PageParts,
  PageTool,
  PlacedPage,
  RenderSource,
  RenderTarget,
} from "./sidecar/page_tool.ts";
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

/** A build that is served. */
export interface BuildStatus {
  /** Identifies it; see `FrontTools.versionId`. */
  readonly versionId: string;
  /** Where its files are served. */
  readonly assetUrl: string;
  /** Absolute path of its folder. */
  readonly dir: string;
}

/** How a sidecar and what stands behind it are. */
export interface SidecarStatus {
  /** Whether Vite serves the sources, or a build is served. */
  readonly mode: "dev" | "production";
  /** Vite; `undefined` in production. */
  readonly vite: ViteStatus | undefined;
  /** The build; `undefined` in development. */
  readonly build: BuildStatus | undefined;
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

/** What an app needs to make documents: the same calls in development and in production. */
export interface FrontTools extends Assets {
  /** Renders the script with the option `routes`, for pages of a template engine; nothing without it. */
  routesTag(nonce?: string): string;
  /** Answers with the page of the front end. `createInertia` takes it as its option `page`. */
  readonly page: PageTool;
}

/** One port for an app and for its front end. */
export interface Sidecar extends FrontTools {
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
  /**
   * Who shows it in the field `x-sidecar-key`, from this machine, gets `status()` as JSON at `/__sidecar/status`. At
   * least 32 characters that nobody guesses. @default undefined: nobody gets it
   */
  readonly statusKey?: string | undefined;
}

/** How long an upstream may take to agree to a WebSocket; Vite never answers one that it does not like. */
const HANDSHAKE_MS = 5_000;

/** How long a backend may take to accept the connection that finds out whether it is there. */
const PROBE_MS = 2_000;

/** Of the time for running answers to end, what is left for everything else: the whole stop takes no longer. */
const LAST_STEPS_MS = 250;

/** As many as a UUID has, without its hyphens. */
const MIN_STATUS_KEY = 32;

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

/** Who serves the front end, opened: Vite, or a build. */
interface OpenedFrontEnd {
  readonly frontEnd: FrontEnd;
  readonly assets: Assets;
  readonly maker: PageMaker;
  /** Who renders the app's pages on the server. */
  readonly ssr: RenderSource;
  readonly isBuilt: boolean;
  /** Vite, or the server of a framework; `undefined` of files alone. */
  readonly viteLink: ViteLink | undefined;
  readonly viteBridges: Bridges;
  /** Whether a server of its own asks the app, past the one port. */
  readonly asksApp: boolean;
  /**
   * Starts what has to be started, once.
   *
   * @param added Variables for a server of its own.
   */
  start(frontPort: number | undefined, added?: Readonly<Record<string, string>>): void;
  status(): Pick<SidecarStatus, "mode" | "vite" | "build">;
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** What a sidecar is made of. */
interface Parts {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly events: Events;
  readonly app: OpenedApp;
  readonly opened: OpenedFrontEnd;
  readonly statusKey: string | undefined;
}

const NO_ROUTES = compileRoutes([]);

/** Where the server of a framework finds the app. */
const API_URL_NAME = "SIDECAR_API_URL";

/** For a listener behind which there is the app alone. */
const APP_ALONE: FrontEnd = {
  route: (request) => ({ kind: isWebSocket(request) ? "app-socket" : "app" }),
  refuse: () => undefined,
  answer: () => new Response(null, { status: 404 }),
  findFile: () => Promise.resolve("miss"),
  findPage: () => "miss",
  page: refusePages("the app alone is here"),
  place: refusePages("the app alone is here"),
};

/** The tools of a front end that may not be open yet when an app is made with them. */
function toolsOf(opened: () => OpenedFrontEnd): FrontTools {
  return {
    get versionId() {
      return opened().assets.versionId;
    },
    tags: (entries, attributes) => opened().assets.tags(entries, attributes),
    partial: (entries, options) => opened().assets.partial(entries, options),
    asset: (path) => opened().assets.asset(path),
    hmrTags: (attributes) => opened().assets.hmrTags(attributes),
    reactRefreshTag: (attributes) => opened().assets.reactRefreshTag(attributes),
    legacyTags: (entries, attributes) => opened().assets.legacyTags(entries, attributes),
    routesTag: (nonce) => opened().maker.routesTag(nonce),
    page: pageTool(opened),
  };
}

/** Made of closures: who takes it from the sidecar needs no `this`. */
function pageTool(opened: () => OpenedFrontEnd): PageTool {
  const page = (request: Request, options: PageOptions = {}): Promise<Response> =>
    opened().frontEnd.page(request, options);
  const ssr: RenderSource = {
    get isDevelopment() {
      return opened().ssr.isDevelopment;
    },
    start: () => opened().ssr.start(),
    timeoutMs: () => opened().ssr.timeoutMs(),
    target: (signal) => opened().ssr.target(signal),
  };
  return Object.assign(page, {
    document: (parts: PageParts, request: Request) => opened().frontEnd.place(request, parts),
    version: () => opened().assets.versionId,
    ssr,
  });
}

class OnePortSidecar implements Sidecar {
  readonly config: Config;
  readonly #runtime: Runtime;
  readonly #events: Events;
  readonly #opened: OpenedFrontEnd;
  readonly #app: OpenedApp;
  readonly #front: Front;
  readonly #appBridges: Bridges = createBridges();
  readonly #pings = new Deadlines();
  readonly #listeners = new Set<Listener>();
  readonly #tools: FrontTools;
  #hasStarted = false;
  #closing: Promise<void> | undefined;
  #probing: Promise<boolean> | undefined;

  constructor({ config, runtime, events, app, opened, statusKey }: Parts) {
    this.config = config;
    this.#runtime = runtime;
    this.#events = events;
    this.#app = app;
    this.#opened = opened;
    this.#tools = toolsOf(() => opened);
    this.#front = this.#createFront(opened.frontEnd, statusKey);
  }

  #createFront(frontEnd: FrontEnd, statusKey: string | undefined): Front {
    const { config } = this;
    const { emit } = this.#events;
    const { viteLink, viteBridges, isBuilt } = this.#opened;
    const shared = { trustedProxies: config.trustedProxies, via: viaName(), emit };
    return new Front({
      ...shared,
      frontEnd,
      edge: {
        host: config.host,
        allowedHosts: config.allowedHosts,
        // Who names hosts for a build wants no others; who names none gets any, for there is nothing to rebind to.
        isPublic: isBuilt && config.allowedHosts !== true && config.allowedHosts.length === 0,
      },
      hidesDetails: isBuilt,
      logsRequests: config.logLevel === "verbose",
      ...(statusKey === undefined
        ? {}
        : { status: { key: statusKey, respond: () => statusResponse(this.status()) } }),
      ...(isBuilt ? { health: this.#health(config.healthPath) } : {}),
      sockets: new SocketDesk({
        ...shared,
        runtime: this.#runtime,
        vite: viteLink,
        viteBridges,
        appBridges: this.#appBridges,
        connectMs: config.timeouts.connectMs,
        handshakeMs: HANDSHAKE_MS,
        pings: { everyMs: config.timeouts.pingMs, deadlines: this.#pings },
        queueBytes: config.socketQueueBytes,
      }),
    });
  }

  #health(prefix: string | undefined): NonNullable<FrontOptions["health"]> {
    return (path) => {
      const name = healthNameOf(path, prefix);
      if (name === undefined) return undefined;
      const isClosing = this.#closing !== undefined;
      if (name === "healthz" || isClosing) {
        return healthResponse(name, { isClosing, isDown: false });
      }
      this.#probing ??= this.#isDown().finally(() => this.#probing = undefined);
      return this.#probing.then((isDown) => healthResponse(name, { isClosing, isDown }));
    };
  }

  /** Asked anew each time: who is told "not ready" sends no request that would find the backend back again. */
  async #isDown(): Promise<boolean> {
    const { origin } = this.#app.status();
    if (origin === undefined) return false;
    const { hostname, port, protocol } = new URL(origin);
    const target = {
      hostname: withoutBrackets(hostname),
      port: Number(port || (protocol === "https:" ? 443 : 80)),
      tls: false,
    };
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PROBE_MS);
    try {
      (await this.#runtime.connect(target, late.signal)).close();
      return false;
    } catch {
      return true;
    } finally {
      clearTimeout(timer);
    }
  }

  fetch(request: Request, app?: AppHandler, native?: unknown): Response | Promise<Response> {
    const link = this.#linkOf(app);
    this.#start(link, undefined);
    const context = this.#runtime.contextOf(request, native);
    return this.#front.handle(request, context, link);
  }

  #start(link: AppLink, frontPort: number | undefined): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const url = this.#opened.asksApp ? this.#urlOfApp(link) : undefined;
    this.#opened.start(frontPort, url === undefined ? {} : { [API_URL_NAME]: url });
  }

  /** Where a server of the front end's own asks the app: at its origin, or where it listens for that alone. */
  #urlOfApp(link: AppLink): string | undefined {
    if (link.kind === "none") return undefined;
    if (link.kind === "backend") return link.backend.origin;
    const front = this.#createFront(APP_ALONE, undefined);
    const listener = this.#listen((request, context) => front.handle(request, context, link), {
      hostname: "127.0.0.1",
      port: 0,
      websocket: undefined,
    });
    this.#listeners.add(listener);
    return `http://127.0.0.1:${listener.port}`;
  }

  #linkOf(app: AppHandler | undefined): AppLink {
    return app === undefined ? this.#app.link : { kind: "handler", handler: app };
  }

  serve(app?: AppHandler, options: ServeOptions = {}): SidecarServer {
    const { hostname = this.config.host, port = this.config.port } = options;
    const link = this.#linkOf(app);
    const listener = this.#listen(
      (request, context) => this.#front.handle(request, context, link),
      { hostname, port, websocket: options.websocket },
    );
    this.#listeners.add(listener);
    this.#start(link, listener.port);
    return {
      url: urlOf(listener),
      hostname: listener.hostname,
      port: listener.port,
      close: () => this.#closeListener(listener),
    };
  }

  #listen(
    handle: (request: Request, context: RequestContext) => Response | Promise<Response>,
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
        pingMs: this.config.timeouts.pingMs,
        idleMs: this.config.timeouts.requestMs,
      }, handle);
    } catch (error) {
      throw new ListenError(hostname, port, error);
    }
  }

  async #closeListener(listener: Listener): Promise<void> {
    if (!this.#listeners.delete(listener)) return;
    await listener.close(this.#graceMs);
  }

  get #graceMs(): number {
    return Math.max(this.config.timeouts.stopMs - LAST_STEPS_MS, 0);
  }

  get websocket(): unknown {
    return this.#runtime.webSocketHandlers(this.#app.websocket, this.config.timeouts.pingMs);
  }

  status(): SidecarStatus {
    return { ...this.#opened.status(), app: this.#app.status() };
  }

  get versionId(): string {
    return this.#tools.versionId;
  }

  tags(entries: Entries, attributes?: TagAttributes): string {
    return this.#tools.tags(entries, attributes);
  }

  partial(entries: Entries, options?: PartialOptions): string {
    return this.#tools.partial(entries, options);
  }

  asset(path: string): string {
    return this.#tools.asset(path);
  }

  hmrTags(attributes?: TagAttributes): string {
    return this.#tools.hmrTags(attributes);
  }

  reactRefreshTag(attributes?: TagAttributes): string {
    return this.#tools.reactRefreshTag(attributes);
  }

  legacyTags(entries: Entries, attributes?: TagAttributes): string {
    return this.#tools.legacyTags(entries, attributes);
  }

  routesTag(nonce?: string): string {
    return this.#tools.routesTag(nonce);
  }

  get page(): PageTool {
    return this.#tools.page;
  }

  ready(): Promise<void> {
    this.#start(this.#app.link, undefined);
    return this.#opened.ready();
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
    const sockets = Promise.all([
      this.#opened.viteBridges.closeAll(1001, "the server stops"),
      this.#appBridges.closeAll(1001, "the server stops"),
    ]);
    // A peer that takes what waits for it, though slowly, would hold us for ever.
    await withinTime(this.#graceMs, sockets);
    this.#pings.close();
    await stopped;
    await Promise.all([this.#opened.close(), this.#app.close()]);
  }
}

/** Waits for something, but no longer than so many milliseconds. */
async function withinTime(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds));
  await Promise.race([work, end]).finally(() => clearTimeout(timer));
}

function connector(
  runtime: Runtime,
  { timeouts }: Config,
): (hostname: string, port: number, tls?: boolean) => Upstream {
  const { connectMs, headersMs, idleMs, bodyMs, sendMs } = timeouts;
  const limits = { connectMs, headersMs, idleMs, bodyMs, sendMs };
  return (hostname, port, tls = false) =>
    createUpstream({ runtime, target: { hostname, port, tls }, ...limits });
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

/** Creates a sidecar; documented in `mod.ts`, which loads this file when it is called. */
export async function createSidecar(
  options: SidecarOptions = {},
  environment: CreateEnvironment = {},
): Promise<Sidecar> {
  const { env = process.env, cwd = process.cwd(), configFile = true, statusKey } = environment;
  if (statusKey !== undefined && statusKey.length < MIN_STATUS_KEY) {
    throw new RangeError(`Cannot use the statusKey: it has less than ${MIN_STATUS_KEY} characters`);
  }
  const root = resolve(cwd, options.root ?? ".");
  const mode = options.mode ?? "development";
  const file = configFile ? await loadConfigFile(root, { command: "dev", mode, env }) : undefined;
  const config = resolveConfig({ cwd, options, environment: env, file, handler: true });
  const runtime = currentRuntime();
  const events = new Events();
  const connect = connector(runtime, config);
  const early: { app?: OpenedApp; opened?: OpenedFrontEnd } = {};
  const shared = { config, runtime, env, connect, emit: events.emit };
  const context = {
    ...shared,
    cwd,
    routes: () => early.app?.routes() ?? NO_ROUTES,
    tableRoutes: () => early.app?.tableRoutes(),
    backend: () => early.app?.status().origin,
  };
  const opened = early.opened = await openFrontEnd(context);
  const app = early.app = await openApp({ ...shared, front: toolsOf(() => opened) });
  if (config.routes === true && app.tableRoutes() === undefined) {
    await Promise.all([app.close(), opened.close()]);
    throw new TypeError('Cannot use true as the option "routes": the app has no route table');
  }
  return new OnePortSidecar({ config, runtime, events, app, opened, statusKey });
}

/** What both kinds of front end are opened with. */
interface FrontEndContext {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connect: ReturnType<typeof connector>;
  readonly emit: (event: SidecarEvent) => void;
  /** What the app says that it answers. */
  readonly routes: () => KnownRoutes;
  /** What the app's route table says to a front end. */
  readonly tableRoutes: () => unknown;
  /** A backend's origin. */
  readonly backend: () => string | undefined;
  /** Absolute path that the app was started in. */
  readonly cwd: string;
}

async function openFrontEnd(context: FrontEndContext): Promise<OpenedFrontEnd> {
  const { config } = context;
  const framework = await findFramework(config);
  if (framework !== undefined) return await openFramework(context, framework);
  const isDev = config.dev ?? !await hasBuild(config);
  return isDev ? await openDev(context) : await openBuilt(context);
}

/** Whether Vite has React's plugin or its SWC twin, whose code asks for the preamble. */
function hasReactRefresh(plugins: readonly string[] | undefined): boolean | undefined {
  return plugins?.some((name) => /^vite:react[-:](?:refresh|swc)/.test(name));
}

/** What the browsers' code hears when types were generated anew, by `import.meta.hot.on()`. */
const TYPES_EVENT = "lv:types-updated";

/** Types of the front end, if they are asked for; who does not ask loads no generator. */
async function openTypes(
  context: FrontEndContext,
  vite: OpenedVite,
): Promise<DevTypes | undefined> {
  const { config: { root, app, types }, runtime, env, cwd, emit, backend } = context;
  if (types === undefined) return undefined;
  const { generateApiTypes } = await import("./typegen/api_types.ts");
  const { openDevTypes } = await import("./typegen/dev_types.ts");
  return openDevTypes({
    facts: () => ({
      options: types,
      root,
      entry: app.kind === "entry" ? app.path : undefined,
      backend: backend(),
      environment: env,
    }),
    tools: {
      runtime: { name: runtime.name, execPath: process.execPath },
      environment: env,
      cwd,
      generateApi: generateApiTypes,
    },
    tell: ({ condition, message, files, output }) => {
      if (condition === "warning") return emit({ kind: "warning", message });
      emit({ kind: "types", condition, message, files });
      if (condition === "updated") {
        vite.tellBrowsers({ event: TYPES_EVENT, data: { output, files } });
      }
    },
    log: (line) => emit({ kind: "output", from: "backend", line }),
  });
}

async function openDev(context: FrontEndContext): Promise<OpenedFrontEnd> {
  const { config, emit, routes, tableRoutes } = context;
  const cache = new ModuleCache(config.cacheBytes);
  const viteBridges = createBridges();
  const vite = await openVite({
    ...context,
    onInvalidate: () => cache.clear(),
    // 1012 tells Vite's client, and whoever else listens, that it is worth coming back.
    onGone: () => void viteBridges.closeAll(1012, "Vite restarts"),
  });
  const types = await openTypes(context, vite);
  const { link } = vite;
  const maker = new PageMaker({ ...config, tableRoutes });
  // In direct mode Vite has a port of its own, and this one is the app's.
  const appRoutes = compileRoutes(config.direct ? ["/*"] : config.appRoutes);
  const viteRoutes = compileRoutes(config.viteRoutes);
  const router = {
    appRoutes,
    viteRoutes,
    appMakesPages: config.pages !== undefined && config.pages !== "spa",
    get base() {
      return link.base;
    },
    get knownRoutes() {
      return routes();
    },
  };
  const seemsReact = await usesReact(config.root);
  return {
    frontEnd: new ViteDesk({ link, cache, maker, router, emit }),
    assets: createAssets({
      kind: "dev",
      // Vite knows best; package.json is what there is to read before it has answered.
      get isReact() {
        return hasReactRefresh(vite.plugins()) ?? seemsReact;
      },
      get base() {
        return link.base;
      },
    }),
    maker,
    ssr: viteRenderSource(link),
    isBuilt: false,
    viteLink: link,
    viteBridges,
    asksApp: false,
    start(frontPort) {
      types?.start();
      vite.start(frontPort);
    },
    status: () => ({ mode: "dev", vite: vite.status(), build: undefined }),
    async ready() {
      types?.start();
      await vite.ready();
      await types?.ready();
    },
    async close() {
      await Promise.all([types?.close(), vite.close()]);
    },
  };
}

async function openBuilt(context: FrontEndContext): Promise<OpenedFrontEnd> {
  const { config, emit, routes, runtime, tableRoutes } = context;
  const build = await openBuild(context);
  const maker = new PageMaker({ ...config, tableRoutes, prefersText: runtime.prefersText });
  const ssr = openBuiltRenderSource({ ...context, versionId: () => build.assets.versionId });
  const appRoutes = compileRoutes(config.appRoutes);
  const pagePath = config.pages === undefined || config.pages === "spa"
    ? config.spaPath
    : undefined;
  const router = {
    appRoutes,
    pagePath,
    get knownRoutes() {
      return routes();
    },
  };
  return {
    frontEnd: new BuiltDesk({ current: build.current, maker, router, emit }),
    assets: build.assets,
    maker,
    ssr,
    isBuilt: true,
    viteLink: undefined,
    viteBridges: createBridges(),
    asksApp: false,
    start: () => {},
    status: () => ({
      mode: "production",
      vite: undefined,
      build: { versionId: build.assets.versionId, assetUrl: build.assetUrl, dir: config.bundleDir },
    }),
    ready: () => Promise.resolve(),
    async close() {
      build.close();
      await ssr.close();
    },
  };
}

/** A framework makes the pages: by its dev server, or by what it has built. */
async function openFramework(
  context: FrontEndContext,
  framework: Framework,
): Promise<OpenedFrontEnd> {
  const { config } = context;
  const build = config.dev === true ? undefined : await findFrameworkBuild(config, framework);
  if (config.dev === false && build === undefined) throw explainNoBuild(config.root, framework);
  await warnOfTwoApis(context, framework);
  if (build === undefined) return await openFrameworkDev(context, framework);
  return await openFrameworkBuilt(context, framework, build);
}

/** Both answering below `/api` is no error, for the configuration can share it out; but it is seldom meant. */
async function warnOfTwoApis(
  { config: { root, app, viteRoutes, appRoutes }, emit }: FrontEndContext,
  framework: Framework,
): Promise<void> {
  if (app.kind === "none" || viteRoutes.length > 0 || appRoutes.length > 0) return;
  const [source] = await findApiSources(root, framework);
  if (source === undefined) return;
  const message =
    `The app answers everything below /api, and ${framework.title} has "${source}" too; ` +
    'give it its own paths by the option "viteRoutes"';
  emit({ kind: "warning", message });
}

/** What the router of framework mode knows of a configuration. */
function frameworkRouter(
  { config, routes }: FrontEndContext,
  { reserved }: Framework,
  isDevelopment: boolean,
): ConstructorParameters<typeof FrameworkDesk>[0]["router"] {
  return {
    isDevelopment,
    appRoutes: compileRoutes(config.appRoutes),
    frontRoutes: compileRoutes(config.viteRoutes),
    reservedRoutes: compileRoutes(reserved),
    get knownRoutes() {
      return routes();
    },
  };
}

async function openFrameworkDev(
  context: FrontEndContext,
  framework: Framework,
): Promise<OpenedFrontEnd> {
  const { config, emit, tableRoutes } = context;
  const viteBridges = createBridges();
  const vite = await openVite({
    ...context,
    framework,
    onInvalidate: () => {},
    // 1012 tells Vite's client, and whoever else listens, that it is worth coming back.
    onGone: () => void viteBridges.closeAll(1012, `${framework.title} restarts`),
  });
  const types = await openTypes(context, vite);
  const { link } = vite;
  return {
    frontEnd: new FrameworkDesk({
      link,
      title: framework.title,
      hasStartingPage: framework.name === "nuxt",
      router: frameworkRouter(context, framework, true),
      trustedProxies: config.trustedProxies,
      emit,
    }),
    assets: frameworkAssets(framework.title),
    maker: new PageMaker({ ...config, tableRoutes }),
    ssr: viteRenderSource(link),
    isBuilt: false,
    viteLink: link,
    viteBridges,
    asksApp: true,
    start(frontPort, added) {
      types?.start();
      vite.start(frontPort, added);
    },
    status: () => ({ mode: "dev", vite: vite.status(), build: undefined }),
    async ready() {
      types?.start();
      await vite.ready();
      await types?.ready();
    },
    async close() {
      await Promise.all([types?.close(), vite.close()]);
    },
  };
}

async function openFrameworkBuilt(
  context: FrontEndContext,
  framework: Framework,
  build: FrameworkBuild,
): Promise<OpenedFrontEnd> {
  const { config, runtime, emit, tableRoutes } = context;
  const { title } = framework;
  const viteBridges = createBridges();
  const [{ hashed = "" } = {}] = framework.outputs;
  const files = build.browserDir === undefined ? NO_FILES : await openStaticFiles({
    runtime,
    dir: build.browserDir,
    prefix: "/",
    assetsDir: hashed === "" ? "assets" : hashed,
    emit,
  });
  const server = build.server === undefined ? undefined : openFrameworkServer({
    ...context,
    framework,
    server: build.server,
    onInvalidate: () => {},
    onGone: () => void viteBridges.closeAll(1012, `${title} restarts`),
  });
  const router = frameworkRouter(context, framework, false);
  const assets = frameworkAssets(title);
  return {
    frontEnd: server === undefined ? new SiteDesk({ files, title, router }) : new FrameworkDesk({
      link: server.link,
      title,
      hasStartingPage: false,
      router,
      trustedProxies: config.trustedProxies,
      emit,
      built: { files, below: build.ours },
    }),
    assets,
    maker: new PageMaker({ ...config, tableRoutes }),
    ssr: openBuiltRenderSource({ ...context, versionId: () => assets.versionId }),
    isBuilt: true,
    viteLink: server?.link,
    viteBridges,
    asksApp: server !== undefined,
    start: (_frontPort, added = {}) => server?.start(added),
    status: () => ({
      mode: "production",
      vite: undefined,
      build: { versionId: assets.versionId, assetUrl: "/", dir: build.dir },
    }),
    ready: () => server?.ready() ?? Promise.resolve(),
    async close() {
      files.close();
      await server?.close();
    },
  };
}
