/**
 * Path templates as the producers write them, into parts.
 *
 * @module
 */
import type { Converter, PathParameterPart, PathPart } from "./model.ts";

/** Whose template it is: they differ in what may stand in braces. */
export type TemplateSyntax = "litestar" | "ziggy" | "openapi";

/** A template in parts, and what was odd about it. */
export interface PathTemplate {
  /** The path. */
  readonly parts: readonly PathPart[];
  /** Pairs behind `?` that are no parameters, decoded. */
  readonly fixedQuery: readonly (readonly [string, string])[];
  /** Parameters that stand behind `?`: the name in the URL and the one in braces. */
  readonly queryParameters: readonly (readonly [name: string, inBraces: string])[];
  /** What stands behind `#`. */
  readonly fixedHash: string | undefined;
  /** Braces that enclose nothing, or do not close. */
  readonly hasOddBraces: boolean;
  /** Converters that nobody knows. */
  readonly unknownConverters: readonly string[];
}

/** The converters of Litestar and what others call them. */
const CONVERTERS: ReadonlyMap<string, Converter> = new Map([
  ...(["str", "int", "float", "number", "uuid", "decimal", "date", "datetime", "time"] as const)
    .map((name) => [name, name] as const),
  ["timedelta", "timedelta"],
  ["path", "path"],
  ["string", "str"],
  ["integer", "int"],
  ["uint", "int"],
]);

/** The converter of that name, if there is one. */
export function converterOf(name: string): Converter | undefined {
  return CONVERTERS.get(name);
}

/** Runs of braces with what they enclose, or runs of braces alone. */
const BRACES_REGEXP = /\{+[^{}]*\}+|[{}]+/g;
/**
 * Exactly one pair, around something that stays within a segment: in OpenAPI any text, elsewhere what a function can have
 * for an argument.
 */
const PLACE_REGEXPS: { readonly [Syntax in TemplateSyntax]: RegExp } = {
  openapi: /^\{(?!\s*\})[^{}/]+\}$/,
  litestar: /^\{\s*[\p{ID_Start}_$][\p{ID_Continue}.$-]*\s*(?::[^{}/:]*)?\}$/u,
  ziggy: /^\{[\p{ID_Start}_$][\p{ID_Continue}.$-]*\??\}$/u,
};
/** RFC 6570: `{?a,b}` lists query parameters, which are declared elsewhere. */
const QUERY_FORM_REGEXP = /^[?&]/;
/** `{*rest}`, `{**rest}`, `{+rest}`, `{rest*}` and `{rest+}`: several segments. Not `{id:[0-9]+}`. */
const WILDCARD_REGEXP = /^(?:\*{1,2}|\+)([^:]+)$|^([^:]+?)[*+]$/;
/** `{id:int}`, `{id:[0-9]+}`, `{id=7}`, `{id?}` and `{ id }`: what routers add to the name that a document declares. */
const ADDITION_REGEXP = /^\s*(.+?)\s*(?:[:=].*|\?)?$/s;

