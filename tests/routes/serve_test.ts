import { deepEqual, equal, match } from "node:assert/strict";
import * as v from "valibot";
import { z } from "zod";
import { defineRoutes, type RouteSchema, type ServeOptions } from "../../routes/mod.ts";
import { test } from "../_support/test.ts";

const User = z.object({ id: z.number(), name: z.string() });

const routes = defineRoutes({
  home: { path: "/" },
  show: { path: "/users/{id:int}", response: User },
  list: {
    path: "/users",
    query: z.object({
      page: z.number().int().default(1),
      tags: z.array(z.string()).optional(),
      active: z.boolean().optional(),
      sort: z.union([z.literal(1), z.literal(-1)]).optional(),
      filter: z.object({ min: z.number() }).optional(),
      any: z.union([z.string(), z.number()]).optional(),
      coerced: z.coerce.number().optional(),
    }),
  },
  store: {
    method: "POST",
    path: "/users",
    status: 201,
    body: z.object({
      name: z.string().min(2),
      age: z.number().optional(),
      tags: z.array(z.string()).optional(),
    }),
    response: User,
  },
  json: { method: "PUT", path: "/json", body: z.unknown(), bodyTypes: ["json"] },
  upload: { method: "POST", path: "/upload", body: z.object({ file: z.instanceof(File) }) },
  odd: {
    path: "/odd/{n:int}",
    params: z.object({ n: z.number().refine((n) => n % 2 === 1, "even") }),
  },
  page: { path: "/page", component: "Page" },
  fails: { path: "/fails" },
  later: { path: "/later" },
  nothing: { path: "/nothing" },
});

const serve = (options: ServeOptions = {}) =>
  routes.serve({
    home: ({ name, query, context }) => ({ name, query, context }),
    show: ({ params }) => ({ id: params.id, name: "Ada", secret: 1 }),
    list: ({ query }) => query,
    store: async ({ body }) => await Promise.resolve({ id: 1, ...body }),
    json: ({ body }) => body,
    upload: async ({ body }) => ({ name: body.file.name, text: await body.file.text() }),
    odd: ({ params }) => params,
    page: () => ({ title: "page" }),
    fails: () => {
      throw new RangeError("the password is 1234");
    },
    later: () => Promise.reject(new RangeError("the password is 1234")),
    nothing: () => undefined,
  }, options);

