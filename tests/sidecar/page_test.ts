import { deepEqual, equal, match } from "node:assert/strict";
import type { Field } from "../../sidecar/http1.ts";
import { injectPage, isPage } from "../../sidecar/page.ts";
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

const PIECES = { headEnd: "<!--end-->" };

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

test("injectPage() puts the pieces in, and says nothing more of the old bytes", async () => {
  const page = await injectPage(
    answer([
      ["content-type", "text/html"],
      ["content-length", "99"],
      ["etag", 'W/"x"'],
      ["last-modified", "x"],
      ["cache-control", "no-cache"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]),
    PIECES,
    "GET",
  );
  match(await bodyText(page), /<!--end--><\/head>/);
  match(await bodyText(page), /<title>é/);
  deepEqual(page.fields, [
    ["content-type", "text/html"],
    ["cache-control", "no-cache"],
    ["set-cookie", "a=1"],
    ["set-cookie", "b=2"],
  ]);
});

test("injectPage() reads a streamed page to its end", async () => {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of new TextEncoder().encode(HTML)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const page = { status: 200, fields: [["content-type", "text/html"] as const], body: stream };
  match(await bodyText(await injectPage(page, PIECES, "GET")), /<title>é<\/title><!--end-->/);
});

test("injectPage() leaves a page that is coded, in another charset, or huge, as it is", async () => {
  const unread: (readonly Field[])[] = [
    [["content-type", "text/html; charset=iso-8859-1"]],
    [["content-type", "text/html; charset=utf-16le"]],
    [["content-type", "text/html"], ["content-encoding", "gzip"]],
    [["content-type", "text/html"], ["content-encoding", "br"]],
    [["content-type", "text/html"], ["content-length", String(64 * 1024 * 1024)]],
  ];
  for (const fields of unread) {
    const page = answer([...fields, ["etag", '"x"']]);
    equal(await injectPage(page, PIECES, "GET"), page, JSON.stringify(fields));
  }
});

test("injectPage() answers HEAD without a body, and without the length of another one", async () => {
  const page = await injectPage(
    answer([["content-type", "text/html"], ["content-length", "99"]], null),
    PIECES,
    "HEAD",
  );
  deepEqual(page, { status: 200, fields: [["content-type", "text/html"]], body: null });
});
