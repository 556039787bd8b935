import { deepEqual, equal, match, notEqual, ok, rejects, throws } from "node:assert/strict";
import {
  pageFields,
  pageHeaders,
  PageMaker,
  type PageMakerOptions,
} from "../../sidecar/page_maker.ts";
import { parsePageTemplate } from "../../sidecar/page_template.ts";
import { parseHtml } from "../_support/html_oracle.ts";
import { test } from "../_support/test.ts";

const PAGE = `<!doctype html><html><head><title>t</title><script src="/a.js"></script></head>` +
  `<body><div id="root"></div></body></html>`;
const TEMPLATE = parsePageTemplate(PAGE);
const OTHER_TEMPLATE = parsePageTemplate(PAGE.replace("<title>t<", "<title>other<"));
const REQUEST = new Request("http://localhost/users/5");

const PLAIN: PageMakerOptions = {
  inject: undefined,
  routes: undefined,
  routesGlobal: "__LV_ROUTES__",
  csrfToken: undefined,
  csrfGlobal: "__LV_CSRF__",
  nonce: false,
  policy: undefined,
};

const makerOf = (options: Partial<PageMakerOptions>): PageMaker =>
  new PageMaker({ ...PLAIN, ...options });

interface Node {
  readonly nodeName: string;
  readonly value?: string;
  readonly childNodes?: readonly Node[];
}

/** The inline scripts of a page, as a browser would run them. */
function scriptsOf(html: string): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    const text = node.childNodes?.map(({ value = "" }) => value).join("") ?? "";
    if (node.nodeName === "script" && text !== "") found.push(text);
    node.childNodes?.forEach(walk);
  };
  walk(parseHtml(html) as Node);
  return found;
}

/** Runs the inline scripts of a page; gives what they left in `window`. */
function windowOf(html: string): Record<string, unknown> {
  const window: Record<string, unknown> = {};
  for (const code of scriptsOf(html)) new Function("window", code)(window);
  return window;
}

test("PageMaker with true as its routes asks for those of the app with the first page", async () => {
  let asked = 0;
  const tableRoutes = (): unknown => {
    asked++;
    return { routes: { home: { uri: "/</script>" } } };
  };
  const maker = makerOf({ routes: true, tableRoutes });
  equal(asked, 0);
  ok(maker.changesPages);
  const { html } = await maker.make(REQUEST, TEMPLATE);
  deepEqual(windowOf(html)["__LV_ROUTES__"], { routes: { home: { uri: "/</script>" } } });
  equal((await maker.make(REQUEST, TEMPLATE)).html, html);
  equal(asked, 1);
  // Nobody said so: nothing goes out.
  equal((await makerOf({ tableRoutes }).make(REQUEST, TEMPLATE)).html, PAGE);
});

test("PageMaker without options gives the page as it is, the same for everybody", async () => {
  const page = await makerOf({}).make(REQUEST, TEMPLATE);
  equal(page.html, PAGE);
  ok(page.isConstant);
  deepEqual(pageFields(page), [
    ["content-type", "text/html; charset=utf-8"],
    ["cache-control", "no-cache"],
  ]);
});

test("PageMaker says the routes and the token under the names of the options", async () => {
  const routes = { "books.list": "/books", "books.get": "/books/{id}" };
  const csrfToken = (request: Request) => `for ${new URL(request.url).pathname}`;
  const page = await makerOf({ routes, csrfToken }).make(REQUEST, TEMPLATE);
  deepEqual(windowOf(page.html), { __LV_ROUTES__: routes, __LV_CSRF__: "for /users/5" });
  const renamed = makerOf({
    routes,
    csrfToken,
    routesGlobal: "__LITESTAR_ROUTES__",
    csrfGlobal: "__LITESTAR_CSRF__",
  });
  deepEqual(windowOf((await renamed.make(REQUEST, TEMPLATE)).html), {
    __LITESTAR_ROUTES__: routes,
    __LITESTAR_CSRF__: "for /users/5",
  });
  deepEqual(windowOf(renamed.routesTag()), { __LITESTAR_ROUTES__: routes });
  match(renamed.routesTag("abc"), /^<script nonce="abc">/);
  equal(makerOf({}).routesTag(), "");
});

