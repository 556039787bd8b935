/** `build` with a real Vite: what is written where, what stays, and what a failure leaves. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { access, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { integrityOf } from "../../sidecar/asset_version.ts";
import { parseBuildInfo } from "../../sidecar/build_info.ts";
import { listFiles } from "../../sidecar/build_install.ts";
import type { Executor } from "../../sidecar/config_types.ts";
import { eventually } from "../_support/eventually.ts";
import { hasProc, isRunning, processTree } from "../_support/listening.ts";
import { createProject, type Project, useVite } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { test } from "../_support/test.ts";
import { isInstalled } from "../vite/managed.ts";

const PAGE: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "app", "type": "module" }',
  "index.html":
    '<!doctype html><title>app</title><script type="module" src="/src/main.js"></script>',
  "src/main.js": 'import "./main.css"; document.title = import.meta.env.MODE + word(); ' +
    'export function word() { return "one"; }\n',
  "src/main.css": "body { color: red }\n",
  "public/robots.txt": "User-agent: *\n",
};

/** Pages of an app: nothing but entries. */
const ENTRIES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "app", "type": "module" }',
  "src/main.js": 'import logo from "./logo.svg"; document.title = logo;\n',
  "src/admin.js": 'import("./lazy.js").then(({ word }) => document.title = word);\n',
  "src/lazy.js": 'export const word = "lazy";\n',
  "src/logo.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
};

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Built {
  readonly project: Project;
  /** Builds; the first word is not needed. */
  build(...args: string[]): Promise<Outcome>;
  /** Builds, and fails if that fails. */
  mustBuild(...args: string[]): Promise<Outcome>;
  /** Files below a folder, without compressed copies. */
  files(folder?: string): Promise<readonly string[]>;
  /** The one file whose path matches. */
  find(pattern: RegExp, folder?: string): Promise<string>;
}

function buildTest(
  name: string,
  files: Readonly<Record<string, string>>,
  use: (built: Built) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): void {
  test(name, async () => {
    const project = await createProject("build", files);
    const build = async (...args: string[]): Promise<Outcome> => {
      const program = startSidecar(["build", ...args], { cwd: project.root, env });
      const { code } = await program.exited;
      return { code, stdout: program.stdout(), stderr: program.stderr() };
    };
    const mustBuild = async (...args: string[]): Promise<Outcome> => {
      const outcome = await build(...args);
      equal(outcome.code, 0, outcome.stderr);
      return outcome;
    };
    const list = async (folder = "dist"): Promise<readonly string[]> => {
      const found = await listFiles(join(project.root, folder));
      return found.map(({ path }) => path).filter((path) => !/\.(?:br|gz|zst)$/.test(path));
    };
    const find = async (pattern: RegExp, folder?: string): Promise<string> => {
      const found = (await list(folder)).filter((path) => pattern.test(path));
      equal(found.length, 1, `${pattern}: ${found.join()}`);
      return found[0] ?? "";
    };
    try {
      await use({ project, build, mustBuild, files: list, find });
    } finally {
      await project.remove();
    }
  });
}

/** Names without their hashes. */
const plain = (paths: readonly string[]): readonly string[] =>
  paths.map((path) => path.replace(/^(assets\/\w+)-[\w-]{8}(?=\.)/, "$1")).sort();

interface Row {
  readonly version: "vite" | "vite7" | "vite6";
  readonly executor: Executor;
}

const MATRIX: readonly Row[] = [
  ...(["vite", "vite7", "vite6"] as const).map((version): Row => ({ version, executor: "node" })),
  ...(["deno", "bun"] as const).map((executor): Row => ({ version: "vite", executor })),
];

for (const { version, executor } of MATRIX) {
  const name = `build: ${version} on ${executor}, both targets`;
  if (!isInstalled(executor)) test.skip(name, `${executor} is not installed`);
  else {
    buildTest(name, {
      ...PAGE,
      "src/server.js":
        'export { word } from "./main.js";\nexport const base = import.meta.env.BASE_URL;\n',
      "src/main.js": 'import "./main.css"; export const word = import.meta.env.MODE; ' +
        "if (!import.meta.env.SSR) document.title = word;\n",
    }, async ({ project, mustBuild, files }) => {
      await useVite(project, version);
      await mustBuild("--ssr-entry", "src/server.js", "--executor", executor);
      deepEqual(plain(await files()), [
        ".vite/manifest.json",
        ".vite/sidecar-builds.json",
        ".vite/sidecar.json",
        ".vite/ssr-manifest.json",
        "assets/index.css",
        "assets/index.js",
        "index.html",
        "robots.txt",
      ]);
      match(await project.read("dist/index.html"), /src="\/static\/assets\/index-[\w-]{8}\.js"/);
      const server = await import(pathToFileURL(join(project.root, "dist-ssr/server.js")).href);
      deepEqual([server.word, server.base], ["production", "/static/"]);
      deepEqual(await readdir(join(project.root, "dist-ssr")), ["server.js"]);
    });
  }
}

