/**
 * The types of routes' parameters: an interface for each different set of them.
 *
 * @module
 */
import { renderDoc } from "./comment.ts";
import { CONVERTER_TYPES } from "./converter_types.ts";
import { cached } from "./cached.ts";
import { createIdentifiers, hashText, pascalIdentifier } from "./identifier.ts";
import { compareText, inQuotes } from "./literal.ts";
import type { Converter, PathParameterPart, PathPart, Route, RouteParameter } from "./model.ts";
import { NO_ROUTE, ofPaths, type PathNumbers, type PreparedRoutes } from "./prepare_routes.ts";
import { renderType, URL_STYLE } from "./render_type.ts";
import { type TypeNode, TYPES, unionOf } from "./type_node.ts";

/** The interfaces, and which one each route has. */
export interface ParamShapes {
  /** Text and name of each interface, sorted by name. */
  readonly declarations: readonly { readonly name: string; readonly body: string }[];
  /** The name of each route's interface, in the order of the routes. */
  readonly types: readonly string[];
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
  { sorted, paths }: PreparedRoutes,
  defaults: ReadonlySet<string>,
  own: readonly string[],
): ParamShapes {
  const shapes = new Map<string, ParamShape>();
  const shapeOf: (ParamShape | undefined)[] = [];
  const reader = new PropertyReader(paths, defaults);
  const pascal = cached(pascalIdentifier);
  for (let place = 0; place < sorted.length; place++) {
    const set = reader.read(sorted[place] ?? NO_ROUTE, place);
    if (set.shape === undefined && set.properties.length > 0) {
      let body = "";
      for (const { text } of set.properties) body += text;
      set.shape = shapes.get(body);
      if (set.shape === undefined) {
        set.shape = { name: wantedName(set.properties, pascal), body };
        shapes.set(body, set.shape);
      }
    }
    shapeOf.push(set.shape);
  }
  const identifiers = createIdentifiers(own);
  const declarations = [...shapes.values()].sort(byName);
  let isRenamed = false;
  for (const shape of declarations) {
    const { identifier } = identifiers.take(shape.name);
    isRenamed ||= identifier !== shape.name;
    shape.name = identifier;
  }
  if (isRenamed) declarations.sort(byName);
  return { declarations, types: shapeOf.map((shape) => shape?.name ?? NO_PARAMS) };
}

interface ParamShape {
  /** At first the wanted one. */
  name: string;
  readonly body: string;
}

/** Several that want one name are told apart by their bodies, whatever the order of the routes. */
function byName(a: ParamShape, b: ParamShape): number {
  return compareText(a.name, b.name) || compareText(a.body, b.body);
}

/** user_id -> UserIdParams: a name that another route does not change, and that says something in an error. */
function wantedName(
  properties: readonly ParamProperty[],
  pascal: (name: string) => string,
): string {
  let joined = "";
  for (const { name } of properties) joined += pascal(name);
  const short = joined.length > 40
    ? `${pascalIdentifier(joined.slice(0, 32))}_${
      hashText(properties.map(({ name }) => name).join("\0"))
    }`
    : joined;
  return `${short.startsWith("_") ? short.replace(/^_+(?=\p{ID_Start})/u, "") : short}Params`;
}

interface ParamProperty {
  readonly name: string;
  readonly text: string;
}

interface QueryProperty {
  readonly parameter: RouteParameter;
  readonly property: ParamProperty;
}

/** Properties, and what has been found out about them: routes share them. */
interface PropertySet {
  readonly properties: readonly ParamProperty[];
  /** Of sets that are not empty. */
  shape: ParamShape | undefined;
  /** With a parameter of the query behind them: the last that was asked for. */
  queried: { readonly parameter: RouteParameter; readonly set: PropertySet } | undefined;
}

function propertySet(properties: readonly ParamProperty[]): PropertySet {
  return { properties, shape: undefined, queried: undefined };
}

