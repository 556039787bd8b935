/**
 * Types as data: read from type strings and JSON Schemas, printed as TypeScript.
 *
 * @module
 */

/** A property of an object type. */
export interface TypeProperty {
  /** Its key; any text. */
  readonly name: string;
  /** Its type. */
  readonly type: TypeNode;
  /** Whether it may be missing. */
  readonly isOptional?: boolean;
  /** Shown in the editor. */
  readonly description?: string;
  /** Whether readers should stop using it. */
  readonly isDeprecated?: boolean;
}

/** A type. `value` is what a query takes where nothing more is known, `file` a `Blob`, `date` a `Date` or its text. */
export type TypeNode =
  | { readonly kind: TypeKeyword }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  | { readonly kind: "array"; readonly items: TypeNode }
  | { readonly kind: "tuple"; readonly items: readonly TypeNode[]; readonly rest?: TypeNode }
  | {
    readonly kind: "object";
    readonly properties: readonly TypeProperty[];
    readonly additional?: TypeNode;
  }
  | { readonly kind: "union"; readonly members: readonly TypeNode[] }
  | { readonly kind: "intersection"; readonly members: readonly TypeNode[] }
  | { readonly kind: "ref"; readonly name: string };

/** The types that need no more than their name. */
export type TypeKeyword =
  | "string"
  | "number"
  | "integer"
  | "bigint"
  | "boolean"
  | "null"
  | "undefined"
  | "unknown"
  | "never"
  | "file"
  | "date"
  | "value"
  | "values";

/** The types that need no more than their name, made once. */
export const TYPES: { readonly [Kind in TypeKeyword]: { readonly kind: Kind } } = {
  string: { kind: "string" },
  number: { kind: "number" },
  integer: { kind: "integer" },
  bigint: { kind: "bigint" },
  boolean: { kind: "boolean" },
  null: { kind: "null" },
  undefined: { kind: "undefined" },
  unknown: { kind: "unknown" },
  never: { kind: "never" },
  file: { kind: "file" },
  date: { kind: "date" },
  value: { kind: "value" },
  values: { kind: "values" },
};

/** A union without nested unions; of one member, that member; of none, `never`. */
export function unionOf(members: readonly TypeNode[]): TypeNode {
  const flat = members.flatMap((member) => member.kind === "union" ? member.members : [member]);
  const [only] = flat;
  if (only === undefined) return TYPES.never;
  return flat.length === 1 ? only : { kind: "union", members: flat };
}

/** The names that a type refers to, wherever in it. */
export function refsOf(type: TypeNode): readonly string[] {
  switch (type.kind) {
    case "ref":
      return [type.name];
    case "array":
      return refsOf(type.items);
    case "tuple":
      return [...type.items, ...type.rest === undefined ? [] : [type.rest]].flatMap(refsOf);
    case "object":
      return [
        ...type.properties.map((property) => property.type),
        ...type.additional === undefined ? [] : [type.additional],
      ].flatMap(refsOf);
    case "union":
    case "intersection":
      return type.members.flatMap(refsOf);
    default:
      return [];
  }
}

/** The type without `null`. */
export function withoutNull(type: TypeNode): TypeNode {
  if (type.kind === "null") return TYPES.never;
  if (type.kind !== "union") return type;
  return unionOf(type.members.filter(({ kind }) => kind !== "null"));
}
