/** The generator that is run is the real one; what it must not do is done by one of our own in its place. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import type { ApiTypesRequest } from "../../typegen/api_request.ts";
import { generateApiTypes } from "../../typegen/api_types.ts";
import { HEY_API_VERSION, PLUGINS } from "../../typegen/hey_api_plan.ts";
import { GENERATED_MARK } from "../../typegen/write_plan.ts";
import { eventually } from "../_support/eventually.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { repositoryRoot } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";
import { requestOf, soundApi, TOOLS, turned, USERS } from "./_support/api.ts";
import { type FakePackage, startNpmRegistry } from "./_support/npm_registry.ts";

const DEAD_REGISTRY = "http://127.0.0.1:9/";

test("types, schemas and an SDK, the same for any order of keys; a run leaves its result and nothing else", async () => {
  await inFolder({}, async ({ path }) => {
    const before = await readdir(process.cwd());
    const { files, operationTypes, isFromCache } = await soundApi(USERS, join(path, "a"));
    const texts = new Map(files.map((file) => [file.path, file.text]));
    for (const name of ["index", "types.gen", "sdk.gen", "zod.gen", "client.gen", "client/index"]) {
      ok(texts.has(`api/${name}.ts`), name);
    }
    match(
      texts.get("api/sdk.gen.ts") ?? "",
      /from '\.\/client\.gen\.ts';.*export const showUser = /s,
    );
    match(texts.get("api/zod.gen.ts") ?? "", /export const zUser = z\.object\(/);
    deepEqual(files.filter(({ text }) => !text.startsWith(GENERATED_MARK)), []);
    equal((texts.get("api/types.gen.ts") ?? "").includes("@ts-nocheck"), false);
    match(texts.get("api/zod.gen.ts") ?? "", /^\/\/ .+\n\/\/ @ts-nocheck: /);
    deepEqual(operationTypes, {
      from: "./api/types.gen.ts",
      operations: [
        { path: "/users", method: "get", data: "ListUsersData", response: "ListUsersResponse" },
        { path: "/users", method: "post", data: "CreateUserData", response: "CreateUserResponse" },
        { path: "/users/{id}", method: "get", data: "ShowUserData", response: "ShowUserResponse" },
      ],
    });
    equal(isFromCache, false);
    deepEqual((await soundApi(turned(USERS), join(path, "b"))).files, files);
    const kept = await readdir(join(path, "a"));
    ok(kept.length === 1 && /^api-\w+\.json$/.test(kept[0] ?? ""), kept.join());
    deepEqual(await readdir(process.cwd()), before, "a log file was dropped");
  });
});

test("an unchanged document costs no run; other options, and a result that is broken, do", async () => {
  await inFolder({}, async ({ path }) => {
    const only = { zod: false, sdk: false };
    const first = await soundApi(USERS, path, only);
    deepEqual(first.files.map((file) => file.path), ["api/index.ts", "api/types.gen.ts"]);
    const again = await soundApi(turned(USERS), path, only);
    deepEqual(again, { ...first, isFromCache: true });
    const [name = ""] = await readdir(path);
    equal((await soundApi(USERS, path, { ...only, zod: true })).isFromCache, false);
    await writeFile(join(path, name), '{"files":[');
    deepEqual(await soundApi(USERS, path, only), first);
  });
});

test("imports end as they are asked to", async () => {
  await inFolder({}, async ({ path }) => {
    const { files, operationTypes } = await soundApi(USERS, path, { importExtension: "" });
    equal(operationTypes?.from, "./api/types.gen");
    const sdk = files.find((file) => file.path === "api/sdk.gen.ts")?.text ?? "";
    match(sdk, /from '\.\/types\.gen';/);
  });
});

test("only so many results are kept, those that were wanted last", async () => {
  await inFolder({ "project/package.json": "{}" }, async (folder) => {
    await fakeGenerator(folder, WRITES_ONE_FILE);
    const run = (title: string): Promise<{ isFromCache: boolean }> =>
      generateApiTypes(fakeRequest(folder, { document: { title } }), TOOLS);
    await folder.write("cache/run-1-2/out/half.ts", "");
    await folder.write("cache/run-3-4/out/half.ts", "");
    // Killed an hour ago; the other one runs now.
    await utimes(folder.at("cache/run-1-2"), new Date(0), new Date(Date.now() - 3_600_000));
    for (let number = 0; number < 9; number++) await run(`title ${number}`);
    const names = await readdir(folder.at("cache"));
    equal(names.filter((name) => name.endsWith(".json")).length, 8);
    deepEqual(names.filter((name) => !name.endsWith(".json")), ["run-3-4"]);
    equal((await run("title 8")).isFromCache, true);
    equal((await run("title 0")).isFromCache, false);
  });
});

test("the runtime node runs it, too", async () => {
  await inFolder({}, async ({ path }) => {
    const tools = { ...TOOLS, runtime: { name: "node", execPath: "node" } } as const;
    const { files, diagnostics } = await generateApiTypes(requestOf(USERS, path), tools);
    deepEqual(diagnostics, []);
    ok(files.length > 10);
  });
});

/** The one thing that is told where nothing could be generated. */
async function failure(request: ApiTypesRequest, tools = TOOLS) {
  const { files, diagnostics, operationTypes } = await generateApiTypes(request, tools);
  deepEqual([files, operationTypes, diagnostics.length], [[], undefined, 1]);
  const [{ code, level, message, hint } = {} as never] = diagnostics;
  equal(level, "warning");
  return { code, message, hint };
}

