/**
 * A visit of the client, against the shortest program that sends the same bytes.
 *
 * Run it with `deno bench -A bench/micro/inertia_bench.ts`; it says first whether both give the same answer.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import { createInertia, defer, memorySession } from "../../inertia/mod.ts";

const HEADERS = {
  "x-inertia": "true",
  "x-inertia-version": "1",
  "x-requested-with": "XMLHttpRequest",
  accept: "text/html, application/xhtml+xml",
};

const request = new Request("http://localhost/users?page=1", { headers: HEADERS });

/** 10 KB of JSON in 20 props: a list, some objects, some values. */
function smallProps(): Record<string, unknown> {
  const user = (id: number) => ({
    id,
    name: `User ${id}`,
    email: `user${id}@example.org`,
    active: id % 2 === 0,
  });
  const values = Array.from(
    { length: 12 },
    (_, index) => [`value${index}`, `a text of value ${index}`],
  );
  const objects = Array.from(
    { length: 7 },
    (_, index) => [`object${index}`, { a: index, b: [1, 2, 3], c: "text" }],
  );
  return {
    users: Array.from({ length: 115 }, (_, id) => user(id)),
    ...Object.fromEntries([...values, ...objects]),
  };
}

const SMALL = smallProps();
const small = createInertia({ version: "1" });
const withSession = createInertia({ version: "1", session: memorySession() });

function smallAnswer(): Response {
  const page = {
    component: "Users/Index",
    props: { errors: {}, ...SMALL },
    url: "/users?page=1",
    version: "1",
    sharedProps: ["errors"],
  };
  return new Response(JSON.stringify(page), {
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store, private",
      "x-inertia": "true",
      "x-inertia-version": "1",
      vary: "X-Inertia",
    },
  });
}

// A request is answered once, so each answer needs one of its own; both sides pay for it.
const asked = (): Request => new Request(request);

async function smallVisit(inertia = small): Promise<Response> {
  const request = asked();
  return await inertia.handle(request, () => inertia.render(request, "Users/Index", SMALL));
}

function smallControl(): Response {
  asked();
  return smallAnswer();
}

/**
 * 2,000 values in objects of 40, and 50 deferred ones in 5 groups.
 *
 * Objects as literals and parsers make them: one that is filled key by key is a hash table to V8, slow to copy, and
 * nobody's data.
 */
function largeProps(): Record<string, unknown> {
  const values = (group: number): Record<string, unknown> =>
    JSON.parse(JSON.stringify(Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`value${index}`, `text ${group}.${index}`]),
    )));
  const groups = Array.from({ length: 50 }, (_, group) => [
    `group${group}`,
    { ...values(group), later: defer(() => group, { group: `g${group % 5}` }) },
  ]);
  return { ...Object.fromEntries(groups) };
}

const LARGE = largeProps();

async function largeVisit(): Promise<Response> {
  const request = asked();
  return await small.handle(request, () => small.render(request, "Large", LARGE));
}

const LARGE_PAGE = JSON.parse(await (await largeVisit()).text());

const [visited, control] = [await smallVisit(), smallControl()];
deepEqual(Object.fromEntries(visited.headers), Object.fromEntries(control.headers));
const text = await visited.text();
equal(text, await control.text());
console.log(`${text.length} bytes for 20 props, ${JSON.stringify(LARGE_PAGE).length} for 2,000`);

// Both sides pay for the bytes that go out.
const SMALL_GROUP = "20 props, 10 KB";
Deno.bench({
  name: "new Response(JSON.stringify(page))",
  group: SMALL_GROUP,
  baseline: true,
  fn: async () => void await smallControl().text(),
});
Deno.bench({
  name: "handle() and render()",
  group: SMALL_GROUP,
  fn: async () => void await (await smallVisit()).text(),
});
Deno.bench({
  name: "handle() and render(), with a session",
  group: SMALL_GROUP,
  fn: async () => void await (await smallVisit(withSession)).text(),
});

const LARGE_GROUP = "2,000 nested props, 50 deferred in 5 groups";
Deno.bench({
  name: "JSON.stringify of what is sent",
  group: LARGE_GROUP,
  baseline: true,
  fn: () => void JSON.stringify(LARGE_PAGE),
});
Deno.bench({
  name: "handle() and render()",
  group: LARGE_GROUP,
  fn: async () => void await largeVisit(),
});
