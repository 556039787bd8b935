/**
 * Opens the Vite that the configuration means: one that we start, or one that runs already.
 *
 * @module
 */
import process from "node:process";
import type { Runtime } from "../runtime/types.ts";
import type { Config, Executor } from "./config_types.ts";
import { childEnvironment } from "./executor.ts";
import type { SidecarEvent } from "./links.ts";
import type { Upstream } from "./upstream.ts";
import { prepareLaunch } from "./vite_launch.ts";
import { linkToProcess, linkToUrl, type OwnedViteLink, type ViteLinkOptions } from "./vite_link.ts";
import { createViteProcess, type ViteProcess } from "./vite_process.ts";
import type { RunnerOptions } from "./vite_protocol.ts";

/** What {@linkcode openVite} works with. */
export interface ViteSourceOptions extends ViteLinkOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly connect: (hostname: string, port: number, tls?: boolean) => Upstream;
  readonly emit: (event: SidecarEvent) => void;
}

/** How Vite is, for a person or a program to read. */
export interface ViteStatus {
  /** Whether it answers, is on its way, or is not. */
  readonly condition: "starting" | "ready" | "down";
  /** Where it listens on 127.0.0.1, or the port of `viteUrl`. */
  readonly port: number | undefined;
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
  /** Starts it, once. @param frontPort The port that browsers know, if there is one yet. */
  start(frontPort: number | undefined): void;
  status(): ViteStatus;
  /** Resolves when it answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Opens Vite; it is not started yet. */
export function openVite(options: ViteSourceOptions): OpenedVite {
  const { vite } = options.config;
  return vite.kind === "external" ? openExternal(vite.url, options) : new ManagedSource(options);
}

function openExternal(url: string, options: ViteSourceOptions): OpenedVite {
  const { config, connect } = options;
  const { hostname, port, protocol, origin, pathname } = new URL(url);
  const tls = protocol === "https:";
  const number = port === "" ? (tls ? 443 : 80) : Number(port);
  const base = config.base ?? (pathname.endsWith("/") ? pathname : `${pathname}/`);
  const upstream = connect(hostname.replace(/^\[|\]$/g, ""), number, tls);
  const probe = (): Promise<boolean> => answersAsVite(upstream, base);
  const link = linkToUrl({ ...options, upstream, origin, base, probe });
  return {
    link,
    start: () => {},
    status: () => ({
      condition: link.condition().kind,
      port: number,
      base,
      version: undefined,
      executor: undefined,
      pid: undefined,
      url: undefined,
    }),
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
  #process: ViteProcess | undefined;
  #frontPort: number | undefined;
  readonly #begun = Promise.withResolvers<ViteProcess>();
  #closed = false;

  constructor(options: ViteSourceOptions) {
    this.#options = options;
    const { config } = options;
    this.link = linkToProcess(
      { whenStarted: this.#begun.promise, start: () => this.start(undefined) },
      config.base ?? "/",
      options,
    );
    // A rejection would only say that we were closed before Vite was needed.
    this.#begun.promise.catch(() => {});
  }

  start(frontPort: number | undefined): void {
    if (this.#process !== undefined || this.#closed) return;
    const { config, runtime, env, emit } = this.#options;
    this.#frontPort = frontPort ?? (config.port === 0 ? undefined : config.port);
    this.#process = createViteProcess({
      launch: () =>
        prepareLaunch({
          root: config.root,
          executor: config.vite.kind === "managed" ? config.vite.executor : undefined,
          runtime: { name: runtime.name, execPath: process.execPath },
          path: env.PATH ?? "",
        }),
      runner: this.#runnerOptions(),
      environment: childEnvironment(env),
      startTimeoutMs: config.timeouts.startMs,
      log: (line) => emit({ kind: "output", from: "vite", line }),
    });
    this.#begun.resolve(this.#process);
  }

  #runnerOptions(): Omit<RunnerOptions, "nonce"> {
    const { config } = this.#options;
    return {
      root: config.root,
      mode: config.mode,
      allowedHosts: config.allowedHosts,
      ...(config.base === undefined ? {} : { base: config.base }),
      ...(this.#frontPort === undefined ? {} : { frontPort: this.#frontPort }),
    };
  }

  status(): ViteStatus {
    const state = this.#process?.state();
    const ready = state?.kind === "ready" ? state : undefined;
    return {
      condition: this.link.condition().kind,
      port: ready?.port,
      version: ready?.version,
      executor: ready?.executor,
      pid: ready?.pid,
      base: this.link.base,
      url: ready?.url,
    };
  }

  async ready(): Promise<void> {
    this.start(undefined);
    await this.#process?.ready();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.link.close();
    await this.#process?.stop();
  }
}
