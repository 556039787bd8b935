/**
 * Everything that the cases generate, under the strictest flags of three compilers, and Deno's own checks.
 *
 * `calls.ts` is the specification of the types: each `@ts-expect-error` stands over exactly one error.
 */
import { equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { COMPILERS, runChecker, STRICTEST_OPTIONS } from "../_support/compilers.ts";
import { createProject, type Project, repositoryRoot } from "../_support/project.ts";
import { denoCommand } from "../_support/runtimes.ts";
import { test } from "../_support/test.ts";
import { generate } from "../../codegen/mod.ts";
import { caseOf, CASES } from "./_support/cases.ts";
import { litestar, sound } from "./_support/sound.ts";

const CALLS = `import { route, router, type RouteName } from "./routes.ts";
import type { RouteArgs, RouteMethods, RouteParams } from "./routes.ts";

export const urls: string[] = [
  route("user", { id: 7 }),
  route("user", { id: "7", _query: { tab: ["a"], deep: { x: 1 } }, _hash: "top" }, { absolute: true }),
  route("required", { q: "x" }),
  route("required", { q: "x", page: 2 }),
  route("required", { q: "x", page: undefined }),
  route("optional"),
  route("optional", {}),
  route("optional", { page: 1 }),
];
export const name: RouteName | undefined = router.current();
export const found: RouteName | undefined = router.match("/users/7")?.name;
export const method: RouteMethods["user"] = "GET";
export const params: RouteParams["user"] = { id: 1 };

// What hands a name and its parameters on.
export function link<Name extends RouteName>(name: Name, params: RouteParams[Name]): string {
  return route(name, params);
}
export function spread<Name extends RouteName>(name: Name, ...args: RouteArgs<Name>): string {
  return route(name, ...args);
}
export const linked: string[] = [link("user", { id: 7 }), spread("user", { id: 7 }), spread("optional")];
declare const either: "user" | "required";
export const both: string = route(either, { id: 7, q: "x" });

// @ts-expect-error: a wrong key.
link("user", { idd: 7 });
// @ts-expect-error: the parameters are missing.
spread("user");
// @ts-expect-error: the parameters are missing.
route("user");
// @ts-expect-error: a required parameter is missing.
route("user", {});
// @ts-expect-error: a wrong type.
route("user", { id: true });
// @ts-expect-error: a wrong key.
route("user", { id: 7, idd: 7 });
// @ts-expect-error: a wrong name.
route("users");
// @ts-expect-error: a required query parameter is missing.
route("required", { page: 1 });
// @ts-expect-error: a wrong type in the query.
route("optional", { page: "1" });
// @ts-expect-error: no such query parameter.
route("optional", { pages: 1 });
// @ts-expect-error: another method.
export const wrong: RouteMethods["user"] = "POST";
`;

const BODIES = `import type { RouteBody, RouteResponse } from "./route-types.ts";

export const users: RouteResponse<"list"> = [{ id: 1 }];
export const user: RouteResponse<"create"> = { id: 1, "o'k": undefined };
export const body: RouteBody<"create"> = { name: "n" };
export const none: RouteBody<"list"> = undefined;

// @ts-expect-error: GET and POST of one path have different types.
export const swapped: RouteResponse<"create"> = [{ id: 1 }];
// @ts-expect-error: a required property is missing.
export const empty: RouteBody<"create"> = {};
`;

async function generatedProject(): Promise<Project> {
  const files = Object.keys(CASES).flatMap((key) =>
    sound(caseOf(key)).files.map(({ path, text }) => [`${key}/${path}`, text] as const)
  );
  return await createProject("compile", {
    ...Object.fromEntries(files),
    // Generated, it tells compilers to leave it alone; here they do not.
    "runtime/routes-runtime.ts": await readFile(
      join(repositoryRoot, "codegen/routes_runtime.ts"),
      "utf8",
    ),
    "48/calls.ts": CALLS,
    "60/bodies.ts": BODIES,
    "tsconfig.json": JSON.stringify({ compilerOptions: STRICTEST_OPTIONS, include: ["**/*.ts"] }),
    "package.json": JSON.stringify({ type: "module" }),
    // Its own, so that what this repository leaves out of its checks is not left out.
    "deno.json": JSON.stringify({ compilerOptions: { strict: true, noUnusedLocals: true } }),
  });
}

test("what is generated compiles on TypeScript 5.9, 6 and 7, and passes deno check and deno lint", async () => {
  const project = await generatedProject();
  try {
    for (const compiler of COMPILERS) {
      const tsc = join(repositoryRoot, "node_modules", compiler, "bin", "tsc");
      equal(await runChecker("node", [tsc, "-p", "."], project.root), "", compiler);
    }
    equal(await runChecker(denoCommand, ["check", "--quiet", "."], project.root), "");
    equal(await runChecker(denoCommand, ["lint", "--quiet", "."], project.root), "");
    await project.write("bad.ts", "export const bad: any = {};\n");
    match(await runChecker(denoCommand, ["lint", "--quiet", "."], project.root), /no-explicit-any/);
  } finally {
    await project.remove();
  }
});

test("what is generated passes the rules of JSR", async () => {
  const { files } = sound({ ...caseOf("60"), options: { groupFiles: true, routeTypes: true } });
  const project = await createProject("publish", {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    "deno.json": JSON.stringify({
      name: "@scope/generated",
      version: "1.0.0",
      license: "MIT",
      exports: {
        ".": "./routes.ts",
        "./types": "./route-types.ts",
        "./routes": "./routes/index.ts",
      },
    }),
  });
  try {
    equal(
      await runChecker(
        denoCommand,
        ["publish", "--dry-run", "--allow-dirty", "--quiet"],
        project.root,
      ),
      "",
    );
  } finally {
    await project.remove();
  }
});

/** How many types a compiler makes of generics for these calls: its work, without the noise of a clock. */
async function instantiations(count: number): Promise<number> {
  const routes = Object.fromEntries(
    Array.from(
      { length: count },
      (_, index) => [`r${index}.show`, `/r${index}/{r${index % 40}_id:int}`],
    ),
  );
  const calls = Array.from(
    { length: 200 },
    (_, index) =>
      `export const u${index}: string = route("r${index}.show", { r${index % 40}_id: 7 });\n`,
  );
  const { files } = generate({ routes: litestar(routes) });
  const project = await createProject("scale", {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    "calls.ts": `import { route } from "./routes.ts";\n${calls.join("")}`,
    "tsconfig.json": JSON.stringify({ compilerOptions: STRICTEST_OPTIONS, include: ["*.ts"] }),
  });
  try {
    const tsc = join(repositoryRoot, "node_modules/typescript59/bin/tsc");
    const { stdout } = await promisify(execFile)(
      "node",
      [tsc, "-p", ".", "--extendedDiagnostics"],
      { cwd: project.root },
    );
    return Number(/Instantiations:\s+(\d+)/.exec(stdout)?.[1]);
  } finally {
    await project.remove();
  }
}

test("case 74: what a call costs a compiler does not grow with the number of routes", async () => {
  const [few, many] = [await instantiations(500), await instantiations(5_000)];
  ok(few > 0 && few < 200 * 40, `${few} of 500 routes`);
  ok(many < few * 1.1, `${few} of 500 routes, ${many} of 5,000`);
});
