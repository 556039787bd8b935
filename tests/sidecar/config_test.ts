import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { resolve } from "node:path";
import {
  checkConfig,
  type ConfigInput,
  defineConfig,
  type Flag,
  resolveConfig,
  type SidecarOptions,
} from "../../sidecar/config.ts";
import type { Config } from "../../sidecar/config_types.ts";
import { OPTION_NAMES } from "../../sidecar/config_schema.ts";
import { test } from "../_support/test.ts";

const CWD = resolve("/project");
const FILE = resolve("/project/front/sidecar.config.ts");

function resolveOptions(options: object, more: Partial<ConfigInput> = {}): Config {
  // Wrong options are what some of these tests are about.
  return resolveConfig({ cwd: CWD, options: options as SidecarOptions, ...more });
}

/** The messages of all that is wrong. */
function problems(input: Partial<ConfigInput>): string[] {
  const result = checkConfig({ cwd: CWD, ...input });
  return result.kind === "valid" ? [] : result.problems.map(({ message }) => message);
}

const flag = (name: string, option: Flag["option"], value: Flag["value"]): Flag => ({
  flag: name,
  option,
  value,
});

test("resolveConfig() needs nothing", () => {
  deepEqual(resolveConfig({ cwd: CWD }), {
    root: CWD,
    host: "127.0.0.1",
    port: 8000,
    app: { kind: "none" },
    vite: { kind: "managed", executor: undefined },
    dev: undefined,
    pages: undefined,
    framework: undefined,
    mode: "development",
    spaPath: "/",
    healthPath: "/",
    routes: undefined,
    routesGlobal: "__LV_ROUTES__",
    csrfToken: undefined,
    csrfGlobal: "__LV_CSRF__",
    nonce: false,
    policy: undefined,
    direct: false,
    base: undefined,
    assetUrl: undefined,
    bundleDir: resolve(CWD, "dist"),
    manifest: undefined,
    input: undefined,
    ssrEntry: undefined,
    ssrDir: resolve(CWD, "dist-ssr"),
    ssrBundle: undefined,
    ssrMode: "auto",
    staticProps: undefined,
    integrity: false,
    precompress: true,
    allowRemote: false,
    allowedHosts: [],
    trustedProxies: [],
    appRoutes: [],
    viteRoutes: [],
    timeouts: {
      connectMs: 5000,
      headersMs: 120_000,
      idleMs: 0,
      startMs: 30_000,
      stopMs: 5000,
      bodyMs: 30_000,
      sendMs: 60_000,
      requestMs: 60_000,
      pingMs: 30_000,
    },
    cacheBytes: 67_108_864,
    socketQueueBytes: 25_165_824,
    hotFile: "public/hot",
    inject: undefined,
    types: undefined,
    open: false,
    logLevel: "normal",
  });
});

