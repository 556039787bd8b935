/**
 * Turns flags, environment, file and defaults into one frozen configuration.
 *
 * Flag (or option in code) beats environment beats file beats default. The place of the file in the flow: it runs once,
 * before anything is started; every default and every check of an option is here or in the schemas.
 *
 * @module
 */
import { isAbsolute, relative, resolve } from "node:path";
import type { SidecarOptions } from "./config_options.ts";
import type {
  AppConfig,
  BuildConfig,
  Config,
  PageConfig,
  ServingConfig,
  TimeoutConfig,
} from "./config_types.ts";
import type { Environment } from "./config_environment.ts";
import {
  type ConfigInput,
  EXCLUSIVE,
  fromFolder,
  type Given,
  layersOf,
  mergeLayers,
  takesPart,
} from "./config_layers.ts";
import { type Problem, problemsOf, showSource, showValue } from "./config_problem.ts";
import {
  type CheckedOptions,
  OPTION_NAMES,
  OPTION_SCHEMAS,
  type OptionName,
} from "./config_schema.ts";
import { findSecretNames } from "../codegen/static_props.ts";
import { isLoopbackHost } from "./host_name.ts";

export type { ConfigFile, ConfigInput, Flag } from "./config_layers.ts";
export { defineConfig } from "./config_options.ts";
export type {
  ConfigEnv,
  Duration,
  SidecarConfigExport,
  SidecarOptions,
  TimeoutOptions,
} from "./config_options.ts";
export type { TypesOptions } from "../typegen/options.ts";

/** A configuration, or all that is wrong with it. */
export type ConfigResult =
  | {
    readonly kind: "valid";
    readonly config: Config;
    /** The options that made it, merged; they give the same configuration again. */
    readonly options: SidecarOptions;
    /** What works but is probably not meant. */
    readonly warnings: readonly string[];
  }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

const DEFAULT_TIMEOUTS: TimeoutConfig = {
  connectMs: 5000,
  headersMs: 120_000,
  idleMs: 0,
  startMs: 30_000,
  stopMs: 5000,
  bodyMs: 30_000,
  sendMs: 60_000,
  requestMs: 60_000,
  pingMs: 30_000,
};
/** Vite's own, so that a project whose `vite.config` says nothing is served from where it is built. */
const DEFAULT_BUNDLE_DIR = "dist";
/** Beside the bundle directory, which anybody can read; in the .gitignore of create-vite's projects. */
const DEFAULT_SSR_DIR = "dist-ssr";
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;
// Neither runtime lets us stop reading a browser. This takes a message of 16 MiB behind half of another one, and a
// stalled backend then costs 41 MiB on Deno (51 with 32 MiB, `bench/macro`), below the 48 that we allow ourselves. With
// messages of 16 MiB it costs 72 on both: one is being written, one waits, and the third is whole before anybody can
// refuse it.
const DEFAULT_SOCKET_QUEUE_BYTES = 24 * 1024 * 1024;

function conflictsOf(merged: ReadonlyMap<OptionName, Given>): Problem[] {
  return EXCLUSIVE.flatMap((group): Problem[] => {
    const present = group.map((name) => merged.get(name)).filter((given) => given !== undefined)
      .filter(takesPart);
    const [first, ...others] = present;
    if (first === undefined || others.length === 0) return [];
    const names = others.map(({ name, source }) => showSource(name, source)).join(" and ");
    const message = `Cannot use ${showValue(first.shown)} as ${
      showSource(first.name, first.source)
    }: ${names} excludes it, give one of them`;
    return [{ kind: "type", message }];
  });
}

function checkValues(
  merged: ReadonlyMap<OptionName, Given>,
): { readonly checked: CheckedOptions; readonly problems: Problem[] } {
  const checked: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const given of merged.values()) {
    const { name, value, shown, source, refused } = given;
    if (refused !== undefined) {
      const message = `Cannot use ${showValue(shown)} as ${showSource(name, source)}: ${refused}`;
      problems.push({ kind: "range", message });
      continue;
    }
    const result = OPTION_SCHEMAS[name].safeParse(value);
    if (result.success) checked[name] = result.data;
    else problems.push(...problemsOf(name, { shown, value, source }, result.error));
  }
  // Each value went through the schema of its own name.
  return { checked: checked as CheckedOptions, problems };
}

/** Whether a server at this origin is the very one that we are going to be. */
function isOurselves(origin: string | undefined, config: Config): boolean {
  if (origin === undefined || config.port === 0) return false;
  const { hostname, port, protocol } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
  return number === config.port && (host === config.host || isLoopbackHost(host));
}

/** Whether a folder holds a path, or is that path. */
function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!isAbsolute(way) && way.split(/[/\\]/)[0] !== "..");
}

