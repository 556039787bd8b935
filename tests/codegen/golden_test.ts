/**
 * What is generated, to be read: `tests/golden/codegen/`. `UPDATE_GOLDEN=1` writes it anew.
 *
 * The input has one of everything that an application has; the odd things are in the cases next door.
 */
import { deepEqual, equal } from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { repositoryRoot } from "../_support/project.ts";
import { test } from "../_support/test.ts";
import { litestar, openapi, sound } from "./_support/sound.ts";

const GOLDEN = join(repositoryRoot, "tests/golden/codegen");

const ROUTES = litestar({
  home: { uri: "/", method: "get", component: "Home" },
  "users.index": {
    uri: "/users",
    method: "get",
    queryParameters: { page: "number | undefined", sort: "'name' | 'age' | undefined" },
  },
  "users.show": { uri: "/users/{user_id}", method: "get", parameterTypes: { user_id: "number" } },
  "users.store": { uri: "/users", method: "post", methods: ["POST"] },
  "files.show": { uri: "/files/{file_path:path}", method: "get" },
});

const OPENAPI = openapi({
  "get /users": {
    summary: "All users",
    description: "A page of them.\n\nSorted by name.",
    parameters: [
      { name: "page", in: "query", schema: { type: "integer", default: 1 } },
      { name: "sort", in: "query", schema: { enum: ["name", "age"] } },
      {
        name: "ids",
        in: "query",
        explode: false,
        schema: { type: "array", items: { type: "integer" } },
      },
    ],
    responses: {
      200: {
        content: {
          "application/json": {
            schema: { type: "array", items: { $ref: "#/components/schemas/User" } },
          },
        },
      },
    },
  },
  "get /users/{id}": {
    deprecated: true,
    parameters: [{ name: "id", in: "path", required: true, schema: { type: "integer" } }],
    responses: {
      200: { content: { "application/json": { schema: { $ref: "#/components/schemas/User" } } } },
    },
  },
  "post /users": {
    requestBody: {
      required: true,
      content: { "application/json": { schema: { $ref: "#/components/schemas/NewUser" } } },
    },
    responses: {
      201: { content: { "application/json": { schema: { $ref: "#/components/schemas/User" } } } },
    },
  },
}, {
  components: {
    schemas: {
      User: {
        description: "Somebody.",
        allOf: [{ $ref: "#/components/schemas/NewUser" }, {
          type: "object",
          required: ["id"],
          properties: { id: { type: "integer" } },
        }],
      },
      NewUser: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", description: "As people call them." },
          email: { type: ["string", "null"], format: "email" },
        },
      },
      HomeProps: {
        type: "object",
        required: ["users"],
        properties: { users: { type: "array", items: { $ref: "#/components/schemas/User" } } },
      },
    },
  },
});

const PAGES = JSON.stringify({
  pages: {
    Home: { route: "/", schemaRef: "#/components/schemas/HomeProps", wrapWithContent: true },
  },
  sharedProps: {
    auth: { type: "AuthData", optional: true },
    csrf_token: { type: "string", optional: true },
  },
  typeGenConfig: { includeDefaultAuth: true },
});

const generated = sound({
  input: {
    routes: ROUTES,
    openapi: OPENAPI,
    pages: PAGES,
    staticProps: JSON.stringify({ appName: "Demo" }),
  },
  options: { groupFiles: true, routeTypes: true, globalRoute: true, header: "From the example." },
});

// The run-time is a module of the source; a copy would say nothing.
const files = generated.files.filter(({ path }) => path !== "routes-runtime.ts");

if (process.env.UPDATE_GOLDEN === "1") {
  await rm(GOLDEN, { recursive: true, force: true });
  for (const { path, text } of files) {
    await mkdir(dirname(join(GOLDEN, path)), { recursive: true });
    await writeFile(join(GOLDEN, path), text);
  }
}

test("the golden files are these and no others", async () => {
  const entries = await readdir(GOLDEN, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name).sort();
  deepEqual(names, files.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)).sort());
});

for (const { path, text } of files) {
  test(`${path} is the golden one`, async () => {
    equal(text, (await readFile(join(GOLDEN, path), "utf8")).replaceAll("\r\n", "\n"));
  });
}
