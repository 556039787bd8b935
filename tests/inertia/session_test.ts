/**
 * What one request leaves for the next.
 */
import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import {
  cookieSession,
  createInertia,
  type InertiaOptions,
  memorySession,
  readPage,
} from "../../inertia/mod.ts";
import { pageFor, testSession, visit } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

const loud = (reports: string[]): InertiaOptions => ({
  report: (error, { source }) => void reports.push(`${source}: ${(error as Error).message}`),
});

test("flash, errors and flags wait through redirects, and are told once", async () => {
  const session = testSession();
  const inertia = createInertia({ session });
  const post = visit("/users", { method: "POST" });
  await inertia.handle(post, () => {
    inertia.flash(post, { a: 1 });
    inertia.clearHistory(post);
    return inertia.redirect(post, "/one", {
      flash: { b: 2 },
      errors: { name: "n", email: ["e", "f"] },
    });
  });
  deepEqual(session.state, {
    flash: { a: 1, b: 2 },
    errors: { default: { name: ["n"], email: ["e", "f"] } },
    clearHistory: true,
  });
  const between = visit("/one");
  await inertia.handle(
    between,
    () => inertia.redirect(between, "/two", { preserveFragment: true, flash: { b: 3 } }),
  );
  await inertia.handle(visit("/api"), () => Response.json({ no: "page" }));
  const page = await pageFor(inertia, {});
  deepEqual(page.flash, { a: 1, b: 3 });
  deepEqual(page.props["errors"], { name: "n", email: "e" });
  deepEqual([page.clearHistory, page.preserveFragment], [true, true]);
  deepEqual(session.state, {});
  deepEqual(await pageFor(inertia, {}), {
    component: "X",
    props: { errors: {} },
    url: "/",
    version: "",
    sharedProps: ["errors"],
  });
});

test("a page tells what its own request says, and nothing is left", async () => {
  const session = testSession({ flash: { a: 1 } });
  const inertia = createInertia({ session });
  const request = visit("/");
  const response = await inertia.handle(request, () => {
    inertia.errors(request, { name: "n" }, "form");
    return inertia.render(request, "X", {}, {
      flash: { b: 2 },
      clearHistory: true,
      encryptHistory: true,
    });
  });
  const page = await readPage(response);
  deepEqual(page.flash, { a: 1, b: 2 });
  deepEqual(page.props["errors"], { form: { name: "n" } });
  deepEqual([page.clearHistory, page.encryptHistory], [true, true]);
  deepEqual(session.state, {});
});

test("flash that is said after the page waits for the next one", async () => {
  const session = testSession();
  const inertia = createInertia({ session });
  const request = visit("/");
  await inertia.handle(request, async () => {
    const page = await inertia.render(request, "X");
    inertia.flash(request, { late: true });
    return page;
  });
  deepEqual(session.state, { flash: { late: true } });
});

test("a page that is rendered and not sent tells nothing: a redirect in its place carries all on", async () => {
  const session = testSession({ flash: { a: 1 } });
  const inertia = createInertia({ session });
  const request = visit("/");
  const answer = await inertia.handle(request, async () => {
    inertia.flash(request, { b: 2 });
    await inertia.render(request, "X");
    return await inertia.redirect(request, "/next", { flash: { c: 3 } });
  });
  equal(answer.status, 302);
  deepEqual(session.state, { flash: { a: 1, b: 2, c: 3 } });
  const again = visit("/");
  await inertia.handle(again, async () => {
    await inertia.render(again, "X");
    return await inertia.location(again, "/file");
  });
  deepEqual(session.state, { flash: { a: 1, b: 2, c: 3 } });
});

test("a render that fails leaves everything for the next", async () => {
  const session = testSession({ flash: { a: 1 } });
  const inertia = createInertia({ session });
  const props = { a: () => Promise.reject(new Error("boom")) };
  await pageFor(inertia, props).catch(() => {});
  deepEqual([session.state, session.writes], [{ flash: { a: 1 } }, 0]);
});

test("a prefetched page takes nothing: it may never be seen", async () => {
  const session = testSession({
    flash: { a: 1 },
    clearHistory: true,
    errors: { default: { a: ["b"] } },
  });
  const inertia = createInertia({ session });
  for (const name of ["Purpose", "Sec-Purpose", "X-Moz"]) {
    const page = await pageFor(inertia, {}, visit("/", { headers: { [name]: "prefetch" } }));
    deepEqual([page.flash, page.clearHistory, page.props["errors"]], [undefined, undefined, {}]);
  }
  equal(session.writes, 0);
  deepEqual((await pageFor(inertia, {})).flash, { a: 1 });
});

test("a session is neither read nor written for an answer that has nothing to do with it", async () => {
  const session = testSession({ flash: { a: 1 } });
  const inertia = createInertia({ session });
  await inertia.handle(visit("/"), () => new Response("text"));
  await inertia.handle(
    visit("/"),
    () => new Response(null, { status: 302, headers: { location: "/a" } }),
  );
  deepEqual([session.reads, session.writes, session.state], [0, 0, { flash: { a: 1 } }]);
});

