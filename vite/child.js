/**
 * What the programs inside the Vite process share: the channel to the parent, the project's Vite, how an error is told,
 * and the parent's own modules and files.
 *
 * @module
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The parent may be gone: nothing more than this may pass between its end and ours. */
const END_OF_INPUT_GRACE_MS = 80;
/** Somebody asked politely: plugins may finish what they write. */
const SIGTERM_GRACE_MS = 1000;
const MAX_ERROR_LINES = 20;
const MAX_ERROR_COLUMNS = 240;
const MENDING_POLL_MS = 150;
/** Follows no more local imports of a broken configuration than this. */
const MAX_CONFIG_FILES = 50;
const CONFIG_NAMES = ["vite", "astro", "nuxt", "react-router"].flatMap((name) =>
  ["js", "mjs", "ts", "cjs", "mts", "cts"].map((end) => `${name}.config.${end}`)
);
const LOCAL_IMPORT_REGEXP = /(?:from|import|require)\s?\(?\s?["'](\.{1,2}\/[^"'\n]+)["']/g;
/** What makes the browser's HMR client leave the page's own origin, and with it the one port. */
const ORIGIN_KEYS = ["protocol", "host", "port", "clientPort"];

const writeOut = process.stdout.write.bind(process.stdout);
let nonce = "";
let ending = false;
/** Lets go of what is to be closed before the end. */
let close = () => {};

/**
 * Opens the channel: from now on standard output is the parent's, and the end of standard input is our end.
 *
 * @param closing Closes what has to be closed before the end.
 * @param hear Gets what the parent says later, line by line.
 * @returns The parent's options. Their root is the working directory from now on: as Vite's `root` option it would
 *   overrule a root that the user's config names.
 */
export async function openChannel(closing = () => {}, hear = () => {}) {
  close = closing;
  redirectConsole();
  process.on("SIGTERM", () => end(0, SIGTERM_GRACE_MS));
  // The terminal sends these to the whole group; the parent decides, and closes our input.
  process.on("SIGINT", () => {});
  process.on("SIGHUP", () => {});
  const options = await readOptions(hear);
  nonce = options.nonce;
  process.chdir(options.root);
  return options;
}

/** Says one thing to the parent. */
export function send(message) {
  writeOut(`${JSON.stringify({ lv: nonce, ...message })}\n`);
}

/** Keeps standard output for the control channel: everybody else's words go to standard error. */
function redirectConsole() {
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (const name of ["log", "info", "debug"]) {
    console[name] = (...values) => console.error(...values);
  }
  // A parent that is gone takes the pipes with it; the end of standard input tells us, not EPIPE.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
}

/** Closes what can be closed in time, and exits. */
export function end(code, graceMs) {
  if (ending) return;
  ending = true;
  const exit = () => process.exit(code);
  setTimeout(exit, graceMs);
  const flushed = new Promise((resolve) => writeOut("", resolve));
  Promise.all([flushed, close()]).then(exit, exit);
}

/** Resolves to the parent's options; from then on the end of standard input is our end. */
function readOptions(hear) {
  const { stdin } = process;
  for (const event of ["end", "close", "error"]) {
    stdin.on(event, () => end(0, END_OF_INPUT_GRACE_MS));
  }
  return new Promise((resolve) => {
    let text = "";
    let take = (line) => {
      take = hear;
      resolve(line);
    };
    stdin.setEncoding("utf8");
    // Reading on after the first line is what makes "end" fire at all.
    stdin.on("data", (chunk) => {
      const lines = (text + chunk).split("\n");
      text = lines.pop();
      for (const line of lines) take(JSON.parse(line));
    });
  });
}

/** Says what is fatal, and leaves. */
export function fail(error) {
  console.error(error);
  send({ event: "error", phase: "fatal", ...describeError(error) });
  end(1, END_OF_INPUT_GRACE_MS);
}

/** Whether Vite's version is at least `major.minor`. */
export function isAtLeast(version, major, minor) {
  const [ownMajor, ownMinor] = version.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** The file that `import "vite"` means: of a package's exports the ESM one, whose condition differs by major. */
function entryOfPackage({ exports }) {
  let entry = exports?.["."];
  while (entry !== null && typeof entry === "object") entry = entry.import ?? entry.default;
  return entry;
}

/** The manifest of a package that the project's own code would get; some packages do not export theirs. */
function findManifest(root, name) {
  try {
    return createRequire(join(root, "package.json")).resolve(`${name}/package.json`);
  } catch {
    for (let folder = root; folder !== dirname(folder); folder = dirname(folder)) {
      const path = join(folder, "node_modules", name, "package.json");
      if (existsSync(path)) return realpathSync(path);
    }
    return undefined;
  }
}

/** Imports a package that the project's own code would get. */
export async function importPackage(root, name) {
  const manifest = findManifest(root, name);
  if (manifest === undefined) return await import(name);
  const entry = entryOfPackage(JSON.parse(readFileSync(manifest, "utf8")));
  if (entry === undefined) return await import(name);
  return await import(pathToFileURL(join(dirname(manifest), entry)).href);
}

/** Imports the Vite that the project's own code would get. */
export function importVite(root) {
  return importPackage(root, "vite");
}

/** The version of a package that the project's own code would get. */
export function versionOf(root, name) {
  const manifest = findManifest(root, name);
  return manifest === undefined ? "" : JSON.parse(readFileSync(manifest, "utf8")).version ?? "";
}

/** Text without colours, and without the kilobytes of source that bundlers quote. */
export function plainText(value) {
  const lines = stripVTControlCharacters(String(value)).split("\n");
  return lines.slice(0, MAX_ERROR_LINES).map((line) => line.slice(0, MAX_ERROR_COLUMNS)).join("\n");
}

/** The first frame of a stack that is the user's own code, of which a vite.config has few. */
function placeInStack(stack) {
  for (const line of String(stack ?? "").split("\n")) {
    const match = /^\s+at .*?\(?((?:file:\/\/)?\/?[^\s()]+):(\d+):(\d+)\)?$/.exec(line);
    if (match === null || /node_modules|node:|native:|ext:/.test(line)) continue;
    const file = match[1].replace(/^file:\/\//, "").replace(/\?.*$/, "");
    return { file, line: Number(match[2]), column: Number(match[3]) };
  }
  return undefined;
}

/** What the parent wants to know of an error. */
export function describeError(error) {
  const text = (value) => value === undefined ? undefined : plainText(value);
  const place = error?.loc ?? placeInStack(error?.stack);
  return {
    message: text(error?.message ?? error),
    frame: text(error?.frame),
    file: text(place?.file ?? error?.id),
    line: place?.line,
    column: place?.column,
    code: text(error?.code),
  };
}

/** What the user's `vite.config` says, before anybody adds to it. */
export function readConfig({ base, build = {}, environments }) {
  const client = environments?.client?.build ?? {};
  const { outDir = build.outDir, manifest = build.manifest } = client;
  return { base, outDir, manifest, ssr: typeof build.ssr === "string" ? build.ssr : undefined };
}

/** Static props from the parent, as modules. */
export function modulePlugin(modules = {}) {
  return {
    name: "lv-sidecar-modules",
    enforce: "pre",
    resolveId: (id) => Object.hasOwn(modules, id) ? `\0${id}` : undefined,
    load: (id) => id.startsWith("\0") ? modules[id.slice(1)] : undefined,
  };
}

/** Writes generated files; one that is as it should be stays untouched, for watchers would start. */
export function writeFiles(files = []) {
  for (const { path, text } of files) {
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Deletes what the user's config says of the HMR client's way to the server. */
export function removeOrigin(name, options) {
  if (options === null || typeof options !== "object") return;
  for (const key of ORIGIN_KEYS) {
    if (options[key] === undefined) continue;
    const value = JSON.stringify(options[key]);
    delete options[key];
    send({
      event: "warning",
      message: `Ignored server.${name}.${key} = ${value}: one port serves the sockets too`,
    });
  }
}

/** Adds the front's hosts to the user's; never takes one away. */
export function addAllowedHosts(server, added) {
  if (server.allowedHosts === true || added === undefined) return;
  server.allowedHosts = added === true ? true : [...(server.allowedHosts ?? []), ...added];
}

/** What the parent wants to know of a configuration. */
export function describeServer({ config }) {
  const sockets = [config.server.ws, config.server.hmr].find((options) =>
    options?.path !== undefined
  );
  return {
    base: config.base,
    appType: config.appType,
    allowedHosts: config.server.allowedHosts ?? [],
    root: config.root,
    publicDir: config.publicDir,
    token: config.webSocketToken,
    hmrPath: sockets === undefined
      ? config.base
      : join(config.base, sockets.path).replaceAll("\\", "/"),
    // Those of React have names as if they were Vite's own.
    plugins: config.plugins.map(({ name }) => name).filter((name) =>
      !/^(?:vite:(?!react)|builtin:|lv-)/.test(name)
    ),
  };
}

/** The files whose change may mend a broken start: the config, what it imports from near it, and what is installed. */
function filesToMend(root) {
  const files = new Set([
    ...CONFIG_NAMES.map((name) => join(root, name)),
    join(root, "package.json"),
    join(root, "node_modules", ".package-lock.json"),
    ...[".env", ".env.local", ".env.development", ".env.development.local"].map((name) =>
      join(root, name)
    ),
  ]);
  for (const file of files) {
    if (files.size > MAX_CONFIG_FILES) break;
    if (!/\.[cm]?[jt]s$/.test(file)) continue;
    let text = "";
    try {
      text = readFileSync(file, "utf8");
    } catch {
      continue;
    }
    for (const [, path] of text.matchAll(LOCAL_IMPORT_REGEXP)) {
      for (const end of ["", ".ts", ".js", ".mts", ".mjs"]) {
        files.add(resolve(dirname(file), path + end));
      }
    }
  }
  return [...files];
}

/** One string that differs after any of the files changed. */
export function stampOf(files) {
  return files.map((file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat === undefined ? "-" : `${stat.mtimeMs}:${stat.size}`;
  }).join();
}

/** Resolves when one of the files was changed since `stamp`. */
function changeOf(files, stamp) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (stampOf(files) === stamp) return;
      clearInterval(timer);
      resolve();
    }, MENDING_POLL_MS);
  });
}

/**
 * Starts something; when its configuration throws, says so and tries again whenever a file that may be the reason is
 * changed.
 *
 * @param onFailure Clears what a failed start leaves behind.
 */
export async function startUntilItWorks(start, root, onFailure = () => {}) {
  for (;;) {
    const files = filesToMend(root);
    const stamp = stampOf(files);
    try {
      return await start();
    } catch (error) {
      console.error(error);
      onFailure();
      send({ event: "error", phase: "start", ...describeError(error) });
    }
    await changeOf(files, stamp);
    send({ event: "starting" });
  }
}