async function ask(
  path: string,
  init: RequestInit = {},
  options: ServeOptions = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await serve(options).fetch(new Request(`http://x${path}`, init));
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    body: isJson && text !== "" ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

const post = (body: BodyInit, type?: string): RequestInit => ({
  method: "POST",
  body,
  ...type === undefined ? {} : { headers: { "content-type": type } },
});

test("serve() answers with what a handler gives, as JSON", async () => {
  const { status, body, headers } = await ask("/users/7");
  equal(status, 200);
  deepEqual(body, { id: 7, name: "Ada", secret: 1 });
  match(headers.get("content-type") ?? "", /^application\/json/);
});

test("serve() answers without waiting where nothing has to be waited for", () => {
  equal(serve().fetch(new Request("http://x/users/7")) instanceof Response, true);
});

test("serve() answers 204 where a handler gives nothing", async () => {
  const { status, body } = await ask("/nothing");
  equal(status, 204);
  equal(body, "");
});

test("serve() hands over the query, the name and what fetch got beside the request", async () => {
  const response = await serve().fetch(
    new Request("http://x/?a=1&a=2&b[c]=3&__proto__=4#a?b"),
    "info",
  );
  deepEqual(
    await response.text(),
    '{"name":"home","query":{"a":["1","2"],"b":{"c":"3"},"__proto__":"4"},"context":"info"}',
  );
});

test("serve() takes nothing behind # for a path or a query", async () => {
  const app = serve();
  equal(
    await (await app.fetch(new Request("http://x/#a?b=1"))).text(),
    '{"name":"home","query":{}}',
  );
  equal((await app.fetch(new Request("http://x/users/7#?x"))).status, 200);
});

test("serve() reads numbers, lists, booleans and objects of a query as its schema wants them", async () => {
  const { body } = await ask(
    "/users?page=2&tags=x&active=true&sort=-1&filter[min]=3.5&any=7&coerced=8",
  );
  deepEqual(body, {
    ...{ page: 2, tags: ["x"], active: true, sort: -1 },
    ...{ filter: { min: 3.5 }, any: "7", coerced: 8 },
  });
  deepEqual((await ask("/users")).body, { page: 1 });
});

test("serve() takes the URL that a front end writes for the same values", async () => {
  const query = { page: 3, tags: ["a b", "c&d"], active: false, filter: { min: 1 } };
  deepEqual((await ask(routes.route("list", query))).body, query);
});

test("serve() tells by part and field what a schema refuses", async () => {
  const { status, body } = await ask("/users?page=x");
  equal(status, 422);
  deepEqual(body, {
    message: "The request is invalid",
    errors: { page: ["Invalid input: expected number, received string"] },
    issues: [{
      in: "query",
      path: ["page"],
      message: "Invalid input: expected number, received string",
    }],
  });
  equal((await ask("/users?page=")).status, 422);
});

test("serve() checks parameters by their schema: 422, where a converter refuses 404", async () => {
  deepEqual((await ask("/odd/3")).body, { n: 3 });
  equal((await ask("/odd/4")).status, 422);
  equal((await ask("/odd/x")).status, 404);
});

test("serve() reads JSON, forms and multipart forms into one schema", async () => {
  const form = new FormData();
  form.append("name", "Ada");
  form.append("age", "36");
  form.append("tags[]", "x");
  const expected = { id: 1, name: "Ada", age: 36, tags: ["x"] };
  const json = JSON.stringify({ name: "Ada", age: 36, tags: ["x"] });
  for (
    const init of [
      post(json, "application/json"),
      post(json, "application/vnd.api+json; charset=utf-8"),
      post("name=Ada&age=36&tags=x", "application/x-www-form-urlencoded"),
      post(form),
    ]
  ) {
    const { status, body } = await ask("/users", init);
    equal(status, 201);
    deepEqual(body, expected);
  }
});

test("serve() gives a file of a form to its handler", async () => {
  const form = new FormData();
  form.append("file", new File(["text"], "a.txt"));
  deepEqual((await ask("/upload", post(form))).body, { name: "a.txt", text: "text" });
});

test("serve() takes a text in JSON for a text", async () => {
  equal((await ask("/users", post('{"name":"Ada","age":"36"}', "application/json"))).status, 422);
});

test("serve() refuses a body that is not what it says", async () => {
  for (const body of ["{", "", "{'a':1}"]) {
    const answer = await ask("/users", post(body, "application/json"));
    equal(answer.status, 400);
    deepEqual(answer.body, { message: "The body is malformed" });
  }
  equal(
    (await ask("/users", post("a=1", "multipart/form-data"))).status,
    400,
  );
});

test("serve() refuses types that the route does not take", async () => {
  equal((await ask("/users", post('{"name":"Ada"}', "text/plain"))).status, 415);
  equal((await ask("/users", post('{"name":"Ada"}'))).status, 415);
  equal((await ask("/users", { method: "POST" })).status, 415);
  const form = { ...post("a=1", "application/x-www-form-urlencoded"), method: "PUT" };
  equal((await ask("/json", form)).status, 415);
});

test("serve() refuses a body that is too large, whether it says so or not", async () => {
  const limit = { maxBodyBytes: 16 };
  const type = { "content-type": "application/json" };
  const long = JSON.stringify("x".repeat(15));
  const fitting = JSON.stringify("x".repeat(14));
  const stream = (text: string) =>
    new ReadableStream({
      start(controller) {
        for (const byte of new TextEncoder().encode(text)) {
          controller.enqueue(new Uint8Array([byte]));
        }
        controller.close();
      },
    });
  for (const [text, status] of [[fitting, 200], [long, 413]] as const) {
    const length = { "content-length": String(text.length) };
    equal((await ask("/json", { method: "PUT", body: text, headers: type }, limit)).status, status);
    equal(
      (await ask("/json", { method: "PUT", body: text, headers: { ...type, ...length } }, limit))
        .status,
      status,
    );
    const streamed = { method: "PUT", body: stream(text), headers: type, duplex: "half" };
    equal((await ask("/json", streamed as RequestInit, limit)).status, status);
  }
});

test("serve() stops reading a body that is too large", async () => {
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1024)),
    cancel: () => void (isCancelled = true),
  });
  const init = {
    method: "PUT",
    body: endless,
    headers: { "content-type": "application/json" },
    duplex: "half",
  };
  equal((await ask("/json", init as RequestInit, { maxBodyBytes: 4096 })).status, 413);
  equal(isCancelled, true);
});

