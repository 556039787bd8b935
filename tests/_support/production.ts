/**
 * The React example, built, in a folder that has nothing of npm above it; and `serve` without a program on its path.
 *
 * @module
 */
import { cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Folder, inFolder } from "./folder.ts";
import { copyExample, type Project } from "./project.ts";
import { type SidecarProcess, startSidecar, type StartSidecarOptions } from "./sidecar_process.ts";

/** An example, built. */
export interface BuiltExample {
  /** What is served: `dist`, and the app's `server.ts`. */
  readonly folder: Folder;
  /** The sources. */
  readonly project: Project;
  /** Builds the sources anew and exchanges `dist`, as a deploy does. */
  deploy(): Promise<void>;
}

/** Builds the React example and runs a test with it; both folders are gone afterwards. */
export async function withBuiltExample(
  run: (example: BuiltExample) => Promise<void>,
  prepare: (project: Project) => Promise<void> = async () => {},
): Promise<void> {
  const project = await copyExample("react-spa");
  try {
    await prepare(project);
    await inFolder({ "server.ts": await project.read("server.ts") }, async (folder) => {
      const deploy = () => deployBuild(project, folder);
      await deploy();
      await run({ folder, project, deploy });
    });
  } finally {
    await project.remove();
  }
}

async function deployBuild({ root }: Project, folder: Folder): Promise<void> {
  // Bun's test runner says "test", and Vite would give us React for development.
  const env = { NODE_ENV: "production" };
  const program = startSidecar(["build", "--json"], { cwd: root, env });
  const { code } = await program.exited;
  if (code !== 0) throw new Error(`Cannot build the example: ${program.stderr()}`);
  await cp(join(root, "dist"), folder.at("next"), { recursive: true });
  await rm(folder.at("last"), { recursive: true, force: true });
  await rename(folder.at("dist"), folder.at("last")).catch(() => {}); // the first time there is none
  await rename(folder.at("next"), folder.at("dist"));
}

/** Starts `serve --json` in the folder; it finds no program on its path, so neither Node nor a Vite. */
export function startServe(
  { folder }: Pick<BuiltExample, "folder">,
  args: readonly string[],
  { env = {}, ...options }: Omit<StartSidecarOptions, "cwd"> = {},
): SidecarProcess {
  return startSidecar(["serve", "--port", "0", "--json", ...args], {
    ...options,
    cwd: folder.path,
    env: { PATH: folder.at("no-programs"), ...env },
  });
}

/** Runs `serve` and ends it; what fails says what the program had to say. */
export async function withServe(
  example: Pick<BuiltExample, "folder">,
  args: readonly string[],
  run: (served: { readonly port: number; readonly program: SidecarProcess }) => Promise<void>,
  options: Omit<StartSidecarOptions, "cwd"> = {},
): Promise<void> {
  const program = startServe(example, args, options);
  try {
    const { port } = await program.ready();
    await run({ port, program });
  } catch (cause) {
    throw new Error(`${cause}\n${program.stderr()}`, { cause });
  } finally {
    await program.stop();
  }
}
