/** Pages of a React app, rendered on the server: by Vite from its sources, and by what it built of them. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createSidecar, type Sidecar, type SidecarOptions } from "@lv/sidecar";
import { createInertia } from "@lv/sidecar/inertia";
import { eventually } from "../_support/eventually.ts";
import { type Folder, inFolder } from "../_support/folder.ts";
import { createProject, type Project, repositoryRoot } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { test } from "../_support/test.ts";

const FIXTURE = join(repositoryRoot, "tests", "fixtures", "inertia_ssr");

interface Scene {
  readonly sidecar: Sidecar;
  readonly reports: string[];
  visit(path: string): Promise<{ readonly html: string; readonly headers: Headers }>;
}

/** Serves the app on a port, as its user would. */
async function withApp(
  options: SidecarOptions,
  env: Readonly<Record<string, string | undefined>>,
  run: (scene: Scene) => Promise<void>,
): Promise<void> {
  const sidecar = await createSidecar(options, { env, configFile: false });
  const reports: string[] = [];
  const inertia = createInertia({
    page: sidecar.page,
    version: sidecar.versionId,
    ssr: true,
    report: (error) => void reports.push(String(error)),
  });
  const answer = (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/broken") return inertia.render(request, "Broken");
    return inertia.render(request, "Home", { name: searchParams.get("name") ?? "Ada" });
  };
  const { url, close } = sidecar.serve(
    (request) => inertia.handle(request, () => answer(request)),
    { port: 0 },
  );
  try {
    await run({
      sidecar,
      reports,
      async visit(path) {
        const response = await fetch(new URL(path, url));
        equal(response.status, 200);
        return { html: await response.text(), headers: response.headers };
      },
    });
  } finally {
    await close();
    await sidecar.close();
  }
}

/** What was rendered, and stands where a browser looks for it. */
function checkRendered(html: string): void {
  const [head = "", body = ""] = html.split("</head>");
  match(head, /<title data-inertia(?:="")?>Home of Eve<\/title>/);
  ok(!head.includes("Not rendered"), "one title, for a browser shows the first");
  match(head, /<meta name="description" content="About Eve" data-inertia="description">/);
  match(
    body,
    /<script[^>]* data-page="app" type="application\/json">.*"name":"Eve".*<\/script><div data-server-rendered="true" id="app"><main><h1>Hello, .*Eve<\/h1>/,
  );
  ok(body.includes('<!-- <div id="app"></div> is no root in here -->'));
}

/** A page does not wait long for a bundle that is starting. */
const renderedPage = (visit: Scene["visit"]): ReturnType<Scene["visit"]> =>
  eventually("a rendered page", async () => {
    const page = await visit("/?name=Eve");
    checkRendered(page.html);
    return page;
  }, { withinMs: 30_000 });

async function withFixture(run: (project: Project) => Promise<void>): Promise<void> {
  const project = await createProject("inertia-ssr", {});
  try {
    await cp(FIXTURE, project.root, { recursive: true });
    await run(project);
  } finally {
    await project.remove();
  }
}

/** Deploys a build into a folder that has nothing of npm above it. */
async function deploy({ root }: Project, folder: Folder): Promise<void> {
  const program = startSidecar(["build", "--json"], { cwd: root, env: { NODE_ENV: "production" } });
  const { code } = await program.exited;
  equal(code, 0, program.stderr());
  for (const name of ["dist", "dist-ssr"]) {
    await cp(join(root, name), folder.at(name), { recursive: true });
  }
}

test("a build renders its pages without Node and without node_modules, in this process and in its own", async () => {
  await withFixture((project) =>
    inFolder({}, async (folder) => {
      await deploy(project, folder);
      const env = { PATH: folder.at("no-programs") };
      for (const ssrMode of ["in-process", "process", "auto"] as const) {
        const options = { root: folder.path, dev: false, mode: "hybrid", ssrMode } as const;
        await withApp(options, env, async ({ visit, reports, sidecar }) => {
          const { headers } = await renderedPage(visit);
          equal(headers.get("x-inertia-version"), sidecar.versionId);
          deepEqual(reports, [], ssrMode);
          const { html } = await visit("/broken");
          match(html, /<\/script><div id="app"><\/div>/);
          match(html, /<title>Not rendered<\/title>/);
          match(reports[0] ?? "", /^SsrError: Cannot render "Broken" on the server: window is not/);
          ok(!html.includes("ErrorOverlay"), "no visitor learns why");
        });
      }
      const policy = { nonce: true, contentSecurityPolicy: "script-src 'self'" };
      const options = { root: folder.path, dev: false, mode: "hybrid", ...policy } as const;
      await withApp(options, env, async ({ visit }) => {
        const { html, headers } = await renderedPage(visit);
        const nonce = /'nonce-(\w+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
        match(html, new RegExp(`<script nonce="${nonce}" data-page="app"`));
        equal(headers.get("cache-control"), "private, no-store");
      });
    })
  );
});

test("Vite renders pages from their sources: the first, one that was edited, and none that is broken", async () => {
  await withFixture(async (project) => {
    const options = { root: project.root, dev: true, mode: "hybrid" } as const;
    await withApp(options, { PATH: process.env.PATH }, async ({ visit, reports }) => {
      // The first visit of all: Vite is not even started.
      const { html } = await visit("/?name=Eve");
      checkRendered(html);
      match(html, /<link rel="stylesheet" href="\/src\/app\.css" data-vite-dev-id=/);
      deepEqual(reports, []);
      await project.edit("src/pages/Home.jsx", "Hello, ", "Welcome, ");
      await eventually("the edit is seen", async () => {
        return (await visit("/?name=Eve")).html.includes("<h1>Welcome, ");
      });
      const broken = await visit("/broken");
      match(broken.html, /<\/script><div id="app"><\/div>/);
      match(broken.html, /import\("[^"]*@vite[^"]*client"\)\.then\(\(\{ ErrorOverlay \}\)/);
      match(reports[0] ?? "", /window is not defined, in .*Broken\.jsx:2:\d+\n {2}\S/);
    });
  });
});
