/**
 * The types of routes' parameters: an interface for each different set of them.
 *
 * @module
 */
import { renderDoc } from "./comment.ts";
import { CONVERTER_TYPES } from "./converter_types.ts";
import { createIdentifiers, hashText, pascalIdentifier } from "./identifier.ts";
import { compareText, renderString } from "./literal.ts";
import type { Converter, PathParameterPart, Route, RouteParameter } from "./model.ts";
import { renderType, URL_STYLE } from "./render_type.ts";
import { type TypeNode, TYPES, unionOf } from "./type_node.ts";

/** The interfaces, and which one each route has. */
export interface ParamShapes {
  /** Text and name of each interface, sorted by name. */
  readonly declarations: readonly { readonly name: string; readonly body: string }[];
  /** The interface of a route by the route's name. */
  readonly nameOf: ReadonlyMap<string, string>;
}

/** The interface of routes without parameters. */
export const NO_PARAMS = "RouteExtras";

/**
 * Finds the sets of parameters that differ.
 *
 * Shared and named, since a compiler that meets 10,000 object types takes six times as long as with the few hundred
 * that differ.
 */
export function shapeParams(
  routes: readonly Route[],
  defaults: ReadonlySet<string>,
  own: readonly string[],
): ParamShapes {
  const bodies = new Map<string, { readonly wanted: string; readonly routes: string[] }>();
  const nameOf = new Map<string, string>();
  for (const route of routes) {
    const properties = propertiesOf(route, defaults);
    const body = properties.map(({ text }) => text).join("");
    const shape = bodies.get(body);
    if (body === "") nameOf.set(route.name, NO_PARAMS);
    else if (shape !== undefined) shape.routes.push(route.name);
    else {bodies.set(body, {
        wanted: wantedName(properties.map(({ name }) => name)),
        routes: [route.name],
      });}
  }
  const identifiers = createIdentifiers(own);
  const declarations = [...bodies].sort(([a], [b]) => compareText(a, b)).map(
    ([body, { wanted, routes }]) => {
      const name = identifiers.take(wanted).identifier;
      for (const route of routes) nameOf.set(route, name);
      return { name, body };
    },
  );
  return { declarations: declarations.sort((a, b) => compareText(a.name, b.name)), nameOf };
}

/** user_id -> UserIdParams: a name that another route does not change, and that says something in an error. */
function wantedName(names: readonly string[]): string {
  const joined = names.map(pascalIdentifier).join("");
  const short = joined.length > 40
    ? `${pascalIdentifier(joined.slice(0, 32))}_${hashText(names.join("\0"))}`
    : joined;
  return `${short.replace(/^_+(?=\p{ID_Start})/u, "")}Params`;
}

interface ParamProperty {
  readonly name: string;
  readonly text: string;
}

function propertiesOf(route: Route, defaults: ReadonlySet<string>): readonly ParamProperty[] {
  const parameters = route.parameters ?? [];
  const known = new Map(
    parameters.filter(({ place }) => place !== "query").map((each) => [each.name, each]),
  );
  const query = parameters.filter(({ place }) => place === "query");
  const seen = new Set(["_query", "_hash"]);
  const properties: ParamProperty[] = [];
  const places = [...route.host ?? [], ...route.path].filter((part) => typeof part === "object");
  for (const part of places) {
    if (seen.has(part.name)) continue;
    seen.add(part.name);
    properties.push(pathProperty(part, known.get(part.name), defaults.has(part.name)));
  }
  for (const parameter of [...query].sort((a, b) => compareText(a.name, b.name))) {
    if (seen.has(parameter.name)) continue;
    seen.add(parameter.name);
    properties.push(
      property(
        parameter.name,
        parameter.type ?? TYPES.value,
        parameter.isRequired !== true,
        parameter,
      ),
    );
  }
  return properties;
}

function pathProperty(
  { name, converter, isOptional }: PathParameterPart,
  parameter: RouteParameter | undefined,
  hasDefault: boolean,
): ParamProperty {
  return property(name, pathType(converter, parameter), isOptional || hasDefault, parameter);
}

/** What a path takes: numbers also as their texts, and no structures. */
function pathType(converter: Converter, parameter: RouteParameter | undefined): TypeNode {
  const own = CONVERTER_TYPES[converter];
  if (parameter?.type === undefined || converter === "path") return own;
  if (parameter.binding !== undefined) return parameter.type;
  return widened(parameter.type, own);
}

function widened(type: TypeNode, own: TypeNode): TypeNode {
  switch (type.kind) {
    case "literal":
    case "boolean":
    case "bigint":
    case "date":
    case "never":
      return type;
    case "union":
      return unionOf(type.members.map((member) => widened(member, own)));
    case "integer":
    case "number":
      return CONVERTER_TYPES.number;
    default:
      return own;
  }
}

function property(
  name: string,
  type: TypeNode,
  isOptional: boolean,
  parameter: RouteParameter | undefined,
): ParamProperty {
  const tags: [string, string][] = [];
  if (parameter?.defaultText !== undefined) tags.push(["default", parameter.defaultText]);
  if (parameter?.isDeprecated === true) tags.push(["deprecated", ""]);
  const text = renderType(type, URL_STYLE);
  const value = isOptional ? `${text} | undefined` : text;
  return {
    name,
    text: `${renderDoc({ tags }, "  ")}  readonly ${renderString(name)}${
      isOptional ? "?" : ""
    }: ${value};\n`,
  };
}
