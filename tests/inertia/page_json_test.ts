/**
 * A page as JSON.
 */
import { deepEqual, equal, throws } from "node:assert/strict";
import type { Page } from "../../inertia/mod.ts";
import { pageJsonInParts, renderPageJson } from "../../inertia/page_json.ts";
import { test } from "../_support/test.ts";

const MARK = "of nobody";

const pageWith = (props: Record<string, unknown>): Page => ({
  component: 'X"\u2028',
  props,
  url: "/?a=1",
  version: "1",
  mergeProps: ["list"],
});

const rows = (length: number): unknown[] =>
  Array.from({ length }, (_, id) => ({ id, name: `"${id}"`, at: new Date(0), none: undefined }));

test("a page in parts is the same text as a page in one", () => {
  const sparse = rows(70);
  delete sparse[3];
  const pages: Record<string, unknown>[] = [
    {},
    { a: 1 },
    { list: rows(63) },
    { list: rows(64) },
    { list: rows(65), after: 1 },
    { before: undefined, list: rows(128), other: rows(129), after: null },
    { list: rows(64), more: rows(64) },
    { users: { data: rows(100), total: 100 }, a: { b: { c: rows(100) } } },
    { first: { list: rows(64) }, none: undefined, list: sparse },
    { list: [...rows(64), undefined, () => {}, Symbol("s"), NaN, -0, new Map(), ["", {}]] },
    { "a.b": rows(64), 1: "one", "": rows(64), 'quote"': rows(64), f: () => {} },
    { list: rows(64), date: new Date(0), own: { toJSON: () => rows(64) } },
    { list: Array(100).fill(undefined) },
    { inherited: Object.create({ list: rows(64), deep: { list: rows(65) } }), list: rows(66) },
    JSON.parse(`{"a":1,"__proto__":${JSON.stringify(rows(64))},"x":{"data":[1]}}`),
    JSON.parse(`{"__proto__":{"a":1},"list":${JSON.stringify(rows(64))},"x":{"__proto__":1}}`),
  ];
  for (const props of pages) {
    const page = pageWith(props);
    equal(pageJsonInParts(page, MARK), JSON.stringify(page));
    equal(renderPageJson(page, MARK), JSON.stringify(page));
  }
});

test("what has no JSON is named, long list or not", () => {
  for (const list of [[{ big: 1n }], [...rows(70), { big: 1n }]]) {
    throws(
      () => renderPageJson(pageWith({ list }), MARK),
      new TypeError(`Cannot send "props.list.${list.length - 1}.big" as JSON: it is a BigInt`),
    );
  }
  const loop: unknown[] = rows(64);
  loop.push({ loop });
  throws(() => renderPageJson(pageWith({ loop }), MARK), /it is an object that contains itself/);
  deepEqual(Object.keys(Object.prototype), []);
});
