import { equal, ok } from "node:assert/strict";
import { type BannerFacts, renderBanner, renderDuration } from "../../cli/banner.ts";
import { createStyle } from "../../cli/style.ts";
import { test } from "../_support/test.ts";

const plain = createStyle(false);
const facts: BannerFacts = {
  version: "0.1.0",
  url: "http://127.0.0.1:8000/",
  ms: 412.4,
  frontEnd: { kind: "vite", version: "8.3.8", executor: "node", base: "/", url: undefined },
  app: { name: "http://127.0.0.1:8001", isUp: true },
};

test("renderBanner() tells the URL, what is behind it, and how long it took", () => {
  equal(
    renderBanner(facts, plain),
    `
  @lv/sidecar 0.1.0  ready in 412 ms

  →     http://127.0.0.1:8000/
  Vite  8.3.8 on node
  App   http://127.0.0.1:8001

`,
  );
});

test("renderBanner() says that an app does not answer yet", () => {
  const text = renderBanner({ ...facts, app: { name: "x", isUp: false } }, plain);
  ok(text.includes("App   x (does not answer yet)\n"));
});

test("renderBanner() says that there is no app", () => {
  ok(
    renderBanner({ ...facts, app: undefined }, plain).includes("App   none, the pages alone\n"),
  );
});

test("renderBanner() shows a base that is not the root", () => {
  const text = renderBanner({
    ...facts,
    frontEnd: {
      kind: "vite",
      version: "8.3.8",
      executor: "node",
      base: "/static/",
      url: undefined,
    },
  }, plain);
  ok(text.includes("Vite  8.3.8 on node, base /static/\n"));
});

test("renderBanner() shows where another Vite is", () => {
  const frontEnd = {
    kind: "vite" as const,
    version: undefined,
    executor: undefined,
    base: "/",
    url: "http://127.0.0.1:5173",
  };
  const text = renderBanner({ ...facts, frontEnd }, plain);
  ok(text.includes("Vite  runs already, at http://127.0.0.1:5173\n"));
});

test("renderBanner() says which build is served", () => {
  const frontEnd = {
    kind: "build" as const,
    versionId: "0123456789abcdef",
    assetUrl: "/static/",
    folder: "dist",
  };
  const text = renderBanner({ ...facts, frontEnd }, plain);
  ok(text.includes("Build 0123456789abcdef of dist, files at /static/\n"), text);
});

test("renderBanner() has colours where they are wanted, and nowhere else", () => {
  ok(renderBanner(facts, createStyle(true)).includes("\x1b[36mhttp://127.0.0.1:8000/\x1b[39m"));
  ok(!renderBanner(facts, plain).includes("\x1b"));
});

test("renderDuration() changes to seconds at one", () => {
  equal(renderDuration(0.4), "0 ms");
  equal(renderDuration(999), "999 ms");
  equal(renderDuration(1000), "1.0 s");
  equal(renderDuration(12_345), "12.3 s");
});
