/**
 * What the plugin adds to the user's configuration: only what is not there.
 *
 * @module
 */
import { resolve } from "node:path";
import type { ResolvedPluginOptions, SidecarPluginOptions } from "./plugin_options.ts";
import type { ConfigShape } from "./vite_shape.ts";

/** What Vite takes of a base in development. */
function pathOf(url: string): string {
  return new URL(url, "http://base.invalid").pathname;
}

function hasInput({ input, build = {} }: ConfigShape): boolean {
  return (input ?? build.rolldownOptions?.input ?? build.rollupOptions?.input ?? build.lib) !==
    undefined;
}

/** What decides beside the options. */
export interface ConfigFacts {
  readonly isBuild: boolean;
  /** Whether the app renders the pages. */
  readonly isPageless: boolean;
  /** The version of Rolldown, in a Vite that has it. */
  readonly rolldown: string | undefined;
}

/** What to add to a config. */
export function completeConfig(
  config: ConfigShape,
  options: ResolvedPluginOptions,
  facts: ConfigFacts,
): ConfigShape {
  const { isBuild, isPageless } = facts;
  const { publicDir, sourceDir } = options;
  // In development a page stands where it stands in production; without one, its files have a prefix.
  const base = isBuild ? options.buildUrl : isPageless ? pathOf(options.assetUrl) : undefined;
  const wantsAlias = options.hasAlias && !hasAlias(config);
  return {
    ...(config.base !== undefined || base === undefined ? {} : { base }),
    ...(config.publicDir !== undefined || publicDir === undefined ? {} : { publicDir }),
    clearScreen: config.clearScreen ?? false,
    ...(isBuild ? { build: completeBuild(config, options, facts) } : {}),
    ...(wantsAlias ? { resolve: { alias: { "@": sourceDir } } } : {}),
  };
}

function completeBuild(
  config: ConfigShape,
  options: ResolvedPluginOptions,
  { isPageless, rolldown }: ConfigFacts,
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
export function configDisagreements(
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
