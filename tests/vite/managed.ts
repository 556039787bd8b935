/**
 * Starts a real Vite in a throw-away project, as the composition root does.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import process from "node:process";
import type { Executor } from "../../sidecar/config_types.ts";
import { childEnvironment } from "../../sidecar/executor.ts";
import { prepareLaunch } from "../../sidecar/vite_launch.ts";
import { createViteProcess, type ViteProcess } from "../../sidecar/vite_process.ts";
import type { ControlMessage, RunnerOptions } from "../../sidecar/vite_protocol.ts";
import { createProject, type Project, useVite } from "../_support/project.ts";
import { runtimeName } from "../_support/test.ts";

/** A Vite, its project, and what it said. */
export interface Managed {
  readonly project: Project;
  readonly vite: ViteProcess;
  readonly messages: readonly ControlMessage[];
  readonly stderr: readonly string[];
  /** Resolves to the next message with this event. */
  next<Event extends ControlMessage["event"]>(
    event: Event,
  ): Promise<Extract<ControlMessage, { event: Event }>>;
}

/** Options of {@linkcode withVite}. */
export interface ManagedOptions {
  /** The alias of the package in this repository. @default "vite" */
  readonly version?: "vite" | "vite7" | "vite6";
  readonly executor?: Executor;
  readonly runner?: Omit<RunnerOptions, "nonce" | "root">;
  readonly files?: Readonly<Record<string, string>>;
}

/** The least front end that Vite serves. */
export const FILES: Readonly<Record<string, string>> = {
  "package.json": '{"type":"module"}',
  "index.html": '<!doctype html><title>app</title><script type="module" src="/main.js"></script>',
  "main.js": 'export const word = "one"; import.meta.hot?.accept();\n',
  "vite.config.js": "export default {}",
};

/** The runtimes of this machine that can run Vite. */
export function isInstalled(executor: Executor): boolean {
  try {
    execFileSync(executor, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function listen(project: Project, vite: ViteProcess, stderr: readonly string[]): Managed {
  const messages: ControlMessage[] = [];
  vite.onMessage((message) => messages.push(message));
  const next: Managed["next"] = (event) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Cannot hear "${event}" within 20 seconds: ${stderr.join("\n")}`)),
        20_000,
      );
      const leave = vite.onMessage((message) => {
        if (message.event !== event) return;
        clearTimeout(timer);
        leave();
        // The event is the union's discriminant.
        resolve(message as Parameters<typeof resolve>[0]);
      });
    });
  return { project, vite, messages, stderr, next };
}

/** Runs `work` with a Vite that is started, and ends it afterwards. */
export async function withVite(
  options: ManagedOptions,
  work: (managed: Managed) => Promise<void>,
): Promise<void> {
  const { version = "vite", executor, runner, files } = options;
  const project = await createProject("managed", { ...FILES, ...files });
  await useVite(project, version);
  const stderr: string[] = [];
  const vite = createViteProcess({
    launch: () =>
      prepareLaunch({
        root: project.root,
        executor,
        runtime: { name: runtimeName, execPath: process.execPath },
        path: process.env.PATH ?? "",
      }),
    runner: { root: project.root, ...runner },
    environment: childEnvironment(process.env),
    log: (line) => void stderr.push(line),
  });
  try {
    await work(listen(project, vite, stderr));
  } finally {
    await vite.stop();
    await project.remove();
  }
}