test("resolveConfig() takes every option", () => {
  const inject = { headEnd: "<meta name=x>" };
  const csrfToken = (): string => "t";
  const config = resolveOptions({
    root: "front",
    host: "0.0.0.0",
    port: 0,
    backend: "http://127.0.0.1:8001/",
    executor: "bun",
    mode: "spa",
    viteMode: "staging",
    framework: "astro",
    dev: true,
    spaPath: "/ui",
    healthPath: false,
    routes: { home: "/" },
    routesGlobal: "__LITESTAR_ROUTES__",
    csrfToken,
    csrfGlobal: "__LITESTAR_CSRF__",
    nonce: true,
    contentSecurityPolicy: "script-src 'self'",
    direct: true,
    base: "/static",
    assetUrl: "https://cdn.test/static",
    bundleDir: "../public",
    manifest: "manifest.json",
    input: "src/main.ts",
    ssrEntry: "src/server.ts",
    ssrDir: "out/ssr",
    ssrBundle: "out/ssr/main.js",
    ssrMode: "process",
    staticProps: { name: "Demo", features: { dark: true }, list: [1, null] },
    integrity: true,
    precompress: false,
    allowRemote: true,
    allowedHosts: ["app.test", ".example.com"],
    trustedProxies: ["10.0.0.0/8", "::1"],
    startTimeout: "10s",
    timeouts: {
      connect: 1,
      headers: "2s",
      idle: 3,
      stop: 4,
      body: 5,
      send: "6s",
      request: 7,
      ping: 8,
    },
    appRoutes: ["/reports/*"],
    viteRoutes: ["/docs/*"],
    cacheBytes: 0,
    socketQueueBytes: 1024,
    hotFile: "build/hot",
    inject,
    types: { output: "src/api", poll: "2s", watch: "../app/**/*.py" },
    open: true,
    logLevel: "verbose",
  });
  deepEqual(config, {
    root: resolve(CWD, "front"),
    host: "0.0.0.0",
    port: 0,
    app: { kind: "backend", url: "http://127.0.0.1:8001" },
    vite: { kind: "managed", executor: "bun" },
    pages: "spa",
    framework: "astro",
    mode: "staging",
    dev: true,
    spaPath: "/ui/",
    healthPath: undefined,
    routes: { home: "/" },
    routesGlobal: "__LITESTAR_ROUTES__",
    csrfToken,
    csrfGlobal: "__LITESTAR_CSRF__",
    nonce: true,
    policy: "script-src 'self'",
    direct: true,
    base: "/static/",
    assetUrl: "https://cdn.test/static/",
    bundleDir: resolve(CWD, "public"),
    manifest: "manifest.json",
    input: ["src/main.ts"],
    ssrEntry: "src/server.ts",
    ssrDir: resolve(CWD, "front/out/ssr"),
    ssrBundle: resolve(CWD, "front/out/ssr/main.js"),
    ssrMode: "process",
    staticProps: { name: "Demo", features: { dark: true }, list: [1, null] },
    integrity: true,
    precompress: false,
    allowRemote: true,
    allowedHosts: ["app.test", ".example.com"],
    trustedProxies: ["10.0.0.0/8", "::1"],
    appRoutes: ["/reports/*"],
    viteRoutes: ["/docs/*"],
    timeouts: {
      connectMs: 1,
      headersMs: 2000,
      idleMs: 3,
      startMs: 10_000,
      stopMs: 4,
      bodyMs: 5,
      sendMs: 6000,
      requestMs: 7,
      pingMs: 8,
    },
    cacheBytes: 0,
    socketQueueBytes: 1024,
    hotFile: "build/hot",
    inject,
    types: { output: "src/api", poll: 2000, watch: ["../app/**/*.py"] },
    open: true,
    logLevel: "verbose",
  });
});

test("resolveConfig() freezes what it returns and keeps no hold of what it was given", () => {
  const hosts = ["a.test"];
  const config = resolveOptions({ allowedHosts: hosts, inject: { headEnd: "x" } });
  hosts.push("evil.test");
  deepEqual(config.allowedHosts, ["a.test"]);
  for (const part of [config, config.app, config.vite, config.timeouts, config.allowedHosts]) {
    ok(Object.isFrozen(part));
  }
  ok(Object.isFrozen(config.inject));
});

test("undefined counts as not given", () => {
  equal(resolveOptions({ port: undefined }, { environment: { VITE_PORT: "81" } }).port, 81);
});

test("resolveConfig() names the app in each of its kinds", () => {
  deepEqual(resolveOptions({ entry: "server.ts" }).app, {
    kind: "entry",
    path: resolve(CWD, "server.ts"),
  });
  deepEqual(resolveOptions({ backendCommand: "go run . --port {port}" }).app, {
    kind: "command",
    argv: ["go", "run", ".", "--port", "{port}"],
  });
  deepEqual(resolveOptions({ backendCommand: ["my app", "a b"] }).app, {
    kind: "command",
    argv: ["my app", "a b"],
  });
  deepEqual(resolveOptions({}, { handler: true }).app, { kind: "handler" });
  deepEqual(resolveOptions({ backend: "HTTP://LOCALHOST:80" }).app, {
    kind: "backend",
    url: "http://localhost",
  });
});

test("resolveConfig() takes a Vite that runs already", () => {
  deepEqual(resolveOptions({ viteUrl: "http://vite:5173/" }).vite, {
    kind: "external",
    url: "http://vite:5173",
  });
});

test("defineConfig() returns its argument", () => {
  const options = { port: 1 };
  equal(defineConfig(options), options);
  const make = (): SidecarOptions => options;
  equal(defineConfig(make), make);
});

// Precedence: every pair of sources, in both orders of strength.

const SOURCES: readonly { name: string; input: Partial<ConfigInput>; port: number }[] = [
  { name: "flag", input: { flags: [flag("--port", "port", "1")] }, port: 1 },
  { name: "option", input: { options: { port: 2 } }, port: 2 },
  { name: "environment", input: { environment: { VITE_PORT: "3" } }, port: 3 },
  { name: "file", input: { file: { path: FILE, options: { port: 4 } } }, port: 4 },
];

for (const [index, stronger] of SOURCES.entries()) {
  for (const weaker of SOURCES.slice(index)) {
    test(`${stronger.name} beats ${weaker === stronger ? "default" : weaker.name}`, () => {
      equal(resolveConfig({ cwd: CWD, ...weaker.input, ...stronger.input }).port, stronger.port);
    });
  }
}

