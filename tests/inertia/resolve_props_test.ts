/**
 * Which props are computed, when, and in which order they come out.
 */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import {
  always,
  createInertia,
  deepMerge,
  defer,
  type InertiaOptions,
  merge,
  once,
  optional,
  prepend,
  provide,
  scroll,
} from "../../inertia/mod.ts";
import { eventually } from "../_support/eventually.ts";
import { pageFor, reload, visit } from "../_support/inertia_visit.ts";
import { test } from "../_support/test.ts";

/** A server whose reports a test can look at. */
function server(options: InertiaOptions = {}) {
  const reports: string[] = [];
  const report = (error: unknown): void =>
    void reports.push(error instanceof Error ? error.message : String(error));
  return { inertia: createInertia({ report, ...options }), reports };
}

const { inertia } = server();

const wait = <T>(value: T, ms: number): Promise<T> =>
  new Promise((resolve) => setTimeout(() => resolve(value), ms));

/** A function that must not be called. */
function untouchable(): never {
  throw new Error("it was called");
}

test("nested functions and promises are resolved at any depth, side by side", async () => {
  let running = 0;
  let most = 0;
  const slow = async (value: number): Promise<number> => {
    most = Math.max(most, ++running);
    await wait(undefined, 5);
    running -= 1;
    return value;
  };
  const page = await pageFor(inertia, {
    a: { b: [{ c: () => slow(1) }, { c: () => Promise.resolve({ d: () => slow(2) }) }] },
    e: slow(3),
    f: always(() => slow(4)),
  });
  deepEqual(page.props, {
    errors: {},
    a: { b: [{ c: 1 }, { c: { d: 2 } }] },
    e: 3,
    f: 4,
  });
  ok(most >= 3, `${most} at once`);
});

test("the order of keys and metadata is that of the tree, whoever is ready first", async () => {
  const page = await pageFor(inertia, {
    slow: merge(() => wait([1], 15)),
    nested: { slow: () => wait(merge([1]), 10), fast: merge(() => wait([2], 1)) },
    fast: merge([3]),
    later: defer(untouchable, { merge: true }),
  });
  deepEqual(Object.keys(page.props), ["errors", "slow", "nested", "fast"]);
  deepEqual(page.mergeProps, ["slow", "nested.slow", "nested.fast", "fast", "later"]);
});

test("a prop that is not sent is never called", async () => {
  const props = {
    a: () => 1,
    b: untouchable,
    c: { d: untouchable, e: optional(untouchable) },
    f: defer(untouchable),
    g: once(untouchable),
    h: scroll(untouchable, { defer: true }),
    "i.j": untouchable,
  };
  deepEqual((await pageFor(inertia, props, reload("/", "a"))).props, { errors: {}, a: 1 });
});

test("a prop may be called then", async () => {
  const props = { step: { then: () => 1, else: 2 }, list: [{ then: () => 3 }] };
  const page = await pageFor(inertia, props);
  deepEqual(page.props, { errors: {}, step: { then: 1, else: 2 }, list: [{ then: 3 }] });
  const some = await pageFor(inertia, { a: 1, step: { then: untouchable } }, reload("/", "a"));
  deepEqual(some.props, { errors: {}, a: 1 });
});

test("a promise that is not sent may reject without ending the process", async () => {
  const page = await pageFor(
    inertia,
    {
      a: 1,
      b: Promise.reject(new Error("nobody asked")),
      c: { d: Promise.reject(new Error("nor here")) },
    },
    reload("/", "a,c.e"),
  );
  deepEqual(page.props, { errors: {}, a: 1, c: {} });
});

test("what a function throws rejects the render, and the others are not left alone", async () => {
  const started: Promise<unknown>[] = [];
  const failing = (ms: number) => () => {
    const failed = wait(undefined, ms).then(() => Promise.reject(new Error(`after ${ms}`)));
    started.push(failed);
    return failed;
  };
  await rejects(
    pageFor(inertia, { a: failing(5), b: failing(1), c: { d: failing(3) } }),
    /after 1/,
  );
  await rejects(pageFor(inertia, { a: failing(1), b: untouchable }), /it was called/);
  equal(started.length, 4);
  // An unhandled rejection would end this process.
  await Promise.allSettled(started);
});

