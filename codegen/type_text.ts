/**
 * Type strings of other generators, read with a small grammar: what it does not know is no type.
 *
 * @module
 */
import { type TypeKeyword, type TypeNode, type TypeProperty, TYPES, unionOf } from "./type_node.ts";

const MAX_LENGTH = 5_000;
const MAX_DEPTH = 20;

const TOKEN_REGEXP =
  /\s+|(?:[\p{ID_Start}$_][\p{ID_Continue}$.]*)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}[\]()<>|&;:,?]/uy;

const KEYWORDS: ReadonlyMap<string, TypeKeyword> = new Map([
  ...(["string", "number", "boolean", "bigint", "null", "undefined", "unknown", "never"] as const)
    .map((word) => [word, word] as const),
  ["any", "unknown"],
  ["object", "unknown"],
  ["Date", "date"],
  ["File", "file"],
  ["Blob", "file"],
]);

/** Thrown inside: the text is no type. */
class NoType extends Error {}

/**
 * Parses a type string.
 *
 * @param text For example `number | undefined` or `{ a: string; }[]`.
 * @param names The names that may stand in it.
 * @returns `undefined` where it is no type of this grammar.
 */
export function parseType(
  text: string,
  names: (name: string) => TypeNode | undefined,
): TypeNode | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const reader = new TypeReader(tokensOf(text), names);
  try {
    const type = reader.readUnion(0);
    return reader.isAtEnd() ? type : undefined;
  } catch (error) {
    if (error instanceof NoType) return undefined;
    throw error;
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN_REGEXP.lastIndex = at;
    const token = TOKEN_REGEXP.exec(text)?.[0];
    // Something else than a token: no type begins with it.
    if (token === undefined) return [...tokens, "\0"];
    if (token.trim() !== "") tokens.push(token);
    at += token.length;
  }
  return tokens;
}

class TypeReader {
  #at = 0;
  readonly #tokens: readonly string[];
  readonly #names: (name: string) => TypeNode | undefined;

  constructor(tokens: readonly string[], names: (name: string) => TypeNode | undefined) {
    this.#tokens = tokens;
    this.#names = names;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  readUnion(depth: number): TypeNode {
    if (depth > MAX_DEPTH) throw new NoType();
    this.#skip("|");
    const members = [this.#readIntersection(depth)];
    while (this.#skip("|")) members.push(this.#readIntersection(depth));
    return unionOf(members);
  }

  #readIntersection(depth: number): TypeNode {
    const members = [this.#readPostfix(depth)];
    while (this.#skip("&")) members.push(this.#readPostfix(depth));
    const [only] = members;
    return only !== undefined && members.length === 1 ? only : { kind: "intersection", members };
  }

  #readPostfix(depth: number): TypeNode {
    this.#skip("readonly");
    let type = this.#readPrimary(depth + 1);
    while (this.#peek() === "[" && this.#tokens[this.#at + 1] === "]") {
      this.#at += 2;
      type = { kind: "array", items: type };
    }
    return type;
  }

  #readPrimary(depth: number): TypeNode {
    const token = this.#next();
    if (token === "(") return this.#closed(this.readUnion(depth), ")");
    if (token === "{") return this.#readObject(depth);
    if (token === "[") return { kind: "tuple", items: this.#readList("]", depth) };
    if (token === "true" || token === "false") return { kind: "literal", value: token === "true" };
    if (/^["']/.test(token)) return { kind: "literal", value: unquoted(token) };
    if (/^-?\d/.test(token)) return { kind: "literal", value: Number(token) };
    const keyword = KEYWORDS.get(token);
    if (keyword !== undefined) return TYPES[keyword];
    return this.#skip("<") ? this.#readGeneric(token, depth) : this.#named(token);
  }

  #readGeneric(name: string, depth: number): TypeNode {
    const [first, second, ...more] = this.#readList(">", depth);
    if (first === undefined || more.length > 0) throw new NoType();
    if (/^(?:Readonly)?Array$|^(?:Readonly)?Set$/.test(name) && second === undefined) {
      return { kind: "array", items: first };
    }
    if (name === "Record" && first.kind === "string" && second !== undefined) {
      return { kind: "object", properties: [], additional: second };
    }
    throw new NoType();
  }

  #readObject(depth: number): TypeNode {
    const properties: TypeProperty[] = [];
    let additional: TypeNode | undefined;
    while (!this.#skip("}")) {
      if (this.#peek() === "[") additional = this.#readIndex(depth);
      else properties.push(this.#readProperty(depth));
      if (this.#peek() !== "}" && !this.#skip(";") && !this.#skip(",")) throw new NoType();
    }
    return additional === undefined
      ? { kind: "object", properties }
      : { kind: "object", properties, additional };
  }

  #readProperty(depth: number): TypeProperty {
    if (this.#peek() === "readonly" && !/^[?:]$/.test(this.#tokens[this.#at + 1] ?? "")) this.#at++;
    const token = this.#next();
    if (!/^["'\p{ID_Start}$_\d]/u.test(token)) throw new NoType();
    const name = /^["']/.test(token) ? unquoted(token) : token;
    const isOptional = this.#skip("?");
    this.#expect(":");
    return { name, type: this.readUnion(depth), isOptional };
  }

  /** [key: string]: Type */
  #readIndex(depth: number): TypeNode {
    this.#expect("[");
    this.#next();
    this.#expect(":");
    this.#expect("string");
    this.#expect("]");
    this.#expect(":");
    return this.readUnion(depth);
  }

  #readList(end: string, depth: number): readonly TypeNode[] {
    const items: TypeNode[] = [];
    while (!this.#skip(end)) {
      items.push(this.readUnion(depth));
      if (this.#peek() !== end) this.#expect(",");
    }
    return items;
  }

  #named(name: string): TypeNode {
    const type = this.#names(name);
    if (type === undefined) throw new NoType();
    return type;
  }

  #closed(type: TypeNode, end: string): TypeNode {
    this.#expect(end);
    return type;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new NoType();
    return token;
  }

  #skip(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#skip(token)) throw new NoType();
  }
}

const ESCAPES: { readonly [letter: string]: string } = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  "0": "\0",
};

function unquoted(token: string): string {
  return token.slice(1, -1).replace(
    /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))/gsu,
    (_, unit?: string, byte?: string, letter = "") => {
      const hex = unit ?? byte;
      return hex === undefined ? ESCAPES[letter] ?? letter : String.fromCharCode(parseInt(hex, 16));
    },
  );
}
