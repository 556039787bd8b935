/**
 * OpenAPI 3.0, 3.1 and 3.2 and Swagger 2 as a route table.
 *
 * @module
 */
import { type DiagnosticSink, shown } from "./diagnostic.ts";
import { entriesOf, get, getList, getText, isObject, kindOf } from "./json_value.ts";
import type {
  NamedType,
  PathPart,
  Route,
  RouteContent,
  RouteModel,
  RouteParameter,
} from "./model.ts";
import { readBody, readResponse } from "./openapi_content.ts";
import { nameOperations } from "./openapi_names.ts";
import { createParameterReader, type ParameterReader } from "./openapi_parameters.ts";
import { type ServerChoice, serverOf } from "./openapi_servers.ts";
import { parsePathTemplate, type PathTemplate } from "./path_template.ts";
import { createResolver, pointerStep, type RefResolver } from "./ref_resolver.ts";
import { readSchema, type SchemaReading } from "./schema_type.ts";

/** How a document is read. */
export interface OpenapiReading {
  /** Its name for diagnostics. */
  readonly where: string;
  /** Whether the paths and the origin of its servers are taken. */
  readonly servers: ServerChoice;
  /** Whether bodies and responses are read. */
  readonly hasBodies: boolean;
  /** Whether names are cleaned of what their producer adds. */
  readonly cleanNames: boolean;
  /** Whether a `GET` route answers `HEAD` too. */
  readonly impliesHead: boolean;
}

const METHODS: readonly string[] = [
  ...["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"],
];
/** RFC 9110: a token. */
const METHOD_REGEXP = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/;

/** An operation with what its path item says. */
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly value: unknown;
  readonly item: unknown;
  readonly where: string;
}

/** Reads a parsed document; `undefined` where it is none, which is told. */
export function readOpenapi(
  document: unknown,
  reading: OpenapiReading,
  sink: DiagnosticSink,
): RouteModel | undefined {
  const problem = problemOf(document);
  if (problem !== undefined) {
    sink.add(
      "error",
      "bad-document",
      reading.where,
      `Cannot read "${reading.where}" as OpenAPI: ${problem}`,
    );
    return undefined;
  }
  const resolver = createResolver(document, sink);
  const operations = listOperations(document, resolver, reading, sink);
  const names = nameOperations(
    operations.map(({ method, path, value }) => ({
      method,
      path,
      id: getText(value, "operationId"),
    })),
    reading.cleanNames,
  );
  const refs = new Set<string>();
  const context: Context = {
    document,
    reading,
    sink,
    resolver,
    parameters: createParameterReader(resolver, sink),
    schemas: { resolver, sink, use: "body", onRef: (name) => refs.add(name) },
  };
  const routes = operations.map((operation, index) =>
    readOperation(operation, names[index] ?? "", context)
  );
  const origin = serverOf(getList(document, "servers"), reading.servers).origin ??
    swaggerOrigin(document, reading);
  return {
    routes,
    ...reading.hasBodies ? { types: readComponents(document, refs, context) } : {},
    ...origin === undefined ? {} : { origin },
  };
}

function problemOf(document: unknown): string | undefined {
  if (!isObject(document)) return `it is ${kindOf(document)}`;
  const version = get(document, "openapi") ?? get(document, "swagger");
  if (version === undefined) return `it has neither "openapi" nor "swagger"`;
  // YAML: swagger: 2.0 -> 2
  return /^(?:2|3)(?:\.\d+)*$/.test(String(version))
    ? undefined
    : `its version is "${shown(String(version))}"`;
}

interface Context {
  readonly document: unknown;
  readonly reading: OpenapiReading;
  readonly sink: DiagnosticSink;
  readonly resolver: RefResolver;
  readonly parameters: ParameterReader;
  readonly schemas: SchemaReading;
}

