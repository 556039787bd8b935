/** Bad input: one clear diagnostic, no file, and no exception. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import process from "node:process";
import fc from "fast-check";
import { generate, type GenerateInput } from "../../codegen/mod.ts";
import { test } from "../_support/test.ts";
import { litestar, openapi } from "./_support/sound.ts";

/** Nothing is generated, and one error says why. */
function refused(input: GenerateInput, message: RegExp): void {
  const { files, diagnostics } = generate(input);
  deepEqual(files, []);
  const errors = diagnostics.filter(({ level }) => level === "error");
  equal(errors.length, 1);
  match(errors[0]?.message ?? "", message);
  match(errors[0]?.message ?? "", /^Cannot .*[^.]$/);
}

test("a document that is none is told as what it is", () => {
  refused({ openapi: "" }, /it is empty/);
  refused({ openapi: " \n" }, /it is empty/);
  refused({ openapi: "<!doctype html><html>" }, /it is HTML or XML, not JSON/);
  refused({ openapi: "\ufeff  <html>" }, /it is HTML or XML/);
  refused({ openapi: "null" }, /as OpenAPI: it is null/);
  refused({ openapi: "[]" }, /as OpenAPI: it is a list/);
  refused({ openapi: '"x"' }, /as OpenAPI: it is a string/);
  refused({ openapi: "{}" }, /it has neither "openapi" nor "swagger"/);
  refused({ openapi: '{"openapi":"9.0.0"}' }, /its version is "9\.0\.0"/);
  refused({ openapi: '{"openapi":' }, /it is no JSON/);
  refused({ openapi: '{\n  "a": 1\n  "b": 2\n}' }, /it is no JSON at line 3/);
  refused({ openapi: "a: [1\nb" }, /it is no YAML at line 2/);
  refused({ openapi: "x: !!js/function 'a'" }, /it is no YAML/);
  refused({ routes: "{}" }, /as a route table: its "routes" is missing/);
  refused({ routes: "null" }, /as a route table: it is null/);
  refused({ routes: '{"routes":[1]}' }, /its "routes" is a list/);
  refused({ routes: "<html>" }, /it is HTML/);
  refused({ pages: "{}" }, /as pages of Inertia: it has no "pages"/);
  refused({ pages: "[]" }, /as pages of Inertia: it is a list/);
  refused({ staticProps: "[]" }, /as static props: it is a list/);
});

test("one bad input leaves no files of the good ones, so that nothing is overwritten by half", () => {
  refused({ routes: litestar({ a: "/a" }), openapi: "<html>" }, /HTML/);
});

