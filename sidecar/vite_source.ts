/**
 * Opens the Vite that the configuration means: one that we start, or one that runs already.
 *
 * @module
 */
import { existsSync } from "node:fs";
import process from "node:process";
import { resolve } from "@std/path";
import type { Runtime } from "../runtime/types.ts";
import type { Config, Executor } from "./config_types.ts";
import { assetPathOf, DEFAULT_ASSET_URL } from "./asset_url.ts";
import { disagreements } from "./disagreements.ts";
import { childEnvironment, hintForError, type Launch, LaunchError } from "./executor.ts";
import { configNameOf, type Framework } from "./framework.ts";
import { isLoopbackHost, withoutBrackets } from "./host_name.ts";
import { findRunningVite, probeVite, writeHotFile, type WrittenHotFile } from "./hot_file.ts";
import type { SidecarEvent } from "./links.ts";
import { findLitestarBridge } from "./litestar_bridge.ts";
import type { Upstream } from "./upstream.ts";
import { prepareLaunch } from "./vite_launch.ts";
import { linkToProcess, linkToUrl, type OwnedViteLink, type ViteLinkOptions } from "./vite_link.ts";
import { staticPropsRequest } from "./static_props.ts";
import { createViteProcess, type ViteProcess, type ViteState } from "./vite_process.ts";
import type {
  BrowserEvent,
  DirectOptions,
  RunnerOptions,
  ViteConfigAnswers,
} from "./vite_protocol.ts";
import { adviseOnVersion } from "./vite_version.ts";

/** Where Vite's files are if the app makes the pages: as in production, though on this server. */
function pagelessBaseOf({ assetUrl = DEFAULT_ASSET_URL }: Config): string {
  return assetPathOf(assetUrl);
}

/** Whether the app makes all pages, by the option `mode`: an `index.html` in the root is none then. */
function isPageless({ pages }: Config): boolean {
  return pages === "template" || pages === "htmx";
}

/** Whether `assetUrl`, which a build gets as its base, is the base in development, too. */
function isAssetUrlBase(config: Config): boolean {
  return config.base === undefined && config.assetUrl !== undefined && isPageless(config);
}

/** The base that Vite is told, whatever `vite.config` says. */
function givenBase(config: Config): string | undefined {
  return isAssetUrlBase(config) ? pagelessBaseOf(config) : config.base;
}

/** The base that Vite will most likely have; `vite.config`, which only Vite reads, may say another. */
function firstBase(config: Config, framework: Framework | undefined): string {
  if (framework !== undefined) return "/";
  const base = givenBase(config);
  if (base !== undefined) return base;
  if (isPageless(config)) return pagelessBaseOf(config);
  const hasPage = config.app.kind === "none" || existsSync(resolve(config.root, "index.html"));
  return hasPage ? "/" : pagelessBaseOf(config);
}

/** What {@linkcode openVite} works with. */
export interface ViteSourceOptions extends ViteLinkOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connect: (hostname: string, port: number, tls?: boolean) => Upstream;
  readonly emit: (event: SidecarEvent) => void;
  /** The framework whose dev server it is. */
  readonly framework?: Framework | undefined;
}

/** How Vite is, for a person or a program to read. */
export interface ViteStatus {
  /** Whether it answers, is on its way, or is not. */
  readonly condition: "starting" | "ready" | "down";
  /** Where it listens on 127.0.0.1, or the port of `viteUrl`. */
  readonly port: number | undefined;
  /** What it is: Vite alone, or the framework whose dev server it is. */
  readonly name: string;
  /** Its version, such as `8.3.8`. */
  readonly version: string | undefined;
  /** The runtime that runs it; `undefined` if we did not start it. */
  readonly executor: Executor | undefined;
  /** Its process id. */
  readonly pid: number | undefined;
  /** Its dev base. */
  readonly base: string;
  /** Where the browser finds it, if that is not through our port: direct mode. */
  readonly url: string | undefined;
}

