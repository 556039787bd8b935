import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { currentRuntime } from "../../runtime/current.ts";
import { versionIdOf } from "../../sidecar/asset_version.ts";
import { renderBuildInfo } from "../../sidecar/build_info.ts";
import { hasBuild, openBuild, type OpenedBuild, usesReact } from "../../sidecar/built_source.ts";
import { resolveConfig, type SidecarOptions } from "../../sidecar/config.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import { eventually } from "../_support/eventually.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";

const manifestOf = (hash: string): string =>
  JSON.stringify({
    "index.html": { file: `assets/main-${hash}.js`, src: "index.html", isEntry: true },
  });

const pageOf = (hash: string, base = "/static/"): string =>
  `<!doctype html><html><head><script type="module" src="${base}assets/main-${hash}.js">` +
  `</script></head><body></body></html>`;

const FIRST = "AaA1bB2c";
const SECOND = "BbB1cC2d";

const filesOf = (hash: string, base?: string): Record<string, string> => ({
  [`dist/assets/main-${hash}.js`]: `console.log("${hash}")`,
  "dist/index.html": pageOf(hash, base),
  "dist/.vite/manifest.json": manifestOf(hash),
});

interface Opened {
  readonly build: OpenedBuild;
  readonly folder: Folder;
  readonly events: SidecarEvent[];
  /** Whether a GET is answered with the file: the files answer 404 for those of builds that are gone. */
  has(path: string): Promise<boolean>;
}

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: SidecarOptions;
  /** Before it is opened. */
  readonly prepare?: (folder: Folder) => Promise<void>;
}

async function withBuild(
  { files = filesOf(FIRST), options = {}, prepare = async () => {} }: Setting,
  run: (opened: Opened) => Promise<void> | void,
): Promise<void> {
  await inFolder(files, async (folder) => {
    await prepare(folder);
    const events: SidecarEvent[] = [];
    const build = await openBuild({
      config: configOf(folder, options),
      runtime: currentRuntime(),
      emit: (event) => events.push(event),
    });
    try {
      await run({ build, folder, events, has: (path) => isServed(build, path) });
    } finally {
      build.close();
    }
  });
}

async function respond(build: OpenedBuild, path: string): Promise<Response | undefined> {
  const request = { method: "GET", header: () => null };
  const response = await build.current().files.respond(request, path);
  await response?.body?.cancel();
  return response;
}

async function isServed(build: OpenedBuild, path: string): Promise<boolean> {
  return (await respond(build, path))?.status === 200;
}

function configOf(folder: Folder, options: SidecarOptions): ReturnType<typeof resolveConfig> {
  const { path: cwd } = folder;
  return resolveConfig({ cwd, options, environment: {}, file: undefined, handler: true });
}

const messages = (events: readonly SidecarEvent[]): string[] =>
  events.map((event) => "message" in event ? event.message : event.kind);

const htmlOf = ({ build }: Opened): string | undefined => build.current().template?.render({});

test("openBuild() serves a build where it was made for, but its page as a file", () =>
  withBuild({}, async ({ build, has, events }) => {
    equal(build.assetUrl, "/static/");
    equal(build.assets.versionId, versionIdOf(manifestOf(FIRST)));
    ok(await has(`/static/assets/main-${FIRST}.js`));
    for (const path of ["/static/index.html", "/static/.vite/manifest.json", "/index.html"]) {
      ok(!await has(path), path);
    }
    match(build.assets.tags("index.html"), new RegExp(`src="/static/assets/main-${FIRST}.js"`));
    deepEqual(events, []);
  }));

test("openBuild() knows a file from the name of one that is gone", () =>
  withBuild({}, ({ build }) => {
    const gone = "/static/assets/main-Zz9zZz9z.js";
    ok(build.current().files.has(gone));
    ok(!build.current().files.leadsToFile(gone));
    throws(() => build.assets.asset("assets/main-Zz9zZz9z.js"), /main-Zz9zZz9z/);
  }));

test("openBuild() takes the base of what the build says of itself, else of its page", async () => {
  const cases: readonly (readonly [Record<string, string>, SidecarOptions, string])[] = [
    [filesOf(FIRST, "/app/"), {}, "/app/"],
    [filesOf(FIRST, "./"), {}, "/static/"],
    [filesOf(FIRST, "./"), { assetUrl: "/files/" }, "/files/"],
    [filesOf(FIRST, "/"), {}, "/"],
    [filesOf(FIRST, "https://cdn.example.com/x/"), {}, "https://cdn.example.com/x/"],
    [{ ...filesOf(FIRST, "/app/"), "dist/.vite/sidecar.json": infoOf("/info/") }, {}, "/info/"],
  ];
  for (const [files, options, expected] of cases) {
    await withBuild({ files, options }, async ({ build, has }) => {
      equal(build.assetUrl, expected);
      const { pathname } = new URL(expected, "http://path.invalid");
      ok(await has(`${pathname}assets/main-${FIRST}.js`), expected);
      const answer = await respond(build, `${pathname}assets/main-${FIRST}.js`);
      const isOfOthers = expected.startsWith("https:");
      equal(answer?.headers.get("access-control-allow-origin"), isOfOthers ? "*" : null, expected);
    });
  }
});

