/**
 * The Vite plugin, for those who want in `vite.config` what the program does from outside.
 *
 * @example In `vite.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/vite";
 * import { defineConfig } from "vite";
 *
 * export default defineConfig({
 *   plugins: [sidecar({ input: "src/main.ts", refresh: "templates/**" })],
 * });
 * ```
 *
 * It runs inside of Vite, under Node, Bun or Deno: it imports nothing but modules of Node. Of the user's `vite.config`
 * everything stays as it is; the plugin fills in what is not there.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import {
  findSecretNames,
  renderStaticPropsModule,
  renderStaticPropsTypes,
  STATIC_PROPS_MODULES,
  STATIC_PROPS_TYPES_FILE,
} from "../codegen/static_props.ts";
import {
  BRIDGE_FILE,
  BRIDGE_VARIABLE,
  type BridgeReading,
  parseBridgeFile,
} from "./bridge_file.ts";
import { findCertificate } from "./certificate.ts";
import { completeConfig, configDisagreements } from "./plugin_config.ts";
import { keepHotFile, writeIfChanged } from "./plugin_files.ts";
import {
  bridgeDisagreements,
  checkPluginOptions,
  type ResolvedPluginOptions,
  resolvePluginOptions,
  type SidecarPluginOptions,
} from "./plugin_options.ts";
import { watchTemplates } from "./template_reload.ts";
import { watchTypes } from "./types_reload.ts";
import type { ConfigShape, HookContext, ResolvedConfigShape, ServerShape } from "./vite_shape.ts";

export type { RefreshOptions, SidecarPluginOptions } from "./plugin_options.ts";

/** A plugin, as every version of Vite takes it. */
export interface SidecarPlugin {
  /** What Vite's messages call it. */
  readonly name: string;
  /** What the program asks it. */
  readonly api: SidecarPluginApi;
}

/** What the program asks the plugin. */
export interface SidecarPluginApi {
  /** The module that renders pages, if there is one. */
  ssrEntry(): string | undefined;
}

/** The program's own plugin: where it is, the program owns the port, and the hot file. */
const PROGRAM_PLUGIN = "lv-sidecar";
const NO_BRIDGE: BridgeReading = { bridge: {}, warnings: [] };

/**
 * Makes the plugin.
 *
 * @example In `vite.config.ts`
 * ```ts no-run
 * import { sidecar } from "@lv/sidecar/vite";
 * import { defineConfig } from "vite";
 *
 * export default defineConfig({ plugins: [sidecar({ ssrEntry: "src/server.ts" })] });
 * ```
 *
 * @example Entries alone
 * ```ts
 * import { sidecar } from "@lv/sidecar/vite";
 *
 * export default { plugins: [sidecar(["src/main.ts", "src/admin.ts"])] };
 * ```
 *
 * @param options The options, or the entries alone.
 * @returns A plugin for Vite 6 and later.
 * @throws {TypeError} If an option is not known or has the wrong shape.
 */
export function sidecar(
  options: SidecarPluginOptions | string | readonly string[] = {},
): SidecarPlugin {
  return new VitePlugin(checkPluginOptions(options)).hooks();
}

/** One use of the plugin: Vite may resolve a config several times. */
class VitePlugin {
  readonly #given: SidecarPluginOptions;
  #options: ResolvedPluginOptions | undefined;
  #warnings: readonly string[] = [];
  #bridgePath = "";
  #bridgeText: string | undefined;
  #isManaged = false;
  #logger: ResolvedConfigShape["logger"] | undefined;

  constructor(given: SidecarPluginOptions) {
    this.#given = given;
  }

