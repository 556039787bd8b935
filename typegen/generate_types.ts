/**
 * One run: sources in, files out.
 *
 * @module
 */
import { join } from "node:path";
import { createDiagnostics } from "../codegen/diagnostic.ts";
import { parseDocument } from "../codegen/document_text.ts";
import { generate, type Generated } from "../codegen/generate.ts";
import type { PageModel } from "../codegen/model.ts";
import type { GeneratedFile, GenerateOptions } from "../codegen/options.ts";
import type { ApiTools, ApiTypes, ApiTypesRequest } from "./api_request.ts";
import { collectSources, type Sources } from "./collect.ts";
import { diagnosticOf, type TypesDiagnostic, TypesError } from "./diagnostic.ts";
import type { EntryTools } from "./entry_source.ts";
import type { TypesPlan } from "./options.ts";
import { pagesOfTable } from "./table_pages.ts";
import { compareTypes, type WriteRequest, writeTypes } from "./writer.ts";

/** What a run needs of the process that it runs in. */
export interface TypesTools extends EntryTools {
  /** Absolute folders; the output has to be in one of them. @default root and working directory */
  readonly allowed?: readonly string[];
  /** Generates schemas and the client. */
  readonly generateApi: (request: ApiTypesRequest, tools: ApiTools) => Promise<ApiTypes>;
}

/** What a run came to. */
export interface TypesOutcome {
  /** `stale` is the answer of a check. */
  readonly kind: "written" | "same" | "stale" | "failed";
  readonly diagnostics: readonly TypesDiagnostic[];
  /** Paths from the output folder: written, or of a check those that would be. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** How many files there are. */
  readonly count: number;
}

