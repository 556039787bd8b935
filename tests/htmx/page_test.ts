import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Hono } from "hono";
import { htmxHeaders, pageOrFragment, type PageOrFragmentOptions } from "@lv/sidecar/htmx";
import { test } from "../_support/test.ts";

const VARY = "HX-Request, HX-Request-Type, HX-Boosted, HX-History-Restore-Request";
const RENDERERS = { page: () => "page", fragment: () => "fragment" };

const answer = (
  headers: Record<string, string>,
  options: Partial<PageOrFragmentOptions> = {},
): Promise<Response> =>
  pageOrFragment(new Request("http://localhost/", { headers }), { ...RENDERERS, ...options });

const bodyFor = async (headers: Record<string, string>): Promise<string> =>
  await (await answer(headers)).text();

test("htmx gets the fragment, everybody else the page", async () => {
  equal(await bodyFor({}), "page");
  equal(await bodyFor({ "HX-Request": "true" }), "fragment");
});

test("a boosted link, a way back and what htmx 4 calls full get the page", async () => {
  const htmx = { "HX-Request": "true" };
  equal(await bodyFor({ ...htmx, "HX-Boosted": "true" }), "page");
  equal(await bodyFor({ ...htmx, "HX-History-Restore-Request": "true" }), "page");
  equal(await bodyFor({ "HX-History-Restore-Request": "true" }), "page");
  equal(await bodyFor({ ...htmx, "HX-Request-Type": "full" }), "page");
});

test("either answer is HTML and varies by what decided", async () => {
  for (const headers of [{}, { "HX-Request": "true" }]) {
    const response = await answer(headers);
    equal(response.headers.get("content-type"), "text/html; charset=utf-8");
    equal(response.headers.get("vary"), VARY);
    await response.body?.cancel();
  }
});

test("a Vary that is there is added to, each name once", async () => {
  const varyOf = async (vary: string, more: readonly string[] = []): Promise<string | null> =>
    (await answer({}, { headers: { vary }, vary: more })).headers.get("vary");
  equal(await varyOf("Accept-Encoding"), `Accept-Encoding, ${VARY}`);
  equal(
    await varyOf("hx-request , Cookie", ["HX-Target"]),
    "hx-request, Cookie, HX-Request-Type, HX-Boosted, HX-History-Restore-Request, HX-Target",
  );
  equal(await varyOf("*"), "*");
});

test("what htmx shall do is told in its version's way", async () => {
  const options = { reswap: { focusScroll: true }, status: 202 } as const;
  const two = await answer({ "HX-Request": "true" }, options);
  equal(two.headers.get("hx-reswap"), "focus-scroll:true");
  equal(two.status, 202);
  const four = await answer({ "HX-Request": "true", "HX-Source": "a" }, options);
  equal(four.headers.get("hx-reswap"), "focusScroll:true");
});

test("a renderer may be slow, answer a response, and look at the request", async () => {
  const response = await answer({ "HX-Request": "true", "HX-Target": "list" }, {
    fragment: async ({ target }) => {
      await Promise.resolve();
      return new Response(`for ${target?.id}`, { status: 203, headers: { vary: "Cookie" } });
    },
    trigger: "shown",
  });
  equal(await response.text(), "for list");
  equal(response.status, 203);
  equal(response.headers.get("vary"), `Cookie, ${VARY}`);
  equal(response.headers.get("hx-trigger"), "shown");
});

test("what a renderer throws is the caller's", async () => {
  const fragment = (): never => {
    throw new RangeError("no such note");
  };
  await rejects(answer({ "HX-Request": "true" }, { fragment }), /no such note/);
});

test("it works in Hono", async () => {
  const app = new Hono();
  app.get("/", (c) =>
    pageOrFragment(c.req.raw, {
      page: () => c.html("<html>"),
      fragment: () => c.html("<p>"),
      trigger: "shown",
    }));
  app.post("/", (c) => c.html("<li>", 201, htmxHeaders({ trigger: { added: { id: 1 } } })));

  const page = await app.request("/");
  equal(await page.text(), "<html>");
  match(page.headers.get("content-type") ?? "", /^text\/html/);
  const fragment = await app.request("/", { headers: { "HX-Request": "true" } });
  deepEqual([await fragment.text(), fragment.headers.get("hx-trigger")], ["<p>", "shown"]);
  const added = await app.request("/", { method: "POST" });
  deepEqual([added.status, added.headers.get("hx-trigger")], [201, '{"added":{"id":1}}']);
});