function infoOf(base: string): string {
  const versionId = versionIdOf(manifestOf(FIRST));
  return renderBuildInfo({ base, viteVersion: "8.0.0", versionId, files: new Map() });
}

async function refuses(
  files: Readonly<Record<string, string>>,
  message: RegExp,
  hint: RegExp,
  options: SidecarOptions = {},
): Promise<void> {
  await rejects(withBuild({ files, options }, () => {}), (error: Error & { hint?: string }) => {
    match(error.message, message);
    match(error.hint ?? "", hint);
    return true;
  });
}

test("openBuild() says what is wrong with a build, and what to do", async () => {
  const build = /^run the command "build" first/;
  await refuses(
    {},
    /^Cannot read the manifest ".*dist\/\.vite\/manifest\.json": it is not there, nor is/,
    build,
  );
  await refuses(
    { "dist/.vite/manifest.json": manifestOf(FIRST).slice(0, 30) },
    /^Cannot read ".*manifest\.json" as a manifest: it is not JSON, or not whole$/,
    build,
  );
  await refuses({ "dist/manifest.json": '{"name":"app","icons":[]}' }, /^Cannot read/, build);
  await refuses(
    filesOf(FIRST),
    /^Cannot serve ".*dist" under "\/other\/": it was built for the base "\/static\/"$/,
    /^build it again with that assetUrl, or leave assetUrl out/,
    { assetUrl: "/other/" },
  );
});

test("openBuild() takes the next build as soon as it is whole", () =>
  withBuild({}, async (opened) => {
    const { build, folder } = opened;
    const before = build.current();
    equal(build.current(), before, "it is the same object until there is another build");
    for (const [path, text] of Object.entries(filesOf(SECOND))) await folder.write(path, text);
    const version = versionIdOf(manifestOf(SECOND));
    await eventually("the second build", () => build.assets.versionId === version);
    ok(build.current() !== before);
    ok(await opened.has(`/static/assets/main-${SECOND}.js`));
    equal(htmlOf(opened), pageOf(SECOND));
  }));

test("openBuild() takes a page that alone has changed", () =>
  withBuild({}, async (opened) => {
    const { build, folder } = opened;
    const before = build.assets.versionId;
    const page = pageOf(FIRST).replace("<head>", "<head><title>new</title>");
    await folder.write("dist/index.html", page);
    await eventually("the new page", () => htmlOf(opened) === page);
    equal(build.assets.versionId, before);
  }));

test("openBuild() keeps the last good build while a manifest is half written", () =>
  withBuild({}, async (opened) => {
    const { build, folder, events } = opened;
    const before = build.current();
    await folder.write("dist/.vite/manifest.json", manifestOf(SECOND).slice(0, 40));
    await eventually("a warning", () => events.length > 0);
    match(messages(events)[0] ?? "", /not whole; the last good build stays in use$/);
    equal(build.current(), before);
    ok(await opened.has(`/static/assets/main-${FIRST}.js`));
    for (const [path, text] of Object.entries(filesOf(SECOND))) await folder.write(path, text);
    await eventually("the second build", () => opened.has(`/static/assets/main-${SECOND}.js`));
    equal(events.length, 1);
  }));

test("openBuild() waits for the files of the next build", () =>
  withBuild({}, async (opened) => {
    const { build, folder, events } = opened;
    const file = `dist/assets/main-${SECOND}.js`;
    const { [file]: text = "", ...others } = filesOf(SECOND);
    for (const [path, content] of Object.entries(others)) await folder.write(path, content);
    await eventually("a warning", () => events.length > 0);
    match(messages(events)[0] ?? "", /which .* lacks; the last good build stays in use$/);
    equal(build.assets.versionId, versionIdOf(manifestOf(FIRST)));
    await folder.write(file, text);
    await eventually("the second build", () => opened.has(`/static/assets/main-${SECOND}.js`));
    equal(htmlOf(opened), pageOf(SECOND));
  }));

