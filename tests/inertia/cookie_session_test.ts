/**
 * Sessions in a sealed cookie: what a visitor's own data is worth when it comes back.
 */
import { deepEqual, equal, match, notEqual, ok, rejects, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import {
  cookieSession,
  type CookieSessionOptions,
  createInertia,
  type Inertia,
  readPage,
  serveInertia,
} from "../../inertia/mod.ts";
import { CookieJar } from "../_support/cookie_jar.ts";
import { visit } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

const KEY = "a key of at least thirty-two characters";
const NOW_MS = Date.UTC(2026, 10, 1);

interface App {
  readonly inertia: Inertia;
  readonly jar: CookieJar;
  readonly reports: string[];
  now: number;
}

/** `/put?name=value` keeps, `/flash?…` tells, `/errors?…` too, `/` is a page with what is kept. */
function createApp(options: CookieSessionOptions = {}): App {
  const reports: string[] = [];
  const clock = { now: NOW_MS };
  const inertia = createInertia({
    session: cookieSession({ keys: KEY, ...options }),
    csrf: false,
    now: () => clock.now,
    report: (error) => void reports.push((error as Error).message),
  });
  const handler = (request: Request): Promise<Response> =>
    inertia.handle(request, async () => {
      const { pathname, searchParams } = new URL(request.url);
      const values = Object.fromEntries(searchParams);
      if (pathname === "/plain") return new Response("nobody's");
      const session = await inertia.session(request);
      if (pathname === "/put") session.put(values);
      if (pathname === "/forget") session.forget(...searchParams.keys());
      if (pathname === "/login") session.regenerate();
      if (pathname === "/logout") session.invalidate();
      if (pathname === "/flash") return inertia.redirect(request, "/", { flash: values });
      if (pathname === "/errors") return inertia.redirect(request, "/", { errors: values });
      return inertia.render(request, "Home", { kept: session.all() });
    });
  return Object.assign(clock, { inertia, jar: new CookieJar(handler), reports });
}

const kept = async (response: Response): Promise<unknown> =>
  (await readPage(response)).props["kept"];

test("what is put is there at the next request, encrypted, and for nobody else", async () => {
  const { jar, reports } = createApp();
  const answer = await jar.send("/put?name=Ada");
  const [cookie = ""] = answer.headers.getSetCookie();
  match(cookie, /^session=Fe26\.2\*[^; ]+; Path=\/; Max-Age=7200; HttpOnly; SameSite=Lax$/);
  const parts = cookie.split(/[*;]/).map((part) =>
    Buffer.from(part, "base64url").toString("latin1")
  );
  ok(![cookie, ...parts].some((text) => text.includes("Ada")));
  deepEqual(await kept(await jar.send("/")), { name: "Ada" });
  deepEqual(await kept(await createApp().jar.send("/")), {});
  deepEqual(reports, []);
});

test("a cookie is set only when something changed", async () => {
  const { jar } = createApp();
  equal((await jar.send("/")).headers.has("set-cookie"), false);
  equal((await jar.send("/put?a=1")).headers.getSetCookie().length, 1);
  equal((await jar.send("/")).headers.has("set-cookie"), false);
  equal((await jar.send("/put?a=1")).headers.has("set-cookie"), false, "the same value again");
  equal((await jar.send("/plain")).headers.has("set-cookie"), false);
});

test("nothing is left of a session in which nothing is left", async () => {
  const { jar } = createApp();
  await jar.send("/put?a=1");
  const [cookie] = (await jar.send("/forget?a")).headers.getSetCookie();
  equal(cookie, "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
  equal(jar.cookies.size, 0);
  await jar.send("/flash?a=1");
  equal(jar.cookies.size, 1);
  deepEqual((await readPage(await jar.send("/"))).flash, { a: "1" });
  equal(jar.cookies.size, 0);
});

test("what the app keeps survives what is told once", async () => {
  const { jar } = createApp();
  await jar.send("/put?user=42");
  await jar.send("/flash?saved=yes");
  const page = await readPage(await jar.send("/"));
  deepEqual([page.flash, page.props["kept"]], [{ saved: "yes" }, { user: "42" }]);
  deepEqual(await kept(await jar.send("/")), { user: "42" });
  await jar.send("/flash?late=yes");
  await jar.send("/logout");
  equal(jar.cookies.size, 0);
});

test("over HTTPS the cookie is of this host alone, and nobody without TLS sets it", async () => {
  const { inertia } = createApp();
  const put = async (url: string, inertia_ = inertia, headers = {}) => {
    const request = new Request(url, { headers });
    const answer = await inertia_.handle(request, async () => {
      (await inertia_.session(request)).put("a", 1);
      return new Response();
    });
    return answer.headers.getSetCookie()[0]?.replace(/=Fe26[^;]+/, "=…");
  };
  const secure = "__Host-session=…; Path=/; Max-Age=7200; HttpOnly; Secure; SameSite=Lax";
  equal(await put("https://example.org/"), secure);
  const proxied = createInertia({ session: cookieSession({ keys: KEY }), trustProxy: true });
  equal(await put("http://10.0.0.1/", proxied, { "x-forwarded-proto": "https" }), secure);
  const always = createInertia({ session: cookieSession({ keys: KEY, secure: true }) });
  equal(await put("http://10.0.0.1/", always), secure);
  const wide = cookieSession({ keys: KEY, domain: "example.org", sameSite: "strict", name: "s" });
  equal(
    await put("https://a.example.org/", createInertia({ session: wide })),
    "s=…; Path=/; Domain=example.org; Max-Age=7200; HttpOnly; Secure; SameSite=Strict",
  );
  // The name without the prefix is anybody's, so over HTTPS it is nobody's.
  const { jar } = createApp();
  await jar.send("/put?a=planted");
  const request = new Request("https://localhost/", { headers: { cookie: jar.field } });
  const page = await readPage(
    await inertia.render(request, "X", { kept: (await inertia.session(request)).all() }),
  );
  deepEqual(page.props["kept"], {});
});

test("another key opens nothing; an old one opens, and the cookie is sealed with the new", async () => {
  const before = createApp();
  await before.jar.send("/put?user=42");
  const sealed = before.jar.cookies.get("session");
  const other = createApp({ keys: "another key of at least thirty-two characters" });
  const stranger = new CookieJar(otherHandler(other));
  stranger.cookies.set("session", sealed ?? "");
  deepEqual(await kept(await stranger.send("/")), {});
  match(other.reports.join(), /^Cannot open the session's cookie/);

  const rotated = createApp({ keys: [crypto.getRandomValues(new Uint8Array(32)), KEY] });
  rotated.jar.cookies.set("session", sealed ?? "");
  deepEqual(await kept(await rotated.jar.send("/")), { user: "42" });
  notEqual(rotated.jar.cookies.get("session"), sealed);
  equal((await rotated.jar.send("/")).headers.has("set-cookie"), false, "sealed anew only once");
  deepEqual(await kept(await rotated.jar.send("/")), { user: "42" });
  deepEqual(rotated.reports, []);
});

const otherHandler = ({ inertia }: App) => (request: Request) =>
  inertia.handle(
    request,
    async () => inertia.render(request, "Home", { kept: (await inertia.session(request)).all() }),
  );

test("a cookie of another name is nothing under this one", async () => {
  const one = createApp({ name: "one" });
  await one.jar.send("/put?admin=yes");
  const two = createApp({ name: "two" });
  two.jar.cookies.set("two", one.jar.cookies.get("one") ?? "");
  deepEqual(await kept(await two.jar.send("/")), {});
});

test("a session that nobody uses is over; one that is used goes on", async () => {
  const app = createApp({ maxAge: 100 });
  await app.jar.send("/put?a=1");
  app.now += 49_000;
  equal((await app.jar.send("/")).headers.has("set-cookie"), false);
  app.now += 2_000;
  match((await app.jar.send("/")).headers.getSetCookie()[0] ?? "", /Max-Age=100/);
  app.now += 99_000;
  const old = app.jar.copy();
  deepEqual(await kept(await app.jar.send("/")), { a: "1" });
  app.now += 1_000;
  deepEqual(await kept(await old.send("/")), {}, "the one that was not set anew");
  app.now += 400 * 86_400_000;
  deepEqual(await kept(await app.jar.send("/")), {});
  app.now = NOW_MS - 86_400_000;
  deepEqual(await kept(await app.jar.send("/")), { a: "1" }, "a clock that goes back");
});

test("a cookie with any character changed is a stranger's, and reported", async () => {
  const { jar, reports } = createApp();
  await jar.send("/put?user=42");
  const sealed = jar.cookies.get("session") ?? "";
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed[at] === "A" ? "B" : "A";
    const forged = jar.copy();
    forged.cookies.set("session", sealed.slice(0, at) + changed + sealed.slice(at + 1));
    const answer = await forged.send("/");
    equal(answer.status, 200);
    // The last character of a base64 text may carry bits that mean nothing.
    if (reports.length === 0) deepEqual(await kept(answer), { user: "42" });
    else deepEqual(await kept(answer), {}, `character ${at}`);
    ok(reports.length === 1 || at === sealed.length - 1, `character ${at} is reported`);
    reports.length = 0;
  }
});

test("garbage in the field is a stranger's, never a 500", async () => {
  const { jar, inertia } = createApp();
  await jar.send("/put?user=42");
  const sealed = jar.cookies.get("session") ?? "";
  const keptWith = async (cookie: string): Promise<unknown> => {
    const request = visit("/", { headers: { cookie } });
    return await kept(
      await inertia.handle(
        request,
        async () =>
          inertia.render(request, "Home", { kept: (await inertia.session(request)).all() }),
      ),
    );
  };
  const many = Array.from({ length: 1000 }, (_, at) => `c${at}=v`).join("; ");
  const garbage = [
    "session",
    "session=",
    "session==",
    ";;;=;",
    `session=${"x".repeat(100_000)}`,
    `session=${sealed.slice(0, -10)}`,
    "session=Fe26.2*a*b*c*d*e*f*g",
    "session=Fe26.2*__proto__**aaaa*aaaa**",
    "session=Fe26.2*constructor**aaaa*aaaa**",
    "session=%00%ff",
    "session=gr\u00fc\u00df",
    `sessions=${sealed}`,
    `x-session=${sealed}`,
    many,
    Array.from({ length: 1000 }, () => "session=x").join("; "),
  ];
  for (const cookie of garbage) deepEqual(await keptWith(cookie), {}, cookie.slice(0, 40));
  const user = { user: "42" };
  deepEqual(await keptWith(`${many}; session=${sealed}; ${many}`), user, "among a thousand");
  deepEqual(await keptWith(`session="${sealed}"`), user, "in quotes");
  deepEqual(await keptWith(`  session = ${sealed} ;`), user, "with blanks");
  deepEqual(await keptWith(`a="x; y"; session=${sealed}`), user, "behind quotes");
  deepEqual(await keptWith(`session=tossed; session=${sealed}`), user, "twice, one of them right");
});

test("of two that open, the browser's first counts: that of the longer path", async () => {
  const [one, two] = [createApp(), createApp()];
  await one.jar.send("/put?user=1");
  await two.jar.send("/put?user=2");
  const values = [one, two].map(({ jar }) => jar.field).join("; ");
  const request = visit("/", { headers: { cookie: values } });
  deepEqual((await one.inertia.session(request)).all(), { user: "1" });
});

test("errors and flash that do not fit are lost and reported; what the app keeps stays", async () => {
  const { jar, reports } = createApp();
  await jar.send("/put?user=42");
  const answer = await jar.send(`/errors?name=${"x".repeat(4000)}`);
  equal(answer.status, 302);
  ok((answer.headers.getSetCookie()[0] ?? "").length < 4096 + 100);
  match(reports.join(), /^Cannot keep the session's flash and errors: the cookie "session" would/);
  deepEqual(await kept(await jar.send("/")), { user: "42" });
});

test("data that does not fit is an error, and the cookie that was there stays whole", async () => {
  const { jar, reports } = createApp();
  await jar.send("/put?user=42");
  const before = jar.cookies.get("session");
  await rejects(jar.send(`/put?text=${"x".repeat(4000)}`), {
    name: "SessionError",
    message: "Cannot keep the session: what keeps it failed",
  });
  match(reports.join(), /^Cannot keep the session's data: .* browsers keep 4096 bytes/);
  equal(jar.cookies.get("session"), before);
  // The largest that fits, and one more.
  let length = 1;
  while ((await sizeOf(length)) !== undefined) length += 1;
  ok(length > 10);

  async function sizeOf(size: number): Promise<number | undefined> {
    const fresh = createApp().jar;
    const text = "x".repeat(size * 100);
    const answer = await fresh.send(`/put?text=${text}`).catch(() => undefined);
    if (answer !== undefined) {
      ok(`__Host-session=${fresh.cookies.get("session")}`.length <= 4096);
      deepEqual(await kept(await fresh.send("/")), { text });
    }
    return answer === undefined ? undefined : size;
  }
});

test("what is no JSON is an error of who put it", async () => {
  const { inertia, reports } = createApp();
  const fetch = serveInertia(inertia, async (request) => {
    (await inertia.session(request)).put("big", 10n);
    return new Response();
  });
  const log = console.error;
  console.error = () => {};
  try {
    equal((await fetch(visit("/"))).status, 500);
  } finally {
    console.error = log;
  }
  match(reports.join(), /BigInt/);
});

test("without a key: refused in production, made up in development, and said so", () => {
  const { env } = process;
  const [key, mode] = [env["LV_SESSION_KEY"], env["NODE_ENV"]];
  const warn = console.warn;
  const warnings: string[] = [];
  console.warn = (text: string) => void warnings.push(text);
  try {
    delete env["LV_SESSION_KEY"];
    for (const production of [undefined, "production"]) {
      if (production === undefined) delete env["NODE_ENV"];
      else env["NODE_ENV"] = production;
      throws(() => cookieSession(), /^TypeError: Cannot seal sessions: there is no key; set LV_/);
      throws(() => cookieSession({ keys: [] }), /there is no key/);
      throws(() => cookieSession({ keys: "" }), /there is no key/);
    }
    deepEqual(warnings, []);
    cookieSession({ dev: true });
    env["NODE_ENV"] = "development";
    cookieSession();
    equal(warnings.length, 2);
    match(warnings[0] ?? "", /as long as this process: set LV_SESSION_KEY/);
    throws(() => cookieSession({ dev: false }), /there is no key/);
    env["LV_SESSION_KEY"] = `${KEY}, too short`;
    throws(() => cookieSession(), /^TypeError: Cannot use key 2 of 2 for sessions: it has 9/);
    throws(() => cookieSession({ keys: new Uint8Array(31) }), /key 1 of 1.*31.*needs 32/);
    env["LV_SESSION_KEY"] = KEY;
    env["NODE_ENV"] = "production";
    cookieSession();
    equal(warnings.length, 2);
  } finally {
    console.warn = warn;
    for (const [name, value] of [["LV_SESSION_KEY", key], ["NODE_ENV", mode]] as const) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  }
});

test("what a browser would refuse is refused", () => {
  const wrong: CookieSessionOptions[] = [
    { name: "" },
    { name: "a b" },
    { name: "a=b" },
    { name: "a;b" },
    { path: "relative" },
    { path: "/; Secure" },
    { path: "/a\r\nb: c" },
    { domain: "a.test; Path=/x" },
    { maxAge: 0 },
    { maxAge: 1.5 },
    { maxAge: NaN },
    { sameSite: "none", secure: false },
  ];
  for (const options of wrong) {
    throws(() => cookieSession({ keys: KEY, ...options }), TypeError, JSON.stringify(options));
  }
});

test("two requests at once that change nothing keep what a third one changes", async () => {
  const { jar } = createApp();
  await jar.send("/put?a=1");
  const [one, two, three] = await Promise.all([
    jar.copy().send("/"),
    jar.copy().send("/put?b=2"),
    jar.copy().send("/plain"),
  ]);
  deepEqual([one, two, three].map(({ headers }) => headers.getSetCookie().length), [0, 1, 0]);
  for (const answer of [two, three, one]) jar.keep(answer);
  deepEqual(await kept(await jar.send("/")), { a: "1", b: "2" });
});

test("who names no session has this one where the environment has a key, and none where it says so", async () => {
  const before = process.env["LV_SESSION_KEY"];
  process.env["LV_SESSION_KEY"] = KEY;
  try {
    const inertia = createInertia();
    const token = await inertia.csrfToken(visit("/"));
    match(token, /./);
    const none = createInertia({ session: false, report: () => {} });
    await rejects(() => none.csrfToken(visit("/")), /there is none/);
  } finally {
    if (before === undefined) delete process.env["LV_SESSION_KEY"];
    else process.env["LV_SESSION_KEY"] = before;
  }
});
