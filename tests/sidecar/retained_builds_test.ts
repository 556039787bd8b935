import { deepEqual, equal } from "node:assert/strict";
import { readdir, utimes } from "node:fs/promises";
import { scanAssets } from "../../sidecar/asset_scan.ts";
import { BUILD_RECORD_PATH, parseBuildRecord } from "../../sidecar/build_record.ts";
import { holdBuilds, type RetainedBuildsOptions } from "../../sidecar/retained_builds.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const A = "assets/index-AaA1bB2c.js";
const B = "assets/index-BbB1cC2d.js";
const C = "assets/index-CcC1dD2e.js";
const SHARED = "assets/vendor-DdD1eE2f.js";
const PUBLIC = "assets/photo-Ee1Ff2Gg.jpg";

/** Stands for Vite: empties the directory, unless told not to, and writes. */
async function viteBuild(folder: Folder, files: readonly string[], empties = true): Promise<void> {
  if (empties) await folder.remove("dist");
  for (const file of ["index.html", PUBLIC, ...files]) await folder.write(`dist/${file}`, file);
}

async function build(
  folder: Folder,
  files: readonly string[],
  { empties, ...options }: Partial<RetainedBuildsOptions> & { empties?: boolean } = {},
): Promise<void> {
  const held = await holdBuilds({
    dir: folder.at("dist"),
    publicDir: folder.at("public"),
    ...options,
  });
  await viteBuild(folder, files, empties);
  // Dates of whole builds apart: two writes within a tick look like one.
  for (const file of files) {
    const date = 1_700_000_000 + clock++;
    await utimes(folder.at(`dist/${file}`), date, date);
  }
  await held.commit();
}

let clock = 0;

async function assets(folder: Folder): Promise<string[]> {
  const { files } = await scanAssets(folder.at("dist"));
  return files.map(({ path }) => path).filter((path) => path !== "index.html" && path !== PUBLIC);
}

async function recorded(folder: Folder): Promise<readonly (readonly string[])[]> {
  return parseBuildRecord(await folder.read(`dist/${BUILD_RECORD_PATH}`)).builds
    .map(({ files }) => files);
}

function withBuilds(run: (folder: Folder) => Promise<void>): Promise<void> {
  return inFolder({ [`public/${PUBLIC}`]: PUBLIC }, async (folder) => {
    await run(folder);
    deepEqual((await readdir(folder.path)).sort(), ["dist", "public"]);
  });
}

for (const empties of [true, false]) {
  const how = empties ? "that empties its directory" : "that does not empty its directory";

  test(`two builds are kept by a Vite ${how}`, () =>
    withBuilds(async (folder) => {
      await build(folder, [A, SHARED], { empties });
      deepEqual(await recorded(folder), [[A, SHARED]]);
      await build(folder, [B, SHARED], { empties });
      deepEqual(await assets(folder), [A, B, SHARED]);
      equal(await folder.read(`dist/${A}`), A);
      deepEqual(await recorded(folder), [[B, SHARED], [A, SHARED]]);
      await build(folder, [C], { empties });
      deepEqual(await assets(folder), [B, C, SHARED]);
      await build(folder, [C], { empties });
      deepEqual(await assets(folder), [B, C, SHARED]);
      deepEqual(await recorded(folder), [[C], [B, SHARED]]);
    }));
}

test("more builds are kept on demand, or none", () =>
  withBuilds(async (folder) => {
    for (const file of [A, B, C]) await build(folder, [file], { keep: 3 });
    deepEqual(await assets(folder), [A, B, C]);
    await build(folder, [SHARED], { keep: 1 });
    deepEqual(await assets(folder), [SHARED]);
  }));

test("a build by Vite alone is taken for the last build", () =>
  withBuilds(async (folder) => {
    await viteBuild(folder, [A]);
    await build(folder, [B]);
    deepEqual(await assets(folder), [A, B]);
  }));

test("a build that fails before it writes changes nothing", () =>
  withBuilds(async (folder) => {
    await build(folder, [A]);
    await build(folder, [B]);
    const held = await holdBuilds({ dir: folder.at("dist") });
    await held.restore();
    deepEqual(await assets(folder), [A, B]);
    deepEqual(await recorded(folder), [[B], [A]]);
  }));

test("a build that fails after it emptied its directory gets the hashed files back", () =>
  withBuilds(async (folder) => {
    await build(folder, [A]);
    await build(folder, [B]);
    const held = await holdBuilds({ dir: folder.at("dist") });
    await folder.remove("dist");
    await held.restore();
    deepEqual(await assets(folder), [A, B]);
    deepEqual(await recorded(folder), [[B], [A]]);
  }));

test("what a build that was killed left aside is cleared away", () =>
  withBuilds(async (folder) => {
    await build(folder, [A]);
    await holdBuilds({ dir: folder.at("dist") });
    await build(folder, [B]);
    deepEqual(await assets(folder), [A, B]);
  }));
