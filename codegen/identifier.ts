/**
 * The one allocator of identifiers, and of file names.
 *
 * @module
 */

/** Words that can't be an identifier in a module, in strict mode or as a type. */
const RESERVED_WORDS: readonly string[] = [
  ...["abstract", "any", "arguments", "as", "asserts", "async", "await", "bigint", "boolean"],
  ...["break", "case", "catch", "class", "const", "constructor", "continue", "debugger"],
  ...["declare", "default", "delete", "do", "else", "enum", "eval", "export", "extends", "false"],
  ...["finally", "for", "from", "function", "get", "if", "implements", "import", "in", "infer"],
  ...["instanceof", "interface", "is", "keyof", "let", "module", "namespace", "never", "new"],
  ...["null", "number", "object", "of", "package", "private", "protected", "public", "readonly"],
  ...["require", "return", "satisfies", "set", "static", "string", "super", "switch", "symbol"],
  ...["this", "throw", "true", "try", "type", "typeof", "undefined", "unique", "unknown"],
  ...["using", "var", "void", "while", "with", "yield", "__proto__", "prototype"],
];

/** Globals that generated code uses, or that a reader takes for the global. */
const GLOBALS: readonly string[] = [
  ...["Array", "BigInt", "Blob", "Boolean", "Date", "Error", "File", "FormData", "Function"],
  ...["Infinity", "JSON", "Map", "Math", "NaN", "Number", "Object", "Promise", "Proxy"],
  ...["Readonly", "ReadonlyArray", "Record", "Partial", "Reflect", "RegExp", "Request"],
  ...["Response", "Set", "String", "Symbol", "TypeError", "URL", "URLSearchParams", "WeakMap"],
  ...["alert", "confirm", "console", "decodeURIComponent", "document", "encodeURIComponent"],
  ...["exports", "fetch", "globalThis", "history", "location", "name", "navigator", "open"],
  ...["parent", "process", "prompt", "self", "status", "top", "window"],
];

const TAKEN = new Set([...RESERVED_WORDS, ...GLOBALS]);

/** Runs of what no identifier may hold, and the character behind them. */
const GAP_REGEXP = /[^\p{ID_Continue}$]+(.?)/gu;
const START_REGEXP = /^[\p{ID_Start}$_]/u;
/** Parts of identifiers that can't be seen. */
const JOINERS_REGEXP = /[\u200c\u200d]/g;
/** Longer ones help nobody and slow down tools. */
const MAX_LENGTH = 100;

/** Capitals at the start, but for one that begins a word: `URLShow` -> `URL`, `Show` -> `S`. */
const CAPITALS_REGEXP = /^\p{Lu}+(?=\p{Lu}\p{Ll}|\P{L}|$)|^\p{Lu}/u;

/** `users.show` -> `usersShow`, `Users` -> `users`, `4oD` -> `_4oD`, `🚀` -> `_`. It may be a reserved word. */
export function camelIdentifier(text: string): string {
  return joined(text).replace(CAPITALS_REGEXP, (capitals) => capitals.toLowerCase());
}

/** Words of ASCII, as most names are. */
const PLAIN_REGEXP = /^[a-z][a-z\d]*(?:_+[a-z\d]+)*$/i;

/** `user_id` -> `UserId`. */
export function pascalIdentifier(text: string): string {
  if (text.length <= MAX_LENGTH && PLAIN_REGEXP.test(text)) {
    let identifier = "";
    for (let start = 0, end = 0; end >= 0; start = end + 1) {
      end = text.indexOf("_", start);
      const rest = end < 0 ? text.slice(start + 1) : text.slice(start + 1, end);
      if (end !== start) identifier += text.charAt(start).toUpperCase() + rest;
    }
    return identifier;
  }
  const identifier = joined(text.replace(/_+(?=.)/gu, " "));
  const [first = ""] = identifier;
  return first.toUpperCase() + identifier.slice(first.length);
}

function joined(text: string): string {
  const trimmed = text.normalize("NFC").replace(JOINERS_REGEXP, " ").replace(
    /^[^\p{ID_Continue}$]+/u,
    "",
  );
  const whole = trimmed.replace(GAP_REGEXP, (_, next: string) => next.toUpperCase());
  const long = whole.length > MAX_LENGTH ? `${cut(whole)}_${hashText(text)}` : whole;
  return START_REGEXP.test(long) ? long : `_${long}`;
}

/** Without half a pair at the end. */
function cut(text: string): string {
  return text.slice(0, MAX_LENGTH - 10).replace(/[\ud800-\udbff]$/, "");
}

/** Gives out identifiers of one scope, each once. */
export interface IdentifierAllocator {
  /** The wanted one, or with `_` where a word or a global has it, or numbered where it is given out. */
  take(wanted: string): { readonly identifier: string; readonly isNumbered: boolean };
}

/**
 * Creates an allocator.
 *
 * @param own What the scope declares itself.
 */
export function createIdentifiers(own: Iterable<string> = []): IdentifierAllocator {
  const given = new Set(own);
  return {
    take: (wanted) => {
      const base = TAKEN.has(wanted) ? `${wanted}_` : wanted;
      let identifier = base;
      for (let number = 2; given.has(identifier); number++) identifier = `${base}${number}`;
      given.add(identifier);
      return { identifier, isNumbered: identifier !== base };
    },
  };
}

/** Names that Windows keeps for devices. */
const DEVICE_REGEXP = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** A file's name for any text: in small letters, so that it is one file on every disk. */
export function fileSlug(text: string): string {
  const plain = text.normalize("NFC").toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(
    /^-+|-+$/g,
    "",
  );
  if (plain === "") return `group-${hashText(text)}`;
  const slug = plain.length > MAX_LENGTH
    ? `${plain.slice(0, MAX_LENGTH - 10)}-${hashText(text)}`
    : plain;
  return DEVICE_REGEXP.test(slug) || slug === "index" ? `${slug}_` : slug;
}

/** 32 bits of FNV-1a in base 36: short names for long texts, not a checksum. */
export function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
