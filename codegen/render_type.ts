/**
 * Types as TypeScript.
 *
 * @module
 */
import { renderDoc } from "./comment.ts";
import { renderLiteral, renderString } from "./literal.ts";
import type { TypeKeyword, TypeNode, TypeProperty } from "./type_node.ts";

/** How names of other types are written, and whether a type is for a URL's parameters. */
export interface TypeStyle {
  /** The identifier of a named type; without one, the type is `unknown`. */
  readonly nameOf: (name: string) => string | undefined;
  /** In a URL a number is a number, and values that a server never sees are not there. */
  readonly isUrl: boolean;
  /** What stands for what is not known. */
  readonly fallback?: "unknown" | "any";
}

/** For the parameters of URLs. */
export const URL_STYLE: TypeStyle = { nameOf: () => undefined, isUrl: true };

const KEYWORDS: { readonly [Kind in TypeKeyword]: string } = {
  string: "string",
  number: "number",
  integer: "number",
  bigint: "number | string | bigint",
  boolean: "boolean",
  null: "null",
  undefined: "undefined",
  unknown: "unknown",
  never: "never",
  file: "Blob | File",
  date: "string | Date",
  value: "QueryValue",
  values: "QueryObject",
};

/** A number of 64 bits, and a date, arrive as JSON has them. */
const JSON_KEYWORDS: { readonly [Kind in TypeKeyword]?: string } = {
  bigint: "number",
  date: "string",
  value: "unknown",
  values: "{ [key: string]: unknown }",
};

/** A type as text; an object over several lines where `indent` is given. */
export function renderType(type: TypeNode, style: TypeStyle, indent?: string): string {
  switch (type.kind) {
    case "literal":
      return renderLiteral(type.value);
    case "array":
      return `readonly ${grouped(type.items, style, indent)}[]`;
    case "tuple":
      return renderTuple(type, style, indent);
    case "object":
      return renderObject(type, style, indent);
    case "union":
      return renderMembers(type.members, " | ", style, indent);
    case "intersection":
      return renderMembers(type.members, " & ", style, indent);
    case "ref":
      return style.nameOf(type.name) ?? style.fallback ?? "unknown";
    default:
      return renderKeyword(type.kind, style);
  }
}

function renderKeyword(kind: TypeKeyword, { isUrl, fallback }: TypeStyle): string {
  if (kind === "unknown" && isUrl) return "QueryValue";
  if (kind === "unknown" && fallback !== undefined) return fallback;
  return (isUrl ? undefined : JSON_KEYWORDS[kind]) ?? KEYWORDS[kind];
}

function renderMembers(
  members: readonly TypeNode[],
  separator: " | " | " & ",
  style: TypeStyle,
  indent: string | undefined,
): string {
  const texts = [...new Set(members.map((member) => grouped(member, style, indent, separator)))];
  // `unknown` and `any` swallow a union.
  const wide = texts.find((text) => text === "unknown" || text === "any");
  if (separator === " | " && wide !== undefined) return wide;
  return texts.length === 0 ? "never" : texts.join(separator);
}

/** In brackets where it would bind otherwise. */
function grouped(
  type: TypeNode,
  style: TypeStyle,
  indent: string | undefined,
  separator = "[]",
): string {
  const text = renderType(type, style, indent);
  const isList = type.kind === "array" || type.kind === "tuple";
  const isLoose = isList ||
    (type.kind !== "object" && type.kind !== "literal" && / [|&] /.test(text));
  return isLoose && (separator !== " | " || type.kind === "intersection") ? `(${text})` : text;
}

function renderTuple(
  { items, rest }: TypeNode & { kind: "tuple" },
  style: TypeStyle,
  indent: string | undefined,
): string {
  const texts = items.map((item) => renderType(item, style, indent));
  if (rest !== undefined) texts.push(`...(${renderType(rest, style, indent)})[]`);
  return `readonly [${texts.join(", ")}]`;
}

function renderObject(
  { properties, additional }: TypeNode & { kind: "object" },
  style: TypeStyle,
  indent: string | undefined,
): string {
  if (properties.length === 0 && additional === undefined) {
    // Not `{}`, which a number is too.
    return style.isUrl ? "QueryObject" : "{ readonly [key: string]: unknown }";
  }
  const lines = renderProperties(properties, style, indent);
  if (additional !== undefined) {
    // With properties of other types, an index signature has to admit them.
    const value = properties.length > 0
      ? renderKeyword("unknown", style)
      : renderType(additional, style, inner(indent));
    lines.push(`readonly [key: string]: ${value};`);
  }
  if (indent === undefined) return `{ ${lines.join(" ").replace(/;$/, "")} }`;
  return `{\n${lines.map((line) => `${indent}  ${line}\n`).join("")}${indent}}`;
}

function inner(indent: string | undefined): string | undefined {
  return indent === undefined ? undefined : `${indent}  `;
}

/** The lines of properties, sorted; the first line of each without its indent. */
export function renderProperties(
  properties: readonly TypeProperty[],
  style: TypeStyle,
  indent?: string,
): string[] {
  const sorted = [...new Map(properties.map((each) => [each.name, each])).values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.map(({ name, type, isOptional = false, description, isDeprecated = false }) => {
    const doc = indent === undefined ? "" : renderDoc({
      description,
      tags: isDeprecated ? [["deprecated", ""]] : [],
    }, `${indent}  `).trimStart();
    const text = renderType(type, style, inner(indent));
    const [mark, end] = isOptional
      ? ["?", / undefined$|^unknown$|^any$/.test(text) ? "" : " | undefined"]
      : ["", ""];
    const gap = doc === "" ? "" : `${indent ?? ""}  `;
    return `${doc}${gap}readonly ${renderString(name)}${mark}: ${text}${end};`;
  });
}
