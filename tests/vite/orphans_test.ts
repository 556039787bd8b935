/**
 * Row 1 of the fault matrix: a parent that dies at once leaves nothing behind.
 *
 * @module
 */
import { deepEqual, ok } from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { eventually } from "../_support/eventually.ts";
import { createProject, useVite } from "../_support/project.ts";
import { runtimeName, test } from "../_support/test.ts";
import { FILES, isInstalled } from "./managed.ts";

const PARENT = fileURLToPath(new URL("../fixtures/vite_stub/parent.ts", import.meta.url));

/** All processes below one, from the system's own table; zombies are gone already. */
function descendants(pid: number): readonly number[] {
  const table = execFileSync("ps", ["-e", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  const rows = table.trim().split("\n").map((row) => row.trim().split(/\s+/));
  const childrenOf = (parent: number): readonly number[] =>
    rows.flatMap(([child, itsParent, state]) =>
      Number(itsParent) === parent && !state?.startsWith("Z")
        ? [Number(child), ...childrenOf(Number(child))]
        : []
    );
  return childrenOf(pid);
}

function isRunning(pid: number): boolean {
  try {
    const state = execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its outputs are pipes, as spawn() makes them by default.
    createInterface({ input: child.stdout! }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`The parent ended with ${code}`)));
  });
}

async function killParent(executor: string, wrap: readonly string[]): Promise<void> {
  const project = await createProject("orphans", FILES);
  await useVite(project, "vite");
  const run = runtimeName === "deno" ? ["run", "--allow-all"] : [];
  const parent = spawn(process.execPath, [...run, PARENT, project.root, executor, ...wrap], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, CI: "true" },
  });
  const ended = new Promise((resolve) => parent.once("close", resolve));
  try {
    const { pid } = JSON.parse(await firstLine(parent));
    const family = descendants(parent.pid ?? 0);
    ok(family.includes(pid), `${pid} is not in ${family}`);
    ok(family.length >= 1 + wrap.length);
    parent.kill("SIGKILL");
    await eventually("the end of all", () => !family.some(isRunning), { withinMs: 2000 });
    deepEqual(family.filter(isRunning), []);
  } finally {
    parent.kill("SIGKILL");
    await ended;
    await project.remove();
  }
}

for (const executor of ["node", "bun", "deno"] as const) {
  for (const wrap of [[], ["sh"]]) {
    const behind = wrap.length === 0 ? "" : ", behind sh -c";
    const name = `row 1: SIGKILL of the parent leaves nothing of Vite under ${executor}${behind}`;
    if (process.platform === "win32") test.skip(name, "there is no ps on Windows");
    else if (!isInstalled(executor)) test.skip(name, `there is no ${executor} on this machine`);
    else test(name, () => killParent(executor, wrap));
  }
}
