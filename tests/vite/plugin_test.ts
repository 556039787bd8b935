/** The plugin in a real Vite, of every major and on every runtime: started by hand, and by the program. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { transformWithOxc, type UserConfig } from "vite";
import type { UserConfig as UserConfig6 } from "vite6";
import type { UserConfig as UserConfig7 } from "vite7";
import type { Executor } from "../../sidecar/config_types.ts";
import { sidecar } from "../../vite/plugin.ts";
import { createProject, type Project, repositoryRoot, useVite } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { parseSourceModule } from "../_support/source_module.ts";
import { test } from "../_support/test.ts";
import { isInstalled } from "./managed.ts";

/** Checked by the compiler: no version of Vite refuses the plugin's type. */
export const FITS: readonly [UserConfig, UserConfig7, UserConfig6] = [
  { plugins: [sidecar()] },
  { plugins: [sidecar("a.ts")] },
  { plugins: [sidecar(["a.ts"]), [sidecar({ ssrEntry: "b.ts" })]] },
];

const PLUGIN = join(repositoryRoot, "vite/plugin.ts");

/** A `vite.config.ts` as a project of this repository has it: Vite bundles what it imports by path. */
const config = (options: string, rest = ""): string =>
  `import { sidecar } from ${JSON.stringify(PLUGIN)};
export default { logLevel: "warn", plugins: [sidecar(${options})], ${rest} };\n`;

/** What the scripts below start with: the project's own Vite, and a way to say one thing. */
const PRELUDE = `
import * as vite from "vite";
import { existsSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
const say = (value) => console.log("SAY " + JSON.stringify(value));
const until = async (isTrue) => {
  for (let turn = 0; turn < 500; turn++) {
    const value = isTrue();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("waited in vain");
};
`;

const RESOLVE = `
const command = process.argv[2];
const config = await vite.resolveConfig({}, command, command === "build" ? "production" : "development");
const { input } = config.build.rollupOptions;
say({ base: config.base, outDir: config.build.outDir, manifest: config.build.manifest,
  publicDir: config.publicDir, inline: config.build.assetsInlineLimit, input,
  alias: config.resolve.alias.filter(({ find }) => find === "@").map(({ replacement }) => replacement),
  https: Boolean(config.server.https), host: config.server.host });
`;

interface Said<T> {
  readonly value: T;
  readonly stderr: string;
}

const COMMANDS: Readonly<Record<Executor, readonly string[]>> = {
  node: ["node"],
  bun: ["bun"],
  deno: ["deno", "run", "--allow-all", "--node-modules-dir=manual"],
};

/** Runs a script in a project; resolves to what it says. */
async function runScript<T>(
  project: Project,
  script: string,
  { executor = "node", args = [], env = {} }: {
    readonly executor?: Executor;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Said<T>> {
  await project.write("script.mjs", PRELUDE + script);
  const [command = "", ...rest] = COMMANDS[executor];
  const { stdout, stderr } = await promisify(execFile)(
    command,
    [...rest, join(project.root, "script.mjs"), ...args],
    { cwd: project.root, env: { ...process.env, NO_COLOR: "1", ...env }, timeout: 60_000 },
  );
  const line = stdout.split("\n").find((each) => each.startsWith("SAY ")) ?? "";
  if (line === "") throw new Error(`The script said nothing:\n${stdout}\n${stderr}`);
  // The test that reads it says what it is.
  return { value: JSON.parse(line.slice(4)) as T, stderr: stderr + stdout };
}

interface Resolved {
  readonly base: string;
  readonly outDir: string;
  readonly manifest: boolean | string;
  readonly publicDir: string;
  readonly inline: number;
  readonly input: readonly string[] | undefined;
  readonly alias: readonly string[];
  readonly https: boolean;
  readonly host: string | undefined;
}

const ENTRIES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "app", "type": "module" }',
  "src/main.js":
    'import { word } from "@/word.js"; import props, { appName } from "virtual:lv-static-props"; ' +
    "document.title = word + appName + props.appName;\n",
  "src/word.js": 'export const word = "word";\n',
  "src/server.js": 'import { appName } from "virtual:litestar-static-props"; export { appName };\n',
};
const OPTIONS =
  '{ input: "src/main.js", ssrEntry: "src/server.js", staticProps: { appName: "Demo" } }';

function pluginTest(
  name: string,
  files: Readonly<Record<string, string>>,
  use: (project: Project) => Promise<void>,
): void {
  test(name, async () => {
    const project = await createProject("plugin", { ...ENTRIES, ...files });
    try {
      await use(project);
    } finally {
      await project.remove();
    }
  });
}

