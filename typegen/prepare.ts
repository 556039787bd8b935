/**
 * Makes the plan of a project.
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { detectFramework } from "../sidecar/framework.ts";
import { parseBridgeTypes } from "./bridge_types.ts";
import { type PlanFacts, planTypes, type TypesPlan } from "./options.ts";

/** What {@linkcode prepareTypes} works with. */
export interface PrepareFacts extends Omit<PlanFacts, "bridge"> {
  /** The variable that names `.litestar.json` counts. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const BRIDGE_FILE = ".litestar.json";
const BRIDGE_VARIABLE = "LITESTAR_VITE_CONFIG_PATH";

/** Makes the plan from the options, and from what a litestar-vite application says of its files. */
export async function prepareTypes({ environment, ...facts }: PrepareFacts): Promise<TypesPlan> {
  const path = resolve(facts.root, environment[BRIDGE_VARIABLE]?.trim() || BRIDGE_FILE);
  const text = await readFile(path, "utf8").catch(() => undefined);
  const manifest = await readFile(resolve(facts.root, "package.json"), "utf8").catch(() => "");
  return planTypes({
    ...facts,
    bridge: text === undefined ? undefined : parseBridgeTypes(text),
    // Where "#lib", "#shared" and "~" lead to it.
    usualOutput: detectFramework(manifest)?.typesDir,
  });
}
