/**
 * Requests that another site made a browser send.
 */
import { deepEqual, equal, match, notEqual, ok, throws } from "node:assert/strict";
import { Hono } from "hono";
import {
  cookieSession,
  createInertia,
  type CsrfOptions,
  honoInertia,
  type Inertia,
  memorySession,
  readPage,
} from "../../inertia/mod.ts";
import { CookieJar } from "../_support/cookie_jar.ts";
import { testSession, visit, type VisitOptions } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

const KEY = "a key of at least thirty-two characters";

interface App {
  readonly inertia: Inertia;
  readonly jar: CookieJar;
  /** Requests that reached the handler. */
  readonly reached: string[];
}

/** `/` is a page, a POST says what it got, `/login` and `/logout` do so. */
function createApp(csrf: boolean | CsrfOptions = true, trustProxy = false): App {
  const reached: string[] = [];
  const session = cookieSession({ keys: KEY });
  const inertia = createInertia({ session, csrf, trustProxy });
  const handler = (request: Request): Promise<Response> =>
    inertia.handle(request, async () => {
      const { pathname } = new URL(request.url);
      if (request.method === "GET") return inertia.render(request, "Home");
      reached.push(`${request.method} ${pathname} ${await request.text()}`);
      const session = await inertia.session(request);
      if (pathname === "/login") session.regenerate();
      if (pathname === "/logout") session.invalidate();
      return inertia.redirect(request, "/");
    });
  return { inertia, jar: new CookieJar(handler), reached };
}

const tokenOf = ({ cookies }: CookieJar): string => cookies.get("XSRF-TOKEN") ?? "";
const POST = { method: "POST", headers: {} } satisfies VisitOptions;
const post = (headers: Readonly<Record<string, string>>): VisitOptions => ({ ...POST, headers });

test("a page brings the token that the client sends back; a cookie of its own, set once", async () => {
  const { jar, reached } = createApp();
  const page = await jar.send("/");
  equal(page.headers.getSetCookie().length, 2);
  const cookie = page.headers.getSetCookie().find((text) => text.startsWith("XSRF-TOKEN="));
  // Scripts read it: that is what it is for.
  match(cookie ?? "", /^XSRF-TOKEN=[0-9a-f]{64}; Path=\/; SameSite=Lax$/);
  equal((await jar.send("/")).headers.has("set-cookie"), false);
  equal((await jar.send("/save", { ...POST, body: "a=1" })).status, 302);
  deepEqual(reached, ["POST /save a=1"]);
});

test("over HTTPS the cookie is for HTTPS", async () => {
  const { inertia } = createApp({ path: "/app", domain: "example.org" });
  const request = new Request("https://example.org/app");
  const answer = await inertia.handle(request, () => inertia.render(request, "Home"));
  match(
    answer.headers.getSetCookie().join("\n"),
    /XSRF-TOKEN=\w+; Path=\/app; Domain=example\.org; Secure; SameSite=Lax/,
  );
});

test("without the token of the session nothing that changes something is run", async () => {
  const { jar, reached } = createApp();
  await jar.send("/");
  const other = createApp().jar;
  await other.send("/");
  const token = tokenOf(jar);
  const wrong = [
    "",
    token.slice(0, -1),
    `${token}0`,
    token.toUpperCase() === token ? token.toLowerCase() : token.toUpperCase(),
    token.replace(/^./, (first) => first === "0" ? "1" : "0"),
    tokenOf(other),
    `${token}, ${token}`,
    "undefined",
    "__proto__",
    "%ff",
    "x".repeat(50_000),
  ];
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "QUERY"]) {
    for (const value of wrong) {
      const response = await jar.copy().send("/", { method, headers: { "X-XSRF-TOKEN": value } });
      ok([302, 303].includes(response.status), `${method} ${value}`);
      deepEqual(reached, [], `${method} ${value}`);
    }
  }
  const bare = new CookieJar((request) =>
    createApp().jar.send(new URL(request.url).pathname, POST)
  );
  await bare.send("/");
  deepEqual(reached, []);
});

test("what changes nothing needs no token", async () => {
  const { inertia } = createApp();
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    const request = visit("/", { method });
    equal((await inertia.handle(request, () => new Response("run"))).status, 200, method);
  }
});

test("a token planted by a subdomain, or twice, helps nobody", async () => {
  const { jar, reached } = createApp();
  await jar.send("/");
  const planted = "f".repeat(64);
  const tossed = jar.copy();
  tossed.cookies.set("XSRF-TOKEN", planted);
  await tossed.send("/", POST);
  const twice = jar.request(
    "/",
    post({
      cookie: `XSRF-TOKEN=${planted}; ${jar.field}`,
      "X-XSRF-TOKEN": planted,
    }),
  );
  await createApp().inertia.handle(twice, () => new Response(String(reached.push("twice"))));
  deepEqual(reached, []);
});