test("a bad document is told with the real reason", async () => {
  await inFolder({}, async ({ path }) => {
    const state = async (document: unknown): Promise<string> =>
      (await failure({ ...requestOf(document, path), where: "my.json" })).message;
    const start = 'Cannot generate API types from "my.json": ';
    equal(await state({ openapi: "9.9" }), `${start}Unsupported OpenAPI specification`);
    equal(await state(null), `${start}it is null`);
    equal(await state("<html>"), `${start}it is a string`);
    deepEqual(await readdir(path).catch(() => []), []);
  });
});

test("an unknown plugin or client is refused before anything runs", async () => {
  await inFolder({}, async ({ path }) => {
    const tools = { ...TOOLS, runtime: { ...TOOLS.runtime, execPath: join(path, "none") } };
    const request = requestOf(USERS, path);
    equal(
      (await failure({ ...request, plugins: ["@hey-api/schema"] }, tools)).message,
      'Cannot use "@hey-api/schema" as plugin: @hey-api/openapi-ts 0.99.0 has no such one, the nearest is "@hey-api/schemas"',
    );
    match(
      // What a configuration file says is whatever somebody wrote.
      (await failure({ ...request, client: "curl" as "fetch" }, tools)).message,
      /^Cannot use "curl" as client: there are fetch, axios, /,
    );
    match((await failure(request, tools)).message, /it can't be started: /);
  });
});

test("the list of plugins is that of the installed version", async () => {
  const folder = join(repositoryRoot, "node_modules/@hey-api/openapi-ts");
  const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    version: string;
  };
  equal(version, HEY_API_VERSION);
  const names = await readdir(join(folder, "dist"));
  const main = names.find((name) => /^init-.*\.mjs$/.test(name)) ?? "";
  const text = await readFile(join(folder, "dist", main), "utf8");
  const found = [...text.matchAll(/^\tname: "([^"]+)"/gm)].map(([, name = ""]) => name);
  deepEqual([...new Set(found)].sort(), [...PLUGINS].sort());
});

test("a plugin more is run", async () => {
  await inFolder({}, async ({ path }) => {
    const { files } = await soundApi(USERS, path, { plugins: ["@hey-api/schemas"] });
    ok(files.some((file) => file.path === "api/schemas.gen.ts"));
  });
});

test("a package that generated files import and the project has not is told", async () => {
  await inFolder({}, async ({ path }) => {
    const request = requestOf(USERS, path, { client: "ky" });
    const { files, diagnostics } = await generateApiTypes(request, TOOLS);
    ok(files.length > 0);
    deepEqual(diagnostics.map(({ message, hint }) => [message, hint]), [[
      `Cannot find "ky", which the generated files import, from "${repositoryRoot}"`,
      `run: ${runtimeName === "deno" ? "deno add npm:" : "bun add "}ky`,
    ]]);
  });
});

