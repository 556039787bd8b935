/**
 * Whatever stands in a document: none of it becomes code by way of `@hey-api/openapi-ts`.
 *
 * The payloads call `PWN`; in the syntax trees of what is generated no identifier may be called so.
 */
import { deepEqual, equal, ok } from "node:assert/strict";
import { parseSync } from "oxc-parser";
import { identifiers } from "../codegen/_support/sound.ts";
import { inFolder } from "../_support/folder.ts";
import { test } from "../_support/test.ts";
import { generateApiTypes } from "../../typegen/api_types.ts";
import { requestOf, TOOLS } from "./_support/api.ts";

const PAYLOADS = [
  "*/ PWN() /*",
  "*//\nPWN()//",
  "/*/ PWN() /*/",
  "\\u002a/\nPWN()/\\u002a",
  "*\\u002f\nPWN()//",
  "x\r\nPWN()\u2028PWN()\u2029PWN()",
  "`; PWN(); `",
  "${PWN()}",
  "'; PWN(); '",
  '"; PWN(); "',
  "\\'; PWN(); //",
  "\\u0027; PWN(); //",
  "\\u005c\\u0027; PWN(); //",
  "\\u000aPWN()",
  "\\\\u0027; PWN(); //",
  "\\u002f; PWN()//",
  "a\\\\/; PWN()//",
  "/;PWN()//",
  "[/]; PWN()//",
  "\\",
  "{ PWN: PWN() }",
  "</script><script>PWN()</script>",
  "constructor",
  "toString",
  "__proto__",
  "import('PWN')",
  "🚀",
  "用户",
  "Page«User»",
  " ",
  "1",
  "\ud83d",
  "\u202E\u200B\0",
];

const json = (schema: unknown): object => ({ content: { "application/json": { schema } } });
const named = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);

/** One text wherever a document may have one; `number` keeps apart what must be. */
function operations(text: string, number: number): readonly (readonly [string, object])[] {
  const step = encodeURIComponent(text.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"));
  const parameter = {
    name: text,
    description: text,
    schema: { type: "string", enum: [text, "b"], default: text },
  };
  const get = {
    operationId: text,
    summary: text,
    description: text,
    tags: [text],
    parameters: [
      { ...parameter, in: "query" },
      { ...parameter, in: "header", schema: { type: "string", pattern: text } },
      { ...parameter, in: "cookie", example: text },
    ],
    responses: {
      200: { description: text, ...json({ $ref: `#/components/schemas/${step}` }) },
      404: { description: text, ...json({ const: text, description: text }) },
      default: { description: text, headers: named(text, { schema: { pattern: text } }) },
    },
    externalDocs: { description: text, url: text },
    security: [named(text, [])],
    servers: [{ url: text, description: text }],
  };
  const post = {
    operationId: `${text}${text}`,
    requestBody: {
      description: text,
      content: named(text, { schema: { type: "string", format: text } }),
    },
    responses: named(text, { description: text }),
  };
  return [
    [`/${number}/${text}`, { get, post, summary: text }],
    [`/${number}/{${text}}`, {
      put: { parameters: [{ name: text, in: "path", required: true, schema: { type: "string" } }] },
    }],
  ];
}

function schemaOf(text: string): object {
  return {
    type: "object",
    title: text,
    description: text,
    required: [text],
    properties: {
      ...named(text, { type: "string", pattern: text, description: text, default: text }),
      list: { type: "array", items: { enum: [text, 1, null] }, description: text },
      one: {
        oneOf: [{ const: text, title: text }, { type: "object", properties: named(text, {}) }],
        discriminator: { propertyName: text, mapping: named(text, text) },
      },
      date: { type: "string", format: "date-time", deprecated: true, description: text },
    },
    patternProperties: named(text, { description: text }),
    "x-enum-varnames": [text],
    example: named(text, text),
  };
}

const document = {
  openapi: "3.1.0",
  info: { title: PAYLOADS.join(), version: PAYLOADS.join(), description: PAYLOADS.join() },
  servers: PAYLOADS.map((url) => ({
    url,
    description: url,
    variables: named(url, { default: url }),
  })),
  paths: Object.fromEntries(PAYLOADS.flatMap(operations)),
  components: {
    schemas: Object.fromEntries(PAYLOADS.map((text) => [text, schemaOf(text)])),
    securitySchemes: Object.fromEntries(
      PAYLOADS.map((name) => [name, { type: "apiKey", in: "header", name, description: name }]),
    ),
  },
  tags: PAYLOADS.map((name) => ({ name, description: name })),
};

const PLUGINS = ["@hey-api/schemas", "@hey-api/transformers", "@tanstack/react-query", "valibot"];

for (const plugins of [[], PLUGINS]) {
  test(`no text of a document becomes code${plugins.length > 0 ? ", with more plugins" : ""}`, async () => {
    await inFolder({}, async ({ path }) => {
      const { files, diagnostics } = await generateApiTypes(
        requestOf(document, path, { plugins }),
        TOOLS,
      );
      ok(files.length > 10, diagnostics.map(({ message }) => message).join("\n"));
      for (const { path, text } of files) {
        const { program, errors } = parseSync(path, text);
        deepEqual(errors.map(({ message }) => message), [], path);
        deepEqual(identifiers(program).filter((name) => name === "PWN"), [], path);
      }
      const types = files.find((file) => file.path === "api/types.gen.ts")?.text ?? "";
      ok(types.includes("'\\'; PWN(); \\''"), "the text is there, as a literal");
    });
  });
}

test("what a document says it is in other files is not read", async () => {
  await inFolder({ "secret.json": '{"type":"string","const":"SECRET"}' }, async (folder) => {
    const ref = { $ref: `file://${folder.at("secret.json")}` };
    const paths = { "/a": { get: { responses: { 200: { description: "", ...json(ref) } } } } };
    const { files, diagnostics } = await generateApiTypes(
      requestOf({ openapi: "3.1.0", info: { title: "", version: "" }, paths }, folder.at("cache")),
      TOOLS,
    );
    equal(files.some(({ text }) => text.includes("SECRET")), false);
    deepEqual(diagnostics.map(({ code, message }) => [code, message]), [[
      "external-ref",
      `References that lead out of the document are unknown in API types: "${ref.$ref}"`,
    ]]);
  });
});