test("each option has its own winner", () => {
  const config = resolveConfig({
    cwd: CWD,
    flags: [flag("--port", "port", "1")],
    environment: { VITE_PORT: "2", VITE_HOST: "localhost" },
    file: { path: FILE, options: { port: 3, host: "::1", mode: "test" } },
  });
  deepEqual([config.port, config.host, config.mode], [1, "localhost", "test"]);
});

test("false from a stronger source beats true", () => {
  const config = resolveConfig({
    cwd: CWD,
    flags: [flag("--no-direct", "direct", false)],
    environment: { VITE_PROXY_MODE: "direct" },
  });
  equal(config.direct, false);
});

test("of options that exclude each other the stronger source wins", () => {
  const file = { path: FILE, options: { entry: "server.ts", direct: true } };
  const config = resolveConfig({
    cwd: CWD,
    flags: [
      flag("--backend", "backend", "http://127.0.0.1:81"),
      flag("--vite-url", "viteUrl", "http://127.0.0.1:82"),
    ],
    file,
  });
  equal(config.app.kind, "backend");
  equal(config.vite.kind, "external");
  equal(config.direct, false);
});

test("of options that exclude each other in one source neither wins", () => {
  deepEqual(problems({ options: { backend: "http://a", entry: "b.ts", backendCommand: "c" } }), [
    'Cannot use "http://a" as the option "backend": the option "backendCommand" and the option "entry" excludes it, ' +
    "give one of them",
  ]);
  deepEqual(
    problems({
      flags: [flag("--direct", "direct", true), flag("--vite-url", "viteUrl", "http://a")],
    }),
    ['Cannot use "true" as the flag "--direct": the flag "--vite-url" excludes it, give one of them'],
  );
});

test("direct: false excludes nothing", () => {
  deepEqual(problems({ options: { direct: false, viteUrl: "http://a" } }), []);
});

test("paths of a file count from its folder, others from where we stand", () => {
  const options = { root: "app", entry: "./server.ts" };
  const fromFile = resolveConfig({ cwd: CWD, file: { path: FILE, options } });
  equal(fromFile.root, resolve(CWD, "front/app"));
  deepEqual(fromFile.app, { kind: "entry", path: resolve(CWD, "front/server.ts") });
  equal(resolveOptions(options).root, resolve(CWD, "app"));
});

test("checkConfig() returns merged options that give the same configuration elsewhere", () => {
  const input: ConfigInput = {
    cwd: CWD,
    flags: [
      flag("--root", "root", "front"),
      flag("--start-timeout", "startTimeout", "10s"),
      flag("--backend-command", "backendCommand", "run '{port}'"),
    ],
    environment: { VITE_PORT: "81", LITESTAR_TRUSTED_PROXIES: "*" },
    file: { path: FILE, options: { entry: "server.ts", timeouts: { idle: "1s" } } },
  };
  const first = checkConfig(input);
  if (first.kind === "invalid") throw new Error(first.problems[0]?.message);
  const again = checkConfig({ cwd: resolve("/elsewhere"), options: first.options });
  if (again.kind === "invalid") throw new Error(again.problems[0]?.message);
  deepEqual(again.config, first.config);
});

test("only the options that count are looked at", () => {
  const input: Partial<ConfigInput> = {
    environment: { VITE_PORT: "x", VITE_EXECUTOR: "bun" },
    file: { path: FILE, options: { host: 3, mode: "test" } },
    only: ["executor", "mode"],
  };
  deepEqual(problems(input), []);
  equal(resolveConfig({ cwd: CWD, ...input }).mode, "test");
});

// Wrong values. Each row: option, value, message behind `Cannot use "<value>" as the option "<option>": `.

const PORT = "it must be a whole number from 0 to 65535; 0 takes any free port";
const ORIGIN = 'it must be an origin such as "http://127.0.0.1:8001"';
const DURATION =
  'it must be milliseconds, or a time such as "500ms", "30s" or "2m", at most 2147483647 ms';
const BASE = 'it must be a path such as "/" or "/static/"';
const BASE_PATH =
  'it must be a path without "//" at its start, "?", "#", "\\", blanks, "." and ".."';
const HOST = "it must be a name or an IP address, without scheme and port";
const PATH = "it must be a path that is not empty";
const BOOLEAN = "it must be true or false";
const ASSET_URL =
  'it must be a path such as "/static/", or a URL such as "https://cdn.example.com/static/"';