test("an expired visit goes back to its page, with a word and a token that works", async () => {
  const { jar, reached } = createApp();
  await jar.send("/");
  jar.cookies.set("XSRF-TOKEN", "0".repeat(64));
  const answer = await jar.send("/save", post({ referer: "http://localhost/form" }));
  equal(answer.status, 302);
  equal(answer.headers.get("location"), "http://localhost/form");
  const page = await readPage(await jar.send("/form"));
  deepEqual(page.flash, { message: "The page expired, please try again." });
  await jar.send("/save", { ...POST, body: "again" });
  deepEqual(reached, ["POST /save again"]);
  jar.cookies.clear();
  equal((await jar.send("/save", { method: "DELETE" })).status, 303, "a session that is over");
  deepEqual((await readPage(await jar.send("/"))).flash, {
    message: "The page expired, please try again.",
  });
});

test("everybody else gets a bare 419, and no session", async () => {
  const { inertia } = createApp();
  const answer = await inertia.handle(
    new Request("http://localhost/", { method: "POST" }),
    () => new Response("run"),
  );
  deepEqual([answer.status, await answer.text()], [419, "Page Expired"]);
  equal(answer.headers.has("set-cookie"), false);
  equal(answer.headers.get("vary"), "X-Inertia");
});

test("an app answers with a page of its own, and the client shows it", async () => {
  const inertia: Inertia = createInertia({
    session: cookieSession({ keys: KEY }),
    csrf: {
      expired: (request) => inertia.render(request, "Expired", { retry: true }, { status: 419 }),
    },
  });
  const answer = await inertia.handle(visit("/save", POST), () => new Response("run"));
  deepEqual([answer.status, answer.headers.get("x-inertia")], [419, "true"]);
  equal((await readPage(answer)).component, "Expired");
  equal(answer.headers.getSetCookie().length, 2, "the next try has a token");
});

test("another origin is refused before the token is looked at", async () => {
  const { jar, reached } = createApp({ trustedOrigins: ["https://admin.example.org"] });
  await jar.send("/");
  const foreign: Record<string, string>[] = [
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
    { "Sec-Fetch-Site": "nonsense" },
    { "Sec-Fetch-Site": "" },
    { "Sec-Fetch-Site": "cross-site", Origin: "http://localhost" },
    { Origin: "http://evil.test" },
    { Origin: "null" },
    { Origin: "" },
    { Origin: "http://localhost.evil.test" },
    { Origin: "http://localhost:8000" },
    { Origin: "http://localhost@evil.test" },
    { Origin: "https://admin.example.org.evil.test" },
  ];
  for (const headers of foreign) {
    const answer = await jar.send("/", post(headers));
    deepEqual([answer.status, reached], [419, []], JSON.stringify(headers));
    equal(answer.headers.has("set-cookie"), false);
  }
  const own: Record<string, string>[] = [
    { "Sec-Fetch-Site": "same-origin" },
    // A proxy changed the Host; the browser still knows.
    { "Sec-Fetch-Site": "same-origin", Origin: "https://public.example.org" },
    { "Sec-Fetch-Site": "none" },
    { Origin: "http://localhost" },
    // TLS ends at a proxy.
    { Origin: "https://localhost" },
    { "Sec-Fetch-Site": "cross-site", Origin: "https://admin.example.org" },
  ];
  for (const headers of own) {
    const { status } = await jar.send("/", post(headers));
    deepEqual([status, reached.splice(0)], [302, ["POST / "]], JSON.stringify(headers));
    // It is not proof enough: a page of ours may hold what somebody else wrote.
    await jar.send("/", post({ ...headers, "X-XSRF-TOKEN": "wrong" }));
    deepEqual(reached, [], JSON.stringify(headers));
  }
});

test("the field _token of a form will do, and the form is still there", async () => {
  const { jar, inertia } = createApp();
  await jar.send("/");
  const send = async (body: BodyInit, headers: Record<string, string> = {}) => {
    const request = new Request("http://localhost/save", {
      method: "POST",
      headers: { cookie: jar.field, ...headers },
      body,
    });
    const answer = await inertia.handle(
      request,
      async () => new Response((await request.formData()).get("name")?.toString()),
    );
    return answer.status === 200 ? await answer.text() : answer.status;
  };
  const fields = (token: string): Record<string, string> => ({ _token: token, name: "Ada" });
  equal(await send(new URLSearchParams(fields(tokenOf(jar)))), "Ada");
  equal(await send(new URLSearchParams(fields("wrong"))), 419);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields(tokenOf(jar)))) form.append(name, value);
  form.append("file", new File(["content"], "a.txt"));
  equal(await send(form), "Ada");
  form.set("_token", new File([tokenOf(jar)], "token"));
  equal(await send(form), 419, "a file is no token");
  equal(await send("--x\r\nnonsense", { "content-type": "multipart/form-data; boundary=x" }), 419);
  equal(await send("{}", { "content-type": "application/json" }), 419);
  const large = new URLSearchParams({ ...fields(tokenOf(jar)), text: "x".repeat(2 ** 20) });
  equal(await send(large), 419, "too large to be looked into");
  equal(await send(large, { "X-CSRF-TOKEN": tokenOf(jar) }), "Ada");
});

