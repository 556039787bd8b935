/**
 * What compiles, and what does not: each `@ts-expect-error` stands over exactly one error, with three compilers and Deno.
 */
import { equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { createProject, type Project, repositoryRoot } from "../_support/project.ts";
import { denoCommand } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";

const SERVER = `import { defineRoutes, type PagesOf } from "@lv/sidecar/routes";
import * as v from "valibot";
import { z } from "zod";

const User = z.object({ id: z.number(), name: z.string(), born: z.date() });

export const routes = defineRoutes({
  home: { path: "/", component: "Home" },
  users: {
    prefix: "/users",
    tags: ["users"],
    routes: {
      index: {
        path: "/",
        query: z.object({ page: z.number().default(1), q: z.string(), min: z.coerce.number().optional() }),
        response: z.array(User),
      },
      show: { path: "/{id:int}", response: User, component: "Users/Show" },
      store: { method: "POST", path: "/", body: v.object({ name: v.string() }), response: User },
      posts: { prefix: "/{user:uuid}/posts", routes: { show: { path: "/{at:datetime}/{slug}" } } },
    },
  },
  file: { path: "/files/{rest:path}" },
  long: { path: "/wait/{time:timedelta}", params: z.object({ time: z.number() }).transform(({ time }) => ({ ms: time * 1000 })) },
});

const user = { id: 1, name: "Ada", born: new Date(0) };

export const app = routes.serve({
  home: ({ body, query, context }) => {
    const nothing: undefined = body;
    const some: unknown = [query["any"], context];
    return new Response(String(nothing ?? some));
  },
  "users.index": ({ query }) => {
    const page: number = query.page;
    const q: string = query.q;
    // @ts-expect-error: the schema has no such field.
    void query.nope;
    return [{ ...user, id: page, name: q }];
  },
  "users.show": async ({ params, request, signal }) => {
    const id: number = params.id;
    // @ts-expect-error: it is a number.
    const text: string = params.id;
    void [text, request.url, signal.aborted];
    return await Promise.resolve({ ...user, id });
  },
  "users.store": ({ body }) => {
    // @ts-expect-error: the schema has no such field.
    void body.age;
    return body.name === "" ? new Response(null, { status: 409 }) : { ...user, name: body.name };
  },
  "users.posts.show": ({ params: { user, at, slug } }) => {
    const texts: readonly string[] = [user, at, slug];
    return { texts };
  },
  file: ({ params }) => {
    // @ts-expect-error: the path has no such parameter.
    void params.id;
    const rest: string = params.rest;
    return rest;
  },
  long: ({ params }) => {
    const ms: number = params.ms;
    return ms;
  },
});

// @ts-expect-error: a handler is missing.
routes.serve({ home: () => 1 });

const two = defineRoutes({ a: { path: "/a", response: User }, b: { path: "/b" } });
// @ts-expect-error: it is not what the route sends.
two.serve({ a: () => ({ id: "1" }), b: () => 1 });
// @ts-expect-error: nor later.
two.serve({ a: () => Promise.resolve("x"), b: () => 1 });
// @ts-expect-error: there is no such route.
two.serve({ a: () => user, b: () => 1, c: () => 1 });
two.serve<{ readonly ip: string }>({ a: () => user, b: ({ context }) => context.ip });

// @ts-expect-error: no slash.
defineRoutes({ a: { path: "a" } });
// @ts-expect-error: no such converter.
defineRoutes({ a: { path: "/a/{id:slug}" } });
// @ts-expect-error: nor in a prefix.
defineRoutes({ g: { prefix: "/a/{id:slug}", routes: { a: { path: "/a" } } } });
// @ts-expect-error: no such method.
defineRoutes({ a: { path: "/a", method: "get" } });
// @ts-expect-error: no such field.
defineRoutes({ a: { path: "/a", respnose: User } });
// @ts-expect-error: nor in a group.
defineRoutes({ g: { routes: { a: { path: "/a", page: "A" } } } });
// @ts-expect-error: no validator.
defineRoutes({ a: { path: "/a", query: { page: Number } } });

export type Pages = PagesOf<typeof routes>;
export const show: Pages["Users/Show"] = user;
export const names: (keyof Pages)[] = ["Home", "Users/Show"];
// @ts-expect-error: no such component.
export const wrong: keyof Pages = "Users/Index";

const keyed = defineRoutes({ a: { path: "/a", page: "A", response: User } }, { componentKeys: ["page"] });
export const page: PagesOf<typeof keyed>["A"] = user;
export const url: string = routes.route("users.show", { id: 7 });
export const found: "home" | "users.index" | "users.show" | "users.store" | "users.posts.show" | "file" | "long" | undefined =
  routes.match("GET", "/")?.name;
export default app;
`;

const CLIENT =
  `import { createClientRoutes, type InferRoutes, type RouteBody, type RouteResponse } from "@lv/sidecar/routes/client";
import type app from "./server.ts";
import type { routes } from "./server.ts";

type Routes = InferRoutes<typeof routes>;
const { route, router } = { route: createClientRoutes<Routes>().route, router: createClientRoutes<InferRoutes<typeof app>>() };

export const urls: string[] = [
  route("home"),
  route("home", { _hash: "top" }),
  route("users.show", { id: 7, _query: { tab: ["posts"] } }, { absolute: true }),
  route("users.show", { id: "7" }),
  route("users.index", { q: "a" }),
  route("users.index", { q: "a", page: 2, min: "3" }),
  route("users.posts.show", { user: "u", at: new Date(0), slug: 1 }),
  route("file", { rest: ["a", "b"] }),
  router.route("users.show", { id: 7 }),
];
export const name: keyof Routes | undefined = router.current();
export const body: RouteBody<Routes, "users.store"> = { name: "Ada" };
// A date is a text on this side.
export const user: RouteResponse<Routes, "users.show"> = { id: 1, name: "Ada", born: "1815-12-10T00:00:00Z" };
export const users: RouteResponse<Routes, "users.index"> = [user];

// What hands a name and its parameters on.
export function link<Name extends keyof Routes>(name: Name, params: Routes[Name]["params"]): string {
  return route(name, params);
}
export const linked: string[] = [link("users.show", { id: 7 })];
// @ts-expect-error: a wrong key.
link("users.show", { idd: 7 });
// @ts-expect-error: the parameters are missing.
route("users.show");
// @ts-expect-error: a parameter is missing.
route("users.show", {});
// @ts-expect-error: a wrong type.
route("users.show", { id: true });
// @ts-expect-error: a wrong key.
route("users.show", { id: 7, idd: 7 });
// @ts-expect-error: a wrong name.
route("users");
// @ts-expect-error: a required part of the query is missing.
route("users.index", { page: 1 });
// @ts-expect-error: a wrong type in the query.
route("users.index", { q: "a", page: "1" });
// @ts-expect-error: a part of a path.
route("users.posts.show", { user: "u", slug: "s" });
// @ts-expect-error: a wrong body.
export const noBody: RouteBody<Routes, "users.store"> = {};
// @ts-expect-error: no date comes out of JSON.
export const noUser: RouteResponse<Routes, "users.show"> = { id: 1, name: "Ada", born: new Date(0) };
`;

const COMPILER_OPTIONS = {
  ...{ target: "esnext", module: "esnext", moduleResolution: "bundler", noEmit: true },
  ...{ allowImportingTsExtensions: true, skipLibCheck: true, types: [], strict: true },
  ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  ...{ verbatimModuleSyntax: true, noUnusedLocals: true, noImplicitOverride: true },
  lib: ["esnext", "dom", "dom.iterable"],
  paths: {
    "@lv/sidecar/routes": [join(repositoryRoot, "routes/mod.ts")],
    "@lv/sidecar/routes/client": [join(repositoryRoot, "routes/client.ts")],
  },
};

async function createTypeProject(files: Readonly<Record<string, string>>): Promise<Project> {
  return await createProject("route-types", {
    ...files,
    "tsconfig.json": JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["*.ts"] }),
  });
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    const env = { ...process.env, NO_COLOR: "1" };
    await promisify(execFile)(command, [...args], { cwd, env });
    return "";
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string }; // of execFile
    return `${stdout}${stderr}`;
  }
}