const HOLDS_SOURCES = "it holds the sources too, and a build replaces what is in it";
const OUTSIDE = `it must be outside of "${resolve(CWD, "dist")}", which everybody can read`;
const BUNDLE_PATH = 'it must be a path inside the bundle directory, such as "manifest.json"';
const INPUT = 'it must be a path, or a list of paths, such as "src/main.ts"';
const BYTES = "it must be a whole number of bytes, 0 or more";

const WRONG: readonly (readonly [option: string, value: unknown, shown: string, state: string])[] =
  [
    ["root", 1, "1", PATH],
    ["root", "", "", PATH],
    ["host", true, "true", HOST],
    ["host", "", "", HOST],
    ["host", "http://localhost", "http://localhost", HOST],
    ["host", "localhost:8000", "localhost:8000", HOST],
    ["host", "256.0.0.1/8", "256.0.0.1/8", HOST],
    ["port", "8000", "8000", PORT],
    ["port", -1, "-1", PORT],
    ["port", 65536, "65536", PORT],
    ["port", 80.5, "80.5", PORT],
    ["port", NaN, "NaN", PORT],
    ["port", null, "null", PORT],
    ["backend", 8001, "8001", ORIGIN],
    ["backend", "", "", ORIGIN],
    ["backend", "ftp://a", "ftp://a", ORIGIN],
    [
      "backend",
      "localhost:8001",
      "localhost:8001",
      `${ORIGIN}; did you mean "http://localhost:8001"`,
    ],
    ["backend", ":8001", ":8001", `${ORIGIN}; did you mean "http://127.0.0.1:8001"`],
    ["backend", "8001", "8001", `${ORIGIN}; did you mean "http://127.0.0.1:8001"`],
    ["backend", "http:a", "http:a", ORIGIN],
    ["backend", "http://a:99999", "http://a:99999", ORIGIN],
    ["backend", "http://a:0", "http://a:0", "port 0 is no port that can be connected to"],
    [
      "backend",
      "http://a/api",
      "http://a/api",
      'it must be an origin alone, without a path: "http://a"',
    ],
    [
      "backend",
      "http://a/?x",
      "http://a/?x",
      'it must be an origin alone, without a path: "http://a"',
    ],
    ["backend", "http://me:pw@a", "http://me:***@a", "it must not carry a user name or a password"],
    [
      "viteUrl",
      "http://a/base/",
      "http://a/base/",
      'it must be an origin alone, without a path: "http://a"',
    ],
    ["backendCommand", "", "", "it must name a program"],
    ["backendCommand", [], "[]", "it must name a program"],
    ["backendCommand", "run 'x", "run 'x", "a quote is not closed"],
    ["backendCommand", 1, "1", "it must be a command, or a list of its words"],
    ["entry", "", "", PATH],
    ["executor", "nodejs", "nodejs", 'it must be "node", "bun" or "deno"; did you mean "node"'],
    ["executor", "rhino", "rhino", 'it must be "node", "bun" or "deno"'],
    ["mode", "", "", "it must be a text that is not empty"],
    ["mode", "local", "local", '"local" is the ending of Vite\'s ".env.local" files and no mode'],
    ["direct", "yes", "yes", BOOLEAN],
    ["open", 1, "1", BOOLEAN],
    ["types", 1, "1", "it must be true or false, or an object"],
    ["allowRemote", "true", "true", BOOLEAN],
    ["base", 1, "1", BASE],
    ["base", "static/", "static/", `${BASE}; did you mean "/static/"`],
    ["base", "//evil.test/", "//evil.test/", BASE_PATH],
    ["base", "/a?b", "/a?b", BASE_PATH],
    ["base", "/a/../b", "/a/../b", BASE_PATH],
    ["base", "http://", "http://", BASE],
    ["assetUrl", "static/", "static/", ASSET_URL],
    ["assetUrl", 1, "1", ASSET_URL],
    ["assetUrl", "./", "./", ASSET_URL],
    [
      "assetUrl",
      "//cdn.test/",
      "//cdn.test/",
      'it starts with "//"; write the scheme too',
    ],
    ["bundleDir", "", "", PATH],
    ["bundleDir", ".", ".", HOLDS_SOURCES],
    ["bundleDir", "..", "..", HOLDS_SOURCES],
    [
      "bundleDir",
      "dist-ssr",
      "dist-ssr",
      `everybody can read it, and what is built of ssrEntry goes to "${resolve(CWD, "dist-ssr")}"`,
    ],
    ["ssrDir", "../", "../", HOLDS_SOURCES],
    ["ssrDir", "dist/server", "dist/server", OUTSIDE],
    ["ssrDir", "dist", "dist", OUTSIDE],
    ["manifest", "../manifest.json", "../manifest.json", BUNDLE_PATH],
    ["manifest", "/manifest.json", "/manifest.json", BUNDLE_PATH],
    ["manifest", true, "true", BUNDLE_PATH],
    ["input", [], "[]", INPUT],
    ["input", 1, "1", INPUT],
    ["ssrEntry", " ", " ", PATH],
    ["ssrBundle", "", "", PATH],
    ["ssrMode", "thread", "thread", 'it must be "auto", "process" or "in-process"'],
    ["staticProps", [], "[]", "it must be an object of plain JSON"],
    ["integrity", "yes", "yes", BOOLEAN],
    ["precompress", 1, "1", BOOLEAN],
    ["startTimeout", "soon", "soon", DURATION],
    ["startTimeout", -1, "-1", DURATION],
    ["startTimeout", 1.5, "1.5", DURATION],
    ["startTimeout", 2 ** 31, "2147483648", DURATION],
    ["startTimeout", "40000m", "40000m", DURATION],
    ["cacheBytes", -1, "-1", BYTES],
    ["cacheBytes", "64MiB", "64MiB", BYTES],
    ["socketQueueBytes", 0.5, "0.5", BYTES],
    ["hotFile", "", "", PATH],
    [
      "inject",
      "<p>",
      "<p>",
      "it must be an object with headStart, headEnd, bodyStart, bodyEnd or globals, or a function",
    ],
    ["logLevel", "loud", "loud", 'it must be "quiet", "normal" or "verbose"'],
    [
      "logLevel",
      "verbos",
      "verbos",
      'it must be "quiet", "normal" or "verbose"; did you mean "verbose"',
    ],
    [
      "timeouts",
      5,
      "5",
      "it must be an object with connect, headers, idle, stop, body, send, request or ping",
    ],
    [
      "allowedHosts",
      "a.test",
      "a.test",
      'it must be a list of hosts such as "app.test" or ".app.test", or true for any',
    ],
    [
      "allowedHosts",
      false,
      "false",
      'it must be a list of hosts such as "app.test" or ".app.test", or true for any',
    ],
    [
      "trustedProxies",
      "*",
      "*",
      'it must be a list of addresses such as "10.0.0.1" or "10.0.0.0/8", or "*" for any',
    ],
    ["appRoutes", "/a", "/a", 'it must be a list of path patterns such as "/reports/*"'],
  ];