test("a rescued prop is left out and reported; one that is not rescued rejects", async () => {
  const { inertia, reports } = server();
  const page = await pageFor(inertia, {
    a: defer(untouchable, { rescue: true, merge: true }),
    b: { c: defer(() => Promise.reject(new Error("slowly")), { rescue: true }) },
    d: 1,
  }, reload("/", "a,b,d"));
  deepEqual(page.props, { errors: {}, b: {}, d: 1 });
  deepEqual(page.rescuedProps, ["a", "b.c"]);
  equal(page.mergeProps, undefined);
  deepEqual(reports, ["it was called", "slowly"]);
  await rejects(pageFor(inertia, { a: defer(untouchable) }, reload("/", "a")), /it was called/);
});

test("a function that never answers is given up after the deadline, and told by its signal", async () => {
  const { inertia, reports } = server({ propTimeoutMs: 20 });
  let signal: AbortSignal | undefined;
  const never = (context: { signal: AbortSignal }): Promise<never> => {
    signal = context.signal;
    return new Promise(() => {});
  };
  await rejects(
    pageFor(inertia, { stats: { total: never } }),
    /^TimeoutError: Cannot wait for the prop "stats.total" any longer: 20 ms are over$/,
  );
  ok(signal?.aborted);
  const page = await pageFor(
    inertia,
    { a: 1, b: defer(never, { rescue: true }) },
    reload("/", "a,b"),
  );
  deepEqual([page.props, page.rescuedProps], [{ errors: {}, a: 1 }, ["b"]]);
  match(reports.join(), /"b"/);
});

test("what is shared, a provider and a dotted name are given up after the deadline, too", async () => {
  const never = (): Promise<never> => new Promise(() => {});
  const limit = { propTimeoutMs: 20 };
  const late = (what: string): RegExp => new RegExp(`Cannot wait for ${what} any longer: 20 ms`);
  const shares = [never, [provide(never)]] as const;
  for (const share of shares) {
    await rejects(pageFor(server({ ...limit, share }).inertia, {}), late("the shared props"));
  }
  const { inertia } = server(limit);
  await rejects(inertia.render(visit("/"), "X", [provide(never)]), late("a provider of props"));
  await rejects(pageFor(inertia, { list: [provide(never)] }), late('the prop "list"'));
  await rejects(pageFor(inertia, { at: provide(never) }), late('the prop "at"'));
  for (const props of [{ "a.b": never }, { a: never, "a.b": 1 }]) {
    await rejects(pageFor(inertia, props), late("a prop with a dotted name"));
  }
});

test("a client that goes away ends the waiting, and the signal says so", async () => {
  const controller = new AbortController();
  let seen: AbortSignal | undefined;
  const page = pageFor(
    inertia,
    { a: ({ signal }: { signal: AbortSignal }) => new Promise(() => void (seen = signal)) },
    visit("/", { signal: controller.signal }),
  );
  const ended = rejects(page, /gone/);
  await eventually("the function to be called", () => seen !== undefined);
  controller.abort(new Error("gone"));
  await ended;
  ok(seen?.aborted);
});

test("a function may give a prop, which then has its own say", async () => {
  const props = {
    a: () => defer(untouchable, { group: "g" }),
    b: () => Promise.resolve(merge(() => [1], { matchOn: "id" })),
    c: () => () => 2,
    d: () => optional(untouchable),
    e: always(() => prepend([3])),
  };
  const page = await pageFor(inertia, props);
  deepEqual(page.props, { errors: {}, b: [1], c: 2, e: [3] });
  deepEqual(page.deferredProps, { g: ["a"] });
  deepEqual([page.mergeProps, page.matchPropsOn, page.prependProps], [["b"], ["b.id"], ["e"]]);
});

test("a function that gives itself for ever is refused", async () => {
  const loop = (): unknown => loop;
  await rejects(pageFor(inertia, { a: loop }), /^RangeError: Cannot resolve the prop "a"/);
});

