/**
 * Events that a response fires in the page.
 *
 * @module
 */
import { checkText, refusal, renderJson } from "./header_value.ts";

/**
 * Events: a name, several, or names with what each carries.
 *
 * An object is the event's `detail` as it is. Anything else arrives as `detail.value`, and `undefined` as an empty
 * `detail`. An object's `target` is a selector: the event fires there, and in htmx 2 so do those behind it.
 */
export type HtmxTrigger = string | readonly string[] | Readonly<Record<string, unknown>>;

/** Names that can stand in a list: commas part it, and a brace would make it JSON. */
const PLAIN_NAME_REGEXP = /^[\w.:-]+$/;

type Details = Readonly<Record<string, unknown>>;

/**
 * Events as the value of one of htmx's three fields.
 *
 * @throws {TypeError} If a name is empty or has a control character, or a payload has no JSON form.
 */
export function renderTrigger(header: string, trigger: HtmxTrigger): string {
  return renderDetails(header, detailsOf(header, trigger));
}

/**
 * The value of a field that has events already, with more of them. An event of the same name is replaced.
 *
 * @throws {TypeError} As {@linkcode renderTrigger}, or if the value is none that htmx reads.
 */
export function addTrigger(header: string, value: string | null, trigger: HtmxTrigger): string {
  const before = value === null ? {} : parseTrigger(header, value);
  return renderDetails(header, { ...before, ...detailsOf(header, trigger) });
}

/** Several triggers as one; the last of a name holds. */
export function joinTriggers(header: string, triggers: readonly HtmxTrigger[]): HtmxTrigger {
  return Object.fromEntries(
    triggers.flatMap((trigger) => Object.entries(detailsOf(header, trigger))),
  );
}

function detailsOf(header: string, trigger: HtmxTrigger): Details {
  const entries: [string, unknown][] = typeof trigger === "string"
    ? [[trigger, undefined]]
    : isNames(trigger)
    ? trigger.map((name) => [name, undefined])
    : Object.entries(trigger);
  if (entries.length === 0) throw refusal(header, "", "there is no event in it");
  return Object.fromEntries(
    entries.map(([name, detail]) => [checkText(header, name.trim()), detail]),
  );
}

const isNames = (trigger: readonly string[] | Details): trigger is readonly string[] =>
  Array.isArray(trigger);

function renderDetails(header: string, details: Details): string {
  const names = Object.keys(details);
  const isPlain = names.every((name) =>
    details[name] === undefined && PLAIN_NAME_REGEXP.test(name)
  );
  if (isPlain) return names.join(", ");
  const members = names.map((name) =>
    `${renderJson(header, name)}:${renderDetail(header, details[name])}`
  );
  return `{${members.join(",")}}`;
}

/** htmx 2 and 4 agree on objects; on arrays and null they do not. */
function renderDetail(header: string, detail: unknown): string {
  if (detail === undefined) return "{}";
  const json = renderJson(header, detail);
  return json.startsWith("{") ? json : `{"value":${json}}`;
}

function parseTrigger(header: string, value: string): Details {
  if (!value.startsWith("{")) {
    return Object.fromEntries(value.split(",").map((name) => [name.trim(), undefined]));
  }
  try {
    // What begins with a brace and is JSON is an object.
    return JSON.parse(value) as Details;
  } catch (cause) {
    throw new TypeError(
      `Cannot add events to ${JSON.stringify(value)} as ${header}: it is no JSON`,
      { cause },
    );
  }
}
