/**
 * Collects the sources: those that were named, those of the app, or those that are found.
 *
 * @module
 */
import { TypesError } from "./diagnostic.ts";
import type { EntryDocuments } from "./entry_answer.ts";
import { type EntryTools, readEntry } from "./entry_source.ts";
import { isUrl, sourceName, type TypesPlan } from "./options.ts";
import { readIfThere, readSource, type SourceText } from "./source.ts";

/** The documents, as far as there are any. */
export interface Sources {
  readonly routes: SourceText | undefined;
  readonly openapi: SourceText | undefined;
  /** Routes that the OpenAPI document of an app does not describe. */
  readonly beside: SourceText | undefined;
  readonly pages: SourceText | undefined;
}

/**
 * Reads all of them.
 *
 * @throws {TypesError} If one that was named can't be read, or there are none.
 */
export async function collectSources(
  plan: TypesPlan,
  tools: EntryTools,
  signal?: AbortSignal,
): Promise<Sources> {
  const [ofEntry, routes, openapi] = await Promise.all([
    readApp(plan, tools, signal),
    named(plan.routes, plan, signal),
    named(plan.openapi, plan, signal),
  ]);
  const isFound = plan.isDiscovered && ofEntry === undefined;
  const found: Sources = {
    beside: openapi === undefined ? ofEntry?.beside : undefined,
    routes: routes ?? ofEntry?.routes ?? (isFound ? await firstOf("routes", plan) : undefined),
    openapi: openapi ?? ofEntry?.openapi ?? (isFound ? await findOpenapi(plan, signal) : undefined),
    pages: await named(plan.pages, plan, signal) ?? ofEntry?.pages ?? await firstOf("pages", plan),
  };
  if (found.routes === undefined && found.openapi === undefined) throw nothingFound(plan);
  return found;
}

function named(
  source: string | undefined,
  plan: TypesPlan,
  signal: AbortSignal | undefined,
): Promise<SourceText | undefined> {
  return source === undefined ? Promise.resolve(undefined) : readSource(source, plan, signal);
}

async function readApp(
  { entry, root }: TypesPlan,
  tools: EntryTools,
  signal: AbortSignal | undefined,
): Promise<Sources | undefined> {
  if (entry === undefined) return undefined;
  const name = sourceName(entry, root);
  const documents = await readEntry(entry, name, tools, signal);
  if (documents === undefined) return undefined;
  const text = (of: keyof EntryDocuments): SourceText | undefined => {
    const given = documents[of];
    return given === undefined
      ? undefined
      : { source: entry, name: `${name} (${of})`, text: given };
  };
  return {
    routes: text("routes"),
    openapi: text("openapi"),
    beside: text("beside"),
    pages: text("pages"),
  };
}

async function firstOf(
  kind: keyof TypesPlan["candidates"],
  plan: TypesPlan,
): Promise<SourceText | undefined> {
  for (const path of plan.candidates[kind]) {
    const found = await readIfThere(path, plan);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A backend that runs knows best; one that is down has maybe left a file. */
async function findOpenapi(
  plan: TypesPlan,
  signal: AbortSignal | undefined,
): Promise<SourceText | undefined> {
  let down: TypesError | undefined;
  for (const url of plan.published) {
    try {
      return await readSource(url, plan, signal);
    } catch (error) {
      if (!(error instanceof TypesError)) throw error;
      if (error.code === "too-large") throw error;
      if (error.code !== "unreachable") continue;
      down = error;
      break;
    }
  }
  const file = await firstOf("openapi", plan);
  // Types of half the sources would take the other half away from whoever uses them.
  if (file === undefined && down !== undefined) throw down;
  return file;
}

function nothingFound(plan: TypesPlan): TypesError {
  const { candidates, published, entry, root } = plan;
  const places = [...published, ...candidates.routes, ...candidates.openapi];
  const shown = [...new Set(places.map((place) => sourceName(place, root)))];
  const app = entry === undefined ? "" : `"${sourceName(entry, root)}" exports none, and `;
  return new TypesError(
    "no-source",
    root,
    `Cannot find a route table or an OpenAPI document: ${app}there is none at ${shown.join(", ")}`,
    "name one with --routes or --openapi (a file or a URL), or the app's module with --entry",
  );
}

/** What a run depends on: whose change makes another run worth it. */
export interface Dependencies {
  /** Absolute paths, whether they exist or not. */
  readonly files: readonly string[];
  readonly urls: readonly string[];
}

/** Everything that {@linkcode collectSources} may read. */
export function dependenciesOf(plan: TypesPlan): Dependencies {
  const { routes, openapi, pages, candidates, published, isDiscovered } = plan;
  const given = [routes, openapi, pages].filter((each) => each !== undefined);
  const looked = isDiscovered
    ? [...candidates.routes, ...candidates.openapi, ...candidates.pages]
    : candidates.pages;
  return {
    files: [...new Set([...given.filter((each) => !isUrl(each)), ...looked])],
    urls: [...new Set([...given.filter(isUrl), ...published])],
  };
}
