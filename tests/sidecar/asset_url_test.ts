import { equal, match, throws } from "node:assert/strict";
import { parseAssetUrl } from "../../sidecar/asset_url.ts";
import { test } from "../_support/test.ts";

test("parseAssetUrl() takes a path or a whole URL, and puts a slash at its end", () => {
  const cases = [
    ["/", "/"],
    ["/static", "/static/"],
    ["/static/", "/static/"],
    ["/a/b.c/~d%20e", "/a/b.c/~d%20e/"],
    ["https://cdn.example.com", "https://cdn.example.com/"],
    ["https://CDN.example.com:443/App", "https://cdn.example.com/App/"],
    ["http://127.0.0.1:8080/x/", "http://127.0.0.1:8080/x/"],
    ["HTTPS://cdn.example.com/x", "https://cdn.example.com/x/"],
  ] as const;
  for (const [text, expected] of cases) equal(parseAssetUrl(text), expected);
});

test("parseAssetUrl() refuses everything else", () => {
  const texts = [
    ..."|static/|./|../x|//cdn.example.com/|/\\evil|/a?b|/a#b|/a b/|/a\\b|/ä/|/a\n".split("|"),
    ...["/a/../b", "/a/./b", "/..", '/"', "/'", "/<", "/\u0000", "javascript:alert(1)", "data:,x"],
    ...["ftp://x/", "https://", "https:///x", "https://u:p@x/", "https://u@x/", "https://x/?y"],
    ...["https://x/a/../b", "https://x y/", "file:///x"],
  ];
  for (const text of texts) throws(() => parseAssetUrl(text), RangeError, JSON.stringify(text));
});

test("parseAssetUrl() shows no password", () => {
  throws(() => parseAssetUrl("https://user:secret@x/"), (error) => {
    match(String(error), /"https:\/\/user:\*\*\*@x\/"/);
    return true;
  });
});