/** Which folder of a build can't be where it is, and why. */
function wrongFolder(
  { root, bundleDir, ssrDir }: Config,
  hasSsrDir: boolean,
): readonly [OptionName, string] | undefined {
  const holdsSources = "it holds the sources too, and a build replaces what is in it";
  if (isWithin(bundleDir, root)) return ["bundleDir", holdsSources];
  if (isWithin(ssrDir, root)) return ["ssrDir", holdsSources];
  if (!isWithin(ssrDir, bundleDir) && !isWithin(bundleDir, ssrDir)) return undefined;
  return hasSsrDir
    ? ["ssrDir", `it must be outside of "${bundleDir}", which everybody can read`]
    : ["bundleDir", `everybody can read it, and what is built of ssrEntry goes to "${ssrDir}"`];
}

function checkTogether(config: Config, given: ReadonlyMap<OptionName, Given>): Problem[] {
  const problems: Problem[] = [];
  const refuse = (name: OptionName, state: string): void => {
    const { shown, source } = given.get(name) ?? { shown: undefined, source: { kind: "option" } };
    const message = `Cannot use ${showValue(shown)} as ${showSource(name, source)}: ${state}`;
    problems.push({ kind: "range", message });
  };
  // A build is made to be seen; Vite shows every file below the root.
  if (!config.allowRemote && config.dev !== false && !isLoopbackHost(config.host)) {
    refuse(
      "host",
      "other machines can reach it; allow that with --allow-remote (option " +
        '"allowRemote", variable VITE_ALLOW_REMOTE), or use "127.0.0.1"',
    );
  }
  const folder = wrongFolder(config, given.has("ssrDir"));
  if (folder !== undefined) refuse(...folder);
  const own =
    "it is the address that this program itself listens on; give one of them another port";
  if (config.app.kind === "backend" && isOurselves(config.app.url, config)) refuse("backend", own);
  if (config.vite.kind === "external" && isOurselves(config.vite.url, config)) {
    refuse("viteUrl", own);
  }
  return problems;
}

function warningsOf(config: Config, environment: Environment): string[] {
  const warnings: string[] = [];
  if (environment["NODE_ENV"] === "production" && config.dev === true) {
    warnings.push(
      'The variable "NODE_ENV" is "production" while Vite serves development code: hot updates and the messages of ' +
        "libraries may be missing; unset it",
    );
  }
  for (const name of findSecretNames(config.staticProps ?? {})) {
    warnings.push(`staticProps.${name} looks like a secret, and every visitor can read it`);
  }
  if (config.allowedHosts === true) {
    warnings.push(
      "Any Host is let in (allowedHosts): a web site that you visit can read your sources by DNS rebinding",
    );
  }
  return warnings;
}

function appOf(checked: CheckedOptions, { cwd, handler = false }: ConfigInput): AppConfig {
  if (checked.backend !== undefined) return { kind: "backend", url: checked.backend };
  if (checked.backendCommand !== undefined) {
    return { kind: "command", argv: Object.freeze([...checked.backendCommand]) };
  }
  if (checked.entry !== undefined) return { kind: "entry", path: resolve(cwd, checked.entry) };
  return { kind: handler ? "handler" : "none" };
}

function timeoutsOf({ timeouts, startTimeout }: CheckedOptions): TimeoutConfig {
  return Object.freeze({
    connectMs: timeouts?.connect ?? DEFAULT_TIMEOUTS.connectMs,
    headersMs: timeouts?.headers ?? DEFAULT_TIMEOUTS.headersMs,
    idleMs: timeouts?.idle ?? DEFAULT_TIMEOUTS.idleMs,
    startMs: startTimeout ?? DEFAULT_TIMEOUTS.startMs,
    stopMs: timeouts?.stop ?? DEFAULT_TIMEOUTS.stopMs,
    bodyMs: timeouts?.body ?? DEFAULT_TIMEOUTS.bodyMs,
    sendMs: timeouts?.send ?? DEFAULT_TIMEOUTS.sendMs,
    requestMs: timeouts?.request ?? DEFAULT_TIMEOUTS.requestMs,
    pingMs: timeouts?.ping ?? DEFAULT_TIMEOUTS.pingMs,
  });
}

/** What a build is made of, and where it goes. */
function buildOf(checked: CheckedOptions, root: string): BuildConfig {
  return {
    assetUrl: checked.assetUrl,
    bundleDir: resolve(root, checked.bundleDir ?? DEFAULT_BUNDLE_DIR),
    manifest: checked.manifest,
    input: checked.input === undefined ? undefined : Object.freeze([...checked.input]),
    ssrEntry: checked.ssrEntry,
    ssrDir: resolve(root, checked.ssrDir ?? DEFAULT_SSR_DIR),
    ssrBundle: checked.ssrBundle === undefined ? undefined : resolve(root, checked.ssrBundle),
    ssrMode: checked.ssrMode ?? "auto",
    staticProps: checked.staticProps,
    integrity: checked.integrity ?? false,
    precompress: checked.precompress ?? true,
  };
}

/** Words of the option `mode` that say who makes the pages; any other is Vite's mode. */
const PAGE_MODES = ["spa", "template", "htmx", "hybrid", "framework"] as const;

