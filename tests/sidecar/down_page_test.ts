import { equal, match, ok } from "node:assert/strict";
import {
  type DownPage,
  plainLine,
  renderDownPage,
  renderDownText,
  withoutDetails,
} from "../../sidecar/down_page.ts";
import { downResponse } from "../../sidecar/down_response.ts";
import type { Visit } from "../../sidecar/visit.ts";
import { parse } from "parse5";
import { test } from "../_support/test.ts";

const PAGE: DownPage = {
  title: "Vite has stopped",
  reason: "It ended with code 1",
  hint: "Install it",
  lines: ["Error: /home/me/secret.ts", "  at x"],
};

const HOSTILE = `</title></pre></script><script>alert(1)</script><!--"'&amp;\u2028`;

test("renderDownPage() escapes whatever it says", () => {
  const html = renderDownPage({ title: HOSTILE, reason: HOSTILE, hint: HOSTILE, lines: [HOSTILE] });
  const elements: string[] = [];
  const texts: string[] = [];
  // The tree of parse5 is typed by its adapter; only three properties are read.
  type Node = { nodeName: string; value?: string; childNodes?: Node[] };
  const walk = (node: Node): void => {
    elements.push(node.nodeName);
    if (node.value !== undefined) texts.push(node.value);
    for (const child of node.childNodes ?? []) walk(child);
  };
  walk(parse(html) as unknown as Node);
  equal(elements.filter((name) => name === "script").length, 1);
  equal(elements.filter((name) => name === "#comment").length, 0);
  equal(texts.filter((text) => text === HOSTILE).length, 5);
});

test("renderDownPage() leaves out what there is none of", () => {
  const html = renderDownPage({ ...PAGE, hint: "", lines: [] });
  ok(!html.includes("<pre>"));
  match(html, /Vite has stopped/);
});

test("renderDownText() is the same as lines", () => {
  equal(
    renderDownText(PAGE),
    "Vite has stopped\nIt ended with code 1\nInstall it\nError: /home/me/secret.ts\n  at x\n",
  );
  equal(
    renderDownText({ ...PAGE, hint: "", lines: [] }),
    "Vite has stopped\nIt ended with code 1\n",
  );
});

test("withoutDetails() leaves nothing but the title", () => {
  const text = renderDownText(withoutDetails(PAGE));
  for (const detail of ["code 1", "Install", "secret", "at x"]) ok(!text.includes(detail), detail);
});

test("plainLine() takes colours, cursors and links out", () => {
  equal(plainLine("\x1b[31;1mred\x1b[0m \x1b[2K\x1b[?25lx"), "red x");
  equal(plainLine("\x1b]8;;http://x\x07link\x1b]8;;\x1b\\"), "link");
  equal(plainLine("plain [31m"), "plain [31m");
});

function respond(
  headers: Readonly<Record<string, string>>,
  remoteAddress: string | undefined,
  method = "GET",
  hidesDetails = false,
): Response {
  // A visit has more; the response is made of these alone.
  const visit = {
    method,
    header: (name: string) => headers[name] ?? null,
    context: { remoteAddress },
    hidesDetails,
  };
  return downResponse(visit as unknown as Visit, 503, PAGE);
}

test("downResponse() is a page for a browser and text for others, never stored", async () => {
  const page = respond({ accept: "text/html" }, "127.0.0.1");
  equal(page.status, 503);
  match(page.headers.get("content-type") ?? "", /^text\/html/);
  equal(page.headers.get("cache-control"), "no-store");
  equal(page.headers.get("retry-after"), "1");
  match(await page.text(), /secret\.ts/);
  const text = respond({ "sec-fetch-dest": "script" }, "127.0.0.1");
  match(text.headers.get("content-type") ?? "", /^text\/plain/);
  match(await text.text(), /secret\.ts/);
});

test("downResponse() tells a peer on another machine, or an unknown one, no details", async () => {
  for (const address of ["10.0.0.1", "::ffff:10.0.0.1", "fe80::1", undefined]) {
    for (const headers of [{ accept: "text/html" }, {}]) {
      const text = await respond(headers, address).text();
      for (const detail of ["secret", "code 1", "Install"]) ok(!text.includes(detail), detail);
      match(text, /Vite has stopped/);
    }
  }
});

test("downResponse() in production tells a proxy of this machine no details either", async () => {
  for (const headers of [{ accept: "text/html" }, {}]) {
    const text = await respond(headers, "127.0.0.1", "GET", true).text();
    for (const detail of ["secret", "code 1", "Install"]) ok(!text.includes(detail), detail);
    match(text, /Vite has stopped/);
  }
});

test("downResponse() to a HEAD is the head alone", async () => {
  const head = respond({ accept: "text/html" }, "127.0.0.1", "HEAD");
  equal(head.headers.get("x-sidecar-down"), "503");
  equal(await head.text(), "");
});
