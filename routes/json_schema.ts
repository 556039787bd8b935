/**
 * JSON Schema of validators, where they offer it.
 *
 * @module
 */
import { createDiagnostics } from "../codegen/diagnostic.ts";
import { createResolver, type RefResolver } from "../codegen/ref_resolver.ts";
import type { RouteSchema } from "./route_types.ts";

/** A JSON Schema, draft 2020-12. */
export interface JsonSchema {
  /** A keyword. */
  readonly [key: string]: unknown;
}

/** Which side of a schema: what it takes, or what it gives. */
export type SchemaSide = "input" | "output";

/** Describes a schema of a library that does not do so itself; `undefined` for one that it does not know. */
export type DescribeSchema = (schema: RouteSchema, side: SchemaSide) => JsonSchema | undefined;

/** Standard JSON Schema: what a validator says of itself. */
interface SelfDescribing {
  readonly jsonSchema?: {
    readonly [Side in SchemaSide]?: (options: {
      readonly target: string;
      readonly libraryOptions?: Readonly<Record<string, unknown>>;
    }) => JsonSchema;
  };
}

/** The part of zod's override that is used. */
interface ZodOverride {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } };
  readonly jsonSchema: Record<string, unknown>;
}

/**
 * What zod can't say: a date is sent as a text, and what has no JSON at all is any value.
 *
 * Without it a `Date` in one response would take the whole document down.
 */
const ZOD_OPTIONS = {
  unrepresentable: "any",
  override: ({ zodSchema, jsonSchema }: ZodOverride): void => {
    if (zodSchema._zod.def.type !== "date") return;
    jsonSchema.type = "string";
    jsonSchema.format = "date-time";
  },
};

/**
 * Describes a schema: by the given function, else by what the schema says of itself.
 *
 * @returns The description, or `undefined` where nobody knows.
 */
export function describeSchema(
  schema: RouteSchema,
  side: SchemaSide,
  describe: DescribeSchema | undefined,
): JsonSchema | undefined {
  const given = describe?.(schema, side);
  if (given !== undefined) return given;
  const standard: RouteSchema["~standard"] & SelfDescribing = schema["~standard"];
  try {
    return standard.jsonSchema?.[side]?.({
      target: "draft-2020-12",
      ...standard.vendor === "zod" ? { libraryOptions: ZOD_OPTIONS } : {},
    });
  } catch {
    // The interface lets a library throw where it has no words: then nothing is known.
    return undefined;
  }
}

/** Whether a value is an object of JSON. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As many alternatives within alternatives as anybody writes. */
const MAX_DEPTH = 32;

/** Follows the references within a schema; one that leads nowhere says nothing. */
export function createSchemaResolver(root: JsonSchema): RefResolver {
  return createResolver(root, createDiagnostics());
}

/** The alternatives of a schema with those of its alternatives, without references; a plain one is its own only one. */
export function alternativesOf(
  schema: unknown,
  resolver: RefResolver,
  depth = 0,
): readonly JsonSchema[] {
  const found = resolver.resolve(schema, "");
  if (!isSchema(found)) return [{}];
  const inner = [found.anyOf, found.oneOf, found.allOf].filter(Array.isArray).flat();
  if (inner.length === 0 || depth > MAX_DEPTH) return [found];
  return inner.flatMap((each) => alternativesOf(each, resolver, depth + 1));
}