test("what is excepted is not checked: by path, or by a function", async () => {
  const { jar, reached } = createApp({ except: ["/webhooks/*", "exact", "/a.b"] });
  for (const path of ["/webhooks/stripe/1?x=1", "/exact", "/a.b"]) await jar.send(path, POST);
  equal(reached.splice(0).length, 3);
  const near = [
    ...["/webhook", "/exact/more", "/my/exact", "/axb", "/x/webhooks/a", "/?/webhooks/"],
    "/webhooks/../admin",
    "/webhooks/%2e%2e/admin",
  ];
  for (const path of near) await jar.send(path, POST);
  deepEqual(reached, []);
  const byFunction = createApp({ except: ({ headers }) => headers.get("authorization") !== null });
  await byFunction.jar.send("/", post({ authorization: "Bearer x" }));
  await byFunction.jar.send("/", POST);
  equal(byFunction.reached.length, 1);
});

test("a login and a logout make every token from before worthless", async () => {
  const { jar, reached } = createApp();
  await jar.send("/");
  const before = tokenOf(jar);
  await jar.send("/login", POST);
  notEqual(tokenOf(jar), before);
  reached.length = 0;
  await jar.copy().send("/", post({ "X-XSRF-TOKEN": before }));
  deepEqual(reached, []);
  await jar.send("/", POST);
  equal(reached.length, 1);
  const loggedIn = tokenOf(jar);
  await jar.send("/logout", POST);
  await jar.send("/");
  notEqual(tokenOf(jar), loggedIn);
});

test("it is on with a session that keeps a token, else on demand, and never without a session", async () => {
  const isRefused = async (inertia: Inertia): Promise<boolean> =>
    (await inertia.handle(
      new Request("http://localhost/", { method: "POST" }),
      () => new Response("run"),
    )).status === 419;
  const sealed = cookieSession({ keys: KEY });
  equal(await isRefused(createInertia({ session: sealed })), true);
  equal(await isRefused(createInertia({ session: sealed, csrf: false })), false);
  equal(await isRefused(createInertia({ session: testSession() })), false);
  equal(await isRefused(createInertia({ session: testSession(), csrf: {} })), true);
  equal(await isRefused(createInertia({ session: memorySession(), csrf: true })), true);
  equal(await isRefused(createInertia()), false);
  throws(() => createInertia({ csrf: true }), /^TypeError: Cannot refuse forged requests: csrf is/);
  throws(
    () => createInertia({ session: sealed, csrf: { trustedOrigins: ["https://a.test/"] } }),
    /^TypeError: Cannot use "https:\/\/a\.test\/" as a trusted origin/,
  );
});

test("in Hono a forged request reaches no handler", async () => {
  const { inertia } = createApp();
  let runs = 0;
  const app = new Hono();
  app.use(honoInertia(inertia));
  app.get("/", (c) => inertia.render(c.req.raw, "Home"));
  app.post("/", (c) => c.text(String(++runs)));
  const jar = new CookieJar((request) => app.request(request));
  await jar.send("/");
  equal((await jar.send("/", post({ "Sec-Fetch-Site": "cross-site" }))).status, 419);
  equal(runs, 0);
  equal(await (await jar.send("/", POST)).text(), "1");
});

test("alone: verifyCsrf() gives the answer, or lets the request go on", async () => {
  const { inertia, jar } = createApp();
  await jar.send("/");
  equal(await inertia.verifyCsrf(jar.request("/", POST)), undefined);
  equal(await inertia.verifyCsrf(jar.request("/")), undefined);
  const refused = await inertia.verifyCsrf(
    jar.request("/", post({ "X-XSRF-TOKEN": "x", referer: "http://localhost/form" })),
  );
  deepEqual([refused?.status, refused?.headers.get("location")], [302, "http://localhost/form"]);
  jar.keep(refused ?? new Response());
  deepEqual((await readPage(await jar.send("/"))).flash, {
    message: "The page expired, please try again.",
  });
  equal((await inertia.verifyCsrf(new Request("http://localhost/", POST)))?.status, 419);
});

test("csrfToken() is the token of the session, for the document and for forms", async () => {
  const { inertia, jar } = createApp();
  const asked: string[] = [];
  const handler = (request: Request): Promise<Response> =>
    inertia.handle(request, async () => {
      asked.push(await inertia.csrfToken(request));
      return new Response("<form>", { headers: { "content-type": "text/html" } });
    });
  const own = jar.copy(handler);
  equal((await own.send("/")).headers.getSetCookie().length, 2, "a document that is no page");
  await own.send("/");
  deepEqual(asked, [tokenOf(own), tokenOf(own)]);
});

test("a prefetch neither makes a session nor sets a token", async () => {
  const { jar } = createApp();
  const answer = await jar.send("/", { headers: { Purpose: "prefetch" } });
  equal(answer.headers.has("set-cookie"), false);
});
