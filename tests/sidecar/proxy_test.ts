import { deepEqual, equal, ok, throws } from "node:assert/strict";
import type { Field } from "../../sidecar/http1.ts";
import { fieldOf, requestBody, toResponse } from "../../sidecar/proxy.ts";
import type { Upstream, UpstreamResponse } from "../../sidecar/upstream.ts";
import { UpstreamError } from "../../sidecar/upstream_error.ts";
import { test } from "../_support/test.ts";

/** Only its address is read. */
const upstream = {
  target: { hostname: "127.0.0.1", port: 8001, tls: false },
} as unknown as Upstream;

function answer(
  status: number,
  fields: readonly Field[] = [],
  body: string | null = null,
): UpstreamResponse {
  return { status, fields, body: body === null ? null : new TextEncoder().encode(body) };
}

/** A body that tells whether it was let go. */
function watchedBody(): { readonly stream: ReadableStream<Uint8Array>; isCancelled(): boolean } {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
  return { stream, isCancelled: () => cancelled };
}

test("toResponse() keeps status, fields and duplicates", async () => {
  const response = toResponse(
    answer(418, [["set-cookie", "a=1"], ["set-cookie", "b=2, x"], ["x-a", "é"]], "tea"),
    upstream,
  );
  equal(response.status, 418);
  deepEqual(response.headers.getSetCookie(), ["a=1", "b=2, x"]);
  equal(response.headers.get("x-a"), "é");
  equal(await response.text(), "tea");
});

test("toResponse() brings redirects of the upstream to itself onto our port", () => {
  const response = toResponse(answer(302, [["location", "http://127.0.0.1:8001/x"]]), upstream);
  equal(response.headers.get("location"), "/x");
  const ipv6 = { target: { hostname: "::1", port: 443, tls: true } } as unknown as Upstream;
  equal(
    toResponse(answer(302, [["location", "https://[::1]/x"]]), ipv6).headers.get("location"),
    "/x",
  );
});

test("toResponse() keeps the length that describes the answer to a HEAD", () => {
  equal(
    toResponse(answer(200, [["content-length", "500"]]), upstream).headers.get("content-length"),
    "500",
  );
});

test("toResponse() gives no body where there is none, and lets go of one that came all the same", () => {
  for (const status of [204, 205, 304]) {
    const { stream, isCancelled } = watchedBody();
    const response = toResponse({ status, fields: [], body: stream }, upstream);
    equal(response.body, null);
    equal(isCancelled(), true, String(status));
  }
});

test("toResponse() refuses statuses that no listener can send, and lets go of the body", () => {
  for (const status of [101, 199, 600, 999]) {
    const { stream, isCancelled } = watchedBody();
    throws(() => toResponse({ status, fields: [], body: stream }, upstream), (error) => {
      ok(error instanceof UpstreamError);
      equal(error.status, 502);
      return true;
    });
    equal(isCancelled(), true);
  }
});

function post(fields: Readonly<Record<string, string>>, body: string | null = "hello"): Request {
  const request = new Request("http://app.test/", { method: "POST", body });
  // `Request` does not take `host` and framing from a script; a listener sets them.
  const headers = new Map(Object.entries(fields));
  Object.defineProperty(request, "headers", {
    value: {
      get: (name: string) => headers.get(name) ?? null,
      has: (name: string) => headers.has(name),
    },
  });
  return request;
}

const HOST = { host: "app.test" };

test("requestBody() takes the body that the head announces", () => {
  equal(requestBody(post({ ...HOST, "content-length": "5" }))?.length, 5);
  const chunked = requestBody(post({ ...HOST, "transfer-encoding": "chunked" }));
  ok(chunked !== undefined);
  equal(chunked.length, undefined);
});

test("requestBody() finds none where none is announced, though a listener gives a stream", () => {
  equal(requestBody(post(HOST)), undefined);
  equal(requestBody(post({ ...HOST, "content-length": "0" })), undefined);
  equal(requestBody(post({ ...HOST, "content-length": "5" }, null)), undefined);
});

test("requestBody() under HTTP/2 takes the stream, whose frames tell its end", () => {
  const body = requestBody(post({}));
  ok(body !== undefined);
  equal(body.length, undefined);
  equal(requestBody(post({ "content-length": "5" }))?.length, 5);
});

test("requestBody() refuses ambiguous framing (S1-S3)", () => {
  for (
    const fields of [
      { "content-length": "5", "transfer-encoding": "chunked" },
      { "content-length": "5, 5" },
      { "content-length": "+5" },
      { "transfer-encoding": ",chunked" },
      { "transfer-encoding": "gzip, chunked" },
    ]
  ) {
    throws(() => requestBody(post({ ...HOST, ...fields })), (error) => {
      ok(error instanceof UpstreamError);
      equal(error.status, 400);
      return true;
    });
  }
});

test("fieldOf() gives the first value of a field", () => {
  const found = answer(200, [["etag", "a"], ["etag", "b"]]);
  equal(fieldOf(found, "etag"), "a");
  equal(fieldOf(found, "x"), undefined);
});
