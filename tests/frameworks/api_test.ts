import { deepEqual, equal, throws } from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { apiFetch, apiUrl, handleFetch } from "../../frameworks/api.ts";
import { test } from "../_support/test.ts";

const NAME = "SIDECAR_API_URL";

/** Runs with an app that says what it was asked. */
async function withApp(use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    response.setHeader("content-type", "application/json");
    let body = "";
    request.on("data", (chunk) => body += chunk);
    request.on("end", () => {
      const { cookie, authorization } = headers;
      response.end(JSON.stringify({ method, url, cookie, authorization, body }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // It listens on TCP.
  const { port } = server.address() as AddressInfo;
  const before = process.env[NAME];
  process.env[NAME] = `http://127.0.0.1:${port}`;
  try {
    await use(process.env[NAME]);
  } finally {
    if (before === undefined) delete process.env[NAME];
    else process.env[NAME] = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test("apiUrl() is the app's address on a server, and the path where nobody knows it", () =>
  withApp((url) => {
    equal(apiUrl("/api/x?y=1", "http://evil.example/"), `${url}/api/x?y=1`);
    delete process.env[NAME];
    equal(apiUrl("/api/x"), "/api/x");
    process.env[NAME] = url;
    return Promise.resolve();
  }));

test("apiUrl() refuses what is no path, another host above all", () => {
  for (const path of ["", "api", "//evil.example/x", "/\\evil.example/x", "http://evil.example/"]) {
    throws(() => apiUrl(path), /Cannot use ".*" as a path/, path);
  }
});

test("apiFetch() sends the visitor's cookies along, and what the call says counts for more", () =>
  withApp(async () => {
    const request = new Request("http://localhost/page", {
      headers: { cookie: "session=1", authorization: "Bearer a" },
    });
    const ask = apiFetch(request);
    const first: unknown = await (await ask("/api/x")).json();
    const plain = { method: "GET", url: "/api/x", body: "" };
    deepEqual(first, { ...plain, cookie: "session=1", authorization: "Bearer a" });
    const init = { headers: { authorization: "Bearer b" } };
    const second: unknown = await (await ask("/api/x", init)).json();
    deepEqual(second, { ...plain, cookie: "session=1", authorization: "Bearer b" });
  }));

test("apiFetch() gives no cookie to an address that is no path", () =>
  withApp(async (url) => {
    const request = new Request("http://localhost/", { headers: { cookie: "session=1" } });
    const answer = await apiFetch(request)(`${url}/api/x`);
    deepEqual(await answer.json(), { method: "GET", url: "/api/x", body: "" });
  }));

test("handleFetch() leads SvelteKit's calls of /api to the app, with body and cookies", () =>
  withApp(async () => {
    const event = {
      url: new URL("http://localhost:8000/page"),
      request: new Request("http://localhost:8000/page", { headers: { cookie: "session=1" } }),
    };
    const request = new Request("http://localhost:8000/api/x?y=1", { method: "POST", body: "hi" });
    const answer = await handleFetch({ event, request, fetch });
    deepEqual(await answer.json(), {
      method: "POST",
      url: "/api/x?y=1",
      cookie: "session=1",
      body: "hi",
    });
  }));

test("handleFetch() leaves other paths and other origins to SvelteKit", () =>
  withApp(async () => {
    const event = { url: new URL("http://a/page"), request: new Request("http://a/page") };
    const asked: string[] = [];
    const own = (input: unknown): Promise<Response> => {
      asked.push((input as Request).url); // it is what SvelteKit gave us
      return Promise.resolve(new Response("own"));
    };
    for (const url of ["http://a/page.json", "http://b/api/x", "http://a/apix"]) {
      await handleFetch({ event, request: new Request(url), fetch: own });
    }
    deepEqual(asked, ["http://a/page.json", "http://b/api/x", "http://a/apix"]);
  }));