const ROWS = [
  ...(["vite", "vite7", "vite6"] as const).map((version) =>
    ({ version, executor: "node" }) as const
  ),
  ...(["deno", "bun"] as const).map((executor) => ({ version: "vite", executor }) as const),
];

for (const { version, executor } of ROWS) {
  const name = `${version} on ${executor}: vite build and vite build --ssr, without the program`;
  if (!isInstalled(executor)) test.skip(name, `${executor} is not installed`);
  else {
    pluginTest(name, { "vite.config.ts": config(OPTIONS) }, async (project) => {
      await useVite(project, version);
      const { value } = await runScript<string[]>(
        project,
        `
await vite.build();
await vite.build({ build: { ssr: true } });
say(vite.version);`,
        { executor },
      );
      ok(value.length > 0);
      const manifest = JSON.parse(await project.read("dist/.vite/manifest.json"));
      deepEqual(Object.keys(manifest), ["src/main.js"]);
      const code = await project.read(`dist/${manifest["src/main.js"].file}`);
      match(code, /Demo/);
      match(await project.read("dist-ssr/server.js"), /Demo/);
      deepEqual(await readdir(join(project.root, "dist-ssr")), ["server.js"]);
      match(await project.read("src/generated/static-props.d.ts"), /readonly "appName"/);
    });
  }
}

pluginTest("without a page the app renders them: its files have a prefix, and none is inlined", {
  "vite.config.ts": config('{ assetUrl: "https://cdn.test/a" }'),
}, async (project) => {
  const { value: dev } = await runScript<Resolved>(project, RESOLVE, { args: ["serve"] });
  deepEqual([dev.base, dev.alias], ["/a/", [join(project.root, "src")]]);
  const { value: build } = await runScript<Resolved>(project, RESOLVE, { args: ["build"] });
  deepEqual([build.base, build.inline, build.manifest], ["https://cdn.test/a/", 0, true]);
  equal(build.outDir, join(project.root, "dist"));
});

pluginTest("a project with a page keeps its base in development", {
  "index.html": "<title>app</title>",
  "vite.config.ts": config("{}"),
}, async (project) => {
  const { value: dev } = await runScript<Resolved>(project, RESOLVE, { args: ["serve"] });
  equal(dev.base, "/");
  const { value: build } = await runScript<Resolved>(project, RESOLVE, { args: ["build"] });
  deepEqual([build.base, build.inline, build.input], ["/static/", 4096, undefined]);
});

pluginTest("what vite.config says counts, and a difference is told", {
  "vite.config.ts": config(
    '{ assetUrl: "/a/", bundleDir: "b", manifest: "m.json", input: "src/main.js" }',
    'base: "/x/", publicDir: "pub", resolve: { alias: { "@": "/elsewhere" } }, ' +
      'build: { outDir: "o", manifest: "n.json", assetsInlineLimit: 7, rollupOptions: { input: "src/word.js" } }',
  ),
}, async (project) => {
  const { value, stderr } = await runScript<Resolved>(project, RESOLVE, { args: ["build"] });
  deepEqual([value.base, value.outDir, value.manifest, value.inline, value.input, value.alias], [
    "/x/",
    "o",
    "n.json",
    7,
    "src/word.js",
    ["/elsewhere"],
  ]);
  equal(value.publicDir, join(project.root, "pub"));
  match(stderr, /Vite's base is "\/x\/", and the plugin's assetUrl "\/a\/": /);
  match(stderr, /Vite's build\.outDir is "o", and the plugin's bundleDir "b": /);
});

pluginTest("a project of litestar-vite needs no options", {
  ".litestar.json": JSON.stringify({
    assetUrl: "/lit/",
    bundleDir: "public",
    resourceDir: "src",
    staticDir: "src/public",
    hotFile: "hot",
    manifest: "manifest.json",
    mode: "template",
    types: { output: "src/types" },
    staticProps: { appName: "Bridge" },
  }),
  "index.html": "<title>of the backend</title>",
  "vite.config.ts": config('"src/main.js"'),
}, async (project) => {
  const { value: dev, stderr } = await runScript<Resolved>(project, RESOLVE, { args: ["serve"] });
  deepEqual([dev.base, dev.publicDir], ["/lit/", join(project.root, "src/public")]);
  ok(!/lv-sidecar/.test(stderr), stderr);
  const { value: build } = await runScript<Resolved>(project, RESOLVE, { args: ["build"] });
  deepEqual([build.manifest, build.outDir], ["manifest.json", join(project.root, "public")]);
  match(await project.read("src/types/static-props.d.ts"), /appName/);
});

