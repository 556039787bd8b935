/** API types, schemas, an SDK and the types by route, under the strictest flags of three compilers and Deno's checks. */
import { deepEqual, equal } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { generate } from "../../codegen/mod.ts";
import { COMPILERS, runChecker, STRICTEST_OPTIONS } from "../_support/compilers.ts";
import { inFolder } from "../_support/folder.ts";
import { createProject, repositoryRoot } from "../_support/project.ts";
import { denoCommand } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";
import { soundApi, USERS } from "./_support/api.ts";

const DOCUMENTS = join(repositoryRoot, "tests/fixtures/openapi");

/** What is generated, by its path in a project. */
async function generated(document: unknown, cacheDir: string): Promise<Record<string, string>> {
  const { files, operationTypes } = await soundApi(document, cacheDir);
  const routes = generate(
    { openapi: JSON.stringify(document) },
    { routeTypes: true, groupFiles: true, ...operationTypes ? { operationTypes } : {} },
  );
  deepEqual(routes.diagnostics.filter(({ level }) => level === "error"), []);
  return Object.fromEntries([...files, ...routes.files].map(({ path, text }) => [path, text]));
}

const CALLS = `import type { RouteBody, RouteResponse } from "./route-types.ts";
import type { NewUser, User } from "./api/index.ts";
import { createUser, listUsers, showUser } from "./api/index.ts";
import { zUser } from "./api/zod.gen.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const isUser: Same<RouteResponse<"showUser">, User> = true;
export const isList: Same<RouteResponse<"listUsers">, User[]> = true;
export const isNewUser: Same<RouteBody<"createUser">, NewUser> = true;
export const isNothing: Same<RouteBody<"listUsers">, undefined> = true;
export const parsed: Pick<User, "id" | "name"> = zUser.parse({ id: 1, name: "a" });

export async function names(): Promise<readonly string[]> {
  const { data = [] } = await listUsers({ query: { page: 2 } });
  const { data: one } = await showUser({ path: { id: 1 } });
  await createUser({ body: { name: "b" } });
  return [...data.map((user) => user.name), ...one === undefined ? [] : [one.name]];
}

// @ts-expect-error: the name is missing.
export const body: RouteBody<"createUser"> = {};
// @ts-expect-error: no such route.
export type Wrong = RouteResponse<"users">;
// @ts-expect-error: an id is a number.
await showUser({ path: { id: "1" } });
// @ts-expect-error: the body is missing.
await createUser({});
`;

test("everything compiles, and responses and bodies by route are those of the API", async () => {
  await inFolder({}, async (folder) => {
    const files: Record<string, string> = {};
    const take = async (name: string, document: unknown): Promise<void> => {
      const all = await generated(document, folder.at("cache"));
      for (const [path, text] of Object.entries(all)) files[`${name}/${path}`] = text;
    };
    await take("users", USERS);
    for (const name of (await readdir(DOCUMENTS)).filter((each) => each.endsWith(".json"))) {
      await take(name.slice(0, -5), JSON.parse(await readFile(join(DOCUMENTS, name), "utf8")));
    }
    // Nobody's schemas of zod have types that are written out; see docs/api-types.md.
    const { isolatedDeclarations: _, ...flags } = STRICTEST_OPTIONS;
    const options = { ...flags, lib: ["es2022", "dom", "dom.iterable"], skipLibCheck: true };
    const project = await createProject("api", {
      ...files,
      "users/calls.ts": CALLS,
      "tsconfig.json": JSON.stringify({ compilerOptions: options, include: ["**/*.ts"] }),
      "package.json": JSON.stringify({ type: "module", dependencies: { zod: "^4.0.0" } }),
      "deno.json": JSON.stringify({ compilerOptions: { strict: true, noUnusedLocals: true } }),
    });
    try {
      for (const compiler of COMPILERS) {
        const tsc = join(repositoryRoot, "node_modules", compiler, "bin", "tsc");
        equal(await runChecker("node", [tsc, "-p", "."], project.root), "", compiler);
      }
      equal(await runChecker(denoCommand, ["check", "--quiet", "."], project.root), "");
      equal(await runChecker(denoCommand, ["lint", "--quiet", "."], project.root), "");
    } finally {
      await project.remove();
    }
  });
});

test("types by route are those of the API where it has them, and our own elsewhere", async () => {
  await inFolder({}, async ({ path }) => {
    const { operationTypes } = await soundApi(USERS, path);
    const own = {
      name: "own",
      path: ["/own"],
      methods: ["POST"],
      body: { type: { kind: "ref", name: "Own" } },
    } as const;
    const known = { name: "users.show", path: ["/users/", ID], methods: ["GET"] } as const;
    const table = {
      routes: [own, known],
      types: [{ name: "Own", type: { kind: "string" } }, {
        name: "Unused",
        type: { kind: "null" },
      }],
    } as const;
    const { files } = generate(
      { routes: table, openapi: JSON.stringify(USERS) },
      { routeTypes: true, ...operationTypes ? { operationTypes } : {} },
    );
    const text = files.find((file) => file.path === "route-types.ts")?.text ?? "";
    deepEqual(
      text.split("\n").filter((line) => /^import|^export type \w+ =|^ {2}readonly/.test(line)),
      [
        'import type * as operations from "./api/types.gen.ts";',
        'import type { RouteName } from "./routes.ts";',
        "export type Own = string;",
        '  readonly "own": Own;',
        '  readonly "users.show": operations.ShowUserResponse;',
      ],
    );
  });
});

const ID = { kind: "parameter", name: "id", converter: "int", isOptional: false } as const;

test("generate() takes no name of a type that is none", () => {
  const operation = { path: "/users/{id}", method: "get", response: "X; PWN()", data: "Data" };
  const { files } = generate({ openapi: JSON.stringify(USERS) }, {
    routeTypes: true,
    operationTypes: { from: "./x.ts", operations: [operation] },
  });
  const text = files.find((file) => file.path === "route-types.ts")?.text ?? "";
  equal(text.includes("PWN"), false);
  equal(text.includes('"showUser": User;'), true);
});
