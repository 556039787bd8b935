/**
 * Vite alone: started by our own runner, asked directly.
 *
 * @module
 */
import process from "node:process";
import { childEnvironment } from "../../sidecar/executor.ts";
import { prepareLaunch } from "../../sidecar/vite_launch.ts";
import { createViteProcess } from "../../sidecar/vite_process.ts";

/** A Vite that runs. */
export interface RunningVite {
  readonly origin: string;
  readonly port: number;
  readonly pid: number;
  readonly version: string;
  stop(): Promise<void>;
}

/** Starts the project's Vite under Node, and waits until it answers. */
export async function startVite(root: string): Promise<RunningVite> {
  const vite = createViteProcess({
    launch: () =>
      prepareLaunch({
        root,
        executor: "node",
        runtime: { name: "deno", execPath: process.execPath },
        path: process.env.PATH ?? "",
      }),
    runner: { root },
    environment: childEnvironment(process.env),
  });
  const { port, pid, version } = await vite.ready();
  return { origin: `http://127.0.0.1:${port}`, port, pid, version, stop: () => vite.stop() };
}
