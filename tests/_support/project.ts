/**
 * Throw-away projects inside the repository's ignored folder, where `node_modules` is found upwards.
 *
 * @module
 */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const repositoryRoot: string = fileURLToPath(new URL("../../", import.meta.url));

const SCRATCH = join(repositoryRoot, "tests", ".tmp");
const LEFT_OUT = new Set(["node_modules", ".vite", ".venv", "dist", "__pycache__"]);

/** A project in a folder of its own. */
export interface Project {
  readonly root: string;
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Replaces the first `from` in a file. */
  edit(path: string, from: string, to: string): Promise<void>;
  remove(): Promise<void>;
}

async function createFolder(name: string): Promise<string> {
  await mkdir(SCRATCH, { recursive: true });
  return await mkdtemp(join(SCRATCH, `${name}-`));
}

function openProject(root: string): Project {
  const read = (path: string): Promise<string> => readFile(join(root, path), "utf8");
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const edit = async (path: string, from: string, to: string): Promise<void> => {
    const text = await read(path);
    if (!text.includes(from)) throw new Error(`Cannot edit "${path}": it has no "${from}"`);
    await write(path, text.replace(from, () => to));
  };
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true, maxRetries: 5 });
  return { root, read, write, edit, remove };
}

/** Copies `examples/<name>`. */
export async function copyExample(name: string): Promise<Project> {
  const root = await createFolder(name);
  await cp(join(repositoryRoot, "examples", name), root, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(basename(source)),
  });
  return openProject(root);
}

/** Writes a project from a map of paths and texts. */
export async function createProject(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<Project> {
  const project = openProject(await createFolder(name));
  for (const [path, text] of Object.entries(files)) await project.write(path, text);
  return project;
}

/** Makes the project's `vite` one of the aliases in the repository's `node_modules`, for example `vite6`. */
export async function useVite(project: Project, alias: string): Promise<void> {
  await mkdir(join(project.root, "node_modules"), { recursive: true });
  const target = join(repositoryRoot, "node_modules", alias);
  await symlink(target, join(project.root, "node_modules", "vite"), "junction");
}