/** A Vite that is there, or on its way. */
export interface OpenedVite {
  readonly link: OwnedViteLink;
  /**
   * Starts it, once.
   *
   * @param frontPort The port that browsers know, if there is one yet.
   * @param added Variables of its environment beside ours.
   */
  start(frontPort: number | undefined, added?: Readonly<Record<string, string>>): void;
  status(): ViteStatus;
  /** Names of the plugins that `vite.config` has; `undefined` as long as nobody can tell. */
  plugins(): readonly string[] | undefined;
  /** Sends an event to all browsers; nothing happens to a Vite that somebody else runs. */
  tellBrowsers(event: BrowserEvent): void;
  /** Resolves when it answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Opens Vite; it is not started yet. A Vite that the hot file tells of, and that answers, is taken as it is. */
export async function openVite(options: ViteSourceOptions): Promise<OpenedVite> {
  const { config: { vite, direct }, framework } = options;
  if (vite.kind === "external") return openExternal(vite.url, options);
  const bridge = await findLitestarBridge(options.config, options.env);
  const hotFile = bridge?.hotFile ?? resolve(options.config.root, options.config.hotFile);
  const running = direct || framework !== undefined
    ? undefined
    : await findByHotFile(hotFile, options);
  if (running !== undefined) return openExternal(running, options);
  return new ManagedSource(options, { path: hotFile, isWanted: direct || bridge !== undefined });
}

/** The file that tells a backend where Vite is. */
interface Announcement {
  /** Absolute. */
  readonly path: string;
  /** Whether a backend looks for it: that of litestar-vite does, and each one in direct mode. */
  readonly isWanted: boolean;
}

/** The URL, with its base, of a Vite that somebody else runs for this project. */
async function findByHotFile(
  path: string,
  { config, emit }: ViteSourceOptions,
): Promise<string | undefined> {
  const bases = [config.base ?? "/", pagelessBaseOf(config)];
  let url: string | undefined;
  const probe = async (origin: string): Promise<boolean> => {
    for (const base of bases) {
      if (!await probeVite(`${origin}${base.slice(0, -1)}`)) continue;
      url = `${origin}${base}`;
      return true;
    }
    return false;
  };
  const found = await findRunningVite(path, probe);
  if (found.kind === "ignored") emit({ kind: "warning", message: found.reason });
  return found.kind === "found" ? url : undefined;
}

function openExternal(url: string, options: ViteSourceOptions): OpenedVite {
  const { config, connect } = options;
  const { hostname, port, protocol, origin, pathname } = new URL(url);
  const tls = protocol === "https:";
  const number = port === "" ? (tls ? 443 : 80) : Number(port);
  const base = config.base ?? (pathname.endsWith("/") ? pathname : `${pathname}/`);
  const upstream = connect(withoutBrackets(hostname), number, tls);
  const probe = (): Promise<boolean> => answersAsVite(upstream, base);
  const link = linkToUrl({ ...options, upstream, origin, base, probe });
  return {
    link,
    start: () => {},
    status: () => ({
      condition: link.condition().kind,
      name: options.framework?.title ?? "Vite",
      port: number,
      base,
      version: undefined,
      executor: undefined,
      pid: undefined,
      url: undefined,
    }),
    plugins: () => undefined,
    tellBrowsers: () => {},
    async ready() {
      const condition = await link.whenSettled(config.timeouts.startMs);
      if (condition.kind === "ready") return;
      throw new Error(
        `Cannot use "${origin}" as viteUrl: nothing that looks like Vite answers there`,
      );
    },
    close: () => Promise.resolve(link.close()),
  };
}

function definedVariables(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(env).filter(([, value]) => value !== undefined);
  // Of each the value was looked at.
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Whether what listens there is Vite: only it has this path, and answers with JavaScript. */
async function answersAsVite(upstream: Upstream, base: string): Promise<boolean> {
  const { hostname, port } = upstream.target;
  try {
    const { status, fields, body } = await upstream.request({
      method: "GET",
      target: `${base}@vite/client`,
      fields: [["host", `${hostname}:${port}`], ["accept", "*/*"], ["sec-fetch-dest", "script"]],
      body: undefined,
      onAbort: () => {},
      gatherBytes: 1024 * 1024,
    });
    if (body instanceof ReadableStream) await body.cancel();
    return status === 200 &&
      fields.some(([name, value]) => name === "content-type" && value.includes("javascript"));
  } catch {
    return false;
  }
}

/** A Vite that we start and look after. */
class ManagedSource implements OpenedVite {
  readonly link: OwnedViteLink;
  readonly #options: ViteSourceOptions;
  readonly #announcement: Announcement;
  #process: ViteProcess | undefined;
  #frontPort: number | undefined;
  #hotFile: WrittenHotFile | undefined;
  readonly #begun = Promise.withResolvers<ViteProcess>();
  #plugins: readonly string[] | undefined;
  #closed = false;
  #warned = false;
  readonly #told = new Set<string>();

  constructor(options: ViteSourceOptions, announcement: Announcement) {
    this.#options = options;
    this.#announcement = announcement;
    const { config } = options;
    this.link = linkToProcess(
      { whenStarted: this.#begun.promise, start: () => this.start(undefined) },
      firstBase(config, options.framework),
      options.framework === undefined ? options : { ...options, name: options.framework.title },
    );
    // A rejection would only say that we were closed before Vite was needed.
    this.#begun.promise.catch(() => {});
  }

  start(frontPort: number | undefined, added: Readonly<Record<string, string>> = {}): void {
    if (this.#process !== undefined || this.#closed) return;
    const { config, env, emit, framework } = this.#options;
    this.#frontPort = frontPort ?? (config.port === 0 ? undefined : config.port);
    this.#process = createViteProcess({
      launch: () => this.#launch(),
      runner: this.#runnerOptions(),
      environment: framework === undefined ? childEnvironment(env) : {
        // The server's half of the project runs there: it needs its keys as any server does.
        ...definedVariables(env),
        ...added,
      },
      ...(framework === undefined ? {} : {
        name: framework.title,
        hintFor: (message) => hintForError(message, configNameOf(framework)),
      }),
      startTimeoutMs: config.timeouts.startMs,
      log: (line) => emit({ kind: "output", from: "vite", line }),
    });
    if (this.#announcement.isWanted) {
      this.#process.onChange((state) => void this.#announce(state));
    }
    this.#process.onMessage((message) => {
      if (message.event === "config") this.#compare(message.said);
    });
    this.#begun.resolve(this.#process);
  }