function listOperations(
  document: unknown,
  resolver: RefResolver,
  { where }: OpenapiReading,
  sink: DiagnosticSink,
): readonly Operation[] {
  const paths = get(document, "paths");
  if (paths !== undefined && !isObject(paths)) {
    sink.add(
      "warning",
      "bad-document",
      `${where}#/paths`,
      `"paths" is ${kindOf(paths)}; there are no routes`,
    );
  }
  return entriesOf(paths).filter(([path]) => path.startsWith("/")).flatMap(([path, given]) => {
    const at = `${where}#/paths/${pointerStep(path)}`;
    const item = itemOf(given, resolver.resolve(given, at));
    const own = METHODS.filter((method) => isObject(get(item, method)))
      .map((method) => [method, get(item, method)] as const);
    const more = entriesOf(get(item, "additionalOperations"))
      .filter(([method, value]) => METHOD_REGEXP.test(method) && isObject(value));
    return [...own, ...more].map(([method, value]) => ({
      method: method.toUpperCase(),
      path,
      value,
      item,
      where: `${at}/${pointerStep(method)}`,
    }));
  });
}

/** A path item with a reference may have operations of its own beside it; they win. */
function itemOf(given: unknown, referred: unknown): unknown {
  if (given === referred || !isObject(given)) return referred;
  const { $ref: _, ...own } = given;
  return { ...isObject(referred) ? referred : {}, ...own };
}

function readOperation(operation: Operation, name: string, context: Context): Route {
  const { method, path, value, item, where } = operation;
  const { sink, reading } = context;
  const parameters = context.parameters.read(
    get(item, "parameters"),
    get(value, "parameters"),
    where,
  );
  const declared = new Map(
    parameters.filter(({ place }) => place === "path").map((each) => [each.name, each]),
  );
  const template = parsePathTemplate(path, "openapi", new Set(declared.keys()));
  if (template.hasOddBraces) {
    sink.add(
      "warning",
      "bad-template",
      where,
      `Braces in "${shown(path)}" enclose no name; they are text`,
    );
  }
  const parts = typedParts(template, declared, where, context);
  const bodies = reading.hasBodies
    ? contentOf(
      readBody(value, parameters.body, context.document, context.schemas, where),
      readResponse(value, context.document, context.schemas, where),
    )
    : {};
  return {
    name,
    path: withPrefix(prefixOf(operation, context), parts),
    methods: method === "GET" && reading.impliesHead ? ["GET", "HEAD"] : [method],
    operation: { path, method },
    parameters: [
      ...parameters.filter((each) => isUsed(each, parts)),
      ...behindQuery(template, declared),
    ],
    ...template.fixedQuery.length === 0 ? {} : { fixedQuery: template.fixedQuery },
    ...template.fixedHash === undefined ? {} : { fixedHash: template.fixedHash },
    ...describe(value),
    ...bodies,
  };
}

function contentOf(
  body: RouteContent | undefined,
  response: RouteContent | undefined,
): Pick<Route, "body" | "response"> {
  return {
    ...body === undefined ? {} : { body },
    ...response === undefined ? {} : { response },
  };
}

function describe(
  value: unknown,
): Pick<Route, "summary" | "description" | "isDeprecated" | "group"> {
  const summary = getText(value, "summary");
  const description = getText(value, "description");
  const [group] = getList(value, "tags");
  return {
    ...summary === undefined ? {} : { summary },
    ...description === undefined ? {} : { description },
    ...get(value, "deprecated") === true ? { isDeprecated: true } : {},
    ...typeof group === "string" ? { group } : {},
  };
}

/** The parts with the converters of what is declared; what is not declared, or in vain, is told. */
function typedParts(
  { parts, queryParameters }: PathTemplate,
  declared: ReadonlyMap<string, RouteParameter>,
  where: string,
  { sink, parameters }: Context,
): readonly PathPart[] {
  const typed = parts.map((part, index): PathPart => {
    if (typeof part === "string") return part;
    const known = declared.get(part.name);
    if (known === undefined) {
      sink.add(
        "info",
        "undeclared-param",
        where,
        `The path parameter "${shown(part.name)}" is not declared`,
      );
    }
    if (typeof parts[index + 1] === "object") {
      sink.add(
        "info",
        "ambiguous",
        where,
        `Nothing stands between the parameter "${shown(part.name)}" and the next one`,
      );
    }
    return part.converter === "path"
      ? part
      : { ...part, converter: parameters.converterOf(part.name, known) };
  });
  for (const name of declared.keys()) {
    const isInQuery = queryParameters.some(([, inBraces]) => inBraces === name);
    if (!isInQuery && !hasPlace(parts, name)) {
      sink.add(
        "info",
        "unused-param",
        where,
        `The path parameter "${shown(name)}" is not in the path`,
      );
    }
  }
  return typed;
}

