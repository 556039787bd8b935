import { deepEqual } from "node:assert/strict";
import { pageCandidates } from "../../sidecar/site_paths.ts";
import { test } from "../_support/test.ts";

test("pageCandidates() knows both ways to write a page", () => {
  deepEqual(pageCandidates("/"), ["/index.html"]);
  deepEqual(pageCandidates("/about"), ["/about", "/about/index.html", "/about.html"]);
  deepEqual(pageCandidates("/about/"), ["/about/index.html", "/about.html"]);
});