test("PageMaker lets no value leave its script", async () => {
  const nasty = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->",
    "]]>",
    "line\u2028and\u2029end",
    "$& $' $` $1 $$",
    "a\\u003c/script>",
    '"; alert(1); "',
    "\0",
  ];
  for (const value of nasty) {
    const maker = makerOf({
      routes: { [value]: value },
      csrfToken: () => value,
      inject: () => ({ globals: { data: { [value]: [value] } } }),
    });
    const { html } = await maker.make(REQUEST, TEMPLATE, { globals: { extra: value } });
    deepEqual(windowOf(html), {
      __LV_ROUTES__: { [value]: value },
      __LV_CSRF__: value,
      data: { [value]: [value] },
      extra: value,
    }, JSON.stringify(value));
    ok(html.endsWith(`<div id="root"></div></body></html>`), JSON.stringify(value));
  }
});

test("PageMaker puts what an answer says behind what all say", async () => {
  const maker = makerOf({ routes: {}, inject: { headStart: "<!--own-->", bodyEnd: "<!--own-->" } });
  const { html, isConstant } = await maker.make(REQUEST, TEMPLATE, {
    headStart: "<!--extra-->",
    bodyEnd: "<!--extra-->",
  });
  match(
    html,
    /<head><script>window\["__LV_ROUTES__"\]=\{\};<\/script><!--own--><!--extra--><title>/,
  );
  match(html, /<!--own--><!--extra--><\/body>/);
  ok(!isConstant);
});

test("PageMaker gives every page a nonce of its own, which inject is told too", async () => {
  const maker = makerOf({
    nonce: true,
    routes: {},
    inject: (_, { nonce }) => ({ bodyEnd: `<script nonce="${nonce}" id="own"></script>` }),
  });
  const pages = [await maker.make(REQUEST, TEMPLATE), await maker.make(REQUEST, TEMPLATE)];
  for (const { html, nonce = "" } of pages) {
    match(nonce, /^[A-Za-z0-9+/]{22,}={0,2}$/);
    equal(html.split(`nonce="${nonce}"`).length - 1, 4, html);
    equal(html.match(/nonce=/g)?.length, 4);
  }
  notEqual(pages[0]?.nonce, pages[1]?.nonce);
});

test("PageMaker adds the nonce to the policy, and a page with one is stored by nobody", async () => {
  const policy = "default-src 'self'; script-src 'strict-dynamic'; object-src 'none'";
  const page = await makerOf({ nonce: true, policy }).make(REQUEST, TEMPLATE);
  deepEqual(pageFields(page), [
    ["content-type", "text/html; charset=utf-8"],
    ["cache-control", "private, no-store"],
    [
      "content-security-policy",
      `default-src 'self'; script-src 'strict-dynamic' 'nonce-${page.nonce}'; ` +
      `object-src 'none'; style-src 'self' 'nonce-${page.nonce}'`,
    ],
  ]);
  const without = await makerOf({ policy }).make(REQUEST, TEMPLATE);
  deepEqual(pageFields(without).at(-1), ["content-security-policy", policy]);
});

test("PageMaker takes a page for constant only if it is for every request", async () => {
  const cases: readonly (readonly [Partial<PageMakerOptions>, boolean])[] = [
    [{ routes: {}, inject: { headEnd: "<meta>" }, policy: "script-src 'self'" }, true],
    [{ inject: () => ({}) }, false],
    [{ nonce: true }, false],
    [{ csrfToken: () => "t" }, false],
    // Who is not signed in may have none, against the type.
    [{ csrfToken: () => undefined as unknown as string }, false],
  ];
  for (const [options, expected] of cases) {
    const page = await makerOf(options).make(REQUEST, TEMPLATE);
    equal(page.isConstant, expected, Object.keys(options).join());
  }
});

const textOf = (body: string | Uint8Array): string =>
  typeof body === "string" ? body : new TextDecoder().decode(body);

