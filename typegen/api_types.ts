/**
 * Types of an API, zod schemas and an SDK, by `@hey-api/openapi-ts`.
 *
 * @module
 */
import { shown } from "../codegen/diagnostic.ts";
import { isObject, kindOf } from "../codegen/json_value.ts";
import { apiFiles, type HeyApiOutput, importedPackages, operationTypesOf } from "./api_files.ts";
import type { ApiTools, ApiTypes, ApiTypesRequest } from "./api_request.ts";
import { type TypesDiagnostic, TypesError } from "./diagnostic.ts";
import { keepResult, readResult } from "./hey_api_cache.ts";
import { canonicalDocument } from "./hey_api_document.ts";
import { findHeyApi, findVersion } from "./hey_api_install.ts";
import { planHeyApi, requestProblem, resultKey } from "./hey_api_plan.ts";
import { type HeyApiRun, PROGRAM, runHeyApi } from "./hey_api_process.ts";

const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * Generates types of an API, zod schemas and an SDK. Nothing is written but in the request's `cacheDir`.
 *
 * What goes wrong is a warning, and no file: everything else goes on, and what is there stays.
 *
 * @throws What the request's signal is aborted with.
 */
export async function generateApiTypes(
  request: ApiTypesRequest,
  tools: ApiTools,
): Promise<ApiTypes> {
  const { where = "openapi.json" } = request;
  const problem = requestProblem(request);
  if (problem !== undefined) return nothing(warning("unknown-plugin", where, problem));
  try {
    return await generateInTime(request, where, tools);
  } catch (error) {
    request.signal?.throwIfAborted();
    return nothing(explain(error, where));
  }
}

async function generateInTime(
  request: ApiTypesRequest,
  where: string,
  tools: ApiTools,
): Promise<ApiTypes> {
  const { root, cacheDir } = request;
  const [installation, zod] = await Promise.all([
    findHeyApi(request, tools),
    findVersion("zod", root),
  ]);
  const plan = planHeyApi(request, zod);
  const { text: document, externalRefs, badPaths } = readDocument(request.document, where);
  const key = resultKey(document, plan, installation.versions, PROGRAM);
  const kept = await readResult(cacheDir, key);
  const output = kept ?? await run({ request, where, plan, installation, document }, tools);
  if (kept === undefined) await keepResult(cacheDir, key, output);
  return {
    files: apiFiles(output),
    diagnostics: [
      ...externalRefs.length === 0 ? [] : [outside(externalRefs, where)],
      ...badPaths.length === 0 ? [] : [unprintable(badPaths, where)],
      ...await missingPackages(output, root, tools),
    ],
    operationTypes: operationTypesOf(output, plan.extension),
    isFromCache: kept !== undefined,
  };
}

type Run = Pick<HeyApiRun, "where" | "plan" | "installation" | "document"> & {
  readonly request: ApiTypesRequest;
};

async function run({ request, ...rest }: Run, tools: ApiTools): Promise<HeyApiOutput> {
  const { cacheDir, timeoutMs = DEFAULT_TIMEOUT_MS, signal, onStart } = request;
  const { installation, where } = rest;
  try {
    await installation.prepare();
    return await runHeyApi({ ...rest, cacheDir, timeoutMs, signal, onStart }, tools);
  } catch (error) {
    if (!(error instanceof TypesError) || error.code !== "missing-package") throw error;
    throw new TypesError(error.code, where, error.message, `run: ${installation.command}`);
  }
}

function readDocument(document: unknown, where: string): ReturnType<typeof canonicalDocument> {
  if (!isObject(document)) {
    throw new TypesError("not-generated", where, `it is ${kindOf(document)}`);
  }
  try {
    return canonicalDocument(document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TypesError("not-generated", where, error.message);
  }
}

function warning(
  code: string,
  where: string,
  message: string,
  hint?: string | undefined,
): TypesDiagnostic {
  return { code, level: "warning", where, message, ...hint === undefined ? {} : { hint } };
}

const nothing = (diagnostic: TypesDiagnostic): ApiTypes => ({
  files: [],
  diagnostics: [diagnostic],
  operationTypes: undefined,
  isFromCache: false,
});

function explain(error: unknown, where: string): TypesDiagnostic {
  const state = error instanceof Error ? error.message : String(error);
  if (!(error instanceof TypesError)) {
    return warning("not-generated", where, `Cannot generate API types: ${state}`);
  }
  const message = error.code === "missing-package"
    ? `Cannot load @hey-api/openapi-ts, so API types stay as they are: ${state}`
    : `Cannot generate API types from "${where}": ${state}`;
  return warning(error.code, where, message, error.hint);
}

const MAX_SHOWN = 3;

function outside(refs: readonly string[], where: string): TypesDiagnostic {
  const message = "References that lead out of the document are unknown in API types: ";
  const hint = "bundle the document into one file";
  return warning("external-ref", where, message + listed(refs), hint);
}

function unprintable(paths: readonly string[], where: string): TypesDiagnostic {
  const message = "Paths that are no URLs are left out of API types: ";
  return warning("bad-template", where, message + listed(paths));
}

function listed(texts: readonly string[]): string {
  const more = texts.length > MAX_SHOWN ? ` and ${texts.length - MAX_SHOWN} more` : "";
  return texts.slice(0, MAX_SHOWN).map((text) => `"${shown(text)}"`).join(", ") + more;
}

const ADD = { deno: "deno add npm:", bun: "bun add ", node: "npm install " } as const;

/** Compilers leave these files alone, so that a missing package would make everything `any` and tell nobody. */
async function missingPackages(
  output: HeyApiOutput,
  root: string,
  { runtime }: ApiTools,
): Promise<readonly TypesDiagnostic[]> {
  const names = importedPackages(output);
  const versions = await Promise.all(names.map((name) => findVersion(name, root)));
  return names.filter((_, index) => versions[index] === undefined).map((name) =>
    warning(
      "missing-package",
      root,
      `Cannot find "${name}", which the generated files import, from "${root}"`,
      `run: ${ADD[runtime.name]}${name}`,
    )
  );
}
