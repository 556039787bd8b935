import { deepEqual, equal, match } from "node:assert/strict";
import {
  childEnvironment,
  dotenvNames,
  executorArguments,
  explainMissingVite,
  hintForError,
} from "../../sidecar/executor.ts";
import { test } from "../_support/test.ts";

test("executorArguments() starts a file, never a package's shebang", () => {
  const byDeno = { isInstalledByDeno: true };
  const byOthers = { isInstalledByDeno: false };
  deepEqual(executorArguments("node", "/r.mjs", byOthers), ["/r.mjs"]);
  deepEqual(executorArguments("bun", "/r.mjs", byOthers), ["--no-env-file", "/r.mjs"]);
  deepEqual(executorArguments("deno", "/r.mjs", byDeno), ["run", "--allow-all", "/r.mjs"]);
  deepEqual(executorArguments("deno", "/r.mjs", byOthers), [
    "run",
    "--allow-all",
    "--node-modules-dir=manual",
    "/r.mjs",
  ]);
});

test("childEnvironment() hands on what tools read, and no secret of the app", () => {
  const own = {
    PATH: "/bin",
    Path: "C:\\bin",
    HOME: "/home/u",
    VITE_API_KEY: "public",
    NODE_OPTIONS: "--trace-warnings",
    npm_config_cache: "/c",
    LC_ALL: "C",
    SESSION_SECRET: "s",
    DATABASE_URL: "postgres://u:p@h/db",
    AWS_SECRET_ACCESS_KEY: "s",
    NPM_TOKEN: "t",
    NODE_AUTH_TOKEN: "t",
    DENO_DEPLOY_TOKEN: "t",
    STRIPE_KEY: "s",
    DB_PWD: "s",
    REDIS_URL: "redis://:pw@h:6379",
    PWD: "/app",
    API_URL: "http://127.0.0.1:8001/v1",
    HTTPS_PROXY: "http://u:p@proxy:3128",
    XDG_SESSION_TYPE: "x11",
    AUTHOR: "me",
    BUN_UNSET: undefined,
  };
  deepEqual(childEnvironment(own), {
    PATH: "/bin",
    Path: "C:\\bin",
    HOME: "/home/u",
    VITE_API_KEY: "public",
    NODE_OPTIONS: "--trace-warnings",
    npm_config_cache: "/c",
    LC_ALL: "C",
    PWD: "/app",
    API_URL: "http://127.0.0.1:8001/v1",
    HTTPS_PROXY: "http://u:p@proxy:3128",
    XDG_SESSION_TYPE: "x11",
    AUTHOR: "me",
  });
});

test("childEnvironment() adds and removes what it is told to", () => {
  const own = { PATH: "/bin", CI: "1", SESSION_SECRET: "s" };
  deepEqual(childEnvironment(own, { CI: undefined, API_URL: "http://a", SESSION_SECRET: "mine" }), {
    PATH: "/bin",
    API_URL: "http://a",
    SESSION_SECRET: "mine",
  });
});

test("explainMissingVite() has a hint of its own for each state", () => {
  const hint = (listsVite: boolean, ...files: readonly string[]): string => {
    const error = explainMissingVite({ root: "/app", files: new Set(files), listsVite });
    match(error.message, /^Cannot find Vite for "\/app": .*[^.]$/);
    return error.hint;
  };
  match(hint(false), /npm create vite@latest/);
  equal(hint(true, "package.json"), "run in the root: npm install");
  equal(hint(true, "package.json", "bun.lock"), "run in the root: bun install");
  equal(
    hint(true, "package.json", "pnpm-lock.yaml", "node_modules"),
    "run in the root: pnpm install",
  );
  equal(hint(true, "deno.json"), "run in the root: deno install");
  equal(hint(false, "package.json"), "run in the root: npm install --save-dev vite");
  match(hint(true, "package.json", ".pnp.cjs", "yarn.lock"), /nodeLinker/);
});

test("hintForError() tells a missing package and a busy port from a broken config", () => {
  match(hintForError("Cannot find package 'x' imported from vite.config.js"), /^install/);
  match(hintForError('Import "x" not a dependency'), /^install/);
  match(hintForError("[UNRESOLVED_IMPORT] Could not resolve 'x' in vite.config.js"), /^install/);
  match(hintForError("Could not resolve './part.js' in vite.config.js"), /^mend/);
  match(hintForError("Cannot find module '/app/part.js' imported from"), /^mend/);
  match(hintForError("Port 5173 is already in use"), /port/);
  match(hintForError("boom"), /^mend vite\.config/);
});

test("dotenvNames() finds what an environment has from a file, and nothing that was set otherwise", () => {
  const text = [
    "# VITE_COMMENT=1",
    'VITE_A="x y" # a comment',
    "export VITE_B = plain # a comment",
    "VITE_C='q'\r",
    "VITE_D=",
    "VITE_SET=file",
    "VITE_MISSING=1",
    "no assignment",
  ].join("\n");
  const environment = {
    VITE_A: "x y",
    VITE_B: "plain",
    VITE_C: "q",
    VITE_D: "",
    VITE_SET: "shell",
    VITE_COMMENT: "1",
  };
  deepEqual(dotenvNames(text, environment), ["VITE_A", "VITE_B", "VITE_C", "VITE_D"]);
});