test("PageMaker.send() gives what make() gives, whatever the options and whatever is preferred", async () => {
  const tokens: readonly (PageMakerOptions["csrfToken"])[] = [
    undefined,
    () => "t",
    () => Promise.resolve("a longer one"),
    () => '</script>"\\\u2028',
    () => "日本",
    // Against the type.
    ...[undefined, null, 5, { a: 1 }].map((token) => () => token as unknown as string),
  ];
  const others: readonly Partial<PageMakerOptions>[] = [
    {},
    { routes: { home: "/" }, policy: "script-src 'self'" },
    { nonce: true },
    { nonce: true, routes: { "é": "/é" }, policy: "default-src 'self'" },
    { inject: { globals: { a: 1 }, headEnd: "<meta>" }, nonce: true },
    { inject: (_, { nonce }) => ({ bodyEnd: `<i id="${nonce}"></i>` }), nonce: true },
    { inject: () => Promise.resolve({ bodyStart: "<b></b>" }) },
  ];
  for (const csrfToken of tokens) {
    for (const other of others) {
      const options = { ...other, csrfToken };
      const made = await makerOf(options).make(REQUEST, TEMPLATE);
      const plain = JSON.stringify([made.html, made.policy]).replaceAll(made.nonce ?? "none", "N");
      for (const prefersText of [false, true]) {
        const maker = makerOf({ ...options, prefersText });
        // Again with the stencil that is there then, and for another template.
        for (const template of [TEMPLATE, TEMPLATE, OTHER_TEMPLATE, TEMPLATE]) {
          const { body, policy, isConstant } = await maker.send(REQUEST, template);
          equal(isConstant, made.isConstant);
          const html = textOf(body);
          if (template === OTHER_TEMPLATE) {
            match(html, /<title>other<\/title>/);
            continue;
          }
          const nonce = /(?:nonce|id)="([0-9a-f]{32})"/.exec(html)?.[1] ?? "none";
          equal(JSON.stringify([html, policy]).replaceAll(nonce, "N"), plain);
        }
      }
    }
  }
});

test("PageMaker.send() uses no nonce twice, and passes on what a token's function throws", async () => {
  const maker = makerOf({ nonce: true, csrfToken: () => "t" });
  const bodies = new Set<string>();
  for (let i = 0; i < 600; i++) bodies.add(textOf((await maker.send(REQUEST, TEMPLATE)).body));
  equal(bodies.size, 600);
  const failure = new Error("no session");
  const late = makerOf({ csrfToken: () => Promise.reject(failure) });
  await rejects(async () => await late.send(REQUEST, TEMPLATE), failure);
});

test("PageMaker passes on what the app's functions throw", async () => {
  const failure = new Error("no session");
  const inject = () => Promise.reject(failure);
  const csrfToken = () => {
    throw failure;
  };
  await rejects(async () => await makerOf({ inject }).make(REQUEST, TEMPLATE), failure);
  await rejects(async () => await makerOf({ csrfToken }).make(REQUEST, TEMPLATE), failure);
  await rejects(async () => await makerOf({}).make(REQUEST, TEMPLATE, { globals: { n: 1n } }), {
    message: /^Cannot serialise "n" as JSON: it is a BigInt$/,
  });
  throws(() => makerOf({ routes: { f: 1n } }), /^TypeError: Cannot serialise "routes.f" as JSON/);
});

test("pageHeaders() lets the app say its own, but no nonce be used twice", async () => {
  const own = {
    "cache-control": "public, max-age=60",
    "content-security-policy": "script-src https:",
    "content-security-policy-report-only": "style-src 'self'",
    "x-own": "1",
  };
  const policy = "script-src 'self'";
  const plain = await makerOf({ policy }).make(REQUEST, TEMPLATE);
  deepEqual(Object.fromEntries(pageHeaders(plain, own)), {
    ...own,
    "content-type": "text/html; charset=utf-8",
  });
  const page = await makerOf({ policy, nonce: true }).make(REQUEST, TEMPLATE);
  deepEqual(Object.fromEntries(pageHeaders(page, own)), {
    "cache-control": "private, no-store",
    "content-security-policy": `script-src https: 'nonce-${page.nonce}'`,
    "content-security-policy-report-only": `style-src 'self' 'nonce-${page.nonce}'`,
    "content-type": "text/html; charset=utf-8",
    "x-own": "1",
  });
  equal(
    pageHeaders(page, undefined).get("content-security-policy"),
    `script-src 'self' 'nonce-${page.nonce}'`,
  );
});
