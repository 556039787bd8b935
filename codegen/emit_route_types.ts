/**
 * `route-types.ts`: what the requests and the responses of routes carry. Types alone, in a file of their own, so that
 * nothing of the routes depends on them.
 *
 * @module
 */
import type { DiagnosticSink } from "./diagnostic.ts";
import { renderString } from "./literal.ts";
import type { NamedType, Route, RouteContent, RouteModel } from "./model.ts";
import { refsOf, TYPES, unionOf } from "./type_node.ts";
import { declareTypes } from "./named_types.ts";
import type { GeneratedFile, OperationTypeNames, OperationTypes } from "./options.ts";
import { renderType, type TypeStyle } from "./render_type.ts";

const OWN_NAMES: readonly string[] = [
  "RouteBodies",
  "RouteBody",
  "RouteName",
  "RouteResponse",
  "RouteResponses",
];

/** How the file is written. */
export interface RouteTypesOptions {
  readonly header: string;
  readonly extension: string;
  /** The module of the components. */
  readonly from: string | undefined;
  /** Types that are there already. */
  readonly operationTypes: OperationTypes | undefined;
}

/** The file, in the order of the routes. */
export function emitRouteTypes(
  model: RouteModel,
  { header, extension, from, operationTypes }: RouteTypesOptions,
  sink: DiagnosticSink,
): GeneratedFile {
  const known = namesByOperation(operationTypes);
  const carried = model.routes.map((route) => carriedBy(route, known));
  const { text, nameOf } = declareTypes(
    usedTypes(model.types ?? [], carried),
    { own: OWN_NAMES, from },
    "route-types.ts",
    sink,
  );
  const style: TypeStyle = { nameOf, isUrl: false };
  const imports = `import type { RouteName } from ${renderString(`./routes${extension}`)};\n`;
  const operations = operationTypes !== undefined && carried.some(isKnown)
    ? `import type * as ${OPERATIONS} from ${renderString(operationTypes.from)};\n`
    : "";
  const [above, below] = from === undefined ? ["", text === "" ? "" : `\n${text}`] : [text, ""];
  const maps = [
    renderMap(
      "RouteBodies",
      "What the request of each route carries.",
      carried,
      ({ body }) => renderCarried(body, style),
    ),
    renderMap(
      "RouteResponses",
      "What a successful response of each route carries.",
      carried,
      ({ response }) => renderCarried(response, style),
    ),
  ];
  const lookups = [
    lookup(
      "RouteBody",
      "What the request of a route carries; `undefined` where it carries nothing.",
      "RouteBodies",
      "undefined",
    ),
    lookup(
      "RouteResponse",
      "What a successful response of a route carries, as far as it is known.",
      "RouteResponses",
      "unknown",
    ),
  ];
  return {
    path: "route-types.ts",
    text: `${header}${operations}${above}${imports}${below}\n${[...maps, ...lookups].join("\n")}`,
  };
}

/** The namespace of types that are there already: beside it, none of their names can be one of ours. */
const OPERATIONS = "operations";

/** What is carried: our own type, or the text of one that is there already. */
type Carried = RouteContent | string | undefined;

interface CarriedBy {
  readonly name: string;
  readonly body: Carried;
  readonly response: Carried;
}

const keyOf = (method: string, path: string): string => `${method.toUpperCase()} ${path}`;

function namesByOperation(
  types: OperationTypes | undefined,
): ReadonlyMap<string, OperationTypeNames> {
  return new Map(types?.operations.map((each) => [keyOf(each.method, each.path), each]));
}

function carriedBy(
  { name, operation, body, response }: Route,
  known: ReadonlyMap<string, OperationTypeNames>,
): CarriedBy {
  const names = operation && known.get(keyOf(operation.method, operation.path));
  const typeOf = (type: string | undefined): string | undefined =>
    type !== undefined && IDENTIFIER_REGEXP.test(type) ? `${OPERATIONS}.${type}` : undefined;
  const data = typeOf(names?.data);
  return {
    name,
    body: body === undefined || data === undefined ? body : `${data}["body"]`,
    response: typeOf(names?.response) ?? response,
  };
}

/** The names are told by another program. */
const IDENTIFIER_REGEXP = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const isKnown = ({ body, response }: CarriedBy): boolean =>
  typeof body === "string" || typeof response === "string";

/** Those that our own types refer to, and those that these refer to. */
function usedTypes(types: readonly NamedType[], carried: readonly CarriedBy[]): NamedType[] {
  if (!carried.some(isKnown)) return [...types];
  const byName = new Map(types.map((type) => [type.name, type]));
  const own = carried.flatMap(({ body, response }) => [body, response])
    .flatMap((each) => typeof each === "object" ? refsOf(each.type) : []);
  const used = new Set(own);
  // The set grows while it is walked.
  for (const name of used) {
    const type = byName.get(name)?.type;
    if (type !== undefined) { for (const ref of refsOf(type)) used.add(ref); }
  }
  return types.filter(({ name }) => used.has(name));
}

function renderCarried(carried: Carried, style: TypeStyle): string | undefined {
  return typeof carried === "object" ? renderContent(carried, style) : carried;
}

function renderContent({ type, isOptional = false }: RouteContent, style: TypeStyle): string {
  return renderType(isOptional ? unionOf([type, TYPES.undefined]) : type, style, "  ");
}

function renderMap(
  name: string,
  summary: string,
  routes: readonly CarriedBy[],
  typeOf: (route: CarriedBy) => string | undefined,
): string {
  const lines = routes.flatMap((route) => {
    const type = typeOf(route);
    return type === undefined ? [] : [`  readonly ${renderString(route.name)}: ${type};\n`];
  });
  const head = `/** ${summary} */\n`;
  if (lines.length === 0) return `${head}export type ${name} = Record<never, never>;\n`;
  return `${head}export interface ${name} {\n${lines.join("")}}\n`;
}

function lookup(name: string, summary: string, map: string, fallback: string): string {
  return `/** ${summary} */
export type ${name}<Name extends RouteName> = Name extends keyof ${map} ? ${map}[Name] : ${fallback};
`;
}
