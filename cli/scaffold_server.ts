/**
 * The server's part of a new project.
 *
 * @module
 */
import appPy from "./templates/backend/app.py" with { type: "text" };
import requirements from "./templates/backend/requirements.txt" with { type: "text" };
import server from "./templates/backend/server.ts.txt" with { type: "text" };
import serverHono from "./templates/backend/server_hono.ts.txt" with { type: "text" };
import serverHonoOpenapi from "./templates/backend/server_hono_openapi.ts.txt" with {
  type: "text",
};
import serverRoutes from "./templates/backend/server_routes.ts.txt" with { type: "text" };
import testBun from "./templates/backend/server_test_bun.ts.txt" with { type: "text" };
import testDeno from "./templates/backend/server_test_deno.ts.txt" with { type: "text" };
import testPy from "./templates/backend/test_app.py" with { type: "text" };
import { scriptPath } from "./script_path.ts";
import type { Answers, Packages, TemplateParts } from "./template.ts";
import { packages } from "./template_versions.ts";

/** What a backend adds to the parts of a template. */
export interface ServerParts {
  readonly files: Readonly<Record<string, string>>;
  readonly dependencies: Packages;
  readonly devDependencies: Packages;
  /** Options of `sidecar.config`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Its first module. */
  readonly main: string;
  /** Files that Deno's language server looks after. */
  readonly modules: readonly string[];
  /** Whether it imports `@lv/sidecar`. */
  readonly usesSidecar: boolean;
  readonly test: string;
}

const PYTHON = ".venv/bin/python";

/** The part of the backend that the answers name. */
export function serverParts(parts: TemplateParts, answers: Answers): ServerParts {
  const own = answers.backend === "litestar" ? litestar(answers) : module(answers);
  return {
    ...own,
    files: parts.ownServer === true ? toolsOnly(own.files) : own.files,
    usesSidecar: parts.usesSidecar === true || (own.usesSidecar && parts.ownServer !== true),
    config: { ...own.config, ...portOf(answers), ...executorOf(answers), ...typesOf(answers) },
  };
}

/** What a template with a server of its own still takes of the backend. */
function toolsOnly(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path === "requirements.txt"));
}

function portOf({ port }: Answers): Readonly<Record<string, unknown>> {
  return port === 8000 ? {} : { port };
}

/** Node is what runs Vite by itself. */
function executorOf({ executor }: Answers): Readonly<Record<string, unknown>> {
  return executor === "node" ? {} : { executor };
}

/** What is generated, and of which document. */
function typesOf({ sdk, zod, backend }: Answers): Readonly<Record<string, unknown>> {
  if (!sdk) return {};
  const document = backend === "litestar"
    ? {
      // Without a server that runs: `build` generates, too.
      openapi: "openapi.json",
      command: [PYTHON, ...LITESTAR, "schema", "openapi", "--output", "openapi.json"],
      watch: ["*.py"],
    }
    : {};
  return { types: { sdk: true, ...(zod ? { zod } : {}), ...document } };
}

function module(answers: Answers): ServerParts {
  const { backend, runtime, typescript, sdk, zod } = answers;
  const isHono = backend === "hono";
  const plain = isHono ? serverHono : server;
  const described = isHono ? serverHonoOpenapi : serverRoutes;
  const main = typescript ? "server.ts" : scriptPath("server.ts");
  const test = runtime === "deno" ? "server_test.ts" : "server.test.ts";
  const needsZod = zod || sdk;
  return {
    files: {
      "server.ts": sdk ? described : plain,
      [test]: runtime === "deno" ? testDeno : testBun,
    },
    dependencies: {
      ...(isHono ? packages("hono") : {}),
      ...(isHono && sdk ? packages("@hono/zod-openapi") : {}),
      ...(needsZod ? packages("zod") : {}),
    },
    devDependencies: {
      // Deno asks npm for the types of node: modules where packages come from npm.
      ...(typescript ? packages(runtime === "bun" ? "@types/bun" : "@types/node") : {}),
      ...(sdk ? packages("@hey-api/openapi-ts") : {}),
    },
    config: { entry: main },
    main,
    modules: ["server.ts", test, "sidecar.config.ts"],
    usesSidecar: sdk && !isHono,
    test: testOf(answers),
  };
}

function testOf({ runtime, typescript }: Answers): string {
  if (runtime === "bun") return "bun test";
  return typescript ? "deno test --allow-all" : "deno test --allow-all --no-check";
}

const LITESTAR: readonly string[] = ["-m", "litestar", "--app", "app:app"];

function litestar({ sdk, zod }: Answers): ServerParts {
  return {
    files: { "app.py": appPy, "test_app.py": testPy, "requirements.txt": requirements },
    dependencies: zod ? packages("zod") : {},
    devDependencies: sdk ? packages("@hey-api/openapi-ts") : {},
    // Its command stands in the file of options itself.
    config: {},
    main: "app.py",
    modules: [],
    usesSidecar: false,
    test: `${PYTHON} -m pytest`,
  };
}