test("serve() lets onInvalid answer, for an Inertia visit say, and falls back to 422", async () => {
  const options: ServeOptions = {
    onInvalid: (request, { name, errors }) =>
      request.headers.has("x-inertia")
        ? new Response(JSON.stringify({ name, errors }), {
          status: 303,
          headers: { location: "/" },
        })
        : undefined,
  };
  const body = '{"name":"A"}';
  const headers = { "content-type": "application/json" };
  const visit = await ask("/users", {
    method: "POST",
    body,
    headers: { ...headers, "x-inertia": "true" },
  }, options);
  equal(visit.status, 303);
  match(String(visit.body), /^\{"name":"store","errors":\{"name":\["Too small/);
  equal((await ask("/users", { method: "POST", body, headers }, options)).status, 422);
});

test("serve() runs no handler for what is invalid", async () => {
  let runs = 0;
  const table = defineRoutes({ a: { path: "/a", query: z.object({ x: z.string() }) } });
  const app = table.serve({ a: () => ++runs });
  equal((await app.fetch(new Request("http://x/a"))).status, 422);
  equal((await app.fetch(new Request("http://x/a?x=1"))).status, 200);
  equal(runs, 1);
});

test("serve() answers HEAD as GET, without the body", async () => {
  const { status, body, headers } = await ask("/users/7", { method: "HEAD" });
  equal(status, 200);
  equal(body, "");
  match(headers.get("content-type") ?? "", /^application\/json/);
  equal((await ask("/later", { method: "HEAD" }, { onError: () => {} })).status, 500);
});

test("serve() answers OPTIONS, and 405 with Allow", async () => {
  const options = await ask("/users", { method: "OPTIONS" });
  equal(options.status, 204);
  equal(options.headers.get("allow"), "GET, HEAD, OPTIONS, POST");
  const wrong = await ask("/users/7", { method: "DELETE" });
  equal(wrong.status, 405);
  equal(wrong.headers.get("allow"), "GET, HEAD, OPTIONS");
  deepEqual(wrong.body, { message: "Method not allowed" });
  equal((await ask("/users/x", { method: "DELETE" })).status, 404);
  equal((await ask("/json", { method: "HEAD" })).status, 405);
});

test("serve() prefers a route's own HEAD and OPTIONS", async () => {
  const table = defineRoutes({
    get: { path: "/a" },
    head: { path: "/a", method: "HEAD" },
    options: { path: "/a", method: "OPTIONS" },
  });
  const app = table.serve({
    get: () => "get",
    head: () => new Response(null, { headers: { "x-own": "head" } }),
    options: () => "options",
  });
  const head = await app.fetch(new Request("http://x/a", { method: "HEAD" }));
  equal(head.headers.get("x-own"), "head");
  equal(
    await (await app.fetch(new Request("http://x/a", { method: "OPTIONS" }))).text(),
    '"options"',
  );
});

test("serve() answers 404 where no route has the path; tryFetch() leaves it to what comes next", async () => {
  const { status, body } = await ask("/nowhere");
  equal(status, 404);
  deepEqual(body, { message: "Not found" });
  equal(
    (await ask("/nowhere", {}, { notFound: () => new Response("own", { status: 410 }) })).status,
    410,
  );
  equal(serve().tryFetch(new Request("http://x/nowhere")), undefined);
  equal((await serve().tryFetch(new Request("http://x/users/7")))?.status, 200);
});

test("serve() tells the log what failed, and the browser nothing", async () => {
  for (const path of ["/fails", "/later"]) {
    const seen: unknown[] = [];
    const { status, body } = await ask(path, {}, { onError: (error) => void seen.push(error) });
    equal(status, 500);
    deepEqual(body, { message: "Internal server error" });
    equal((seen[0] as Error).name, "RangeError"); // what the handlers throw
    equal(seen.length, 1);
  }
});

test("serve() sends the response that onError gives, and a bare 500 if that fails too", async () => {
  const own = await ask("/fails", {}, { onError: () => new Response("own", { status: 503 }) });
  equal(own.status, 503);
  const said: unknown[] = [];
  const before = console.error;
  console.error = (...words: unknown[]) => void said.push(words);
  try {
    const failing = await ask("/fails", {}, {
      onError: () => {
        throw new Error("log is full");
      },
    });
    equal(failing.status, 500);
    equal((await ask("/fails")).status, 500);
  } finally {
    console.error = before;
  }
  equal(said.length, 2);
  match(String(said[1]), /^Cannot answer GET \/fails:,RangeError/);
});

test("serve() hands over a signal that aborts with the request", async () => {
  const client = new AbortController();
  const table = defineRoutes({ wait: { path: "/wait" } });
  const app = table.serve({
    wait: ({ signal }) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve("gone"))),
  });
  const answer = app.fetch(new Request("http://x/wait", { signal: client.signal }));
  client.abort();
  equal(await (await answer).text(), '"gone"');
});

test("serve() shows what a handler gives for a component through render", async () => {
  const options: ServeOptions = {
    render: (_, component, props) => new Response(`${component} ${JSON.stringify(props)}`),
  };
  equal((await ask("/page", {}, options)).body, 'Page {"title":"page"}');
  deepEqual((await ask("/page")).body, { title: "page" });
  deepEqual((await ask("/users/7", {}, options)).body, { id: 7, name: "Ada", secret: 1 });
  const fails: ServeOptions = {
    render: () => Promise.reject(new Error("no template")),
    onError: () => {},
  };
  equal((await ask("/page", {}, fails)).status, 500);
});

test("serve() sends only what the response schema names, if told to check", async () => {
  const checked = { checkResponses: true };
  deepEqual((await ask("/users/7", {}, checked)).body, { id: 7, name: "Ada" });
  const seen: unknown[] = [];
  const table = defineRoutes({ a: { path: "/a", response: z.object({ n: z.number().max(3) }) } });
  const app = table.serve({ a: () => ({ n: 4 }) }, {
    ...checked,
    onError: (error) => void seen.push(error),
  });
  equal((await app.fetch(new Request("http://x/a"))).status, 500);
  match(String(seen[0]), /^TypeError: Cannot send what the handler of "a" gave: Too big/);
});

test("serve() takes validators of other libraries, and those that wait", async () => {
  const waits: RouteSchema = {
    "~standard": {
      version: 1,
      vendor: "own",
      validate: (value) => Promise.resolve({ value: { waited: value } }),
    },
  };
  const table = defineRoutes({
    a: {
      method: "POST",
      path: "/a",
      query: v.object({ page: v.pipe(v.string(), v.transform(Number)) }),
      body: waits,
    },
  });
  const app = table.serve({ a: ({ query, body }) => ({ query, body }) });
  const response = await app.fetch(
    new Request("http://x/a?page=2", post('{"x":1}', "application/json")),
  );
  deepEqual(await response.json(), { query: { page: 2 }, body: { waited: { x: 1 } } });
});

test("serve() reads a query by the description of a library that has none of its own", async () => {
  const Query = v.object({ page: v.number(), tags: v.array(v.number()) });
  const table = defineRoutes({ a: { path: "/a", query: Query } }, {
    jsonSchema: (schema) =>
      schema === Query
        ? {
          type: "object",
          properties: {
            page: { $ref: "#/$defs/page" },
            tags: { type: "array", items: { type: "number" } },
          },
          $defs: { page: { type: "number" } },
        }
        : undefined,
  });
  const app = table.serve({ a: ({ query }) => query });
  const response = await app.fetch(new Request("http://x/a?page=2&tags=5"));
  deepEqual(await response.json(), { page: 2, tags: [5] });
});