function servingOf(
  checked: CheckedOptions,
  environment: Environment,
): ServingConfig & Pick<Config, "mode"> {
  const named = PAGE_MODES.find((mode) => mode === checked.mode);
  // Who names a framework wants it to make the pages.
  const pages = named ?? (checked.framework === undefined ? undefined : "framework");
  const dev = checked.dev ?? (environment.NODE_ENV === "production" ? false : undefined);
  const mode = checked.viteMode ?? (named === undefined ? checked.mode : undefined);
  return {
    dev,
    pages,
    framework: checked.framework,
    mode: mode ?? "development",
    spaPath: checked.spaPath ?? "/",
    healthPath: "healthPath" in checked ? checked.healthPath : "/",
  };
}

function pageOf(checked: CheckedOptions): PageConfig {
  return {
    routes: checked.routes,
    routesGlobal: checked.routesGlobal ?? "__LV_ROUTES__",
    csrfToken: checked.csrfToken,
    csrfGlobal: checked.csrfGlobal ?? "__LV_CSRF__",
    nonce: checked.nonce ?? false,
    policy: checked.contentSecurityPolicy,
  };
}

function configOf(checked: CheckedOptions, input: ConfigInput): Config {
  const { allowedHosts = [], inject } = checked;
  const root = resolve(input.cwd, checked.root ?? ".");
  return Object.freeze({
    root,
    host: checked.host ?? "127.0.0.1",
    port: checked.port ?? 8000,
    app: Object.freeze(appOf(checked, input)),
    vite: Object.freeze(
      checked.viteUrl === undefined
        ? { kind: "managed", executor: checked.executor } as const
        : { kind: "external", url: checked.viteUrl } as const,
    ),
    ...servingOf(checked, input.environment ?? {}),
    ...pageOf(checked),
    direct: checked.direct ?? false,
    base: checked.base,
    ...buildOf(checked, root),
    allowRemote: checked.allowRemote ?? false,
    allowedHosts: allowedHosts === true ? true : Object.freeze([...allowedHosts]),
    trustedProxies: Object.freeze([...checked.trustedProxies ?? []]),
    appRoutes: Object.freeze([...checked.appRoutes ?? []]),
    viteRoutes: Object.freeze([...checked.viteRoutes ?? []]),
    timeouts: timeoutsOf(checked),
    cacheBytes: checked.cacheBytes ?? DEFAULT_CACHE_BYTES,
    socketQueueBytes: checked.socketQueueBytes ?? DEFAULT_SOCKET_QUEUE_BYTES,
    hotFile: checked.hotFile ?? "public/hot",
    // A copy: what the user does to the object later does not change the configuration. The values of its globals stay theirs.
    // The schema adds "| undefined" to the pieces, which InjectConfig leaves out.
    inject:
      (typeof inject === "object" ? Object.freeze({ ...inject }) : inject) as Config["inject"],
    types: checked.types === undefined ? undefined : Object.freeze({ ...checked.types }),
    open: checked.open ?? false,
    logLevel: checked.logLevel ?? "normal",
  });
}

/**
 * Makes a configuration, or tells all that is wrong at once.
 *
 * Only the values that win are checked: a flag is the way out of a variable that can't be used.
 *
 * @throws {RangeError} If `cwd` is not absolute.
 */
export function checkConfig(input: ConfigInput): ConfigResult {
  if (!isAbsolute(input.cwd)) {
    throw new RangeError(`Cannot use "${input.cwd}" as cwd: it is not an absolute path`);
  }
  const layers = layersOf(input);
  const merged = mergeLayers(layers);
  const { checked, problems: wrongValues } = checkValues(merged);
  const config = configOf(checked, input);
  const problems = [
    ...layers.flatMap((layer) => layer.problems),
    ...wrongValues,
    ...conflictsOf(merged),
    ...checkTogether(config, merged),
  ];
  if (problems.length > 0) return { kind: "invalid", problems };
  const warnings = warningsOf(config, input.environment ?? {});
  return { kind: "valid", config, options: optionsOf(merged, input), warnings };
}

/** The winning values as they were given, with paths that hold in any folder. */
function optionsOf(merged: ReadonlyMap<OptionName, Given>, { cwd }: ConfigInput): SidecarOptions {
  const names = OPTION_NAMES.filter((name) => merged.has(name));
  const entries = names.map((name) => [name, fromFolder(name, merged.get(name)?.value, cwd)]);
  // Every value was accepted by the schema of its name.
  return Object.fromEntries(entries) as SidecarOptions;
}

/**
 * Makes a configuration.
 *
 * @throws {TypeError} If an option is not known or has the wrong shape, or if two exclude each other.
 * @throws {RangeError} If a value is not allowed. Where several are wrong, the message has a line for each.
 */
export function resolveConfig(input: ConfigInput): Config {
  const result = checkConfig(input);
  if (result.kind === "valid") return result.config;
  const message = result.problems.map((problem) => problem.message).join("\n");
  throw result.problems.some(({ kind }) => kind === "type")
    ? new TypeError(message)
    : new RangeError(message);
}
