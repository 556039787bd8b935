/**
 * What becomes of a build after Vite: its record, its compressed copies, and its way into the folder that is served.
 *
 * @module
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { scanAssets } from "../sidecar/asset_scan.ts";
import { integrityOf, versionIdOf } from "../sidecar/asset_version.ts";
import { BUILD_INFO_PATH, type BuildInfo, renderBuildInfo } from "../sidecar/build_info.ts";
import { installBuild, type ListedFile, listFiles } from "../sidecar/build_install.ts";
import { isEmptied, planInstall } from "../sidecar/build_plan.ts";
import type { BuiltTarget } from "../sidecar/build_protocol.ts";
import { BUILD_RECORD_PATH, guessBuildRecord, parseBuildRecord } from "../sidecar/build_record.ts";
import { filesOf, parseManifest } from "../sidecar/manifest.ts";
import { addIntegrity } from "../sidecar/page_integrity.ts";
import { precompress } from "../sidecar/precompress.ts";
import { holdBuilds } from "../sidecar/retained_builds.ts";

/** A build in its folder. */
export interface FinishedBuild {
  /** Absolute path. */
  readonly folder: string;
  /** What was built, compressed copies among it. */
  readonly files: readonly ListedFile[];
  /** What is still there of the build before. */
  readonly kept: readonly string[];
  readonly warnings: readonly string[];
}

/** What {@linkcode finishClient} needs beside the build itself. */
export interface ClientFinish {
  /** Absolute path of the folder in which the files are. */
  readonly staging: string;
  readonly viteVersion: string;
  /** Absolute path. */
  readonly hotFile: string;
  readonly integrity: boolean;
  readonly precompress: boolean;
}

/**
 * Finishes what was built for browsers.
 *
 * @throws {Error} If a file can't be read or written. Until everything is ready the folder stays as it was.
 */
export async function finishClient(
  built: BuiltTarget,
  finish: ClientFinish,
): Promise<FinishedBuild> {
  const { staging } = finish;
  await removeHotFile(built, finish);
  await writeInfo(built, finish);
  const warnings = finish.precompress
    ? (await precompress((await scanAssets(staging)).files)).problems
    : [];
  const files = await listFiles(staging);
  const kept = await install(built, { staging, files });
  return { folder: built.outDir, files, kept, warnings };
}

/** Where the hot file lies in `publicDir`, Vite copies it as it copies everything there. */
async function removeHotFile(
  { publicDir }: BuiltTarget,
  { staging, hotFile }: ClientFinish,
): Promise<void> {
  const path = publicDir === "" ? ".." : relative(publicDir, hotFile);
  if (!path.startsWith("..")) await rm(join(staging, path), { force: true });
}

async function writeInfo(built: BuiltTarget, finish: ClientFinish): Promise<void> {
  const { staging, viteVersion } = finish;
  const { base, importMap, manifest = "" } = built;
  const text = await readFile(join(staging, manifest), "utf8");
  const hashed = finish.integrity ? await hashFiles(staging, scriptsOf(text, manifest)) : [];
  const info: BuildInfo = {
    base,
    viteVersion,
    versionId: versionIdOf(text),
    importMap,
    files: new Map(hashed),
  };
  if (hashed.length > 0) await hashPages(staging, info);
  const path = join(staging, BUILD_INFO_PATH);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, renderBuildInfo(info));
}

/** What a tag may name: modules and style sheets. */
function scriptsOf(text: string, place: string): readonly string[] {
  return [...filesOf(parseManifest(text, place))].filter((path) => /\.(?:m?js|css)$/.test(path));
}

async function hashFiles(
  folder: string,
  paths: readonly string[],
): Promise<readonly (readonly [string, { readonly integrity: string }])[]> {
  return await Promise.all(paths.map(async (path) => {
    const content = await readFile(join(folder, path));
    return [path, { integrity: integrityOf(content) }] as const;
  }));
}

/** A relative base differs from page to page, and nobody knows where one that code makes leads. */
async function hashPages(folder: string, { base, files }: BuildInfo): Promise<void> {
  if (base === null || base.startsWith(".") || base === "") return;
  const hashes = new Map(
    [...files].map(([path, { integrity = "" }]) => [path, integrity] as const),
  );
  for (const { path } of await listFiles(folder)) {
    if (!path.endsWith(".html")) continue;
    const html = await readFile(join(folder, path), "utf8");
    await writeFile(join(folder, path), addIntegrity(html, { base, hashes }));
  }
}

interface Staged {
  readonly staging: string;
  readonly files: readonly ListedFile[];
}

/** Moves the files to where they are served from; the last build's stay, for tabs that are open. */
async function install(
  built: BuiltTarget,
  { staging, files }: Staged,
): Promise<readonly string[]> {
  const { outDir, assetsDir, publicDir, manifest, root, emptyOutDir } = built;
  const present = (await listFiles(outDir)).map(({ path }) => path);
  const recorded = await recordedFiles(outDir, assetsDir);
  const held = await holdBuilds({
    dir: outDir,
    assetsDir,
    ...(publicDir === "" ? {} : { publicDir }),
  });
  try {
    await installBuild(
      staging,
      outDir,
      planInstall({
        staged: files.map(({ path }) => path),
        present,
        kept: recorded,
        manifest,
        isEmptied: isEmptied(emptyOutDir, root, outDir),
      }),
    );
  } catch (error) {
    await held.restore();
    throw error;
  }
  const { record } = await held.commit();
  const fresh = new Set(files.map(({ path }) => path));
  return record.builds.flatMap((build) => build.files).filter((path) => !fresh.has(path));
}

/** The files of the builds that a folder holds: until the new one is whole, all of them stay. */
async function recordedFiles(folder: string, assetsDir: string): Promise<ReadonlySet<string>> {
  const files = (await scanAssets(folder).catch(() => undefined))?.files ?? [];
  const text = await readFile(join(folder, BUILD_RECORD_PATH), "utf8").catch(() => undefined);
  const { builds } = text === undefined
    ? guessBuildRecord(files, assetsDir)
    : parseBuildRecord(text);
  return new Set(builds.flatMap((build) => build.files));
}

/** Moves what was built for the server into its folder; of earlier builds nothing stays, as no browser asks for it. */
export async function finishServer(built: BuiltTarget, staging: string): Promise<FinishedBuild> {
  const { outDir, root, emptyOutDir } = built;
  const files = await listFiles(staging);
  const present = (await listFiles(outDir)).map(({ path }) => path);
  const plan = planInstall({
    staged: files.map(({ path }) => path),
    present,
    kept: new Set(),
    manifest: undefined,
    isEmptied: isEmptied(emptyOutDir, root, outDir),
  });
  await installBuild(staging, outDir, plan);
  return { folder: outDir, files, kept: [], warnings: [] };
}
