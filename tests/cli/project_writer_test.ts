import { deepEqual, equal, rejects } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { ProjectFolderError, writeProject } from "../../cli/project_writer.ts";
import { inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const PROJECT = new Map([["a.txt", "new a"], ["src/b.txt", "new b"], ["src/deep/c.txt", "new c"]]);

/** A signal that is aborted when it is asked for the time after some times. */
function signalAfter(times: number): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  let left = times;
  signal.throwIfAborted = () => {
    if (left-- > 0) return;
    throw new DOMException("Interrupted", "AbortError");
  };
  return signal;
}

test("writeProject() writes a new folder", async () => {
  await inFolder({}, async (folder) => {
    await writeProject(folder.at("app"), PROJECT, {
      overwrite: false,
      signal: new AbortController().signal,
    });
    equal(await folder.read("app/src/deep/c.txt"), "new c");
    deepEqual(await readdir(folder.path), ["app"]);
  });
});

test("writeProject() that is cut short anywhere leaves no new folder", async () => {
  for (let times = 0; times <= PROJECT.size; times++) {
    await inFolder({}, async (folder) => {
      const signal = signalAfter(times);
      await rejects(writeProject(folder.at("app"), PROJECT, { overwrite: false, signal }));
      deepEqual(await readdir(folder.path), []);
    });
  }
});

test("writeProject() that is cut short anywhere leaves a folder that was there as it was", async () => {
  const before = { "app/a.txt": "old a", "app/src/own.txt": "own" };
  // Twice for each file, and once behind each round.
  for (let times = 0; times < 2 * PROJECT.size + 2; times++) {
    await inFolder(before, async (folder) => {
      const signal = signalAfter(times);
      await rejects(writeProject(folder.at("app"), PROJECT, { overwrite: true, signal }));
      deepEqual((await readdir(folder.at("app"))).sort(), ["a.txt", "src"]);
      deepEqual(await readdir(folder.at("app/src")), ["own.txt"]);
      equal(await folder.read("app/a.txt"), "old a");
    });
  }
});

test("writeProject() replaces no file unasked", async () => {
  await inFolder({ "app/a.txt": "old a" }, async (folder) => {
    const { signal } = new AbortController();
    const writing = writeProject(folder.at("app"), PROJECT, { overwrite: false, signal });
    await rejects(writing, ProjectFolderError);
    equal(await folder.read("app/a.txt"), "old a");
  });
});

test("writeProject() puts no file in the place of a folder", async () => {
  await inFolder({ "app/a.txt/x": "" }, async (folder) => {
    const { signal } = new AbortController();
    const writing = writeProject(folder.at("app"), PROJECT, { overwrite: true, signal });
    await rejects(writing, /"a\.txt": ".*" is no file/);
    deepEqual(await readdir(folder.at("app")), ["a.txt"]);
  });
});
