/**
 * Measures the whole against its controls and prints one table: `deno task bench [--only <row>] [--quick]`.
 *
 * @module
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { createLoadGenerator } from "./load.ts";
import type { Plan } from "./rounds.ts";
import { isMissed, renderTable, type Row } from "./row.ts";
import { measureApiTypes } from "./rows/api_types.ts";
import { measureAsset, measureReaders } from "./rows/assets.ts";
import { measureDispatch } from "./rows/dispatch.ts";
import { measureDocument } from "./rows/document.ts";
import { measureEdit } from "./rows/edit.ts";
import { measureFrameworks } from "./rows/frameworks.ts";
import { measureInertia } from "./rows/inertia.ts";
import { measureInit } from "./rows/init.ts";
import {
  measureDownload,
  measureIdleSockets,
  measureStalledBackend,
  measureStalledBrowser,
  measureUpload,
} from "./rows/memory.ts";
import { measureSsr } from "./rows/ssr.ts";
import { measureStart } from "./rows/start.ts";
import { measureDependency, measureHandler, measureModule } from "./rows/throughput.ts";
import { measureTyped } from "./rows/typed_routes.ts";

const MEASUREMENTS: Readonly<Record<string, (plan: Plan) => Promise<Row[]>>> = {
  handler: measureHandler,
  module: measureModule,
  dependency: measureDependency,
  edit: measureEdit,
  start: measureStart,
  frameworks: measureFrameworks,
  idle: measureIdleSockets,
  "stalled-browser": measureStalledBrowser,
  "stalled-backend": measureStalledBackend,
  download: measureDownload,
  upload: measureUpload,
  asset: measureAsset,
  document: measureDocument,
  readers: measureReaders,
  dispatch: measureDispatch,
  typed: measureTyped,
  "api-types": measureApiTypes,
  inertia: measureInertia,
  ssr: measureSsr,
  init: measureInit,
};

const USAGE = `deno task bench [--quick] [--browser] [--own-load] [--only ${
  Object.keys(MEASUREMENTS).join("|")
}]…
  --quick     fewer and shorter rounds
  --browser   ask for modules with all headers of a browser
  --own-load  our own load generator, also where wrk is
  --strict    end with 1 if a row misses its target`;

const FULL = { rounds: 9, seconds: 1, edits: 40, bulkBytes: 2 ** 30 };
const QUICK = { rounds: 3, seconds: 1, edits: 12, bulkBytes: 2 ** 28 };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true, default: [] },
      quick: { type: "boolean", default: false },
      browser: { type: "boolean", default: false },
      "own-load": { type: "boolean", default: false },
      strict: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const unknown = values.only.find((name) => !(name in MEASUREMENTS));
  if (unknown !== undefined) console.error(`Cannot measure "${unknown}": there is no such row`);
  if (unknown !== undefined || values.help) {
    console.error(USAGE);
    return unknown === undefined ? 0 : 2;
  }
  const load = createLoadGenerator(values["own-load"] ? "own" : "best");
  const plan: Plan = { load, asBrowser: values.browser, ...(values.quick ? QUICK : FULL) };
  const rows = await measureAll(values.only, plan);
  console.log(
    `Load by ${load.name}, 16 connections; ${plan.rounds} interleaved rounds, medians.\n`,
  );
  console.log(renderTable(rows));
  return values.strict && rows.some(isMissed) ? 1 : 0;
}

async function measureAll(only: readonly string[], plan: Plan): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (only.length > 0 && !only.includes(name)) continue;
    console.error(`Measuring: ${name}`);
    rows.push(...await measure(plan));
  }
  return rows;
}

process.exit(await main());
