/**
 * What a table says of itself, read by the code generator: names, paths and types have to arrive.
 */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import * as v from "valibot";
import { z } from "zod";
import { generate } from "../../codegen/mod.ts";
import { defineRoutes } from "../../routes/mod.ts";
import { test } from "../_support/test.ts";
import { sound } from "../codegen/_support/sound.ts";

const User = z.object({ id: z.number().int(), name: z.string(), born: z.date().optional() })
  .meta({ id: "User" });
const Node = z.object({
  text: z.string(),
  get children() {
    return z.array(Node);
  },
});
interface Chain {
  readonly next: Chain | null;
}
const Chain: z.ZodType<Chain> = z.lazy(() => z.object({ next: Chain.nullable() }));

const routes = defineRoutes({
  home: { path: "/", component: "Home", summary: "The */ first page" },
  users: {
    prefix: "/users",
    tags: ["users"],
    routes: {
      index: {
        path: "/",
        query: z.object({
          page: z.number().int().default(1).describe("Which page"),
          q: z.string(),
          sort: z.enum(["name", "-name"]).optional(),
          tags: z.array(z.string()).optional(),
          filter: z.object({ min: z.number() }).optional(),
        }),
        response: z.object({ users: z.array(User), total: z.number() }),
      },
      show: { path: "/{id:int}", response: User, component: "Users/Show", deprecated: true },
      store: {
        method: "POST",
        path: "/",
        status: 201,
        body: z.object({ name: z.string().default("nobody"), friends: z.array(User) }),
        response: User,
      },
      avatar: { method: "PUT", path: "/{id:int}/avatar", body: z.object({ file: z.file() }) },
      save: { methods: ["PUT", "PATCH"], path: "/{id:int}", body: User },
    },
  },
  tree: { path: "/tree", response: Node },
  chain: { path: "/chain", response: Chain },
  file: { path: "/files/{rest:path}" },
  day: { path: "/days/{day:date}/{at:time}/{id:uuid}" },
  odd: { path: "/odd/{n:int}", params: z.object({ n: z.number().max(9) }) },
});
const info = { title: "Users", version: "1.0.0" };
const openapi = routes.toOpenApi(info);

/** The text of a file that the generator makes. */
function generated(input: { routes?: string; openapi?: string }, path: string): string {
  const { files, diagnostics } = generate(input, { routeTypes: true });
  deepEqual(diagnostics.map(({ message }) => message), []);
  return files.find((file) => file.path === path)?.text ?? "";
}

test("toOpenApi() says what a reader has to know of a route", () => {
  equal(openapi.openapi, "3.1.0");
  deepEqual(openapi.info, info);
  const { post } = openapi.paths["/users"] ?? {};
  equal(post?.operationId, "users.store");
  deepEqual(post?.tags, ["users"]);
  deepEqual(openapi.paths["/users"]?.get?.parameters, [
    {
      name: "page",
      in: "query",
      required: false,
      description: "Which page",
      schema: {
        type: "integer",
        default: 1,
        minimum: -9007199254740991,
        maximum: 9007199254740991,
      },
    },
    { name: "q", in: "query", required: true, schema: { type: "string" } },
    {
      name: "sort",
      in: "query",
      required: false,
      schema: { type: "string", enum: ["name", "-name"] },
    },
    {
      name: "tags",
      in: "query",
      required: false,
      schema: { type: "array", items: { type: "string" } },
    },
    {
      name: "filter",
      in: "query",
      required: false,
      style: "deepObject",
      explode: true,
      schema: { type: "object", properties: { min: { type: "number" } }, required: ["min"] },
    },
  ]);
  equal(openapi.paths["/users/{id}"]?.get?.deprecated, true);
});

