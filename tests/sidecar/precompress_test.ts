import { Buffer } from "node:buffer";
import { deepEqual, equal } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, stat, utimes } from "node:fs/promises";
import * as zlib from "node:zlib";
import { scanAssets } from "../../sidecar/asset_scan.ts";
import { precompress, type PrecompressOptions } from "../../sidecar/precompress.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const TEXT = "export const answer = 42; // and so on\n".repeat(200);

async function code({ path }: Folder, options?: PrecompressOptions) {
  const report = await precompress((await scanAssets(path)).files, options);
  const names = (await scanAssets(path)).files.map((file) => file.path);
  return { report, names };
}

test("precompress() writes every coding, which decodes to the file", () =>
  inFolder({ "assets/a.js": TEXT }, async (folder) => {
    const { report, names } = await code(folder);
    deepEqual(names, ["assets/a.js", "assets/a.js.br", "assets/a.js.gz", "assets/a.js.zst"]);
    const coded = async (extension: string) => await readFile(folder.at(`assets/a.js${extension}`));
    equal(zlib.brotliDecompressSync(await coded(".br")).toString(), TEXT);
    equal(zlib.gunzipSync(await coded(".gz")).toString(), TEXT);
    equal(zlib.zstdDecompressSync(await coded(".zst")).toString(), TEXT);
    deepEqual(report, {
      files: 1,
      plainBytes: TEXT.length,
      codedBytes: Math.min(
        ...await Promise.all(
          [".br", ".gz", ".zst"].map(async (extension) => (await coded(extension)).length),
        ),
      ),
      problems: [],
    });
  }));

test("precompress() leaves what is small, random or coded already", () =>
  inFolder({
    "small.js": "x".repeat(1023),
    "random.js": randomBytes(5000),
    "photo.png": Buffer.alloc(5000),
    "data.csv.gz": Buffer.alloc(5000),
    ".hidden.js": TEXT,
  }, async (folder) => {
    const { report, names } = await code(folder);
    deepEqual(names, ["data.csv.gz", "photo.png", "random.js", "small.js"]);
    equal(report.files, 0);
  }));

test("precompress() gives the same bytes and dates again", () =>
  inFolder({ "a.js": TEXT, "b.js": TEXT }, async (folder) => {
    const date = 1_700_000_000;
    await utimes(folder.at("a.js"), date, date);
    await code(folder);
    for (const extension of [".br", ".gz", ".zst"]) {
      const [a, b] = await Promise.all(
        ["a.js", "b.js"].map((name) => readFile(folder.at(name + extension))),
      );
      deepEqual(a, b, extension);
      equal((await stat(folder.at(`a.js${extension}`))).mtimeMs, date * 1000);
    }
  }));

test("precompress() leaves a sibling that is no older than its file", () =>
  inFolder({ "a.js": TEXT, "a.js.gz": "theirs" }, async (folder) => {
    await code(folder);
    equal(await folder.read("a.js.gz"), "theirs");
  }));

test("precompress() writes a sibling anew that is older, and removes it where none pays", () =>
  inFolder(
    { "a.js": TEXT, "a.js.gz": "old", "b.js": randomBytes(5000), "b.js.gz": "old" },
    async (folder) => {
      for (const name of ["a.js.gz", "b.js.gz"]) await utimes(folder.at(name), 1e9, 1e9);
      const { names } = await code(folder, { codings: ["gzip"] });
      deepEqual(names, ["a.js", "a.js.gz", "b.js"]);
      equal(zlib.gunzipSync(await readFile(folder.at("a.js.gz"))).toString(), TEXT);
    },
  ));

test("precompress() goes on after a file that it can't code", () =>
  inFolder({ "a.js": TEXT, "b.js": TEXT }, async (folder) => {
    const { files } = await scanAssets(folder.path);
    await folder.remove("a.js");
    const report = await precompress(files);
    equal(report.files, 1);
    equal(report.problems.length, 1);
    equal(report.problems[0]?.startsWith('Cannot compress "a.js": '), true);
  }));
