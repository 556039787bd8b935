/**
 * Sessions in a store: several machines, one of them slow, and a store that fails.
 */
import { deepEqual, equal, match, notEqual, ok, rejects } from "node:assert/strict";
import { createStorage } from "unstorage";
import redisDriver from "unstorage/drivers/redis";
import {
  createInertia,
  type Inertia,
  type InertiaOptions,
  readPage,
  serveInertia,
  type SessionStorage,
  storeSession,
  type StoreSessionOptions,
} from "../../inertia/mod.ts";
import { CookieJar } from "../_support/cookie_jar.ts";
import { visit } from "../_support/inertia_visit.ts";
import { hasRedis, startRedis } from "../_support/redis.ts";
import { test } from "../_support/test.ts";

const NOW_MS = Date.UTC(2026, 10, 1);

interface App {
  readonly inertia: Inertia;
  readonly jar: CookieJar;
  readonly handler: (request: Request) => Promise<Response>;
  readonly reports: string[];
  now: number;
}

interface AppOptions extends Omit<StoreSessionOptions, "storage"> {
  readonly csrf?: InertiaOptions["csrf"];
  /** Called while a request runs, after it read the session. */
  readonly meanwhile?: (path: string) => Promise<unknown>;
}

/** `/put?name=value` keeps, `/login` and `/logout` do so, `/flash` tells, `/plain` and `/json` have no session. */
function createApp(
  storage: SessionStorage,
  { csrf = false, meanwhile, ...options }: AppOptions = {},
): App {
  const reports: string[] = [];
  const clock = { now: NOW_MS };
  const inertia = createInertia({
    session: storeSession({ storage, ...options }),
    csrf,
    now: () => clock.now,
    report: (error, { source }) => void reports.push(`${source}: ${(error as Error).message}`),
  });
  const handler = (request: Request): Promise<Response> =>
    inertia.handle(request, async () => {
      const { pathname, searchParams } = new URL(request.url);
      const values = Object.fromEntries(searchParams);
      if (pathname === "/plain") return new Response("a file");
      if (pathname === "/page") return inertia.render(request, "Home");
      const session = await inertia.session(request);
      await meanwhile?.(pathname);
      if (pathname === "/put") session.put(values);
      if (pathname === "/login") session.regenerate();
      if (pathname === "/logout") session.invalidate();
      if (pathname === "/flash") return inertia.redirect(request, "/", { flash: values });
      return inertia.render(request, "Home", { kept: session.all() });
    });
  return Object.assign(clock, { inertia, handler, jar: new CookieJar(handler), reports });
}

const kept = async (response: Response): Promise<unknown> =>
  (await readPage(response)).props["kept"];

const keysOf = async (storage: ReturnType<typeof createStorage>): Promise<string[]> =>
  await storage.getKeys();

test("a visitor has an id that says nothing, and the store what was kept", async () => {
  const storage = createStorage();
  const { jar } = createApp(storage);
  equal((await jar.send("/")).headers.has("set-cookie"), false, "nothing to keep, no session");
  const [cookie = ""] = (await jar.send("/put?name=Ada")).headers.getSetCookie();
  match(cookie, /^session=[0-9a-f]{64}; Path=\/; Max-Age=7200; HttpOnly; SameSite=Lax$/);
  deepEqual(await kept(await jar.send("/")), { name: "Ada" });
  deepEqual(await keysOf(storage), [`session:${jar.cookies.get("session")}`]);
  equal((await jar.send("/put?name=Grace")).headers.has("set-cookie"), false, "it has its id");
  deepEqual(await kept(await jar.send("/")), { name: "Grace" });
});

test("an id that we did not give is nobody's: no session can be planted", async () => {
  const storage = createStorage();
  const { jar } = createApp(storage);
  const planted = "a".repeat(64);
  for (const id of [planted, "../../etc/passwd", "session:x", "", "%00", "x".repeat(10_000)]) {
    jar.cookies.set("session", id);
    await jar.send("/put?user=42");
    notEqual(jar.cookies.get("session"), id);
    match(jar.cookies.get("session") ?? "", /^[0-9a-f]{64}$/);
  }
  equal(await storage.hasItem(`session:${planted}`), false);
  jar.cookies.set("x", `${"y".repeat(50)}"`);
  for (let at = 0; at < 1000; at++) jar.cookies.set(`c${at}`, "v");
  deepEqual(await kept(await jar.send("/")), { user: "42" });
});