test("toOpenApi() describes path parameters by their converters, and by their schema", () => {
  deepEqual(openapi.paths["/days/{day}/{at}/{id}"]?.get?.parameters, [
    { name: "day", in: "path", required: true, schema: { type: "string", format: "date" } },
    { name: "at", in: "path", required: true, schema: { type: "string", format: "time" } },
    { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } },
  ]);
  deepEqual(openapi.paths["/odd/{n}"]?.get?.parameters, [
    { name: "n", in: "path", required: true, schema: { type: "number", maximum: 9 } },
  ]);
});

test("toOpenApi() describes what a body takes and what a response gives, one component for both", () => {
  const { schemas = {} } = openapi.components ?? {};
  deepEqual(schemas.User, {
    type: "object",
    properties: {
      id: { type: "integer", minimum: -9007199254740991, maximum: 9007199254740991 },
      name: { type: "string" },
      // What JSON makes of a date.
      born: { type: "string", format: "date-time" },
    },
    required: ["id", "name"],
  });
  deepEqual(openapi.paths["/users"]?.post?.requestBody, {
    required: true,
    content: Object.fromEntries(
      ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"].map((
        type,
      ) => [type, {
        schema: {
          type: "object",
          properties: {
            name: { default: "nobody", type: "string" },
            friends: { type: "array", items: { $ref: "#/components/schemas/User" } },
          },
          // What has a default need not be sent.
          required: ["friends"],
        },
      }]),
    ),
  });
  deepEqual(Object.keys(openapi.paths["/users"]?.post?.responses as object), ["201", "422"]);
});

test("toOpenApi() tells apart what one name takes and gives, where they differ", () => {
  const Both = z.object({ n: z.number().default(1) }).meta({ id: "Both" });
  const { components, paths } = defineRoutes({
    a: { method: "POST", path: "/a", body: Both, response: Both },
  }).toOpenApi(info);
  const required = Object.entries(components?.schemas ?? {})
    .map(([name, schema]) => [name, (schema as { required?: unknown }).required]); // an object schema
  deepEqual(required, [
    ["Both", undefined],
    ["BothOutput", ["n"]],
    ["InvalidRequest", ["message", "errors", "issues"]],
  ]);
  match(JSON.stringify(paths), /"201"|"200":.*BothOutput/);
});

test("toOpenApi() gives a schema that refers to itself a name", () => {
  const { schemas = {} } = openapi.components ?? {};
  equal(JSON.stringify(openapi).includes('"$ref":"#"'), false);
  equal(JSON.stringify(openapi).includes("$defs"), false);
  const references = [
    ...JSON.stringify(openapi).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g),
  ];
  ok(references.length > 4);
  for (const [, name = ""] of references) ok(Object.hasOwn(schemas, name), name);
});

test("toOpenApi() sends a file as a form of parts", () => {
  const { requestBody } = openapi.paths["/users/{id}/avatar"]?.put ?? {};
  const { content } = requestBody as { content: object }; // as OpenAPI has it
  deepEqual(Object.keys(content), ["multipart/form-data"]);
});

test("toOpenApi() names each method of a route", () => {
  const { put, patch } = openapi.paths["/users/{id}"] ?? {};
  equal(put?.operationId, "users.save");
  equal(patch?.operationId, "users.save.patch");
});

test("toOpenApi() describes what the table's own function describes", () => {
  const Page = v.object({ page: v.number() });
  const { paths } = defineRoutes({ a: { path: "/a", query: Page, response: Page } }, {
    jsonSchema: (schema, side) =>
      schema === Page
        ? { type: "object", title: side, properties: { page: { type: "number" } } }
        : undefined,
  }).toOpenApi(info);
  deepEqual(paths["/a"]?.get?.parameters, [
    { name: "page", in: "query", required: false, schema: { type: "number" } },
  ]);
  match(JSON.stringify(paths["/a"]?.get?.responses), /"title":"output"/);
});

test("toOpenApi() leaves open what nobody describes", () => {
  const { paths } = defineRoutes({ a: { path: "/a", response: v.object({ n: v.number() }) } })
    .toOpenApi(info);
  match(JSON.stringify(paths["/a"]?.get?.responses), /"application\/json":\{"schema":\{\}\}/);
});