for (const [option, value, shown, state] of WRONG) {
  test(`option ${option} refuses ${JSON.stringify(value)}`, () => {
    deepEqual(problems({ options: { [option]: value } }), [
      `Cannot use "${shown}" as the option "${option}": ${state}`,
    ]);
  });
}

/** Rows of the same kind where the wrong part is inside. */
const WRONG_INSIDE: readonly (readonly [options: object, message: string])[] = [
  [
    { allowedHosts: ["a.test", "http://b"] },
    'Cannot use "http://b" as the option "allowedHosts[1]": it must be a host such as "app.test" or ".app.test"',
  ],
  [
    { allowedHosts: ["*.a.test"] },
    'Cannot use "*.a.test" as the option "allowedHosts[0]": a wildcard is written ".a.test"',
  ],
  [
    { allowedHosts: ["*"] },
    'Cannot use "*" as the option "allowedHosts[0]": it must be a host; true lets any host in',
  ],
  [
    { trustedProxies: ["10.0.0.0/33"] },
    'Cannot use "10.0.0.0/33" as the option "trustedProxies[0]": the part behind "/" must be a whole number from 0 to 32',
  ],
  [
    { trustedProxies: ["proxy.test"] },
    'Cannot use "proxy.test" as the option "trustedProxies[0]": it must be an address such as "10.0.0.1" or ' +
    '"10.0.0.0/8", or "*" for any',
  ],
  [
    { appRoutes: ["reports/*"] },
    'Cannot use "reports/*" as the option "appRoutes[0]": it must start with "/": "/reports/*"',
  ],
  [
    { viteRoutes: ["/a?b"] },
    'Cannot use "/a?b" as the option "viteRoutes[0]": it must be a path, without "?", "#" and blanks',
  ],
  [
    { backendCommand: ["a", 1] },
    'Cannot use "1" as the option "backendCommand[1]": a word of it must be a text',
  ],
  [
    { timeouts: { connect: "never" } },
    `Cannot use "never" as the option "timeouts.connect": ${DURATION}`,
  ],
  [
    { timeouts: { conect: 1 } },
    'Cannot use "conect" as an option of "timeouts": it is not known, the nearest is "connect"',
  ],
  [
    { inject: { headstart: "x" } },
    'Cannot use "headstart" as an option of "inject": it is not known, the nearest is "headStart"',
  ],
  [
    { inject: { headStart: 1 } },
    'Cannot use "1" as the option "inject.headStart": it must be a text of HTML',
  ],
];