  /** Tells where `vite.config` says something else than we were told; each once, for it is read many times. */
  #compare(said: ViteConfigAnswers): void {
    const { config, emit } = this.#options;
    const { root, base, assetUrl } = config;
    const ours = { root, base, assetUrl, isAssetUrlBase: isAssetUrlBase(config) };
    for (const message of disagreements(said, ours)) {
      if (this.#told.has(message)) continue;
      this.#told.add(message);
      emit({ kind: "warning", message });
    }
  }

  async #launch(): Promise<Launch> {
    const { config, runtime, env, framework } = this.#options;
    const launch = await prepareLaunch({
      framework,
      root: config.root,
      executor: config.vite.kind === "managed" ? config.vite.executor : undefined,
      runtime: { name: runtime.name, execPath: process.execPath },
      path: env.PATH ?? "",
    });
    if (launch.viteVersion !== "") this.#judge(launch.viteVersion);
    return launch;
  }

  /** Warns of known holes; none of those that reach a file may stand behind a port that others reach. */
  #judge(version: string): void {
    const { config, emit } = this.#options;
    const { isSafeRemote, updateTo } = adviseOnVersion(version);
    if (!isLoopbackHost(config.host) && !isSafeRemote) {
      throw new LaunchError(
        `Cannot serve Vite ${version} to other machines: it has known holes that let them read files`,
        `npm install vite@${updateTo ?? "latest"}`,
      );
    }
    if (updateTo === undefined || this.#warned) return;
    this.#warned = true;
    const message = `Vite ${version} has known security holes; npm install vite@${updateTo}`;
    emit({ kind: "warning", message });
  }

  /** Tells the backend where Vite is, as long as it is there. */
  async #announce(state: ViteState): Promise<void> {
    const { path } = this.#announcement;
    const before = this.#hotFile;
    this.#hotFile = undefined;
    await before?.close();
    if (state.kind !== "ready" || this.#closed) return;
    try {
      this.#hotFile = await writeHotFile(path, state.url ?? `http://127.0.0.1:${state.port}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.emit({
        kind: "warning",
        message: `Cannot write the hot file "${path}": ${why}`,
      });
    }
  }

  #runnerOptions(): Omit<RunnerOptions, "nonce"> {
    const { config, framework } = this.#options;
    if (framework !== undefined) return this.#frameworkOptions(framework);
    const base = givenBase(config);
    return {
      root: config.root,
      mode: config.mode,
      allowedHosts: config.allowedHosts,
      ...(base === undefined ? {} : { base }),
      ...(config.app.kind === "none" ? {} : { pagelessBase: pagelessBaseOf(config) }),
      ...(isPageless(config) ? { hasPage: false } : {}),
      ...(this.#frontPort === undefined ? {} : { frontPort: this.#frontPort }),
      ...(config.direct ? { direct: this.#directOptions() } : {}),
      ...staticPropsRequest(config.staticProps, config.root, config.types?.output),
    };
  }

  #frameworkOptions(framework: Framework): Omit<RunnerOptions, "nonce"> {
    const { config } = this.#options;
    return {
      root: config.root,
      mode: config.mode,
      allowedHosts: config.allowedHosts,
      framework: framework.name,
      package: framework.package,
      ...(this.#frontPort === undefined ? {} : { frontPort: this.#frontPort }),
    };
  }

  #directOptions(): DirectOptions {
    const { config, env } = this.#options;
    const host = config.host.includes(":") ? `[${config.host}]` : config.host;
    return {
      port: Number(env.VITE_INTERNAL_PORT ?? 0),
      target: `http://${host}:${this.#frontPort ?? config.port}`,
    };
  }

  status(): ViteStatus {
    const state = this.#process?.state();
    const ready = state?.kind === "ready" ? state : undefined;
    return {
      condition: this.link.condition().kind,
      name: this.#options.framework?.title ?? "Vite",
      port: ready?.port,
      version: ready?.version,
      executor: ready?.executor,
      pid: ready?.pid,
      base: this.link.base,
      url: ready?.url,
    };
  }

  plugins(): readonly string[] | undefined {
    const state = this.#process?.state();
    // What it last said holds while it starts again.
    if (state?.kind === "ready") this.#plugins = state.plugins;
    return this.#plugins;
  }

  tellBrowsers(event: BrowserEvent): void {
    this.#process?.tellBrowsers(event);
  }

  async ready(): Promise<void> {
    this.start(undefined);
    await this.#process?.ready();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.link.close();
    await this.#hotFile?.close();
    await this.#process?.stop();
  }
}