test("toOpenApi() says where the application runs", () => {
  const servers = [{ url: "/v2" }];
  deepEqual(routes.toOpenApi({ ...info, servers, description: "d" }).servers, servers);
});

test("the generator gives the document's routes the table's names and types", () => {
  const text = generated({ openapi: JSON.stringify(openapi) }, "routes.ts");
  for (const name of routes.names.filter((name) => name !== "file")) {
    ok(text.includes(`readonly "${name}":`), name);
  }
  const types = generated({ openapi: JSON.stringify(openapi) }, "route-types.ts");
  match(types, /"users\.show": User;/);
  match(types, /"users\.store": \{[^}]*friends/);
});

test("the generator joins both documents of a table without a word", () => {
  const input = { routes: JSON.stringify(routes.toRoutesJson()), openapi: JSON.stringify(openapi) };
  const text = generated(input, "routes.ts");
  // Of the table: several segments, and numbers. Of the document: the query's types.
  match(text, /"\/files\/\{rest:path\}"/);
  match(text, /"\/users\/\{id:int\}"/);
  match(text, /"sort"\?: "name" \| "-name" \| undefined/);
  match(generated(input, "route-types.ts"), /"users\.show": User;/);
});

test("toRoutesJson() has the converters, and the query as TypeScript", () => {
  const { routes: entries } = routes.toRoutesJson();
  deepEqual(entries["users.show"], {
    uri: "/users/{id:int}",
    method: "get",
    methods: ["GET"],
    parameters: ["id"],
    parameterTypes: { id: "int" },
    component: "Users/Show",
  });
  deepEqual(entries["users.index"]?.queryParameters, {
    page: "number | undefined",
    q: "string",
    sort: '"name" | "-name" | undefined',
    tags: "readonly string[] | undefined",
    filter: '{ readonly "min": number } | undefined',
  });
  const text = generated({ routes: JSON.stringify(routes.toRoutesJson()) }, "routes.ts");
  match(text, /"q": string;/);
});

test("toRoutesJson() takes some of the routes, by name or by path", () => {
  const table = defineRoutes({
    home: { path: "/" },
    "users.show": { path: "/users/{id:int}" },
    "users.edit": { path: "/users/{id:int}/edit" },
    "admin.users": { path: "/admin/users/{id:int}" },
  });
  const names = (filter: Parameters<typeof table.toRoutesJson>[0]): readonly string[] =>
    Object.keys(table.toRoutesJson(filter).routes).sort();
  deepEqual(names({ only: ["users.*"] }), ["users.edit", "users.show"]);
  deepEqual(names({ only: ["users.*", "!users.edit"] }), ["users.show"]);
  deepEqual(names({ except: ["/admin/**"] }), ["home", "users.edit", "users.show"]);
  deepEqual(names({ only: ["/users/{id}"] }), ["users.show"]);
  deepEqual(names({ only: [] }), ["admin.users", "home", "users.edit", "users.show"]);
  // Misspelt, it would keep nothing back.
  throws(() => names({ except: ["amdin.*"] }), {
    name: "TypeError",
    message: 'Cannot filter the routes: the pattern "amdin.*" fits no route',
  });
});

test("hostile names and texts come through both documents as data", () => {
  const hostile = defineRoutes({
    "*/PWN()/*": { path: "/a/{__proto__}", summary: "*/PWN()/*", tags: ["`${PWN()}"] },
    "__proto__": { path: "/b", query: z.object({ "'];PWN();['": z.string() }) },
  });
  const input = {
    routes: JSON.stringify(hostile.toRoutesJson()),
    openapi: JSON.stringify(hostile.toOpenApi(info)),
  };
  const { files } = sound({ input });
  match(files.find(({ path }) => path === "routes.ts")?.text ?? "", /readonly "__proto__":/);
});