const QUERY_OR_HASH_REGEXP = /[?#]/;
/** A path alone, and nothing odd in it: text alternates with what braces enclose. */
const SIMPLE_REGEXP = /^\/(?!\/)[^{}?#]*(?:\{[A-Za-z]\w*(?::\w+)?\}[^{}?#]*)*$/;

const PLAIN_TEMPLATE = {
  ...{ fixedQuery: [], queryParameters: [], fixedHash: undefined },
  ...{ hasOddBraces: false, unknownConverters: [] },
} as const;
const NONE: ReadonlySet<string> = new Set();

/** Text, or what stands between two braces. */
type Token = string | { readonly inside: string };

/**
 * Parses a template.
 *
 * @example Usage
 * ```ts
 * import { parsePathTemplate } from "@lv/sidecar/codegen";
 * import { deepEqual } from "node:assert/strict";
 *
 * const { parts } = parsePathTemplate("/users/{id:int}", "litestar");
 *
 * deepEqual(parts, [
 *   "/users/",
 *   { kind: "parameter", name: "id", converter: "int", isOptional: false },
 * ]);
 * ```
 *
 * @param text For example `/users/{id:int}`.
 * @param syntax Whose template it is.
 * @param declared The path parameters that its document declares, where it declares any: they are taken by their names.
 */
export function parsePathTemplate(
  text: string,
  syntax: TemplateSyntax,
  declared: ReadonlySet<string> = NONE,
): PathTemplate {
  if (syntax !== "ziggy" && SIMPLE_REGEXP.test(text)) return parseSimple(text, syntax, declared);
  const { tokens, hasOddBraces } = tokenize(text, syntax);
  const unknownConverters: string[] = [];
  const partsOf = (path: readonly Token[]): readonly PathPart[] => {
    const parts = path.map((token) => {
      if (typeof token === "string") return token;
      const place = parsePlace(token.inside, syntax, declared);
      if (place.unknown !== undefined) unknownConverters.push(place.unknown);
      return place.part;
    });
    const [first] = parts;
    return joinText(typeof first === "string" && first.startsWith("/") ? parts : ["/", ...parts]);
  };
  if (!QUERY_OR_HASH_REGEXP.test(text)) {
    return { ...PLAIN_TEMPLATE, parts: partsOf(tokens), hasOddBraces, unknownConverters };
  }
  const { path, query, hash } = splitTokens(tokens);
  const pairs = query.map(parsePair);
  return {
    parts: partsOf(path),
    fixedQuery: pairs.flatMap((pair) => "fixed" in pair ? [pair.fixed] : []),
    queryParameters: pairs.flatMap((pair) => "parameter" in pair ? [pair.parameter] : []),
    fixedHash: hash.length === 0 ? undefined : hash.map(textOf).join(""),
    hasOddBraces: hasOddBraces || pairs.some(({ isOdd }) => isOdd),
    unknownConverters,
  };
}

function parseSimple(
  text: string,
  syntax: TemplateSyntax,
  declared: ReadonlySet<string>,
): PathTemplate {
  if (!text.includes("{")) return { ...PLAIN_TEMPLATE, parts: [text] };
  const unknown: string[] = [];
  const parts: PathPart[] = [];
  let end = 0;
  for (let open = text.indexOf("{"); open >= 0; open = text.indexOf("{", end)) {
    if (open > end) parts.push(text.slice(end, open));
    end = text.indexOf("}", open) + 1;
    const place = parsePlace(text.slice(open + 1, end - 1), syntax, declared);
    parts.push(place.part);
    if (place.unknown !== undefined) unknown.push(place.unknown);
  }
  if (end < text.length) parts.push(text.slice(end));
  return { ...PLAIN_TEMPLATE, parts, unknownConverters: unknown };
}

function tokenize(
  text: string,
  syntax: TemplateSyntax,
): { tokens: Token[]; hasOddBraces: boolean } {
  const tokens: Token[] = [];
  let hasOddBraces = false;
  let end = 0;
  for (const { 0: braces, index } of text.matchAll(BRACES_REGEXP)) {
    tokens.push(text.slice(end, index));
    end = index + braces.length;
    const isPlace = PLACE_REGEXPS[syntax].test(braces);
    const inside = braces.slice(1, -1);
    if (!isPlace) tokens.push(braces);
    else if (!QUERY_FORM_REGEXP.test(inside)) tokens.push({ inside });
    hasOddBraces ||= !isPlace;
  }
  tokens.push(text.slice(end));
  return { tokens: tokens.filter((token) => token !== ""), hasOddBraces };
}

/** Cuts at the first `?` and the first `#` that stand in text; the query also at each `&`. */
function splitTokens(
  tokens: readonly Token[],
): { path: Token[]; query: Token[][]; hash: Token[] } {
  const path: Token[] = [];
  const query: Token[][] = [];
  const hash: Token[] = [];
  let target = path;
  for (const token of tokens) {
    if (typeof token !== "string") {
      target.push(token);
      continue;
    }
    for (const piece of token.split(/([?#&])/)) {
      if (piece === "#" && target !== hash) target = hash;
      else if (piece === "?" && target === path) query.push(target = []);
      else if (piece === "&" && query.length > 0 && target !== hash) query.push(target = []);
      else if (piece !== "") target.push(piece);
    }
  }
  return { path, query: query.filter((pair) => pair.length > 0), hash };
}

const textOf = (token: Token): string => typeof token === "string" ? token : `{${token.inside}}`;

type Pair =
  & { readonly isOdd: boolean }
  & (
    | { readonly fixed: readonly [string, string] }
    | { readonly parameter: readonly [string, string] }
  );

/** name={x} -> a parameter; name=text -> a fixed pair; a{x}b -> text, which is odd. */
function parsePair(tokens: readonly Token[]): Pair {
  const [first, second] = tokens;
  if (
    tokens.length === 2 && typeof first === "string" && typeof second === "object" &&
    /^[^=]+=$/.test(first)
  ) {
    return { isOdd: false, parameter: [decoded(first.slice(0, -1)), second.inside] };
  }
  const text = tokens.map(textOf).join("");
  const at = text.indexOf("=");
  const [name, value] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  return {
    isOdd: tokens.some((token) => typeof token !== "string"),
    fixed: [decoded(name), decoded(value)],
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

interface Place {
  readonly part: PathParameterPart;
  readonly unknown?: string;
}

function parsePlace(inside: string, syntax: TemplateSyntax, declared: ReadonlySet<string>): Place {
  if (declared.has(inside)) return { part: parameter(inside, "str") };
  if (syntax === "ziggy") {
    const isOptional = inside.endsWith("?");
    return { part: parameter(isOptional ? inside.slice(0, -1) : inside, "str", isOptional) };
  }
  if (syntax === "openapi") {
    const bare = ADDITION_REGEXP.exec(inside)?.[1] ?? inside;
    if (declared.has(bare)) return { part: parameter(bare, "str") };
    const [, before, behind] = WILDCARD_REGEXP.exec(inside) ?? [];
    const name = before ?? behind;
    return { part: name === undefined ? parameter(inside, "str") : parameter(name, "path") };
  }
  return parseLitestarPlace(inside);
}

/** id -> str; id:int -> int; id:slug -> str, and the converter is not known. */
function parseLitestarPlace(inside: string): Place {
  const colon = inside.lastIndexOf(":");
  if (colon < 1) return { part: parameter(inside, "str") };
  const name = inside.slice(0, colon).trim();
  const converter = inside.slice(colon + 1).trim();
  const known = converterOf(converter);
  const part = parameter(name, known ?? "str");
  return known === undefined ? { part, unknown: converter } : { part };
}

/** A parameter's part. */
export function parameter(
  name: string,
  converter: Converter,
  isOptional = false,
): PathParameterPart {
  return { kind: "parameter", name, converter, isOptional };
}

/** Neighbouring texts become one, and what stands before the path exactly one slash. */
export function joinText(parts: readonly PathPart[]): readonly PathPart[] {
  if (isJoined(parts)) return parts;
  const joined: PathPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") {
      joined[joined.length - 1] = last + part;
    } else joined.push(part);
  }
  const [first] = joined;
  // "//a" would be an address of another host.
  if (typeof first === "string" && first.startsWith("//")) joined[0] = first.replace(/^\/+/, "/");
  return joined;
}

/** Whether no two texts are neighbours, and not two slashes stand in front. */
export function isJoined(parts: readonly PathPart[]): boolean {
  let last: PathPart | undefined;
  for (const part of parts) {
    const isText = typeof part === "string";
    if (isText && (typeof last === "string" || (last === undefined && part.startsWith("//")))) {
      return false;
    }
    last = part;
  }
  return true;
}

/** A host such as `{team}.app.test`. */
export function parseHost(text: string): readonly PathPart[] {
  const { tokens } = tokenize(text, "ziggy");
  return tokens.map((token) => typeof token === "string" ? token : parameter(token.inside, "str"));
}

/** The path as a human writes it. */
export function pathText(parts: readonly PathPart[]): string {
  let text = "";
  for (const part of parts) text += typeof part === "string" ? part : `{${part.name}}`;
  return text;
}

/** The template with the parameters' names erased: what two documents have to share to mean the same path. */
export function pathShape(parts: readonly PathPart[]): string {
  let text = "";
  for (const part of parts) text += typeof part === "string" ? part : "{}";
  return text;
}
