/** What frameworks build, served: a site of files, a server that listens as it is imported, and one that only answers. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import process from "node:process";
import { createSidecar, type SidecarEvent, type SidecarOptions } from "../../mod.ts";
import { eventually } from "../_support/eventually.ts";
import { inFolder } from "../_support/folder.ts";
import { hasProc, isLoopback, listeningSockets, processTree } from "../_support/listening.ts";
import { test } from "../_support/test.ts";

const manifest = (name: string): string => JSON.stringify({ dependencies: { [name]: "*" } });

interface Served {
  readonly origin: string;
  readonly events: readonly SidecarEvent[];
  ask(path: string, init?: RequestInit): Promise<Response>;
}

/** Read to its end: what is left open leaks. */
async function whole(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  return new Response(await answer.arrayBuffer(), { status, headers });
}

/** Serves a build of a framework, with an app in this process. */
async function served(
  files: Readonly<Record<string, string>>,
  use: (served: Served) => Promise<void>,
  options: SidecarOptions = {},
): Promise<void> {
  await inFolder(files, async ({ path: root }) => {
    const sidecar = await createSidecar({ root, dev: false, ...options }, {
      env: { PATH: process.env["PATH"], SECRET_KEY: "kept", PORT: "1", HOST: "0.0.0.0" },
    });
    const events: SidecarEvent[] = [];
    sidecar.onEvent((event) => events.push(event));
    try {
      const app = (request: Request): Response =>
        Response.json({
          app: new URL(request.url).pathname,
          cookie: request.headers.get("cookie"),
        });
      const { port } = sidecar.serve(app, { port: 0 });
      const origin = `http://127.0.0.1:${port}`;
      const ask = (path: string, init?: RequestInit): Promise<Response> =>
        fetch(`${origin}${path}`, { redirect: "manual", ...init }).then(whole);
      await sidecar.ready();
      await use({ origin, events, ask });
    } finally {
      await sidecar.close();
    }
  });
}

const SITE = {
  "package.json": manifest("@sveltejs/kit"),
  "build/index.html": "<h1>front</h1>",
  "build/about.html": "<h1>about</h1>",
  "build/blog/index.html": "<h1>blog</h1>",
  "build/404.html": "<h1>nothing</h1>",
  "build/_app/immutable/x.B1a2c3D4.js": "export {};",
};

const html = { headers: { accept: "text/html" } };

test("a site of files: pages however they are written, the app's paths, and the framework's 404", () =>
  served(SITE, async ({ ask }) => {
    for (const [path, text] of [["/", "front"], ["/about", "about"], ["/blog/", "blog"]]) {
      const page = await ask(path ?? "", html);
      equal(page.status, 200);
      match(await page.text(), new RegExp(`<h1>${text}</h1>`));
    }
    deepEqual(await (await ask("/api/x")).json(), { app: "/api/x", cookie: null });
    const missing = await ask("/nothing-here", html);
    equal(missing.status, 404);
    match(await missing.text(), /nothing/);
    const script = await ask("/_app/immutable/x.B1a2c3D4.js");
    match(script.headers.get("cache-control") ?? "", /immutable/);
    equal((await ask("/", { method: "POST", body: "x" })).status, 405);
  }));

test("a site with a fallback page gives it for documents, and for nothing else", () =>
  served({ ...SITE, "build/200.html": "<h1>any</h1>" }, async ({ ask }) => {
    const deep = await ask("/deep/link", html);
    equal(deep.status, 200);
    match(await deep.text(), /any/);
    equal((await ask("/missing.png", html)).status, 404);
    equal((await ask("/data", { headers: { accept: "application/json" } })).status, 404);
  }));

/** As Astro's and SvelteKit's: it listens as it is imported, where variables tell it. */
const SERVER = `
import { createServer } from "node:http";
const { HOST, PORT, SECRET_KEY, SIDECAR_API_URL, NODE_ENV } = process.env;
createServer(async (request, response) => {
  if (request.url === "/die") process.exit(7);
  const { host, origin } = request.headers;
  const proto = request.headers["x-forwarded-proto"];
  const api = await fetch(SIDECAR_API_URL + "/anything", { headers: { cookie: "session=1" } });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({
    host, origin, proto, SECRET_KEY, NODE_ENV, api: await api.json(), url: request.url, pid: process.pid,
  }));
}).listen(Number(PORT), HOST, () => console.log("listens"));
`;

const BUILT = {
  "package.json": manifest("astro"),
  "dist/server/entry.mjs": SERVER,
  "dist/client/_astro/x.B1a2c3D4.js": "export {};",
  "dist/client/page.html": "not ours to serve",
};

