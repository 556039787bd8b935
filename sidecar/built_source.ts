/**
 * Opens a build: its manifest, its files and its page, and what replaces them after a deploy.
 *
 * @module
 */
import { access, readFile } from "node:fs/promises";
import { join } from "@std/path";
import { type Assets, createAssets } from "./asset_source.ts";
import { parseAssetUrl } from "./asset_url.ts";
import { openStaticFiles, type StaticFiles } from "./assets.ts";
import { baseOfPage, checkBase } from "./build_info.ts";
import type { OpenBuild } from "./built_desk.ts";
import type { Config } from "./config_types.ts";
import type { SidecarEvent } from "./links.ts";
import { filesOf, MANIFEST_PATHS } from "./manifest.ts";
import { type BuiltManifest, openManifestFile } from "./manifest_file.ts";
import { parsePageTemplate } from "./page_template.ts";

/** A build that is served. */
export interface OpenedBuild {
  /** The build as it is now: the same object until there is another one. */
  current(): OpenBuild;
  readonly assets: Assets;
  /** Where its files are served, with its slash at the end. */
  readonly assetUrl: string;
  close(): void;
}

/** What {@linkcode openBuild} works with. */
export interface BuiltSourceOptions {
  readonly config: Config;
  readonly emit: (event: SidecarEvent) => void;
}

/** Where built files are served if nobody says: the default of litestar-vite. */
const DEFAULT_ASSET_URL = "/static/";
const PAGE = "index.html";

/**
 * Opens the build in the configuration's `bundleDir`.
 *
 * @throws {Error} If there is no manifest, or it can't be read.
 * @throws {RangeError} If it was built for another URL than the one it is to be served under.
 */
export async function openBuild({ config, emit }: BuiltSourceOptions): Promise<OpenedBuild> {
  const { bundleDir: folder } = config;
  let opened: { readonly build: OpenBuild; readonly assetUrl: string } | undefined;
  const accept = async (built: BuiltManifest): Promise<void> => {
    const next = await openFiles(built, { config, emit });
    opened?.build.files.close();
    opened = next;
  };
  const manifest = await openManifestFile({ folder, path: config.manifest, accept, emit });
  // `accept` ran before the manifest was given to us.
  const now = (): { readonly build: OpenBuild; readonly assetUrl: string } =>
    opened as NonNullable<typeof opened>;
  const { assetUrl } = now();
  const prefix = prefixOf(assetUrl);
  const assets = createAssets({
    kind: "built",
    current: () => manifest.current(),
    assetUrl,
    hasFile: (path) => now().build.files.has(`${prefix}${path}`),
  });
  return {
    current: () => now().build,
    assets,
    assetUrl,
    close() {
      manifest.close();
      now().build.files.close();
    },
  };
}

/** Whether there is a build to serve. */
export async function hasBuild({ bundleDir, manifest }: Config): Promise<boolean> {
  const paths = manifest === undefined ? MANIFEST_PATHS : [manifest];
  for (const path of paths) {
    if (await access(join(bundleDir, path)).then(() => true, () => false)) return true;
  }
  return false;
}

/** Whether the project has React's fast refresh, which wants a script before all others. */
export async function usesReact(root: string): Promise<boolean> {
  const text = await readFile(join(root, "package.json"), "utf8").catch(() => "");
  return /"@vitejs\/plugin-react(?:-swc)?"\s*:/.test(text);
}

async function openFiles(
  built: BuiltManifest,
  { config, emit }: BuiltSourceOptions,
): Promise<{ readonly build: OpenBuild; readonly assetUrl: string }> {
  const { bundleDir: dir } = config;
  const html = await readFile(join(dir, PAGE), "utf8").catch(() => undefined);
  const listed = filesOf(built.manifest);
  const base = built.info === undefined
    ? html === undefined ? undefined : baseOfPage(html, listed)
    : built.info.base;
  const assetUrl = config.assetUrl ?? parseAssetUrl(isServable(base) ? base : DEFAULT_ASSET_URL);
  checkBase(base, assetUrl, dir);
  await warnOfMissing(listed, dir, emit);
  const leaveOut = [PAGE, config.manifest ?? "manifest.json", "hot"];
  const files: StaticFiles = await openStaticFiles({
    dir,
    prefix: prefixOf(assetUrl),
    listed,
    leaveOut,
    emit,
  });
  const template = html === undefined ? undefined : parsePageTemplate(html);
  return { build: { files, template, versionId: built.versionId }, assetUrl };
}

/** Case: "./" and "" of a relative build, and `null` of one that stands on no base, say nothing. */
function isServable(base: string | null | undefined): base is string {
  return base !== undefined && base !== null && !/^(?:$|\.)/.test(base);
}

/** Of a CDN's URL the path: it fetches from us what it does not have. */
function prefixOf(assetUrl: string): string {
  return new URL(assetUrl, "http://path.invalid").pathname;
}

async function warnOfMissing(
  listed: ReadonlySet<string>,
  dir: string,
  emit: (event: SidecarEvent) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const file of listed) {
    if (!await access(join(dir, file)).then(() => true, () => false)) missing.push(file);
  }
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).join('", "');
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  const message = `The manifest lists "${names}"${more}, which the bundle directory "${dir}" lacks`;
  emit({ kind: "warning", message });
}
