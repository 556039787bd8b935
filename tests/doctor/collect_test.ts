/**
 * What a snapshot is made of, in projects that somebody broke, or that were made to break whoever reads them.
 */
import { deepEqual, equal, match } from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdir, utimes } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { STATIC_CHECKS } from "../../doctor/checks.ts";
import { type CollectRequest, collectSnapshot } from "../../doctor/collect.ts";
import { collectFiles } from "../../doctor/collect_files.ts";
import { collectManifests, collectPackages } from "../../doctor/collect_packages.ts";
import { collectBuild, collectLeftovers } from "../../doctor/collect_project.ts";
import { examine } from "../../doctor/examine.ts";
import { absentPart } from "../../doctor/part.ts";
import { resolveConfig } from "../../sidecar/config.ts";
import { inFolder } from "../_support/folder.ts";
import { createProject } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";

const NOTHING = { lockedMs: undefined, installedMs: undefined, locks: [] };

function requestFor(root: string, changes: Partial<CollectRequest> = {}): CollectRequest {
  const config = resolveConfig({ cwd: root });
  return {
    root,
    options: { config, problems: [], sources: new Map(), file: undefined },
    environment: process.env,
    platform: process.platform,
    runtime: { name: runtimeName, version: "1.0.0", execPath: process.execPath },
    runFiles: [],
    types: () => Promise.resolve(absentPart("none")),
    ...changes,
  };
}

test("collectManifests() says what is wrong with a file", async () => {
  const cases: readonly (readonly [text: string, says: RegExp])[] = [
    ["{", /no object of JSON/],
    ["[]", /no object of JSON/],
    ["", /no object of JSON/],
    [" ".repeat(1024 * 1024 + 1), /larger than 1048576 bytes/],
  ];
  for (const [text, says] of cases) {
    await inFolder({ "package.json": text }, async ({ path }) => {
      const { problems } = await collectManifests(path);
      equal(problems.length, 1);
      match(problems[0] ?? "", says);
    });
  }
});

test("collectManifests() follows no links in circles", async () => {
  await inFolder({}, async ({ path, at, link }) => {
    await link("package.json", at("other.json"));
    await link("other.json", at("package.json"));
    const { problems, ...manifests } = await collectManifests(path);
    deepEqual(problems, ['Cannot read "package.json": its links go round']);
    equal(manifests.package, undefined);
  });
  await inFolder({}, async ({ path, at, link }) => {
    await link("package.json", at("gone.json"));
    deepEqual((await collectManifests(path)).problems, [
      'Cannot read "package.json": it is a link to nothing',
    ]);
  });
});

test("collectManifests() reads no folder and no pipe", async () => {
  await inFolder({ "package.json/inside": "" }, async ({ path }) => {
    deepEqual((await collectManifests(path)).problems, [
      'Cannot read "package.json": it is no file',
    ]);
  });
  await inFolder({}, async ({ path, pipe }) => {
    pipe("tsconfig.json");
    deepEqual((await collectManifests(path)).problems, [
      'Cannot read "tsconfig.json": it is no file',
    ]);
  });
});

test("collectPackages() takes no path for the name of a package", async () => {
  const text = JSON.stringify({
    dependencies: { "../../outside": "*", "/etc/passwd": "*", "@a/../b": "*", good: 1, "a b": "*" },
    devDependencies: [],
  });
  await inFolder({ "package.json": text }, async ({ path }) => {
    const manifests = await collectManifests(path);
    deepEqual([...(await collectPackages(path, manifests)).listed], []);
  });
});

test("collectPackages() finds each Vite once, however often it is linked", async () => {
  const vite = (version: string): string => JSON.stringify({ name: "vite", version });
  const files = {
    "node_modules/.pnpm/vite@8.3.8/node_modules/vite/package.json": vite("8.3.8"),
    "node_modules/@scope/plugin/node_modules/vite/package.json": vite("7.0.0"),
    "node_modules/broken/node_modules/vite/package.json": "{",
  };
  await inFolder(files, async ({ path, at, link }) => {
    const target = at("node_modules/.pnpm/vite@8.3.8/node_modules/vite");
    await link("node_modules/vite", target);
    const none = { package: undefined, deno: undefined, tsconfig: undefined, problems: [] };
    const { vites } = await collectPackages(path, { ...none, ...NOTHING });
    deepEqual(vites.map(({ version }) => version).sort(), ["7.0.0", "8.3.8"]);
  });
});

test("collectFiles() follows no link, and leaves out what is installed or built", async () => {
  const files = {
    "src/main.ts": "",
    "node_modules/a/index.js": "",
    "dist/index.html": "",
    "out/built.js": "",
    "src/deep/.env": "A=1",
  };
  await inFolder(files, async ({ path, at, link }) => {
    await link("src/loop", at("src"));
    await link("src/linked.ts", at("src/main.ts"));
    const found = await collectFiles({ root: path, leftOut: [at("out")] });
    deepEqual(found.files.map((file) => file.path), ["src/main.ts", "src/deep/.env"]);
    deepEqual([...found.texts.keys()], ["src/main.ts", "src/deep/.env"]);
    equal(found.isCut, false);
  });
});

test("collectFiles() reads no huge file, and no more files than it may", async () => {
  await inFolder({ "huge.html": "x".repeat(256 * 1024 + 1) }, async ({ path }) => {
    const { files, texts } = await collectFiles({ root: path, leftOut: [] });
    equal(files.length, 1);
    equal(texts.size, 0);
  });
  await inFolder({}, async ({ path, at, write }) => {
    const deep = Array.from({ length: 14 }, () => "d").join("/");
    await mkdir(at(deep), { recursive: true });
    await write(`${deep}/a.ts`, "");
    const { files, isCut } = await collectFiles({ root: path, leftOut: [] });
    deepEqual([files, isCut], [[], true]);
  });
});