test("routes beside a document are taken as they stand, but for those that it has", () => {
  const { files, diagnostics } = generate({
    openapi: openapi({ "get /users/{id}": { operationId: "users.show" } }),
    beside: litestar({ "get /users/{key}": "/users/{key}", health: "/health" }),
  });
  deepEqual(diagnostics.filter(({ level }) => level !== "info"), []);
  const text = files.find(({ path }) => path === "routes.ts")?.text ?? "";
  match(text, /\["users\.show", "\/users\/\{id/);
  match(text, /\["health", "\/health"\]/);
  ok(!text.includes("{key"));
});

test("a route table in YAML is read, whatever its keys look like", () => {
  // Keys that are no JSON: they once were parsed as such in the search for twins.
  const routes = 'routes:\n  {"\\x61": {uri: /a}, "\\e": {uri: /b}}\n';
  const { files, diagnostics } = generate({ routes });
  deepEqual(diagnostics, []);
  ok(files.some(({ text }) => text.includes('["a", "/a"]') && text.includes('["\\u001b", "/b"]')));
  refused({ routes: "routes:\n  a: {uri: /1}\n  a: {uri: /2}\n" }, /duplicated mapping key/);
});

test("a key that stands twice is told, in either of the two outer objects, as JSON writes it", () => {
  const told = (routes: string): readonly string[] =>
    generate({ routes }).diagnostics.map(({ code, message }) => `${code}: ${message}`);
  const twice = (key: string): readonly string[] => [
    `duplicate-key: "${key}" stands there twice; the last one is taken`,
  ];
  deepEqual(told('{"routes":{"a":{"uri":"/1"},"\\u0061":{"uri":"/2"}}}'), twice("a"));
  deepEqual(told('{"routes":{"b":{"uri":"/1"}},"routes":{"a":{"uri":"/2"}}}'), twice("routes"));
  deepEqual(told('\ufeff {"routes":{"a":{"uri":"/1"},"a":{"uri":"/2"}}}'), twice("a"));
  // To who reads escapes wrongly, these have as many keys as what they parse to.
  equal(told('{"routes":{"a\\"":{"uri":"/1"},"a\\"":{"uri":"/2"}}}').length, 1);
  equal(told('{"routes":{"a\\\\":{"uri":"/:1"},"a\\\\":{"uri":"/2"}}}').length, 1);
  deepEqual(told('{"routes":{"a":{"uri":"/1","uri":"/2","x":[{"y":1,"y":2}]}}}'), []);
  deepEqual(told('{"routes":{"a{\\"}:[":{"uri":"/{x:int}"},"b":{"uri":"/:,{"}}}').length, 1);
});

test("a message names the input as the caller does", () => {
  const { diagnostics } = generate({ openapi: "" }, {
    names: { openapi: "http://127.0.0.1:8000/openapi.json" },
  });
  equal(diagnostics[0]?.message, 'Cannot read "http://127.0.0.1:8000/openapi.json": it is empty');
});

test("a document of 46 MB is generated in seconds, or refused", () => {
  const schema = {
    type: "object",
    properties: Object.fromEntries(
      Array.from(
        { length: 40 },
        (_, index) => [`p${index}`, { type: "string", description: "x".repeat(20) }],
      ),
    ),
  };
  const text = openapi(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [
    `get /r${index % 100}/s${index}/{id}`,
    {
      operationId: `o${index}`,
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
      responses: { 200: { content: { "application/json": { schema } } } },
    },
  ])));
  ok(text.length > 46_000_000, String(text.length));
  // Of a core: what else the machine does takes no part.
  const before = process.cpuUsage();
  const { files } = generate({ openapi: text });
  const { user } = process.cpuUsage(before);
  ok(user < 5_000_000, `${user / 1_000} ms`);
  equal(files.length, 2);
  refused({ openapi: `"${"x".repeat(128 * 1024 * 1024)}"` }, /more than/);
});

test("any JSON is read without an exception", () => {
  const keys = fc.constantFrom(
    "paths",
    "/a/{x}",
    "get",
    "parameters",
    "schema",
    "$ref",
    "name",
    "in",
    "type",
    "enum",
    "allOf",
    "items",
    "properties",
    "routes",
    "uri",
    "methods",
    "parameterTypes",
    "wheres",
    "pages",
    "sharedProps",
    "content",
    "requestBody",
    "responses",
    "200",
    "servers",
    "url",
    "__proto__",
  );
  const leaf = fc.constantFrom<unknown>(
    null,
    true,
    1,
    "x",
    "path",
    "query",
    "object",
    "array",
    "#/paths",
    "/a/{x}",
    "{",
    "(a+)+",
    "string | {",
    [],
    {},
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 8 },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 6 }),
    ),
  }));
  fc.assert(
    fc.property(value, (document) => {
      const rest = typeof document === "object" && document !== null && !Array.isArray(document)
        ? document
        : { paths: document, routes: document, pages: document };
      generate({ openapi: JSON.stringify({ ...rest, openapi: "3.1.0" }) }, {
        routeTypes: true,
        groupFiles: true,
      });
      generate({ routes: JSON.stringify({ routes: {}, ...rest }) });
      generate({
        pages: JSON.stringify({ pages: {}, ...rest }),
        openapi: JSON.stringify({ ...rest, swagger: "2.0" }),
      });
    }),
    { numRuns: 500 },
  );
});