for (const [options, message] of WRONG_INSIDE) {
  test(`an option refuses ${JSON.stringify(options)}`, () =>
    deepEqual(problems({ options }), [message]));
}

// Right values that are brought into one form.

const FORMS: readonly (readonly [options: SidecarOptions, of: keyof Config, value: unknown])[] = [
  [{ host: "[::1]" }, "host", "::1"],
  [{ host: "localhost" }, "host", "localhost"],
  [{ base: "/" }, "base", "/"],
  [{ base: "" }, "base", "/"],
  [{ base: "./" }, "base", "/"],
  [{ base: "/static" }, "base", "/static/"],
  [{ base: "/ünï/" }, "base", "/%C3%BCn%C3%AF/"],
  [{ base: "https://cdn.test/assets" }, "base", "/assets/"],
  [{ assetUrl: "/" }, "assetUrl", "/"],
  [{ assetUrl: "/static" }, "assetUrl", "/static/"],
  [{ assetUrl: "https://CDN.test" }, "assetUrl", "https://cdn.test/"],
  [{ bundleDir: "../public" }, "bundleDir", resolve(CWD, "../public")],
  [{ input: "src/main.ts" }, "input", ["src/main.ts"]],
  [{ allowedHosts: true }, "allowedHosts", true],
  [{ allowedHosts: ["10.0.0.1", "[::1]"] }, "allowedHosts", ["10.0.0.1", "[::1]"]],
  [{ trustedProxies: ["*"] }, "trustedProxies", ["0.0.0.0/0", "::/0"]],
  [{ port: 65535 }, "port", 65535],
  [{ cacheBytes: 0 }, "cacheBytes", 0],
];

for (const [options, name, value] of FORMS) {
  test(`${JSON.stringify(options)} becomes ${JSON.stringify(value)}`, () => {
    deepEqual(resolveOptions(options)[name], value);
  });
}

test("staticProps are plain JSON, through and through", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = { loop };
  const wrong: readonly Record<string, unknown>[] = [
    { at: new Date(0) },
    { at: undefined },
    { at: { deep: [() => 1] } },
    { at: NaN },
    { at: 1n },
    { at: new Map() },
    { at: JSON.parse('{"__proto__": 1}') },
    { at: loop },
  ];
  for (const staticProps of wrong) {
    const found = problems({ options: { staticProps } });
    match(found[0] ?? "", /as the option "staticProps\.at": it must be plain JSON$/);
    equal(found.length, 1);
  }
  const staticProps = { name: "x", list: [1, null, { deep: true }] };
  deepEqual(resolveOptions({ staticProps }).staticProps, staticProps);
});

test("a start timeout of 0 switches it off", () => {
  equal(resolveOptions({ startTimeout: 0 }).timeouts.startMs, 0);
});

test("inject may be a function", () => {
  const inject = (): { headEnd: string } => ({ headEnd: "x" });
  equal(resolveOptions({ inject }).inject, inject);
});

// Where a wrong value came from.

test("a message names the flag, the variable or the file", () => {
  deepEqual(problems({ flags: [flag("--port", "port", "abc")] }), [
    `Cannot use "abc" as the flag "--port": ${PORT}`,
  ]);
  deepEqual(problems({ environment: { VITE_PORT: "tcp://10.0.0.1:80" } }), [
    `Cannot use "tcp://10.0.0.1:80" as the variable "VITE_PORT" (option "port"): ${PORT}`,
  ]);
  deepEqual(problems({ file: { path: FILE, options: { port: "abc" } } }), [
    `Cannot use "abc" as the option "port" in "${FILE}": ${PORT}`,
  ]);
  deepEqual(problems({ environment: { VITE_PROXY_MODE: "both" } }), [
    'Cannot use "both" as the variable "VITE_PROXY_MODE" (option "direct"): it must be "proxy" (or "vite") or "direct"',
  ]);
  deepEqual(problems({ environment: { LITESTAR_TRUSTED_PROXIES: "10.0.0.1,x" } }), [
    'Cannot use "x" as the variable "LITESTAR_TRUSTED_PROXIES" (option "trustedProxies[1]"): it must be an address ' +
    'such as "10.0.0.1" or "10.0.0.0/8", or "*" for any',
  ]);
});