test("a table, its handlers and its front end compile on TypeScript 5.9, 6 and 7, and in Deno", async () => {
  const project = await createTypeProject({ "server.ts": SERVER, "client.ts": CLIENT });
  try {
    for (const compiler of ["typescript59", "typescript6", "typescript7"]) {
      const tsc = join(repositoryRoot, "node_modules", compiler, "bin", "tsc");
      equal(await run("node", [tsc, "-p", "."], project.root), "", compiler);
    }
    equal(await run(denoCommand, ["check", "--quiet", "server.ts", "client.ts"], project.root), "");
  } finally {
    await project.remove();
  }
});

/** Routes of four kinds, a handler for each, and calls of a front end. */
function largeTable(count: number): Readonly<Record<string, string>> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const kinds = [
    [`query: Query, response: z.array(User)`, `({ query }) => [{ id: query.page ?? 1 }]`],
    [`method: "POST", body: User, response: User`, `({ body }) => body`],
    [`response: User`, `({ params }) => ({ id: params.ID })`],
    [`method: "PUT", component: "C"`, `({ params }) => params.ID`],
  ] as const;
  const place = (index: number) => index % 4 < 2 ? "" : `/{r${index % 40}_id:int}`;
  const lines = indexes.map((index) =>
    `  "g${index}.show": { path: "/g${index}${place(index)}", ${kinds[index % 4]?.[0]} },`
  );
  const handlers = indexes.map((index) =>
    `  "g${index}.show": ${kinds[index % 4]?.[1].replace("ID", `r${index % 40}_id`)},`
  );
  const calls = indexes.map((index) =>
    `export const u${index}: string = route("g${index}.show", {${
      index % 4 < 2 ? "" : ` r${index % 40}_id: 7 `
    }});`
  );
  return {
    "server.ts": `import { defineRoutes } from "@lv/sidecar/routes";
import { z } from "zod";
const User = z.object({ id: z.number() });
const Query = z.object({ page: z.number().optional() });
export const routes = defineRoutes({
${lines.join("\n")}
});
export const app = routes.serve({
${handlers.join("\n")}
});
`,
    "client.ts": `import { createClientRoutes, type InferRoutes } from "@lv/sidecar/routes/client";
import type { routes } from "./server.ts";
const { route } = createClientRoutes<InferRoutes<typeof routes>>();
${calls.join("\n")}
`,
  };
}

/** How many types a compiler makes of generics: its work, without the noise of a clock. */
async function instantiations(count: number): Promise<number> {
  const project = await createTypeProject(largeTable(count));
  try {
    const tsc = join(repositoryRoot, "node_modules/typescript7/bin/tsc");
    const args = [tsc, "-p", ".", "--extendedDiagnostics", "--singleThreaded"];
    const { stdout } = await promisify(execFile)("node", args, { cwd: project.root });
    return Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
  } finally {
    await project.remove();
  }
}

test("a route costs a compiler the same among 1,000 as among 200", async () => {
  const [none, few, many] = [
    await instantiations(4),
    await instantiations(200),
    await instantiations(1_000),
  ];
  const [ofFew, ofMany] = [(few - none) / 200, (many - none) / 1_000];
  ok(ofMany < 500 && ofMany <= ofFew * 1.3, `${ofFew} and ${ofMany} for each route`);
});
