/**
 * How the texts of path parameters look.
 *
 * Nothing but data: a front end that reads a server's table carries it.
 *
 * @module
 */
import type { Converter } from "./model.ts";

/** The kinds of the run-time. What has no pattern is any text within a segment. */
export const CONVERTER_KINDS: { readonly [Name in Converter]: string } = {
  str: "",
  int: "int",
  float: "number",
  number: "number",
  decimal: "decimal",
  uuid: "uuid",
  date: "date",
  datetime: "datetime",
  time: "time",
  timedelta: "",
  path: "path",
};

const NUMBER = "-?\\d+(?:\\.\\d+)?(?:e[^/]+)?";
const DATE = "\\d{4}-\\d\\d-\\d\\d";

/**
 * The kind of a text whose end could be taken for within an escape: where another parameter follows at once, or behind a
 * digit of hexadecimal. Its pattern is for the escaped text alone, and takes characters whole.
 */
export const SHARED_KIND = "part";

/** The patterns of the kinds; they have to fit the escaped text as well. */
export const KIND_PATTERNS: { readonly [kind: string]: string } = {
  int: "-?\\d+",
  number: NUMBER,
  decimal: NUMBER,
  uuid: "[\\da-fA-F-]{36}",
  date: DATE,
  datetime: `${DATE}[^/]+`,
  time: "\\d\\d[^/]+",
  [SHARED_KIND]: "(?:%[^89AB].(?:%[89AB].)*|[^/%])+?",
  // Segments that are not empty: a browser takes what begins with two slashes for a host.
  path: "[^/]+(?:/[^/]+)*",
};
