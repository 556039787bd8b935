import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { canonicalDocument } from "../../typegen/hey_api_document.ts";
import { test } from "../_support/test.ts";
import { turned, USERS } from "./_support/api.ts";

/** What the generator gets, parsed. */
// Read with the names that each test has put in.
// deno-lint-ignore no-explicit-any
const given = (document: unknown): any => JSON.parse(canonicalDocument(document).text);

test("canonicalDocument() gives the same text for any order of keys", () => {
  equal(canonicalDocument(turned(USERS)).text, canonicalDocument(USERS).text);
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    equal(canonicalDocument(turned(value)).text, canonicalDocument(value).text);
  }));
});

test("canonicalDocument() changes nothing that is sound", () => {
  deepEqual(given(USERS), USERS);
  deepEqual(canonicalDocument(USERS).externalRefs, []);
  deepEqual(canonicalDocument(USERS).badPaths, []);
});

test("canonicalDocument() leaves out references to files and hosts: the generator would read them", () => {
  const document = {
    paths: { "/a": { $ref: "http://169.254.169.254/latest" } },
    components: { schemas: { A: { $ref: "file:///etc/passwd" }, B: { $ref: "./b.yaml#/B" } } },
    example: { $ref: "../c.json" },
  };
  const { text, externalRefs } = canonicalDocument(document);
  deepEqual(externalRefs, [
    "../c.json",
    "./b.yaml#/B",
    "file:///etc/passwd",
    "http://169.254.169.254/latest",
  ]);
  deepEqual(JSON.parse(text), {
    paths: { "/a": {} },
    components: { schemas: { A: {}, B: {} } },
    example: {},
  });
});

test("canonicalDocument() leaves out references that lead to nothing", () => {
  deepEqual(
    given({
      parameters: [{ $ref: "#/p/none" }, { $ref: "#/p/id" }, { $ref: "other.json" }],
      responses: { 200: { $ref: "#/components/responses/none" } },
      p: { id: { name: "id" } },
    }),
    {
      p: { id: { name: "id" } },
      parameters: [{ $ref: "#/p/id" }],
      responses: { 200: {} },
    },
  );
});

test("canonicalDocument() renames components together with their references", () => {
  const { components, paths } = given({
    paths: {
      "/a": {
        get: { schema: { $ref: "#/components/schemas/Page%C2%ABUser%C2%BB/title" } },
        put: { schema: { $ref: "#/components/schemas/__proto__" } },
        post: { schema: { $ref: "#/components/parameters/a~1b" } },
      },
    },
    components: {
      schemas: JSON.parse('{"Page«User»":{"title":"page"},"__proto__":{"title":"proto"}}'),
      parameters: { "a/b": { name: "q" } },
    },
  });
  deepEqual(components, {
    parameters: { a_b: { name: "q" } },
    schemas: { Page_User_: { title: "page" }, _proto_: { title: "proto" } },
  });
  deepEqual(paths["/a"], {
    get: { schema: { $ref: "#/components/schemas/Page_User_/title" } },
    post: { schema: { $ref: "#/components/parameters/a_b" } },
    put: { schema: { $ref: "#/components/schemas/_proto_" } },
  });
});

test("canonicalDocument() makes texts harmless where they are no values", () => {
  const schema = {
    description: "a*//b",
    pattern: "[",
    default: { description: "a*//b", pattern: "[" },
    enum: ["*//"],
    properties: { pattern: { type: "string" }, description: { pattern: "a/b" } },
  };
  const { text, badPaths } = canonicalDocument({
    servers: [{ url: "https://a.test" }, { url: "`;PWN()" }],
    paths: {
      "/`": {},
      "/a": {
        get: { operationId: "🚀", parameters: [{ name: "q", description: "*/", schema }] },
        post: { operationId: "ok", parameters: [{ name: "__proto__", in: "query" }] },
      },
    },
  });
  deepEqual(badPaths, ["/`"]);
  deepEqual(JSON.parse(text), {
    paths: {
      "/a": {
        get: {
          parameters: [{
            description: "* /",
            name: "q",
            schema: {
              default: { description: "a*//b", pattern: "[" },
              description: "a* //b",
              enum: ["*//"],
              properties: { description: { pattern: "a\\/b" }, pattern: { type: "string" } },
            },
          }],
        },
        post: { operationId: "ok", parameters: [] },
      },
    },
    servers: [{ url: "https://a.test" }],
  });
});

test("canonicalDocument() keeps what is called __proto__ as a property of its own", () => {
  const document: unknown = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}');
  equal(canonicalDocument(document).text, '{"properties":{"__proto__":{"type":"string"}}}');
});

test("canonicalDocument() refuses what is nested too deeply, loops and grows without end", () => {
  const message = /it is nested more than 400 levels deep/;
  const deep = JSON.parse(`${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`);
  throws(() => canonicalDocument(deep), message);
  const loop: { self?: unknown } = {};
  loop.self = loop;
  throws(() => canonicalDocument(loop), message);
  // What ten aliases of YAML in each of eight lists stand for.
  let grown: unknown = "lol";
  for (let level = 0; level < 9; level++) grown = Array.from({ length: 10 }, () => grown);
  throws(() => canonicalDocument({ grown }), /it has more than 10000000 values/);
});

test("canonicalDocument() writes what is no JSON as JSON", () => {
  equal(
    canonicalDocument({ date: new Date(0), number: NaN, big: 7n, missing: undefined }).text,
    '{"big":"7","date":"1970-01-01T00:00:00.000Z","missing":"undefined","number":null}',
  );
  equal(canonicalDocument(null).text, "null");
});
