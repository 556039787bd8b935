/**
 * Any tree of props under any partial reload: what is sent, in which order it is labelled and what is called, is what
 * the specification says, which `props_model.ts` follows word by word.
 */
import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { test } from "../_support/test.ts";
import { run } from "./inertia_adapter.ts";
import type { InertiaCase } from "./inertia_case.ts";
import { modelPage } from "./props_model.ts";

const RUNS = 600;

const keys = fc.constantFrom("a", "b", "c");
const path = fc.array(fc.oneof({ weight: 4, arbitrary: keys }, fc.constantFrom("0", "1")), {
  minLength: 1,
  maxLength: 3,
}).map((segments) => segments.join("."));

const mergeOptions = fc.record({
  deepMerge: fc.constant(true),
  append: fc.oneof(fc.constant(true), keys, fc.array(keys), fc.dictionary(keys, keys)),
  prepend: fc.oneof(fc.constant(true), keys, fc.array(keys), fc.dictionary(keys, keys)),
  matchOn: fc.oneof(keys, fc.array(keys)),
}, { requiredKeys: [] });

const onceOptions = fc.record({
  once: fc.constant(true),
  as: fc.constantFrom("name", "a"),
  until: fc.constantFrom(60, "2026-12-01T00:00:00Z"),
  fresh: fc.boolean(),
}, { requiredKeys: [] });

const called = fc.record({
  spy: fc.nat(1_000_000).map((number) => `spy${number}`),
  async: fc.boolean(),
}, { requiredKeys: ["spy"] });

const paginator = fc.record({
  $: fc.constant("paginator"),
  items: fc.array(fc.nat(9), { maxLength: 2 }),
  total: fc.nat(9),
  perPage: fc.integer({ min: 1, max: 3 }),
  page: fc.integer({ min: 1, max: 3 }),
});

const scrollMetadata = fc.constant({
  pageName: "p",
  previousPage: 1,
  nextPage: "c3",
  currentPage: 2,
});

/** Values and props, at any depth. */
const { node } = fc.letrec<{ node: unknown; literal: unknown; prop: unknown }>((tie) => ({
  node: fc.oneof({ maxDepth: 4 }, tie("literal"), tie("prop")),
  literal: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.nat(9), fc.constant(null), fc.constant("")),
    fc.dictionary(keys, tie("node"), { maxKeys: 3, noNullPrototype: true }),
    fc.array(tie("node"), { maxLength: 3 }),
    paginator,
  ),
  prop: fc.oneof(
    kind("closure", { value: fc.oneof(tie("literal"), tie("prop")) }),
    kind("always", { value: tie("literal") }),
    kind("optional", { value: tie("literal") }, onceOptions),
    kind("defer", { value: tie("literal") }, deferOptions(), mergeOptions, onceOptions),
    kind("merge", { value: tie("literal") }, mergeOptions, onceOptions),
    kind("once", { value: tie("literal") }, onceOptions),
    kind(
      "scroll",
      { value: paginator },
      fc.record({
        wrapper: fc.constant("items"),
        metadata: scrollMetadata,
        defer: fc.constantFrom(true, "g"),
      }, { requiredKeys: [] }),
      mergeOptions,
    ),
  ),
}));

function kind(
  name: string,
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  ...more: readonly fc.Arbitrary<object>[]
): fc.Arbitrary<unknown> {
  return fc.tuple(fc.record(fields), called, ...more)
    .map((parts) => Object.assign({ $: name }, ...parts));
}

function deferOptions(): fc.Arbitrary<object> {
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ group: fc.constantFrom("g", "h"), merge: fc.boolean() }, {
        requiredKeys: [],
      }),
    },
    { weight: 1, arbitrary: fc.constant({ rescue: true, throws: "boom" }) },
  );
}

const props = fc.dictionary(fc.oneof({ weight: 3, arbitrary: keys }, path), node, {
  maxKeys: 4,
  noNullPrototype: true,
});

const list = fc.option(fc.array(path, { minLength: 1, maxLength: 3 }), { nil: null });

const asked = fc.record({
  isInertia: fc.boolean(),
  isPartial: fc.boolean(),
  only: list,
  except: list,
  reset: fc.array(path, { maxLength: 2 }),
  loaded: fc.array(fc.oneof(path, fc.constant("name")), { maxLength: 3 }),
  prepends: fc.boolean(),
});

test("any tree under any selection is resolved, labelled and called as the specification says", async () => {
  await fc.assert(
    fc.asyncProperty(props, props, asked, async (shared, own, request) => {
      const want = modelPage(shared, own, request);
      const got = await run(caseOf(shared, own, request));
      const { component: _, url: __, version: ___, props: sent, ...metadata } = got
        .page as Record<string, unknown>;
      deepEqual(
        { props: sent, metadata, calls: got.calls, reported: [...got.reported ?? []].sort() },
        { ...json(want), reported: [...want.reported].sort() },
      );
    }),
    { numRuns: RUNS },
  );
});

function json(value: object): object {
  return JSON.parse(JSON.stringify(value));
}

function caseOf(
  shared: object,
  own: object,
  request: typeof asked extends fc.Arbitrary<infer T> ? T : never,
): InertiaCase {
  const headers = Object.entries({
    "X-Inertia": request.isInertia ? "true" : "",
    "X-Inertia-Partial-Component": request.isPartial ? "X" : "Y",
    "X-Inertia-Partial-Data": (request.only ?? []).join(","),
    "X-Inertia-Partial-Except": (request.except ?? []).join(","),
    "X-Inertia-Reset": request.reset.join(","),
    "X-Inertia-Except-Once-Props": request.loaded.join(","),
    "X-Inertia-Infinite-Scroll-Merge-Intent": request.prepends ? "prepend" : "append",
  }).filter(([, value]) => value !== "");
  return {
    id: "model",
    title: "",
    level: "MUST",
    request: { method: "GET", url: "/", headers: Object.fromEntries(headers) },
    route: { component: "X", shared, props: own },
    expect: {},
  };
}
