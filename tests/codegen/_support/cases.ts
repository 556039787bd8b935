/**
 * Inputs that once broke some generator. The tests next door say what has to come out; all of them are compiled.
 *
 * @module
 */
import { type Case, litestar, openapi, path, query } from "./sound.ts";

const LONG = "n".repeat(5_000);
const WORDS = [
  "delete",
  "class",
  "default",
  "import",
  "await",
  "enum",
  "let",
  "static",
  "package",
  "interface",
  "arguments",
  "eval",
];
const GLOBALS = [
  "confirm",
  "name",
  "location",
  "fetch",
  "Promise",
  "Map",
  "Date",
  "URL",
  "undefined",
  "NaN",
];
const HOSTILE_TEXT = "*/PWN()/*";
const uris = (names: readonly string[], prefix = ""): { [name: string]: string } =>
  Object.fromEntries(names.map((name, index) => [prefix + name, `/r${index}`]));
const described = (summary: string, description = ""): string =>
  openapi({
    "get /a": { operationId: "a", summary, description, tags: [summary], deprecated: true },
  });
const ziggy = (routes: object, rest: object = {}): string =>
  JSON.stringify({ url: "https://app.test", port: null, defaults: [], routes, ...rest });
const many = (count: number, prefix = ""): string =>
  litestar(
    Object.fromEntries(
      Array.from(
        { length: count },
        (_, index) => [`${prefix}r${index}.show`, `/r${index}/{r${index % 50}_id:int}`],
      ),
    ),
  );
const PAGES = (pages: object, shared: object = {}, rest: object = {}): string =>
  JSON.stringify({
    pages,
    sharedProps: shared,
    typeGenConfig: {},
    typeImportPaths: {},
    fallbackType: "unknown",
    ...rest,
  });
const json = (schema: unknown): object => ({ content: { "application/json": { schema } } });

