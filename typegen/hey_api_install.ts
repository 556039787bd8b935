/**
 * Finds `@hey-api/openapi-ts`: the project's own, else one that is got for us.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { childEnvironment } from "../sidecar/executor.ts";
import { ancestors, findInstalled } from "../sidecar/installed_package.ts";
import type { ApiTools, ApiTypesRequest } from "./api_request.ts";
import { TypesError } from "./diagnostic.ts";
import {
  HEY_API_VERSION,
  type HeyApiVersions,
  installationProblem,
  PINNED,
  renderPackage,
  TYPESCRIPT_VERSION,
} from "./hey_api_plan.ts";

/** What can be run. */
export interface HeyApiInstallation {
  readonly versions: HeyApiVersions;
  /** What the program imports, in this order; the last one is the generator. */
  readonly modules: readonly string[];
  /** Words of the runtime's command line, before the program. */
  readonly args: readonly string[];
  /** Gets what is not there yet; it may need the network. */
  readonly prepare: () => Promise<void>;
  /** The command that gets it, for when there is no network now. */
  readonly command: string;
}

const INSTALL_TIMEOUT_MS = 120_000;

interface FoundPackage {
  /** Without links: where its own dependencies are looked for. */
  readonly folder: string;
  readonly version: string;
  readonly entry: string;
}

async function findPackage(name: string, from: string): Promise<FoundPackage | undefined> {
  const found = await findInstalled(name, from);
  if (found === undefined) return undefined;
  const { above, manifest: { version = "", exports } } = found;
  const folder = await realpath(join(above, "node_modules", name));
  return { folder, version, entry: exports?.["."]?.import ?? "" };
}

/** The version or the range of a package that a project has, from its `node_modules` or its `deno.json`. */
export async function findVersion(name: string, root: string): Promise<string | undefined> {
  const installed = await findPackage(name, root);
  if (installed !== undefined) return installed.version;
  for (const folder of ancestors(root)) {
    for (const file of ["deno.json", "deno.jsonc"]) {
      const text = await readFile(join(folder, file), "utf8").catch(() => "");
      const start = text.indexOf(`"${name}"`);
      const found = start < 0 ? null : /^:\s*"([^"]*)"/.exec(text.slice(start + name.length + 2));
      if (found !== null) return /@([^@/]*)$/.exec(found[1] ?? "")?.[1] ?? "";
    }
  }
  return undefined;
}

/** Arguments by which each runtime takes packages from `node_modules` alone, and no settings of anybody. */
const ARGUMENTS = {
  deno: ["run", "--allow-all", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=manual"],
  bun: ["--no-env-file"],
  node: [],
} as const;

const ADD_COMMANDS = {
  deno:
    `deno cache npm:typescript@${TYPESCRIPT_VERSION} npm:@hey-api/openapi-ts@${HEY_API_VERSION}`,
  bun: `bun add --dev @hey-api/openapi-ts@${HEY_API_VERSION} typescript@${TYPESCRIPT_VERSION}`,
  node:
    `npm install --save-dev @hey-api/openapi-ts@${HEY_API_VERSION} typescript@${TYPESCRIPT_VERSION}`,
} as const;

/** Finds what can be run; nothing is fetched yet. */
export async function findHeyApi(
  { root, cacheDir, signal }: ApiTypesRequest,
  tools: ApiTools,
): Promise<HeyApiInstallation> {
  const { name } = tools.runtime;
  const own = await findPackage("@hey-api/openapi-ts", root);
  const typescript = own && await findPackage("typescript", own.folder);
  const problem = own &&
    installationProblem({ heyApi: own.version, typescript: typescript?.version });
  if (own !== undefined && problem === undefined) {
    return {
      versions: { heyApi: own.version, typescript: typescript?.version ?? "" },
      modules: [pathToFileURL(join(own.folder, own.entry)).href],
      args: ARGUMENTS[name],
      prepare: () => Promise.resolve(),
      command: ADD_COMMANDS[name],
    };
  }
  if (name === "deno") return ofDeno();
  const folder = join(cacheDir, `hey-api-${PINNED.heyApi}-${PINNED.typescript}`);
  return {
    versions: PINNED,
    modules: [
      pathToFileURL(join(folder, "node_modules/@hey-api/openapi-ts/dist/index.mjs")).href,
    ],
    args: ARGUMENTS[name],
    prepare: () => installInto(folder, tools, signal),
    // Another TypeScript in the project is there for a reason.
    command: problem === undefined ? ADD_COMMANDS[name] : `${name} install --cwd ${folder}`,
  };
}

/** Deno gets packages by itself, into its own cache. */
function ofDeno(): HeyApiInstallation {
  return {
    versions: PINNED,
    modules: [`npm:typescript@${PINNED.typescript}`, `npm:@hey-api/openapi-ts@${PINNED.heyApi}`],
    args: ARGUMENTS.deno.map((word) =>
      word === "--node-modules-dir=manual" ? "--node-modules-dir=none" : word
    ),
    prepare: () => Promise.resolve(),
    command: ADD_COMMANDS.deno,
  };
}

/** Installs beside the place where it is to be: what is there is whole, whoever else does the same. */
async function installInto(folder: string, tools: ApiTools, signal?: AbortSignal): Promise<void> {
  const modules = join(folder, "node_modules");
  const found = await findPackage("@hey-api/openapi-ts", folder);
  if (found?.folder.startsWith(await realpath(folder).catch(() => folder)) === true) return;
  const staging = `${folder}.${randomUUID()}.tmp`;
  const text = renderPackage(PINNED);
  try {
    for (const each of [staging, folder]) {
      await mkdir(each, { recursive: true });
      await writeFile(join(each, "package.json"), text);
    }
    await runInstaller(staging, tools, signal);
    await rename(join(staging, "node_modules"), modules).catch((error: unknown) => {
      // Another process was faster, with the same.
      if (!isTaken(error)) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOTEMPTY" || code === "EEXIST" || code === "EPERM";
}

async function runInstaller(
  cwd: string,
  { runtime, environment }: ApiTools,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [command, args] = runtime.name === "bun"
    ? [runtime.execPath, ["install", "--ignore-scripts", "--no-progress", "--production"]] as const
    : ["npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]] as const;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const options = {
    cwd,
    env: childEnvironment(environment),
    timeout: INSTALL_TIMEOUT_MS,
    killSignal: "SIGKILL",
    ...signal === undefined ? {} : { signal },
  } as const;
  execFile(command, [...args], options, (error, stdout, stderr) => {
    if (error === null) resolve();
    else if (signal?.aborted) reject(signal.reason);
    else reject(new TypesError("missing-package", cwd, lastLine(`${stdout}\n${stderr}`)));
  });
  await promise;
}

function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "it says nothing";
}
