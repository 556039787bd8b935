/**
 * Where the tokens of an HTML document end: the tokenizer of the HTML standard (§13.2.5), reduced to offsets.
 *
 * Every function takes the whole text and an offset and returns an offset; -1 says that the document ends before the
 * token does, so that whatever is written behind it would be swallowed.
 *
 * @module
 */

const TAB = 0x09;
const LF = 0x0a;
const FF = 0x0c;
const CR = 0x0d;
const SPACE = 0x20;
const EXCLAMATION = 0x21;
const DOUBLE_QUOTE = 0x22;
const AMPERSAND = 0x26;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;

/** Whether the code unit is white space in HTML. */
export function isHtmlSpace(code: number): boolean {
  return code === SPACE || code === LF || code === TAB || code === CR || code === FF;
}

/** Whether the code unit is an ASCII letter: what `<` or `</` needs behind it to be a tag. */
export function isAsciiLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** The end of the tag name that starts at `at`. */
export function tagNameEnd(html: string, at: number): number {
  let code = html.charCodeAt(at);
  // Nearly every letter passes the first comparison. NaN, the end of the text, equals nothing: it has to be asked for.
  while (
    code > GREATER || (code !== GREATER && code !== SLASH && !isHtmlSpace(code) && code === code)
  ) {
    code = html.charCodeAt(++at);
  }
  return at;
}

/** The tag name between two offsets in ASCII lower case. */
export function tagName(html: string, start: number, end: number): string {
  const name = html.slice(start, end);
  let hasUpperCase = false;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    // `toLowerCase` makes a "k" of the Kelvin sign; no name with such a letter means anything to us.
    if (code > 0x7f) return name;
    hasUpperCase ||= code >= 0x41 && code <= 0x5a;
  }
  return hasUpperCase ? name.toLowerCase() : name;
}

/** Behind the `>` of the tag whose name ends at `at`; -1 if there is none. */
export function tagEnd(html: string, at: number): number {
  for (;;) {
    const code = html.charCodeAt(at);
    if (code === GREATER) return at + 1;
    if (code !== code) return -1;
    at = isHtmlSpace(code) || code === SLASH ? at + 1 : attributeEnd(html, at);
    if (at === -1) return -1;
  }
}

/** The end of the attribute that starts at `at`; -1 if a quote stays open. */
function attributeEnd(html: string, at: number): number {
  const nameEnd = attributeNameEnd(html, at);
  at = valueStart(html, nameEnd);
  if (at === -1) return nameEnd;
  const code = html.charCodeAt(at);
  if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
    return closingQuoteEnd(html, at, code);
  }
  return unquotedEnd(html, at);
}

/** Values are short: a loop is faster than `indexOf`. */
function closingQuoteEnd(html: string, at: number, quote: number): number {
  let code = html.charCodeAt(++at);
  while (code !== quote && code === code) code = html.charCodeAt(++at);
  return code === quote ? at + 1 : -1;
}

// Case: `="x"` -> a name: at its first place "=" is a letter like any other
function attributeNameEnd(html: string, at: number): number {
  let code = html.charCodeAt(++at);
  while (
    code > GREATER ||
    (code !== EQUALS && code !== GREATER && code !== SLASH && !isHtmlSpace(code) && code === code)
  ) {
    code = html.charCodeAt(++at);
  }
  return at;
}

/** Where the value of the attribute whose name ends at `at` starts; -1 if it has none. */
function valueStart(html: string, at: number): number {
  at = spacesEnd(html, at);
  return html.charCodeAt(at) === EQUALS ? spacesEnd(html, at + 1) : -1;
}

// Case: `href=/a/>` -> the value is "/a/", and the tag is not self-closing
function unquotedEnd(html: string, at: number): number {
  let code = html.charCodeAt(at);
  while (code > GREATER || (code !== GREATER && !isHtmlSpace(code) && code === code)) {
    code = html.charCodeAt(++at);
  }
  return at;
}

function spacesEnd(html: string, at: number): number {
  while (isHtmlSpace(html.charCodeAt(at))) at++;
  return at;
}

/** Whether the tag between two offsets ends in `/>`; only elements of SVG and MathML heed it. */
export function isSelfClosing(html: string, nameEnd: number, end: number): boolean {
  const last = end - 2;
  if (html.charCodeAt(last) !== SLASH) return false;
  let at = nameEnd;
  while (at < last) {
    const code = html.charCodeAt(at);
    at = isHtmlSpace(code) || code === SLASH ? at + 1 : attributeEnd(html, at);
  }
  return at === last;
}

/**
 * The attributes of the tag whose name ends at `at` and that is known to be closed.
 *
 * Names are in lower case; of two with one name the first counts. Character references stay as they are.
 */