buildTest("build tells what it has built, on standard error", PAGE, async ({ mustBuild }) => {
  const { stdout, stderr } = await mustBuild();
  equal(stdout, "");
  match(stderr, /@lv\/sidecar \d\S* {2}built in \d.* by Vite \d+\.\d+\.\d+ on /);
  match(stderr, /→ dist {2}for \/static\/\n {4}assets\/index-.{8}\.js +\d+ B\n/);
  match(stderr, /\n {4}4 files, \d+ B\n/);
});

buildTest("build --json prints one line, whatever plugins print", {
  ...PAGE,
  "vite.config.js":
    'console.log("noise"); export default { plugins: [{ name: "x", buildStart() { console.log("more"); } }] };',
}, async ({ mustBuild }) => {
  const { stdout, stderr } = await mustBuild("--json", "--quiet");
  deepEqual(JSON.parse(stdout), {
    built: true,
    base: "/static/",
    client: { dir: "dist", files: 4, bytes: JSON.parse(stdout).client.bytes },
    ssr: null,
    vite: JSON.parse(stdout).vite,
  });
  match(stderr, /^noise\nmore\n$/);
});

buildTest("a build that fails changes nothing, and says where and why", PAGE, async (built) => {
  const { project, build, mustBuild, files } = built;
  await mustBuild();
  const before = await files();
  const page = await project.read("dist/index.html");
  await project.write("src/main.js", "import './absent.js';\n");
  const { code, stderr } = await build();
  equal(code, 1);
  match(stderr, /^error: Cannot build the front end: .*\.\/absent\.js/m);
  ok(!/\n\s+at /.test(stderr), stderr);
  deepEqual(await files(), before);
  equal(await project.read("dist/index.html"), page);
  deepEqual((await readdir(project.root)).sort(), [
    "dist",
    "index.html",
    "package.json",
    "public",
    "src",
  ]);
});

