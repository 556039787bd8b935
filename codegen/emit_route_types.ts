/**
 * `route-types.ts`: what the requests and the responses of routes carry. Types alone, in a file of their own, so that
 * nothing of the routes depends on them.
 *
 * @module
 */
import type { DiagnosticSink } from "./diagnostic.ts";
import { compareText, renderString } from "./literal.ts";
import type { Route, RouteContent, RouteModel } from "./model.ts";
import { TYPES, unionOf } from "./type_node.ts";
import { declareTypes } from "./named_types.ts";
import type { GeneratedFile } from "./options.ts";
import { renderType, type TypeStyle } from "./render_type.ts";

const OWN_NAMES: readonly string[] = [
  "RouteBodies",
  "RouteBody",
  "RouteName",
  "RouteResponse",
  "RouteResponses",
];

/** The file. */
export function emitRouteTypes(
  model: RouteModel,
  { header, extension, from }: { header: string; extension: string; from: string | undefined },
  sink: DiagnosticSink,
): GeneratedFile {
  const { text, nameOf } = declareTypes(
    model.types ?? [],
    { own: OWN_NAMES, from },
    "route-types.ts",
    sink,
  );
  const style: TypeStyle = { nameOf, isUrl: false };
  const routes = [...model.routes].sort((a, b) => compareText(a.name, b.name));
  const imports = `import type { RouteName } from ${renderString(`./routes${extension}`)};\n`;
  const [above, below] = from === undefined ? ["", text === "" ? "" : `\n${text}`] : [text, ""];
  const maps = [
    renderMap(
      "RouteBodies",
      "What the request of each route carries.",
      routes,
      ({ body }) => body && renderContent(body, style),
    ),
    renderMap(
      "RouteResponses",
      "What a successful response of each route carries.",
      routes,
      ({ response }) => response && renderContent(response, style),
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
    text: `${header}${above}${imports}${below}\n${[...maps, ...lookups].join("\n")}`,
  };
}

function renderContent({ type, isOptional = false }: RouteContent, style: TypeStyle): string {
  return renderType(isOptional ? unionOf([type, TYPES.undefined]) : type, style, "  ");
}

function renderMap(
  name: string,
  summary: string,
  routes: readonly Route[],
  typeOf: (route: Route) => string | undefined,
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