function isUsed({ name, place }: RouteParameter, parts: readonly PathPart[]): boolean {
  return place === "query" || hasPlace(parts, name);
}

function hasPlace(parts: readonly PathPart[], name: string): boolean {
  return parts.some((part) => typeof part === "object" && part.name === name);
}

/** `/export?filename={filename}`: a path parameter for the document, a query parameter for everybody else. */
function behindQuery(
  { queryParameters }: PathTemplate,
  declared: ReadonlyMap<string, RouteParameter>,
): readonly RouteParameter[] {
  return queryParameters.map(([name, inBraces]) => ({
    ...declared.get(inBraces),
    name,
    place: "query",
    isRequired: true,
  }));
}

function prefixOf({ item, value }: Operation, { document, reading }: Context): string {
  const servers = [get(value, "servers"), get(item, "servers"), get(document, "servers")]
    .find((list) => Array.isArray(list) && list.length > 0);
  if (Array.isArray(servers)) return serverOf(servers, reading.servers).prefix;
  const base = getText(document, "basePath") ?? "";
  return reading.servers === "none" ? "" : base.replace(/\/+$/, "");
}

/** Swagger 2 has its origin in pieces. */
function swaggerOrigin(document: unknown, { servers }: OpenapiReading): string | undefined {
  const host = getText(document, "host");
  if (servers !== "all" || host === undefined || !/^[\w.:-]+$/.test(host)) return undefined;
  const schemes = getList(document, "schemes");
  return `${schemes.includes("https") || schemes.length === 0 ? "https" : "http"}://${host}`;
}

function withPrefix(prefix: string, parts: readonly PathPart[]): readonly PathPart[] {
  const [first, ...rest] = parts;
  if (prefix === "") return parts;
  return typeof first === "string" ? [prefix + first, ...rest] : [`${prefix}/`, ...parts];
}

/** The components that bodies and responses need, and those that these need. */
function readComponents(
  document: unknown,
  refs: Set<string>,
  context: Context,
): readonly NamedType[] {
  const components = schemasOf(document);
  const types: NamedType[] = [];
  const done = new Set<string>();
  // The set grows while it is walked.
  for (const name of refs) {
    if (done.has(name)) continue;
    done.add(name);
    const schema = get(components, name);
    const where = `${context.reading.where}#/components/schemas/${pointerStep(name)}`;
    if (schema === undefined) {
      context.sink.add("warning", "missing-ref", where, `There is no component "${shown(name)}"`);
      continue;
    }
    const description = getText(schema, "description");
    types.push({
      name,
      type: readSchema(schema, where, context.schemas),
      ...description === undefined ? {} : { description },
    });
  }
  return types;
}

/** Whether a document has a component of that name. */
export function hasComponent(document: unknown, name: string): boolean {
  return get(schemasOf(document), name) !== undefined;
}

function schemasOf(document: unknown): unknown {
  return get(get(document, "components"), "schemas") ?? get(document, "definitions");
}

/** Named components and what they refer to, for pages whose props they are. */
export function readNamedComponents(
  document: unknown,
  names: Iterable<string>,
  where: string,
  sink: DiagnosticSink,
): readonly NamedType[] {
  const refs = new Set(names);
  const resolver = createResolver(document, sink);
  const schemas: SchemaReading = { resolver, sink, use: "body", onRef: (name) => refs.add(name) };
  const reading: OpenapiReading = {
    where,
    servers: "none",
    hasBodies: true,
    cleanNames: false,
    impliesHead: false,
  };
  const parameters = createParameterReader(resolver, sink);
  return readComponents(document, refs, { document, reading, sink, resolver, parameters, schemas });
}