test("every variable that can be wrong is refused by its name", () => {
  for (
    const [variable, text] of [
      ["VITE_HOST", "http://x"],
      ["VITE_PORT", "65536"],
      ["VITE_PROXY_MODE", "none"],
      ["VITE_ALLOW_REMOTE", "maybe"],
      ["VITE_DEV_MODE", "prod"],
      ["ASSET_URL", "static/"],
      ["LITESTAR_VITE_RUNTIME", "rhino"],
      ["VITE_EXECUTOR", "rhino"],
      ["LITESTAR_TRUSTED_PROXIES", "x"],
      ["LITESTAR_VITE_LOG_LEVEL", "loud"],
      ["VITE_PROXY_DEBUG", "loud"],
      ["__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS", "http://x"],
    ] as const
  ) {
    const found = problems({ environment: { [variable]: text } });
    equal(found.length, 1, variable);
    ok(found[0]?.includes(`the variable "${variable}"`), found[0]);
  }
});

test("a flag is the way out of a variable that can't be used", () => {
  const flags = [flag("--port", "port", "81")];
  deepEqual(problems({ flags, environment: { VITE_PORT: "tcp://10.0.0.1:80" } }), []);
});

test("what serves is said by the option, else VITE_DEV_MODE, else NODE_ENV", () => {
  const dev = (options: SidecarOptions, environment: Record<string, string>): unknown =>
    resolveConfig({ cwd: CWD, options, environment }).dev;
  equal(dev({}, {}), undefined);
  equal(dev({}, { NODE_ENV: "production" }), false);
  equal(dev({}, { NODE_ENV: "production", VITE_DEV_MODE: "true" }), true);
  equal(dev({ dev: true }, { VITE_DEV_MODE: "false" }), true);
});

test("mode says who makes the pages, or is Vite's mode", () => {
  const { pages, mode } = resolveConfig({ cwd: CWD, options: { mode: "spa" } });
  deepEqual([pages, mode], ["spa", "development"]);
  const staging = resolveConfig({ cwd: CWD, options: { mode: "staging" } });
  deepEqual([staging.pages, staging.mode], [undefined, "staging"]);
  const both = resolveConfig({ cwd: CWD, options: { mode: "htmx", viteMode: "staging" } });
  deepEqual([both.pages, both.mode], ["htmx", "staging"]);
});

test("a build may be served to other machines without leave", () => {
  deepEqual(problems({ options: { host: "0.0.0.0", dev: false } }), []);
  equal(problems({ options: { host: "0.0.0.0", dev: true } }).length, 1);
});

test("what pages say is checked", () => {
  const wrong = {
    routes: { a: () => 1 },
    routesGlobal: "a b",
    csrfToken: "x",
    contentSecurityPolicy: "script-src 'self'\r\nx: y",
    healthPath: true,
    spaPath: "ui",
  };
  for (const [name, value] of Object.entries(wrong)) {
    const found = problems({ options: { [name]: value } as SidecarOptions });
    equal(found.length, 1, name);
    ok(found[0]?.includes(`the option "${name}"`), found[0]);
  }
});

test("a repeated flag is one list", () => {
  const flags = [flag("--allowed-host", "allowedHosts", ["a.test", "b.test,.c.test"])];
  deepEqual(resolveConfig({ cwd: CWD, flags }).allowedHosts, ["a.test", "b.test", ".c.test"]);
  const any = [flag("--allowed-host", "allowedHosts", ["*"])];
  equal(resolveConfig({ cwd: CWD, flags: any }).allowedHosts, true);
});

test("an unknown option is refused with the nearest name", () => {
  deepEqual(problems({ options: { prot: 1 } as SidecarOptions }), [
    'Cannot use "prot" as an option: it is not known, the nearest is "port"',
  ]);
  deepEqual(problems({ file: { path: FILE, options: { colour: 1 } } }), [
    `Cannot use "colour" as an option in "${FILE}": it is not known`,
  ]);
  deepEqual(problems({ options: { constructor: 1 } as unknown as SidecarOptions }), [
    'Cannot use "constructor" as an option: it is not known',
  ]);
});

test("a file that exports no options is refused", () => {
  for (const [options, shown] of [[undefined, "undefined"], [[], "[]"], [3, "3"], [null, "null"]]) {
    deepEqual(problems({ file: { path: FILE, options } }), [
      `Cannot use "${shown}" as the default export of "${FILE}": it must be an object of options, or a function that ` +
      "returns one",
    ]);
  }
});

test("all that is wrong is told at once", () => {
  const found = problems({
    flags: [flag("--port", "port", "x"), flag("--executor", "executor", "y")],
    environment: { VITE_HOST: "z:1" },
    file: { path: FILE, options: { mod: 1 } },
  });
  equal(found.length, 4);
});