pluginTest("a .litestar.json that can't be read is told and left out", {
  "bridge.json": "{",
  "vite.config.ts": config('{ assetUrl: "/a/" }'),
}, async (project) => {
  const env = { LITESTAR_VITE_CONFIG_PATH: "bridge.json", ASSET_URL: "/env" };
  const { value, stderr } = await runScript<Resolved>(project, RESOLVE, { args: ["build"], env });
  equal(value.base, "/env/");
  match(stderr, /Cannot read "bridge\.json": it is not JSON; it is left out/);
});

pluginTest("static props whose names look like a secret are warned of", {
  "vite.config.ts": config('{ staticProps: { api: { token: "x" } } }'),
}, async (project) => {
  const { stderr } = await runScript<Resolved>(project, RESOLVE, { args: ["build"] });
  match(stderr, /staticProps\.api\.token looks like a secret/);
});

pluginTest("detectTls takes a certificate of this machine, where Vite listens itself", {
  ".config/certs/my.test.key": "key",
  ".config/certs/my.test.crt": "cert",
  "vite.config.ts": config('{ detectTls: "my.test" }'),
}, async (project) => {
  const { value } = await runScript<Resolved>(project, RESOLVE, { args: ["serve"] });
  deepEqual([value.https, value.host], [true, "my.test"]);
  const { value: build } = await runScript<Resolved>(project, RESOLVE, { args: ["build"] });
  equal(build.https, false);
  const managed = await runScript<boolean>(
    project,
    `const { server } = await vite.resolveConfig({ server: { middlewareMode: true } }, "serve");
say(Boolean(server.https));`,
  );
  equal(managed.value, false);
  await project.write("vite.config.ts", config("{ detectTls: true }"));
  await rejects(
    runScript(project, RESOLVE, { args: ["serve"] }),
    /Cannot find a certificate for "plugin-\w+\.test": there is no /,
  );
});

pluginTest(
  "templates reload pages, in the root and beside it; the hot file is there as long as Vite",
  {
    "app/package.json": '{ "type": "module" }',
    "app/views/a.jinja": "one",
    "templates/deep/b.html": "one",
    "templates/c.css": "one",
    "app/vite.config.ts": config(
      '{ refresh: [{ paths: ["views/*.jinja"] }, { paths: "../templates/**/*.html", delay: 50 }] }',
    ),
  },
  async (project) => {
    const { value } = await runScript<
      { reloads: unknown[]; hot: string; url: string; after: boolean }
    >(
      project,
      `
process.chdir("app");
const server = await vite.createServer({ server: { port: 0, host: "127.0.0.1" } });
const reloads = [];
const { send } = server.ws;
// Of HTML anywhere Vite itself says which page it is, and browsers elsewhere stay.
server.ws.send = (...values) => {
  if (values[0].path === "*") reloads.push(values[0]);
  return send.apply(server.ws, values);
};
await server.listen();
await until(() => existsSync("public/hot"));
const hot = readFileSync("public/hot", "utf8");
const [url] = server.resolvedUrls.local;
// A watcher that is not ready yet hears nothing: write until it does.
const change = async (path, count) => {
  for (let turn = 0; turn < 100 && reloads.length < count; turn++) {
    writeFileSync(path, String(turn));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
writeFileSync("../templates/c.css", "two");
await change("views/a.jinja", 1);
await change("../templates/deep/b.html", 2);
await server.close();
say({ reloads: reloads.slice(0, 2), hot, url, after: existsSync("public/hot") });
process.exit();
`,
    );
    const reload = { type: "full-reload", path: "*" };
    deepEqual(value.reloads, [reload, reload]);
    equal(`${value.hot}/`, value.url);
    equal(value.after, false);
  },
);

pluginTest("browsers hear of generated types, whoever generates them", {
  "src/generated/.sidecar-types.json": '{ "files": ["routes.ts"], "api": [] }',
  "src/generated/routes.ts": "export {};",
  "other/routes.ts": "export {};",
  "vite.config.ts": config("{}"),
}, async (project) => {
  const { value } = await runScript<unknown[]>(
    project,
    `
const server = await vite.createServer({ server: { middlewareMode: true } });
const events = [];
const { send } = server.ws;
server.ws.send = (...values) => {
  if (values[0].type === "custom") events.push(values[0]);
  return send.apply(server.ws, values);
};
// A watcher that is not ready yet hears nothing: write until it does.
for (let turn = 0; turn < 100 && events.length === 0; turn++) {
  writeFileSync("other/routes.ts", String(turn));
  writeFileSync("src/generated/notes.txt", String(turn));
  writeFileSync("src/generated/routes.ts", String(turn));
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await server.close();
say(events.slice(0, 1));
process.exit();
`,
  );
  deepEqual(value, [{
    type: "custom",
    event: "lv:types-updated",
    data: { output: "src/generated", files: ["routes.ts"] },
  }]);
});

