/**
 * Finds a project's framework and its build, and runs the server of a build.
 *
 * @module
 */
import { readFile, stat } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { join, resolve } from "@std/path";
import { nodeServerArguments } from "../runtime/node_server.ts";
import type { Runtime } from "../runtime/types.ts";
import type { Config } from "./config_types.ts";
import type { Launch } from "./executor.ts";
import {
  detectFramework,
  explainNoFramework,
  type Framework,
  type FrameworkOutput,
  FRAMEWORKS,
  serverEnvironment,
} from "./framework.ts";
import type { SidecarEvent } from "./links.ts";
import { findRuntime } from "./vite_launch.ts";
import { linkToProcess, type OwnedViteLink, type ViteLinkOptions } from "./vite_link.ts";
import { createViteProcess, type ViteProcess } from "./vite_process.ts";

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

/**
 * Finds the framework that makes a project's pages, if one does.
 *
 * @throws {Error} If the configuration asks for one and there is none.
 */
export async function findFramework(
  { root, pages, framework }: Pick<Config, "root" | "pages" | "framework">,
): Promise<Framework | undefined> {
  if (pages !== undefined && pages !== "framework") return undefined;
  if (framework !== undefined) return FRAMEWORKS[framework];
  const manifest = await readFile(join(root, "package.json"), "utf8").catch(() => "");
  const found = detectFramework(manifest);
  if (pages === "framework") {
    if (found === undefined) throw new Error(explainNoFramework(root));
    return found;
  }
  // A page of Vite's own beside the dependency: then the framework is a guest there.
  return await isThere(join(root, "index.html")) ? undefined : found;
}

/** The folders in which both a project and its app may have endpoints below `/api`. */
export async function findApiSources(root: string, framework: Framework): Promise<string[]> {
  const found = await Promise.all(framework.apiSources.map((path) => isThere(join(root, path))));
  return framework.apiSources.filter((_, index) => found[index]);
}

/** A build of a framework. */
export interface FrameworkBuild {
  /** Absolute path of all of it. */
  readonly dir: string;
  /** Its server; `undefined` of a site of files. */
  readonly server:
    | { readonly entry: string; readonly serves: FrameworkOutput["serves"] }
    | undefined;
  /** Absolute path of what browsers load; `undefined` where a server has nothing of that. */
  readonly browserDir: string | undefined;
  /** The part of that which is ours to serve, as a prefix of paths; of a site all of it. */
  readonly ours: string;
}

/** Finds a build where the framework puts it, or where `bundleDir` says. */
export async function findFrameworkBuild(
  { root, bundleDir }: Pick<Config, "root" | "bundleDir">,
  { outputs }: Framework,
): Promise<FrameworkBuild | undefined> {
  for (const output of outputs) {
    const found = await findOutput(root, bundleDir, output);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findOutput(
  root: string,
  bundleDir: string,
  output: FrameworkOutput,
): Promise<FrameworkBuild | undefined> {
  // What differs from the default was chosen.
  const isChosen = bundleDir !== resolve(root, "dist");
  const dir = isChosen ? bundleDir : resolve(root, output.dir);
  const entry = join(dir, output.server);
  if (await isThere(entry)) {
    const browserDir = join(dir, output.browser);
    return {
      dir,
      server: { entry, serves: output.serves },
      browserDir: await isThere(browserDir) ? browserDir : undefined,
      ours: output.hashed === "" ? "/" : `/${output.hashed}/`,
    };
  }
  const site = join(dir, output.site);
  if (!await isThere(site)) return undefined;
  return { dir, server: undefined, browserDir: site, ours: "/" };
}

/** Says that there is nothing to serve. */
export function explainNoBuild(root: string, { title, outputs }: Framework): Error {
  const places = outputs.map(({ dir }) => `"${join(root, dir)}"`).join(" and ");
  const error = new Error(`Cannot serve the build of ${title}: there is none in ${places}`);
  const hint = 'run the command "build" first; "dev" serves the sources without a build';
  return Object.assign(error, { hint });
}

/** The server of a build, which we run and look after. */
export interface FrameworkServer {
  readonly link: OwnedViteLink;
  /** Starts it, once. @param added Variables of its environment beside ours. */
  start(added: Readonly<Record<string, string>>): void;
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** What {@linkcode openFrameworkServer} works with. */
export interface FrameworkServerOptions extends ViteLinkOptions {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly framework: Framework;
  readonly server: NonNullable<FrameworkBuild["server"]>;
  readonly emit: (event: SidecarEvent) => void;
}

/** Opens the server of a build; it is not started yet. */
export function openFrameworkServer(options: FrameworkServerOptions): FrameworkServer {
  const begun = Promise.withResolvers<ViteProcess>();
  let running: ViteProcess | undefined;
  let isClosed = false;
  const start = (added: Readonly<Record<string, string>>): void => {
    if (running !== undefined || isClosed) return;
    running = startServer(options, added);
    begun.resolve(running);
  };
  const link = linkToProcess(
    { whenStarted: begun.promise, start: () => start({}) },
    "/",
    { ...options, name: options.framework.title },
  );
  return {
    link,
    start,
    async ready() {
      start({});
      await running?.ready();
    },
    async close() {
      isClosed = true;
      link.close();
      await running?.stop();
    },
  };
}

/** Where a server would listen if it were asked for another place than ours. */
const FOREIGN_ADDRESSES = ["SOCKET_PATH", "NITRO_UNIX_SOCKET", "LISTEN_PID", "LISTEN_FDS"];

function startServer(
  { config, runtime, env, framework, server, emit }: FrameworkServerOptions,
  added: Readonly<Record<string, string>>,
): ViteProcess {
  const kept = Object.entries(env).filter(([name, value]) =>
    value !== undefined && !FOREIGN_ADDRESSES.includes(name)
  );
  const launch = async (): Promise<Launch> => {
    const { executor, command } = await findServerRuntime(config, runtime, env.PATH ?? "");
    const args = nodeServerArguments(executor);
    return { executor, command, args, cwd: config.root, viteVersion: "" };
  };
  return createViteProcess({
    launch,
    runner: {
      root: config.root,
      server: { entry: pathToFileURL(server.entry).href, serves: server.serves },
    },
    environment: {
      // Of each the value was looked at.
      ...Object.fromEntries(kept) as Record<string, string>,
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: "0",
      ...serverEnvironment(framework, env),
      ...added,
    },
    name: framework.title,
    // It said that it listens, and a page that nobody wants could cost a lot.
    isProbed: false,
    hintFor: () => "build it again, and look at the lines above",
    startTimeoutMs: config.timeouts.startMs,
    log: (line) => emit({ kind: "output", from: "ssr", line }),
  });
}

/** The runtime that runs the build: the one that was asked for, else ours, so that an image needs no other. */
async function findServerRuntime(
  { vite }: Config,
  { name }: Runtime,
  path: string,
): Promise<Pick<Launch, "executor" | "command">> {
  const own = { name, execPath: process.execPath };
  const executor = vite.kind === "managed" ? vite.executor : undefined;
  return await findRuntime({ executor: executor ?? name, runtime: own, path });
}