test("a server is run on loopback whatever the variables say, asks the app, and sees Host and Origin", () =>
  served(BUILT, async ({ ask, origin, events }) => {
    const headers = { origin: "https://a.example", "x-forwarded-proto": "https" };
    const said = await (await ask("/page?x=1", { headers })).json();
    equal(said.host, new URL(origin).host);
    equal(said.origin, "https://a.example");
    // A client's own word about it is not believed.
    equal(said.proto, "http");
    equal(said.SECRET_KEY, "kept");
    equal(said.NODE_ENV, "production");
    deepEqual(said.api, { app: "/anything", cookie: "session=1" });
    equal(said.url, "/page?x=1");
    ok(events.some((event) => event.kind === "output" && event.line === "listens"));
    if (!hasProc) return;
    const sockets = await listeningSockets(await processTree(said.pid));
    equal(sockets.length, 1);
    ok(sockets.every(({ address }) => isLoopback(address)), JSON.stringify(sockets));
  }));

test("hashed files are ours to serve; other files are the server's business", () =>
  served(BUILT, async ({ ask }) => {
    const script = await ask("/_astro/x.B1a2c3D4.js");
    match(script.headers.get("cache-control") ?? "", /immutable/);
    equal((await (await ask("/page.html")).json()).url, "/page.html");
  }));

test("a server that dies is started again, and who reads meanwhile waits for it", () =>
  served(BUILT, async ({ ask, events }) => {
    const before = await (await ask("/")).json();
    equal((await ask("/die", { method: "POST" })).status, 502);
    const after = await (await ask("/")).json();
    ok(after.pid !== before.pid);
    await eventually(
      "the news",
      () => events.some((event) => event.kind === "vite" && event.condition === "down"),
    );
  }));

test("a module that only answers is served, its body streamed and its cookies apart", () =>
  served({
    "package.json": manifest("@tanstack/react-start"),
    "dist/server/server.js": `export default { async fetch(request) {
      const headers = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
      return new Response(request.url + " " + await request.text(), { status: 201, headers });
    } };`,
    "dist/client/assets/x.B1a2c3D4.js": "export {};",
  }, async ({ ask, origin }) => {
    const answer = await ask("/f?x=1", { method: "POST", body: "sent" });
    equal(answer.status, 201);
    deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
    equal(await answer.text(), `${origin}/f?x=1 sent`);
    equal((await ask("/assets/x.B1a2c3D4.js")).status, 200);
  }));

test("a server that can't start is told with its reason", () =>
  inFolder({
    "package.json": manifest("astro"),
    "dist/server/entry.mjs": 'throw new Error("no key");',
  }, async ({ path: root }) => {
    const sidecar = await createSidecar({ root, dev: false }, {
      env: { PATH: process.env["PATH"] },
    });
    try {
      const { port } = sidecar.serve(undefined, { port: 0 });
      await rejects(sidecar.ready(), /Cannot start Astro: no key/);
      const answer = await fetch(`http://127.0.0.1:${port}/`, html);
      equal(answer.status, 503);
      // What is wrong is for the log alone.
      equal((await answer.text()).includes("no key"), false);
    } finally {
      await sidecar.close();
    }
  }));

test("without a build there is nothing to serve, and the error says what to do", () =>
  inFolder({ "package.json": manifest("nuxt") }, async ({ path: root }) => {
    await rejects(createSidecar({ root, dev: false }, { env: {} }), (error: unknown) => {
      match(String(error), /Cannot serve the build of Nuxt: there is none in ".*\.output"/);
      // The command line shows it.
      match(String((error as { hint?: unknown }).hint), /run the command "build" first/);
      return true;
    });
  }));

test("mode framework wants one, and the option names it where package.json does not", () =>
  inFolder({ "package.json": "{}", "dist/index.html": "<h1>site</h1>" }, async ({ path: root }) => {
    await rejects(createSidecar({ root, mode: "framework" }, { env: {} }), /has none of astro,/);
    const options = { root, framework: "astro", dev: false } as const;
    const sidecar = await createSidecar(options, { env: {} });
    equal(sidecar.status().build?.dir, `${root}/dist`);
    await sidecar.close();
  }));

test("a framework beside a page of Vite's own is a guest, unless it is asked for", () =>
  inFolder({ "package.json": manifest("astro"), "index.html": "" }, async ({ path: root }) => {
    const sidecar = await createSidecar({ root, dev: true }, { env: {} });
    equal(sidecar.status().vite?.name, "Vite");
    await sidecar.close();
    const asked = await createSidecar({ root, dev: true, mode: "framework" }, { env: {} });
    equal(asked.status().vite?.name, "Astro");
    await asked.close();
  }));

test("an app and a framework that both have /api are warned of", () =>
  served({ ...SITE, "src/routes/api/x/+server.ts": "" }, ({ events }) => {
    const warning = events.find(({ kind }) => kind === "warning");
    equal(
      warning !== undefined && "message" in warning && /viteRoutes/.test(warning.message),
      true,
    );
    return Promise.resolve();
  }));
