/**
 * A project whose types are generated in this process, and servers with documents.
 *
 * @module
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import type { ApiTypes } from "../../../typegen/api_request.ts";
import type { TypesTools } from "../../../typegen/generate_types.ts";
import {
  type CheckedTypesOptions,
  type PlanFacts,
  planTypes,
  type TypesPlan,
} from "../../../typegen/options.ts";
import { createProject, type Project } from "../../_support/project.ts";
import { runtimeName } from "../../_support/test.ts";

/** A route table as litestar-vite writes it. */
export const routesJson = (...names: readonly string[]): string =>
  JSON.stringify({
    routes: Object.fromEntries(names.map((name) => [name, { uri: `/${name}`, methods: ["GET"] }])),
  });

/** An OpenAPI document with operations of these names. */
export const openapiJson = (...names: readonly string[]): string =>
  JSON.stringify({
    openapi: "3.1.0",
    info: { title: "t", version: "1" },
    paths: Object.fromEntries(names.map((name) => [`/${name}`, { get: { operationId: name } }])),
  });

/** An app of Hono. */
export const honoApp = (...paths: readonly string[]): string =>
  `import { Hono } from "hono";
const app = new Hono();
${paths.map((path) => `app.get(${JSON.stringify(path)}, (c) => c.text("x"));`).join("\n")}
export default app;
`;

const nothing: ApiTypes = {
  files: [],
  diagnostics: [],
  operationTypes: undefined,
  isFromCache: false,
};

/** A project, and what runs in it need. */
export interface TypesProject extends Project {
  plan(options?: CheckedTypesOptions, facts?: Partial<PlanFacts>): TypesPlan;
  tools(generateApi?: TypesTools["generateApi"]): TypesTools;
  /** The absolute path of something in it. */
  at(path: string): string;
}

/** Runs a test in a project that is gone afterwards. */
export async function inTypesProject(
  files: Readonly<Record<string, string>>,
  run: (project: TypesProject) => Promise<void>,
): Promise<void> {
  const project = await createProject("types", { "package.json": '{"type":"module"}', ...files });
  const { root } = project;
  try {
    await run({
      ...project,
      plan: (options = {}, facts = {}) => planTypes({ options, root, ...facts }),
      tools: (generateApi = () => Promise.resolve(nothing)) => ({
        runtime: { name: runtimeName, execPath: process.execPath },
        environment: process.env,
        cwd: root,
        generateApi,
      }),
      at: (path) => join(root, path),
    });
  } finally {
    await project.remove();
  }
}

/** A server that publishes an OpenAPI document. */
export interface DocumentServer {
  readonly origin: string;
  /** What it answers with; `undefined` is a 404. */
  document: string | undefined;
  /** How often it was asked for anything. */
  readonly asked: number;
}

/** Runs a test with a server whose document is at `path`. */
export async function withDocumentServer(
  document: string | undefined,
  run: (server: DocumentServer) => Promise<void>,
  path = "/openapi.json",
): Promise<void> {
  let asked = 0;
  const state = { document };
  const server = createServer((request, response) => {
    asked++;
    if (request.url !== path || state.document === undefined) response.writeHead(404).end();
    else response.setHeader("content-type", "application/json").end(state.document);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on TCP, and so has an address of that kind.
  const { port } = server.address() as AddressInfo;
  try {
    await run({
      origin: `http://127.0.0.1:${port}`,
      get document() {
        return state.document;
      },
      set document(next) {
        state.document = next;
      },
      get asked() {
        return asked;
      },
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
