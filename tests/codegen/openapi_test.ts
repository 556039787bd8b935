/** The structure of OpenAPI documents: cases 52 to 65. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { generate, type Generated } from "../../codegen/mod.ts";
import { test } from "../_support/test.ts";
import { caseOf } from "./_support/cases.ts";
import {
  codes,
  load,
  type LoadedRoutes,
  openapi,
  paramsOf,
  sound,
  textOf,
} from "./_support/sound.ts";

const loadCase = (key: string): Promise<LoadedRoutes> => load(sound(caseOf(key)));
const names = async (key: string): Promise<readonly string[]> =>
  [...(await loadCase(key)).router.names()].sort();

/** The lines of an interface of `route-types.ts`. */
function mapOf(generated: Generated, name: string): string {
  const text = textOf(generated, "route-types.ts");
  const start = text.indexOf(`export interface ${name} {`);
  return text.slice(start, text.indexOf("\n}\n", start));
}

test("case 52: without ids, method and path are the name, whatever else there is", async () => {
  const first = await names("52");
  deepEqual(first, ["delete /admin/realms/{realm}", "get /admin/realms/{realm}"]);
  deepEqual((await names("52b")).filter((name) => name !== "get /other"), first);
});

test("case 53: ids are names as they are, or in another form with numbers where they meet", async () => {
  deepEqual(await names("53"), ["A::B", "a b", "a'b\"", "a.b", "a/b", "ünï"]);
  deepEqual(await names("53b"), ["aB", "aB~2", "ab", "usersShow"]);
  deepEqual(await names("53c"), ["users.list", "users.show"]);
  const own = generate(caseOf("53").input, {
    naming: (name, { methods }) => `${methods[0]}:${name}`,
  });
  ok(textOf(own).includes(`"GET:a/b"`));
});

test("case 54: an operation wins over its path item, references lead on, through odd pointers too", () => {
  const generated = sound(caseOf("54"));
  equal(
    paramsOf(generated, "show"),
    `  readonly "id": number | string;\n  readonly "page"?: number | undefined;\n  readonly "q"?: boolean | undefined;`,
  );
  equal(paramsOf(generated, "other"), `  readonly "id": string;`);
  equal(paramsOf(generated, "third"), `  readonly "id": number | string;`);
  deepEqual(codes(generated), ["external-ref", "missing-ref"]);
});

test("operations beside the reference of a path item are there, and win", async () => {
  const items = {
    Users: {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
      get: { operationId: "shared" },
      put: { operationId: "replaced" },
    },
  };
  const generated = sound({
    input: {
      openapi: JSON.stringify({
        openapi: "3.1.0",
        paths: {
          "/users/{id}": {
            $ref: "#/components/pathItems/Users",
            put: { operationId: "own" },
            post: { operationId: "added" },
          },
          "/nowhere": { $ref: "other.yaml#/Item", get: { operationId: "left" } },
        },
        components: { pathItems: items },
      }),
    },
  });
  const { route, router } = await load(generated);
  deepEqual([...router.names()].sort(), ["added", "left", "own", "shared"]);
  equal(route("added", { id: 7 }), "/users/7");
  equal(router.match("/users/7", "PUT")?.name, "own");
  deepEqual(codes(generated), ["external-ref"]);
});

test("case 55: loops of references end", () => {
  const generated = sound(caseOf("55"));
  deepEqual(codes(generated), ["ref-loop"]);
  const text = paramsOf(generated, "a");
  ok(text.includes(`readonly "Self"?: QueryObject | undefined;`), text);
  ok(text.includes(`readonly "Mutual"?: QueryObject | undefined;`));
  ok(text.includes(`readonly "List"?: readonly QueryObject[] | undefined;`));
  ok(text.includes(`readonly "Chain0"?: number | undefined;`));
  const types = textOf(generated, "route-types.ts");
  ok(types.includes("export type Self = unknown;"));
  ok(types.includes(`readonly "children"?: readonly Tree[] | undefined;`));
});

test("case 56: null is no value of a URL, and one of a body", () => {
  const generated = sound(caseOf("56"));
  const text = paramsOf(generated, "a");
  for (
    const line of [
      `"a"?: string |`,
      `"b"?: string |`,
      `"c"?: string |`,
      `"d"?: number |`,
      `"e"?: never |`,
      `"f"?: never |`,
    ]
  ) {
    ok(text.includes(`readonly ${line} undefined;`), line);
  }
  const responses = mapOf(generated, "RouteResponses");
  ok(responses.includes(`readonly "x"?: string | null | undefined;`));
  ok(responses.includes(`readonly "y"?: number | null | undefined;`));
});

test("case 57: schemas of all kinds are types of all kinds", () => {
  const generated = sound(caseOf("57"));
  equal(
    paramsOf(generated, "a"),
    [
      `  readonly "id": number | string | bigint;`,
      `  readonly "any"?: QueryValue | undefined;`,
      `  readonly "bare"?: QueryValue | undefined;`,
      `  readonly "big"?: number | string | bigint | undefined;`,
      `  readonly "no"?: never | undefined;`,
      `  readonly "union"?: number | string | undefined;`,
      `  readonly "yes"?: QueryValue | undefined;`,
    ].join("\n"),
  );
  deepEqual(codes(generated), ["bad-type"]);
});

