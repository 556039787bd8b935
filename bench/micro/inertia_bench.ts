/**
 * A visit of the client, against the shortest program that sends the same bytes.
 *
 * Run it with `deno bench -A bench/micro/inertia_bench.ts`; it says first whether both give the same answer.
 *
 * @module
 */
import { deepEqual, equal } from "node:assert/strict";
import { createInertia, memorySession } from "../../inertia/mod.ts";
import {
  largeProps,
  PAGE_HEADERS,
  smallPage,
  smallProps,
  VISIT_HEADERS,
  VISIT_PATH,
} from "./inertia_props.ts";

const request = new Request(`http://localhost${VISIT_PATH}`, { headers: VISIT_HEADERS });

const SMALL = smallProps();
const small = createInertia({ version: "1" });
const withSession = createInertia({ version: "1", session: memorySession() });

function smallAnswer(): Response {
  return new Response(JSON.stringify(smallPage(SMALL)), { headers: PAGE_HEADERS });
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