  hooks(): SidecarPlugin {
    const complete = (config: ConfigShape, isBuild: boolean, rolldown: string | undefined) =>
      this.#complete(config, isBuild, rolldown);
    const hooks = {
      name: "lv-sidecar-vite",
      // Virtual modules are nobody else's; what the config hook adds, it adds after all others.
      enforce: "pre",
      api: { ssrEntry: () => this.#options?.ssrEntry },
      config: {
        order: "post",
        // Vite 6 gives no context.
        handler(this: HookContext | undefined, config: ConfigShape, env: { command: string }) {
          return complete(config, env.command === "build", this?.meta?.rolldownVersion);
        },
      },
      configResolved: (config: ResolvedConfigShape) => this.#begin(config),
      resolveId: (id: string) => this.#resolveId(id),
      load: (id: string) => this.#load(id),
      configureServer: (server: ServerShape) => this.#serve(server),
    };
    return hooks;
  }

  /** Reads all that counts beside the options, and returns what is to be added to the config. */
  #complete(config: ConfigShape, isBuild: boolean, rolldown: string | undefined): ConfigShape {
    const root = resolve(config.root ?? ".");
    const { bridge, warnings } = this.#readBridge(root);
    const assetUrl = process.env["ASSET_URL"]?.trim() || undefined;
    const facts = { options: this.#given, bridge, root, assetUrl };
    const options = resolvePluginOptions(facts);
    this.#options = options;
    this.#warnings = [
      ...warnings,
      ...bridgeDisagreements(facts, relative(root, this.#bridgePath)),
      ...(isBuild ? configDisagreements(config, this.#given, root) : []),
      ...findSecretNames(options.staticProps ?? {}).map((name) =>
        `staticProps.${name} looks like a secret, and every visitor can read it`
      ),
    ];
    const isPageless = options.isTemplate || !existsSync(join(root, "index.html"));
    return {
      ...completeConfig(config, options, { isBuild, isPageless, rolldown }),
      ...(isBuild ? {} : this.#secureServer(config, options)),
    };
  }

  #readBridge(root: string): BridgeReading {
    const named = process.env[BRIDGE_VARIABLE]?.trim() ?? "";
    this.#bridgePath = resolve(root, named === "" ? BRIDGE_FILE : named);
    this.#bridgeText = existsSync(this.#bridgePath)
      ? readFileSync(this.#bridgePath, "utf8")
      : undefined;
    if (this.#bridgeText === undefined) return NO_BRIDGE;
    try {
      return parseBridgeFile(this.#bridgeText, relative(root, this.#bridgePath));
    } catch (error) {
      return { bridge: {}, warnings: [`${messageOf(error)}; it is left out`] };
    }
  }

  /** Behind another port, encryption is that port's; Vite would also let any Host in. */
  #secureServer(config: ConfigShape, options: ResolvedPluginOptions): ConfigShape {
    const { server } = config;
    if (server?.middlewareMode || server?.https !== undefined) return {};
    const found = findCertificate(options.tlsHost, resolve(config.root ?? "."));
    if (found === undefined) return {};
    const { host, key, cert } = found;
    return {
      server: {
        https: { key: readFileSync(key), cert: readFileSync(cert) },
        ...(server?.host === undefined && host !== undefined ? { host } : {}),
      },
    };
  }

  #begin(config: ResolvedConfigShape): void {
    this.#logger = config.logger;
    this.#isManaged = config.plugins.some(({ name }) => name === PROGRAM_PLUGIN);
    for (const warning of this.#warnings) config.logger.warn(`lv-sidecar: ${warning}`);
    const { staticProps, generatedDir = "" } = this.#options ?? {};
    if (staticProps === undefined) return;
    writeIfChanged(
      join(generatedDir, STATIC_PROPS_TYPES_FILE),
      renderStaticPropsTypes(staticProps),
    );
  }

  #resolveId(id: string): string | undefined {
    return STATIC_PROPS_MODULES.includes(id) ? `\0${STATIC_PROPS_MODULES[0]}` : undefined;
  }

  #load(id: string): string | undefined {
    if (id !== `\0${STATIC_PROPS_MODULES[0]}`) return undefined;
    return renderStaticPropsModule(this.#options?.staticProps ?? {});
  }

  #serve(server: ServerShape): void {
    const options = this.#options;
    if (options === undefined) return;
    for (const rule of options.refresh) watchTemplates(server, rule);
    this.#watchBridge(server);
    // The program tells of what it generates itself.
    if (!this.#isManaged) watchTypes(server, options.generatedDir);
    if (!this.#isManaged && options.hotFile !== undefined) keepHotFile(server, options.hotFile);
  }

  /** The backend writes the file at each of its starts; only another content is news. */
  #watchBridge(server: ServerShape): void {
    const look = (path: string): void => {
      if (resolve(path) !== this.#bridgePath) return;
      const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
      if (text === this.#bridgeText) return;
      this.#bridgeText = text;
      this.#logger?.info(
        `lv-sidecar: ${relative(server.config.root, path)} has changed, restarting`,
      );
      void server.restart();
    };
    for (const event of ["add", "change"]) server.watcher.on(event, look);
    if (existsSync(this.#bridgePath)) server.watcher.add(this.#bridgePath);
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
