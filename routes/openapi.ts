/**
 * A route table as an OpenAPI 3.1 document.
 *
 * @module
 */
import type { DefinedRoute } from "./defined_route.ts";
import {
  alternativesOf,
  createSchemaResolver,
  type DescribeSchema,
  describeSchema,
  isSchema,
  type JsonSchema,
  type SchemaSide,
} from "./json_schema.ts";
import { type Components, createComponents } from "./openapi_components.ts";
import { CONVERTERS } from "./path_values.ts";
import type { PathPlace } from "./route_path.ts";
import type { BodyType, RouteSchema } from "./route_types.ts";

/** What a document says beside its routes. */
export interface OpenApiOptions {
  /** The name of the application. */
  readonly title: string;
  /** Its version, for example `1.0.0`. */
  readonly version: string;
  /** What it is for. */
  readonly description?: string | undefined;
  /** Where it runs; a relative URL says where the paths hang. */
  readonly servers?: readonly { readonly url: string; readonly description?: string }[] | undefined;
}

/** An OpenAPI document, as JSON has it. */
export interface OpenApiDocument {
  /** The version of OpenAPI. */
  readonly openapi: "3.1.0";
  /** The application. */
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description?: string;
  };
  /** Operations by path and method. */
  readonly paths: { readonly [path: string]: { readonly [method: string]: JsonSchema } };
  /** Where the application runs. */
  readonly servers?: readonly { readonly url: string; readonly description?: string }[];
  /** What operations refer to. */
  readonly components?: { readonly schemas: { readonly [name: string]: unknown } };
}

const MEDIA_TYPES: { readonly [Type in BodyType]: string } = {
  json: "application/json",
  form: "application/x-www-form-urlencoded",
  multipart: "multipart/form-data",
};

/** What an invalid request gets. */
const INVALID_SCHEMA: JsonSchema = {
  type: "object",
  required: ["message", "errors", "issues"],
  properties: {
    message: { type: "string" },
    errors: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
    issues: {
      type: "array",
      items: {
        type: "object",
        required: ["in", "path", "message"],
        properties: {
          in: { type: "string", enum: ["params", "query", "body"] },
          path: { type: "array", items: { type: ["string", "number"] } },
          message: { type: "string" },
        },
      },
    },
  },
};

/** The name of {@linkcode INVALID_SCHEMA}. */
const INVALID_NAME = "InvalidRequest";

/** Describes routes. */
export function renderOpenApi(
  routes: readonly DefinedRoute[],
  { title, version, description, servers }: OpenApiOptions,
  describe: DescribeSchema | undefined,
): OpenApiDocument {
  const components = createComponents();
  const context: Context = { components, describe };
  const paths = new Map<string, Map<string, JsonSchema>>();
  // The most specific first: of two routes that a document can't tell apart, the one that is found is described.
  for (const route of [...routes].sort((a, b) => a.path.rank < b.path.rank ? -1 : 1)) {
    const path = documentPath(route);
    const operations = paths.get(path) ?? new Map<string, JsonSchema>();
    paths.set(path, operations);
    for (const [index, method] of route.methods.entries()) {
      const key = method.toLowerCase();
      if (operations.has(key)) continue;
      const id = index === 0 ? route.name : `${route.name}.${key}`;
      operations.set(key, { operationId: id, ...operationOf(route, method, context) });
    }
  }
  const schemas = components.list();
  return {
    openapi: "3.1.0",
    info: { title, version, ...description === undefined ? {} : { description } },
    ...servers === undefined ? {} : { servers },
    paths: Object.fromEntries(
      [...paths].map(([path, operations]) => [path, Object.fromEntries(operations)] as const),
    ),
    ...Object.keys(schemas).length === 0 ? {} : { components: { schemas } },
  };
}

interface Context {
  readonly components: Components;
  readonly describe: DescribeSchema | undefined;
}

/** `/users/{id:int}` -> `/users/{id}` */
function documentPath({ path: { segments } }: DefinedRoute): string {
  return `/${
    segments.map((segment) => typeof segment === "string" ? segment : `{${segment.name}}`).join("/")
  }`;
}