/** How to run. */
export interface TypesRun {
  readonly plan: TypesPlan;
  readonly tools: TypesTools;
  /** Whether only to look if what is there is as it should be. @default false */
  readonly isCheck?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Generates. Where anything is wrong, what was there stays.
 *
 * @throws The reason of the signal; anything else is a diagnostic.
 */
export async function generateTypes(run: TypesRun): Promise<TypesOutcome> {
  const { plan, tools, signal } = run;
  try {
    const sources = await collectSources(plan, tools, signal);
    const made = await makeFiles(sources, run);
    if (made.files === undefined) return failed(made.diagnostics);
    const request: WriteRequest = {
      files: made.files,
      api: made.api,
      output: plan.output,
      root: plan.root,
      allowed: tools.allowed ?? [plan.root, tools.cwd],
    };
    signal?.throwIfAborted();
    return run.isCheck === true
      ? await check(request, made.diagnostics)
      : await write(request, made.diagnostics);
  } catch (error) {
    signal?.throwIfAborted();
    return failed([diagnosticOf(error, plan.root)]);
  }
}

function failed(diagnostics: readonly TypesDiagnostic[]): TypesOutcome {
  return { kind: "failed", diagnostics, written: [], removed: [], count: 0 };
}

interface Made {
  /** `undefined` where a diagnostic is an error. */
  readonly files: readonly GeneratedFile[] | undefined;
  readonly api: readonly GeneratedFile[] | undefined;
  readonly diagnostics: readonly TypesDiagnostic[];
}

async function makeFiles(sources: Sources, run: TypesRun): Promise<Made> {
  const { routes, openapi, beside, pages } = sources;
  const { plan } = run;
  const shown = pages?.text ?? ownPages(sources, plan);
  const input = {
    ...routes === undefined ? {} : { routes: routes.text },
    ...openapi === undefined ? {} : { openapi: openapi.text },
    ...beside === undefined ? {} : { beside: beside.text },
    ...shown === undefined ? {} : { pages: shown },
  };
  const options: GenerateOptions = {
    ...plan.generator,
    routeTypes: plan.routeTypes ?? openapi !== undefined,
    names: {
      ...routes === undefined ? {} : { routes: routes.name },
      ...openapi === undefined ? {} : { openapi: openapi.name },
      ...beside === undefined ? {} : { beside: beside.name },
      ...pages === undefined ? {} : { pages: pages.name },
    },
  };
  const running = plan.zod || plan.sdk ? await startApi(sources, run) : undefined;
  const first = withLoops(generate(input, options), openapi);
  if (first.diagnostics.some(({ level }) => level === "error")) {
    await running?.stop();
    return { files: undefined, api: undefined, diagnostics: first.diagnostics };
  }
  if (running === undefined) return { ...first, api: [] };
  const api = await running.result;
  // With what the API's generator calls its types, routes refer to them instead of declaring them anew.
  const { files, diagnostics } = api.operationTypes === undefined
    ? first
    : generate(input, { ...options, operationTypes: api.operationTypes });
  return {
    files,
    api: api.files.length === 0 ? undefined : api.files,
    diagnostics: [...diagnostics, ...api.diagnostics],
  };
}

/** A reference that leads to itself says nothing, in no document that somebody meant; types would lose what it stood for. */
function withLoops(made: Generated, openapi: Sources["openapi"]): Generated {
  const loop = made.diagnostics.find(({ code, level }) =>
    code === "ref-loop" && level === "warning"
  );
  if (loop === undefined || openapi === undefined) return made;
  const message = `Cannot read "${openapi.name}" as OpenAPI: ${
    loop.message.replace(/^The/, "the")
  }`;
  return { files: [], diagnostics: [{ ...loop, level: "error", message }] };
}

/** A table that the app itself exports says what its pages get; other tables have a document for that. */
function ownPages({ routes, openapi }: Sources, { entry }: TypesPlan): PageModel | undefined {
  return routes === undefined || routes.source !== entry
    ? undefined
    : pagesOfTable(routes.text, openapi?.text);
}

type ApiResult = Pick<ApiTypes, "files" | "operationTypes"> & {
  readonly diagnostics: readonly TypesDiagnostic[];
};

/** Starts what takes most of the time in a process of its own: ours goes on with the rest. */
async function startApi(
  sources: Sources,
  run: TypesRun,
): Promise<{ readonly result: Promise<ApiResult>; readonly stop: () => Promise<void> }> {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const signal = run.signal === undefined
    ? controller.signal
    : AbortSignal.any([run.signal, controller.signal]);
  const result = makeApi(sources, { ...run, signal }, resolve);
  await Promise.race([promise, result]);
  const stop = async (): Promise<void> => {
    controller.abort();
    await result.catch(() => {});
  };
  return { result, stop };
}

/** Whatever happens in there is a warning: routes and pages do not need it. */
async function makeApi(
  { openapi }: Sources,
  run: TypesRun,
  onStart: () => void,
): Promise<ApiResult> {
  const { plan, tools, signal } = run;
  const nothing = { files: [], operationTypes: undefined };
  if (openapi === undefined) {
    const message = "Cannot generate schemas or a client: there is no OpenAPI document";
    const hint = "name one with --openapi, or leave out --zod and --sdk";
    const diagnostic = {
      code: "no-openapi",
      level: "warning",
      where: plan.root,
      message,
      hint,
    } as const;
    return { ...nothing, diagnostics: [diagnostic] };
  }
  const document = parseDocument(openapi.text, openapi.name, createDiagnostics());
  // The generator of routes tells why.
  if (document === undefined) return { ...nothing, diagnostics: [] };
  const request: ApiTypesRequest = {
    document,
    where: openapi.name,
    zod: plan.zod,
    sdk: plan.sdk,
    ...plan.client === undefined ? {} : { client: plan.client },
    ...plan.plugins === undefined ? {} : { plugins: plan.plugins },
    ...plan.generator.importExtension === undefined
      ? {}
      : { importExtension: plan.generator.importExtension },
    root: plan.root,
    cacheDir: join(plan.root, "node_modules", ".lv-sidecar", "types"),
    ...signal === undefined ? {} : { signal },
    onStart,
  };
  try {
    return await tools.generateApi(request, tools);
  } catch (error) {
    signal?.throwIfAborted();
    return {
      ...nothing,
      diagnostics: [{ ...diagnosticOf(error, openapi.name), level: "warning" }],
    };
  }
}

async function write(
  request: WriteRequest,
  diagnostics: readonly TypesDiagnostic[],
): Promise<TypesOutcome> {
  const { written, removed, same } = await writeTypes(request);
  return {
    kind: written.length + removed.length > 0 ? "written" : "same",
    diagnostics,
    written,
    removed,
    count: written.length + same.length,
  };
}

async function check(
  request: WriteRequest,
  diagnostics: readonly TypesDiagnostic[],
): Promise<TypesOutcome> {
  if (request.api === undefined) {
    throw new TypesError(
      "not-checked",
      request.output,
      "Cannot tell whether the schemas or the client are up to date: they can not be generated",
    );
  }
  const { write, remove, same, refused } = await compareTypes(request);
  const written = [...write.map(({ path }) => path), ...refused.map(({ path }) => path)];
  return {
    kind: written.length + remove.length > 0 ? "stale" : "same",
    diagnostics,
    written,
    removed: remove,
    count: written.length + same.length,
  };
}
