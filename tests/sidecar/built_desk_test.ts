import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import type { RequestContext } from "../../runtime/types.ts";
import type { StaticFiles } from "../../sidecar/assets.ts";
import { BuiltDesk, type OpenBuild } from "../../sidecar/built_desk.ts";
import { compileRoutes } from "../../sidecar/known_routes.ts";
import type { SidecarEvent } from "../../sidecar/links.ts";
import { PageMaker, type PageMakerOptions } from "../../sidecar/page_maker.ts";
import { parsePageTemplate } from "../../sidecar/page_template.ts";
import type { Visit } from "../../sidecar/visit.ts";
import { test } from "../_support/test.ts";

const PAGE = "<!doctype html><html><head></head><body>Grüße</body></html>";

const FILES: StaticFiles = {
  size: 1,
  has: (path) => path === "/static/a.js",
  leadsToFile: (path) => path === "/static/a.js",
  respond: (_, path) => path === "/static/a.js" ? new Response("a") : undefined,
  close: () => {},
};

const buildOf = (html: string | undefined): OpenBuild => ({
  files: FILES,
  template: html === undefined ? undefined : parsePageTemplate(html),
});

interface Scene {
  readonly desk: BuiltDesk;
  readonly events: SidecarEvent[];
  /** Stands for a deploy. */
  deploy(html: string | undefined): void;
}

function createScene(
  options: Partial<PageMakerOptions> = {},
  html: string | undefined = PAGE,
): Scene {
  let build = buildOf(html);
  const events: SidecarEvent[] = [];
  const maker = new PageMaker({
    inject: undefined,
    routes: undefined,
    routesGlobal: "__LV_ROUTES__",
    csrfToken: undefined,
    csrfGlobal: "__LV_CSRF__",
    nonce: false,
    policy: undefined,
    ...options,
  });
  const none = compileRoutes([]);
  const desk = new BuiltDesk({
    current: () => build,
    maker,
    router: { appRoutes: none, knownRoutes: none, pagePath: "/" },
    emit: (event) => events.push(event),
  });
  return { desk, events, deploy: (next) => build = buildOf(next) };
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly hidesDetails?: boolean;
}

function visitOf(
  { path = "/", method = "GET", headers = {}, hidesDetails = true }: Asked = {},
): Visit {
  const request = new Request(`http://localhost${path}`, { method, headers });
  const context: RequestContext = {
    remoteAddress: "127.0.0.1",
    onAbort: () => undefined,
    upgrade: () => undefined,
    native: undefined,
  };
  return {
    request,
    context,
    method,
    url: request.url,
    header: (name) => request.headers.get(name),
    admission: {
      kind: "admitted",
      host: { name: "localhost", port: undefined, text: "localhost" },
      target: { path, search: "", target: path, scheme: "http" },
    } as unknown as Visit["admission"], // a desk reads the path alone
    initiator: "same-origin" as unknown as Visit["initiator"], // no desk of a build reads it
    hidesDetails,
  };
}

async function pageOf({ desk }: Scene, asked?: Asked): Promise<Response> {
  const answer = await desk.findPage(visitOf(asked));
  if (answer === "miss") throw new Error("Cannot find the page");
  return answer;
}

test("BuiltDesk answers with the page: one charset, its length, a validator", async () => {
  const response = await pageOf(createScene());
  const fields = Object.fromEntries(response.headers);
  match(fields.etag ?? "", /^W\/"[\w-]{22}"$/);
  deepEqual({ ...fields, etag: "" }, {
    "content-type": "text/html; charset=utf-8",
    "content-length": String(new TextEncoder().encode(PAGE).length),
    "cache-control": "no-cache",
    etag: "",
  });
  equal(await response.text(), PAGE);
});

test("BuiltDesk answers a HEAD with the fields of a GET", async () => {
  const scene = createScene();
  const get = await pageOf(scene);
  const head = await pageOf(scene, { method: "HEAD" });
  deepEqual(Object.fromEntries(head.headers), Object.fromEntries(get.headers));
  equal(await head.text(), "");
});

