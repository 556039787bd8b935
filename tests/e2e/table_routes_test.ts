/** `routes: true`: a page has the routes of the app's own table, where somebody asked for that. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createProject } from "../_support/project.ts";
import { startSidecar } from "../_support/sidecar_process.ts";
import { runtimeName, test } from "../_support/test.ts";

const SERVER = `import { defineRoutes } from "@lv/sidecar/routes";
export const routes = defineRoutes({ "users.show": { path: "/api/users/{id:int}" } });
export default routes.serve({ "users.show": ({ params }) => params.id });
`;
const FRONT = {
  "package.json": '{"type":"module"}',
  "index.html": "<!doctype html><title>t</title>",
};

async function pageOf(config: string): Promise<string> {
  const project = await createProject("table-routes", {
    ...FRONT,
    "server.ts": SERVER,
    "sidecar.config.ts": `export default { entry: "server.ts", ${config} };`,
  });
  const program = startSidecar(["dev", "--port", "0", "--json"], { cwd: project.root });
  try {
    const { url } = await program.ready();
    equal(await (await fetch(new URL("/api/users/7", url))).text(), "7");
    return await (await fetch(url, { headers: { accept: "text/html" } })).text();
  } finally {
    await program.stop().finally(project.remove);
  }
}

test(`a page has the routes of the app's table with routes: true (${runtimeName})`, async () => {
  const html = await pageOf("routes: true");
  const [, text = ""] = /window\["__LV_ROUTES__"\]=(.*);<\/script>/.exec(html) ?? [];
  // What the page itself would read.
  const { routes } = JSON.parse(text) as { routes: Record<string, unknown> };
  deepEqual(Object.keys(routes), ["users.show"]);
  ok(!(await pageOf("")).includes("users.show"));
});

test(`an app without a table can't give its routes (${runtimeName})`, async () => {
  const project = await createProject("no-table", {
    ...FRONT,
    "server.ts": "export default { fetch: () => new Response() };",
    "sidecar.config.ts": 'export default { entry: "server.ts", routes: true };',
  });
  const program = startSidecar(["dev", "--port", "0", "--json"], { cwd: project.root });
  try {
    ok((await program.exited).code !== 0);
    match(program.stderr(), /Cannot use true as the option "routes": the app has no route table/);
  } finally {
    await project.remove();
  }
});
