/**
 * Regular expressions of other languages, checked before they constrain a value here.
 *
 * A pattern is read with a small grammar and printed again. What JavaScript has not, or what could take exponential
 * time, is refused: a route without its constraint is better than a page that hangs.
 *
 * @module
 */

const MAX_LENGTH = 300;
/** Each unbounded repetition multiplies the time by the length of the value. */
const MAX_UNBOUNDED = 3;
/** Above it a bounded repetition costs like an unbounded one. */
const SMALL_COUNT = 20;

const ESCAPE_REGEXP = /^\\(?:[dDwWsS]|[.\\/^$*+?()[\]{}|-]|[nrtf])/;
const CLASS_REGEXP = /^\[\^?(?:\\(?:[dDwWsS]|[.\\/^$*+?()[\]{}|-]|[nrtf])|[^\\[\]])+\]/;
const QUANTIFIER_REGEXP = /^(?:[*+?]|\{(\d{1,4})(,(\d{0,4}))?\})\??/;
const GROUP_REGEXP = /^\((?:\?:|\?P?<[A-Za-z_]\w*>)?/;

/** What a part of a pattern can do to the time that it takes. */
interface Cost {
  readonly unbounded: number;
  readonly hasChoice: boolean;
}

interface Read extends Cost {
  readonly printed: string;
  readonly rest: string;
}

/**
 * Checks a pattern and prints it for JavaScript: without anchors at its ends and without capturing groups.
 *
 * @returns `undefined` where it is refused.
 */
export function safePattern(pattern: string): string | undefined {
  if (pattern.length > MAX_LENGTH) return undefined;
  const read = readChoice(withoutAnchors(pattern));
  if (read === undefined || read.rest !== "" || read.printed === "") return undefined;
  if (read.unbounded > MAX_UNBOUNDED || !compiles(read.printed)) return undefined;
  return read.printed;
}

function compiles(source: string): boolean {
  try {
    return new RegExp(`^(?:${source})$`, "su").source !== "";
  } catch {
    return false;
  }
}

function withoutAnchors(pattern: string): string {
  return pattern.replace(/^(?:\^|\\A)/, "").replace(/(?<!\\)(?:\$|\\[zZ])$/, "");
}

function readChoice(text: string): Read | undefined {
  const options: string[] = [];
  let unbounded = 0;
  let hasChoice = false;
  let rest = text;
  for (;;) {
    const sequence = readSequence(rest);
    if (sequence === undefined) return undefined;
    options.push(sequence.printed);
    unbounded += sequence.unbounded;
    hasChoice ||= sequence.hasChoice;
    rest = sequence.rest;
    if (!rest.startsWith("|")) break;
    rest = rest.slice(1);
  }
  return {
    printed: options.join("|"),
    unbounded,
    hasChoice: hasChoice || options.length > 1,
    rest,
  };
}

function readSequence(text: string): Read | undefined {
  let printed = "";
  let unbounded = 0;
  let hasChoice = false;
  let rest = text;
  while (rest !== "" && !/^[|)]/.test(rest)) {
    const piece = readPiece(rest);
    if (piece === undefined) return undefined;
    printed += piece.printed;
    unbounded += piece.unbounded;
    hasChoice ||= piece.hasChoice;
    rest = piece.rest;
  }
  return { printed, unbounded, hasChoice, rest };
}

/** An atom and how often it may stand there. */
function readPiece(text: string): Read | undefined {
  const atom = readAtom(text);
  if (atom === undefined) return undefined;
  const quantifier = QUANTIFIER_REGEXP.exec(atom.rest);
  if (quantifier === null) return atom;
  const rest = atom.rest.slice(quantifier[0].length);
  // Possessive, or a quantifier of a quantifier.
  if (/^[*+?{]/.test(rest)) return undefined;
  const isMany = isUnbounded(quantifier);
  // (a+)+ and (a|a)+ take exponential time.
  if (isMany && (atom.unbounded > 0 || atom.hasChoice)) return undefined;
  return {
    printed: atom.printed + quantifier[0],
    unbounded: atom.unbounded + (isMany ? 1 : 0),
    hasChoice: atom.hasChoice || quantifier[0].startsWith("?"),
    rest,
  };
}

function isUnbounded([text, least, comma, most]: RegExpExecArray): boolean {
  if (least === undefined) return !text.startsWith("?");
  return (comma !== undefined && (most === "" || most === undefined)) ||
    Number(most || least) > SMALL_COUNT;
}

function readAtom(text: string): Read | undefined {
  const simple = /^(?:\.|[^\\^$.|?*+()[\]{}])/su.exec(text) ?? ESCAPE_REGEXP.exec(text) ??
    CLASS_REGEXP.exec(text);
  if (simple !== null) {
    const [printed] = simple;
    return { printed, unbounded: 0, hasChoice: false, rest: text.slice(printed.length) };
  }
  const open = GROUP_REGEXP.exec(text);
  // Look-around, inline flags, back references and the rest of the zoo.
  if (open === null || /^\(\?(?![:P<])|^\(\?<[=!]/.test(text)) return undefined;
  const inner = readChoice(text.slice(open[0].length));
  if (inner === undefined || !inner.rest.startsWith(")")) return undefined;
  return { ...inner, printed: `(?:${inner.printed})`, rest: inner.rest.slice(1) };
}

/** Whether a pattern lets a slash through: then the value is a path of its own. */
export function crossesSegments(source: string): boolean {
  return new RegExp(`^(?:${source})$`, "su").test("a/b");
}
