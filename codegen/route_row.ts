/**
 * A route as the run-time reads it: one line of data.
 *
 * @module
 */
import { cached } from "./cached.ts";
import { CONVERTER_KINDS, KIND_PATTERNS, SHARED_KIND } from "./converter_kinds.ts";
import { renderAll, renderString } from "./literal.ts";
import type { PathPart, QueryStyle, Route, RouteParameter } from "./model.ts";
import { NO_ROUTE, ofPaths, type PreparedRoutes } from "./prepare_routes.ts";

/** What the run-time calls the styles; separators as they stand in a URL. */
const STYLES: { readonly [Style in QueryStyle]: string } = {
  form: "",
  formObject: "object",
  comma: ",",
  pipe: "%7C",
  space: "%20",
  tab: "%09",
  deep: "[0]",
  json: "json",
  reserved: "reserved",
  brackets: "[]",
  indices: "[0]",
};

/** A row as an expression. */
export function renderRow(route: Route): string {
  return `[${renderString(route.name)}, ${renderTemplate(route)}${
    renderMethods(methodsText(route.methods))
  }]`;
}

function renderMethods(methods: string): string {
  return methods === "GET" ? "" : `, ${renderString(methods)}`;
}

/**
 * The rows of many routes, a line each.
 *
 * @param print Prints a name without its quotes.
 */
export function renderRows(
  { sorted, ranked, paths }: PreparedRoutes,
  print: (name: string) => string,
): string {
  const templateOfPath = ofPaths(paths, (path) => `", ${renderString(pathTemplate(path, NONE))}`);
  const endOf = cached((methods: string) => `${renderMethods(methods)}],\n`);
  return renderAll(ranked, (place) => {
    const route = sorted[place] ?? NO_ROUTE;
    // Most say nothing more than their path.
    const template = saysMore(route)
      ? `", ${renderTemplate(route)}`
      : templateOfPath(place, route.path);
    return `  ["${print(route.name)}${template}${endOf(methodsText(route.methods))}`;
  });
}

function renderTemplate(route: Route): string {
  return renderString(templateOf(route));
}

/** Whether there is more in a template than the path. */
function saysMore({ host, parameters = NONE, fixedQuery, fixedHash }: Route): boolean {
  if (host !== undefined || fixedQuery !== undefined || fixedHash !== undefined) return true;
  for (const parameter of parameters) {
    if (parameter.place !== "query" || isTold(parameter)) return true;
  }
  return false;
}

const NONE: readonly never[] = [];

/** Nearly all routes have one. */
export function methodsText(methods: readonly string[]): string {
  return methods.length === 1 ? methods[0] ?? "" : methods.join(" ");
}

/** The URL template of the run-time. */
export function templateOf(
  { host, path, parameters = NONE, fixedQuery = NONE, fixedHash }: Route,
): string {
  let text = "";
  if (host !== undefined) {
    text = "//";
    for (const part of host) text += placeOrText(part, parameters, false);
  }
  text += pathTemplate(path, parameters);
  const told = parameters.some(isTold);
  if (told || fixedQuery.length > 0) {
    const items = parameters.filter(isTold).map(queryItem);
    const fixed = fixedQuery.map(([name, value]) => `${field(name)}=${field(value)}`);
    text += `?${[...fixed, ...items.sort()].join("&")}`;
  }
  if (fixedHash === undefined || fixedHash === "") return text;
  return `${text}#${encodeURI(fixedHash.toWellFormed()).replaceAll("#", "%23")}`;
}

function pathTemplate(
  path: readonly PathPart[],
  parameters: readonly RouteParameter[],
): string {
  let text = "";
  for (let index = 0; index < path.length; index++) {
    const part = path[index] ?? "";
    const next = path[index + 1];
    const ownsSlash = typeof next === "object" && next.isOptional;
    // The parameter that may be missing brings its slash.
    if (typeof part === "string") {
      text += pathPiece(ownsSlash ? part.slice(0, -1) : part);
    } else text += placeOrText(part, parameters, part.isOptional, isShared(path, index));
  }
  return text;
}

