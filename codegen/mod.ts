/**
 * Types and URLs for a front end from whatever describes its server: a route table, an OpenAPI document, or pages of
 * Inertia. Text in, text out: nothing here reads a file, a clock or the network.
 *
 * ```ts
 * import { generate } from "@lv/sidecar/codegen";
 *
 * const openapi = `
 * openapi: 3.1.0
 * paths:
 *   /users/{id}:
 *     get:
 *       operationId: showUser
 *       parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
 * `;
 * const { files } = generate({ openapi }, { groupFiles: true });
 *
 * for (const { path, text } of files) console.log(path, text.length);
 * ```
 *
 * @module
 */
export { generate, type Generated } from "./generate.ts";
export type { Diagnostic, DiagnosticCode } from "./diagnostic.ts";
export type {
  GeneratedFile,
  GenerateInput,
  GenerateOptions,
  InertiaClient,
  Naming,
  OperationTypeNames,
  OperationTypes,
  RouteFilter,
} from "./options.ts";
export type {
  Converter,
  NamedType,
  Page,
  PageModel,
  PathParameterPart,
  PathPart,
  QueryStyle,
  Route,
  RouteContent,
  RouteModel,
  RouteParameter,
  SharedProp,
  TypeImport,
} from "./model.ts";
export type { TypeKeyword, TypeNode, TypeProperty } from "./type_node.ts";
export { parsePathTemplate, type PathTemplate, type TemplateSyntax } from "./path_template.ts";
