/**
 * How a runtime is told to run Vite, what it gets to see of our environment, and what to say when it can't.
 *
 * @module
 */
import type { Executor } from "./config_types.ts";
import type { Framework } from "./framework.ts";

/** Vite can't be started, and would not be if tried again at once. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
  /** The next thing to do, as a sentence without its full stop, or a command. */
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** What to start. */
export interface Launch {
  readonly executor: Executor;
  /** Absolute path of the runtime. */
  readonly command: string;
  readonly args: readonly string[];
  /** Vite's working directory. */
  readonly cwd: string;
  readonly viteVersion: string;
  /** Variables that the process must not inherit; see {@linkcode dotenvNames}. */
  readonly unset?: readonly string[];
}

/** The words after the runtime's own name. */
export function executorArguments(
  executor: Executor,
  runnerPath: string,
  { isInstalledByDeno, conditions = [] }: {
    readonly isInstalledByDeno: boolean;
    /** Conditions of package exports beside the usual ones. */
    readonly conditions?: readonly string[];
  },
): readonly string[] {
  const named = conditions.map((condition) => `--conditions=${condition}`);
  switch (executor) {
    case "node":
      return [...named, runnerPath];
    case "bun":
      // Bun would put .env into the environment, where it beats what Vite reads from .env after an edit.
      return ["--no-env-file", ...named, runnerPath];
    case "deno":
      // With "auto" or "none" in deno.json, Deno does not see what another package manager installed.
      return [
        "run",
        "--allow-all",
        ...named,
        ...(isInstalledByDeno ? [] : ["--node-modules-dir=manual"]),
        runnerPath,
      ];
  }
}

/** Names of what the app keeps to itself. `PWD` and `HTTP_PROXY` are not among them; `DB_PWD` is. */
const SECRET_NAME_REGEXP =
  /TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|AUTH(?!OR)|SESSION|COOKIE|_PWD$|(?:^|_)(?:DSN|KEY|KEYS|SALT|PEPPER)$/;
/** Case: "postgres://user:password@host/db" -> a match */
const CREDENTIALS_REGEXP = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:[^\s/@]+@/i;
/** Names that look like a secret and tell tools about the terminal or the desktop. */
const HARMLESS_NAME_REGEXP =
  /^(?:XDG_SESSION_\w+|DESKTOP_SESSION|SESSION_MANAGER|SSH_AUTH_SOCK|XAUTHORITY)$/;
const PROXY_NAME_REGEXP = /^(?:HTTPS?|ALL|NO)_PROXY$/;

function isInherited(name: string, value: string): boolean {
  // Names are compared without case: Windows writes "Path", npm writes "npm_config_cache".
  const upper = name.toUpperCase();
  // What starts with VITE_ goes to the browser anyway, and a proxy's address is needed with its password.
  if (upper.startsWith("VITE_") || PROXY_NAME_REGEXP.test(upper)) return true;
  if (HARMLESS_NAME_REGEXP.test(upper)) return true;
  return !SECRET_NAME_REGEXP.test(upper) && !CREDENTIALS_REGEXP.test(value);
}

/**
 * What the Vite process sees of our environment: all that `vite` itself would see, for a `vite.config` may read anything,
 * except what looks like a key of the app's sessions, databases and services. A plugin of a plugin runs there too.
 *
 * @param added What the user wants to hand on beside that; `undefined` takes a variable away.
 */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const all = [
    ...Object.entries(own).filter(([name, value]) => isInherited(name, value ?? "")),
    ...Object.entries(added),
  ];
  const environment: Record<string, string> = {};
  for (const [name, value] of all) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}

/** The files that Bun reads into its own environment, beside those of other modes than Vite's usual one. */
export const DOTENV_FILES: readonly string[] = [
  ".env",
  ".env.development",
  ".env.local",
  ".env.development.local",
];

/**
 * Names of variables that come from a `.env` file, as their values are the same.
 *
 * Bun, when it runs us, puts the file into our environment. Handed on to Vite they would beat what Vite reads from the
 * file itself, and an edit of it would change nothing.
 */
