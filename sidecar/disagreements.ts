/**
 * Where `vite.config` and our own configuration say different things.
 *
 * @module
 */
import { relative, resolve } from "node:path";
import { MANIFEST_PATHS } from "./manifest.ts";
import type { ViteConfigAnswers } from "./vite_protocol.ts";

/** What we were told; what is `undefined`, nobody told us. */
export interface OurAnswers {
  /** Absolute path. */
  readonly root: string;
  /** The base in development. */
  readonly base?: string | undefined;
  /** Where built files are served. */
  readonly assetUrl: string | undefined;
  /** Whether that is the base in development, too, as the app makes the pages. @default false */
  readonly isAssetUrlBase?: boolean | undefined;
  /** What is there to say of a build; `undefined` in development. */
  readonly build?: OurBuildAnswers | undefined;
}

/** What we were told of a build, and what we take for granted if we were not. */
export interface OurBuildAnswers {
  /** Absolute path. */
  readonly bundleDir: string;
  /** Whether somebody told us. */
  readonly isBundleDirGiven: boolean;
  readonly manifest: string | undefined;
}

const show = (value: unknown): string => JSON.stringify(value);

/**
 * Says in words where the two disagree, and who is followed.
 *
 * What was told to us on purpose beats `vite.config`; what we take for granted does not.
 *
 * @returns One sentence for each, without a full stop.
 */
export function disagreements(viteConfig: ViteConfigAnswers, ours: OurAnswers): string[] {
  const { root, build } = ours;
  const base = viteConfig.base === undefined ? [] : baseDisagreement(viteConfig.base, ours);
  if (build === undefined) return base;
  return [
    ...base,
    ...folderDisagreement(viteConfig.outDir, build, root),
    ...manifestDisagreement(viteConfig.manifest, build.manifest),
  ];
}

function baseDisagreement(said: string, ours: OurAnswers): string[] {
  const { base, assetUrl, isAssetUrlBase, build } = ours;
  const isBuild = build !== undefined;
  if (!isBuild && base !== undefined) {
    return isSame(said, base) ? [] : [
      `vite.config says base ${show(said)}, and the option base ${show(base)}: ${
        show(base)
      } counts; ` +
      "take one of them out",
    ];
  }
  if (assetUrl === undefined || isSame(said, assetUrl)) return [];
  const both = `vite.config says base ${show(said)}, and assetUrl is ${show(assetUrl)}`;
  const followed = isBuild
    ? `the build is made for ${show(assetUrl)}`
    : isAssetUrlBase === true
    ? "the second counts, as the app makes the pages"
    : "the first counts in development, the second for a build";
  return [`${both}: ${followed}; take base out of vite.config`];
}

/** Whether they mean the same place, be it on this server or on a CDN: a URL is given for a build alone. */
function isSame(one: string, other: string): boolean {
  // Case: "", "./" -> "/"; "https://cdn.test/static" -> "/static/"
  const path = (url: string): string => new URL(url, "http://base.invalid").pathname;
  return slashed(path(one)) === slashed(path(other));
}

function slashed(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function folderDisagreement(
  outDir: string | undefined,
  { bundleDir, isBundleDirGiven }: OurBuildAnswers,
  root: string,
): string[] {
  if (outDir === undefined || resolve(root, outDir) === bundleDir) return [];
  const own = show(relative(root, bundleDir));
  return [
    isBundleDirGiven
      ? `vite.config says build.outDir ${
        show(outDir)
      }, and bundleDir is ${own}: the build goes to ` +
        `${own}; take outDir out of vite.config`
      : `vite.config puts the build into ${
        show(outDir)
      }, and what serves it looks into ${own}: set ` +
        `bundleDir to ${show(outDir)}`,
  ];
}

function manifestDisagreement(
  said: string | boolean | undefined,
  manifest: string | undefined,
): string[] {
  if (said === false) {
    return ["vite.config says build.manifest false: one is written all the same, as tags need it"];
  }
  if (typeof said !== "string" || said === manifest) return [];
  if (manifest === undefined) {
    return MANIFEST_PATHS.includes(said) ? [] : [
      `vite.config says build.manifest ${show(said)}, and what serves it looks for ` +
      `${MANIFEST_PATHS.map(show).join(" and ")}: set manifest to ${show(said)}`,
    ];
  }
  return [
    `vite.config says build.manifest ${show(said)}, and manifest is ${show(manifest)}: it is ` +
    `written as ${show(manifest)}; take one of them out`,
  ];
}
