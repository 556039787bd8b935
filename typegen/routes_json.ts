/**
 * A route table as JSON, for another program or another machine: the form of litestar-vite, with converters in the paths.
 *
 * @module
 */
import type { PathPart, Route, RouteParameter } from "../codegen/model.ts";
import { renderType, URL_STYLE } from "../codegen/render_type.ts";
import type { TypeNode } from "../codegen/type_node.ts";
import { parseType } from "../codegen/type_text.ts";

/** Renders the routes, sorted by name. */
export function renderRoutesJson(routes: readonly Route[]): string {
  const sorted = [...routes].sort((a, b) => (a.name < b.name ? -1 : 1));
  return renderJsonFile({
    routes: Object.fromEntries(sorted.map((each) => [each.name, rowOf(each)])),
  });
}

/** A value as a file of JSON. */
export function renderJsonFile(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function rowOf({ path, methods, parameters = [], component }: Route): object {
  const types = parameters.filter(({ place, type }) => place === "path" && type !== undefined);
  const query = parameters.filter(({ place }) => place === "query");
  return {
    uri: path.map(partText).join(""),
    methods,
    ...types.length === 0 ? {} : { parameterTypes: mapOf(types) },
    ...query.length === 0 ? {} : { queryParameters: mapOf(query) },
    ...component === undefined ? {} : { component },
  };
}

function partText(part: PathPart): string {
  if (typeof part === "string") return part;
  return part.converter === "str" ? `{${part.name}}` : `{${part.name}:${part.converter}}`;
}

function mapOf(parameters: readonly RouteParameter[]): Readonly<Record<string, string>> {
  return Object.fromEntries(parameters.map(({ name, type, place, isRequired }) => {
    const text = typeText(type);
    return [name, place === "path" || isRequired === true ? text : `${text} | undefined`];
  }));
}

/** Case: a type that the other side could not read -> "any" */
function typeText(type: TypeNode | undefined): string {
  if (type === undefined) return "any";
  if (type.kind === "date") return "DateTime";
  const text = renderType(type, URL_STYLE);
  return parseType(text, () => undefined) === undefined ? "any" : text;
}
