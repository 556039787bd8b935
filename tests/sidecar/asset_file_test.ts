import { Buffer } from "node:buffer";
import { deepEqual, equal, rejects } from "node:assert/strict";
import { utimes } from "node:fs/promises";
import { readAssetFile, statAssetFile } from "../../sidecar/asset_file.ts";
import { inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const BYTES = Buffer.alloc(100_000, "0123456789");
const FILES = { "file": BYTES, "empty": "" };

test("readAssetFile() reads a file whole", () =>
  inFolder(FILES, async ({ at }) => {
    equal(Buffer.from(await readAssetFile(at("file"))).equals(BYTES), true);
    equal((await readAssetFile(at("empty"))).length, 0);
  }));

test("statAssetFile() tells size and date", () =>
  inFolder(FILES, async ({ at }) => {
    await utimes(at("file"), 1_700_000_000, 1_700_000_000);
    deepEqual(await statAssetFile(at("file")), { size: 100_000, mtimeMs: 1_700_000_000_000 });
  }));

test("neither takes a link, a pipe or a folder for a file", () =>
  inFolder(FILES, async (folder) => {
    await folder.link("link", "file");
    folder.pipe("pipe");
    await rejects(readAssetFile(folder.at("link")), { code: "ELOOP" });
    await rejects(readAssetFile(folder.at("pipe")), /it is no file$/);
    for (const name of ["link", "pipe", "."]) {
      await rejects(statAssetFile(folder.at(name)), /it is no file$/);
    }
    for (const look of [readAssetFile, statAssetFile]) {
      await rejects(look(folder.at("nope")), { code: "ENOENT" });
    }
    await rejects(readAssetFile(folder.path));
  }));