test("collectBuild() tells nothing, a broken build and a whole one apart", async () => {
  const build = (bundleDir: string) => collectBuild({ bundleDir, manifest: undefined });
  await inFolder({ "other/a.txt": "" }, async ({ at }) => {
    equal((await build(at("dist"))).kind, "absent");
    // A folder of that name that no build has made.
    equal((await build(at("other"))).kind, "absent");
  });
  await inFolder({ "dist/.vite/manifest.json": "{" }, async ({ at }) => {
    const part = await build(at("dist"));
    match(part.kind === "known" ? part.value.problems.join() : "", /not JSON, or not whole/);
  });
  const manifest = JSON.stringify({
    "index.html": { file: "assets/a.js", src: "index.html", isEntry: true, css: ["assets/a.css"] },
  });
  const files = { "dist/.vite/manifest.json": manifest, "dist/assets/a.js": "" };
  await inFolder(files, async ({ at }) => {
    const part = await build(at("dist"));
    deepEqual(part.kind === "known" ? [part.value.missing, part.value.entries] : part, [
      ["assets/a.css"],
      ["index.html"],
    ]);
  });
});

test("collectLeftovers() believes a process that runs, and a Vite that answers", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/javascript" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on TCP.
  const { port } = server.address() as AddressInfo;
  const files = {
    "public/hot": `http://127.0.0.1:${port}`,
    "stale/hot": "http://127.0.0.1:1",
    ".astro/dev.json": JSON.stringify({ pid: process.pid }),
    ".nuxt/nuxt.lock": JSON.stringify({ pid: 2_147_483_646 }),
  };
  try {
    await inFolder(files, async ({ path, at }) => {
      const found = await collectLeftovers(path, [at("public/hot"), at("stale/hot"), at("no")], []);
      deepEqual(
        found.map(({ path, staleWhy }) => [path, staleWhy === undefined]).sort(),
        [[".astro/dev.json", true], [".nuxt/nuxt.lock", false], ["public/hot", true], [
          "stale/hot",
          false,
        ]],
      );
    });
  } finally {
    server.close();
    await once(server, "close");
  }
});

test("a part that takes too long, or throws, is a finding of its own, and the rest is there", async () => {
  await inFolder({ "package.json": "{}" }, async ({ path }) => {
    let aborted = false;
    const slow = requestFor(path, {
      limitMs: 50,
      types: (signal) =>
        new Promise((resolve) =>
          signal.addEventListener("abort", () => {
            aborted = true;
            resolve(absentPart("late"));
          })
        ),
    });
    const snapshot = await collectSnapshot(slow);
    equal(snapshot.types.kind, "failed");
    equal(aborted, true);
    const broken = requestFor(path, { types: () => Promise.reject(new Error("no disk")) });
    const { findings } = examine(STATIC_CHECKS, await collectSnapshot(broken), { now: () => 0 });
    const own = findings.find(({ check }) => check === "look-types");
    equal(own?.message, "Cannot look at the generated types: no disk");
  });
});

/** A project in which the repository's own Vite is found. */
const PROJECT = { "package.json": '{"type":"module"}', "index.html": "<h1></h1>" };

test("collectSnapshot() asks the project's own Vite what vite.config says", async () => {
  const config = `export default {
    base: "/static/",
    server: { cors: true, proxy: { "/api": "http://127.0.0.1:1" }, hmr: { clientPort: 5173 } },
    plugins: [{ name: "mine" }, { name: "late", config: () => ({ build: { outDir: "out" } }) }],
  };`;
  const project = await createProject("doctor", { ...PROJECT, "vite.config.js": config });
  try {
    const { vite } = await collectSnapshot(requestFor(project.root));
    if (vite.kind !== "known") throw new Error(vite.why);
    const { base, server, build, plugins } = vite.value;
    equal(base, "/static/");
    deepEqual([server.cors, server.proxy, server.hmr], [true, ["/api"], { clientPort: 5173 }]);
    equal(build.outDir, `${project.root}/out`);
    equal(plugins.includes("mine"), true);
  } finally {
    await project.remove();
  }
});

test("collectSnapshot() says why vite.config can't be read, and where", async () => {
  const broken = 'console.log("noise");\nthrow new Error("no such thing");\n';
  const project = await createProject("doctor", { ...PROJECT, "vite.config.js": broken });
  try {
    const { vite } = await collectSnapshot(requestFor(project.root));
    equal(vite.kind, "failed");
    match(vite.kind === "failed" ? vite.why : "", /Cannot read vite\.config: no such thing/);
  } finally {
    await project.remove();
  }
});

test("collectSnapshot() does not wait for a vite.config that never ends", async () => {
  const hanging = "setInterval(() => {}, 1000);\nawait new Promise(() => {});\n";
  const project = await createProject("doctor", { ...PROJECT, "vite.config.js": hanging });
  try {
    const start = performance.now();
    const { vite } = await collectSnapshot(requestFor(project.root, { limitMs: 2000 }));
    match(vite.kind === "failed" ? vite.why : "", /took more than 2000 ms/);
    equal(performance.now() - start < 8000, true);
  } finally {
    await project.remove();
  }
});

test("collectFiles() knows when a file was changed", async () => {
  await inFolder({ "a.ts": "" }, async ({ path, at }) => {
    await utimes(at("a.ts"), 1000, 1000);
    const { files } = await collectFiles({ root: path, leftOut: [] });
    deepEqual(files, [{ path: "a.ts", size: 0, mtimeMs: 1_000_000 }]);
  });
});
