/**
 * What a session costs a request: read, opened for the first time, and kept.
 *
 * Run it with `deno bench -A bench/micro/session_bench.ts`; it says first whether each session knows its visitor.
 *
 * @module
 */
import { equal } from "node:assert/strict";
import { createStorage } from "unstorage";
import {
  cookieSession,
  createInertia,
  type InertiaSession,
  storeSession,
} from "../../inertia/mod.ts";

const KEY = "a key of at least thirty-two characters";
const sealed = (): InertiaSession => cookieSession({ keys: KEY });
const COUNT = 2000;

interface Visitor {
  readonly cookie: string;
  readonly ask: () => Promise<unknown>;
  readonly put: () => Promise<Response>;
}

/** A visitor who is logged in, or at least has a cookie of its own. */
async function createVisitor(session: InertiaSession, user = 42): Promise<Visitor> {
  const inertia = createInertia({ session, csrf: false });
  const put = async (cookie: string, value: number): Promise<Response> => {
    const request = new Request("http://localhost/", { headers: { cookie } });
    return await inertia.handle(request, async () => {
      (await inertia.session(request)).put("user", value);
      return new Response();
    });
  };
  const cookie = (await put("", user)).headers.getSetCookie()
    .map((text) => text.split(";", 1)[0]).join("; ");
  let value = user;
  return {
    cookie,
    put: () => put(cookie, ++value),
    async ask() {
      const request = new Request("http://localhost/", { headers: { cookie } });
      return (await inertia.session(request)).get("user");
    },
  };
}

/** Cookies that this process never saw. */
async function unseen(count: number): Promise<readonly string[]> {
  return await Promise.all(
    Array.from({ length: count }, async (_, user) => (await createVisitor(sealed(), user)).cookie),
  );
}

const inCookie = await createVisitor(sealed());
const inStore = await createVisitor(storeSession({ storage: createStorage() }));
for (const { ask } of [inCookie, inStore]) equal(await ask(), 42);
const strangers = await unseen(COUNT);
const reader = createInertia({ session: sealed() });
let next = 0;

/** More of them than are remembered, so each is opened. */
async function openUnseen(): Promise<unknown> {
  const cookie = strangers[next++ % COUNT] ?? "";
  return (await reader.session(new Request("http://localhost/", { headers: { cookie } }))).get(
    "user",
  );
}
equal(await openUnseen(), 0);

Deno.bench({
  name: "a request without a session",
  group: "read",
  baseline: true,
  fn: () => void new Request("http://localhost/", { headers: { cookie: inCookie.cookie } }),
});
Deno.bench({
  name: "sealed cookie, seen before",
  group: "read",
  fn: async () => void await inCookie.ask(),
});
Deno.bench({
  name: "sealed cookie, new to this process",
  group: "read",
  fn: async () => void await openUnseen(),
});
Deno.bench({ name: "store in memory", group: "read", fn: async () => void await inStore.ask() });

Deno.bench({
  name: "sealed cookie",
  group: "keep",
  baseline: true,
  fn: async () => void await inCookie.put(),
});
Deno.bench({ name: "store in memory", group: "keep", fn: async () => void await inStore.put() });