test("a login gives another id and keeps the values; the old id is void", async () => {
  const storage = createStorage();
  const { jar } = createApp(storage);
  await jar.send("/put?cart=3");
  const before = jar.copy();
  await jar.send("/login");
  notEqual(jar.cookies.get("session"), before.cookies.get("session"));
  deepEqual(await kept(await jar.send("/")), { cart: "3" });
  deepEqual(await kept(await before.send("/")), {});
  equal((await keysOf(storage)).length, 1);
});

test("a logout leaves nothing, neither in the browser nor in the store", async () => {
  const storage = createStorage();
  const { jar } = createApp(storage);
  await jar.send("/put?user=42");
  const before = jar.copy();
  await jar.send("/flash?left=behind");
  await jar.send("/logout");
  deepEqual([jar.cookies.size, await keysOf(storage)], [0, []]);
  deepEqual(await kept(await before.send("/")), {});
});

test("a slow request does not bring back a session that was ended meanwhile", async () => {
  const storage = createStorage();
  const waiting = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const { jar, reports } = createApp(storage, {
    meanwhile: async (path) => {
      if (path !== "/put" || !jar.cookies.has("session")) return;
      arrived.resolve();
      await waiting.promise;
    },
  });
  await jar.send("/put?user=42");
  const late = jar.copy().send("/put?late=yes");
  await arrived.promise;
  await jar.send("/logout");
  waiting.resolve();
  equal((await late).headers.has("set-cookie"), false, "it must not end the session that came");
  deepEqual(await keysOf(storage), []);
  deepEqual(reports, [
    "session: Cannot keep a change of the session: it was ended by another request",
  ]);
});

test("requests at the same time each keep what they changed, and take only what they told", async () => {
  const storage = createStorage();
  const all = Promise.withResolvers<void>();
  let inside = 0;
  const { jar } = createApp(storage, {
    meanwhile: async (path) => {
      if (path !== "/put" || !jar.cookies.has("session")) return;
      if (++inside === 20) all.resolve();
      await all.promise;
    },
  });
  await jar.send("/put?first=yes");
  const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
  await Promise.all(names.map((name) => jar.copy().send(`/put?${name}=1`)));
  deepEqual(await kept(await jar.send("/")), {
    first: "yes",
    ...Object.fromEntries(names.map((name) => [name, "1"])),
  });
});

test("flash that comes while a page is made is not taken by that page", async () => {
  const storage = createStorage();
  const { jar } = createApp(storage, {
    meanwhile: (path) => path === "/" ? jar.copy().send("/flash?late=yes") : Promise.resolve(),
  });
  await jar.send("/put?a=1");
  await jar.send("/flash?early=yes");
  deepEqual((await readPage(await jar.send("/"))).flash, { early: "yes" });
  deepEqual((await readPage(await jar.send("/page"))).flash, { late: "yes" });
  equal((await readPage(await jar.send("/page"))).flash, undefined);
});

test("a session that nobody uses is over, also where the store does not forget", async () => {
  const storage = createStorage();
  const app = createApp(storage, { maxAge: 100 });
  await app.jar.send("/put?a=1");
  app.now += 60_000;
  match((await app.jar.send("/")).headers.getSetCookie()[0] ?? "", /^session=.*Max-Age=100;/);
  app.now += 99_999;
  const idle = app.jar.copy();
  deepEqual(await kept(await app.jar.send("/plain").then(() => idle.send("/"))), { a: "1" });
  app.now += 100_000;
  deepEqual(await kept(await app.jar.send("/")), {});
});

test("what somebody else wrote into the store is nobody's session", async () => {
  const storage = createStorage();
  const { jar } = createApp(storage);
  const id = "b".repeat(64);
  jar.cookies.set("session", id);
  const wrong = [null, 1, "text", [], {}, { state: 1 }, { state: null, expiresAt: NOW_MS * 2 }];
  for (const value of wrong) {
    await storage.setItem(`session:${id}`, value);
    deepEqual(await kept(await jar.send("/")), {});
  }
});

/** A store that can be made to fail, or never to answer. */
function frailStorage(): SessionStorage & { state: "well" | "broken" | "silent"; calls: number } {
  const storage = createStorage();
  const guarded = async <T>(action: () => Promise<T>): Promise<T> => {
    frail.calls += 1;
    if (frail.state === "broken") throw new Error("ECONNREFUSED secret-host:6379");
    return await (frail.state === "silent" ? new Promise<never>(() => {}) : action());
  };
  const frail = {
    state: "well" as "well" | "broken" | "silent",
    calls: 0,
    getItem: (key: string) => guarded(() => storage.getItem(key)),
    setItem: (key: string, value: never) => guarded(() => storage.setItem(key, value)),
    removeItem: (key: string) => guarded(() => storage.removeItem(key)),
  };
  return frail;
}