test("every combination of merge, once, defer and reset is labelled as the client reads it", async () => {
  const props = {
    a: defer(() => [1], {
      merge: { prepend: true, matchOn: "id" },
      once: { as: "key", until: 60 },
    }),
    b: merge(() => ({ x: [1], y: [2] }), { append: { x: "id" }, prepend: ["y"], once: true }),
    c: deepMerge(() => ({ z: 1 }), { matchOn: ["z.id"] }),
    d: once(() => 1, { fresh: true }),
  };
  const { inertia } = server({ now: () => 1_000_500 });
  const first = await pageFor(
    inertia,
    props,
    visit("/", { headers: { "X-Inertia-Except-Once-Props": "d,b" } }),
  );
  deepEqual(first, {
    component: "X",
    props: { errors: {}, c: { z: 1 }, d: 1 },
    url: "/",
    version: "",
    sharedProps: ["errors"],
    prependProps: ["a"],
    deepMergeProps: ["c"],
    matchPropsOn: ["a.id", "c.z.id"],
    deferredProps: { default: ["a"] },
    onceProps: {
      key: { prop: "a", expiresAt: 1_060_000 },
      b: { prop: "b", expiresAt: null },
      d: { prop: "d", expiresAt: null },
    },
  });
  const partial = await pageFor(inertia, props, reload("/", "a,b,c", { "X-Inertia-Reset": "a,c" }));
  deepEqual(partial.props, { errors: {}, a: [1], b: { x: [1], y: [2] }, c: { z: 1 } });
  deepEqual(
    [partial.mergeProps, partial.prependProps, partial.deepMergeProps, partial.matchPropsOn],
    [["b.x"], ["b.y"], undefined, ["b.x.id"]],
  );
  equal(partial.deferredProps, undefined);
});

test("a time for once is a whole second, and never in the past", async () => {
  const { inertia } = server({ now: () => 5_999 });
  const page = await pageFor(inertia, {
    a: once(1, { until: new Date(9_400) }),
    b: once(1, { until: new Date(1_000) }),
  });
  deepEqual(page.onceProps, {
    a: { prop: "a", expiresAt: 9_000 },
    b: { prop: "b", expiresAt: 5_000 },
  });
});

test("an array that loses an item in the middle keeps its indexes; at the end it is shorter", async () => {
  const props = { list: [{ a: 1 }, { a: () => 2, b: 0 }, { a: 3 }] };
  deepEqual((await pageFor(inertia, props, reload("/", "list.1.a"))).props["list"], {
    1: { a: 2 },
  });
  deepEqual((await pageFor(inertia, props, reload("/", "list.0"))).props["list"], [{ a: 1 }]);
  deepEqual((await pageFor(inertia, { list: [1, optional(2)] })).props["list"], [1]);
  const late = { list: [() => wait(1, 2), () => wait(optional(2), 1), () => wait(3, 0)] };
  deepEqual((await pageFor(inertia, late)).props["list"], { 0: 1, 2: 3 });
});

test("providers expand where they stand: in a list of props, among shared ones, within an array", async () => {
  const { inertia } = server({
    share: [{ a: 1 }, provide(() => Promise.resolve({ b: defer(untouchable) }))],
  });
  const request = visit("/");
  const response = await inertia.render(request, "X", [
    { c: [0, provide(() => ({ d: always(1) }))] },
    provide(({ request }) => ({ e: request.url })),
  ]);
  const page = await response.json();
  deepEqual(page.props, { errors: {}, a: 1, c: { 0: 0, d: 1 }, e: "http://localhost/" });
  deepEqual([page.sharedProps, page.deferredProps], [["errors", "a", "b"], { default: ["b"] }]);
});

test("a dotted key goes into the object that it names, and changes nobody's constant", async () => {
  const auth = { user: { name: "Ada" } };
  const props = {
    auth,
    "auth.user.can": () => Promise.resolve({ edit: true }),
    "auth.team": defer(untouchable),
  };
  const page = await pageFor(inertia, props);
  deepEqual(page.props["auth"], { user: { name: "Ada", can: { edit: true } } });
  deepEqual(page.deferredProps, { default: ["auth.team"] });
  deepEqual(auth, { user: { name: "Ada" } });
});

test("what is shared for one request wins over what is shared for all, and the page over both", async () => {
  const { inertia } = server({
    share: () => Promise.resolve({ a: "all", b: "all", c: "all", errors: { own: "all" } }),
  });
  const request = visit("/");
  inertia.share(request, { b: "request", c: "request" });
  const page = await (await inertia.render(request, "X", { c: "page" })).json();
  deepEqual(page.props, { errors: { own: "all" }, a: "all", b: "request", c: "page" });
  deepEqual(page.sharedProps, ["errors", "a", "b", "c"]);
});

test("props that need no work are the very objects that were given, and none is changed", async () => {
  const constant = Object.freeze({
    list: Object.freeze([Object.freeze({ a: 1 })]),
    nested: Object.freeze({ f: () => 1, o: optional(untouchable) }),
  });
  deepEqual((await pageFor(inertia, constant)).props, {
    errors: {},
    list: [{ a: 1 }],
    nested: { f: 1 },
  });
});