function operationOf(route: DefinedRoute, method: string, context: Context): JsonSchema {
  const { summary, description, tags, isDeprecated } = route;
  const parameters = [...pathParameters(route, context), ...queryParameters(route, context)];
  const hasBody = route.body !== undefined && method !== "GET" && method !== "HEAD";
  return {
    ...summary === undefined ? {} : { summary },
    ...description === undefined ? {} : { description },
    ...tags.length === 0 ? {} : { tags },
    ...isDeprecated ? { deprecated: true } : {},
    ...parameters.length === 0 ? {} : { parameters },
    ...hasBody ? { requestBody: bodyOf(route, context) } : {},
    responses: responsesOf(route, context),
  };
}

/** The description of one schema of a route, with what it defines among the components. */
function described(
  schema: RouteSchema | undefined,
  side: SchemaSide,
  wanted: string,
  { components, describe }: Context,
): JsonSchema {
  const found = schema === undefined ? undefined : describeSchema(schema, side, describe);
  return found === undefined ? {} : components.take(found, side, wanted);
}

/** users.show -> UsersShow */
function pascal(name: string): string {
  return name.split(/[^\p{L}\p{N}]+/u).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

function pathParameters(route: DefinedRoute, context: Context): readonly JsonSchema[] {
  const fields = fieldsOf(route.params, `${pascal(route.name)}Params`, context);
  return route.path.places.map(({ name, converter }: PathPlace) => {
    const field = fields.find((each) => each.name === name);
    // What a schema with a transformation takes is the converter's value.
    const own = field === undefined || field.schema.type === undefined ? {} : field.schema;
    return {
      name,
      in: "path",
      required: true,
      schema: { ...CONVERTERS[converter].schema, ...own },
    };
  });
}

function queryParameters(route: DefinedRoute, context: Context): readonly JsonSchema[] {
  return fieldsOf(route.query, `${pascal(route.name)}Query`, context).map(
    ({ name, schema, isRequired }) => {
      const { description, deprecated, ...rest } = schema;
      const isDeep = rest.type === "object" || rest.properties !== undefined;
      return {
        name,
        in: "query",
        required: isRequired,
        ...typeof description === "string" ? { description } : {},
        ...deprecated === true ? { deprecated } : {},
        ...isDeep ? { style: "deepObject", explode: true } : {},
        schema: rest,
      };
    },
  );
}

interface Field {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** The properties of a schema for an object. */
function fieldsOf(
  schema: RouteSchema | undefined,
  wanted: string,
  { components, describe }: Context,
): readonly Field[] {
  const root = schema === undefined ? undefined : describeSchema(schema, "input", describe);
  if (root === undefined) return [];
  const fields = new Map<string, Field>();
  const resolver = createSchemaResolver(root);
  for (const { properties, required } of alternativesOf(root, resolver)) {
    for (const [name, property] of isSchema(properties) ? Object.entries(properties) : []) {
      if (fields.has(name) || !isSchema(property)) continue;
      // A parameter says itself what it is: who reads a document looks at its type, not behind a reference.
      const own = resolver.resolve(property, "");
      fields.set(name, {
        name,
        schema: components.take(
          { ...isSchema(own) ? own : {}, ...isSchema(root.$defs) ? { $defs: root.$defs } : {} },
          "input",
          wanted,
        ),
        isRequired: Array.isArray(required) && required.includes(name),
      });
    }
  }
  return [...fields.values()];
}

function bodyOf(route: DefinedRoute, context: Context): JsonSchema {
  const schema = described(route.body, "input", `${pascal(route.name)}Body`, context);
  const isFile = JSON.stringify(schema).includes('"format":"binary"');
  // A file has no JSON.
  const types = isFile ? route.bodyTypes.filter((type) => type === "multipart") : route.bodyTypes;
  const listed = types.length === 0 ? route.bodyTypes : types;
  return {
    required: true,
    content: Object.fromEntries(listed.map((type) => [MEDIA_TYPES[type], { schema }] as const)),
  };
}

function responsesOf(route: DefinedRoute, context: Context): JsonSchema {
  const schema = described(route.response, "output", `${pascal(route.name)}Response`, context);
  const isChecked = [route.params, route.query, route.body].some((each) => each !== undefined);
  const invalid = isChecked ? context.components.refer(INVALID_NAME, INVALID_SCHEMA) : {};
  return {
    [route.status]: {
      description: route.summary ?? "Success",
      ...route.response === undefined ? {} : { content: { [MEDIA_TYPES.json]: { schema } } },
    },
    ...isChecked
      ? { 422: { description: "Invalid", content: { [MEDIA_TYPES.json]: { schema: invalid } } } }
      : {},
  };
}
