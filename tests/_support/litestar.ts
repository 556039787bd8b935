/**
 * A real Litestar, in a virtual environment that all tests share.
 *
 * @module
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { copyExample, createProject, type Project, repositoryRoot } from "./project.ts";

const run = promisify(execFile);

const VENV = join(repositoryRoot, "tests", ".tmp", "litestar-venv");
const VITE_VENV = join(repositoryRoot, "tests", ".tmp", "litestar-vite-venv");
const VITE_PROJECT = join(repositoryRoot, "tests", "fixtures", "litestar_vite");
const BIN = process.platform === "win32" ? "Scripts" : "bin";
const PYTHON = process.platform === "win32" ? "python" : "python3";

/** The command of the backend; the flags of `litestar run` go behind it. */
export const LITESTAR = `.venv/${BIN}/litestar --app app:app run --port {port}`;

/** Makes the virtual environment once; returns why it can't be had. */
export function installLitestar(): Promise<string | undefined> {
  return install(VENV, join(repositoryRoot, "examples", "litestar"));
}

/** Makes that of the project of litestar-vite. */
export function installLitestarVite(): Promise<string | undefined> {
  return install(VITE_VENV, VITE_PROJECT);
}

async function install(venv: string, folder: string): Promise<string | undefined> {
  const requirements = join(folder, "requirements.txt");
  if (spawnSync(PYTHON, ["--version"]).error !== undefined) return `there is no ${PYTHON}`;
  try {
    await mkdir(join(repositoryRoot, "tests", ".tmp"), { recursive: true });
    if (!existsSync(join(venv, BIN, "pip"))) await run(PYTHON, ["-m", "venv", venv]);
    await run(join(venv, BIN, "pip"), ["install", "--quiet", "--requirement", requirements]);
    return undefined;
  } catch (error) {
    return `Python or PyPI cannot be used: ${String(error).split("\n", 3).join(" ")}`;
  }
}

/** Copies the example, with the environment in it. */
export async function copyLitestar(): Promise<Project> {
  const project = await copyExample("litestar");
  await symlink(VENV, join(project.root, ".venv"), "junction");
  return project;
}

/** Copies the project of litestar-vite, with its environment and its Vite plugin in it. */
export async function copyLitestarVite(): Promise<Project> {
  const project = await createProject("litestar-vite", {});
  await cp(VITE_PROJECT, project.root, { recursive: true });
  const modules = join(project.root, "node_modules");
  await mkdir(modules);
  await rename(join(project.root, "plugin"), join(modules, "litestar-vite-plugin"));
  await symlink(VITE_VENV, join(project.root, ".venv"), "junction");
  return project;
}