test("values that know their JSON are sent as it, and props within it are resolved", async () => {
  class Money {
    constructor(readonly cents: number) {}
    toJSON(): unknown {
      return { amount: this.cents / 100, later: defer(untouchable) };
    }
  }
  const page = await pageFor(inertia, {
    at: new Date(0),
    price: new Money(150),
    prices: [() => new Money(250)],
    url: new URL("http://a.test/"),
    literal: { toJSON: () => "text" },
    map: new Map([["a", 1]]),
  });
  deepEqual(page.props, {
    errors: {},
    at: "1970-01-01T00:00:00.000Z",
    price: { amount: 1.5 },
    prices: [{ amount: 2.5 }],
    url: "http://a.test/",
    literal: "text",
    map: {},
  });
  deepEqual(page.deferredProps, { default: ["price.later", "prices.0.later"] });
});

// Attack: X-Inertia-Partial-Data: __proto__,constructor.
test("names of the prototype are no props, in no header", async () => {
  const names = "__proto__,constructor,toString,__proto__.polluted,hasOwnProperty";
  const headers = {
    "X-Inertia-Reset": names,
    "X-Inertia-Except-Once-Props": names,
    "X-Inertia-Error-Bag": "__proto__",
  };
  const props = { a: 1, b: merge([1]), c: once(1) };
  const page = await pageFor(inertia, props, reload("/", names, headers));
  deepEqual(page.props, { errors: {} });
  const full = await pageFor(
    inertia,
    props,
    visit("/", { headers: { ...headers, "X-Inertia-Partial-Except": names } }),
  );
  deepEqual(full.props, { errors: {}, a: 1, b: [1], c: 1 });
  equal(Object.hasOwn(Object.prototype, "polluted"), false);
});

test("a key __proto__ of somebody's data stays a key", async () => {
  const data = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}');
  const request = visit("/");
  const props = {
    data: { ...data, f: () => 1 },
    list: [() => data],
    ["__proto__"]: { polluted: () => 1 },
  };
  const text = await (await inertia.render(request, "X", props)).text();
  match(text, /"data":\{"__proto__":\{"polluted":true\},"a":1,"f":1\}/);
  match(text, /"list":\[\{"__proto__":\{"polluted":true\},"a":1\}\]/);
  match(text, /"__proto__":\{"polluted":1\}/);
  equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("malformed lists of paths select nothing more than they name", async () => {
  const props = { a: 1, b: { c: 2, d: 3 } };
  const propsFor = async (only: string) => (await pageFor(inertia, props, reload("/", only))).props;
  deepEqual(await propsFor(",,,"), { errors: {}, a: 1, b: { c: 2, d: 3 } });
  deepEqual(await propsFor("b..c,.a,a."), { errors: {}, a: 1, b: {} });
  deepEqual(await propsFor("*"), { errors: {} });
  deepEqual(await propsFor("a".repeat(10_000)), { errors: {} });
});

test("a BigInt or a cycle is refused, and the error says where it is", async () => {
  await rejects(
    pageFor(inertia, { user: { balance: 10n } }),
    /^TypeError: Cannot send "props.user.balance" as JSON: it is a BigInt$/,
  );
  const cycle: Record<string, unknown> = { name: "Ada" };
  cycle["self"] = cycle;
  await rejects(
    pageFor(inertia, { user: cycle }),
    /^RangeError: Cannot resolve the prop "user\.self\.self\.self": it contains itself/,
  );
  const list: unknown[] = [];
  list.push(list);
  await rejects(
    pageFor(inertia, { list: () => list }),
    /^RangeError: Cannot resolve the prop "list\.0/,
  );
  class Node {
    self = this;
  }
  await rejects(
    pageFor(inertia, { node: new Node() }),
    /^TypeError: Cannot send "props.node.self" as JSON: it is an object that contains itself$/,
  );
});

test("deep data that does not contain itself is sent", async () => {
  let deep: unknown = "end";
  for (let level = 0; level < 300; level++) deep = { deep };
  const page = await pageFor(inertia, {
    deep,
    list: JSON.parse("[".repeat(300) + "]".repeat(300)),
  });
  match(JSON.stringify(page.props), /"end"/);
});
