/**
 * Route tables of any size, as applications have them: five routes for each resource, parameters called after it.
 *
 * @module
 */
import { litestar } from "./sound.ts";

const NOUNS = [
  ...["user", "order", "invoice", "team", "project"],
  ...["comment", "article", "ticket", "asset", "report"],
];
const PARTS = [
  ...["", "member", "setting", "event", "note"],
  ...["label", "file", "review", "task", "hook"],
];
const STATES = ["", "archived"];

/** A route of such a table. */
export interface TableRoute {
  readonly name: string;
  readonly method: string;
  readonly uri: string;
  /** Its one path parameter, a number, where it has one. */
  readonly parameter?: string;
  /** Its one query parameter, a number that may be missing, where it has one. */
  readonly query?: string;
}

/**
 * Routes of `count / 5` resources.
 *
 * @param parameter What the path parameter of every resource is called, for example `id`. By default `user_id`, `order_id` …
 */
export function tableRoutes(count: number, parameter?: string): readonly TableRoute[] {
  const perArea = NOUNS.length * PARTS.length * STATES.length;
  return Array.from({ length: Math.ceil(count / 5) }, (_, index) => {
    const area = Math.floor(index / perArea);
    const words = [...area === 0 ? [] : [`area${area}`], ...wordsOf(index % perArea)];
    return resource(words, parameter);
  }).flat().slice(0, count);
}

function wordsOf(index: number): readonly string[] {
  const state = STATES[index % STATES.length] ?? "";
  const part = PARTS[Math.floor(index / STATES.length) % PARTS.length] ?? "";
  const noun = NOUNS[Math.floor(index / STATES.length / PARTS.length)] ?? "";
  return [noun, part, state].filter(Boolean);
}

function resource(
  words: readonly string[],
  parameter: string = `${words.join("_")}_id`,
): readonly TableRoute[] {
  const name = words.join("_");
  const uri = `/api/${words.map((word) => `${word}s`).join("/")}`;
  const one = { uri: `${uri}/{${parameter}}`, parameter };
  return [
    { name: `${name}.index`, method: "GET", uri, query: "limit" },
    { name: `${name}.store`, method: "POST", uri },
    { name: `${name}.show`, method: "GET", ...one, query: "version" },
    { name: `${name}.update`, method: "PATCH", ...one },
    { name: `${name}.destroy`, method: "DELETE", ...one },
  ];
}

/** The table as litestar-vite writes it. */
export function litestarTable(count: number, parameter?: string): string {
  const entries = tableRoutes(count, parameter).map((
    { name, method, uri, parameter: own, query },
  ) =>
    [name, {
      uri,
      method: method.toLowerCase(),
      methods: [method],
      ...own === undefined ? {} : { parameters: [own], parameterTypes: { [own]: "number" } },
      ...query === undefined ? {} : { queryParameters: { [query]: "number | undefined" } },
    }] as const
  );
  return litestar(Object.fromEntries(entries));
}

/** The same as an OpenAPI document: each operation with a summary and a schema of some fields. */
export function openapiTable(count: number): string {
  const properties = Object.fromEntries(
    Array.from(
      { length: 12 },
      (_, index) => [`field${index}`, { type: "string", description: "What it is." }],
    ),
  );
  const content = { "application/json": { schema: { type: "object", properties } } };
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const { name, method, uri, parameter, query } of tableRoutes(count)) {
    const schema = { type: "integer" };
    (paths[uri] ??= {})[method.toLowerCase()] = {
      operationId: name,
      tags: [name.split(".")[0]],
      parameters: [
        ...parameter === undefined ? [] : [{ name: parameter, in: "path", required: true, schema }],
        ...query === undefined ? [] : [{ name: query, in: "query", schema }],
      ],
      responses: { 200: { description: "It is there.", content } },
    };
  }
  return JSON.stringify({ openapi: "3.1.0", info: { title: "Table", version: "1" }, paths });
}