/** The inputs by the number of their case, with a letter where a case has several. */
export const CASES = {
  "1": { input: { routes: litestar({ "o'brien": "/a" }) } },
  "2": {
    input: { routes: litestar({ 'a"b': "/a", "a\\b": "/b", "a\\": "/c" }) },
    options: { groupFiles: true },
  },
  "3": {
    input: { routes: litestar({ "`${PWN()}": "/`${PWN()}`" }) },
    options: { groupFiles: true },
  },
  "4": { input: { openapi: described(HOSTILE_TEXT, HOSTILE_TEXT) }, options: { groupFiles: true } },
  "5": {
    input: {
      openapi: described(
        "a\r\n;PWN()//\u2028PWN()\u2029",
        "@ts-expect-error\n@ts-nocheck\n//# sourceMappingURL=x",
      ),
    },
  },
  "6": {
    input: { routes: litestar({ "</script><script>PWN()</script>": "/<!--", "<!--": "/b" }) },
    options: { groupFiles: true },
  },
  "7": {
    input: { routes: '{"routes":{"__proto__":{"uri":"/p"},"a":{"uri":"/a"}}}' },
    options: { groupFiles: true },
  },
  "7b": { input: { routes: litestar({ a: "/a" }) } },
  "8": {
    input: {
      routes:
        '{"routes":{"p":{"uri":"/{__proto__}","queryParameters":{"constructor":"string | undefined","hasOwnProperty":"string | undefined"}},"c":{"uri":"/c/{constructor}/{hasOwnProperty}"}}}',
    },
  },
  "9": {
    input: { routes: litestar({ ...uris(WORDS), ...uris(WORDS, "group.") }) },
    options: { groupFiles: true },
  },
  "10": {
    input: { routes: litestar({ ...uris(GLOBALS), ...uris(GLOBALS, "group.") }) },
    options: { groupFiles: true },
  },
  "11": {
    input: {
      routes: litestar(
        uris([
          "4oD_Browse",
          "a..b",
          "@@@",
          "🚀",
          "\u00e9",
          "e\u0301",
          "用户.列表",
          "\u202Ertl",
          "a\u200Bb",
        ]),
      ),
    },
    options: { groupFiles: true },
  },
  "12": {
    input: { routes: litestar(uris(["users.list", "users-list", "users_list", "usersList"])) },
    options: { groupFiles: true },
  },
  "12b": {
    input: {
      routes: litestar(uris(["g.users.list", "g.users-list", "g.users_list", "g.usersList"])),
    },
    options: { groupFiles: true },
  },
  "13": {
    input: { routes: litestar(uris(["Users.Show", "users.show"])) },
    options: { groupFiles: true },
  },
  "14": {
    input: { routes: litestar(uris(["main", "main.child", "main.child.grandchild"])) },
    options: { groupFiles: true },
  },
  "15": {
    input: { routes: litestar(uris(["prism.prism.show", "prism.show"])) },
    options: { groupFiles: true },
  },
  "16": { input: { routes: '{"routes":{"a":{"uri":"/1"},"a":{"uri":"/2"}}}' } },
  "16b": {
    input: {
      openapi: openapi({ "get /x": { operationId: "get" }, "get /y": { operationId: "get" } }),
    },
  },
  "17": {
    input: { routes: litestar({ [LONG]: "/a", [`${LONG}.b`]: "/b" }) },
    options: { groupFiles: true },
  },
  "17b": { input: { routes: many(300, "p".repeat(200)) } },
  "18": { input: { routes: litestar({ "": "/a", "  ": "/b", "Pull Doc": "/c" }) } },
  "19": {
    input: {
      routes: litestar({
        a: {
          uri: "/a/{id}",
          parameterTypes: { id: "string; }; PWN(); interface X { a" },
          queryParameters: { x: "string; }; PWN(); interface X { a" },
        },
        b: { uri: "/b/{id}/x", parameterTypes: { id: "any" }, queryParameters: { x: "any" } },
        c: {
          uri: "/c/{id}",
          parameterTypes: { id: "UUID" },
          queryParameters: { x: "UUID | undefined" },
        },
        d: {
          uri: "/d/{id}",
          parameterTypes: { id: "'a' | 'b'" },
          queryParameters: { x: "'a' | \"b\"" },
        },
        e: {
          uri: "/e/{id}",
          parameterTypes: { id: "{\n a: string;\n}" },
          queryParameters: { x: "{\n a: string;\n}" },
        },
        f: {
          uri: "/f/{id}",
          parameterTypes: { id: "Foo<Bar>[]" },
          queryParameters: { x: "Foo<Bar>[]" },
        },
        g: {
          uri: "/g/{id}",
          parameterTypes: { id: "import('x').Y" },
          queryParameters: { x: "import('x').Y" },
        },
        h: {
          uri: "/h",
          queryParameters: {
            x: "(string | number)[] | undefined",
            y: "Record<string, number>",
            z: "[string, number]",
          },
        },
      }),
    },
  },
  "20": {
    input: {
      pages: PAGES({
        "Settings/profile": { tsType: "string" },
        'a"b': {},
        ["__proto__"]: {},
        "Users::Index": { route: "/*/PWN()" },
      }),
    },
  },
  "21": {
    input: {
      pages: PAGES({}, {
        "csrf-token": { type: "string", optional: true },
        auth: { type: "AuthData", optional: true },
      }),
    },
  },
  "22": {
    input: {
      routes: {
        routes: [{
          name: "a",
          path: ["/a"],
          methods: ["GET"],
          source: "C:\\u0041\\new */PWN()\nPWN()",
        }],
      },
    },
    options: { header: "*/PWN()\nPWN() \u2028 @jsx PWN", groupFiles: true },
  },
  "23": { input: { routes: litestar({ "users.show": "/users/{user_id:int}" }) } },
  "24": {
    input: {
      routes: litestar(
        Object.fromEntries(
          [
            "str",
            "int",
            "float",
            "uuid",
            "decimal",
            "date",
            "datetime",
            "time",
            "timedelta",
            "path",
          ].map((each) => [each, `/${each}/{x:${each}}`]),
        ),
      ),
    },
  },
  "25": { input: { routes: litestar({ file: "/files/{p:path}" }) } },
  "26": {
    input: {
      routes: litestar({
        file: { uri: "/files/{file_path}", parameterTypes: { file_path: "URI" } },
        static: { uri: "/static/{file_path}", parameterTypes: { file_path: "any" } },
      }),
    },
  },
  "26b": {
    input: { routes: litestar({ file: { uri: "/files/{p}", parameterTypes: { p: "URI" } } }, {}) },
  },
  "27": {
    input: {
      routes: litestar({ u: { uri: "/u/{user_id:uuid}", parameterTypes: { user_id: "uuid" } } }),
    },
  },
  "27b": {
    input: {
      routes: litestar({ u: { uri: "/u/{user_id}", parameterTypes: { user_id: "UUID" } } }),
    },
  },
  "28": {
    input: {
      routes: litestar({
        slug: "/s/{id:slug}",
        a: "/a/{",
        b: "/b/}",
        c: "/c/{}",
        d: "/d/{{x}}",
        e: "/e/{x",
      }),
    },
  },
  "29": {
    input: {
      openapi: openapi({
        "get /{name}-{version}.zip": {},
        "get /r/{from}...{to}": path(["from", { type: "integer" }], ["to", { type: "integer" }]),
        "get /x/{id}{ext}": path(["id", { type: "integer" }], ["ext", { type: "string" }]),
      }),
    },
  },
  "30": { input: { openapi: openapi({ "get /{loc}/x/{loc}": { operationId: "twice" } }) } },
  "31": {
    input: {
      openapi: openapi({
        "get /{resource-arn}/{user.id}/{$filter}/{ns:name}/{123}/{名}": { operationId: "odd" },
      }),
    },
  },
  "32": {
    input: {
      routes: ziggy({
        home: { uri: "/", methods: ["GET", "HEAD"] },
        "posts.show": {
          uri: "posts/{post?}",
          methods: ["GET", "HEAD"],
          domain: "{team}.x.test",
          wheres: { post: "[0-9]+" },
          parameters: ["team", "post"],
          bindings: { post: "slug" },
        },
        localized: { uri: "{locale}/about", methods: ["GET"], wheres: [], bindings: [] },
        any: { uri: "any/{rest}", methods: ["GET"], wheres: { rest: ".*" } },
      }, { defaults: { locale: "en" } }),
    },
  },
  "33": {
    input: {
      routes: ziggy(Object.fromEntries(
        [
          "^\\d+$",
          "a|b",
          "(?i)x",
          "\\p{L}",
          "a++",
          "(a+)+$",
          "[a-z]{2,4}",
          "(x)(y)",
          "(?=a)b",
          "\\1",
          "(?<n>[ab])c",
        ].map((
          pattern,
          index,
        ) => [`w${index}`, { uri: `w${index}/{x}`, methods: ["GET"], wheres: { x: pattern } }]),
      )),
    },
  },
  "34": {
    input: {
      routes: litestar({
        a: "/users/{id}",
        b: "/users/me",
        c: "/a/{x}/c",
        d: "/a/b/{y}",
        e: "/{p:path}",
        f: "/t/{i:int}",
        g: "/t/{s}",
        h: "/q/{a}",
        i: "/q/{b}",
      }),
    },
  },
  "35": {
    input: {
      openapi: openapi({
        "get /#Action=X": { operationId: "hash" },
        "get /export?filename={filename}": {
          operationId: "export",
          ...path(["filename", { type: "string" }]),
        },
        "get /fixed?format=csv&b": { operationId: "fixed" },
        "get /docs('{key}')": { operationId: "quotes" },
        "post /v1/{name}:cancel": { operationId: "verb" },
        "get /$reset(a={a},b={b})*": { operationId: "odata" },
      }),
    },
  },
  "36": {
    input: {
      openapi: openapi({ "get /a/{x}": { operationId: "a", ...path(["y", { type: "string" }]) } }),
    },
  },
  "37": { input: { routes: litestar({ a: "/a/", b: "/b", c: "/c/{x}", home: "/" }) } },
  "37b": {
    input: { routes: litestar({ a: "/a/", b: "/b", c: "/c/{x}", home: "/" }) },
    options: { trailingSlash: "add" },
  },
  "37c": {
    input: { routes: litestar({ a: "/a/", b: "/b", c: "/c/{x}", home: "/" }) },
    options: { trailingSlash: "strip" },
  },
  "38": { input: { routes: litestar({ a: "/a/{a}/{b}" }) } },
  "39": { input: { routes: litestar({ u: "/u/{id}", me: "/users/me" }) } },
  "39b": { input: { routes: litestar({ u: "/u/{id}", home: "/" }) }, options: { base: "/v2" } },
  "41": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(
            ["tags", { type: "array", items: { type: "string" } }],
            ["csv", { type: "array", items: { type: "string" } }, { explode: false }],
            ["pipe", { type: "array", items: { type: "string" } }, {
              style: "pipeDelimited",
              explode: false,
            }],
            ["space", { type: "array", items: { type: "string" } }, {
              style: "spaceDelimited",
              explode: false,
            }],
          ),
        },
      }),
    },
  },
  "41b": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(["tags", { type: "array", items: { type: "string" } }]),
        },
      }),
    },
    options: { lists: "brackets" },
  },
  "41c": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(["tags", { type: "array", items: { type: "string" } }]),
        },
      }),
    },
    options: { lists: "indices" },
  },
  "42": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(
            ["f", { type: "object" }, { style: "deepObject", explode: true }],
            ["expand", { type: "array", items: { type: "string" } }, {
              style: "deepObject",
              explode: true,
            }],
            ["flat", {
              type: "object",
              properties: { a: { type: "integer" }, b: { type: "integer" } },
            }],
          ),
        },
      }),
    },
  },
  "43": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(["filter", undefined, {
            content: {
              "application/json": {
                schema: { type: "object", properties: { x: { type: "integer" } } },
              },
            },
          }]),
        },
      }),
    },
  },
  "44": { input: { routes: litestar({ a: "/a" }) } },
  "44b": {
    input: { routes: litestar({ a: "/a" }) },
    options: { nulls: "empty", booleans: "number" },
  },
  "45": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(
            ...["page[size]", "filter.name", "X-Y", "$top", "a b", "page-size", "class"].map((
              name,
            ) => [name, { type: "integer" }] as const),
          ),
        },
      }),
    },
  },
  "46": {
    input: {
      openapi: openapi({
        "get /a/{id}": {
          operationId: "a",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }, {
            name: "id",
            in: "query",
            required: true,
            schema: { type: "string" },
          }],
        },
      }),
    },
  },
  "47": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(["_query", { type: "string" }], ["_hash", { type: "string" }], ["method", {
            type: "string",
          }]),
        },
      }),
    },
  },
  "48": {
    input: {
      openapi: openapi({
        "get /required": {
          operationId: "required",
          ...query(["q", { type: "string" }, { required: true }], ["page", { type: "integer" }]),
        },
        "get /optional": { operationId: "optional", ...query(["page", { type: "integer" }]) },
        "get /users/{id}": { operationId: "user", ...path(["id", { type: "integer" }]) },
      }),
    },
  },
  "49": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(
            ["sort", { type: "string", enum: ["asc", "desc"] }],
            ["level", { type: "integer", enum: [1, 2, -3] }],
            ["mixed", { enum: ["a", 1, true] }],
            ["nullable", { type: ["string", "null"], enum: ["x", null] }],
            ["quoted", { type: "string", enum: ['a"b', "c\nd", "*/PWN()", "`${PWN()}`"] }],
            ["many", {
              type: "string",
              enum: Array.from({ length: 500 }, (_, index) => `v${index}`),
            }],
            ["none", { type: "string", enum: [] }],
            ["fixed", { const: "only" }],
          ),
        },
      }),
    },
  },
  "50": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          parameters: [
            { name: "r", in: "query", allowReserved: true, schema: { type: "string" } },
            { name: "X-H", in: "header", required: true, schema: { type: "string" } },
            { name: "c", in: "cookie", required: true, schema: { type: "string" } },
          ],
        },
      }),
    },
  },
  "51": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(
            ["empty", { type: "string" }, { required: true, allowEmptyValue: true }],
            ["size", { type: "integer", default: 20 }, { required: true }],
            ["old", { type: "string", default: "*/PWN()/*" }, { deprecated: true }],
          ),
        },
      }),
    },
  },
  "52": {
    input: {
      openapi: openapi({ "get /admin/realms/{realm}": {}, "delete /admin/realms/{realm}": {} }),
    },
    options: { groupFiles: true },
  },
  "52b": {
    input: {
      openapi: openapi({
        "get /admin/realms/{realm}": {},
        "delete /admin/realms/{realm}": {},
        "get /other": {},
      }),
    },
  },
  "53": {
    input: {
      openapi: openapi(
        Object.fromEntries(
          ["a/b", "a.b", "A::B", "a b", "a'b\"", "ünï"].map((
            operationId,
            index,
          ) => [`get /${index}`, { operationId }]),
        ),
      ),
    },
    options: { groupFiles: true },
  },
  "53b": {
    input: {
      openapi: openapi(
        Object.fromEntries(
          ["a/b", "a.b", "A::B", "usersShow"].map((
            operationId,
            index,
          ) => [`get /${index}`, { operationId }]),
        ),
      ),
    },
    options: { naming: "camel" },
  },
  "53c": {
    input: {
      openapi: openapi(
        Object.fromEntries(
          ["usersShow", "users_list"].map((
            operationId,
            index,
          ) => [`get /${index}`, { operationId }]),
        ),
      ),
    },
    options: { naming: "dots" },
  },
  "54": {
    input: {
      openapi: JSON.stringify({
        openapi: "3.1.0",
        paths: {
          "/users/{id}": {
            parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }, {
              name: "q",
              in: "query",
              schema: { type: "integer" },
            }],
            get: {
              operationId: "show",
              parameters: [{ name: "q", in: "query", schema: { type: "boolean" } }, {
                $ref: "#/components/parameters/Page",
              }],
            },
          },
          "/other/{id}": { $ref: "#/components/pathItems/Other" },
          "/third/{id}": {
            get: {
              operationId: "third",
              parameters: [{ $ref: "#/paths/~1users~1%7Bid%7D/parameters/0" }, {
                $ref: "other.yaml#/X",
              }, { $ref: "#/nowhere" }],
            },
          },
        },
        components: {
          parameters: {
            Page: { $ref: "#/components/parameters/RealPage" },
            RealPage: { name: "page", in: "query", schema: { $ref: "#/components/schemas/Page" } },
          },
          schemas: { Page: { $ref: "#/components/schemas/Int" }, Int: { type: "integer" } },
          pathItems: {
            Other: {
              get: {
                operationId: "other",
                parameters: [{
                  name: "id",
                  in: "path",
                  required: true,
                  schema: { type: "string", format: "uuid" },
                }],
              },
            },
          },
        },
      }),
    },
  },
  "55": {
    input: {
      openapi: JSON.stringify({
        openapi: "3.1.0",
        paths: {
          "/a": {
            get: {
              operationId: "a",
              parameters: [
                ...["Self", "Mutual", "List", "All", "Tree", "Chain0"].map((name) => ({
                  name,
                  in: "query",
                  schema: { $ref: `#/components/schemas/${name}` },
                })),
                { $ref: "#/components/parameters/Me" },
              ],
              responses: {
                200: json({ $ref: "#/components/schemas/Tree" }),
                201: json({ $ref: "#/components/schemas/Self" }),
                202: json({ $ref: "#/components/schemas/All" }),
                203: json({ $ref: "#/components/schemas/Mutual" }),
              },
            },
          },
        },
        components: {
          parameters: { Me: { $ref: "#/components/parameters/Me" } },
          schemas: {
            Self: { $ref: "#/components/schemas/Self" },
            Mutual: { $ref: "#/components/schemas/Lautum" },
            Lautum: { $ref: "#/components/schemas/Mutual" },
            List: { type: "array", items: { $ref: "#/components/schemas/List" } },
            All: {
              allOf: [{ $ref: "#/components/schemas/All" }, {
                type: "object",
                properties: { a: { type: "string" } },
              }],
            },
            Tree: {
              type: "object",
              properties: {
                children: { type: "array", items: { $ref: "#/components/schemas/Tree" } },
              },
            },
            ...Object.fromEntries(
              Array.from({ length: 10_000 }, (_, index) => [
                `Chain${index}`,
                index === 9_999
                  ? { type: "integer" }
                  : { $ref: `#/components/schemas/Chain${index + 1}` },
              ]),
            ),
          },
        },
      }),
    },
    options: { routeTypes: true },
  },
  "56": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          ...query(
            ["a", { type: "string", nullable: true }],
            ["b", { nullable: true, allOf: [{ $ref: "#/components/schemas/S" }] }],
            ["c", { type: ["string", "null"] }],
            ["d", { oneOf: [{ type: "integer" }, { type: "null" }] }],
            ["e", { const: null }],
            ["f", { enum: [null] }],
          ),
          responses: {
            200: json({
              type: "object",
              properties: {
                x: { type: ["string", "null"] },
                y: { type: "integer", nullable: true },
              },
            }),
          },
        },
      }, { components: { schemas: { S: { type: "string" } } } }),
    },
    options: { routeTypes: true },
  },
  "57": {
    input: {
      openapi: openapi({
        "get /a/{id}": {
          operationId: "a",
          parameters: [
            {
              name: "id",
              in: "path",
              required: true,
              schema: { type: "integer", format: "int64" },
            },
            ...([["union", { type: ["integer", "string"] }], ["yes", true], ["no", false], [
              "any",
              {},
            ], ["big", { type: "integer", format: "int64" }]] as const).map(([name, schema]) => ({
              name,
              in: "query",
              schema,
            })),
            { name: "bare", in: "query" },
          ],
        },
      }),
    },
  },
  ...Object.fromEntries(
    ([["58", undefined], ["58b", "/api/v1/"], ["58c", "https://h.test/base"], [
      "58d",
      "https://{region}.h.test/{v}",
    ], ["58e", "../v2"]] as const).map(([key, url]): [string, Case] => [
      key,
      {
        input: {
          openapi: openapi(
            { "get /a": { operationId: "a" } },
            url === undefined ? {} : {
              servers: [{
                url,
                variables: {
                  region: { default: "eu", enum: ["eu", "us"] },
                  v: { default: "v3" },
                },
              }, { url: "/second" }],
            },
          ),
        },
      },
    ]),
  ),
  "58f": {
    input: {
      openapi: openapi({ "get /a": { operationId: "a" } }, {
        servers: [{
          url: "https://{region}.h.test/{v}",
          variables: { region: { default: "eu" }, v: { default: "v3" } },
        }],
      }),
    },
    options: { base: "server" },
  },
  "58g": {
    input: {
      openapi: openapi({ "get /a": { operationId: "a", servers: [{ url: "/op" }] } }, {
        servers: [{ url: "/doc" }],
      }),
    },
  },
  "59": {
    input: {
      openapi: JSON.stringify({
        openapi: "3.2.0",
        paths: {
          "/a": {
            ...Object.fromEntries(
              ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"].map((
                method,
              ) => [method, { operationId: method }]),
            ),
            additionalOperations: {
              COPY: { operationId: "copy" },
              "bad method": { operationId: "bad" },
            },
            "x-thing": { operationId: "x" },
            summary: "s",
            description: "d",
            servers: [],
          },
        },
      }),
    },
  },
  "60": {
    input: {
      openapi: openapi({
        "get /users": {
          operationId: "list",
          responses: { 200: json({ type: "array", items: { $ref: "#/components/schemas/User" } }) },
        },
        "post /users": {
          operationId: "create",
          requestBody: {
            required: true,
            ...json({
              type: "object",
              properties: { name: { type: "string" } },
              required: ["name"],
            }),
          },
          responses: { 201: json({ $ref: "#/components/schemas/User" }) },
        },
      }, {
        components: {
          schemas: {
            User: {
              type: "object",
              description: "*/PWN()/*",
              required: ["id"],
              properties: {
                id: { type: "integer" },
                "o'k": { type: "string", deprecated: true, description: "*/PWN()" },
              },
            },
          },
        },
      }),
    },
    options: { routeTypes: true },
  },
  "61": {
    input: {
      openapi: openapi(Object.fromEntries(
        Object.entries({
          none: undefined,
          optional: json({ type: "string" }),
          multipart: {
            content: {
              "multipart/form-data": {
                schema: {
                  type: "object",
                  properties: {
                    file: { type: "string", format: "binary" },
                    files: { type: "array", items: { type: "string", format: "binary" } },
                  },
                },
              },
            },
          },
          form: {
            content: {
              "application/x-www-form-urlencoded": {
                schema: { type: "object", properties: { a: { type: "string" } } },
              },
            },
          },
          bytes: { content: { "application/octet-stream": {} } },
          text: { content: { "text/plain": { schema: { type: "string" } } } },
          two: {
            content: { "text/plain": {}, "application/json": { schema: { type: "integer" } } },
          },
          vnd: { content: { "application/vnd.api+json": { schema: { type: "boolean" } } } },
          any: { content: { "*/*": { schema: { type: "number" } } } },
        }).map((
          [operationId, requestBody],
        ) => [`post /${operationId}`, {
          operationId,
          ...requestBody === undefined ? {} : { requestBody },
        }]),
      )),
    },
    options: { routeTypes: true },
  },
  "62": {
    input: {
      openapi: openapi(
        Object.fromEntries(
          Object.entries({
            onlyDefault: { default: json({ type: "string" }) },
            range: { "2XX": json({ type: "integer" }), 404: json({ type: "string" }) },
            noContent: { 204: { description: "" } },
            stream: { 200: { content: { "text/event-stream": { schema: { type: "string" } } } } },
            ref: { 200: { $ref: "#/components/responses/R" } },
            nothing: undefined,
          }).map((
            [operationId, responses],
          ) => [`get /${operationId}`, {
            operationId,
            ...responses === undefined ? {} : { responses },
          }]),
        ),
        { components: { responses: { R: json({ type: "boolean" }) } } },
      ),
    },
    options: { routeTypes: true },
  },
  "63": {
    input: {
      openapi: JSON.stringify({
        swagger: "2.0",
        basePath: "/api/v1/",
        host: "h.test",
        paths: {
          "/users/{id}": {
            get: {
              operationId: "show",
              parameters: [
                { name: "id", in: "path", required: true, type: "integer" },
                ...["multi", "csv", "pipes", "ssv", "tsv"].map((collectionFormat) => ({
                  name: collectionFormat,
                  in: "query",
                  type: "array",
                  items: { type: "string" },
                  collectionFormat,
                })),
                { name: "plain", in: "query", type: "array", items: { type: "integer" } },
              ],
              responses: { 200: { description: "", schema: { $ref: "#/definitions/User" } } },
            },
            post: {
              operationId: "form",
              consumes: ["multipart/form-data"],
              parameters: [{ name: "id", in: "path", required: true, type: "string" }, {
                name: "file",
                in: "formData",
                type: "file",
                required: true,
              }, { name: "note", in: "formData", type: "string" }],
            },
            put: {
              operationId: "put",
              parameters: [{ name: "id", in: "path", required: true, type: "string" }, {
                name: "body",
                in: "body",
                required: true,
                schema: { $ref: "#/definitions/User" },
              }],
            },
          },
        },
        definitions: { User: { type: "object", properties: { id: { type: "integer" } } } },
      }),
    },
    options: { routeTypes: true },
  },
  "64": {
    input: { openapi: JSON.stringify({ openapi: "3.1.0", webhooks: { a: { post: {} } } }) },
    options: { groupFiles: true, routeTypes: true },
  },
  "64b": { input: { openapi: JSON.stringify({ openapi: "3.1.0", paths: null }) } },
  "64c": {
    input: {
      openapi:
        "\ufeffopenapi: 3.1.0\npaths:\n  /users/{id}:\n    get:\n      operationId: show\n      parameters:\n        - { name: id, in: path, required: true, schema: { type: integer } }\n",
    },
  },
  "65": {
    input: {
      openapi: openapi({
        "get /a": {
          operationId: "a",
          responses: { 200: json({ $ref: "#/components/schemas/Pet" }) },
        },
      }, {
        components: {
          schemas: {
            Pet: {
              oneOf: [{ $ref: "#/components/schemas/Cat" }, { $ref: "#/components/schemas/Dog" }],
              discriminator: { propertyName: "kind" },
            },
            Cat: {
              allOf: [{ $ref: "#/components/schemas/Base" }, {
                type: "object",
                properties: { kind: { const: "cat" } },
                required: ["kind"],
              }],
              description: "sibling",
            },
            Dog: {
              type: "object",
              properties: {
                kind: { const: "dog" },
                not: { not: { type: "string" } },
                pair: {
                  type: "array",
                  prefixItems: [{ type: "string" }, { type: "integer" }],
                  items: false,
                },
              },
              patternProperties: { "^x-": {} },
              additionalProperties: false,
            },
            Base: {
              type: "object",
              properties: {
                name: { type: "string" },
                parent: { $ref: "#/components/schemas/Pet" },
              },
              additionalProperties: { type: "number" },
            },
            "Map": { type: "object", properties: { a: { type: "string" } } },
          },
        },
      }),
    },
    options: { routeTypes: true },
  },
  "66": {
    input: {
      routes: litestar({
        "users.show": {
          uri: "/users/{user_id}",
          method: "get",
          parameterTypes: { user_id: "number" },
          queryParameters: { tab: "string | undefined" },
        },
        file: { uri: "/files/{p}", method: "get", parameterTypes: { p: "URI" } },
        page: { uri: "/page", method: "get", component: "Page" },
        odd: { uri: "/odd/{x}", method: "get", parameterTypes: { x: "UUID" } },
      }),
      openapi: openapi({
        "get /users/{id}": {
          operationId: "X",
          summary: "One user",
          parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }, {
            name: "tab",
            in: "query",
            schema: { enum: ["a", "b"] },
          }],
        },
        "get /files/{p}": { operationId: "F", ...path(["p", { type: "string", format: "uri" }]) },
        "post /more": { operationId: "M" },
        "get /odd/{x}": { operationId: "O", ...path(["x", { type: "integer" }]) },
      }),
    },
  },
  "67": {
    input: { routes: litestar(uris(["users.show", "users.delete", "a.b(c", "admin.x"])) },
    options: { only: ["users.*", "!users.delete"] },
  },
  "68": { input: { routes: litestar({}) }, options: { groupFiles: true, globalRoute: true } },
  "68b": {
    input: { routes: litestar({ one: "/one/{x}" }) },
    options: { groupFiles: true, nulls: "skip" },
  },
  "68c": { input: { routes: many(100) }, options: { groupFiles: true } },
  "68d": { input: { routes: many(10_000) } },
  "69": {
    input: { routes: litestar({ "users.show": "/users/{id:int}", "users(me": "/me", home: "/" }) },
  },
  "73": {
    input: {
      routes: litestar({
        "a.one": "/one",
        "a.two": "/two",
        "a.three": "/three",
        "a.four": "/four/{x}",
        "a.five": "/five",
      }),
    },
    options: { groupFiles: true },
  },
} satisfies { readonly [key: string]: Case };

/** The input of a case. */
export function caseOf(key: keyof typeof CASES | (string & Record<never, never>)): Case {
  const found = (CASES as { readonly [key: string]: Case })[key];
  if (found === undefined) throw new Error(`Cannot find the case "${key}"`);
  return found;
}
