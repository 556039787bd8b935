/**
 * What the programs inside the Vite process share: the channel to the parent, the project's Vite, how an error is told,
 * and the parent's own modules and files.
 *
 * @module
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";

/** The parent may be gone: nothing more than this may pass between its end and ours. */
const END_OF_INPUT_GRACE_MS = 80;
/** Somebody asked politely: plugins may finish what they write. */
const SIGTERM_GRACE_MS = 1000;
const MAX_ERROR_LINES = 20;
const MAX_ERROR_COLUMNS = 240;

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

/** Imports the Vite that the project's own code would get. */
export async function importVite(root) {
  let manifest;
  try {
    manifest = createRequire(join(root, "package.json")).resolve("vite/package.json");
  } catch {
    return await import("vite");
  }
  const entry = entryOfPackage(JSON.parse(readFileSync(manifest, "utf8")));
  if (entry === undefined) return await import("vite");
  return await import(pathToFileURL(join(dirname(manifest), entry)).href);
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