test("without the package and without a network, one warning has the next step", async () => {
  await inFolder({ "project/package.json": "{}" }, async (folder) => {
    const request = requestOf(USERS, folder.at("cache"), { root: folder.at("project") });
    const { code, message, hint } = await failure(request, offline(folder, DEAD_REGISTRY));
    equal(code, "missing-package");
    match(message, /^Cannot load @hey-api\/openapi-ts, so API types stay as they are: .+/);
    equal(
      hint,
      runtimeName === "deno"
        ? "run: deno cache npm:typescript@6.0.3 npm:@hey-api/openapi-ts@0.99.0"
        : "run: bun add --dev @hey-api/openapi-ts@0.99.0 typescript@6.0.3",
    );
  });
});

test("a project without the package gets it once, with the TypeScript that it needs", async () => {
  const registry = await startNpmRegistry({
    // The latest is what the generator would get by itself, and can't be loaded with.
    typescript: ["6.0.3", "7.0.2"].map((version) => ({ version, files: { "index.js": "" } })),
    "@hey-api/openapi-ts": [WRITES_WHAT_IT_FINDS],
  });
  try {
    await inFolder({ "project/package.json": "{}" }, async (folder) => {
      const request = requestOf({ title: "t" }, folder.at("cache"), { root: folder.at("project") });
      const tools = offline(folder, registry.url);
      const { files, diagnostics } = await generateApiTypes(request, tools);
      deepEqual(diagnostics, []);
      match(files[0]?.text ?? "", /found 6\.0\.3/);
      ok(registry.paths.includes("@hey-api/openapi-ts@0.99.0.tgz"), registry.paths.join());
      const asked = registry.paths.length;
      const other = await generateApiTypes({ ...request, document: { title: "u" } }, tools);
      deepEqual(other.diagnostics, []);
      equal(other.isFromCache, false);
      equal(registry.paths.length, asked, "it was fetched again");
      deepEqual(await readdir(folder.at("project")), ["package.json"]);
    });
  } finally {
    await registry.close();
  }
});

