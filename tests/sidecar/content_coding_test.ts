import { deepEqual, equal } from "node:assert/strict";
import {
  chooseOffer,
  type ContentCoding,
  isPaying,
  isWorthCoding,
  type Offer,
  parseAcceptEncoding,
  splitCodedPath,
} from "../../sidecar/content_coding.ts";
import { test } from "../_support/test.ts";

const PLAIN: Offer = { coding: undefined, size: 1000 };
const ALL = [
  PLAIN,
  { coding: "br", size: 300 },
  { coding: "zstd", size: 320 },
  { coding: "gzip", size: 350 },
] as const satisfies readonly [Offer, ...Offer[]];

function chosen(field: string | null, offers: readonly [Offer, ...Offer[]] = ALL) {
  return chooseOffer(parseAcceptEncoding(field), offers).coding;
}

test("chooseOffer() gives the smallest of what is wanted alike", () => {
  equal(chosen("gzip, deflate, br, zstd"), "br");
  equal(chosen("gzip, deflate, zstd"), "zstd");
  equal(chosen("gzip"), "gzip");
  equal(chosen("*"), "br");
  const large = [PLAIN, { coding: "br", size: 400 }, { coding: "gzip", size: 390 }] as const;
  equal(chosen("br, gzip", large), "gzip");
});

test("chooseOffer() follows the weights", () => {
  equal(chosen("br;q=0.5, gzip"), "gzip");
  equal(chosen("br;q=0.5, gzip;q=0.501"), "gzip");
  equal(chosen("br;q=0, *"), "zstd");
  equal(chosen("br;q=0.000, gzip;q=0.001"), "gzip");
  equal(chosen("gzip;q=0.5, identity"), undefined);
  equal(chosen("gzip;q=0.5, identity;q=0.2"), "gzip");
  equal(chosen("gzip;q=0.5, *;q=0"), "gzip");
  equal(chosen("identity;q=0, gzip"), "gzip");
});

test("chooseOffer() gives the plain file to who names nothing, or nothing of ours", () => {
  for (const field of [null, "", "identity", "deflate, compress", "gzip;q=0, br;q=0, zstd;q=0"]) {
    equal(chosen(field), undefined, String(field));
  }
});

test("chooseOffer() gives the plain file to who wants none of what there is, rather than 406", () => {
  equal(chosen("identity;q=0", [PLAIN]), undefined);
  equal(chosen("*;q=0"), undefined);
});

test("parseAcceptEncoding() reads names in any case, blanks, and the old name of gzip", () => {
  equal(chosen("GZip"), "gzip");
  equal(chosen("x-gzip"), "gzip");
  equal(chosen(" gzip ; q=1.0 ,\tbr ; Q=0 "), "gzip");
  equal(chosen(",,gzip,,"), "gzip");
});

test("parseAcceptEncoding() gives nothing to what is malformed", () => {
  for (
    const element of ["br;q=2", "br;q=-1", "br;q=x", "br;q=0.12345", "br;level=1", "b r", "br;"]
  ) {
    equal(chosen(`${element}, gzip`), "gzip", element);
  }
  equal(chosen(`${"x,".repeat(300)}br`), undefined);
});

test("splitCodedPath() splits the extension of a coding", () => {
  const cases: [string, readonly [string, ContentCoding] | undefined][] = [
    ["a/app.js.br", ["a/app.js", "br"]],
    ["app.js.gz", ["app.js", "gzip"]],
    ["app.js.zst", ["app.js", "zstd"]],
    ["app.js", undefined],
    ["app.jsbr", undefined],
  ];
  for (const [path, expected] of cases) deepEqual(splitCodedPath(path), expected);
});

test("isWorthCoding() takes text from 1 KiB on, and leaves what is coded already", () => {
  equal(isWorthCoding("text/javascript; charset=utf-8", 1024), true);
  equal(isWorthCoding("text/javascript; charset=utf-8", 1023), false);
  equal(isWorthCoding("text/css; charset=utf-8", 65 * 1024 * 1024), false);
  for (const type of ["application/json", "image/svg+xml", "application/wasm", "font/ttf"]) {
    equal(isWorthCoding(type, 5000), true, type);
  }
  for (const type of ["application/rss+xml", "application/manifest+json", "image/x-icon"]) {
    equal(isWorthCoding(type, 5000), true, type);
  }
  for (const type of ["image/png", "font/woff2", "video/mp4", "application/zip"]) {
    equal(isWorthCoding(type, 5000), false, type);
  }
});

test("isPaying() wants a twentieth", () => {
  equal(isPaying(1000, 950), true);
  equal(isPaying(1000, 951), false);
});
