/**
 * What a built file costs between its look-up and its response.
 *
 * @module
 */
import { judgeRequest } from "../../sidecar/asset_conditions.ts";
import { assetFields } from "../../sidecar/asset_headers.ts";
import { buildAssetMap, decodePath, isLostAsset } from "../../sidecar/asset_map.ts";
import { chooseOffer, type Offer, parseAcceptEncoding } from "../../sidecar/content_coding.ts";
import { parseHttpDate, renderHttpDate } from "../../sidecar/http_date.ts";
import { BROWSER_FIELDS } from "./messages.ts";

const RULES = { prefix: "/static/", assetsDir: "assets", listed: new Set<string>() };
const PATH = "/static/assets/index-BxC_12a4.js";
const FILES = Array.from({ length: 300 }, (_, at) => ({
  path: `assets/chunk-BxC${String(at).padStart(3, "0")}a4.js`,
  realPath: "",
  size: 1000,
  mtimeMs: 0,
}));
const MAP = buildAssetMap(
  [...FILES, { ...FILES[0], path: PATH.slice(8) } as typeof FILES[0]],
  RULES,
);
const REPRESENTATION = { etag: '"qL3Zq8Y0t1w4r5e6u7i8o9"', size: 1024, modified: 784_111_777 };
const DESCRIPTION = {
  ...REPRESENTATION,
  mediaType: "text/javascript; charset=utf-8",
  isHashed: true,
  coding: undefined,
  isNegotiated: true,
};
const OFFERS: readonly [Offer, ...Offer[]] = [
  { coding: undefined, size: 1000 },
  { coding: "br", size: 300 },
  { coding: "gzip", size: 350 },
];

function requestWith(more: Readonly<Record<string, string>>) {
  const fields = new Map([...BROWSER_FIELDS, ...Object.entries(more)]);
  return { method: "GET", header: (name: string) => fields.get(name) ?? null };
}

const PLAIN = requestWith({});
const CONDITIONAL = requestWith({ "if-none-match": 'W/"a", "qL3Zq8Y0t1w4r5e6u7i8o9"' });
const RANGED = requestWith({ range: "bytes=500-", "if-range": "Sun, 06 Nov 1994 08:49:37 GMT" });

Deno.bench("decodePath() and look-up: as it is", { group: "path" }, () => {
  MAP.get(decodePath(PATH) ?? "");
});

Deno.bench("decodePath() and look-up: escaped", { group: "path" }, () => {
  MAP.get(decodePath("/static/assets/a%20b-%C3%A4.js") ?? "");
});

Deno.bench("isLostAsset()", { group: "path" }, () => {
  isLostAsset("/static/assets/index-OldOld12.js", RULES);
});

Deno.bench("judgeRequest(): a browser's", { group: "verdict" }, () => {
  judgeRequest(PLAIN, REPRESENTATION);
});

Deno.bench("judgeRequest(): with If-None-Match", { group: "verdict" }, () => {
  judgeRequest(CONDITIONAL, REPRESENTATION);
});

Deno.bench("judgeRequest(): with Range and If-Range", { group: "verdict" }, () => {
  judgeRequest(RANGED, REPRESENTATION);
});

Deno.bench("chooseOffer(): one of three", { group: "coding" }, () => {
  chooseOffer(parseAcceptEncoding("gzip, deflate, br, zstd"), OFFERS);
});

Deno.bench("assetFields()", { group: "fields" }, () => {
  assetFields(DESCRIPTION);
});

Deno.bench("parseHttpDate()", { group: "date" }, () => {
  parseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT");
});

Deno.bench("renderHttpDate()", { group: "date" }, () => {
  renderHttpDate(784_111_777);
});

Deno.bench("buildAssetMap(): 300 files", { group: "start" }, () => {
  buildAssetMap(FILES, RULES);
});
