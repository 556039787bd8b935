/**
 * What the build is asked for: the options, what `.litestar.json` says, and what counts if nobody says anything.
 *
 * @module
 */
import { join, resolve } from "node:path";
import {
  renderStaticPropsModule,
  renderStaticPropsTypes,
  STATIC_PROPS_MODULES,
  STATIC_PROPS_TYPES_FILE,
} from "../codegen/static_props.ts";
import type { BuildRequest } from "../sidecar/build_protocol.ts";
import type { SidecarOptions } from "../sidecar/config.ts";
import type { OptionName } from "../sidecar/config_schema.ts";
import type { Config } from "../sidecar/config_types.ts";
import type { BridgeFile } from "../vite/bridge_file.ts";

/** The options that a build looks at. */
export const BUILD_OPTIONS: readonly OptionName[] = [
  ...["root", "executor", "mode", "viteMode", "assetUrl", "bundleDir", "manifest"] as const,
  ...["input", "ssrEntry", "ssrDir", "staticProps", "integrity", "precompress"] as const,
  ...["hotFile", "logLevel"] as const,
];

const DEFAULT_ASSET_URL = "/static/";
const DEFAULT_MODE = "production";
const DEFAULT_GENERATED_DIR = "src/generated";

/** What {@linkcode buildRequest} works with. */
export interface BuildFacts {
  readonly config: Config;
  /** The options that were given. */
  readonly options: SidecarOptions;
  readonly bridge: BridgeFile;
  /** Absolute path: where the files go first. */
  readonly staging: string;
}

/** Makes the request. */
export function buildRequest(facts: BuildFacts): Omit<BuildRequest, "nonce"> {
  const { config, options, bridge, staging } = facts;
  return {
    root: config.root,
    mode: viteModeOf(config, options),
    logLevel: LOG_LEVELS[config.logLevel],
    clientStaging: join(staging, "client"),
    ssrStaging: join(staging, "ssr"),
    given: {
      base: config.assetUrl,
      bundleDir: options.bundleDir === undefined ? undefined : config.bundleDir,
      manifest: config.manifest,
      input: config.input,
      ssrEntry: config.ssrEntry,
      ssrDir: options.ssrDir === undefined ? undefined : config.ssrDir,
    },
    defaults: defaultsOf(config, bridge),
    ...staticPropsOf(config, bridge),
  };
}

/** Vite's own table of files is only for those who ask for all. */
const LOG_LEVELS = { quiet: "error", normal: "warn", verbose: "info" } as const;

/** The option `mode` may also say who makes the pages, and then it is not Vite's. */
function viteModeOf({ mode, pages }: Config, options: SidecarOptions): string {
  if (options.viteMode !== undefined) return mode;
  return options.mode === undefined || options.mode === pages ? DEFAULT_MODE : mode;
}

function defaultsOf(config: Config, bridge: BridgeFile): BuildRequest["defaults"] {
  const { root } = config;
  const base = bridge.deployAssetUrl ?? bridge.assetUrl ?? DEFAULT_ASSET_URL;
  const bundleDir = bridge.bundleDir === undefined
    ? config.bundleDir
    : resolve(root, bridge.bundleDir);
  // Vite's own folder for files that are copied as they are can't be the one that they are copied to.
  const isPublic = bundleDir === resolve(root, "public");
  const publicDir = bridge.staticDir ??
    (isPublic ? `${bridge.resourceDir ?? "src"}/public` : undefined);
  return {
    base: base.endsWith("/") ? base : `${base}/`,
    bundleDir,
    manifest: bridge.manifest,
    ssrDir: bridge.ssrOutDir === undefined ? config.ssrDir : resolve(root, bridge.ssrOutDir),
    ...(publicDir === undefined ? {} : { publicDir }),
  };
}

function staticPropsOf(
  { root, staticProps: own }: Config,
  { staticProps: theirs, generatedDir = DEFAULT_GENERATED_DIR }: BridgeFile,
): Pick<BuildRequest, "modules" | "files"> {
  const props = own ?? theirs;
  if (props === undefined) return {};
  const code = renderStaticPropsModule(props);
  const path = join(resolve(root, generatedDir), STATIC_PROPS_TYPES_FILE);
  return {
    modules: Object.fromEntries(STATIC_PROPS_MODULES.map((name) => [name, code])),
    files: [{ path, text: renderStaticPropsTypes(props) }],
  };
}
