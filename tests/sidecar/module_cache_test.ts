import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { Field } from "../../sidecar/http1.ts";
import {
  cacheKey,
  isKeepable,
  type KeptAnswer,
  matchesEtag,
  MAX_KEPT_BYTES,
  ModuleCache,
} from "../../sidecar/module_cache.ts";
import { test } from "../_support/test.ts";

const DEPENDENCY = "/node_modules/.vite/deps/react.js?v=1a2b3c4d";
const SCRIPT = { accept: "*/*", "sec-fetch-dest": "script" };

function key(
  target = DEPENDENCY,
  headers: Readonly<Record<string, string>> = SCRIPT,
  method = "GET",
): string | undefined {
  const query = target.indexOf("?");
  const search = query < 0 ? "" : target.slice(query);
  return cacheKey({ method, header: (name) => headers[name] ?? null }, { target, search });
}

test("cacheKey() gives a key to GETs of a URL with a version", () => {
  notEqual(key(), undefined);
  notEqual(key("/x.js?import&v=1a2b"), undefined);
  for (
    const target of ["/x.js", "/x.js?t=1", "/x.js?v=", "/x.js?v", "/x.js?xv=1a2b", "/x.js?v=%31"]
  ) {
    equal(key(target), undefined, target);
  }
  for (const method of ["HEAD", "POST", "OPTIONS"]) {
    equal(key(DEPENDENCY, SCRIPT, method), undefined);
  }
});

test("cacheKey() gives none where Vite's answer would be another one", () => {
  for (
    const headers of [
      { "sec-fetch-dest": "document" },
      { "sec-fetch-dest": "iframe" },
      { accept: "text/html,*/*" },
      { accept: "text/x-vite-ping" },
      { ...SCRIPT, range: "bytes=0-9" },
    ]
  ) {
    equal(key(DEPENDENCY, headers), undefined, JSON.stringify(headers));
  }
});

test("cacheKey() keeps apart what one URL gives to scripts, styles and others", () => {
  const keys = [
    key("/x.css?v=1", SCRIPT),
    key("/x.css?v=1", { accept: "text/css,*/*;q=0.1", "sec-fetch-dest": "style" }),
    key("/x.css?v=1", { accept: "*/*" }),
    key("/x.css?v=2", SCRIPT),
    key("/X.css?v=1", SCRIPT),
  ];
  equal(new Set(keys).size, keys.length);
});

const IMMUTABLE: Field = ["cache-control", "max-age=31536000,immutable"];

test("isKeepable() takes what Vite calls immutable", () => {
  equal(isKeepable(200, [IMMUTABLE, ["etag", '"x"'], ["vary", "Origin"]]), true);
});

test("isKeepable() refuses every other answer", () => {
  const refused: (readonly [number, readonly Field[]])[] = [
    [200, []],
    [200, [["cache-control", "no-cache"]]],
    [200, [["cache-control", "max-age=31536000"]]],
    [200, [["cache-control", "immutable, private"]]],
    [200, [["cache-control", "immutable, no-store"]]],
    [200, [IMMUTABLE, ["set-cookie", "a=1"]]],
    [200, [IMMUTABLE, ["vary", "Origin, Cookie"]]],
    [200, [IMMUTABLE, ["vary", "*"]]],
    [200, [IMMUTABLE, ["content-range", "bytes 0-1/2"]]],
    // Asked for with another Accept-Encoding, it would have come otherwise.
    [200, [IMMUTABLE, ["content-encoding", "gzip"]]],
    [206, [IMMUTABLE]],
    [304, [IMMUTABLE]],
    [404, [IMMUTABLE]],
  ];
  for (const [status, fields] of refused) {
    equal(isKeepable(status, fields), false, `${status} ${JSON.stringify(fields)}`);
  }
});

test("matchesEtag() compares weakly, in a list, and with a star", () => {
  for (const header of ['"x"', 'W/"x"', '"a", "x"', '"a",W/"x"', "*", " * "]) {
    equal(matchesEtag(header, '"x"'), true, header);
    equal(matchesEtag(header, 'W/"x"'), true, header);
  }
  for (const header of ["", '"X"', "x", '"xy"', '"y"']) {
    equal(matchesEtag(header, '"x"'), false, header);
  }
});

function answer(bytes: number): KeptAnswer {
  return { fields: [], body: new Uint8Array(bytes), etag: undefined };
}

test("ModuleCache gives back what was put in", () => {
  const cache = new ModuleCache(100);
  const kept = answer(10);
  cache.set("a", kept, cache.generation);
  equal(cache.get("a"), kept);
  equal(cache.get("b"), undefined);
  equal(cache.bytes, 10);
});

test("ModuleCache is bounded by bytes; the least recently used goes first", () => {
  const cache = new ModuleCache(100);
  for (const name of ["a", "b", "c", "d"]) cache.set(name, answer(25), cache.generation);
  equal(cache.bytes, 100);
  cache.get("a");
  cache.set("e", answer(26), cache.generation);
  const left = ["a", "b", "c", "d", "e"].filter((name) => cache.get(name) !== undefined);
  deepEqual(left, ["a", "d", "e"]);
  equal(cache.bytes, 76);
});

test("ModuleCache counts a replaced answer once", () => {
  const cache = new ModuleCache(100);
  cache.set("a", answer(60), cache.generation);
  cache.set("a", answer(70), cache.generation);
  equal(cache.bytes, 70);
});

test("ModuleCache keeps no answer above its limit (exactly at the limit passes)", () => {
  const cache = new ModuleCache(100);
  cache.set("a", answer(10), cache.generation);
  cache.set("b", answer(101), cache.generation);
  equal(cache.get("b"), undefined);
  notEqual(cache.get("a"), undefined);
  cache.set("c", answer(100), cache.generation);
  notEqual(cache.get("c"), undefined);
  equal(cache.bytes, 100);
});

test("ModuleCache keeps no answer that is too large to be read whole", () => {
  const cache = new ModuleCache(4 * MAX_KEPT_BYTES);
  cache.set("a", answer(MAX_KEPT_BYTES + 1), cache.generation);
  equal(cache.bytes, 0);
});

test("ModuleCache of no bytes keeps nothing", () => {
  const cache = new ModuleCache(0);
  cache.set("a", answer(1), cache.generation);
  equal(cache.get("a"), undefined);
});

test("ModuleCache forgets all at once, and takes no answer of before", () => {
  const cache = new ModuleCache(100);
  const before = cache.generation;
  cache.set("a", answer(10), before);
  cache.clear();
  equal(cache.get("a"), undefined);
  equal(cache.bytes, 0);
  cache.set("a", answer(10), before);
  equal(cache.get("a"), undefined);
  cache.set("a", answer(10), cache.generation);
  equal(cache.bytes, 10);
});
