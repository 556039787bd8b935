/**
 * The page within a document: where it goes, and that nothing gets out of it.
 */
import { deepEqual, equal, match, ok, rejects, throws } from "node:assert/strict";
import { parse } from "parse5";
import { createInertia, type InertiaOptions, readPage } from "../../inertia/mod.ts";
import { test } from "../_support/test.ts";

const asked = (): Request => new Request("http://localhost/");

async function htmlFor(
  options: InertiaOptions,
  props: Record<string, unknown> = {},
): Promise<string> {
  const response = await createInertia(options).render(asked(), "X", props);
  equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  return await response.text();
}

/** Every element of a document, as a browser reads it. */
function elementsOf(html: string): { name: string; attrs: Record<string, string>; text: string }[] {
  const found: { name: string; attrs: Record<string, string>; text: string }[] = [];
  const walk = (node: unknown): void => {
    const { tagName, attrs = [], childNodes = [] } = node as {
      tagName?: string;
      attrs?: { name: string; value: string }[];
      childNodes?: { nodeName: string; value?: string }[];
    };
    if (tagName !== undefined) {
      found.push({
        name: tagName,
        attrs: Object.fromEntries(attrs.map(({ name, value }) => [name, value])),
        text: childNodes.map(({ value = "" }) => value).join(""),
      });
    }
    childNodes.forEach(walk);
  };
  walk(parse(html));
  return found;
}

// Attack: props that end the script element, or swallow the document behind it.
const HOSTILE = [
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "<!-- -->",
  "]]>",
  "\u2028\u2029\u0000",
  "\ud800",
  "$& $' $` $1",
  "&lt;/script&gt; \" ' ` > =",
];

test("hostile props stay in the script element, and come out as they went in", async () => {
  for (const text of HOSTILE) {
    const html = await htmlFor({}, { text, [text]: 1 });
    const elements = elementsOf(html);
    const [script, ...others] = elements.filter(({ name }) => name === "script");
    equal(others.length, 0, text);
    deepEqual(script?.attrs, { "data-page": "app", type: "application/json" });
    const { props } = JSON.parse(script?.text ?? "");
    equal(props.text, text);
    equal(props[text], 1);
    ok(!/[<\u2028\u2029]/.test(script?.text ?? ""));
    equal(elements.filter(({ attrs }) => attrs["id"] === "app").length, 1);
  }
});

test("hostile props stay in the attribute, for old clients", async () => {
  for (const text of HOSTILE.filter((text) => !text.includes("\u0000"))) {
    const html = await htmlFor({ legacyDataPage: true, rootId: "root" }, { text });
    const elements = elementsOf(html);
    equal(elements.filter(({ name }) => name === "script").length, 0);
    const root = elements.find(({ attrs }) => attrs["id"] === "root");
    equal(JSON.parse(root?.attrs["data-page"] ?? "").props.text, text);
  }
});

test("readPage() reads both forms", async () => {
  const text = "</script> & \" ' ` \\ /";
  for (const legacyDataPage of [true, false]) {
    const inertia = createInertia({ legacyDataPage });
    equal((await readPage(await inertia.render(asked(), "X", { text }))).props["text"], text);
  }
  await rejects(readPage(new Response("none", { status: 500 })), /^TypeError: Cannot find a page/);
});

test("a template has its places, and $& is text in it", async () => {
  const page =
    "<html><head>@inertiaHead<script src='/@inertiajs/react'></script></head>$& @inertia</html>";
  const html = await htmlFor({ page }, { text: "$& $'" });
  match(html, /^<html><head><script src='\/@inertiajs\/react'>/);
  match(html, /<\/head>\$& <script data-page="app"/);
  match(html, /<div id="app"><\/div><\/html>$/);
});

test("Vite's index.html is a template", async () => {
  const page = `<!doctype html><html><head><title>T</title></head><body>
    <div id="app"></div><script type="module" src="/src/main.ts"></script></body></html>`;
  const html = await htmlFor({ page });
  equal(elementsOf(html).filter(({ attrs }) => attrs["id"] === "app").length, 1);
  match(
    html,
    /<script data-page="app"[^>]*>.*<\/script><div id="app"><\/div><script type="module"/s,
  );
  throws(
    () => createInertia({ page, rootId: "root" }),
    /^TypeError: Cannot use the template as a document: it has neither @inertia nor <div id="root"><\/div>$/,
  );
});

