/**
 * The converters of path parameters: which texts they take, and what becomes of them.
 *
 * @module
 */

/** What a handler gets for a parameter, by its converter: those of Litestar. */
export interface PathValues {
  /** Any text within a segment; it is what `{name}` means. */
  readonly str: string;
  /** A whole number that a double holds exactly. */
  readonly int: number;
  /** A finite number. */
  readonly float: number;
  /** A number as its digits: a double would round it. */
  readonly decimal: string;
  /** Lower or upper case, with its dashes. */
  readonly uuid: string;
  /** `2026-02-28`, and a day that there is. */
  readonly date: string;
  /** `2026-02-28T12:30:00Z`; without a zone it is whatever the caller meant. */
  readonly datetime: string;
  /** `12:30`, `12:30:59.5`. */
  readonly time: string;
  /** Seconds, from their number or from `P1DT2H`. */
  readonly timedelta: number;
  /** The rest of the path, decoded; never with a `..` in it. */
  readonly path: string;
}

/** The name of a converter. */
export type PathConverter = keyof PathValues;

/** What somebody may give who builds a URL, by converter. */
export interface PathInputs {
  /** Any text or number. */
  readonly str: string | number;
  /** A number, or its text. */
  readonly int: number | string;
  /** A number, or its text. */
  readonly float: number | string;
  /** A number, or its text. */
  readonly decimal: number | string;
  /** Its text. */
  readonly uuid: string;
  /** Its text, or a date, of which the day counts. */
  readonly date: string | Date;
  /** Its text, or a date. */
  readonly datetime: string | Date;
  /** Its text. */
  readonly time: string;
  /** Seconds, or a text. */
  readonly timedelta: string | number;
  /** A text with slashes, or its segments. */
  readonly path: string | readonly string[];
}

/** A converter. */
export interface ConverterRule {
  /** Converters of one family take the same texts, so two of them at one place can't be told apart. */
  readonly family: "number" | "uuid" | "date" | "datetime" | "time" | "any" | "path";
  /** As JSON Schema; a path parameter is a text before it is anything else. */
  readonly schema: { readonly [key: string]: unknown };
  /** The value of a decoded text, or `undefined` where it does not fit. */
  parse(text: string): string | number | undefined;
}

const NUMBER_REGEXP = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const UUID_REGEXP = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const DATE_REGEXP = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME_REGEXP = /^([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?$/;
const ZONE_REGEXP = /(?:[Zz]|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/;
/** ISO 8601 without months and years, which have no length of their own. */
const DURATION_REGEXP =
  /^(-?)P(?=[\dT])(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const SECONDS = [604_800, 86_400, 3_600, 60, 1];

const asText = (isFit: (text: string) => boolean) => (text: string): string | undefined =>
  isFit(text) ? text : undefined;

/** The converters. */
export const CONVERTERS: { readonly [Name in PathConverter]: ConverterRule } = {
  str: { family: "any", schema: { type: "string" }, parse: asText((text) => text !== "") },
  int: { family: "number", schema: { type: "integer" }, parse: parseInteger },
  float: { family: "number", schema: { type: "number" }, parse: parseFinite },
  decimal: {
    family: "number",
    schema: { type: "string", format: "decimal" },
    parse: asText((text) => parseFinite(text) !== undefined),
  },
  uuid: {
    family: "uuid",
    schema: { type: "string", format: "uuid" },
    parse: asText((text) => UUID_REGEXP.test(text)),
  },
  date: { family: "date", schema: { type: "string", format: "date" }, parse: asText(isDate) },
  datetime: {
    family: "datetime",
    schema: { type: "string", format: "date-time" },
    parse: asText(isDateTime),
  },
  time: {
    family: "time",
    schema: { type: "string", format: "time" },
    parse: asText((text) => TIME_REGEXP.test(text.replace(ZONE_REGEXP, ""))),
  },
  timedelta: {
    family: "any",
    schema: { type: "string", format: "duration" },
    parse: parseDuration,
  },
  path: { family: "path", schema: { type: "string" }, parse: asText(isInside) },
};

/** Whether there is a converter of that name. */
export function isConverter(name: string): name is PathConverter {
  return Object.hasOwn(CONVERTERS, name);
}

function parseInteger(text: string): number | undefined {
  const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

function parseFinite(text: string): number | undefined {
  const value = NUMBER_REGEXP.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = DATE_REGEXP.exec(text)?.map(Number) ?? [];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

function isDateTime(text: string): boolean {
  const [, date = "", time = ""] = /^(.{10})[Tt ](.+)$/.exec(text) ?? [];
  return isDate(date) && TIME_REGEXP.test(time.replace(ZONE_REGEXP, ""));
}

function parseDuration(text: string): number | undefined {
  const seconds = parseFinite(text);
  const found = DURATION_REGEXP.exec(text);
  if (seconds !== undefined || found === null) return seconds;
  const [, sign, ...amounts] = found;
  const total = amounts.reduce(
    (sum, amount, index) => sum + Number(amount ?? 0) * (SECONDS[index] ?? 0),
    0,
  );
  return sign === "-" ? -total : total;
}

/** Who joins it to a folder stays in that folder: `..%2f..%2fetc` is no path of ours. */
function isInside(text: string): boolean {
  return !text.split(/[/\\]/).some((segment) => segment === ".." || segment === ".") &&
    !text.includes("\0");
}
