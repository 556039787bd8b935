/**
 * Projects of a framework, as `init` makes them, with exact versions of their packages, which are installed once and kept.
 *
 * @module
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { scaffold } from "../../cli/scaffold.ts";
import type { Answers } from "../../cli/template.ts";
import { createProject, type Project, repositoryRoot } from "./project.ts";
import { whyNoPackages } from "./scaffolded.ts";

const run = promisify(execFile);

/** A framework that `init` has a template of. */
export type TemplateFramework = "astro" | "sveltekit" | "nuxt";

/** What a project is made of where there is no template: its sources, and its packages with their versions. */
export interface OwnProject {
  readonly name: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** Node for them: Astro refuses 20. The package of npm brings the program itself. */
const NODE_VERSION = "22.23.3";

/** What was tried, in place of the ranges that a new project gets. */
const PINS: Readonly<Record<string, string>> = {
  astro: "7.3.5",
  "@astrojs/node": "11.1.6",
  "@sveltejs/kit": "3.2.0",
  "@sveltejs/adapter-node": "6.0.1",
  "@sveltejs/vite-plugin-svelte": "7.3.1",
  svelte: "5.57.3",
  vite: "8.3.8",
  nuxt: "4.5.2",
};
/** Checkers of types, which other tests run. */
const LEFT_OUT = ["@astrojs/check", "svelte-check", "vue-tsc", "@types/node", "@types/bun"];

const CACHE = join(repositoryRoot, "tests", ".tmp");
/** An installation from a registry far away. */
const INSTALL_MS = 100_000;

/** What tests need of the network, if it is not kept here: why it can't be had. */
export function whyNoFrameworks(): string | undefined {
  return existsSync(nodeFolder()) ? undefined : whyNoPackages();
}

function nodeFolder(): string {
  return join(CACHE, `framework-node-${NODE_VERSION}`);
}

/** Installs into a folder beside and renames: two test runs at once never see half of it. */
async function install(folder: string, manifest: object): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(join(CACHE, "framework-install-"));
  try {
    await writeFile(join(scratch, "package.json"), JSON.stringify(manifest));
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], {
      cwd: scratch,
      timeout: INSTALL_MS,
      env: { ...process.env, NODE_ENV: "development" },
    });
    await rename(scratch, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The folder of a Node that all of them take. */
export async function findNode(): Promise<string> {
  await install(nodeFolder(), { private: true, dependencies: { node: NODE_VERSION } });
  return join(nodeFolder(), "node_modules", "node", "bin");
}

function answersOf(template: TemplateFramework): Answers {
  return {
    name: "my-app",
    template,
    backend: "deno",
    runtime: "deno",
    executor: "node",
    port: 8000,
    typescript: true,
    tailwind: false,
    zod: false,
    sdk: false,
    ssr: false,
    sidecar: {
      program: join(repositoryRoot, "mod.ts"),
      dependency: `file:${join(repositoryRoot, "tools", "npm")}`,
      isProgram: false,
    },
  };
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Exact versions, and nothing that only checks. */
function pinned(manifest: Manifest): Manifest {
  const pin = (packages: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(
      Object.entries(packages)
        .filter(([name]) => !LEFT_OUT.includes(name) && name !== "@lv/sidecar")
        .map(([name, range]) => [name, PINS[name] ?? range]),
    );
  return {
    ...manifest,
    dependencies: pin(manifest.dependencies),
    devDependencies: pin(manifest.devDependencies),
  };
}

/** The sources of a template, and its packages with exact versions. */
function templateProject(name: TemplateFramework): {
  readonly manifest: Manifest;
  readonly files: Readonly<Record<string, string>>;
} {
  const files = Object.fromEntries(scaffold(answersOf(name)));
  // Our own writing of it.
  return { manifest: pinned(JSON.parse(files["package.json"] ?? "{}") as Manifest), files };
}

const SERVER_FILES = ["server.ts", "sidecar.config.ts"];

function ownProject({ packages, files }: OwnProject): ReturnType<typeof templateProject> {
  // The app is the same in all of them.
  const shared = [...scaffold(answersOf("astro"))].filter(([path]) => SERVER_FILES.includes(path));
  return {
    manifest: { ...{ private: true, type: "module" }, dependencies: packages },
    files: { ...Object.fromEntries(shared), ...files },
  };
}

/** Makes a project with all that it needs installed. */
export async function createFrameworkProject(
  source: TemplateFramework | OwnProject,
  more: Readonly<Record<string, string>> = {},
): Promise<Project> {
  const name = typeof source === "string" ? source : source.name;
  const { manifest, files } = typeof source === "string"
    ? templateProject(source)
    : ownProject(source);
  const text = JSON.stringify(manifest, undefined, 2);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const kept = join(CACHE, `framework-${name}-${hash}`);
  await install(kept, manifest);
  const project = await createProject(`framework-${name}`, {
    ...files,
    "package.json": text,
    ...more,
  });
  await copyPackages(join(kept, "node_modules"), join(project.root, "node_modules"));
  const own = join(project.root, "node_modules", "@lv", "sidecar");
  await mkdir(dirname(own), { recursive: true });
  await symlink(join(repositoryRoot, "tools", "npm"), own, "junction");
  return project;
}

/** Links of files: a copy of 200 MB takes longer than the test. Package managers write none of them in place. */
async function copyPackages(from: string, to: string): Promise<void> {
  const isLinux = process.platform === "linux";
  await run("cp", [isLinux ? "-al" : "-a", from, to]);
}

/** The version that is installed. */
export async function installedVersion({ root }: Project, name: string): Promise<string> {
  const text = await readFile(join(root, "node_modules", name, "package.json"), "utf8");
  // The package's own manifest: it has a version.
  return (JSON.parse(text) as { version: string }).version;
}
