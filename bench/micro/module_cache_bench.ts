/**
 * The cache of Vite's immutable answers.
 *
 * @module
 */
import { cacheKey, isKeepable, matchesEtag, ModuleCache } from "../../sidecar/module_cache.ts";

const HEADERS = new Headers({ accept: "*/*", "sec-fetch-dest": "script" });
const TARGET = {
  target: "/node_modules/.vite/deps/react-dom_client.js?v=1a2b3c4d",
  search: "?v=1a2b3c4d",
};
const REQUEST = {
  method: "GET",
  header: (name: string): string | null => HEADERS.get(name),
};
const ANSWER = { fields: [], body: new Uint8Array(1024), etag: undefined };
const keys = Array.from({ length: 1000 }, (_, index) => `script /deps/${index}.js?v=1`);
const cache = new ModuleCache(64 * 1024 * 1024);
for (const key of keys) cache.set(key, ANSWER, cache.generation);
let next = 0;

Deno.bench("cacheKey(): a dependency", () => {
  cacheKey(REQUEST, TARGET);
});

Deno.bench("ModuleCache.get(): one of 1,000", () => {
  cache.get(keys[next++ % keys.length] ?? "");
});

Deno.bench("ModuleCache.set(): into a full cache", () => {
  const full = new ModuleCache(8 * 1024);
  for (let i = 0; i < 16; i++) full.set(keys[i] ?? "", ANSWER, full.generation);
});

Deno.bench("isKeepable(): Vite's answer", () => {
  isKeepable(200, [
    ["content-type", "text/javascript"],
    ["cache-control", "max-age=31536000,immutable"],
    ["vary", "Origin"],
  ]);
});

Deno.bench("matchesEtag(): the second of two", () => {
  matchesEtag(
    'W/"a-b", W/"669-nBBSbwc6dBDWNlPIlQzSbT1HzxA"',
    'W/"669-nBBSbwc6dBDWNlPIlQzSbT1HzxA"',
  );
});