/** Only what the run-time has to know: a style, and what must be there. */
function isTold({ place, style = "form", isRequired = false }: RouteParameter): boolean {
  return place === "query" && (STYLES[style] !== "" || isRequired);
}

function queryItem({ name, style = "form", isRequired = false }: RouteParameter): string {
  return `${field(name)}:${field(STYLES[style])}${isRequired ? "!" : ""}`;
}

/** `{a}{b}` and `{a}F{b}`: `%0F` would end `a` within the escape. Any other sign stands in no escape. */
function isShared(path: readonly PathPart[], index: number): boolean {
  const next = path[index + 1];
  const following = path[index + 2];
  if (typeof next !== "string") return next !== undefined;
  return following !== undefined && /^[\da-f][^/]*$/i.test(next);
}

function placeOrText(
  part: PathPart,
  parameters: readonly RouteParameter[],
  isOptional: boolean,
  isSharing = false,
): string {
  if (typeof part === "string") return pathPiece(part);
  const known = parameters.findLast(({ name, place }) => place !== "query" && name === part.name);
  const { binding = "" } = known ?? {};
  const own = kindOf(part.converter, isOptional);
  const kind = own === "" && isSharing ? SHARED_KIND : own;
  // The kind's pattern is not one for values.
  const pattern = known?.pattern ?? (kind === SHARED_KIND ? ".+" : undefined);
  // Empty ones at the end say nothing.
  if (pattern !== undefined) {
    return `{${field(part.name)}:${kind}:${field(binding)}:${field(pattern)}}`;
  }
  if (binding !== "") return `{${field(part.name)}:${kind}:${field(binding)}}`;
  return kind === "" ? `{${field(part.name)}}` : `{${field(part.name)}:${kind}}`;
}

function kindOf(converter: keyof typeof CONVERTER_KINDS, isOptional: boolean): string {
  const kind = CONVERTER_KINDS[converter];
  return isOptional ? `${kind}/` : kind;
}

/** The kinds of these routes with their patterns: what the run-time has to know of them. */
export function kindsOf(
  { sorted, paths }: PreparedRoutes,
): { readonly [kind: string]: string } {
  const kinds = new Map<string, string>();
  const add = (part: PathPart, index: number, parts: readonly PathPart[]): void => {
    if (typeof part === "string") return;
    if (CONVERTER_KINDS[part.converter] === "" && isShared(parts, index)) {
      kinds.set(SHARED_KIND, KIND_PATTERNS[SHARED_KIND] ?? "");
    }
    const pattern = KIND_PATTERNS[CONVERTER_KINDS[part.converter]];
    if (pattern !== undefined) kinds.set(kindOf(part.converter, part.isOptional), pattern);
  };
  let seen = 0;
  for (let place = 0; place < sorted.length; place++) {
    const { path, host } = sorted[place] ?? NO_ROUTE;
    // Paths are numbered as they come.
    if (paths.of[place] === seen) {
      path.forEach(add);
      seen++;
    }
    host?.forEach(add);
  }
  return Object.fromEntries([...kinds].sort());
}

const WORD_REGEXP = /^[\w.~-]*$/;

/** A text within a template: none of the template's own signs is left. */
function field(text: string): string {
  if (WORD_REGEXP.test(text)) return text;
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const PLAIN_PATH_REGEXP = /^[\w/.~!$&'()*+,;=:@-]*$/;

/** Text of a path with what may stand there (RFC 3986 §3.3) as it is. */
function pathPiece(text: string): string {
  if (PLAIN_PATH_REGEXP.test(text)) return text;
  const known = isDecodable(text) ? text : text.replaceAll("%", "%25");
  return known.toWellFormed()
    .replace(/%2e/gi, ".")
    .replace(/%(?![\da-fA-F]{2})/g, "%25")
    .replace(/[^\w/.~!$&'()*+,;=:@%-]+/gu, (piece) => encodeURIComponent(piece));
}

function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-fA-F]{2})/g, "%25")) !== "";
  } catch {
    return false;
  }
}
