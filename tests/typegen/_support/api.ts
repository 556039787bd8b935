/**
 * API types by the real `@hey-api/openapi-ts`, on the runtime that runs the tests.
 *
 * @module
 */
import { deepEqual } from "node:assert/strict";
import process from "node:process";
import { generateApiTypes } from "../../../typegen/api_types.ts";
import type { ApiTools, ApiTypes, ApiTypesRequest } from "../../../typegen/api_request.ts";
import { repositoryRoot } from "../../_support/project.ts";
import { runtimeName } from "../../_support/test.ts";

/** This process's runtime, with its environment. */
export const TOOLS: ApiTools = {
  runtime: { name: runtimeName, execPath: process.execPath },
  environment: process.env,
};

/** A request for everything, in a folder of its own and with the repository's packages. */
export function requestOf(
  document: unknown,
  cacheDir: string,
  more: Partial<ApiTypesRequest> = {},
): ApiTypesRequest {
  return { document, zod: true, sdk: true, root: repositoryRoot, cacheDir, ...more };
}

/** Generates; there is nothing to tell. */
export async function soundApi(
  document: unknown,
  cacheDir: string,
  more: Partial<ApiTypesRequest> = {},
): Promise<ApiTypes> {
  const api = await generateApiTypes(requestOf(document, cacheDir, more), TOOLS);
  deepEqual(api.diagnostics, []);
  return api;
}

/** The same value with the keys of all its objects in the other order. */
export function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).reverse().map(([key, item]) => [key, turned(item)]),
  );
}

/** An API of one resource. */
export const USERS = {
  openapi: "3.1.0",
  info: { title: "Users", version: "1" },
  paths: {
    "/users": {
      get: {
        operationId: "listUsers",
        summary: "All users",
        parameters: [{ name: "page", in: "query", schema: { type: "integer" } }],
        responses: { 200: answer({ type: "array", items: { $ref: "#/components/schemas/User" } }) },
      },
      post: {
        operationId: "createUser",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/NewUser" } } },
        },
        responses: { 201: answer({ $ref: "#/components/schemas/User" }) },
      },
    },
    "/users/{id}": {
      get: {
        operationId: "showUser",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
        responses: { 200: answer({ $ref: "#/components/schemas/User" }) },
      },
    },
  },
  components: {
    schemas: {
      User: {
        type: "object",
        required: ["id", "name"],
        properties: {
          id: { type: "integer" },
          name: { type: "string", pattern: "^[a-z/]+$" },
          born: { type: "string", format: "date" },
        },
      },
      NewUser: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" } },
      },
    },
  },
};

function answer(schema: object): object {
  return { description: "ok", content: { "application/json": { schema } } };
}
