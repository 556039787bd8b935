/**
 * Opens a build: its manifest, its files and its page, and what replaces them after a deploy.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "@std/path";
import type { Runtime } from "../runtime/types.ts";
import { type Assets, createAssets } from "./asset_source.ts";
import { DEFAULT_ASSET_URL, parseAssetUrl } from "./asset_url.ts";
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
  readonly runtime: Runtime;
  readonly emit: (event: SidecarEvent) => void;
}

const PAGE = "index.html";

/**
 * Opens the build in the configuration's `bundleDir`.
 *
 * @throws {Error} If there is no manifest, or it can't be read.
 * @throws {RangeError} If it was built for another URL than the one it is to be served under.
 */
export async function openBuild(options: BuiltSourceOptions): Promise<OpenedBuild> {
  const { config, emit } = options;
  const { bundleDir: folder } = config;
  let opened: { readonly build: OpenBuild; readonly assetUrl: string } | undefined;
  const accept = async (built: BuiltManifest): Promise<void> => {
    const next = await openFiles(built, { ...options, lastUrl: opened?.assetUrl });
    opened?.build.files.close();
    opened = next;
  };
  const manifest = await openManifestFile({ folder, path: config.manifest, accept, emit })
    .catch((error: unknown) => Promise.reject(withHint(error)));
  // `accept` ran before the manifest was given to us.
  const now = (): { readonly build: OpenBuild; readonly assetUrl: string } =>
    opened as NonNullable<typeof opened>;
  const { assetUrl } = now();
  const prefix = prefixOf(assetUrl);
  const assets = createAssets({
    kind: "built",
    current: () => manifest.current(),
    assetUrl,
    hasFile: (path) => now().build.files.leadsToFile(`${prefix}${path}`),
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

/** What to do where a build can't be served; the command line shows it. */
function withHint(error: unknown): unknown {
  const hint = error instanceof RangeError
    ? "build it again with that assetUrl, or leave assetUrl out: it is served where it was built for"
    : 'run the command "build" first; "dev" serves the sources without a build';
  return error instanceof Error ? Object.assign(error, { hint }) : error;
}

/** Whether there is a build to serve. */
export async function hasBuild({ bundleDir, manifest }: Config): Promise<boolean> {
  const paths = manifest === undefined ? MANIFEST_PATHS : [manifest];
  for (const path of paths) {
    if (await stat(join(bundleDir, path)).then(() => true, () => false)) return true;
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
  { config, runtime, emit, lastUrl }: BuiltSourceOptions & { readonly lastUrl: string | undefined },
): Promise<{ readonly build: OpenBuild; readonly assetUrl: string }> {
  const { bundleDir: dir } = config;
  const { page: html } = built;
  const listed = filesOf(built.manifest);
  const base = built.info === undefined
    ? html === undefined ? undefined : baseOfPage(html, listed)
    : built.info.base;
  // Documents that are open, and a CDN, know one URL: it does not change while we run.
  const assetUrl = config.assetUrl ?? lastUrl ??
    parseAssetUrl(isServable(base) ? base : DEFAULT_ASSET_URL);
  checkBase(base, assetUrl, dir);
  const missing = await findMissing(listed, dir);
  // Vite may be writing: a deploy that lacks files is looked at again.
  if (missing !== undefined && lastUrl !== undefined) throw new Error(missing);
  if (missing !== undefined) emit({ kind: "warning", message: missing });
  // Not each manifest.json: it may be that of a web app, among the public files.
  const leaveOut = [PAGE, built.path, "hot"];
  const files: StaticFiles = await openStaticFiles({
    runtime,
    dir,
    prefix: prefixOf(assetUrl),
    // Case: "https://cdn.example.com/static/"
    isShared: !assetUrl.startsWith("/"),
    listed,
    leaveOut,
    emit,
  });
  const template = html === undefined ? undefined : parsePageTemplate(html);
  return { build: { files, template }, assetUrl };
}

/** Case: "./" and "" of a relative build, and `null` of one that stands on no base, say nothing. */
function isServable(base: string | null | undefined): base is string {
  return base !== undefined && base !== null && !/^(?:$|\.)/.test(base);
}

/** Of a CDN's URL the path: it fetches from us what it does not have. */
function prefixOf(assetUrl: string): string {
  return new URL(assetUrl, "http://path.invalid").pathname;
}

async function findMissing(
  listed: ReadonlySet<string>,
  dir: string,
): Promise<string | undefined> {
  const missing: string[] = [];
  for (const file of listed) {
    if (!await stat(join(dir, file)).then(() => true, () => false)) missing.push(file);
  }
  if (missing.length === 0) return undefined;
  const names = missing.slice(0, 3).join('", "');
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  return `The manifest lists "${names}"${more}, which the bundle directory "${dir}" lacks`;
}
