/**
 * From the start of `dev` to the first 200 for `/`, of a project whose pages a framework makes.
 *
 * @module
 */
import { delimiter, join } from "node:path";
import process from "node:process";
import {
  createFrameworkProject,
  findNode,
  type TemplateFramework,
} from "../../../tests/_support/framework_project.ts";
import { repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { runCommand, RUNTIME_TITLES, RUNTIMES } from "../server_process.ts";
import { median } from "../statistics.ts";
import { type Command, timeStart } from "./start.ts";

interface Contestant {
  readonly name: TemplateFramework;
  /** Its own command line, as its documentation starts it. */
  readonly alone: (port: string) => Command;
  /** A page that asks nobody: alone, the framework has no app behind it. */
  readonly page: Readonly<Record<string, string>>;
}

const HOST = "127.0.0.1";

const CONTESTANTS: readonly Contestant[] = [{
  name: "astro",
  // It would go to the background where it takes the caller for an automaton.
  alone: (
    port,
  ) => [
    "node",
    "node_modules/astro/bin/astro.mjs",
    "dev",
    "--ignore-lock",
    "--host",
    HOST,
    "--port",
    port,
  ],
  page: { "src/pages/index.astro": "<h1>Alone</h1>\n" },
}, {
  name: "sveltekit",
  alone: (
    port,
  ) => ["node", "node_modules/vite/bin/vite.js", "--strictPort", "--host", HOST, "--port", port],
  page: { "src/routes/+page.ts": "", "src/routes/+page.svelte": "<h1>Alone</h1>\n" },
}, {
  name: "nuxt",
  alone: (
    port,
  ) => ["node", "node_modules/nuxt/bin/nuxt.mjs", "dev", "--host", HOST, "--port", port],
  page: { "app/app.vue": "<template><h1>Alone</h1></template>\n" },
}];

/** Starts of `dev` and of each framework alone, in turns. */
export async function measureFrameworks({ rounds }: Plan): Promise<Row[]> {
  const path = `${await findNode()}${delimiter}${process.env["PATH"] ?? ""}`;
  const env = { ...process.env, PATH: path, NODE_ENV: "development", NUXT_IGNORE_LOCK: "1" };
  const rows: Row[] = [];
  for (const contestant of CONTESTANTS) rows.push(...await measure(contestant, rounds, env));
  return rows;
}

async function measure(
  { name, alone, page }: Contestant,
  rounds: number,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Row[]> {
  const project = await createFrameworkProject(name, page);
  const times = { alone: [] as number[], deno: [] as number[], bun: [] as number[] };
  try {
    // In the first round dependencies are bundled, and files come from the disk.
    for (let round = 0; round <= rounds; round++) {
      const base = await timeStart((port) => alone(String(port)), project.root, env);
      if (round > 0) times.alone.push(base);
      for (const runtime of RUNTIMES) {
        const words = ["dev", "--mode", "framework", "--executor", "node", "--quiet", "--port"];
        const program = runCommand(runtime, join(repositoryRoot, "mod.ts"));
        const make = (port: number): Command => [...program, ...words, String(port)];
        const ours = await timeStart(make, project.root, env);
        if (round > 0) times[runtime].push(ours);
      }
    }
  } finally {
    await project.remove();
  }
  return RUNTIMES.map((runtime): Row => {
    const added = times[runtime].map((ms, round) => ms - (times.alone[round] ?? 0));
    return {
      name: `start of ${name}, front on ${RUNTIME_TITLES[runtime]}, above the framework alone`,
      target: { kind: "at-most", value: 300 },
      measured: { value: median(added), low: Math.min(...added), high: Math.max(...added) },
      unit: " ms",
      detail: `${median(times[runtime]).toFixed(0)} ms against ${
        median(times.alone).toFixed(0)
      } ms`,
    };
  });
}
