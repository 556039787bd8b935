/**
 * The pages that the benches of Inertia render, and what is sent of them.
 *
 * @module
 */
import { defer } from "../../inertia/mod.ts";

/** What the client says in a visit. */
export const VISIT_HEADERS = {
  "x-inertia": "true",
  "x-inertia-version": "1",
  "x-requested-with": "XMLHttpRequest",
  accept: "text/html, application/xhtml+xml",
} as const;

/** Path and query of the visit. */
export const VISIT_PATH = "/users?page=1";

/** 10 KB of JSON in 20 props: a list, some objects, some values. */
export function smallProps(): Record<string, unknown> {
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

/** The page with these props. */
export function smallPage(props: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return {
    component: "Users/Index",
    props: { errors: {}, ...props },
    url: VISIT_PATH,
    version: "1",
    sharedProps: ["errors"],
  };
}

/** The fields of its answer. */
export const PAGE_HEADERS = {
  "content-type": "application/json",
  "cache-control": "no-store, private",
  "x-inertia": "true",
  "x-inertia-version": "1",
  vary: "X-Inertia",
} as const;

/**
 * 2,000 values in objects of 40, and 50 deferred ones in 5 groups.
 *
 * Objects as literals and parsers make them: one that is filled key by key is a hash table to V8, slow to copy, and
 * nobody's data.
 */
export function largeProps(): Record<string, unknown> {
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
