import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import {
  assetFields,
  type DescribedAsset,
  etagOfBytes,
  etagOfStat,
  mediaTypeOf,
  modifiedOf,
  validatorFields,
} from "../../sidecar/asset_headers.ts";
import { test } from "../_support/test.ts";

test("mediaTypeOf() says what the last extension says, in any case", () => {
  const cases: Record<string, string> = {
    "assets/a.js": "text/javascript; charset=utf-8",
    "a.MJS": "text/javascript; charset=utf-8",
    "a.css": "text/css; charset=utf-8",
    "index.html": "text/html; charset=utf-8",
    "a.js.map": "application/json",
    "a.svg": "image/svg+xml",
    "a.wasm": "application/wasm",
    "a.woff2": "font/woff2",
    "site.webmanifest": "application/manifest+json",
    "a.b/data": "application/octet-stream",
    "a.constructor": "application/octet-stream",
    "a.": "application/octet-stream",
    "CNAME": "application/octet-stream",
    ".well-known/apple-app-site-association": "application/json",
  };
  for (const [path, type] of Object.entries(cases)) equal(mediaTypeOf(path), type, path);
});

test("etagOfBytes() is strong and changes with the bytes", () => {
  const one = etagOfBytes(new Uint8Array([1]));
  match(one, /^"[\w-]{22}"$/);
  equal(one, etagOfBytes(new Uint8Array([1])));
  notEqual(one, etagOfBytes(new Uint8Array([2])));
});

test("etagOfStat() takes the date of a plain name, the name of a hashed one", () => {
  const stat = { size: 255, mtimeMs: 4096.75 };
  const other = { size: 255, mtimeMs: 8192 };
  equal(etagOfStat(stat, undefined, undefined), '"1000-ff"');
  equal(etagOfStat(stat, undefined, "br"), '"1000-ff-br"');
  notEqual(etagOfStat(stat, undefined, undefined), etagOfStat(other, undefined, undefined));
  equal(
    etagOfStat(stat, "a-BxC_12-4.js", undefined),
    etagOfStat(other, "a-BxC_12-4.js", undefined),
  );
  notEqual(etagOfStat(stat, "a", undefined), etagOfStat(stat, "b", undefined));
});

test("modifiedOf() does not believe a constant date", () => {
  equal(modifiedOf({ size: 0, mtimeMs: 0 }), undefined);
  equal(modifiedOf({ size: 0, mtimeMs: Date.UTC(1980, 0, 1) }), undefined);
  equal(modifiedOf({ size: 0, mtimeMs: 1_700_000_000_999 }), 1_700_000_000);
});

const ASSET: DescribedAsset = {
  mediaType: "text/javascript; charset=utf-8",
  etag: '"abc"',
  modified: 784_111_777,
  isHashed: true,
  coding: "br",
  isNegotiated: true,
};

test("assetFields() says all of a coded file that may be kept for ever", () => {
  deepEqual(Object.fromEntries(assetFields(ASSET)), {
    "content-type": "text/javascript; charset=utf-8",
    "cache-control": "public, max-age=31536000, immutable",
    "etag": '"abc"',
    "last-modified": "Sun, 06 Nov 1994 08:49:37 GMT",
    "vary": "Accept-Encoding",
    "content-encoding": "br",
    "accept-ranges": "bytes",
    "x-content-type-options": "nosniff",
  });
});

test("validatorFields() says of the rest that it is to be asked for", () => {
  const plain = { ...ASSET, modified: undefined, isHashed: false, isNegotiated: false };
  deepEqual(Object.fromEntries(validatorFields(plain)), {
    "cache-control": "no-cache",
    "etag": '"abc"',
  });
});
