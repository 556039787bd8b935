/**
 * Inertia's real clients: each built once by the project's Vite, behind a sidecar of this process.
 *
 * @module
 */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { currentRuntime } from "../../runtime/current.ts";
import { createSidecar } from "../../mod.ts";
import { buildProject } from "./built_session.ts";
import { createInertiaApp, type InertiaApp } from "./inertia_app.ts";
import { createProject, type Project, repositoryRoot } from "./project.ts";

/** A client. */
export interface InertiaClient {
  readonly name: "react" | "vue" | "svelte";
  /** The version of the protocol that it speaks. */
  readonly protocol: 2 | 3;
}

/** A client and its server at work. */
export interface InertiaStage extends InertiaClient {
  readonly app: InertiaApp;
  /** Where the app is, without a slash at the end. */
  readonly origin: string;
  /** Another origin, likewise. */
  readonly elsewhere: string;
}

/** The builds for development say more on the console. */
const env = { NODE_ENV: "development" };

const FIXTURES = join(repositoryRoot, "tests", "fixtures", "inertia_clients");

/** Copies the client's sources; version 2 of React's client takes the place of version 3 by an alias. */
export async function copyClient({ name, protocol }: InertiaClient): Promise<Project> {
  const project = await createProject(`inertia-${name}`, {});
  await cp(join(FIXTURES, name), project.root, { recursive: true });
  if (protocol === 2) {
    const alias = `resolve: { alias: { "@inertiajs/react": "inertia-react2" } },`;
    await project.edit("vite.config.ts", "plugins:", `${alias}\n  plugins:`);
  }
  return project;
}

/** Builds the client, serves it, and removes everything when `use` is done. */
export async function withInertiaClient(
  client: InertiaClient,
  use: (stage: InertiaStage) => Promise<void>,
): Promise<void> {
  const project = await copyClient(client);
  const away = currentRuntime().serve(
    { hostname: "127.0.0.1", port: 0, onError: () => {} },
    () => new Response("<h1>Elsewhere</h1>", { headers: { "content-type": "text/html" } }),
  );
  const elsewhere = `http://127.0.0.1:${away.port}`;
  try {
    await buildProject(project, [], env);
    const sidecar = await createSidecar({ root: project.root, dev: false }, { env });
    try {
      const { page } = sidecar;
      const app = createInertiaApp({ page, protocol: client.protocol, elsewhere });
      const server = sidecar.serve(app.fetch, { port: 0 });
      await use({ ...client, app, origin: server.url.replace(/\/$/, ""), elsewhere });
    } finally {
      await sidecar.close();
    }
  } finally {
    await away.close(0);
    await project.remove();
  }
}
