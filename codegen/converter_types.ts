/**
 * What callers may give for a path parameter.
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
