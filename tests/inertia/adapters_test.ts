/**
 * The middleware in Hono and around a bare fetch handler, and the assertions for an app's own tests.
 */
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Hono } from "hono";
import {
  assertInertia,
  createInertia,
  defer,
  honoInertia,
  memorySession,
  optional,
  readPage,
  serveInertia,
} from "../../inertia/mod.ts";
import { visit } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

function honoApp() {
  const inertia = createInertia({ version: "1", session: memorySession() });
  const app = new Hono();
  app.use(honoInertia(inertia));
  app.use(async (c, next) => {
    await next();
    c.header("x-after", "1");
  });
  app.get("/", (c) => inertia.render(c.req.raw, "Home", { name: "Ada" }));
  app.put("/user", (c) => c.redirect("/#saved"));
  app.put("/plain", (c) => (c.header("set-cookie", "a=b"), c.redirect("/")));
  app.post("/save", (c) => inertia.redirect(c.req.raw, "/", { flash: { saved: true } }));
  app.post("/empty", (c) => c.body(""));
  app.get("/boom", () => {
    throw new Error("boom");
  });
  app.onError((error, c) =>
    inertia.render(c.req.raw, "Error", { message: error.message }, { status: 500 })
  );
  return app;
}

const current = { "X-Inertia-Version": "1" };

test("Hono: pages, redirects, errors and stale clients follow the protocol", async () => {
  const app = honoApp();
  const home = await app.request(visit("/", { headers: current }));
  equal(home.headers.get("x-after"), "1");
  equal((await readPage(home)).component, "Home");

  const fragment = await app.request(visit("/user", { method: "PUT" }));
  deepEqual(
    [fragment.status, fragment.headers.get("x-inertia-redirect"), fragment.headers.get("location")],
    [409, "/#saved", null],
  );
  const plain = await app.request(visit("/plain", { method: "PUT" }));
  deepEqual([plain.status, plain.headers.getSetCookie(), plain.headers.get("vary")], [
    303,
    ["a=b"],
    "X-Inertia",
  ]);

  equal((await app.request(visit("/empty", { method: "POST" }))).status, 302);
  const stale = await app.request(visit("/boom"));
  deepEqual([stale.status, stale.headers.get("x-after")], [409, null]);
  const error = await app.request(visit("/boom", { headers: current }));
  deepEqual([error.status, (await readPage(error)).props["message"]], [500, "boom"]);
  equal((await app.request(visit("/nowhere", { headers: current }))).status, 404);
});

test("Hono: flash goes with the visitor's cookie", async () => {
  const app = honoApp();
  const saved = await app.request(visit("/save", { method: "POST" }));
  const cookie = saved.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  const home = await app.request(visit("/", { headers: { ...current, cookie } }));
  deepEqual((await readPage(home)).flash, { saved: true });
});

test("a bare handler that throws gives a 500 that says nothing, or what its owner says", async () => {
  const inertia = createInertia();
  const handler = (): Response => {
    throw new Error("secret");
  };
  const original = console.error;
  const lines: string[] = [];
  console.error = (...words: unknown[]) => void lines.push(words.map(String).join(" "));
  try {
    const bare = await serveInertia(inertia, handler)(visit("/a"));
    deepEqual([bare.status, await bare.text()], [500, "Internal Server Error"]);
  } finally {
    console.error = original;
  }
  match(lines.join(), /Cannot answer GET http:\/\/localhost\/a: Error: secret/);
  const own = serveInertia(inertia, handler, {
    onError: (_error, request) => inertia.redirect(request, "/sorry"),
  });
  equal((await own(visit("/a", { method: "PUT" }))).status, 303);
});

const inertia = createInertia({ version: "7" });
const app = (request: Request): Promise<Response> =>
  inertia.handle(request, () => {
    inertia.flash(request, { saved: true });
    inertia.errors(request, { name: "n" });
    return inertia.render(request, "Users/Index", {
      users: [{ name: "Ada" }, { name: "Grace" }],
      filters: optional(() => ["a"]),
      stats: defer(() => ({ total: 2 }), { group: "side" }),
      feed: defer(() => [1], { merge: true }),
    });
  });
const open = () => assertInertia(app(new Request("http://localhost/users?page=2")), { fetch: app });

test("assertInertia() accepts what is so, of a document and of JSON", async () => {
  const page = await open()
    .component("Users/Index")
    .url("/users?page=2")
    .version("7")
    .has("users", 2)
    .has("users.0.name")
    .where("users.1.name", "Grace")
    .where("users", (users: unknown) => Array.isArray(users))
    .missing("filters")
    .missing("users.2")
    .missing("users.constructor")
    .hasFlash("saved", true)
    .missingFlash("lost")
    .hasErrors()
    .hasErrors("name")
    .pageHas("deferredProps", { side: ["stats"], default: ["feed"] })
    .reload({ only: ["filters"] }, (page) => page.where("filters", ["a"]).missing("users"))
    .reload({ except: ["users"] }, (page) => page.missing("users").has("stats.total"))
    .reload({ reset: ["feed"] }, (page) => page.has("feed", 1).pageHas("mergeProps", undefined!))
    .loadDeferredProps((page) => page.has("stats").has("feed", 1))
    .loadDeferredProps((page) => page.has("stats").missing("feed"), "side");
  equal(page.component, "Users/Index");
  await assertInertia(await app(visit("/users", { headers: { "X-Inertia-Version": "7" } }))).has(
    "users",
  );
  await assertInertia(createInertia().render(visit("/"), "X")).hasNoErrors();
});

test("assertInertia() refuses what is not so, and says what it saw", async () => {
  const refused: readonly (readonly [PromiseLike<unknown>, RegExp])[] = [
    [open().component("Home"), /the component is "Users\/Index", and not "Home"/],
    [open().url("/"), /the address/],
    [open().version("8"), /the version/],
    [open().has("pets"), /the prop "pets" is missing, and not there/],
    [open().has("users", 3), /the length of "users" is 2, and not 3/],
    [open().has("users.0.name", 3), /the length of "users.0.name" is undefined/],
    [open().missing("users"), /the prop "users"/],
    [open().where("users.0", {}), /the prop "users.0" is \{"name":"Ada"\}, and not \{\}/],
    [open().where("users", () => false), /the prop "users"/],
    [open().hasFlash("lost"), /the flash "lost" is missing/],
    [open().hasFlash("saved", false), /the flash "saved" is true, and not false/],
    [open().missingFlash("saved"), /the flash "saved"/],
    [open().hasNoErrors(), /the list of errors is \["name"\], and not \[\]/],
    [open().hasErrors("email"), /the error of "email"/],
    [assertInertia(createInertia().render(visit("/"), "X")).hasErrors(), /"errors" is empty/],
    [open().pageHas("clearHistory", true), /the page's "clearHistory"/],
    [
      open().reload({ only: ["filters"] }, (page) => page.has("users")),
      /the prop "users" is missing/,
    ],
    [open().loadDeferredProps((page) => page, "none"), /the deferred props is missing/],
    [assertInertia(new Response("text")), /Cannot find a page in the response/],
    [assertInertia(app(visit("/"))), /its status is 409/],
    [
      assertInertia(app(new Request("http://localhost/"))).reload({}, (page) => page),
      /Cannot reload "\/": assertInertia got no fetch/,
    ],
  ];
  for (const [assertion, error] of refused) await rejects(async () => await assertion, error);
});