test("case 58: the path of a server without a host stands before the paths; the rest where it is asked for", async () => {
  const url = async (key: string, options?: object): Promise<string> =>
    (await loadCase(key)).route("a", {}, options);
  deepEqual(await Promise.all(["58", "58b", "58c", "58d", "58e", "58g"].map((key) => url(key))), [
    "/a",
    "/api/v1/a",
    "/a",
    "/a",
    "/v2/a",
    "/op/a",
  ]);
  equal(await url("58f"), "/v3/a");
  equal(await url("58f", { absolute: true }), "https://eu.h.test/v3/a");
  const own = await load(
    generate(caseOf("58b").input, { base: "/app/", origin: "https://o.test/" }),
  );
  equal(own.route("a", {}, { absolute: true }), "https://o.test/app/a");
  equal(own.route("a", {}, { base: "" }), "/a");
});

test("case 59: every method is one, and nothing else of a path item", async () => {
  deepEqual(await names("59"), [
    "copy",
    "delete",
    "get",
    "head",
    "options",
    "patch",
    "post",
    "put",
    "query",
    "trace",
  ]);
  ok(textOf(sound(caseOf("59"))).includes(`["copy", "/a", "COPY"]`));
  const head = generate(caseOf("59").input, { impliesHead: true });
  ok(textOf(head).includes(`readonly "get": "GET" | "HEAD";`));
});

test("case 60: bodies and responses belong to path and method", () => {
  const generated = sound(caseOf("60"));
  const text = textOf(generated, "route-types.ts");
  equal(
    mapOf(generated, "RouteResponses"),
    `export interface RouteResponses {\n  readonly "create": User;\n  readonly "list": readonly User[];`,
  );
  ok(
    mapOf(generated, "RouteBodies").includes(
      `readonly "create": {\n    readonly "name": string;\n  };`,
    ),
  );
  ok(text.includes(`readonly "o'k"?: string | undefined;`));
  equal(textOf(generated).includes("route-types"), false);
});

test("case 61: bodies of all media types", () => {
  const text = mapOf(sound(caseOf("61")), "RouteBodies");
  equal(text.includes(`"none"`), false);
  for (
    const line of [
      `"optional": string | undefined;`,
      `"file"?: Blob | File | undefined;`,
      `"files"?: readonly (Blob | File)[] | undefined;`,
      `"bytes": Blob | File | undefined;`,
      `"text": string | undefined;`,
      `"two": number | string | undefined;`,
      `"vnd": boolean | undefined;`,
      `"any": number | undefined;`,
    ]
  ) ok(text.includes(`readonly ${line}`), `${line} in\n${text}`);
});

test("case 62: the response is that of success, else the default", () => {
  const generated = sound(caseOf("62"));
  const text = mapOf(generated, "RouteResponses");
  for (
    const line of [
      `"onlyDefault": string;`,
      `"range": number;`,
      `"noContent": undefined;`,
      `"stream": string;`,
      `"ref": boolean;`,
    ]
  ) {
    ok(text.includes(`readonly ${line}`), `${line} in\n${text}`);
  }
  equal(text.includes(`"nothing"`), false);
});

test("case 63: Swagger 2 has its own styles, bodies and base path", async () => {
  const generated = sound(caseOf("63"));
  const { route } = await load(generated);
  const url = (name: string): string =>
    route("show", { id: 1, [name]: ["a", "b"] }).replace("/api/v1/users/1?", "");
  deepEqual(["multi", "csv", "pipes", "ssv", "tsv", "plain"].map(url), [
    "multi=a&multi=b",
    "csv=a,b",
    "pipes=a%7Cb",
    "ssv=a%20b",
    "tsv=a%09b",
    "plain=a,b",
  ]);
  const bodies = mapOf(generated, "RouteBodies");
  ok(bodies.includes(`readonly "file": Blob | File;`));
  ok(bodies.includes(`readonly "put": User;`));
  ok(mapOf(generated, "RouteResponses").includes(`readonly "show": User;`));
});

test("case 64: a document without routes is a module without names", async () => {
  for (const key of ["64", "64b"]) {
    const generated = sound(caseOf(key));
    ok(textOf(generated).includes("export type RouteParams = Record<never, never>;"));
    deepEqual((await load(generated)).router.names(), []);
  }
  deepEqual(codes(sound(caseOf("64b"))), ["bad-document"]);
  equal((await loadCase("64c")).route("show", { id: 7 }), "/users/7");
});

test("case 65: structures of bodies are in the file of bodies alone", () => {
  const generated = sound(caseOf("65"));
  const text = textOf(generated, "route-types.ts");
  ok(text.includes("export type Pet = Cat | Dog;"));
  ok(text.includes("export type Cat = Base & {"));
  ok(text.includes(`readonly "pair"?: readonly [string, number] | undefined;`));
  ok(text.includes("readonly [key: string]: unknown;"));
  equal(textOf(generated).includes("Pet"), false);
});

