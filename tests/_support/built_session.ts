/**
 * `build` and `serve` at work on a throw-away project: what `dev_session.ts` is for Vite.
 *
 * @module
 */
import type { Browser } from "playwright-core";
import { type DevSession, openPage } from "./dev_session.ts";
import type { Project } from "./project.ts";
import { type SidecarProcess, startSidecar } from "./sidecar_process.ts";

const BUILD_MS = 60_000;

/**
 * Builds a project by the command `build`.
 *
 * @throws {Error} If it fails; the message has what it said.
 */
export async function buildProject(
  { root }: Project,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const program = startSidecar(["build", "--json", ...args], { cwd: root, env });
  await program.firstLine(BUILD_MS);
  const { code } = await program.exited;
  if (code !== 0) throw new Error(`Cannot build: it ended with ${code}\n${program.stderr()}`);
}

/** Starts `serve` on a project that is built. */
export function serveProject({ root }: Project, args: readonly string[]): SidecarProcess {
  return startSidecar(["serve", "--port", "0", "--json", ...args], { cwd: root });
}

/** Builds the project, runs `serve` on it, and removes both when `use` is done. */
export async function withBuiltSession(
  browser: Browser,
  project: Project,
  args: readonly string[],
  use: (session: DevSession) => Promise<void>,
): Promise<void> {
  let program: SidecarProcess | undefined;
  try {
    await buildProject(project);
    program = serveProject(project, args);
    const ready = await program.ready();
    const page = await openPage(browser);
    await use({ project, program, ready, page });
    await page.close();
  } finally {
    await (program?.stop() ?? Promise.resolve()).finally(project.remove);
  }
}
