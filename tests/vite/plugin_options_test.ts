import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  bridgeDisagreements,
  checkPluginOptions,
  type PluginFacts,
  type ResolvedPluginOptions,
  resolvePluginOptions,
  type SidecarPluginOptions,
} from "../../vite/plugin_options.ts";
import { repositoryRoot } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const ROOT = resolve("/project");
const at = (path: string): string => resolve(ROOT, path);

function resolveWith(facts: Partial<PluginFacts>): ResolvedPluginOptions {
  return resolvePluginOptions({
    options: {},
    bridge: {},
    root: ROOT,
    assetUrl: undefined,
    ...facts,
  });
}

const BRIDGE = {
  assetUrl: "/b/",
  deployAssetUrl: "https://cdn.test/b",
  bundleDir: "public",
  resourceDir: "resources",
  hotFile: "hot",
  manifest: "manifest.json",
  ssrOutDir: "ssr",
  staticProps: { a: 1 },
} as const;

test("without options the defaults count", () => {
  deepEqual(resolveWith({}), {
    input: undefined,
    assetUrl: "/static/",
    buildUrl: "/static/",
    bundleDir: at("dist"),
    manifest: undefined,
    ssrEntry: undefined,
    ssrDir: at("dist-ssr"),
    sourceDir: at("src"),
    hasAlias: true,
    publicDir: undefined,
    hotFile: at("public/hot"),
    refresh: [],
    tlsHost: undefined,
    staticProps: undefined,
    generatedDir: at("src/generated"),
    isTemplate: false,
  });
});

test(".litestar.json beats the defaults", () => {
  const found = resolveWith({ bridge: BRIDGE });
  deepEqual([found.assetUrl, found.buildUrl], ["/b/", "https://cdn.test/b/"]);
  deepEqual([found.bundleDir, found.ssrDir, found.manifest], [
    at("public"),
    at("ssr"),
    "manifest.json",
  ]);
  equal(found.sourceDir, at("resources"));
  equal(found.hotFile, at("public/hot"));
  deepEqual(found.staticProps, { a: 1 });
});

test("an option beats .litestar.json, and the variable beats the option", () => {
  const options = { assetUrl: "/o", bundleDir: "out", staticProps: { b: 2 } };
  const found = resolveWith({ bridge: BRIDGE, options });
  deepEqual([found.assetUrl, found.buildUrl, found.bundleDir], ["/o/", "/o/", at("out")]);
  deepEqual(found.staticProps, { b: 2 });
  const named = resolveWith({ bridge: BRIDGE, options, assetUrl: "https://v.test" });
  deepEqual([named.assetUrl, named.buildUrl], ["https://v.test/", "https://v.test/"]);
});

test("Vite's public folder makes room for a bundle of that name", () => {
  equal(resolveWith({ options: { bundleDir: "public" } }).publicDir, at("src/public"));
  equal(
    resolveWith({ options: { bundleDir: "public", sourceDir: "x" } }).publicDir,
    at("x/public"),
  );
  equal(resolveWith({ bridge: { ...BRIDGE, staticDir: "s" } }).publicDir, at("s"));
});

test("the hot file of .litestar.json counts from the bundle directory, unless it says that itself", () => {
  equal(resolveWith({ bridge: { bundleDir: "b", hotFile: "hot" } }).hotFile, at("b/hot"));
  equal(resolveWith({ bridge: { bundleDir: "b", hotFile: "b/hot" } }).hotFile, at("b/hot"));
  equal(resolveWith({ bridge: { hotFile: at("x/hot") } }).hotFile, at("x/hot"));
  equal(resolveWith({ bridge: BRIDGE, options: { hotFile: "mine" } }).hotFile, at("mine"));
  equal(resolveWith({ options: { hotFile: false } }).hotFile, undefined);
});