export function readAttributes(html: string, at: number): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (let code = html.charCodeAt(at); code !== GREATER; code = html.charCodeAt(at)) {
    if (code === SLASH || isHtmlSpace(code)) {
      at++;
      continue;
    }
    const end = attributeEnd(html, at);
    const nameEnd = attributeNameEnd(html, at);
    const name = html.slice(at, nameEnd).toLowerCase();
    const start = valueStart(html, nameEnd);
    if (!attributes.has(name)) {
      attributes.set(name, start === -1 ? "" : unquote(html.slice(start, end)));
    }
    at = end;
  }
  return attributes;
}

function unquote(value: string): string {
  return value.startsWith('"') || value.startsWith("'") ? value.slice(1, -1) : value;
}

/** Behind the comment whose `<!--` ends at `at`; -1 if it stays open. */
export function commentEnd(html: string, at: number): number {
  // Case: `<!-->`, `<!--->` -> an empty comment
  if (html.startsWith(">", at)) return at + 1;
  if (html.startsWith("->", at)) return at + 2;
  for (at = html.indexOf("--", at); at !== -1; at = html.indexOf("--", at + 1)) {
    const code = html.charCodeAt(at + 2);
    if (code === GREATER) return at + 3;
    if (code === EXCLAMATION && html.charCodeAt(at + 3) === GREATER) return at + 4;
  }
  return -1;
}

/** Behind the next `>`: the end of a doctype and of a bogus comment (`<!x>`, `<?x>`, `</ >`). */
export function bogusCommentEnd(html: string, at: number): number {
  const end = html.indexOf(">", at);
  return end === -1 ? -1 : end + 1;
}

/** Behind the `]]>` of the CDATA section at `at`; -1 if it stays open. */
export function cdataEnd(html: string, at: number): number {
  const end = html.indexOf("]]>", at);
  return end === -1 ? -1 : end + 3;
}

/** Behind the end tag of an element without markup in it, such as `<title>`, whose content starts at `at`. */
export function rawTextEnd(html: string, at: number, name: string): number {
  for (at = html.indexOf("</", at); at !== -1; at = html.indexOf("</", at + 2)) {
    if (isName(html, at + 2, name)) return tagEnd(html, at + 2 + name.length);
  }
  return -1;
}

/** Whether the tag name at `at` is `name`, in any case. */
function isName(html: string, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    // No code unit but the two cases of a letter becomes that letter.
    if ((html.charCodeAt(at + i) | 0x20) !== name.charCodeAt(i)) return false;
  }
  const code = html.charCodeAt(at + name.length);
  return code === GREATER || code === SLASH || isHtmlSpace(code);
}

/**
 * Behind the end tag of the `<script>` whose content starts at `at`.
 *
 * In `<!-- … -->` a `<script>` hides the next `</script>` (script data double escaped state).
 */
export function scriptEnd(html: string, at: number): number {
  let escapedUntil = -1;
  let doubleEscaped = false;
  for (at = html.indexOf("<", at); at !== -1; at = html.indexOf("<", at + 1)) {
    if (at >= escapedUntil) {
      doubleEscaped = false;
      // The dashes of `<!--` may be those of `-->`: `<!-->` opens and closes.
      if (html.startsWith("<!--", at)) escapedUntil = escapeEnd(html, at + 2);
    }
    if (html.charCodeAt(at + 1) === SLASH) {
      if (!isName(html, at + 2, "script")) continue;
      if (!doubleEscaped) return tagEnd(html, at + 8);
      doubleEscaped = false;
    } else if (at < escapedUntil && isName(html, at + 1, "script")) {
      doubleEscaped = true;
    }
  }
  return -1;
}

function escapeEnd(html: string, at: number): number {
  const end = html.indexOf("-->", at);
  return end === -1 ? html.length : end + 3;
}

/**
 * The end of the white space at `at`, which the parser drops or keeps outside `<body>`.
 *
 * A character reference counts as what it stands for: `&#32;<head>` has a head.
 */
export function whiteSpaceEnd(html: string, at: number): number {
  for (;;) {
    at = spacesEnd(html, at);
    if (html.charCodeAt(at) !== AMPERSAND) return at;
    const end = spaceReferenceEnd(html, at);
    if (end === -1) return at;
    at = end;
  }
}

// `&Tab;` and `&NewLine;` are the only names of white space; the others are the code points 9, 10, 12, 13 and 32.
const SPACE_REFERENCE_REGEXP =
  /^&(?:Tab;|NewLine;|#0*(?:9|10|12|13|32)(?!\d);?|#[xX]0*(?:9|[aA]|[cC]|[dD]|20)(?![\da-fA-F]);?)/;

const LONGEST_REFERENCE = 32;

function spaceReferenceEnd(html: string, at: number): number {
  const match = SPACE_REFERENCE_REGEXP.exec(html.slice(at, at + LONGEST_REFERENCE));
  return match === null ? -1 : at + match[0].length;
}
