/**
 * A real Litestar, in a virtual environment that all tests share.
 *
 * @module
 */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { copyExample, type Project, repositoryRoot } from "./project.ts";

const run = promisify(execFile);

const VENV = join(repositoryRoot, "tests", ".tmp", "litestar-venv");
const BIN = process.platform === "win32" ? "Scripts" : "bin";
const PYTHON = process.platform === "win32" ? "python" : "python3";

/** The command of the backend; the flags of `litestar run` go behind it. */
export const LITESTAR = `.venv/${BIN}/litestar --app app:app run --port {port}`;

/** Makes the virtual environment once; returns why it can't be had. */
export async function installLitestar(): Promise<string | undefined> {
  const requirements = join(repositoryRoot, "examples", "litestar", "requirements.txt");
  if (spawnSync(PYTHON, ["--version"]).error !== undefined) return `there is no ${PYTHON}`;
  try {
    await mkdir(join(repositoryRoot, "tests", ".tmp"), { recursive: true });
    if (!existsSync(join(VENV, BIN, "pip"))) await run(PYTHON, ["-m", "venv", VENV]);
    await run(join(VENV, BIN, "pip"), ["install", "--quiet", "--requirement", requirements]);
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
