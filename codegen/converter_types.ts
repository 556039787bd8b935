/**
 * What callers may give for a path parameter, and how its text looks.
 *
 * @module
 */
import type { Converter } from "./model.ts";
import { type TypeNode, TYPES, unionOf } from "./type_node.ts";

const LIST: TypeNode = { kind: "array", items: TYPES.string };
const TEXT_OR_NUMBER = unionOf([TYPES.string, TYPES.number]);
const NUMBER_OR_TEXT = unionOf([TYPES.number, TYPES.string]);

/** What a caller may give, by converter. */
export const CONVERTER_TYPES: { readonly [Name in Converter]: TypeNode } = {
  str: TEXT_OR_NUMBER,
  int: NUMBER_OR_TEXT,
  float: NUMBER_OR_TEXT,
  number: NUMBER_OR_TEXT,
  decimal: NUMBER_OR_TEXT,
  uuid: TYPES.string,
  date: TYPES.date,
  datetime: TYPES.date,
  time: TYPES.string,
  timedelta: TEXT_OR_NUMBER,
  path: unionOf([TYPES.string, LIST]),
};

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

/** The patterns of the kinds; they have to fit the escaped text as well. */
export const KIND_PATTERNS: { readonly [kind: string]: string } = {
  int: "-?\\d+",
  number: NUMBER,
  decimal: NUMBER,
  uuid: "[\\da-fA-F-]{36}",
  date: DATE,
  datetime: `${DATE}[^/]+`,
  time: "\\d\\d[^/]+",
  // Segments that are not empty: a browser takes what begins with two slashes for a host.
  path: "[^/]+(?:/[^/]+)*",
};