test("refresh is told in many ways", () => {
  const of = (refresh: SidecarPluginOptions["refresh"]): unknown =>
    resolveWith({ options: { refresh } }).refresh;
  deepEqual(of(false), []);
  ok(JSON.stringify(of(true)).includes("jinja"));
  deepEqual(of("a/**"), [{ paths: ["a/**"], delay: 0 }]);
  deepEqual(of(["a/**", "b/**"]), [{ paths: ["a/**", "b/**"], delay: 0 }]);
  deepEqual(of({ paths: "a/**", delay: 300 }), [{ paths: ["a/**"], delay: 300 }]);
  deepEqual(of([{ paths: ["a/**"] }, { paths: "b/**", delay: 1 }]), [
    { paths: ["a/**"], delay: 0 },
    { paths: ["b/**"], delay: 1 },
  ]);
});

test("detectTls takes the root's name, or one that is given", () => {
  equal(resolveWith({ options: { detectTls: true } }).tlsHost, "project.test");
  equal(resolveWith({ options: { detectTls: "my.test" } }).tlsHost, "my.test");
  equal(resolveWith({ options: { detectTls: false } }).tlsHost, undefined);
});

test("entries may be given alone", () => {
  deepEqual(checkPluginOptions("a.ts"), { input: "a.ts" });
  deepEqual(checkPluginOptions(["a.ts", "b.ts"]), { input: ["a.ts", "b.ts"] });
});

const WRONG: readonly (readonly [options: object, message: string])[] = [
  [
    { input: [] },
    'Cannot use [] as the option "input" of the Vite plugin: it must be a path, or a list of paths',
  ],
  [
    { assetUrl: "" },
    'Cannot use "" as the option "assetUrl" of the Vite plugin: it must be a text that is not empty',
  ],
  [{ alias: 1 }, 'Cannot use 1 as the option "alias" of the Vite plugin: it must be true or false'],
  [
    { hotFile: true },
    'Cannot use true as the option "hotFile" of the Vite plugin: it must be a path, or false',
  ],
  [{ ssr: "a" }, 'Cannot use "ssr" as an option of the Vite plugin: it is called "ssrEntry" here'],
  [
    { types: true },
    'Cannot use "types" as an option of the Vite plugin: take it out: the command "generate-types" writes them',
  ],
];

for (const [options, message] of WRONG) {
  test(`${JSON.stringify(options)} is refused`, () => {
    throws(() => checkPluginOptions(options), { name: "TypeError", message });
  });
}

test("every wrong option is told at once, and names of prototypes are none", () => {
  const found = (options: object): string => {
    try {
      checkPluginOptions(options);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  equal(found({ refresh: 1, detectTls: 2, staticProps: [], nonsense: 3 }).split("\n").length, 4);
  ok(found({ constructor: 1 }).startsWith('Cannot use "constructor" as an option'));
  ok(found({ refresh: { paths: [], delay: 1 } }).includes('"refresh"'));
  ok(found({ refresh: [{ paths: "a", delay: -1 }] }).includes('"refresh"'));
});

test("what differs from .litestar.json is told, in whatever spelling", () => {
  const facts = {
    options: {
      assetUrl: "/o/",
      bundleDir: "./public/",
      manifest: "x.json",
      sourceDir: "resources",
    },
    bridge: BRIDGE,
    root: ROOT,
    assetUrl: undefined,
  };
  deepEqual(bridgeDisagreements(facts, ".litestar.json"), [
    'vite.config says assetUrl "/o/", and ".litestar.json" says "/b/": "/o/" counts here, and the backend goes by the file',
    'vite.config says manifest "x.json", and ".litestar.json" says "manifest.json": "x.json" counts here, and the ' +
    "backend goes by the file",
  ]);
  deepEqual(bridgeDisagreements({ ...facts, options: { assetUrl: "/b" } }, "x"), []);
});

test("docs/vite-plugin.md has a row for each option", () => {
  const source = readFileSync(join(repositoryRoot, "vite/plugin_options.ts"), "utf8");
  const [, body = ""] = /interface SidecarPluginOptions \{([\s\S]*?)\n\}/.exec(source) ?? [];
  const names = [...body.matchAll(/readonly (\w+)\?:/g)].map(([, name = ""]) => name);
  const guide = readFileSync(join(repositoryRoot, "docs/vite-plugin.md"), "utf8");
  ok(names.length > 10);
  deepEqual(names.filter((name) => !guide.includes(`| \`${name}\``)), []);
});
