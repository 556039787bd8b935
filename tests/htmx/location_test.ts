import { deepEqual, equal, throws } from "node:assert/strict";
import { htmxHeaders, type HtmxLocation } from "@lv/sidecar/htmx";
import { test } from "../_support/test.ts";

const parse = (location: string | URL | HtmxLocation, version?: 2 | 4): unknown =>
  JSON.parse(htmxHeaders({ location, version })["HX-Location"] ?? "");

test("an address is the object with only a path", () => {
  deepEqual(parse("/notes"), { path: "/notes" });
  deepEqual(parse(new URL("https://example.com/a")), { path: "https://example.com/a" });
});

// As a plain value htmx 4 reads an object from it, and goes to /b.
test("an address with a path: in it stays one address", () => {
  deepEqual(parse("/a,path:/b"), { path: "/a,path:/b" });
});

test("every member is passed on", () => {
  deepEqual(
    parse({
      path: "/notes",
      source: "#menu",
      target: "#main",
      swap: { style: "innerHTML", show: "top" },
      select: "#content",
      selectOob: "#count",
      values: { page: 2 },
      headers: { "X-From": "menu", "X-Empty": "" },
      push: "/n",
    }),
    {
      path: "/notes",
      source: "#menu",
      target: "#main",
      swap: "innerHTML show:top",
      select: "#content",
      selectOOB: "#count",
      values: { page: 2 },
      headers: { "X-From": "menu", "X-Empty": "" },
      push: "/n",
    },
  );
});

test("the swap is written for the version", () => {
  const swap = { scroll: "top", scrollTarget: "#a" } as const;
  deepEqual(parse({ path: "/", swap }, 2), { path: "/", swap: "scroll:#a:top" });
});

test("whether the history changes is a text, as both versions compare it", () => {
  deepEqual(parse({ path: "/", push: false }), { path: "/", push: "false" });
  deepEqual(parse({ path: "/", push: true }), { path: "/", push: "true" });
});

// htmx 2 pushes where nothing is said of it, and forgets what was to be replaced.
test("an address to replace switches pushing off", () => {
  deepEqual(parse({ path: "/", replace: true }), { path: "/", push: "", replace: "true" });
  deepEqual(parse({ path: "/", replace: "/x" }), { path: "/", push: "", replace: "/x" });
});

test("letters beyond ASCII are escaped", () => {
  const value = htmxHeaders({ location: { path: "/", target: "#ü", values: { a: "€" } } });
  equal(
    value["HX-Location"],
    '{"path":"/","target":"#\\u00fc","values":{"a":"\\u20ac"}}',
  );
});

test("what can't be sent is refused", () => {
  throws(() => parse({ path: "" }), /it is empty/);
  throws(() => parse({ path: "/", target: " " }), /it is empty/);
  throws(() => parse({ path: "/", headers: { "": "a" } }), /it is empty/);
  throws(() => parse({ path: "/", values: { a: 1n } }), /no JSON form/);
});