test("names lose what their producer adds", () => {
  const of = (
    operations: { readonly [key: string]: string | undefined },
    cleanNames = true,
  ): readonly string[] => {
    const document = openapi(
      Object.fromEntries(
        Object.entries(operations).map((
          [key, operationId],
        ) => [key, operationId === undefined ? {} : { operationId }]),
      ),
    );
    const text = textOf(generate({ openapi: document }, { cleanNames }));
    const map = text.slice(
      text.indexOf("export interface RouteParams"),
      text.indexOf("export type RouteName"),
    );
    return [...map.matchAll(/readonly "([^"]*)":/g)].map(([, name = ""]) => name);
  };
  const fastapi = {
    "get /items/{item_id}": "read_item_items__item_id__get",
    "post /items/": "create_item_items__post",
    "get /a": "multi_a_head",
  };
  deepEqual(of(fastapi), ["create_item", "multi", "read_item"]);
  deepEqual(of(fastapi, false), [
    "create_item_items__post",
    "multi_a_head",
    "read_item_items__item_id__get",
  ]);
  deepEqual(of({ "get /a": "list_a_get", "get /b": "list_b_get" }), ["list_a_get", "list_b_get"]);
  deepEqual(
    of({
      "get /api/books": "ApiBooksBooks",
      "get /api/books/{book_id}": "ApiBooksBookIdBookDetail",
      "post /api/books": "ApiBooksCreateBook",
      "get /": "Home",
    }),
    ["book_detail", "books", "create_book", "home"],
  );
  deepEqual(of({ "get /users": "UsersList", "get /other": "somethingElse", "get /third": "x" }), [
    "UsersList",
    "somethingElse",
    "x",
  ]);
  deepEqual(of({ "get /users": "list", "get /orders": "list_1", "get /point": "point_3" }), [
    "get /orders",
    "get /users",
    "point_3",
  ]);
  deepEqual(of({ "get /users/{id}": "getUsersById", "get /": "getIndex" }), [
    "getIndex",
    "getUsersById",
  ]);
  deepEqual(of({ "get /WeatherForecast": undefined, "get /users": "users_list" }), [
    "get /WeatherForecast",
    "users_list",
  ]);
});

test("what YAML may repeat does not multiply", () => {
  const levels = Array.from(
    { length: 9 },
    (_, index) =>
      `  s${index + 1}: &s${index + 1} { type: object, properties: { ${
        "abcdefghi".split("").map((key) => `${key}: *s${index}`).join(", ")
      } } }`,
  );
  const yaml = `openapi: 3.1.0\nx:\n  s0: &s0 { type: string }\n${
    levels.join("\n")
  }\npaths:\n  /a:\n    get: { operationId: a, parameters: [{ name: q, in: query, schema: *s9 }] }\n`;
  const start = performance.now();
  const generated = generate({ openapi: yaml });
  ok(performance.now() - start < 2_000);
  ok(textOf(generated).length < 1_000_000);
});

/** The type of the component `A`, of a body. */
function componentOf(schema: object, others: object = {}): string {
  const generated = sound({
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          responses: {
            200: {
              content: { "application/json": { schema: { $ref: "#/components/schemas/A" } } },
            },
          },
        },
      }, { components: { schemas: { A: schema, ...others } } }),
    },
    options: { routeTypes: true },
  });
  const text = textOf(generated, "route-types.ts");
  return text.slice(text.indexOf("A"), text.indexOf("/** What the request of each")).trim();
}

test("properties beside alternatives are not lost", () => {
  const a = { type: "object", required: ["id"], properties: { id: { type: "integer" } } };
  const oneOf = [{ required: ["x"] }, { required: ["y"] }];
  equal(componentOf({ ...a, oneOf }), `A {\n  readonly "id": number;\n}`);
  const x = { type: "object", properties: { x: { type: "string" } } };
  equal(
    componentOf({ ...a, oneOf: [x, { $ref: "#/components/schemas/B" }] }, { B: { type: "string" } })
      .replaceAll(/\s+/g, " "),
    `A = { readonly "id": number; } & ({ readonly "x"?: string | undefined; } | B); export type B = string;`,
  );
  // A parent whose children extend it: no type can be written in a circle.
  const allOf = [{ $ref: "#/components/schemas/A" }, x];
  match(
    componentOf({ ...a, oneOf: [{ $ref: "#/components/schemas/B" }] }, { B: { allOf } }),
    /unknown/,
  );
});

test("an object whose names are listed has these", () => {
  const Shelf = { type: "string", enum: ["next", "read"] };
  const counts = { type: "object", additionalProperties: { type: "integer" } };
  const $ref = "#/components/schemas/Shelf";
  const all = `A {\n  readonly "next": number;\n  readonly "read"?: number | undefined;\n}`;
  equal(componentOf({ ...counts, propertyNames: Shelf, required: ["next"] }), all);
  equal(componentOf({ ...counts, propertyNames: { $ref }, required: ["next"] }, { Shelf }), all);
  equal(
    componentOf({ ...counts, propertyNames: { pattern: "^a" } }),
    `A {\n  readonly [key: string]: number;\n}`,
  );
});
