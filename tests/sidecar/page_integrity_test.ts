import { equal } from "node:assert/strict";
import { addIntegrity } from "../../sidecar/page_integrity.ts";
import { test } from "../_support/test.ts";

const HASHES = new Map([["assets/a.js", "sha384-A"], ["assets/b.js", "sha384-B"], [
  "assets/c.css",
  "sha384-C",
]]);

const page = (more = ""): string =>
  `<head>
    ${more}<script type="module" crossorigin src="/s/assets/a.js"></script>
    <link rel="stylesheet" crossorigin href="/s/assets/c.css">
  </head>`;

test("tags of the build get their hash, and the modules that none names are in an import map before them", () => {
  equal(
    addIntegrity(page(), { base: "/s/", hashes: HASHES }),
    `<head>
    <script type="importmap">{"integrity":{"/s/assets/b.js":"sha384-B"}}</script>
    <script type="module" integrity="sha384-A" crossorigin src="/s/assets/a.js"></script>
    <link rel="stylesheet" integrity="sha384-C" crossorigin href="/s/assets/c.css">
  </head>`,
  );
});

test("a page with an import map keeps it", () => {
  const html = page('<script type="importmap">{}</script>\n    ');
  const out = addIntegrity(html, { base: "/s/", hashes: HASHES });
  equal(out.split("importmap").length, 2);
  equal(out.split("integrity=").length, 3);
});

test("what is not of the build stays as it is", () => {
  const html = '<head><script src="/s/assets/a.js"></script></head>';
  equal(addIntegrity(html, { base: "/s/", hashes: new Map([["assets/a.js", "x"]]) }), html);
  equal(
    addIntegrity(page(), { base: "/other/", hashes: new Map([["assets/c.css", "x"]]) }),
    page(),
  );
});
