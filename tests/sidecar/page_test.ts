import { deepEqual, equal } from "node:assert/strict";
import type { Field } from "../../sidecar/http1.ts";
import { isPage, readPage, withPage } from "../../sidecar/page.ts";
import type { MadePage } from "../../sidecar/page_maker.ts";
import type { UpstreamResponse } from "../../sidecar/upstream.ts";
import { test } from "../_support/test.ts";

const HTML = "<!doctype html><html><head><title>é</title></head><body></body></html>";

function answer(fields: readonly Field[], body: string | null = HTML): UpstreamResponse {
  const bytes = body === null ? null : new TextEncoder().encode(body);
  return { status: 200, fields, body: bytes };
}

async function bodyText({ body }: UpstreamResponse): Promise<string> {
  // Plain ArrayBuffers, which the DOM type wants.
  return await new Response(
    body as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
  ).text();
}

test("isPage() means a whole HTML document", () => {
  equal(isPage(answer([["content-type", "text/html"]])), true);
  equal(isPage(answer([["content-type", "Text/HTML;charset=utf-8"]])), true);
  for (const type of ["text/plain", "text/htmlx", "application/xhtml+xml", "x-text/html"]) {
    equal(isPage(answer([["content-type", type]])), false, type);
  }
  equal(isPage(answer([])), false);
  for (const status of [204, 206, 304, 404, 500]) {
    equal(isPage({ status, fields: [["content-type", "text/html"]] }), false);
  }
});

const PAGE: MadePage = {
  html: "<p>new é</p>",
  policy: undefined,
  nonce: undefined,
  isConstant: false,
};

test("withPage() says nothing more of the old bytes", async () => {
  const page = withPage(
    answer([
      ["content-type", "text/html"],
      ["content-length", "99"],
      ["etag", 'W/"x"'],
      ["last-modified", "x"],
      ["cache-control", "no-cache"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]),
    PAGE,
    "GET",
  );
  equal(await bodyText(page), PAGE.html);
  deepEqual(page.fields, [
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
    ["content-type", "text/html; charset=utf-8"],
    ["cache-control", "private, no-store"],
  ]);
});

test("withPage() answers HEAD without a body, and without the length of another one", () => {
  const page = withPage(answer([["content-length", "99"]], null), {
    ...PAGE,
    policy: "script-src 'self'",
    isConstant: true,
  }, "HEAD");
  equal(page.body, null);
  deepEqual(page.fields, [
    ["content-type", "text/html; charset=utf-8"],
    ["cache-control", "no-cache"],
    ["content-security-policy", "script-src 'self'"],
  ]);
});

test("readPage() reads a streamed page to its end", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of new TextEncoder().encode(HTML)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const page = { status: 200, fields: [["content-type", "text/html"] as const], body: stream };
  equal(await readPage(page), HTML);
});

test("readPage() leaves a page that is coded, in another charset, or huge, as it is", async () => {
  const unread: (readonly Field[])[] = [
    [["content-type", "text/html; charset=iso-8859-1"]],
    [["content-type", "text/html; charset=utf-16le"]],
    [["content-type", "text/html"], ["content-encoding", "gzip"]],
    [["content-type", "text/html"], ["content-encoding", "br"]],
    [["content-type", "text/html"], ["content-length", String(64 * 1024 * 1024)]],
  ];
  for (const fields of unread) {
    equal(await readPage(answer(fields)), undefined, JSON.stringify(fields));
  }
});
