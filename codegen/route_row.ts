/**
 * A route as the run-time reads it: one line of data.
 *
 * @module
 */
import { CONVERTER_KINDS, KIND_PATTERNS } from "./converter_types.ts";
import { renderString } from "./literal.ts";
import type { PathPart, QueryStyle, Route, RouteParameter } from "./model.ts";

/** What the run-time calls the styles; separators as they stand in a URL. */
const STYLES: { readonly [Style in QueryStyle]: string } = {
  form: "",
  formObject: "object",
  comma: ",",
  pipe: "%7C",
  space: "%20",
  deep: "[0]",
  json: "json",
  reserved: "reserved",
  brackets: "[]",
  indices: "[0]",
};

/** A row as an expression. */
export function renderRow(route: Route): string {
  const methods = route.methods.join(" ");
  const cells = [route.name, templateOf(route), ...methods === "GET" ? [] : [methods]];
  return `[${cells.map(renderString).join(", ")}]`;
}

/** The URL template of the run-time. */
export function templateOf(
  { host, path, parameters = [], fixedQuery = [], fixedHash }: Route,
): string {
  const known = new Map(
    parameters.filter(({ place }) => place !== "query").map((each) => [each.name, each]),
  );
  const before = host === undefined
    ? ""
    : `//${host.map((part) => placeOrText(part, known, false)).join("")}`;
  const parts = path.map((part, index) => {
    const next = path[index + 1];
    const ownsSlash = typeof next === "object" && next.isOptional;
    // The parameter that may be missing brings its slash.
    if (typeof part === "string") {
      return placeOrText(ownsSlash ? part.slice(0, -1) : part, known, false);
    }
    return placeOrText(part, known, part.isOptional);
  });
  const query = [
    ...fixedQuery.map(([name, value]) => `${field(name)}=${field(value)}`),
    ...parameters.flatMap(queryItem).sort(),
  ];
  const hash = fixedHash === undefined || fixedHash === ""
    ? ""
    : `#${encodeURI(fixedHash.toWellFormed()).replaceAll("#", "%23")}`;
  return `${before}${parts.join("")}${query.length === 0 ? "" : `?${query.join("&")}`}${hash}`;
}

/** Only what the run-time has to know: a style, and what must be there. */
function queryItem(
  { name, place, style = "form", isRequired = false }: RouteParameter,
): readonly string[] {
  if (place !== "query" || (STYLES[style] === "" && !isRequired)) return [];
  const text = field(STYLES[style]);
  if (isRequired) return [`${field(name)}:${text}!`];
  return [`${field(name)}:${text}`];
}

function placeOrText(
  part: PathPart,
  known: ReadonlyMap<string, RouteParameter>,
  isOptional: boolean,
): string {
  if (typeof part === "string") return pathPiece(part);
  const { binding = "", pattern } = known.get(part.name) ?? {};
  const fields = [
    part.name,
    kindOf(part.converter, isOptional),
    binding,
    ...pattern === undefined ? [] : [pattern],
  ];
  // Empty ones at the end say nothing.
  while (fields.at(-1) === "") fields.pop();
  return `{${fields.map((text, index) => index === 1 ? text : field(text)).join(":")}}`;
}

function kindOf(converter: keyof typeof CONVERTER_KINDS, isOptional: boolean): string {
  return `${CONVERTER_KINDS[converter]}${isOptional ? "/" : ""}`;
}

/** The kinds of these routes with their patterns: what the run-time has to know of them. */
export function kindsOf(routes: readonly Route[]): { readonly [kind: string]: string } {
  const kinds = new Map<string, string>();
  for (const { path, host = [] } of routes) {
    for (const part of [...path, ...host]) {
      if (typeof part === "string") continue;
      const pattern = KIND_PATTERNS[CONVERTER_KINDS[part.converter]];
      if (pattern !== undefined) kinds.set(kindOf(part.converter, part.isOptional), pattern);
    }
  }
  return Object.fromEntries([...kinds].sort());
}

/** A text within a template: none of the template's own signs is left. */
function field(text: string): string {
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