export function dotenvNames(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const names: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([\w.-]+)\s*=\s*("[^"]*"|'[^']*'|[^#]*)/.exec(line);
    if (match === null) continue;
    const [, name = "", value = ""] = match;
    if (environment[name] === value.trim().replace(/^(["'])(.*)\1$/, "$2")) names.push(name);
  }
  return names;
}

/** What was found of the project on the way from its root upwards. */
export interface ProjectTraces {
  /** Absolute path. */
  readonly root: string;
  /** Names of files in the root and its ancestors. */
  readonly files: ReadonlySet<string>;
  /** Whether `package.json` or `deno.json` names Vite. */
  readonly listsVite: boolean;
}

/** The files that {@linkcode explainMissingVite} wants to know of. */
export const TRACE_FILES = [
  "package.json",
  "deno.json",
  "deno.jsonc",
  "node_modules",
  ".pnp.cjs",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
  "package-lock.json",
] as const;

/** The package manager whose traces are there. */
function packageManager(files: ReadonlySet<string>): "npm" | "pnpm" | "yarn" | "bun" | "deno" {
  if (files.has("pnpm-lock.yaml")) return "pnpm";
  if (files.has("yarn.lock")) return "yarn";
  if (files.has("bun.lock") || files.has("bun.lockb")) return "bun";
  if (files.has("package-lock.json")) return "npm";
  if (files.has("deno.lock")) return "deno";
  return files.has("package.json") ? "npm" : "deno";
}

const ADD_VITE = {
  npm: "npm install --save-dev vite",
  pnpm: "pnpm add --save-dev vite",
  yarn: "yarn add --dev vite",
  bun: "bun add --dev vite",
  deno: 'deno add --dev npm:vite, with "nodeModulesDir": "auto" in deno.json',
} as const;

/** Says why there is no Vite to run, and what to do. */
export function explainMissingVite({ root, files, listsVite }: ProjectTraces): LaunchError {
  const action = `Cannot find Vite for "${root}"`;
  const hasManifest = files.has("package.json") || files.has("deno.json") ||
    files.has("deno.jsonc");
  if (!hasManifest) {
    return new LaunchError(
      `${action}: there is no package.json`,
      "choose the front end's folder with --root, or make one with: npm create vite@latest",
    );
  }
  if (files.has(".pnp.cjs")) {
    return new LaunchError(
      `${action}: Yarn keeps it in .pnp.cjs`,
      'set "nodeLinker: node-modules" in .yarnrc.yml and run: yarn install',
    );
  }
  const manager = packageManager(files);
  if (!listsVite) {
    return new LaunchError(
      `${action}: the project does not list it`,
      `run in the root: ${ADD_VITE[manager]}`,
    );
  }
  return new LaunchError(
    files.has("node_modules")
      ? `${action}: it is listed, but node_modules does not have it`
      : `${action}: nothing is installed, there is no node_modules`,
    `run in the root: ${manager} install`,
  );
}

/** Says that a runtime which the user asked for is not there. */
export function explainMissingExecutor(executor: Executor): LaunchError {
  return new LaunchError(
    `Cannot run Vite under "${executor}": it is not on the PATH`,
    `install ${executor}, or choose another one with --executor node, bun or deno`,
  );
}

/** Says that a runtime is too old. */
export function explainOldExecutor(
  executor: Executor,
  version: string,
  wanted: string,
  name = "Vite",
): LaunchError {
  return new LaunchError(
    `Cannot run ${name} under ${executor} ${version}: this ${name} wants ${wanted}`,
    executor === "node" && name !== "Vite"
      ? "update node, take one from npm with: npm install --save-dev node@22 (its folder first in PATH), " +
        "or choose another one with --executor bun or deno"
      : `update ${executor}, or choose another one with --executor node, bun or deno`,
  );
}

/** Says that a framework is older than what is known to work here. */
export function explainOldFramework(
  { title, package: name, oldest }: Pick<Framework, "title" | "package" | "oldest">,
  version: string,
): LaunchError {
  return new LaunchError(
    `Cannot run ${title} ${version}: the oldest that works here is ${oldest.join(".")}`,
    `update it with: npm install ${name}@latest`,
  );
}

/** Says that a framework is not installed. */
export function explainMissingFramework(
  { title, package: name }: Pick<Framework, "title" | "package">,
  root: string,
): LaunchError {
  return new LaunchError(
    `Cannot find ${title} for "${root}": no node_modules above it has ${name}`,
    "run in the root: npm install",
  );
}

/** Says that the project's Vite is too old. */
export function explainOldVite(version: string): LaunchError {
  return new LaunchError(
    `Cannot run Vite ${version}: the oldest that works here is 6.0.0`,
    "update it with: npm install --save-dev vite@latest",
  );
}

/** What to do about an error that Vite reports. */
export function hintForError(message: string, configName = "vite.config"): string {
  if (/already in use|EADDRINUSE/.test(message)) {
    return "end what uses the port, or choose another one";
  }
  // Case: Cannot find package 'x' (Node, Bun), Import "x" not a dependency (Deno), Could not resolve 'x' (Vite 8).
  const missing = /(?:Cannot find (?:package|module)|Import|resolve) ["']([^"']+)["']/.exec(
    message,
  );
  if (missing !== null && !/^[./]|^[A-Za-z]:|^file:/.test(missing[1] ?? "")) {
    return `install what ${configName} imports; it is tried again when that is done`;
  }
  return `mend ${configName}; it is tried again when the file changes`;
}

/** The files whose change may help a Vite that could not be started, relative to the root. */
export const MENDING_FILES: readonly string[] = [
  ...["vite", "astro", "nuxt", "react-router"].flatMap((name) =>
    ["js", "mjs", "ts", "cjs", "mts", "cts"].map((end) => `${name}.config.${end}`)
  ),
  "package.json",
  "deno.json",
  ".env",
  "node_modules/.package-lock.json",
  "node_modules/vite/package.json",
];