test("a store that fails is a 500 where the session is used, and nowhere else", async () => {
  const storage = frailStorage();
  const { jar, inertia, handler, reports } = createApp(storage, { timeoutMs: 20 });
  await jar.send("/put?a=1");
  const fetch = serveInertia(inertia, handler);
  const log = console.error;
  console.error = () => {};
  try {
    for (const state of ["broken", "silent"] as const) {
      storage.state = state;
      storage.calls = 0;
      const { status } = await fetch(jar.request("/plain"));
      deepEqual([status, storage.calls], [200, 0], "neither asked nor needed");
      equal((await fetch(visit("/"))).status, 200, "a stranger has nothing to be read");
      deepEqual(reports, []);
      for (const path of ["/", "/page", "/flash?a=1"]) {
        const answer = await fetch(jar.request(path));
        equal(answer.status, 500, path);
        ok(!(await answer.text()).includes("secret-host"));
      }
      equal((await fetch(visit("/put?a=1"))).status, 500, "nothing can be kept");
      equal(reports.length, 4);
      match(reports[0] ?? "", state === "broken" ? /^session: ECONNREFUSED/ : /within 20 ms$/);
      reports.length = 0;
    }
  } finally {
    console.error = log;
  }
  storage.state = "well";
  deepEqual(await kept(await jar.send("/")), { a: "1" }, "and all is there when it is back");
});

test("what a store throws is told by a SessionError with its cause", async () => {
  const storage = frailStorage();
  const { inertia, jar } = createApp(storage);
  await jar.send("/put?a=1");
  storage.state = "broken";
  await rejects(inertia.session(jar.request("/")), {
    name: "SessionError",
    message: "Cannot read the session: what keeps it failed",
    cause: new Error("ECONNREFUSED secret-host:6379"),
  });
});

const withRedis = hasRedis ? test : (name: string): void => {
  test.skip(name, "there is no redis-server on this machine");
};

withRedis("two machines share sessions in a real Redis, which forgets them by itself", async () => {
  const redis = await startRedis();
  const storages = [1, 2].map(() =>
    createStorage({ driver: redisDriver({ url: redis.url, base: "app" }) })
  );
  try {
    // unstorage gives the types of what it stores; here two of the same.
    const [one, two] = storages.map((storage) => createApp(storage, { csrf: true }));
    ok(one !== undefined && two !== undefined);
    const jar = one.jar;
    await jar.send("/put?user=42");
    const other = jar.copy(two.handler);
    deepEqual(await kept(await other.send("/")), { user: "42" });
    await other.send("/flash?saved=yes", { method: "POST" });
    deepEqual((await readPage(await jar.send("/"))).flash, { saved: "yes" });
    await other.send("/login", { method: "POST" });
    deepEqual(await kept(await jar.send("/")), {}, "the old id is void on both");
    deepEqual(await kept(await other.copy(one.handler).send("/")), { user: "42" });

    const client = storages[0]?.getMount().driver.getInstance?.() as RedisClient;
    const keys = await client.keys("app:session:*");
    const ttl = await client.ttl(`app:session:${other.cookies.get("session")}`);
    ok(ttl > 7100 && ttl <= 7200, `${ttl} s`);
    equal(keys.includes(`app:session:${other.cookies.get("session")}`), true);
    const id = other.cookies.get("session");
    await other.send("/logout", { method: "POST" });
    equal(await client.exists(`app:session:${id}`), 0);
    deepEqual([one.reports, two.reports], [[], []]);
  } finally {
    await Promise.all(storages.map((storage) => storage.dispose()));
    await redis.close();
  }
});

interface RedisClient {
  keys(pattern: string): Promise<string[]>;
  ttl(key: string): Promise<number>;
  exists(key: string): Promise<number>;
}

withRedis("a Redis that does not answer costs only who needs it", async () => {
  const redis = await startRedis();
  const storage = createStorage({ driver: redisDriver({ url: redis.url }) });
  try {
    const { jar, reports } = createApp(storage, { timeoutMs: 1000 });
    await jar.send("/put?a=1");
    redis.pause();
    equal((await jar.send("/plain")).status, 200);
    await rejects(jar.send("/"), { name: "SessionError" });
    match(reports.join(), /the store did not answer within 1000 ms/);
    redis.resume();
    deepEqual(await kept(await jar.send("/")), { a: "1" });
  } finally {
    redis.resume();
    await storage.dispose();
    await redis.close();
  }
});
