/**
 * The commands `export-routes` and `export-schema`: what a server says of its routes, as a file.
 *
 * @module
 */
import { collectSources } from "../typegen/collect.ts";
import { diagnosticOf } from "../typegen/diagnostic.ts";
import { type ExportedDocument, exportRoutes, exportSchema } from "../typegen/export_documents.ts";
import { writeDocument } from "../typegen/writer.ts";
import type { Invocation } from "./args.ts";
import { readTypesRequest, type TypesReading, typesTools } from "./generate_types.ts";
import { errorFacts, exitCodeOf, type ProgramWorld, untilSignal } from "./program.ts";
import { renderDiagnostics } from "./types_report.ts";

type Run = Extract<Invocation, { kind: "run" }>;

/**
 * Writes the document to a file, or to standard output.
 *
 * @returns The exit code: 0, 1 where there is nothing to export, 2 for wrong usage.
 */
export async function runExport(run: Run, world: ProgramWorld): Promise<number> {
  world.keepOutputClean();
  const read = await readTypesRequest(run, world);
  if (read === undefined) return 2;
  const stop = new AbortController();
  const ending = untilSignal(world).then((signal) => {
    stop.abort();
    return exitCodeOf(signal);
  });
  return await Promise.race([ending, write(read, run, world, stop.signal)]);
}

async function write(
  { request, plan, config }: TypesReading,
  run: Run,
  world: ProgramWorld,
  signal: AbortSignal,
): Promise<number> {
  const { text, diagnostics } = await document({ request, plan, config }, run, world, signal);
  world.err(renderDiagnostics(diagnostics, errorFacts(world, run.verbose)));
  if (text === undefined) return 1;
  if (request.file === undefined) world.out(text);
  else {
    const isNew = await writeDocument(request.file, text);
    const state = isNew ? "Wrote" : "Nothing is new in";
    if (config.logLevel !== "quiet") world.err(`${state} ${request.file}\n`);
  }
  return 0;
}

async function document(
  { plan }: TypesReading,
  run: Run,
  world: ProgramWorld,
  signal: AbortSignal,
): Promise<ExportedDocument> {
  // A table that lies about as a file is exported already.
  const candidates = { ...plan.candidates, routes: [], pages: [] };
  try {
    const sources = await collectSources({ ...plan, candidates }, typesTools(world), signal);
    return run.command === "export-routes" ? exportRoutes(sources, plan) : exportSchema(sources);
  } catch (error) {
    return { text: undefined, diagnostics: [diagnosticOf(error, plan.root)] };
  }
}
