import { equal, match, ok, throws } from "node:assert/strict";
import {
  devUrl,
  renderDevEntryTags,
  renderDevTags,
  renderHmrTags,
  renderReactRefreshTag,
} from "../../sidecar/dev_tags.ts";
import { test } from "../_support/test.ts";

const base = "/static/";

test("renderDevTags() puts Vite's client, React's preamble and the entries in this order", () => {
  equal(
    renderDevTags(["src/main.tsx", "src/styles.css"], { base, isReact: true }),
    `<script type="module" crossorigin src="/static/@vite/client"></script>
<script type="module">
import { injectIntoGlobalHook } from "/static/@react-refresh";
injectIntoGlobalHook(window);
window.$RefreshReg$ = () => {};
window.$RefreshSig$ = () => (type) => type;
</script>
<script type="module" crossorigin src="/static/src/main.tsx"></script>
<link rel="stylesheet" crossorigin href="/static/src/styles.css">`,
  );
});

test("renderDevTags() leaves React out where there is none", () => {
  const tags = renderDevTags(["src/main.ts"], { base: "/" });
  ok(!tags.includes("refresh"));
  match(tags, / src="\/@vite\/client"/);
});

test("renderDevTags() names every entry once", () => {
  const tags = renderDevEntryTags(["src/a.ts", "/src/a.ts", "./src/a.ts"], { base });
  equal(tags, `<script type="module" crossorigin src="/static/src/a.ts"></script>`);
});

test("renderDevTags() gives a nonce to all, and attributes to the entries", () => {
  const attributes = { nonce: "abc", "data-x": `"'<` };
  const tags = renderDevTags(["src/a.ts", "b.scss"], { base, isReact: true, attributes });
  equal(tags.match(/ nonce="abc"/g)?.length, 4);
  equal(tags.match(/ data-x="&quot;&#39;&lt;"/g)?.length, 2);
  throws(() => renderDevTags([], { base, isReact: true, attributes: { nonce: '"' } }), TypeError);
});

test("renderHmrTags() and renderReactRefreshTag() take nothing but the nonce from attributes", () => {
  const attributes = { nonce: "abc", defer: true };
  equal(
    renderHmrTags({ base, attributes }),
    `<script type="module" crossorigin src="/static/@vite/client" nonce="abc"></script>`,
  );
  match(renderReactRefreshTag({ base, attributes }), /^<script type="module" nonce="abc">\n/);
});

test("the base of the preamble can't leave its script", () => {
  const tag = renderReactRefreshTag({ base: '/</script>"/' });
  equal(tag.match(/<\/script>/g)?.length, 1);
});

test("every language of style sheets gets a link", () => {
  for (const end of ["css", "less", "sass", "scss", "styl", "stylus", "pcss", "postcss", "sss"]) {
    match(renderDevEntryTags([`a.${end}`], { base }), /^<link rel="stylesheet"/);
  }
  match(renderDevEntryTags(["a.css.ts"], { base }), /^<script/);
});

test("devUrl() encodes a path, and refuses what Vite answers with no module", () => {
  equal(devUrl("/src/ü b#?.ts", "/"), "/src/%C3%BC%20b%23%3F.ts");
  equal(devUrl("src/[id]/..x.ts", base), "/static/src/%5Bid%5D/..x.ts");
  throws(() => devUrl("", base), /^RangeError: Cannot load "" into a page: it is empty$/);
  throws(() => devUrl("index.html", base), /name the script that it loads$/);
  for (const path of ["../a.ts", "src/../../a.ts", "src\\..\\..\\a.ts", "/../a.ts", ".."]) {
    throws(() => devUrl(path, base), /it is outside of the root$/);
  }
});