test("openBuild() keeps its URL: a next build for another one is refused", () =>
  withBuild({}, async (opened) => {
    const { build, folder, events } = opened;
    const before = build.current();
    for (const [path, text] of Object.entries(filesOf(SECOND, "/elsewhere/"))) {
      await folder.write(path, text);
    }
    await eventually("a warning", () => messages(events).some((text) => /built for/.test(text)));
    equal(build.current(), before);
    equal(build.assetUrl, "/static/");
  }));

test("openBuild() lists the nearest entry for one that is not in the manifest", () =>
  withBuild({}, ({ build }) => {
    let message = "";
    try {
      build.assets.tags("indx.html");
    } catch (error) {
      message = String(error);
    }
    match(message, /Cannot find "indx\.html" in the manifest.*"index\.html"/);
  }));

test("openBuild() survives links that loop, dangle or lead out", () =>
  withBuild({
    files: { ...filesOf(FIRST), "secret.txt": "secret" },
    async prepare(folder) {
      await folder.link("dist/loop", ".");
      await folder.link("dist/assets/up", "..");
      await folder.link("dist/dangling.js", "nowhere.js");
      await folder.link("dist/out.txt", "../secret.txt");
      await folder.link("dist/alias.js", `assets/main-${FIRST}.js`);
    },
  }, async ({ has, events }) => {
    ok(await has(`/static/assets/main-${FIRST}.js`));
    ok(await has("/static/alias.js"));
    for (const path of ["/static/out.txt", "/static/dangling.js", "/static/loop/alias.js"]) {
      ok(!await has(path), path);
    }
    equal(messages(events).filter((text) => text.startsWith("Cannot serve")).length, 4);
  }));

test("openBuild() tells of files that the manifest lists and nobody has", () => {
  const files = filesOf(FIRST);
  delete files[`dist/assets/main-${FIRST}.js`];
  return withBuild({ files }, ({ events, build }) => {
    match(messages(events)[0] ?? "", /^The manifest lists "assets\/main-.*", which .* lacks$/);
    ok(build.current().template !== undefined);
  });
});

test("openBuild() serves a web app's manifest.json, but not Vite's", async () => {
  const files = { ...filesOf(FIRST), "dist/manifest.json": '{"name":"app","icons":[]}' };
  await withBuild({ files }, async ({ has }) => ok(await has("/static/manifest.json")));
  const { "dist/.vite/manifest.json": manifest = "", ...others } = filesOf(FIRST);
  const laravel = { ...others, "dist/manifest.json": manifest };
  await withBuild({ files: laravel }, async ({ has }) => ok(!await has("/static/manifest.json")));
});

test("openBuild() needs no page: a template engine makes them", () => {
  const { "dist/index.html": _, ...files } = filesOf(FIRST);
  return withBuild({ files, options: { assetUrl: "/static/" } }, ({ build }) => {
    equal(build.current().template, undefined);
    match(build.assets.tags("index.html"), /\/static\/assets\/main/);
  });
});

test("openBuild() takes a page without a head", () =>
  withBuild(
    { files: { ...filesOf(FIRST), "dist/index.html": "<div id=root></div>" } },
    (opened) => {
      const html = opened.build.current().template?.render({ headEnd: "<meta>" }) ?? "";
      ok(html.indexOf("<meta>") < html.indexOf("<div"), html);
      equal(html.replace("<meta>", ""), "<div id=root></div>");
    },
  ));

test("hasBuild() looks for a manifest where it may be", async () => {
  const cases: readonly (readonly [string, SidecarOptions, boolean])[] = [
    ["dist/.vite/manifest.json", {}, true],
    ["dist/manifest.json", {}, true],
    ["out/.vite/manifest.json", { bundleDir: "out" }, true],
    ["dist/m.json", { manifest: "m.json" }, true],
    ["dist/index.html", {}, false],
    ["dist/.vite/manifest.json", { manifest: "m.json" }, false],
  ];
  for (const [path, options, expected] of cases) {
    await inFolder({ [path]: "{}" }, async (folder) => {
      equal(await hasBuild(configOf(folder, options)), expected, path);
    });
  }
});

test("usesReact() reads package.json", async () => {
  const of = (name: string) => ({ "package.json": `{"devDependencies":{"${name}":"^6.0.0"}}` });
  for (const name of ["@vitejs/plugin-react", "@vitejs/plugin-react-swc"]) {
    await inFolder(of(name), async ({ path }) => ok(await usesReact(path)));
  }
  await inFolder(of("@vitejs/plugin-vue"), async ({ path }) => ok(!await usesReact(path)));
  await inFolder({}, async ({ path }) => ok(!await usesReact(path)));
});
