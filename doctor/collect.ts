/**
 * Collects a snapshot: each part on its own, within its time.
 *
 * @module
 */
import { resolve } from "node:path";
import type { Config } from "../sidecar/config_types.ts";
import { childEnvironment, LaunchError } from "../sidecar/executor.ts";
import { findLitestarBridge } from "../sidecar/litestar_bridge.ts";
import { prepareLaunch } from "../sidecar/vite_launch.ts";
import { collectFiles } from "./collect_files.ts";
import { collectManifests, collectPackages } from "./collect_packages.ts";
import {
  collectBuild,
  collectLeftovers,
  collectRuntimes,
  collectSystem,
  type OwnRuntime,
} from "./collect_project.ts";
import { absentPart, knownPart, type Part } from "./part.ts";
import type { LiveFacts, OptionsFacts, Snapshot, TypesFacts, ViteFacts } from "./snapshot.ts";
import { askVite } from "./vite_config.ts";

/** What a snapshot is made of. */
export interface CollectRequest {
  /** Absolute. */
  readonly root: string;
  readonly options: OptionsFacts;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly runtime: OwnRuntime;
  /** Files of our own that say where a sidecar runs. */
  readonly runFiles: readonly {
    readonly path: string;
    readonly text: string;
    readonly pid: number;
  }[];
  /** Looks at the generated types. */
  readonly types: (signal: AbortSignal) => Promise<Part<TypesFacts>>;
  /** Looks at what runs; `undefined` if nobody asked for it. */
  readonly live?: ((signal: AbortSignal) => Promise<LiveFacts>) | undefined;
  /** What each part may take, in milliseconds. @default 10000 */
  readonly limitMs?: number | undefined;
}

const LIMIT_MS = 10_000;

/** Collects; never throws. */
export async function collectSnapshot(request: CollectRequest): Promise<Snapshot> {
  const { root, options, environment, platform, runtime, limitMs = LIMIT_MS } = request;
  const { config } = options;
  const part = <T>(what: string, work: (signal: AbortSignal) => Promise<T | Part<T>>) =>
    withinTime(what, limitMs, work);
  // First, for it takes longest: a process of its own.
  const vite = part("vite.config", (signal) => collectVite(request, signal));
  const manifests = part("package.json", () => collectManifests(root));
  const wanted = config?.vite.kind === "managed" ? config.vite.executor : undefined;
  const parts = {
    files: part("the files", () => collectFiles({ root, leftOut: foldersOfBuilds(options) })),
    packages: part("node_modules", async () => {
      const found = await manifests;
      if (found.kind !== "known") return absentPart("package.json is not known");
      return await collectPackages(root, found.value);
    }),
    runtimes: part(
      "the runtimes",
      () => collectRuntimes(wanted, runtime, environment["PATH"] ?? ""),
    ),
    build: part(
      "the build",
      async () =>
        config === undefined ? absentPart("the options can't be used") : await collectBuild(config),
    ),
    types: part("the generated types", request.types),
    leftovers: part("leftovers", async () =>
      await collectLeftovers(
        root,
        await hotFilesOf(root, config, environment),
        request.runFiles,
      )),
    system: part("the machine", () => collectSystem(root, platform, environment)),
    live: request.live === undefined
      ? Promise.resolve(absentPart("only --runtime looks at what runs"))
      : part("what runs", request.live),
  };
  return {
    root,
    options,
    vite: await vite,
    manifests: await manifests,
    files: await parts.files,
    packages: await parts.packages,
    runtimes: await parts.runtimes,
    build: await parts.build,
    types: await parts.types,
    leftovers: await parts.leftovers,
    system: await parts.system,
    live: await parts.live,
  };
}

function foldersOfBuilds({ config }: OptionsFacts): readonly string[] {
  return config === undefined ? [] : [config.bundleDir, config.ssrDir];
}

/** Where a backend looks for Vite: absolute paths. */
export async function hotFilesOf(
  root: string,
  config: Config | undefined,
  environment: CollectRequest["environment"],
): Promise<readonly string[]> {
  const bridge = await findLitestarBridge({ root }, environment);
  return [
    resolve(root, config?.hotFile ?? "public/hot"),
    ...(bridge === undefined ? [] : [bridge.hotFile]),
  ];
}

async function collectVite(
  { root, options, environment, runtime }: CollectRequest,
  signal: AbortSignal,
): Promise<ViteFacts | Part<ViteFacts>> {
  const { config } = options;
  const executor = config?.vite.kind === "managed" ? config.vite.executor : undefined;
  try {
    const launch = await prepareLaunch({
      root,
      executor,
      runtime,
      path: environment["PATH"] ?? "",
      task: "config",
    });
    const answer = await askVite({
      launch,
      root,
      mode: config?.mode ?? "development",
      environment: childEnvironment(environment),
      signal,
    });
    if (answer.kind === "resolved") return answer.config;
    return { kind: "failed", why: `Cannot read vite.config: ${answer.why}` };
  } catch (error) {
    // What is missing or too old, checks of packages and runtimes tell.
    if (error instanceof LaunchError) return absentPart(error.message);
    throw error;
  }
}

/** What was ended, such as a process, has so long to be gone. */
const END_MS = 1000;

/** Gives a part its time; whatever goes wrong is part of the answer. */
async function withinTime<T>(
  what: string,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T | Part<T>>,
): Promise<Part<T>> {
  const late = new AbortController();
  const working = work(late.signal).then(
    (value): Part<T> => isPart(value) ? value : knownPart(value),
    (error: unknown): Part<T> => {
      const why = error instanceof Error ? error.message : String(error);
      return { kind: "failed", why: `Cannot look at ${what}: ${why}` };
    },
  );
  const answer = await before(limitMs, working);
  if (answer !== undefined) return answer;
  late.abort();
  await before(END_MS, working);
  return { kind: "failed", why: `Cannot look at ${what}: it took more than ${limitMs} ms` };
}

/** Resolves to `undefined` if something takes longer. */
async function before<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return await Promise.race([work, end]).finally(() => clearTimeout(timer));
}

function isPart<T>(value: T | Part<T>): value is Part<T> {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  const { kind } = value;
  return kind === "known" && "value" in value ||
    (kind === "absent" || kind === "failed") && "why" in value;
}
