/** What is found of a framework before it is started, and what is said if something is missing or too old. */
import { equal, match, rejects } from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { LaunchError } from "../../sidecar/executor.ts";
import { FRAMEWORKS } from "../../sidecar/framework.ts";
import { type LaunchOptions, prepareLaunch } from "../../sidecar/vite_launch.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { runtimeName, test } from "../_support/test.ts";

const ASTRO = JSON.stringify({ name: "astro", version: "7.3.5", engines: { node: ">=22.12.0" } });
const VITE = JSON.stringify({ name: "vite", version: "8.3.8" });

const FILES = {
  "package.json": "{}",
  "node_modules/astro/package.json": ASTRO,
  "node_modules/vite/package.json": VITE,
};

/** A program that says it is this version of Node. */
async function placeNode(folder: Folder, version: string): Promise<string> {
  await folder.write("bin/node", `#!/bin/sh\necho v${version}\n`);
  await chmod(folder.at("bin/node"), 0o755);
  return folder.at("bin");
}

function launch(folder: Folder, options: Partial<LaunchOptions>): ReturnType<typeof prepareLaunch> {
  return prepareLaunch({
    root: folder.path,
    runtime: { name: runtimeName, execPath: process.execPath },
    path: "",
    framework: FRAMEWORKS.astro,
    ...options,
  });
}

function refuses(
  launching: ReturnType<typeof prepareLaunch>,
  message: RegExp,
  hint: RegExp,
): Promise<void> {
  return rejects(launching, (error: unknown) => {
    match(String(error), message);
    match(error instanceof LaunchError ? error.hint : "", hint);
    return true;
  });
}

test("a framework is run by the runner that knows it, and its Vite is told", () =>
  inFolder(FILES, async (folder) => {
    const { args, viteVersion, executor } = await launch(folder, {});
    equal(viteVersion, "8.3.8");
    equal(executor, runtimeName);
    match(args.at(-1) ?? "", /node_modules\/\.lv-sidecar\/framework-[0-9a-f]{16}\.mjs$/);
  }));

test("SvelteKit is run by the runner of all Vite projects; of its build it is the framework's", () =>
  inFolder({
    ...FILES,
    "node_modules/@sveltejs/kit/package.json": JSON.stringify({ version: "3.2.0" }),
  }, async (folder) => {
    const framework = FRAMEWORKS.sveltekit;
    match((await launch(folder, { framework })).args.at(-1) ?? "", /runner-[0-9a-f]{16}\.mjs$/);
    const built = await launch(folder, { framework, task: "build" });
    match(built.args.at(-1) ?? "", /framework-[0-9a-f]{16}\.mjs$/);
  }));

test("a Node too old is passed over, unless it was asked for", () =>
  inFolder(FILES, async (folder) => {
    const path = await placeNode(folder, "20.20.2");
    equal((await launch(folder, { path })).executor, runtimeName);
    await refuses(
      launch(folder, { path, executor: "node" }),
      /Cannot run Astro under node 20\.20\.2: this Astro wants >=22\.12\.0$/,
      /node@22/,
    );
    equal((await launch(folder, { path: await placeNode(folder, "22.23.3") })).executor, "node");
  }));

test("a framework that is older than what is known to work is refused, with the next step", () =>
  inFolder({
    ...FILES,
    "node_modules/astro/package.json": JSON.stringify({ version: "6.9.1" }),
  }, (folder) =>
    refuses(
      launch(folder, {}),
      /Cannot run Astro 6\.9\.1: the oldest that works here is 7\.0$/,
      /npm install astro@latest/,
    )));

test("a framework that is not installed is named", () =>
  inFolder({ "package.json": '{"dependencies":{"nuxt":"4"}}' }, (folder) =>
    refuses(
      launch(folder, { framework: FRAMEWORKS.nuxt }),
      /Cannot find Nuxt for ".*": no node_modules above it has nuxt$/,
      /npm install/,
    )));

test("a root that is not there is told before anything else", () =>
  inFolder({}, (folder) =>
    refuses(
      launch(folder, { root: join(folder.path, "nowhere") }),
      /Cannot find the root/,
      /--root/,
    )));
