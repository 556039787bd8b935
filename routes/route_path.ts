/**
 * A route's path: what Litestar lets one write, read and checked once.
 *
 * @module
 */
import { parsePathTemplate } from "../codegen/path_template.ts";
import { CONVERTERS, isConverter, type PathConverter } from "./path_values.ts";

/** A parameter of a path. */
export interface PathPlace {
  /** As it stands in the braces. */
  readonly name: string;
  /** What becomes of its text. */
  readonly converter: PathConverter;
}

/** One segment: a text as it stands in a URL, or a parameter. */
export type PathSegment = string | PathPlace;

/** A path in parts. */
export interface RoutePath {
  /** As a URL has it, with the parameters in braces: `/caf%C3%A9/{id:int}`. */
  readonly uri: string;
  readonly segments: readonly PathSegment[];
  readonly places: readonly PathPlace[];
  /** Equal for paths that no URL tells apart. */
  readonly shape: string;
  /** Of two paths that fit a URL, the one with the lesser text is meant. */
  readonly rank: string;
}

/** RFC 3986 §3.3: what a segment holds, and letters of all scripts, which are encoded. */
const SEGMENT_REGEXP = /^(?:[\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2}|[^\0-\x7f])+$/u;
const PLACE_REGEXP = /^\{([^{}:]+)(?::([^{}:]+))?\}$/;

/**
 * Parses a path.
 *
 * @throws {SyntaxError} If it is none: no slash, odd braces, an unknown converter, a parameter that is not a whole segment.
 */
export function parseRoutePath(text: string): RoutePath {
  checkTemplate(text);
  const texts = text.split("/").slice(1);
  // Case: "/" -> no segment; "/users/" -> ["users"]: a slash at the end says nothing.
  if (texts.at(-1) === "") texts.pop();
  const segments = texts.map((segment) => parseSegment(segment, text));
  const places = segments.filter((segment) => typeof segment === "object");
  checkPlaces(places, segments, text);
  return {
    uri: `/${segments.map(segmentText).join("/")}`,
    segments,
    places,
    shape: `/${segments.map(segmentShape).join("/")}`,
    rank: segments.map(segmentRank).join(""),
  };
}

/** A path below a prefix; its own `/` is the prefix itself. */
export function joinPath(prefix: string, path: string): string {
  const joined = prefix.replace(/\/$/, "") + (path === "/" ? "" : path);
  return joined === "" ? "/" : joined;
}

function fail(text: string, state: string): never {
  throw new SyntaxError(`Cannot use ${JSON.stringify(text)} as a path: ${state}`);
}

/** What the readers of other documents take for text, or warn of, is a mistake of somebody who writes a table. */
function checkTemplate(text: string): void {
  if (!text.startsWith("/")) fail(text, "it does not begin with a slash");
  if (/[?#]/.test(text)) fail(text, "a query or a fragment is no part of it");
  const { hasOddBraces, unknownConverters: [unknown] } = parsePathTemplate(text, "litestar");
  if (hasOddBraces) fail(text, "its braces do not enclose a name");
  if (unknown !== undefined) failConverter(text, unknown);
}

function failConverter(text: string, converter: string): never {
  fail(text, `there is no converter "${converter}", but ${Object.keys(CONVERTERS).join(", ")}`);
}

function parseSegment(segment: string, text: string): PathSegment {
  if (!/[{}]/.test(segment)) return encodeSegment(segment, text);
  const [, name, converter = "str"] = PLACE_REGEXP.exec(segment) ?? [];
  if (name === undefined) fail(text, `"${segment}" is not one parameter: it takes a whole segment`);
  if (/\s/.test(name + converter)) fail(text, `there is a space in "${segment}"`);
  if (!isConverter(converter)) failConverter(text, converter);
  return { name, converter };
}

/** As a browser sends it. */
function encodeSegment(segment: string, text: string): string {
  if (segment === "") fail(text, "one of its segments is empty");
  if (/^(?:\.|%2e){1,2}$/i.test(segment)) fail(text, `a browser resolves "${segment}"`);
  if (!SEGMENT_REGEXP.test(segment)) fail(text, `"${segment}" has to be percent-encoded`);
  return segment.toWellFormed()
    .replace(/[^\0-\x7f]+/gu, encodeURIComponent)
    .replace(/%../g, (escape) => escape.toUpperCase());
}

function checkPlaces(
  places: readonly PathPlace[],
  segments: readonly PathSegment[],
  text: string,
): void {
  const names = places.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) fail(text, `the parameter "${twice}" stands there twice`);
  const rest = places.find(({ converter }) => converter === "path");
  if (rest !== undefined && segments.at(-1) !== rest) {
    fail(text, `"${rest.name}" takes the rest of the path, and something follows`);
  }
}

function segmentText(segment: PathSegment): string {
  if (typeof segment === "string") return segment;
  const { name, converter } = segment;
  return converter === "str" ? `{${name}}` : `{${name}:${converter}}`;
}

function segmentShape(segment: PathSegment): string {
  return typeof segment === "string" ? segment : `{${CONVERTERS[segment.converter].family}}`;
}

/** A text before a type, a type before any text, any text before several: as `router.match` of the browser has it. */
function segmentRank(segment: PathSegment): string {
  if (typeof segment === "string") return "0";
  const { family } = CONVERTERS[segment.converter];
  return family === "path" ? "3" : family === "any" ? "2" : "1";
}
