/** Whatever stands in names, paths, descriptions and types: none of it becomes code. */
import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { parseSync } from "oxc-parser";
import { generate } from "../../codegen/mod.ts";
import { test } from "../_support/test.ts";
import { identifiers, litestar, openapi } from "./_support/sound.ts";

const PIECES = [
  ...[
    "PWN()",
    '"',
    "'",
    "`",
    "\\",
    "${",
    "}",
    "{",
    "*/",
    "/*",
    "//",
    "\n",
    "\r",
    "\u2028",
    "\u2029",
    "\0",
    "\ud800",
    "\udc00",
  ],
  ...[
    "</script>",
    "<!--",
    "]]>",
    ";",
    ":",
    "?",
    "#",
    "&",
    "=",
    "!",
    "%",
    "%2",
    "%00",
    "..",
    "/",
    ".",
    "*",
    "(",
    ")",
    "[",
    "]",
  ],
  ...[
    "__proto__",
    "constructor",
    "@ts-ignore",
    "@jsx PWN",
    "\u202E",
    "\u200B",
    "\uFEFF",
    "é",
    "用户",
    "🚀",
    " ",
    "a",
    "1",
    "_",
    "$",
    "|",
    "import('x')",
  ],
];
const hostile = fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) =>
  pieces.join("")
);
const all = { groupFiles: true, routeTypes: true, globalRoute: true } as const;

/** Every file parses, and calls nobody. */
function checkFiles(
  files: readonly { readonly path: string; readonly text: string }[],
  what: string,
): void {
  ok(files.length > 0, what);
  for (const { path, text } of files) {
    if (path === "routes-runtime.ts") continue;
    const { program, errors } = parseSync(path, text);
    equal(errors.map(({ message }) => message).join("; "), "", `${what}\n${text}`);
    // A component or a page may be called so; then it is declared, or imported, and is a type.
    const isDeclared = /^(?:export (?:type|interface)|import type \{) PWN\b|^ {2}PWN,$/m.test(text);
    const values = identifiers(program, { isType: false });
    equal((isDeclared ? values : identifiers(program)).includes("PWN"), false, `${what}\n${text}`);
    equal(/[\u2028\u2029\u202E\u200B\0\r]/.test(text), false, what);
  }
}

test("no text of a route table becomes code", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, hostile, (name, uri, key, type, component) => {
      const routes = litestar({
        [name]: {
          uri: `/${uri}`,
          method: key,
          parameterTypes: { [key]: type },
          queryParameters: { [key]: type },
          component,
        },
        other: `/{${key}}/${uri}`,
      });
      checkFiles(generate({ routes }, { ...all, header: name }).files, routes);
    }),
    { numRuns: 400 },
  );
});

test("no text of Ziggy's table becomes code", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (name, uri, key, value) => {
      const routes = JSON.stringify({
        url: value,
        defaults: { [key]: value },
        routes: {
          [name]: {
            uri,
            methods: [value, "GET"],
            domain: `${key}.test`,
            wheres: { [key]: value },
            bindings: { [key]: value },
          },
          other: { uri: `{${key}?}`, wheres: { [key]: value } },
        },
      });
      checkFiles(generate({ routes }, all).files, routes);
    }),
    { numRuns: 400 },
  );
});

test("no text of an OpenAPI document becomes code", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, hostile, (id, path, name, text) => {
      const operation = {
        operationId: id,
        summary: text,
        description: text,
        tags: [name],
        deprecated: true,
        servers: [{ url: text, variables: { [name]: { default: path } } }],
        parameters: [
          { name, in: "path", required: true, schema: { type: "string", enum: [text, path] } },
          {
            name,
            in: "query",
            schema: { type: "object", properties: { [name]: { type: "string", default: text } } },
            deprecated: true,
          },
          { name: text, in: "query", required: true, schema: { const: text, default: text } },
        ],
        requestBody: {
          content: {
            [text]: {
              schema: {
                $ref: `#/components/schemas/${
                  encodeURIComponent(
                    name.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"),
                  )
                }`,
              },
            },
            "application/json": {
              schema: { title: text, properties: { [name]: { description: text } } },
            },
          },
        },
        responses: {
          200: {
            content: {
              "application/json": {
                schema: {
                  type: "array",
                  items: { properties: { [text]: { enum: [name, text] } } },
                },
              },
            },
          },
        },
      };
      const document = openapi({ [`get /${path}/{${name}}`]: operation }, {
        components: {
          schemas: { [name]: { description: text, properties: { [text]: { description: text } } } },
        },
      });
      checkFiles(generate({ openapi: document }, all).files, document);
    }),
    { numRuns: 400 },
  );
});

test("no text of pages becomes code", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (component, name, type) => {
      const pages = JSON.stringify({
        pages: {
          [component]: { route: name, tsType: type, schemaRef: name },
          Other: { tsType: name },
        },
        sharedProps: { [name]: { type, optional: true } },
        typeImportPaths: { [name]: type, Imported: type },
        typeGenConfig: { includeDefaultAuth: true },
      });
      const staticProps = JSON.stringify({ [name]: { [component]: type } });
      checkFiles(generate({ pages, staticProps }, { header: type }).files, pages);
    }),
    { numRuns: 400 },
  );
});

test("a module of a hostile table runs", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (name, path, key) => {
      const document = openapi({
        [`get /${path}/{${key}}`]: {
          operationId: name,
          parameters: [{ name: key, in: "path", required: true, schema: { type: "string" } }],
        },
      });
      const text = generate({ openapi: document }).files.find((file) =>
        file.path === "routes.ts"
      )?.text ?? "";
      const { createRouter } = await import("../../codegen/routes_runtime.ts");
      const rows = [...text.matchAll(/^ {2}(\[".*\]),$/gm)].map(([, row = ""]) => JSON.parse(row));
      const router = createRouter<string, (name: string, params: object) => string>(rows, {});
      for (const each of router.names()) {
        // Half a surrogate pair or ".." in the path itself: an error of ours, and no other.
        try {
          const keys = [...String(rows[0][1]).matchAll(/\{([^:}]*)/g)].map(([, place = ""]) =>
            decodeURIComponent(place)
          );
          const url = router.route(each, Object.fromEntries(keys.map((place) => [place, "v"])));
          ok(url.startsWith("/") && !url.startsWith("//"), url);
          equal(router.match(url)?.name, each, url);
        } catch (error) {
          ok(error instanceof TypeError && "code" in error, String(error));
        }
      }
    }),
    { numRuns: 400 },
  );
});
