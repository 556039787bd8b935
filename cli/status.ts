/**
 * The command `status`: what is configured and by whom, what runs, and what is out of date.
 *
 * @module
 */
import { relative } from "node:path";
import process from "node:process";
import { isSource } from "../doctor/project_facts.ts";
import { hotFilesOf } from "../doctor/collect.ts";
import { collectFiles } from "../doctor/collect_files.ts";
import { askInstances, ownerOfPort } from "../doctor/collect_live.ts";
import { collectManifests, collectPackages } from "../doctor/collect_packages.ts";
import { collectBuild, collectLeftovers, collectRuntimes } from "../doctor/collect_project.ts";
import type { Part } from "../doctor/part.ts";
import type { BuildFacts, FilesFacts, PackagesFacts, RuntimesFacts } from "../doctor/snapshot.ts";
import type { Given } from "../sidecar/config_layers.ts";
import { showValue } from "../sidecar/config_problem.ts";
import type { Config } from "../sidecar/config_types.ts";
import type { Invocation } from "./args.ts";
import { renderUsageError } from "./errors.ts";
import { lookAtTypes, type Looked, readOptionsAnyway, sourceOf } from "./look.ts";
import { errorFacts, type ProgramWorld } from "./program.ts";
import {
  type OptionRow,
  renderStatus,
  renderStatusJson,
  type StatusFacts,
} from "./status_report.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/** What looking at the types may take: somebody waits for the screen. */
const TYPES_MS = 5000;
/** Packages whose version is shown where they are there. */
const SHOWN_PACKAGES: readonly string[] = [
  ...["vite", "astro", "@sveltejs/kit", "nuxt", "@react-router/dev", "@tanstack/react-start"],
  ...["react", "vue", "svelte", "htmx.org", "tailwindcss", "typescript"],
];

/**
 * Looks once.
 *
 * @returns The exit code: 0, or 2 for wrong usage.
 */
export async function runStatus(run: Run, world: ProgramWorld): Promise<number> {
  if (run.json) world.keepOutputClean();
  const looked = await readOptionsAnyway(run, world);
  if (looked.problem !== undefined) {
    world.err(renderUsageError([looked.problem], run.command, errorFacts(world, false)));
    return 2;
  }
  const facts = await collectStatus(looked, world);
  if (run.json) world.out(`${renderStatusJson(facts)}\n`);
  else world.err(renderStatus(facts, world.style));
  return 0;
}

async function collectStatus(looked: Looked, world: ProgramWorld): Promise<StatusFacts> {
  const { root, options: { config, problems }, runFiles } = looked;
  const manifests = collectManifests(root);
  const wanted = config?.vite.kind === "managed" ? config.vite.executor : undefined;
  const own = { name: world.runtime, execPath: world.execPath, version: versionOf(world) };
  const builds = config === undefined ? [] : [config.bundleDir, config.ssrDir];
  const [packages, runtimes, running, files, build, types, leftovers] = await Promise.all([
    manifests.then((found) => collectPackages(root, found)),
    collectRuntimes(wanted, own, world.env["PATH"] ?? ""),
    askInstances(runFiles.map(({ record }) => record)),
    collectFiles({ root, leftOut: builds }),
    config === undefined ? undefined : collectBuild(config),
    lookAtTypes(config, world, AbortSignal.timeout(TYPES_MS)).catch(unknownTypes),
    hotFilesOf(root, config, world.env).then((hotFiles) =>
      collectLeftovers(
        root,
        hotFiles,
        runFiles.map(({ path, text, record: { pid } }) => ({ path, text, pid })),
      )
    ),
  ]);
  return {
    root,
    options: optionRows(looked, config),
    problems,
    versions: versionsOf(world, runtimes, packages),
    running,
    portOwner: await ownerOfPort(config, running),
    port: config?.port,
    // What says of a server that it runs is told by the server itself.
    leftovers: leftovers.filter(({ what, staleWhy }) =>
      staleWhy !== undefined || what === "The hot file"
    ),
    types: types.kind === "known" ? types.value : undefined,
    typesWhy: types.kind === "known" ? "" : types.why,
    build: buildOf(build, files, root),
  };
}

function versionOf({ runtime }: ProgramWorld): string {
  return process.versions[runtime] ?? "";
}

function unknownTypes(error: unknown): Part<never> {
  return { kind: "failed", why: error instanceof Error ? error.message : String(error) };
}

function versionsOf(
  world: ProgramWorld,
  { used, wanted }: RuntimesFacts,
  { installed }: PackagesFacts,
): StatusFacts["versions"] {
  const executor = used?.executor ?? wanted ?? "node";
  return [
    { name: "@lv/sidecar", version: world.version },
    { name: world.runtime, version: versionOf(world) },
    ...(executor === world.runtime ? [] : [{ name: executor, version: used?.version }]),
    ...SHOWN_PACKAGES.filter((name) => name === "vite" || installed.has(name)).map((name) => ({
      name,
      version: installed.get(name)?.version,
    })),
  ];
}

/** What was given, then what matters of the rest. */
function optionRows({ given, root }: Looked, config: Config | undefined): OptionRow[] {
  // What no user gave, the command that is asked about says of itself.
  const rows = given.filter(({ source }) => source.kind !== "option").map((each): OptionRow => ({
    name: each.name,
    value: shownValue(each),
    source: sourceOf(each, root),
  }));
  if (config === undefined) return rows;
  const named = new Set<string>(given.map(({ name }) => name));
  const hasApp = ["backend", "backendCommand", "entry"].some((name) => named.has(name));
  const defaults: readonly (readonly [string, string | number])[] = [
    ["root", config.root],
    ["host", config.host],
    ["port", config.port],
    ["executor", "node if there is one"],
    ["mode", "as there is an index.html"],
    ["base", "as vite.config says"],
    ["bundleDir", relative(config.root, config.bundleDir)],
    ["hotFile", config.hotFile],
    ...(hasApp ? [] : [["entry", "none: the front end alone"] as const]),
    ["types", "none are generated"],
  ];
  return [
    ...rows,
    ...defaults.filter(([name]) => !named.has(name)).map(([name, value]): OptionRow => ({
      name,
      value,
      source: "default",
    })),
  ];
}

/** A value for a screen: without the password of a URL, and without quotes around. */
function shownValue({ shown }: Given): string | number | boolean {
  if (typeof shown === "number" || typeof shown === "boolean") return shown;
  const text = showValue(shown);
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function buildOf(
  build: Part<BuildFacts> | undefined,
  { files }: FilesFacts,
  root: string,
): StatusFacts["build"] {
  if (build?.kind !== "known") return undefined;
  const { folder, builtMs, problems, missing } = build.value;
  return {
    folder: relative(root, folder),
    builtAt: new Date(builtMs).toISOString(),
    problems: [...problems, ...missing.slice(0, 1).map((file) => `"${file}" is not there`)],
    newer: files.filter(({ path, mtimeMs }) => isSource(path) && mtimeMs > builtMs).length,
  };
}
