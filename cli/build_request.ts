/**
 * What the build is asked for: the options, what `.litestar.json` says, and what counts if nobody says anything.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { DEFAULT_ASSET_URL } from "../sidecar/asset_url.ts";
import type { BuildRequest } from "../sidecar/build_protocol.ts";
import type { SidecarOptions } from "../sidecar/config.ts";
import type { OptionName } from "../sidecar/config_schema.ts";
import type { Config } from "../sidecar/config_types.ts";
import { staticPropsRequest } from "../sidecar/static_props.ts";
import type { BridgeFile } from "../vite/bridge_file.ts";

/** The options that a build looks at. */
export const BUILD_OPTIONS: readonly OptionName[] = [
  ...[
    "root",
    "executor",
    "mode",
    "viteMode",
    "framework",
    "assetUrl",
    "bundleDir",
    "manifest",
  ] as const,
  ...["input", "ssrEntry", "ssrDir", "staticProps", "integrity", "precompress"] as const,
  ...["hotFile", "logLevel"] as const,
  // Types come first, of the app's own routes.
  ...["types", "entry", "backend"] as const,
];

const DEFAULT_MODE = "production";

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
    ...staticPropsRequest(
      config.staticProps ?? bridge.staticProps,
      config.root,
      config.types?.output ?? bridge.generatedDir,
    ),
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