test("an id that is none is refused", () => {
  for (const rootId of ["", "a b", 'a"', "<", "1", "é"]) {
    throws(() => createInertia({ rootId }), /as the id of the root element/);
  }
});

test("a nonce is on the script element, of each request its own", async () => {
  let count = 0;
  const options = { nonce: () => `n${++count}"` };
  match(await htmlFor(options), /type="application\/json" nonce="n1&quot;">/);
  match(await htmlFor(options), /nonce="n2&quot;">/);
});

test("a document of one's own gets the parts", async () => {
  const inertia = createInertia({
    page: async ({ head, body, rootId, isRendered, page }, request) => {
      await Promise.resolve();
      return [
        head,
        rootId,
        isRendered,
        page.component,
        new URL(request.url).pathname,
        body.slice(0, 7),
      ].join("|");
    },
  });
  equal(await (await inertia.render(asked(), "X")).text(), "|app|false|X|/|<script");
});

test("what the server rendered is in the document; what failed is reported, and left to the browser", async () => {
  const reports: string[] = [];
  const answers: unknown[] = [
    { head: ["<title>T</title>", 1], body: "<main>HI</main>" },
    null,
    { head: [] },
    "text",
    undefined,
  ];
  const inertia = createInertia({
    ssr: {
      renderer: { render: () => Promise.resolve(answers.shift()) },
      except: ["admin/*", "/exact"],
    },
    report: (error, { source }) => void reports.push(`${source}: ${(error as Error).message}`),
  });
  const html = async (path: string) =>
    await (await inertia.render(new Request(`http://localhost${path}`), "X")).text();
  for (const path of ["/admin/a/b?c", "/exact"]) match(await html(path), /<div id="app">/);
  equal(answers.length, 5);
  match(await html("/"), /<title>T<\/title>\n<\/head>\n<body>\n<main>HI<\/main>\n/);
  match(await html("/"), /<div id="app"><\/div>/);
  deepEqual(reports, []);
  for (let turn = 0; turn < 3; turn++) match(await html("/exactly"), /<div id="app"><\/div>/);
  equal(reports.length, 3);
  match(reports[0] ?? "", /^ssr: Cannot use the answer of the SSR server as a page/);
});

test("a JSON page is for nobody's cache; a prefetched one may be, if that was asked for and nothing is told", async () => {
  const inertia = createInertia();
  const cacheControl = async (
    headers: HeadersInit,
    options = {},
    flash?: Record<string, unknown>,
  ) => {
    const request = new Request("http://localhost/", { headers });
    if (flash !== undefined) inertia.flash(request, flash);
    const response = await inertia.render(request, "X", {}, { prefetchCaching: true, ...options });
    return [response.headers.get("cache-control"), response.headers.get("vary")];
  };
  const prefetch = { "X-Inertia": "true", Purpose: "prefetch" };
  const vary =
    "X-Inertia, X-Inertia-Version, X-Inertia-Partial-Component, X-Inertia-Partial-Data, " +
    "X-Inertia-Partial-Except, X-Inertia-Reset, X-Inertia-Except-Once-Props";
  deepEqual(await cacheControl(prefetch), ["private, max-age=30, stale-while-revalidate=60", vary]);
  deepEqual(
    await cacheControl(prefetch, { prefetchCaching: { maxAge: 5, staleWhileRevalidate: 0 } }),
    ["private, max-age=5, stale-while-revalidate=0", vary],
  );
  const never = ["no-store, private", "X-Inertia"];
  deepEqual(await cacheControl(prefetch, {}, { a: 1 }), never);
  deepEqual(await cacheControl(prefetch, { status: 404 }), never);
  deepEqual(await cacheControl(prefetch, { prefetchCaching: false }), never);
  deepEqual(await cacheControl({ "X-Inertia": "true" }), never);
  deepEqual(await cacheControl({}), ["no-cache, private", "X-Inertia"]);
  deepEqual(await cacheControl({}, { headers: { "cache-control": "no-store" } }), [
    "no-store",
    "X-Inertia",
  ]);
});
