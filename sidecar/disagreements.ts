/**
 * Where `vite.config` and our own configuration say different things.
 *
 * @module
 */
import { relative, resolve } from "node:path";
import type { ViteConfigAnswers } from "./build_protocol.ts";
import { MANIFEST_PATHS } from "./manifest.ts";

/** What we were told, and what we take for granted if we were not; folders are absolute. */
export interface OurAnswers {
  readonly root: string;
  /** `undefined` if nobody told us. */
  readonly assetUrl: string | undefined;
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
  return [
    ...baseDisagreement(viteConfig.base, ours.assetUrl),
    ...folderDisagreement(viteConfig.outDir, ours),
    ...manifestDisagreement(viteConfig.manifest, ours.manifest),
  ];
}

function baseDisagreement(base: string | undefined, assetUrl: string | undefined): string[] {
  if (base === undefined || assetUrl === undefined || slashed(base) === slashed(assetUrl)) {
    return [];
  }
  return [
    `vite.config says base ${show(base)}, and assetUrl is ${
      show(assetUrl)
    }: the build is made for ` +
    `${show(assetUrl)}; take base out of vite.config`,
  ];
}

function slashed(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}

function folderDisagreement(outDir: string | undefined, ours: OurAnswers): string[] {
  const { root, bundleDir, isBundleDirGiven } = ours;
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
