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
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
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
import { parsePathPattern, type PathPattern } from "./path_pattern.ts";
import {
  bridgeDisagreements,
  certificateFolders,
  checkPluginOptions,
  type RefreshOptions,
  type ResolvedPluginOptions,
  resolvePluginOptions,
  type SidecarPluginOptions,
} from "./plugin_options.ts";
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
    const base = isBuild ? options.buildUrl : isPageless ? pathOf(options.assetUrl) : undefined;
    return {
      ...(config.base !== undefined || base === undefined ? {} : { base }),
      ...(config.publicDir !== undefined || options.publicDir === undefined
        ? {}
        : { publicDir: options.publicDir }),
      clearScreen: config.clearScreen ?? false,
      ...(isBuild ? { build: completeBuild(config, options, { isPageless, rolldown }) } : {}),
      ...(hasAlias(config) || !options.hasAlias
        ? {}
        : { resolve: { alias: { "@": options.sourceDir } } }),
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

/** What Vite takes of a base in development. */
function pathOf(url: string): string {
  return new URL(url, "http://base.invalid").pathname;
}

function hasInput({ input, build = {} }: ConfigShape): boolean {
  return (input ?? build.rolldownOptions?.input ?? build.rollupOptions?.input ?? build.lib) !==
    undefined;
}

function completeBuild(
  config: ConfigShape,
  options: ResolvedPluginOptions,
  { isPageless, rolldown }: { readonly isPageless: boolean; readonly rolldown: string | undefined },
): NonNullable<ConfigShape["build"]> {
  const { build = {} } = config;
  const isSsr = Boolean(build.ssr);
  const input = isSsr ? build.ssr === true && options.ssrEntry : options.input;
  const root = resolve(config.root ?? ".");
  const paths = typeof input === "string" ? [input] : input || undefined;
  return {
    ...(build.outDir === undefined ? { outDir: isSsr ? options.ssrDir : options.bundleDir } : {}),
    ...(build.manifest === undefined ? { manifest: !isSsr && (options.manifest ?? true) } : {}),
    ...(build.ssrManifest === undefined && !isSsr && options.ssrEntry !== undefined
      ? { ssrManifest: true }
      : {}),
    ...(isSsr && build.copyPublicDir === undefined ? { copyPublicDir: false } : {}),
    // A template asks for files by their names: one that became part of another has none.
    ...(isPageless && build.assetsInlineLimit === undefined ? { assetsInlineLimit: 0 } : {}),
    ...(paths === undefined || hasInput(config) ? {} : {
      [rolldown === undefined ? "rollupOptions" : "rolldownOptions"]: {
        input: paths.map((path) => resolve(root, path)),
      },
    }),
  };
}

/** Where `vite.config` says one thing to Vite and another to the plugin. */
function configDisagreements(
  { base, build }: ConfigShape,
  { assetUrl, bundleDir }: SidecarPluginOptions,
  root: string,
): string[] {
  const isOther = (one: string, other: string): boolean =>
    one.replace(/\/+$/, "") !== other.replace(/\/+$/, "");
  return [
    ...(base === undefined || assetUrl === undefined || !isOther(base, assetUrl) ? [] : [
      `Vite's base is "${base}", and the plugin's assetUrl "${assetUrl}": the build is made for "${base}"`,
    ]),
    ...(build?.outDir === undefined || bundleDir === undefined || build.ssr ||
        !isOther(resolve(root, build.outDir), resolve(root, bundleDir))
      ? []
      : [
        `Vite's build.outDir is "${build.outDir}", and the plugin's bundleDir "${bundleDir}": the build ` +
        `goes to "${build.outDir}"`,
      ]),
  ];
}

/** Whether the user's own aliases have the name; Vite takes them as an object or as a list. */
function hasAlias({ resolve: { alias } = {} }: ConfigShape): boolean {
  if (typeof alias !== "object" || alias === null) return false;
  if (!Array.isArray(alias)) return Object.hasOwn(alias, "@");
  // Each is { find, replacement }; a regular expression is taken for what it matches.
  return (alias as readonly { find?: unknown }[]).some(({ find }) =>
    find instanceof RegExp ? find.test("@/x") : find === "@"
  );
}

interface Certificate {
  readonly host: string | undefined;
  readonly key: string;
  readonly cert: string;
}

/** The variables' certificate, else one that tools of this machine have made for a host. */
function findCertificate(host: string | undefined, root: string): Certificate | undefined {
  const { VITE_SERVER_KEY: key, VITE_SERVER_CERT: cert } = process.env;
  if (key && cert) {
    const missing = [key, cert].find((path) => !existsSync(path));
    if (missing === undefined) return { host, key, cert };
    throw new Error(`Cannot find the certificate "${missing}": VITE_SERVER_KEY and _CERT name it`);
  }
  if (host === undefined) return undefined;
  const folders = certificateFolders(root, homedir());
  for (const folder of folders) {
    const found = { host, key: join(folder, `${host}.key`), cert: join(folder, `${host}.crt`) };
    if (existsSync(found.key) && existsSync(found.cert)) return found;
  }
  throw new Error(
    `Cannot find a certificate for "${host}": there is no "${host}.key" with "${host}.crt" in ` +
      folders.map((folder) => `"${folder}"`).join(", "),
  );
}

/** Writes a file as a whole; one that is as it should be stays untouched, for watchers would start. */
function writeIfChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** Makes browsers load the page anew when a template changes. */
function watchTemplates(server: ServerShape, { paths, delay }: Required<RefreshOptions>): void {
  const { root } = server.config;
  const patterns = (typeof paths === "string" ? [paths] : paths).map(parsePathPattern);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reload = (): void => {
    timer = undefined;
    server.ws.send({ type: "full-reload", path: "*" });
  };
  const look = (path: string): void => {
    const way = relative(root, resolve(root, path)).replaceAll("\\", "/");
    // Vite itself reloads for the page in the root; twice is once too often.
    if (timer !== undefined || way === "index.html" || !matchesAny(patterns, way, root)) return;
    timer = setTimeout(reload, delay);
  };
  for (const event of ["add", "change", "unlink"]) server.watcher.on(event, look);
  // Vite watches the root; templates are often beside it.
  const outside = patterns.map(({ folder }) => resolve(root, folder))
    .filter((folder) => relative(root, folder).startsWith(".."));
  if (outside.length > 0) server.watcher.add(outside);
}

function matchesAny(patterns: readonly PathPattern[], way: string, root: string): boolean {
  if (/(?:^|\/)(?:node_modules|\.git)\//.test(way)) return false;
  return patterns.some((pattern) => pattern.matches(way) || pattern.matches(resolve(root, way)));
}

/** Tells where Vite listens, as long as it does. */
function keepHotFile(server: ServerShape, path: string): void {
  let written: string | undefined;
  const remove = (): void => {
    // Somebody else's Vite may have written it since.
    if (written !== undefined && existsSync(path) && readFileSync(path, "utf8") === written) {
      rmSync(path, { force: true });
    }
    written = undefined;
  };
  server.httpServer?.once("listening", () => {
    // Vite knows its URLs a moment later.
    setTimeout(() => {
      const { local = [], network = [] } = server.resolvedUrls ?? {};
      const url = local[0] ?? network[0];
      if (url === undefined) return;
      written = url.replace(/\/+$/, "");
      writeIfChanged(path, written);
      endWith(remove);
    }, 0);
  });
  server.httpServer?.once("close", remove);
}

/** Runs `work` before the process ends, also where a signal ends it. */
function endWith(work: () => void): void {
  process.once("exit", work);
  for (const [signal, code] of [["SIGINT", 130], ["SIGHUP", 129]] as const) {
    // Vite itself hears SIGTERM, and closes the server.
    if (process.listenerCount(signal) === 0) process.once(signal, () => process.exit(code));
  }
}
