/**
 * Values of fields: what goes into one can neither end it nor be read as something else.
 *
 * A field's value is bytes that a browser reads as Latin-1, so everything here is ASCII in the end, each kind of text
 * by the escapes of its own grammar.
 *
 * @module
 */

/** CR and LF end a field, NUL ends some parsers; a URL parser drops a tab and so turns `java\tscript:` into a scheme. */
const CONTROL_REGEXP = /\p{Cc}/u;

/** Where a browser may be sent. `javascript:` runs in the page, and so does `js:` in htmx 4. */
const PROTOCOLS: readonly string[] = ["http:", "https:"];

/**
 * A URL as a value: relative, or of http or https.
 *
 * @throws {TypeError} If it is empty, no URL, of another scheme, or has a control character.
 */
export function renderUrl(header: string, url: string | URL): string {
  const text = checkText(header, String(url).trim()).toWellFormed();
  const { protocol } = URL.parse(text, "http://localhost") ?? {};
  if (protocol === undefined) throw refusal(header, text, "it is no URL");
  if (!PROTOCOLS.includes(protocol)) {
    throw refusal(
      header,
      text,
      `its scheme is "${protocol}", and only http and https are let through`,
    );
  }
  // As a value these two mean something else.
  if (text === "true" || text === "false") return `./${text}`;
  return text.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
}

/**
 * A CSS selector as a value, or one of htmx's own (`this`, `closest li`); letters beyond ASCII become CSS escapes.
 *
 * @throws {TypeError} If it is empty or has a control character.
 */
export function renderSelector(header: string, selector: string): string {
  // Six digits need no space behind them.
  return checkText(header, selector.trim()).replace(
    /[^\x20-\x7e]/gu,
    (character) => `\\${(character.codePointAt(0) ?? 0).toString(16).padStart(6, "0")}`,
  );
}

/**
 * A token that we do not look into.
 *
 * @throws {TypeError} If it is empty or not of visible ASCII characters.
 */
export function renderToken(header: string, token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw refusal(header, token, "it is not of visible ASCII characters");
}

/**
 * A value as JSON in ASCII.
 *
 * @throws {TypeError} If there is no JSON for it.
 */
export function renderJson(header: string, value: unknown): string {
  const json = stringify(header, value);
  return json.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function stringify(header: string, value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    // A BigInt or a cycle; the runtime's words for it are in the cause.
    throw new TypeError(`Cannot set ${header}: its value has no JSON form`, { cause });
  }
  if (json === undefined) {
    throw new TypeError(`Cannot set ${header}: a value of type ${typeof value} has no JSON form`);
  }
  return json;
}

/** Refuses what is empty and what has a control character. */
export function checkText(header: string, text: string): string {
  if (text === "") throw refusal(header, text, "it is empty");
  if (CONTROL_REGEXP.test(text)) throw refusal(header, text, "it has a control character");
  return text;
}

/** The error for a value that a field can't have. */
export function refusal(header: string, value: string, state: string): TypeError {
  return new TypeError(`Cannot use ${JSON.stringify(value)} as ${header}: ${state}`);
}
