/**
 * The documents that the commands which export write.
 *
 * @module
 */
import { createDiagnostics, type DiagnosticSink } from "../codegen/diagnostic.ts";
import { parseDocument } from "../codegen/document_text.ts";
import { filterRoutes } from "../codegen/filter_routes.ts";
import { get, isObject } from "../codegen/json_value.ts";
import { addRoutes } from "../codegen/merge_routes.ts";
import type { RouteModel } from "../codegen/model.ts";
import { readLitestar } from "../codegen/read_litestar.ts";
import { readOpenapi } from "../codegen/read_openapi.ts";
import type { Sources } from "./collect.ts";
import { type TypesDiagnostic, TypesError } from "./diagnostic.ts";
import type { TypesPlan } from "./options.ts";
import { renderJsonFile, renderRoutesJson } from "./routes_json.ts";

/** A document as a text, or what is wrong. */
export interface ExportedDocument {
  /** `undefined` where a diagnostic is an error. */
  readonly text: string | undefined;
  readonly diagnostics: readonly TypesDiagnostic[];
}

/** The route table: of the app's module, or of its OpenAPI document. */
export function exportRoutes(
  { routes, openapi, beside }: Pick<Sources, "routes" | "openapi" | "beside">,
  { generator }: Pick<TypesPlan, "generator">,
): ExportedDocument {
  const sink = createDiagnostics();
  const text = routes !== undefined
    ? filterTable(routes, generator, sink)
    : openapi !== undefined
    ? tableOfOpenapi({ openapi, beside }, generator, sink)
    : undefined;
  return resultOf(text, sink);
}

type Text = NonNullable<Sources["routes"]>;

/** Everything that the table says of a route goes out, not only what is generated from. */
function filterTable(
  { text, name }: Text,
  generator: TypesPlan["generator"],
  sink: DiagnosticSink,
): string | undefined {
  const document = parseDocument(text, name, sink);
  const rows = get(document, "routes");
  if (!isObject(document) || !isObject(rows)) return undefined;
  const { routes } = readLitestar(document, { where: name, uriIsPath: false }, sink);
  const kept = filterRoutes(routes, generator, sink).map((route) => route.name).sort();
  const table = Object.fromEntries(kept.map((each) => [each, rows[each]]));
  return renderJsonFile({ ...document, routes: table });
}

function tableOfOpenapi(
  { openapi, beside }: { readonly openapi: Text; readonly beside: Text | undefined },
  generator: TypesPlan["generator"],
  sink: DiagnosticSink,
): string | undefined {
  const document = parseDocument(openapi.text, openapi.name, sink);
  if (document === undefined) return undefined;
  const model = readOpenapi(document, {
    where: openapi.name,
    servers: "path",
    hasBodies: false,
    cleanNames: generator.cleanNames ?? true,
    impliesHead: generator.impliesHead ?? false,
  }, sink);
  if (model === undefined) return undefined;
  const { routes } = beside === undefined ? model : addRoutes(model, readBeside(beside, sink));
  return renderRoutesJson(filterRoutes(routes, generator, sink));
}

function readBeside({ text, name }: Text, sink: DiagnosticSink): RouteModel {
  const document = parseDocument(text, name, sink);
  return readLitestar(document, { where: name, uriIsPath: false }, sink);
}

/**
 * The OpenAPI document, as JSON whatever it was.
 *
 * @throws {TypesError} If there is none.
 */
export function exportSchema({ openapi }: Pick<Sources, "openapi">): ExportedDocument {
  if (openapi === undefined) {
    throw new TypesError(
      "no-openapi",
      "openapi",
      "Cannot export an OpenAPI document: there is a route table, but none that describes one",
      "give the table's routes a response, or Hono's an app of @hono/zod-openapi",
    );
  }
  const sink = createDiagnostics();
  const document = parseDocument(openapi.text, openapi.name, sink);
  // Says what is wrong with a document that is none.
  if (document !== undefined) {
    const reading = {
      servers: "path",
      hasBodies: false,
      cleanNames: true,
      impliesHead: false,
    } as const;
    readOpenapi(document, { where: openapi.name, ...reading }, sink);
  }
  return resultOf(document === undefined ? undefined : renderJsonFile(document), sink);
}

function resultOf(text: string | undefined, sink: DiagnosticSink): ExportedDocument {
  const diagnostics = sink.list();
  const isBad = diagnostics.some(({ level }) => level === "error");
  return { text: isBad ? undefined : text, diagnostics };
}