/** Reads the properties of routes. */
class PropertyReader {
  readonly #defaults: ReadonlySet<string>;
  /** Of those without anything else: several routes share a path. */
  readonly #ofPath: (place: number, path: readonly PathPart[]) => PropertySet;
  /** By name, the last one of the query: a table has one for all routes that mean the same. */
  readonly #queries = new Map<string, QueryProperty>();
  /** What stands behind a name. */
  readonly #ends = cached((type: TypeNode) => `": ${renderType(type, URL_STYLE)};\n`);
  readonly #optionalEnds = cached((type: TypeNode) =>
    `"?: ${renderType(type, URL_STYLE)} | undefined;\n`
  );

  constructor(paths: PathNumbers, defaults: ReadonlySet<string>) {
    this.#defaults = defaults;
    this.#ofPath = ofPaths(paths, (path) => propertySet(this.#places(path, [])));
  }

  read({ path, host, parameters = NONE }: Route, place: number): PropertySet {
    if (host !== undefined || !isQuery(parameters)) {
      const places = this.#places([...host ?? NONE, ...path], parameters);
      return propertySet(this.#withQuery(places, parameters));
    }
    const set = this.#ofPath(place, path);
    const parameter = parameters[0];
    if (parameter === undefined) return set;
    if (parameters.length > 1) return propertySet(this.#withQuery(set.properties, parameters));
    if (set.queried?.parameter !== parameter) {
      set.queried = { parameter, set: propertySet(this.#withQuery(set.properties, parameters)) };
    }
    return set.queried.set;
  }

  #withQuery(
    places: readonly ParamProperty[],
    parameters: readonly RouteParameter[],
  ): readonly ParamProperty[] {
    let properties = places;
    for (const parameter of queryOf(parameters)) {
      if (has(properties, parameter.name)) continue;
      properties = added(properties, this.#queryProperty(parameter));
    }
    return properties;
  }

  #places(
    parts: readonly PathPart[],
    parameters: readonly RouteParameter[],
  ): readonly ParamProperty[] {
    let properties: readonly ParamProperty[] = NONE;
    for (const part of parts) {
      if (typeof part === "string" || has(properties, part.name)) continue;
      const parameter = parameters.findLast(({ place, name }) =>
        place !== "query" && name === part.name
      );
      properties = added(properties, this.#pathProperty(part, parameter));
    }
    return properties;
  }

  #pathProperty(part: PathParameterPart, parameter: RouteParameter | undefined): ParamProperty {
    const { name, converter } = part;
    const isOptional = part.isOptional || this.#defaults.has(name);
    const type = pathType(converter, parameter);
    return this.#property(name, type, isOptional, parameter);
  }

  #queryProperty(parameter: RouteParameter): ParamProperty {
    const { name, type = TYPES.value, isRequired = false } = parameter;
    const known = this.#queries.get(name);
    if (known?.parameter === parameter) return known.property;
    const property = this.#property(name, type, !isRequired, parameter);
    this.#queries.set(name, { parameter, property });
    return property;
  }

  #property(
    name: string,
    type: TypeNode,
    isOptional: boolean,
    parameter: RouteParameter | undefined,
  ): ParamProperty {
    const doc = parameter === undefined ? "" : docOf(parameter);
    const end = isOptional ? this.#optionalEnds(type) : this.#ends(type);
    return { name, text: `${doc}  readonly "${inQuotes(name)}${end}` };
  }
}

const NONE: readonly never[] = [];

/** Not `[...properties, more]` or `push`, which make room for 16 that never come. */
function added(
  properties: readonly ParamProperty[],
  more: ParamProperty,
): readonly ParamProperty[] {
  return properties.length === 0 ? [more] : properties.concat(more);
}

/** Whether all of them are parameters of the query. */
function isQuery(parameters: readonly RouteParameter[]): boolean {
  for (const { place } of parameters) if (place !== "query") return false;
  return true;
}

/** Those of the query, by name. */
function queryOf(parameters: readonly RouteParameter[]): readonly RouteParameter[] {
  if (parameters.length === 1 && parameters[0]?.place === "query") return parameters;
  return parameters.filter(({ place }) => place === "query")
    .sort((a, b) => compareText(a.name, b.name));
}

/** A name stands there once; `_query` and `_hash` are in all of them. */
function has(properties: readonly ParamProperty[], wanted: string): boolean {
  if (wanted === "_query" || wanted === "_hash") return true;
  for (const { name } of properties) if (name === wanted) return true;
  return false;
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

function docOf({ defaultText, isDeprecated = false }: RouteParameter): string {
  if (defaultText === undefined && !isDeprecated) return "";
  const tags: [string, string][] = [];
  if (defaultText !== undefined) tags.push(["default", defaultText]);
  if (isDeprecated) tags.push(["deprecated", ""]);
  return renderDoc({ tags }, "  ");
}
