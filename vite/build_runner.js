/**
 * The entry of the process that builds: runs the project's own Vite, first for browsers and then for the server.
 *
 * Plain JavaScript, because it runs under Node, Bun and Deno as it stands. Both builds go into folders that the parent
 * gives, so that what is served now stays as it is until all of it has worked. See `sidecar/build_protocol.ts`.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import {
  describeError,
  end,
  fail,
  importVite,
  isAtLeast,
  modulePlugin,
  openChannel,
  readConfig,
  send,
  writeFiles,
} from "./child.js";

/** Nothing is left to do but to hand over what is written. */
const END_GRACE_MS = 1000;
/** More names than these say no more. */
const MAX_NAMED_FILES = 3;
const BASE_URL_REGEXP = /\bimport\.meta\.env\.BASE_URL\b/;

/** An error in our own words, with what to do about it. */
class BuildError extends Error {
  constructor(message, hint) {
    super(message);
    this.hint = hint;
  }
}

/** The entries that a config names, wherever this version of Vite takes them. */
function inputOf({ input, build = {}, environments }) {
  const { rolldownOptions, rollupOptions, lib } = { ...build, ...environments?.client?.build };
  return environments?.client?.input ?? input ?? rolldownOptions?.input ?? rollupOptions?.input ??
    (lib ? lib.entry : undefined);
}

const bundlerKey = (version) => isAtLeast(version, 8, 0) ? "rolldownOptions" : "rollupOptions";

/** Gives entries by the name that this version of Vite does not call deprecated. */
function giveInput(config, version, input) {
  const key = bundlerKey(version);
  config.build[key] = { ...config.build[key], input };
}

const rootOf = (config) => resolve(config.root ?? ".");

/** Overrules what `vite.config` says, before other plugins look at it. */
function createOverrides(target, { given }, version) {
  let said = {};
  const plugin = {
    name: "lv-sidecar-overrides",
    enforce: "pre",
    config: {
      order: "pre",
      handler(config) {
        said = readConfig(config);
        config.build ??= {};
        const { build } = config;
        if (given.base !== undefined) config.base = given.base;
        // What would keep the process from ending, or from writing.
        Object.assign(build, { watch: null, write: true });
        // What is in publicDir is for browsers.
        if (target === "ssr") return void Object.assign(build, { copyPublicDir: false });
        build.ssr = false;
        if (given.manifest !== undefined) build.manifest = given.manifest;
        if (given.input !== undefined) {
          // Vite 8.3 has them at the top as well, where they count for more.
          delete config.input;
          giveInput(config, version, given.input.map((file) => resolve(rootOf(config), file)));
        }
      },
    },
  };
  return { plugin, said: () => said };
}

/** Where the files are to be in the end. */
function wantedFolder(target, config, { given, defaults, bundleDir }) {
  const root = rootOf(config);
  const named = config.environments?.[target]?.build?.outDir ?? config.build.outDir;
  const folder = named === undefined ? undefined : resolve(root, named);
  if (target === "client") return given.bundleDir ?? folder ?? defaults.bundleDir;
  // Where `vite.config` names one folder for both builds, it means that of the browsers.
  return given.ssrDir ?? (folder === bundleDir ? undefined : folder) ?? defaults.ssrDir;
}

/** Sends the files to the parent's folder. */
function redirect(target, config, folders, version) {
  const key = bundlerKey(version);
  const own = config.environments?.[target]?.build;
  for (const build of own === undefined ? [config.build] : [config.build, own]) {
    Object.assign(build, { outDir: folders.staging, emptyOutDir: true });
  }
  const build = own?.[key]?.output === undefined ? config.build : own;
  const output = build[key]?.output ?? {};
  const keep = (options) => keepSourcePaths(options, folders);
  build[key] = { ...build[key], output: Array.isArray(output) ? output.map(keep) : keep(output) };
}

/** A source map names sources by their way from the map, which is going to be elsewhere. */
function keepSourcePaths(output, { staging, outDir }) {
  const { sourcemapPathTransform } = output;
  return {
    ...output,
    sourcemapPathTransform(source, mapPath) {
      const finalPath = join(outDir, relative(staging, mapPath));
      const path = relative(dirname(finalPath), resolve(dirname(mapPath), source));
      const way = path.replaceAll("\\", "/");
      return sourcemapPathTransform === undefined ? way : sourcemapPathTransform(way, finalPath);
    },
  };
}

