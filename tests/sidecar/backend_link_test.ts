import { deepEqual, equal, match } from "node:assert/strict";
import { currentRuntime } from "../../runtime/current.ts";
import { type KnownBackend, linkToBackend } from "../../sidecar/backend_link.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import { createUpstream } from "../../sidecar/upstream.ts";
import { eventually } from "../_support/eventually.ts";
import { createProject } from "../_support/project.ts";
import { type RawHandler, type RawUpstream, startUpstream } from "../_support/raw_http.ts";
import { test } from "../_support/test.ts";

interface Linked {
  readonly backend: KnownBackend;
  readonly server: RawUpstream;
  readonly events: readonly SidecarEvent[];
}

/** Runs a test with a link to a backend, and files in the folder where its routes may lie. */
async function linked(
  handler: RawHandler,
  run: (linked: Linked) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const server = await startUpstream(handler);
  const project = await createProject("backend", { "package.json": "{}", ...files });
  const target = { hostname: "127.0.0.1", port: server.port, tls: false };
  const upstream = createUpstream({
    runtime: currentRuntime(),
    target,
    connectMs: 5000,
    headersMs: 0,
    idleMs: 0,
  });
  const events: SidecarEvent[] = [];
  const emit = (event: SidecarEvent): void => void events.push(event);
  const { url: origin } = server;
  const backend = linkToBackend({ upstream, origin, root: project.root, tail: () => [], emit });
  try {
    await run({ backend, server, events });
  } finally {
    await backend.close();
    await server.close();
    await project.remove();
  }
}

const JSON_TYPE = [["content-type", "application/json; charset=utf-8"]] as const;
const openapi = (...paths: string[]): string =>
  JSON.stringify({ openapi: "3.1.0", paths: Object.fromEntries(paths.map((path) => [path, {}])) });

function warnings(events: readonly SidecarEvent[]): string[] {
  return events.flatMap((event) => event.kind === "warning" ? [event.message] : []);
}

test("linkToBackend() asks where Litestar has its document, then where FastAPI has it", () =>
  linked(
    (exchange) =>
      exchange.target === "/openapi.json"
        ? exchange.answer(200, openapi("/users/{id}"), JSON_TYPE)
        : exchange.answer(404, "{}", JSON_TYPE),
    async ({ backend, server, events }) => {
      equal(backend.condition, "unknown");
      await backend.discover();
      equal(backend.condition, "up");
      equal(backend.routes.matches("/users/5"), true);
      deepEqual(server.requests.map(({ target }) => target), [
        "/schema/openapi.json",
        "/openapi.json",
      ]);
      equal(server.requests[0]?.field("host"), `127.0.0.1:${server.port}`);
      deepEqual(warnings(events), []);
    },
  ));

test("linkToBackend() takes the routes of a file where the backend publishes none", () =>
  linked((exchange) => exchange.answer(404), async ({ backend }) => {
    await backend.discover();
    equal(backend.routes.matches("/from/file"), true);
  }, { "src/generated/routes.json": JSON.stringify({ routes: { x: { uri: "/from/file" } } }) }));

test("linkToBackend() is not worried by a page, nor held by a stream without an end, on every path", async () => {
  await linked(
    (exchange) => exchange.answer(200, "<!doctype html>", [["content-type", "text/html"]]),
    async ({ backend, events }) => {
      await backend.discover();
      equal(backend.routes.size, 0);
      deepEqual(warnings(events), []);
    },
  );
  await linked(async (exchange) => {
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
    );
    await exchange.end.gone;
  }, async ({ backend, server }) => {
    await backend.discover();
    equal(backend.routes.size, 0);
    await eventually("the streams given up", () => server.open === 0);
  });
});

test("linkToBackend() reads a document that comes in chunks", () =>
  linked(async (exchange) => {
    const text = openapi("/größe");
    await exchange.end.write(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/vnd.oai.openapi+json\r\n\r\n",
    );
    for (const byte of new TextEncoder().encode(text)) {
      await exchange.end.write(`1\r\n${String.fromCharCode(byte)}\r\n`);
    }
    await exchange.end.write("0\r\n\r\n");
  }, async ({ backend }) => {
    await backend.discover();
    equal(backend.routes.matches("/gr%C3%B6%C3%9Fe"), true);
  }));

test("linkToBackend() says which document it can't use", () =>
  linked((exchange) => exchange.answer(200, '{"half":', JSON_TYPE), async ({ backend, events }) => {
    await backend.discover();
    equal(backend.routes.size, 0);
    match(
      warnings(events)[0] ?? "",
      /^Cannot use "http:\/\/127\.0\.0\.1:\d+\/schema\/openapi\.json" for routing: /,
    );
  }));

test("linkToBackend() tells once that nobody answers, and once that somebody does", () =>
  linked((exchange) => exchange.answer(404), async ({ backend, server, events }) => {
    await server.close();
    await backend.discover();
    equal(backend.condition, "down");
    backend.lost("again");
    const conditions = (): string[] =>
      events.flatMap((event) => event.kind === "backend" ? [event.condition] : []);
    deepEqual(conditions(), ["down"]);
    backend.answered();
    backend.answered();
    deepEqual(conditions(), ["down", "up"]);
  }));

test("linkToBackend() that is closed asks and tells nothing more", () =>
  linked(async (exchange) => void await exchange.end.gone, async ({ backend, server, events }) => {
    const asked = backend.discover();
    await eventually("the question", () => server.requests.length === 1);
    await backend.close();
    await asked;
    deepEqual(events, []);
    equal(server.requests.length, 1);
  }));

test("linkToBackend() asks for the routes anew when the backend comes back", () => {
  let document = openapi("/old");
  return linked((exchange) => exchange.answer(200, document, JSON_TYPE), async ({ backend }) => {
    await backend.discover();
    equal(backend.routes.matches("/old"), true);
    document = openapi("/new");
    backend.lost("restarted");
    backend.answered();
    await eventually("the new routes", () => backend.routes.matches("/new"));
    equal(backend.routes.matches("/old"), false);
  });
});
