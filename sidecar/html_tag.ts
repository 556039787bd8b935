/**
 * Tags of HTML with escaped attributes.
 *
 * @module
 */
import { escapeAttribute } from "./escape_html.ts";

/** Attributes of a tag: `true` gives the name alone, `false` and `undefined` leave it out. */
export type TagAttributes = Readonly<Record<string, string | boolean | undefined>>;

/** Everything but what ends a name, and control characters (HTML, "attribute name state"). */
const NAME_REGEXP = /^[^\s"'<>/=\p{Cc}]+$/u;

/**
 * Renders a tag.
 *
 * @param content What stands in it, as HTML; `undefined` for a tag without an end, such as `link`.
 * @throws {RangeError} If the name of an attribute can't be one.
 */
export function renderTag(name: string, attributes: TagAttributes, content?: string): string {
  const shown = Object.entries(attributes).map(renderAttribute).join("");
  return content === undefined ? `<${name}${shown}>` : `<${name}${shown}>${content}</${name}>`;
}

function renderAttribute([name, value]: readonly [string, string | boolean | undefined]): string {
  if (value === undefined || value === false) return "";
  if (!NAME_REGEXP.test(name)) {
    throw new RangeError(`Cannot render ${JSON.stringify(name)} as the name of an attribute`);
  }
  return value === true ? ` ${name}` : ` ${name}="${escapeAttribute(value)}"`;
}