test("BuiltDesk answers 304 to who has the page", async () => {
  const scene = createScene({ policy: "script-src 'self'" });
  const etag = (await pageOf(scene)).headers.get("etag") ?? "";
  for (const tag of [etag, etag.slice(2), `"x", ${etag}`, "*"]) {
    const response = await pageOf(scene, { headers: { "if-none-match": tag } });
    equal(response.status, 304, tag);
    equal(await response.text(), "");
    deepEqual(Object.fromEntries(response.headers), {
      "cache-control": "no-cache",
      "content-security-policy": "script-src 'self'",
      etag,
    });
  }
  const other = await pageOf(scene, { headers: { "if-none-match": 'W/"other"' } });
  equal(other.status, 200);
});

test("BuiltDesk has another validator for another page, also of the same length", async () => {
  const scene = createScene();
  const first = (await pageOf(scene)).headers.get("etag") ?? "";
  equal((await pageOf(scene)).headers.get("etag"), first);
  scene.deploy(PAGE.replace("Grüße", "Küsse"));
  const response = await pageOf(scene, { headers: { "if-none-match": first } });
  equal(response.status, 200);
  match(await response.text(), /Küsse/);
  notEqual(response.headers.get("etag"), first);
  // Every machine that serves a page agrees on it.
  equal((await pageOf(createScene())).headers.get("etag"), first);
});

test("BuiltDesk gives what is made for one request no validator, and nobody stores it", async () => {
  for (
    const options of [
      { nonce: true },
      { inject: () => ({}) },
      { csrfToken: () => "t" },
    ] satisfies Partial<PageMakerOptions>[]
  ) {
    const response = await pageOf(createScene(options), { headers: { "if-none-match": "*" } });
    equal(response.status, 200);
    equal(response.headers.get("etag"), null);
    equal(response.headers.get("cache-control"), "private, no-store");
  }
});

test("BuiltDesk answers 500 where the app's own function throws, and goes on", async () => {
  let isBroken = true;
  const scene = createScene({
    inject: () => {
      if (isBroken) throw new Error("the database at 10.0.0.5 is gone");
      return { bodyEnd: "<!--mended-->" };
    },
  });
  const failed = await pageOf(scene, { headers: { accept: "text/html" } });
  equal(failed.status, 500);
  equal(failed.headers.get("cache-control"), "no-store");
  const text = await failed.text();
  match(text, /The page can not be made/);
  ok(!text.includes("10.0.0.5"), "the answer tells what only the log may");
  deepEqual(scene.events.map((event) => event.kind === "error" && String(event.error)), [
    "Error: the database at 10.0.0.5 is gone",
  ]);
  isBroken = false;
  match(await (await pageOf(scene)).text(), /<!--mended-->/);
});

test("BuiltDesk has no page in a build without one", async () => {
  const { desk, deploy } = createScene();
  deploy(undefined);
  equal(await desk.findPage(visitOf()), "miss");
  equal(desk.route({ ...visitOf(), path: "/", search: "" }, true).kind, "app");
  await rejects(desk.page(new Request("http://localhost/"), {}), {
    message: "Cannot make a page: the build has no index.html",
  });
});

test("BuiltDesk routes to a file, also to one that a deploy took away meanwhile", async () => {
  const { desk } = createScene();
  const asked = visitOf({ path: "/static/a.js" });
  equal(desk.route({ ...asked, path: "/static/a.js", search: "" }, true).kind, "file");
  equal((await desk.answer(asked)).status, 200);
  equal((await desk.answer(visitOf({ path: "/static/gone.js" }))).status, 404);
  equal(await desk.findFile(visitOf({ path: "/static/gone.js" })), "miss");
});

test("BuiltDesk.page() gives the app the page with its status and its fields", async () => {
  const { desk } = createScene({ nonce: true, policy: "script-src 'strict-dynamic'" });
  const request = new Request("http://localhost/nope");
  const response = await desk.page(request, {
    status: 404,
    headers: { "x-own": "1" },
    inject: { globals: { missing: "/nope" } },
  });
  equal(response.status, 404);
  equal(response.headers.get("x-own"), "1");
  equal(response.headers.get("cache-control"), "private, no-store");
  const html = await response.text();
  const nonce = /<script nonce="([^"]+)">window\["missing"\]="\/nope"/.exec(html)?.[1];
  equal(
    response.headers.get("content-security-policy"),
    `script-src 'strict-dynamic' 'nonce-${nonce}'`,
  );
  const head = await desk.page(new Request(request, { method: "HEAD" }), {});
  equal(await head.text(), "");
});