// A cookie that is put into a constant goes to whoever is answered with it next.
test("an answer that is a constant takes no cookie of one visitor to another", async () => {
  const constant = new Response(null, { status: 302, headers: { location: "/" } });
  const inertia = createInertia({ session: cookieSession({ dev: true }), csrf: false });
  const cookiesOf = async (name: string): Promise<readonly string[]> => {
    const request = visit("/login", { method: "POST" });
    const answer = await inertia.handle(request, async () => {
      (await inertia.session(request)).put("user", name);
      return constant;
    });
    return answer.headers.getSetCookie();
  };
  const [first] = await cookiesOf("Ada");
  const second = await cookiesOf("Grace");
  equal(second.length, 1);
  notEqual(second[0], first);
  deepEqual([...constant.headers.keys()], ["location"]);
});

test("without a session, what a redirect says is lost, and reported", async () => {
  const reports: string[] = [];
  const inertia = createInertia(loud(reports));
  await inertia.redirect(visit("/"), "/a", { flash: { a: 1 } });
  await inertia.redirect(visit("/"), "/a");
  deepEqual(reports, [
    "session: Cannot keep flash and errors for the next request: there is no session",
  ]);
  const request = visit("/");
  inertia.flash(request, { a: 1 });
  deepEqual((await pageFor(inertia, {}, request)).flash, { a: 1 });
  equal(reports.length, 1);
});

test("the history is encrypted by default, by request, by page: the nearest word wins", async () => {
  const inertia = createInertia({ encryptHistory: (request) => request.url.includes("/admin") });
  const isEncrypted = async (path: string, byRequest?: boolean, byPage?: boolean) => {
    const request = visit(path);
    if (byRequest !== undefined) inertia.encryptHistory(request, byRequest);
    const response = await inertia.render(
      request,
      "X",
      {},
      byPage === undefined ? {} : { encryptHistory: byPage },
    );
    return (await readPage(response)).encryptHistory ?? false;
  };
  equal(await isEncrypted("/"), false);
  equal(await isEncrypted("/admin"), true);
  equal(await isEncrypted("/admin", false), false);
  equal(await isEncrypted("/", true), true);
  equal(await isEncrypted("/admin", true, false), false);
  equal(await isEncrypted("/", false, true), true);
});

test("protocol 2 has both history flags on each page, and no redirect with a fragment", async () => {
  const inertia = createInertia({ protocol: 2 });
  const page = await pageFor(inertia, {});
  deepEqual([page.encryptHistory, page.clearHistory], [false, false]);
  equal((await inertia.redirect(visit("/"), "/a#b")).status, 302);
});

test("flash is among the props, too, for clients that look there", async () => {
  const inertia = createInertia({ mirrorFlash: true });
  const request = visit("/");
  inertia.flash(request, { a: 1 });
  const page = await pageFor(inertia, {}, request);
  deepEqual([page.props["flash"], page.flash], [{ a: 1 }, { a: 1 }]);
  const own = visit("/");
  inertia.flash(own, { a: 1 });
  equal((await pageFor(inertia, { flash: "mine" }, own)).props["flash"], "mine");
});

test("errors: the header names the default bag, all messages on demand, a page's own win", async () => {
  const errors = { default: { name: ["a", "b"] }, other: { email: ["c"] } };
  const errorsFor = async (
    options: InertiaOptions,
    headers = {},
    bags: typeof errors | object = errors,
  ) =>
    (await pageFor(
      createInertia({ session: testSession({ errors: bags as typeof errors }), ...options }),
      {},
      visit("/", { headers }),
    ))
      .props["errors"];
  deepEqual(await errorsFor({}), { name: "a" });
  deepEqual(await errorsFor({ allErrors: true }), { name: ["a", "b"] });
  deepEqual(await errorsFor({}, { "X-Inertia-Error-Bag": "form" }), { form: { name: "a" } });
  deepEqual(await errorsFor({}, { "X-Inertia-Error-Bag": "form" }, { other: errors.other }), {
    other: { email: "c" },
  });
  deepEqual(await errorsFor({ share: { errors: { own: true } } }), { own: true });
});

test("the memory's sessions belong to their visitors, and no name is taken over", async () => {
  const inertia = createInertia({ session: memorySession() });
  const say = async (cookie: string | undefined, flash: Record<string, unknown>) => {
    const request = visit("/", cookie === undefined ? {} : { headers: { cookie } });
    return await inertia.redirect(request, "/a", { flash });
  };
  const first = await say(undefined, { who: "first" });
  const [cookie = ""] = first.headers.getSetCookie();
  match(cookie, /^inertia_session=[\w-]{36}; Path=\/; HttpOnly; SameSite=Lax$/);
  const named = cookie.split(";", 1)[0] ?? "";
  const other = await say("inertia_session=chosen-by-somebody", { who: "other" });
  notEqual(other.headers.getSetCookie()[0]?.split(";", 1)[0], "inertia_session=chosen-by-somebody");
  equal((await say(`x=y; ${named}`, { more: 1 })).headers.getSetCookie().length, 0);
  const page = await pageFor(inertia, {}, visit("/", { headers: { cookie: `x=y; ${named}` } }));
  deepEqual(page.flash, { who: "first", more: 1 });
  equal((await pageFor(inertia, {}, visit("/", { headers: { cookie: named } }))).flash, undefined);
  equal((await pageFor(inertia, {})).flash, undefined);
});