pluginTest("Vite restarts when .litestar.json says something else", {
  ".litestar.json": '{ "assetUrl": "/one/" }',
  "vite.config.ts": config("{}"),
}, async (project) => {
  const { value } = await runScript<string[]>(
    project,
    `
const server = await vite.createServer({ server: { middlewareMode: true } });
const bases = [server.config.base];
for (let turn = 0; turn < 100 && server.config.base === "/one/"; turn++) {
  writeFileSync(".litestar.json", '{ "assetUrl": "/two/" }');
  await new Promise((resolve) => setTimeout(resolve, 100));
}
say([...bases, server.config.base]);
process.exit();
`,
  );
  deepEqual(value, ["/one/", "/two/"]);
});

pluginTest("the program builds what the plugin says, and for the server too", {
  "vite.config.ts": config(OPTIONS.replace("{", '{ bundleDir: "out", ssrDir: "server-out", ')),
}, async (project) => {
  const program = startSidecar(["build"], { cwd: project.root });
  equal((await program.exited).code, 0, program.stderr());
  match(await project.read("server-out/server.js"), /Demo/);
  const info = JSON.parse(await project.read("out/.vite/sidecar.json"));
  equal(info.base, "/static/");
  ok("src/main.js" in JSON.parse(await project.read("out/.vite/manifest.json")));
});

pluginTest("the program's flags beat the plugin, and Vite's log says so", {
  "vite.config.ts": config('{ input: "src/word.js", assetUrl: "/a/" }'),
}, async (project) => {
  const program = startSidecar(["build", "--asset-url", "/b/"], { cwd: project.root });
  equal((await program.exited).code, 0, program.stderr());
  match(program.stderr(), /Vite's base is "\/b\/", and the plugin's assetUrl "\/a\/"/);
  equal(JSON.parse(await project.read("dist/.vite/sidecar.json")).base, "/b/");
});

pluginTest("behind the program's port the plugin writes no hot file", {
  "index.html": '<script type="module" src="/src/main.js"></script>',
  "vite.config.ts": config(OPTIONS),
}, async (project) => {
  const program = startSidecar(["dev", "--port", "0", "--json"], { cwd: project.root });
  try {
    const { url } = await program.ready();
    const answer = await fetch(`${url}@id/__x00__virtual:lv-static-props`);
    match(await answer.text(), /Demo/);
    await rejects(readFile(join(project.root, "public/hot")), { code: "ENOENT" });
  } finally {
    await program.stop();
  }
});

/** The modules of the plugin as JSR's npm registry serves them: JavaScript, with the names of JavaScript. */
async function installFromRegistry(project: Project): Promise<void> {
  const home = "node_modules/@lv/sidecar";
  const waiting = ["vite/plugin.ts"];
  const done = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const source = await readFile(join(repositoryRoot, path), "utf8");
    for (const { specifier, kind } of parseSourceModule(path, source).imports) {
      if (kind === "type") continue;
      ok(/^(?:node:|\.\.?\/)/.test(specifier), `${path} imports ${specifier}`);
      if (specifier.startsWith(".")) waiting.push(posix.join(posix.dirname(path), specifier));
    }
    const { code } = await transformWithOxc(source, path, { sourcemap: false });
    await project.write(
      `${home}/${path.replace(/\.ts$/, ".js")}`,
      code.replace(/(from\s+"\.[^"]+)\.ts"/g, '$1.js"'),
    );
  }
  await project.write(
    `${home}/package.json`,
    JSON.stringify({
      name: "@jsr/lv__sidecar",
      type: "module",
      exports: { "./vite": { default: "./vite/plugin.js" } },
    }),
  );
}

for (const executor of ["node", "deno", "bun"] as const) {
  const name = `on ${executor} the plugin is imported as a package, without a bundler`;
  if (!isInstalled(executor)) test.skip(name, `${executor} is not installed`);
  else {
    pluginTest(name, {
      "vite.config.js":
        `import { sidecar } from "@lv/sidecar/vite";\nexport default { plugins: [sidecar(${OPTIONS})] };\n`,
    }, async (project) => {
      await installFromRegistry(project);
      const { value } = await runScript<Resolved>(project, RESOLVE, { args: ["build"], executor });
      deepEqual([value.base, value.input], ["/static/", [join(project.root, "src/main.js")]]);
    });
  }
}