test("a project whose TypeScript the generator can't be loaded with is left as it is", async () => {
  const own = (name: string, version: string): Record<string, string> => ({
    [`project/node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
  });
  const files = { ...own("typescript", "7.0.2"), ...own("@hey-api/openapi-ts", "0.99.0") };
  await inFolder(files, async (folder) => {
    const request = requestOf(USERS, folder.at("cache"), { root: folder.at("project") });
    const { code, hint } = await failure(request, offline(folder, DEAD_REGISTRY));
    equal(code, "missing-package");
    const place = folder.at("cache/hey-api-0.99.0-6.0.3");
    equal(
      hint,
      runtimeName === "deno"
        ? "run: deno cache npm:typescript@6.0.3 npm:@hey-api/openapi-ts@0.99.0"
        : `run: bun install --cwd ${place}`,
    );
  });
});

/** An environment whose packages come from that registry alone. */
function offline(folder: Folder, registry: string): typeof TOOLS {
  const environment = {
    ...process.env,
    DENO_DIR: folder.at("deno"),
    BUN_INSTALL_CACHE_DIR: folder.at("bun"),
    NPM_CONFIG_REGISTRY: registry,
    NPM_CONFIG_USERCONFIG: folder.at("npmrc"),
    BUN_CONFIG_REGISTRY: registry,
  };
  return { ...TOOLS, environment };
}

const PRELUDE = `import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
const write = ({ output }, text) => {
  mkdirSync(output.path, { recursive: true });
  writeFileSync(join(output.path, "types.gen.ts"), text);
  return [{ gen: { symbols: { query: () => [] } } }];
};
`;
const WRITES_ONE_FILE = "export const createClient = (config) => write(config, 'export {};');";
const WRITES_WHAT_IT_FINDS: FakePackage = {
  version: "0.99.0",
  manifest: {
    type: "module",
    exports: { ".": { import: "./dist/index.mjs" } },
    peerDependencies: { typescript: ">=5.5.3 || >=6.0.0" },
  },
  files: {
    "dist/index.mjs": `${PRELUDE}import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const find = () => createRequire(import.meta.url)("typescript/package.json").version;
export const createClient = (config) => write(config, "// found " + find());`,
  },
};

/** Puts a generator of our own where a project has the real one. */
async function fakeGenerator(folder: Folder, code: string): Promise<void> {
  const place = "project/node_modules/@hey-api/openapi-ts";
  const manifest = {
    version: "0.99.0",
    type: "module",
    exports: { ".": { import: "./main.mjs" } },
  };
  await folder.write(`${place}/package.json`, JSON.stringify(manifest));
  await folder.write(`${place}/main.mjs`, PRELUDE + code);
  await folder.write("project/node_modules/typescript/package.json", '{"version":"6.0.3"}');
}

function fakeRequest(folder: Folder, more: Partial<ApiTypesRequest> = {}): ApiTypesRequest {
  return { ...requestOf({}, folder.at("cache")), root: folder.at("project"), ...more };
}

test("a generator that says it is done and wrote nothing has not done it", async () => {
  for (
    const [code, reason] of [
      [
        "export const createClient = () => [{ gen: { symbols: { query: () => [] } } }];",
        /it generated no files$/,
      ],
      ["export const createClient = () => [];", /it generated nothing$/],
      ["export const createClient = () => process.exit(3);", /it ended with code 3$/],
      ["console.error('out of\\nmemory'); process.exit(4);", /it ended with code 4: out of$/],
      [
        `class JobError extends Error { originalError = { error: new Error("the real reason.") } }
      export const createClient = () => { throw new JobError(""); };`,
        /: the real reason$/,
      ],
    ] as const
  ) {
    await inFolder({}, async (folder) => {
      await fakeGenerator(folder, code);
      const { code: kind, message } = await failure(fakeRequest(folder));
      equal(kind, "not-generated");
      match(message, reason);
      deepEqual(await readdir(folder.at("cache")), []);
    });
  }
});

/** Tells its id and then computes for ever, or waits for ever. */
const endless = (how: "computes" | "waits"): string =>
  `export const createClient = () => {
    writeFileSync(process.env.PID_FILE, String(process.pid));
    ${how === "computes" ? "for (;;);" : "return new Promise(() => setInterval(() => {}, 1000));"}
  };`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

for (const how of ["computes", "waits"] as const) {
  test(`a generator that ${how} for ever is given up in time, and is gone`, async () => {
    await inFolder({}, async (folder) => {
      await fakeGenerator(folder, endless(how));
      const tools = { ...TOOLS, environment: { ...process.env, PID_FILE: folder.at("pid") } };
      const { message } = await failure(fakeRequest(folder, { timeoutMs: 1500 }), tools);
      match(message, /it took more than 1\.5 seconds$/);
      equal(isAlive(Number(await folder.read("pid"))), false);
      deepEqual(await readdir(folder.at("cache")), []);
    });
  });

  test(`a generator that ${how} for ever is gone when its run is cancelled`, async () => {
    await inFolder({}, async (folder) => {
      await fakeGenerator(folder, endless(how));
      const tools = { ...TOOLS, environment: { ...process.env, PID_FILE: folder.at("pid") } };
      const controller = new AbortController();
      const reason = new Error("enough");
      const running = generateApiTypes(fakeRequest(folder, { signal: controller.signal }), tools);
      const pid = await eventually(
        "its id",
        async () => Number(await folder.read("pid").catch(() => "")) || undefined,
      );
      equal(isAlive(pid), true);
      controller.abort(reason);
      await rejects(running, reason);
      equal(isAlive(pid), false);
      deepEqual(await readdir(folder.at("cache")), []);
      await rejects(
        generateApiTypes(fakeRequest(folder, { signal: controller.signal }), tools),
        reason,
      );
    });
  });
}

test("the generator sees no secret of the environment", async () => {
  await inFolder({}, async (folder) => {
    await fakeGenerator(
      folder,
      "export const createClient = (config) => write(config, JSON.stringify(process.env));",
    );
    const environment = { ...process.env, API_TOKEN: "hunter2", PLAIN: "seen" };
    const { files } = await generateApiTypes(fakeRequest(folder), { ...TOOLS, environment });
    match(files[0]?.text ?? "", /"PLAIN":"seen"/);
    equal(files[0]?.text.includes("hunter2"), false);
  });
});
