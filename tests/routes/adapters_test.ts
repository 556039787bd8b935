/**
 * The same table in the servers that people have.
 */
import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { Hono } from "hono";
import { z } from "zod";
import { createInertia, memorySession } from "../../inertia/mod.ts";
import { defineRoutes } from "../../routes/mod.ts";
import { onOnePort } from "../_support/one_port.ts";
import { createProject } from "../_support/project.ts";
import { test } from "../_support/test.ts";

const routes = defineRoutes({
  "users.show": { path: "/users/{id:int}" },
  "users.store": { method: "POST", path: "/users", body: z.object({ name: z.string() }) },
});
const app = routes.serve({
  "users.show": ({ params, context }) => ({ id: params.id, hasContext: context !== undefined }),
  "users.store": ({ body }) => body,
});
const JSON_BODY = {
  method: "POST",
  body: '{"name":"Ada"}',
  headers: { "content-type": "application/json" },
};

async function answer(response: Response | Promise<Response>): Promise<readonly [number, string]> {
  const { status } = await response;
  return [status, await (await response).text()];
}

test("a table in Hono: mounted below a path", async () => {
  const hono = new Hono().mount("/api", app.fetch);
  deepEqual(await answer(hono.request("/api/users/7", {}, { BINDING: 1 })), [
    200,
    '{"id":7,"hasContext":true}',
  ]);
  deepEqual(await answer(hono.request("/api/users", JSON_BODY)), [200, '{"name":"Ada"}']);
  equal((await hono.request("/api/users/x")).status, 404);
  equal(
    (await hono.request("/api/users/7", { method: "DELETE" })).headers.get("allow"),
    "GET, HEAD, OPTIONS",
  );
  equal((await hono.request("/users/7")).status, 404);
});

test("a table in Hono: everything, and what it does not have goes on", async () => {
  const hono = new Hono()
    .use(async (c, next) => await app.tryFetch(c.req.raw, c) ?? await next())
    .get("/hono", (c) => c.text("from hono"));
  deepEqual(await answer(hono.request("/users/7")), [200, '{"id":7,"hasContext":true}']);
  deepEqual(await answer(hono.request("/hono")), [200, "from hono"]);
  deepEqual(await answer(hono.request("/users/x")), [404, "404 Not Found"]);
  const last = new Hono().get("/hono", (c) => c.text("from hono")).all(
    "*",
    (c) => app.fetch(c.req.raw),
  );
  deepEqual(await answer(last.request("/users/7")), [200, '{"id":7,"hasContext":false}']);
  deepEqual(await answer(last.request("/nowhere")), [404, '{"message":"Not found"}']);
});

test("a table behind the listener of this runtime, with all it takes", () =>
  onOnePort({ app: app.fetch }, async ({ port }) => {
    const origin = `http://127.0.0.1:${port}`;
    deepEqual(await answer(fetch(`${origin}/users/7?x=1`)), [200, '{"id":7,"hasContext":true}']);
    deepEqual(await answer(fetch(`${origin}/users`, JSON_BODY)), [200, '{"name":"Ada"}']);
    deepEqual(await answer(fetch(`${origin}/users`, { ...JSON_BODY, body: "{" })), [
      400,
      '{"message":"The body is malformed"}',
    ]);
    const form = new FormData();
    form.append("name", "Grace");
    deepEqual(await answer(fetch(`${origin}/users`, { method: "POST", body: form })), [
      200,
      '{"name":"Grace"}',
    ]);
    const head = await fetch(`${origin}/users/7`, { method: "HEAD" });
    equal(head.status, 200);
    equal(await head.text(), "");
    equal(
      (await fetch(`${origin}/users`, { method: "OPTIONS" })).headers.get("allow"),
      "OPTIONS, POST",
    );
  }));

const ENTRY = `import { defineRoutes } from "@lv/sidecar/routes";
const routes = defineRoutes({
  image: { path: "/pictures/{name}" },
  fallback: { path: "/{rest:path}" },
});
export default routes.serve({
  image: ({ params }) => new Response("app: " + params.name),
  fallback: () => new Response("app: fallback"),
});
`;

test("a table as the entry decides about its own paths, and about no file of Vite's", async () => {
  const project = await createProject("routes-entry", { "server.ts": ENTRY });
  try {
    const entry = join(project.root, "server.ts");
    await onOnePort({
      app: null,
      vite: (exchange) => exchange.answer(200, `vite: ${exchange.target}`),
      options: { entry },
    }, async ({ port }) => {
      const ask = async (path: string) =>
        await (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept: "*/*" } }))
          .text();
      // Without the table, what ends like a file is Vite's.
      equal(await ask("/pictures/a.png"), "app: a.png");
      equal(await ask("/assets/a.png"), "vite: /assets/a.png");
      equal(await ask("/src/main.ts"), "vite: /src/main.ts");
      equal(await ask("/api/anything"), "app: fallback");
    });
  } finally {
    await project.remove();
  }
});

test("a table with Inertia: pages from what handlers give, and an invalid visit goes back with its errors", async () => {
  const inertia = createInertia({ version: "1", session: memorySession() });
  const table = defineRoutes({
    form: { path: "/form", component: "Form", response: z.object({ title: z.string() }) },
    save: { method: "POST", path: "/form", body: z.object({ name: z.string("A name is needed") }) },
  });
  const served = table.serve(
    { form: () => ({ title: "New" }), save: () => new Response("saved") },
    {
      render: (request, component, props) =>
        inertia.render(request, component, props as { title: string }),
      onInvalid: (request, { errors }) =>
        request.headers.has("x-inertia")
          ? inertia.back(request, { errors, fallback: "/form" })
          : undefined,
    },
  );
  const fetch = (request: Request) => inertia.handle(request, (request) => served.fetch(request));
  const headers = { "x-inertia": "true", "x-inertia-version": "1" };
  const page = await (await fetch(new Request("http://x/form", { headers }))).json();
  equal(page.component, "Form");
  equal(page.props.title, "New");
  const back = await fetch(
    new Request("http://x/form", {
      method: "POST",
      body: "{}",
      headers: { ...headers, "content-type": "application/json", referer: "http://x/form" },
    }),
  );
  equal(back.status, 302);
  equal(new URL(back.headers.get("location") ?? "", "http://x").pathname, "/form");
  const cookie = back.headers.getSetCookie().map((each) => each.split(";")[0]).join("; ");
  const after =
    await (await fetch(new Request("http://x/form", { headers: { ...headers, cookie } }))).json();
  deepEqual(after.props.errors, { name: "A name is needed" });
});
