import { Buffer } from "node:buffer";
import { equal, rejects } from "node:assert/strict";
import { appendFile, rename, truncate, utimes, writeFile } from "node:fs/promises";
import { AssetFile } from "../../sidecar/asset_file.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const MIB = 1024 * 1024;
const LARGE = Buffer.alloc(MIB + 7, "0123456789");

function withFile(run: (folder: Folder, path: string) => Promise<void>): Promise<void> {
  return inFolder(
    { "large": LARGE, "other": Buffer.alloc(MIB + 7, "x"), "empty": "" },
    (folder) => run(folder, folder.at("large")),
  );
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString("latin1");
}

test("stream() sends from the first byte to the end", () =>
  withFile(async (_, path) => {
    const whole = await AssetFile.open(path);
    equal(await drain(whole.stream(0, whole.stat.size)), LARGE.toString("latin1"));
    const part = await AssetFile.open(path);
    equal(await drain(part.stream(MIB - 3, MIB + 5)), LARGE.toString("latin1", MIB - 3, MIB + 5));
  }));

test("stream() reads nothing before it is asked, and a chunk at a time", () =>
  withFile(async (_, path) => {
    const file = await AssetFile.open(path);
    const reader = file.stream(0, file.stat.size).getReader();
    const { value } = await reader.read();
    equal(value?.length, 256 * 1024);
    await reader.cancel();
    // The handle is closed: nothing can be read any more.
    await rejects(file.readAll());
  }));

test("stream() ends with an error if the file becomes shorter", () =>
  withFile(async (_, path) => {
    const file = await AssetFile.open(path);
    const reader = file.stream(0, file.stat.size).getReader();
    await reader.read();
    await truncate(path, 1000);
    await rejects(async () => {
      while (!(await reader.read()).done);
    }, /the file became shorter/);
  }));

test("stream() ends with an error if the file is written anew, even in the same length", () =>
  withFile(async (_, path) => {
    const file = await AssetFile.open(path);
    const reader = file.stream(0, file.stat.size).getReader();
    await reader.read();
    await writeFile(path, Buffer.alloc(LARGE.length, "x"));
    await utimes(path, 1_700_000_000, 1_700_000_000);
    await rejects(async () => {
      while (!(await reader.read()).done);
    }, /the file was changed/);
  }));

test("stream() ends with an error if the file grows", () =>
  withFile(async (_, path) => {
    const file = await AssetFile.open(path);
    const stream = file.stream(0, file.stat.size);
    await appendFile(path, "more");
    await rejects(drain(stream), /the file was changed/);
  }));

test("stream() sends the file that was opened, whatever takes its name", () =>
  withFile(async (folder, path) => {
    const file = await AssetFile.open(path);
    await rename(folder.at("other"), path);
    equal(await drain(file.stream(0, file.stat.size)), LARGE.toString("latin1"));
  }));

test("readAll() reads a file whole", () =>
  withFile(async (folder, path) => {
    equal(Buffer.from(await (await AssetFile.open(path)).readAll()).equals(LARGE), true);
    equal((await (await AssetFile.open(folder.at("empty"))).readAll()).length, 0);
  }));

test("open() takes neither a link nor a pipe nor a folder", () =>
  withFile(async (folder) => {
    await folder.link("link", "large");
    folder.pipe("pipe");
    await rejects(AssetFile.open(folder.at("link")), { code: "ELOOP" });
    await rejects(AssetFile.open(folder.at("pipe")), /it is no file$/);
    await rejects(AssetFile.open(folder.path));
    await rejects(AssetFile.open(folder.at("nope")), { code: "ENOENT" });
  }));