test("resolveConfig() throws one error with a line for each problem", () => {
  throws(() => resolveOptions({ port: 65536 }), { name: "RangeError" });
  throws(() => resolveOptions({ port: "x" }), { name: "TypeError" });
  throws(() => resolveOptions({ prot: 1 }), { name: "TypeError" });
  throws(() => resolveOptions({ port: 65536, cacheBytes: -1 }), {
    name: "RangeError",
    message: `Cannot use "65536" as the option "port": ${PORT}\n` +
      `Cannot use "-1" as the option "cacheBytes": ${BYTES}`,
  });
});

test("a value in a message is cut, and brings no control characters into a terminal", () => {
  const [message = ""] = problems({ options: { host: `\x1b[2J${"x".repeat(500)}` } });
  ok(message.length < 260, message);
  // deno-lint-ignore no-control-regex -- that there is none is what is tested
  ok(!/[\x00-\x1f]/.test(message));
});

test("cwd must be absolute", () => {
  throws(() => resolveConfig({ cwd: "front" }), {
    name: "RangeError",
    message: 'Cannot use "front" as cwd: it is not an absolute path',
  });
});

// Rules over several options.

const REMOTE =
  'other machines can reach it; allow that with --allow-remote (option "allowRemote", variable ' +
  'VITE_ALLOW_REMOTE), or use "127.0.0.1"';

for (const host of ["0.0.0.0", "::", "192.168.0.1", "example.com"]) {
  test(`host "${host}" needs allowRemote`, () => {
    deepEqual(problems({ flags: [flag("--host", "host", host)] }), [
      `Cannot use "${host}" as the flag "--host": ${REMOTE}`,
    ]);
    equal(resolveOptions({ host, allowRemote: true }).host, host);
    const environment = { VITE_ALLOW_REMOTE: "True", VITE_HOST: host };
    equal(resolveConfig({ cwd: CWD, environment }).host, host);
  });
}

test("allowRemote alone opens nothing", () => {
  equal(resolveOptions({ allowRemote: true }).host, "127.0.0.1");
});

test("a backend or a Vite at our own address is refused", () => {
  const own =
    "it is the address that this program itself listens on; give one of them another port";
  deepEqual(problems({ options: { backend: "http://localhost:8000" } }), [
    `Cannot use "http://localhost:8000" as the option "backend": ${own}`,
  ]);
  deepEqual(problems({ options: { viteUrl: "http://[::1]:81", port: 81 } }), [
    `Cannot use "http://[::1]:81" as the option "viteUrl": ${own}`,
  ]);
  deepEqual(problems({ options: { backend: "http://localhost", port: 80 } }).length, 1);
  deepEqual(problems({ options: { backend: "http://localhost:8001" } }), []);
  deepEqual(problems({ options: { backend: "http://other:8000" } }), []);
  deepEqual(problems({ options: { backend: "http://localhost:8000", port: 0 } }), []);
});

function warnings(input: Partial<ConfigInput>): readonly string[] {
  const result = checkConfig({ cwd: CWD, ...input });
  return result.kind === "valid" ? result.warnings : [];
}

test("NODE_ENV=production is warned of", () => {
  deepEqual(warnings({ environment: { NODE_ENV: "development" } }), []);
  match(
    warnings({ options: { dev: true }, environment: { NODE_ENV: "production" } })[0] ?? "",
    /"NODE_ENV" is "production"/,
  );
});

test("letting any Host in is warned of", () => {
  match(warnings({ options: { allowedHosts: true } })[0] ?? "", /DNS rebinding/);
});

test("every option has a schema, and there are no others", () => {
  // A name that is missing or too many does not compile.
  const names: { readonly [Name in keyof Required<SidecarOptions>]: true } = {
    root: true,
    host: true,
    port: true,
    backend: true,
    backendCommand: true,
    entry: true,
    executor: true,
    mode: true,
    viteMode: true,
    framework: true,
    dev: true,
    spaPath: true,
    healthPath: true,
    direct: true,
    viteUrl: true,
    base: true,
    assetUrl: true,
    bundleDir: true,
    manifest: true,
    input: true,
    ssrEntry: true,
    ssrDir: true,
    ssrBundle: true,
    ssrMode: true,
    staticProps: true,
    integrity: true,
    precompress: true,
    allowRemote: true,
    allowedHosts: true,
    trustedProxies: true,
    startTimeout: true,
    timeouts: true,
    appRoutes: true,
    viteRoutes: true,
    cacheBytes: true,
    socketQueueBytes: true,
    hotFile: true,
    inject: true,
    routes: true,
    routesGlobal: true,
    csrfToken: true,
    csrfGlobal: true,
    nonce: true,
    contentSecurityPolicy: true,
    types: true,
    open: true,
    logLevel: true,
  };
  deepEqual([...OPTION_NAMES], Object.keys(names));
});
