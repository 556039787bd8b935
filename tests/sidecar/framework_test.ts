import { deepEqual, equal, match } from "node:assert/strict";
import {
  configNameOf,
  detectFramework,
  explainNoFramework,
  FRAMEWORK_NAMES,
  FRAMEWORKS,
  serverEnvironment,
} from "../../sidecar/framework.ts";
import { executorArguments, explainOldExecutor } from "../../sidecar/executor.ts";
import { test } from "../_support/test.ts";

const manifest = (fields: object): string => JSON.stringify(fields);

test("detectFramework() finds each framework by its package, wherever it is listed", () => {
  for (const name of FRAMEWORK_NAMES) {
    const { package: each } = FRAMEWORKS[name];
    equal(detectFramework(manifest({ dependencies: { [each]: "1" } }))?.name, name);
    equal(detectFramework(manifest({ devDependencies: { [each]: "1" } }))?.name, name);
  }
});

test("detectFramework() takes a library for no framework", () => {
  const libraries = { "react-router": "8", "@tanstack/react-router": "1", "@astrojs/rss": "1" };
  equal(detectFramework(manifest({ dependencies: libraries })), undefined);
});

test("detectFramework() makes nothing of what is no manifest", () => {
  for (const text of ["", "{", "null", "[]", '"astro"', '{"dependencies":["astro"]}']) {
    equal(detectFramework(text), undefined, text);
  }
});

test("explainNoFramework() says what was looked for, and what to do", () => {
  match(explainNoFramework("/app"), /"\/app" has none of astro, .*; name one by the option/);
});

test("configNameOf() names the file that is to be mended", () => {
  deepEqual(FRAMEWORK_NAMES.map((name) => configNameOf(FRAMEWORKS[name])), [
    "astro.config",
    "vite.config",
    "nuxt.config",
    "vite.config",
    "vite.config",
  ]);
});

test("serverEnvironment() tells SvelteKit where its origin is, unless somebody did", () => {
  deepEqual(serverEnvironment(FRAMEWORKS.astro, {}), {});
  const { PROTOCOL_HEADER, XFF_DEPTH } = serverEnvironment(FRAMEWORKS.sveltekit, {});
  deepEqual([PROTOCOL_HEADER, XFF_DEPTH], ["x-forwarded-proto", "1"]);
  const own = serverEnvironment(FRAMEWORKS.sveltekit, { XFF_DEPTH: "3" });
  equal("XFF_DEPTH" in own, false);
});

test("executorArguments() gives each runtime the conditions in its own place", () => {
  const options = { isInstalledByDeno: false, conditions: ["development"] };
  deepEqual(executorArguments("node", "/r.mjs", options), ["--conditions=development", "/r.mjs"]);
  deepEqual(executorArguments("bun", "/r.mjs", options).slice(-2), [
    "--conditions=development",
    "/r.mjs",
  ]);
  equal(executorArguments("deno", "/r.mjs", options).includes("--conditions=development"), true);
});

test("a Node too old is told by the framework's name, with the next step", () => {
  const error = explainOldExecutor("node", "20.20.2", ">=22.12.0", "Astro");
  equal(
    error.message,
    "Cannot run Astro under node 20.20.2: this Astro wants >=22.12.0",
  );
  match(error.hint, /update node, .*npm install --save-dev node@22.*--executor/);
});