/** Fills in what neither the user nor a plugin said. */
function fillIn(config, { defaults }, version) {
  const { build } = config;
  const isPageless = !existsSync(join(rootOf(config), "index.html"));
  config.base ??= defaults.base;
  config.publicDir ??= defaults.publicDir;
  // Without the list, nobody can tell which file is which.
  if (!build.manifest) build.manifest = defaults.manifest ?? true;
  // A template asks for files by their names: one that became part of another has none.
  if (isPageless) build.assetsInlineLimit ??= 0;
  if (inputOf(config) !== undefined) return { isPageless };
  if (defaults.input !== undefined) {
    giveInput(config, version, defaults.input.map((file) => resolve(rootOf(config), file)));
  } else if (isPageless) {
    throw new BuildError(
      `Cannot build "${rootOf(config)}": it has no index.html, and nobody names an entry`,
      'name what your pages load: --input src/main.ts, or the option "input"',
    );
  }
  return { isPageless };
}

/** Notes which of the user's modules look at the base; it differs from development where we choose it. */
function baseUsePlugin(found) {
  return {
    name: "lv-sidecar-base-use",
    transform: {
      order: "pre",
      handler(code, id) {
        const [file] = id.split("?");
        if (found.length >= MAX_NAMED_FILES || !isAbsolute(file)) return;
        if (/[\\/]node_modules[\\/]/.test(file) || !BASE_URL_REGEXP.test(code)) return;
        const path = relative(this.environment?.config.root ?? ".", file);
        if (!found.includes(path)) found.push(path);
      },
    },
  };
}

/** What the parent wants to know of a build. */
function describe({ config, said, usesBase, isPageless }, folder) {
  const { base, build, publicDir, root, experimental } = config;
  const importMap = build.chunkImportMap ? "importmap.json" : undefined;
  return {
    root,
    base: experimental?.renderBuiltUrl === undefined ? base : null,
    assetsDir: build.assetsDir,
    publicDir: publicDir || "",
    manifest: build.manifest === true ? ".vite/manifest.json" : build.manifest,
    importMap: importMap !== undefined && existsSync(join(folder, importMap))
      ? importMap
      : undefined,
    said,
    usesBase,
    isPageless,
  };
}

/** Builds for one target. */
async function buildTarget(vite, target, options) {
  const usesBase = [];
  let resolved;
  let emptyOutDir;
  let outDir;
  let filled = { isPageless: false };
  const staging = target === "client" ? options.clientStaging : options.ssrStaging;
  const { plugin, said } = createOverrides(target, options, vite.version);
  const last = {
    name: "lv-sidecar-build",
    enforce: "post",
    config: {
      order: "post",
      handler(config) {
        config.build ??= {};
        if (target === "client") filled = fillIn(config, options, vite.version);
        else config.base ??= options.defaults.base;
        outDir = wantedFolder(target, config, options);
        emptyOutDir = config.build.emptyOutDir;
        if (target === "client" && ssrEntryOf(options, config) !== undefined) {
          config.build.ssrManifest ??= true;
        }
        redirect(target, config, { outDir, staging }, vite.version);
      },
    },
    configResolved(config) {
      resolved = config;
    },
  };
  await vite.build({
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    logLevel: options.logLevel,
    clearScreen: false,
    // Here, and not in a hook: a function in vite.config is told of it.
    ...(target === "ssr" ? { build: { ssr: options.ssrEntry } } : {}),
    plugins: [plugin, modulePlugin(options.modules), baseUsePlugin(usesBase), last],
  });
  const told = describe({ config: resolved, said: said(), usesBase, ...filled }, staging);
  send({ event: "built", target, outDir, emptyOutDir, ...told });
  return { outDir, ssrEntry: ssrEntryOf(options, resolved) ?? said().ssr };
}

/** The module that renders pages: the parent's word, else that of our plugin in `vite.config`. */
function ssrEntryOf({ given }, config) {
  if (given.ssrEntry !== undefined) return given.ssrEntry;
  const plugins = (config.plugins ?? []).flat(Infinity);
  return plugins.find((plugin) => plugin?.name === "lv-sidecar-vite")?.api.ssrEntry();
}

async function main() {
  const options = await openChannel();
  const vite = await importVite(options.root);
  writeFiles(options.files);
  send({ event: "building", target: "client", version: vite.version });
  let target = "client";
  try {
    const { outDir: bundleDir, ssrEntry } = await buildTarget(vite, target, options);
    if (ssrEntry !== undefined) {
      target = "ssr";
      send({ event: "building", target, version: vite.version });
      await buildTarget(vite, target, { ...options, bundleDir, ssrEntry });
    }
  } catch (error) {
    send({ event: "failed", target, hint: error?.hint, ...describeError(error) });
    return end(1, END_GRACE_MS);
  }
  send({ event: "done" });
  end(0, END_GRACE_MS);
}

main().catch(fail);