buildTest("a server's part that fails leaves the front end, too", {
  ...PAGE,
  "src/server.js": "export const word = 1;\n",
}, async ({ project, build, mustBuild, files }) => {
  await mustBuild("--ssr-entry", "src/server.js");
  const before = [await files(), await files("dist-ssr")];
  await project.write("src/main.js", "document.title = 2;\n");
  await project.write("src/server.js", "export const = 1;\n");
  const { code, stderr } = await build("--ssr-entry", "src/server.js");
  equal(code, 1);
  match(stderr, /^error: Cannot build the server's part: /m);
  match(stderr, /src\/server\.js/);
  deepEqual([await files(), await files("dist-ssr")], before);
});

buildTest("a vite.config that throws is told with its place", {
  ...PAGE,
  "vite.config.js": 'throw new Error("no luck");',
}, async ({ build }) => {
  const { code, stderr } = await build();
  equal(code, 1);
  match(stderr, /^error: Cannot build the front end: no luck\n/m);
});

buildTest("what vite.config imports and is not installed is named", {
  ...PAGE,
  "vite.config.js": 'import x from "not-there"; export default x;',
}, async ({ build }) => {
  const { code, stderr } = await build();
  equal(code, 1);
  match(stderr, /next: install "not-there", which vite\.config imports\n/);
});

buildTest("the files of the last build stay, those of the one before go", PAGE, async (built) => {
  const { project, mustBuild, files, find } = built;
  await project.write("dist/assets/from-nobody.txt", "of no build");
  await project.write("dist/stale.html", "of no build");
  await mustBuild();
  const first = await find(/\.js$/);
  deepEqual((await files()).filter((path) => /from-nobody|stale/.test(path)), []);
  await project.edit("src/main.js", "one", "two");
  const { stderr } = await mustBuild();
  const [, second = ""] = [
    first,
    ...(await files()).filter((path) => /\.js$/.test(path) && path !== first),
  ];
  match(stderr, /file(?:s)? of the build before kept for tabs that are open/);
  deepEqual((await files()).filter((path) => path.endsWith(".js")), [first, second].sort());
  match(await project.read("dist/index.html"), new RegExp(second.replace(".", "\\.")));
  // A build that changes nothing is no deploy.
  await mustBuild();
  ok((await files()).includes(first));
  await project.edit("src/main.js", "two", "three");
  await mustBuild();
  const third = (await files()).filter((path) => path.endsWith(".js"));
  deepEqual([third.includes(first), third.includes(second), third.length], [false, true, 2]);
});

buildTest("what is in no build, but others put there, goes; a folder elsewhere is only added to", {
  ...PAGE,
  "app/package.json": '{ "type": "module" }',
  "app/index.html": "<!doctype html><title>x</title>",
  "out/of-others.txt": "kept",
}, async ({ project, mustBuild, files }) => {
  await mustBuild("--root", "app", "--bundle-dir", "../out");
  ok((await files("out")).includes("of-others.txt"));
  await mustBuild("--root", "app", "--bundle-dir", "../out");
  ok((await files("out")).includes("index.html"));
  equal(await project.read("out/of-others.txt"), "kept");
});

buildTest(
  "a bundle directory that is a link stays one",
  PAGE,
  async ({ project, mustBuild, files }) => {
    await mkdir(join(project.root, "releases", "1"), { recursive: true });
    await symlink(join("releases", "1"), join(project.root, "dist"));
    await mustBuild();
    ok((await files("releases/1")).includes("index.html"));
  },
);

buildTest(
  "files where folders are needed are replaced",
  PAGE,
  async ({ project, mustBuild, files }) => {
    await project.write("dist/assets", "a file");
    await project.write("dist/robots.txt/inside.txt", "a folder");
    await mustBuild();
    equal(await project.read("dist/robots.txt"), PAGE["public/robots.txt"]);
    ok((await files()).some((path) => path.startsWith("assets/index-")));
  },
);

buildTest("without a page and an entry there is nothing to build, and the next step is told", {
  "package.json": '{ "type": "module" }',
}, async ({ project, build }) => {
  const { code, stderr } = await build();
  equal(code, 1);
  equal(
    stderr,
    `error: Cannot build "${project.root}": it has no index.html, and nobody names an entry\n` +
      '  next: name what your pages load: --input src/main.ts, or the option "input"\n',
  );
});

buildTest(
  "entries without a page: each is in the manifest, and no asset is inlined",
  ENTRIES,
  async (built) => {
    const { project, mustBuild, files } = built;
    await mustBuild("--input", "src/main.js", "--input", "src/admin.js", "--bundle-dir", "public");
    const manifest = JSON.parse(await project.read("public/.vite/manifest.json"));
    deepEqual(Object.keys(manifest).sort(), [
      "src/admin.js",
      "src/lazy.js",
      "src/logo.svg",
      "src/main.js",
    ]);
    equal(manifest["src/main.js"].isEntry, true);
    ok((await files("public")).some((path) => path.startsWith("assets/logo-")));
  },
);

buildTest("vite.config's base, folder and entries count where we were told nothing", {
  ...ENTRIES,
  "vite.config.js":
    'export default { base: "/x/", build: { outDir: "out", manifest: "manifest.json", rollupOptions: { input: "src/admin.js" } } };',
}, async ({ project, mustBuild, files }) => {
  const { stderr } = await mustBuild();
  const info = parseBuildInfo(await project.read("out/.vite/sidecar.json"), "info");
  equal(info.base, "/x/");
  ok((await files("out")).includes("manifest.json"));
  match(
    stderr,
    /warning: vite\.config puts the build into "out", and what serves it looks into "dist"/,
  );
  ok(!/base/.test(stderr.replace("bundle", "")), stderr);
});

buildTest("what we were told beats vite.config, and that is told", {
  ...PAGE,
  "src/other.js": "document.title = 1;\n",
  "vite.config.js":
    'export default { base: "/x/", build: { outDir: "out", manifest: false, watch: {}, write: false } };',
}, async ({ project, mustBuild }) => {
  const { stderr } = await mustBuild(
    ...["--bundle-dir", "dist", "--input", "src/other.js", "--input", "index.html"],
    ...["--asset-url", "https://cdn.test/a"],
  );
  match(
    stderr,
    /warning: vite\.config says base "\/x\/", and assetUrl is "https:\/\/cdn\.test\/a\/": /,
  );
  match(stderr, /warning: vite\.config says build\.outDir "out", and bundleDir is "dist": /);
  match(stderr, /warning: vite\.config says build\.manifest false: /);
  match(await project.read("dist/index.html"), /src="https:\/\/cdn\.test\/a\/assets\//);
  const manifest = JSON.parse(await project.read("dist/.vite/manifest.json"));
  ok("src/other.js" in manifest);
});

buildTest("a folder that holds the sources is refused, and none of them is lost", {
  ...PAGE,
  "vite.config.js": 'export default { build: { outDir: "." } };',
}, async ({ project, build }) => {
  const { code, stderr } = await build();
  equal(code, 1);
  match(stderr, /^error: Cannot build into ".*": it holds the sources too/m);
  equal(await project.read("src/main.js"), PAGE["src/main.js"]);
});

buildTest("the server's part never goes where everybody can read it", {
  ...PAGE,
  "src/server.js": "export const secret = 1;\n",
  "vite.config.js":
    'export default ({ isSsrBuild }) => ({ build: { outDir: isSsrBuild ? "dist/server" : "dist" } });',
}, async ({ build, files }) => {
  const { code, stderr } = await build("--ssr-entry", "src/server.js");
  equal(code, 1);
  match(stderr, /^error: Cannot build the server's part into ".*dist.server": everybody can read/m);
  deepEqual(await files(), []);
});

buildTest("source maps name sources by their way from where the maps are in the end", {
  ...PAGE,
  "vite.config.js": `export default { build: { sourcemap: true, rollupOptions: { output: {
    sourcemapPathTransform: (path) => path + "?seen" } } } };`,
}, async ({ project, mustBuild, find }) => {
  await mustBuild();
  const map = JSON.parse(await project.read(`dist/${await find(/\.js\.map$/)}`));
  ok(map.sources.includes("../../src/main.js?seen"), map.sources.join());
});

buildTest("static props are a module, its types, and litestar-vite's name for it", {
  ...PAGE,
  "sidecar.config.ts":
    'export default { staticProps: { appName: "Demo", features: { dark: true } } };',
  "src/main.js":
    'import all, { appName } from "virtual:lv-static-props"; import same from "virtual:litestar-static-props"; ' +
    "document.title = appName + all.features.dark + (same === all);\n",
}, async ({ project, mustBuild, find }) => {
  await mustBuild();
  match(await project.read(`dist/${await find(/\.js$/)}`), /Demo/);
  match(await project.read("src/generated/static-props.d.ts"), /"appName": typeof/);
});

buildTest("what .litestar.json says counts where neither we nor vite.config were told", {
  ...ENTRIES,
  ".litestar.json": JSON.stringify({
    assetUrl: "/a/",
    deployAssetUrl: "https://cdn.test/b",
    bundleDir: "public",
    resourceDir: "src",
    staticDir: "src/public",
    manifest: "manifest.json",
    mode: "template",
    ssrOutDir: 7,
    staticProps: { appName: "Bridge" },
    surprise: 1,
  }),
  "src/public/robots.txt": "x",
  "vite.config.js": 'export default { build: { rollupOptions: { input: "src/main.js" } } };',
  "src/main.js": 'import { appName } from "virtual:lv-static-props"; document.title = appName;\n',
}, async ({ project, mustBuild, files }) => {
  const { stderr } = await mustBuild();
  match(stderr, /warning: Cannot use "surprise" of ".*\.litestar\.json": it is not known/);
  match(stderr, /warning: Cannot use "ssrOutDir" of ".*\.litestar\.json": it is not a text/);
  const found = await files("public");
  ok(found.includes("manifest.json") && found.includes("robots.txt"), found.join());
  const info = parseBuildInfo(await project.read("public/.vite/sidecar.json"), "info");
  equal(info.base, "https://cdn.test/b/");
});

buildTest("code that reads the base is warned of where it is not that of development", {
  ...PAGE,
  "src/main.js": "document.title = import.meta.env.BASE_URL;\n",
}, async ({ mustBuild }) => {
  const { stderr } = await mustBuild();
  match(stderr, /warning: "src\/main\.js" reads import\.meta\.env\.BASE_URL, which is "\/" in dev/);
  equal((await mustBuild("--asset-url", "/", "--quiet")).stderr, "");
});

buildTest("integrity: the record and the page have the hash of each script and style sheet", {
  ...PAGE,
  "src/main.js": 'import "./main.css"; import("./lazy.js");\n',
  "src/lazy.js": "document.title = 1;\n",
}, async ({ project, mustBuild, find }) => {
  await mustBuild("--integrity", "--no-precompress");
  const info = parseBuildInfo(await project.read("dist/.vite/sidecar.json"), "info");
  const page = await project.read("dist/index.html");
  const [script, lazy] = [await find(/index-.*\.js$/), await find(/lazy-.*\.js$/)];
  const hashOf = async (path: string): Promise<string> =>
    integrityOf(await readFile(join(project.root, "dist", path)));
  equal(info.files.get(script)?.integrity, await hashOf(script));
  ok(
    page.includes(`integrity="${await hashOf(script)}" crossorigin src="/static/${script}"`),
    page,
  );
  ok(page.includes(`{"integrity":{"/static/${lazy}":"${await hashOf(lazy)}"}}`), page);
  ok(page.indexOf("importmap") < page.indexOf('type="module"'), page);
  deepEqual(plain([...info.files.keys()]), [
    "assets/index.css",
    "assets/index.js",
    "assets/lazy.js",
  ]);
  const all = await listFiles(join(project.root, "dist"));
  deepEqual(all.filter(({ path }) => path.endsWith(".br")), []);
});

buildTest("a hot file in publicDir is not built", {
  ...PAGE,
  "public/hot": "http://127.0.0.1:5173",
}, async ({ mustBuild, files }) => {
  await mustBuild();
  ok(!(await files()).includes("hot"));
});

buildTest("a mode chooses the .env files, and a word for the pages is none of Vite's", {
  ...PAGE,
  ".env.staging": "VITE_WORD=of-staging",
  ".env.production": "VITE_WORD=of-production",
  "src/main.js": "document.title = import.meta.env.VITE_WORD;\n",
}, async ({ project, mustBuild, find }) => {
  await mustBuild("--mode", "staging", "--bundle-dir", "a");
  match(await project.read(`a/${await find(/\.js$/, "a")}`), /of-staging/);
  await mustBuild("--mode", "spa", "--bundle-dir", "b");
  match(await project.read(`b/${await find(/\.js$/, "b")}`), /of-production/);
});

buildTest("the build sees the whole environment", {
  ...PAGE,
  "vite.config.js":
    "export default { define: { SEEN: JSON.stringify(process.env.UPLOAD_TOKEN) } };",
  "src/main.js": "document.title = SEEN;\n",
}, async ({ project, mustBuild, find }) => {
  await mustBuild();
  match(await project.read(`dist/${await find(/\.js$/)}`), /let-me-in/);
}, { UPLOAD_TOKEN: "let-me-in" });

buildTest("wrong usage is 2, as is a project without Vite's runtime", PAGE, async ({ build }) => {
  equal((await build("--asset-url", "static/")).code, 2);
  equal((await build("--root", "nowhere")).code, 2);
  equal((await build("--executor", "rhino")).code, 2);
});

if (!hasProc) test.skip("a build that is interrupted leaves nothing behind", "there is no /proc");
else {
  test("a build that is interrupted leaves nothing behind", async () => {
    const project = await createProject("build", {
      ...PAGE,
      "dist/index.html": "before",
      "vite.config.js": `import { writeFileSync } from "node:fs";
export default { plugins: [{ name: "slow", async buildStart() {
  writeFileSync("started", ""); await new Promise((resolve) => setTimeout(resolve, 60_000)); } }] };`,
    });
    const program = startSidecar(["build"], { cwd: project.root });
    try {
      const hasStarted = (): Promise<boolean> =>
        access(join(project.root, "started")).then(() => true, () => false);
      await eventually("that Vite builds", hasStarted, { withinMs: 30_000 });
      const tree = await processTree(program.pid);
      ok(tree.length >= 2);
      program.kill("SIGINT");
      equal((await program.exited).code, 130);
      await eventually("no process", async () => {
        const running = await Promise.all(tree.map(isRunning));
        return running.every((isThere) => !isThere);
      }, { withinMs: 4_000 });
      equal(await project.read("dist/index.html"), "before");
      equal(program.stderr(), "");
    } finally {
      await program.stop().finally(project.remove);
    }
  });
}
