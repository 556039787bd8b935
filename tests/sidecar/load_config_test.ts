import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { join } from "node:path";
import { ConfigFileError, loadConfigFile } from "../../sidecar/load_config.ts";
import { createProject } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const ENV = { command: "dev", mode: "staging", env: { A: "1" } } as const;

function configTest(
  name: string,
  files: Readonly<Record<string, string>>,
  check: (root: string) => Promise<void>,
): void {
  test(name, async () => {
    const project = await createProject("config", files);
    try {
      await check(project.root);
    } finally {
      await project.remove();
    }
  });
}

configTest("loadConfigFile() finds nothing where there is nothing", {}, async (root) => {
  equal(await loadConfigFile(root, ENV), undefined);
});

configTest("loadConfigFile() reads TypeScript", {
  "sidecar.config.ts": "const port: number = 81; export default { port };",
}, async (root) => {
  deepEqual(await loadConfigFile(root, ENV), {
    path: join(root, "sidecar.config.ts"),
    options: { port: 81 },
  });
});

configTest("loadConfigFile() reads JavaScript, TypeScript first", {
  "sidecar.config.mjs": "export default { port: 3 };",
  "sidecar.config.js": "export default { port: 2 };",
}, async (root) => {
  deepEqual((await loadConfigFile(root, ENV))?.options, { port: 2 });
});

configTest("loadConfigFile() calls a function, and waits for it", {
  "sidecar.config.ts":
    "export default ({ command, mode, env }) => Promise.resolve({ root: command + mode + env.A });",
}, async (root) => {
  deepEqual((await loadConfigFile(root, ENV))?.options, { root: "devstaging1" });
});

configTest("loadConfigFile() hands on a file without default export, for the check to refuse", {
  "sidecar.config.ts": "export const port = 1;",
}, async (root) => {
  equal((await loadConfigFile(root, ENV))?.options, undefined);
});

configTest("loadConfigFile() tells what is wrong with a broken file", {
  "sidecar.config.ts": "export default {",
}, async (root) => {
  await rejects(loadConfigFile(root, ENV), (error: unknown) => {
    if (!(error instanceof ConfigFileError)) return false;
    match(error.message, /^Cannot load ".*sidecar\.config\.ts" as the configuration: ./);
    match(error.hint, /mend the file/);
    return error.cause !== undefined;
  });
});

configTest("loadConfigFile() tells what a throwing file throws", {
  "sidecar.config.ts": 'throw new Error("no luck"); export default {};',
}, async (root) => {
  await rejects(loadConfigFile(root, ENV), /as the configuration: no luck$/);
});

configTest("loadConfigFile() tells what a throwing function throws", {
  "sidecar.config.ts": 'export default () => { throw new Error("no luck"); };',
}, async (root) => {
  await rejects(loadConfigFile(root, ENV), /its function throws: no luck$/);
});

configTest("loadConfigFile() knows why the package's own name may mean nothing", {
  "sidecar.config.ts": 'import { x } from "@lv/sidecar/nonsense"; export default { x };',
}, async (root) => {
  await rejects(loadConfigFile(root, ENV), { hint: /jsr:@lv\/sidecar/ });
});
