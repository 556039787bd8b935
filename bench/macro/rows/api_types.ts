/**
 * A whole `generate-types` with types, schemas and an SDK, against the generator that makes them.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createProject, type Project, repositoryRoot } from "../../../tests/_support/project.ts";
import type { Plan } from "../rounds.ts";
import type { Row } from "../row.ts";
import { runCommand, RUNTIME_TITLES, type RuntimeName, RUNTIMES } from "../server_process.ts";
import { median, ratioOfMedians, summarize } from "../statistics.ts";

const OPERATIONS = 100;
const CONTROL = join(repositoryRoot, "bench/macro/hey_api_alone.ts");
const PROGRAM = join(repositoryRoot, "mod.ts");
const FLAGS = ["--openapi", "openapi.json", "--output", "out", "--zod", "--sdk"];

const json = (schema: object): object => ({ content: { "application/json": { schema } } });

/** Four operations on each of a number of resources, with a schema each. */
function documentOf(operations: number): object {
  const numbers = Array.from({ length: operations / 4 }, (_, number) => number);
  const answer = (schema: object): object => ({ description: "ok", ...json(schema) });
  const id = { name: "id", in: "path", required: true, schema: { type: "integer" } };
  const paths = numbers.flatMap((number) => {
    const item = { $ref: `#/components/schemas/Item${number}` };
    const one = { parameters: [id], responses: { 200: answer(item) } };
    return [
      [`/items${number}`, {
        get: {
          operationId: `listItems${number}`,
          parameters: [{ name: "page", in: "query", schema: { type: "integer" } }],
          responses: { 200: answer({ type: "array", items: item }) },
        },
        post: {
          operationId: `createItem${number}`,
          requestBody: { required: true, ...json(item) },
          responses: { 201: answer(item) },
        },
      }],
      [`/items${number}/{id}`, {
        get: { operationId: `showItem${number}`, ...one },
        delete: {
          operationId: `deleteItem${number}`,
          parameters: [id],
          responses: { 204: { description: "gone" } },
        },
      }],
    ] as const;
  });
  const schema = {
    type: "object",
    required: ["id", "name"],
    properties: {
      id: { type: "integer" },
      name: { type: "string", maxLength: 100 },
      tags: { type: "array", items: { type: "string" } },
      price: { type: "number", minimum: 0 },
      created: { type: "string", format: "date-time" },
    },
  };
  const schemas = Object.fromEntries(numbers.map((number) => [`Item${number}`, schema]));
  const info = { title: "Items", version: "1" };
  return { openapi: "3.1.0", info, paths: Object.fromEntries(paths), components: { schemas } };
}

/** Milliseconds of a whole process. */
async function time(command: readonly [string, ...string[]], cwd: string): Promise<number> {
  const [file, ...args] = command;
  const start = performance.now();
  await promisify(execFile)(file, args, { cwd });
  return performance.now() - start;
}

interface Times {
  readonly ours: readonly number[];
  readonly alone: readonly number[];
  readonly again: readonly number[];
}

async function timeRounds(project: Project, runtime: RuntimeName, rounds: number): Promise<Times> {
  const { root } = project;
  const [ours, alone, again]: [number[], number[], number[]] = [[], [], []];
  const program = [...runCommand(runtime, PROGRAM), "generate-types", ...FLAGS] as const;
  const control = [...runCommand(runtime, CONTROL), "openapi.json", "alone"] as const;
  for (let round = 0; round <= rounds; round++) {
    // Without what was kept of the round before.
    for (const left of ["out", "alone", "node_modules"]) {
      await rm(join(root, left), { recursive: true, force: true });
    }
    const times = [await time(program, root), await time(control, root), await time(program, root)];
    if (round === 0) await assertSame(project);
    else [ours, alone, again].forEach((series, at) => series.push(times[at] ?? NaN));
  }
  return { ours, alone, again };
}

/** The order of the keys is ours; what is exported is the same. */
async function assertSame({ root }: Project): Promise<void> {
  for (const name of ["types.gen.ts", "sdk.gen.ts", "zod.gen.ts"]) {
    const [ours, alone] = await Promise.all(
      [join(root, "out/api", name), join(root, "alone", name)].map(exportsOf),
    );
    deepEqual(ours, alone);
  }
}

async function exportsOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(/^export (?:const|type) (\w+)/gm)].map(([, name = ""]) => name).sort();
}

/** Types, schemas and an SDK of 100 operations, in whole processes. */
export async function measureApiTypes({ rounds }: Plan): Promise<Row[]> {
  const project = await createProject("api-types", {
    "openapi.json": JSON.stringify(documentOf(OPERATIONS)),
    "package.json": JSON.stringify({ type: "module" }),
  });
  try {
    const rows: Row[] = [];
    for (const runtime of RUNTIMES) {
      rows.push(...rowsOf(runtime, await timeRounds(project, runtime, rounds)));
    }
    return rows;
  } finally {
    await project.remove();
  }
}

function rowsOf(runtime: RuntimeName, { ours, alone, again }: Times): Row[] {
  const work = `generate-types for ${OPERATIONS} operations with types, zod and SDK`;
  const title = RUNTIME_TITLES[runtime];
  const shown = (series: readonly number[]): string => `${median(series).toFixed(0)} ms`;
  return [
    {
      name: `${work} on ${title}`,
      target: { kind: "at-most", value: 2000 },
      measured: summarize(ours),
      unit: " ms",
      detail: `whole process; an unchanged document ${shown(again)}`,
    },
    {
      name: `${work} on ${title}, vs hey-api alone`,
      target: { kind: "at-most", value: 1.3 },
      measured: ratioOfMedians(ours, alone),
      unit: "×",
      detail: `${shown(ours)}; alone ${shown(alone)}`,
    },
  ];
}
