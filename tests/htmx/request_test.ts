import { deepEqual, equal } from "node:assert/strict";
import { isHtmx, parseHtmxRequest, wantsFragment } from "@lv/sidecar/htmx";
import { test } from "../_support/test.ts";

const request = (headers: Record<string, string>): Request =>
  new Request("http://localhost/notes", { headers });
const parse = (headers: Record<string, string>) => parseHtmxRequest(request(headers));

const HTMX_2 = { "HX-Request": "true" };
const HTMX_4 = { ...HTMX_2, "HX-Source": "button#save", "HX-Request-Type": "partial" };

test("isHtmx() is true for HX-Request: true alone", () => {
  equal(isHtmx(request(HTMX_2)), true);
  equal(isHtmx(request({})), false);
  equal(isHtmx(request({ "HX-Request": "false" })), false);
  equal(isHtmx(request({ "HX-Request": "true, true" })), false);
});

test("a request without htmx says nothing", () => {
  deepEqual(parse({}), {
    isHtmx: false,
    version: undefined,
    wantsFragment: false,
    isBoosted: false,
    isHistoryRestore: false,
    isPreload: false,
    type: undefined,
    currentUrl: undefined,
    target: undefined,
    source: undefined,
    prompt: undefined,
    ptag: undefined,
    lastPartId: undefined,
  });
});

test("every field of htmx 2 is read", () => {
  const htmx = parse({
    ...HTMX_2,
    "HX-Current-URL": "http://localhost/notes?page=2",
    "HX-Preloaded": "true",
    "HX-Prompt": "Milk",
    "HX-Target": "list",
    "HX-Trigger": "save",
    "HX-Trigger-Name": "action",
  });
  equal(htmx.version, 2);
  equal(htmx.currentUrl?.searchParams.get("page"), "2");
  equal(htmx.isPreload, true);
  equal(htmx.prompt, "Milk");
  deepEqual(htmx.target, { id: "list" });
  deepEqual(htmx.source, { id: "save", name: "action" });
});

test("every field of htmx 4 is read", () => {
  const htmx = parse({
    ...HTMX_4,
    "HX-Target": "ul#list",
    "HX-Prompt": "100%25%20Milch%20f%C3%BCr",
    "HX-PTag": "v3",
    "HX-Last-Part-ID": "17",
  });
  equal(htmx.version, 4);
  equal(htmx.type, "partial");
  deepEqual(htmx.target, { tag: "ul", id: "list" });
  deepEqual(htmx.source, { tag: "button", id: "save" });
  equal(htmx.prompt, "100% Milch für");
  equal(htmx.ptag, "v3");
  equal(htmx.lastPartId, "17");
});

test("an element of htmx 4 without an id has only its tag, and one with a # keeps it", () => {
  deepEqual(parse({ ...HTMX_4, "HX-Target": "body" }).target, { tag: "body" });
  deepEqual(parse({ ...HTMX_4, "HX-Target": "div#a#b" }).target, { tag: "div", id: "a#b" });
  deepEqual(parse({ ...HTMX_4, "HX-Target": `div#${encodeURI("größe")}` }).target, {
    tag: "div",
    id: "größe",
  });
});

test("what htmx 2 had to encode is decoded, and only that", () => {
  const id = encodeURIComponent("список");
  equal(parse({ ...HTMX_2, "HX-Target": id }).target?.id, id);
  equal(
    parse({ ...HTMX_2, "HX-Target": id, "HX-Target-URI-AutoEncoded": "true" }).target?.id,
    "список",
  );
  const answer = { "HX-Prompt": "%E2%82%AC", "HX-Prompt-URI-AutoEncoded": "true" };
  equal(parse({ ...HTMX_2, ...answer }).prompt, "€");
});

test("an empty answer to a prompt is an answer", () => {
  equal(parse({ ...HTMX_2, "HX-Prompt": "" }).prompt, "");
  equal(parse({ ...HTMX_4, "HX-Prompt": "" }).prompt, "");
});

test("what is malformed is as if it were not there, and never throws", () => {
  const htmx = parse({
    ...HTMX_4,
    "HX-Current-URL": "http://",
    "HX-Request-Type": "half",
    "HX-Prompt": "%E2%82",
    "HX-Target": "#",
  });
  equal(htmx.currentUrl, undefined);
  equal(htmx.type, undefined);
  equal(htmx.prompt, "%E2%82");
  equal(htmx.target, undefined);
  const broken = { "HX-Trigger": "%zz", "HX-Trigger-URI-AutoEncoded": "true" };
  equal(parse({ ...HTMX_2, ...broken }).source?.id, "%zz");
});

test("the current URL is one of http or https", () => {
  equal(parse({ ...HTMX_2, "HX-Current-URL": "javascript:alert(1)" }).currentUrl, undefined);
  equal(parse({ ...HTMX_2, "HX-Current-URL": "/notes" }).currentUrl, undefined);
});

test("a fragment is wanted by htmx, unless it replaces the whole body", () => {
  equal(wantsFragment(request(HTMX_2)), true);
  equal(wantsFragment(request(HTMX_4)), true);
  equal(wantsFragment(request({})), false);
  equal(wantsFragment(request({ ...HTMX_2, "HX-Boosted": "true" })), false);
  equal(wantsFragment(request({ ...HTMX_2, "HX-History-Restore-Request": "true" })), false);
  equal(wantsFragment(request({ ...HTMX_4, "HX-Request-Type": "full" })), false);
});

// htmx 4.0 replaces the fields of its request by the one, so that HX-Request is not among them.
test("the way back of htmx 4, which has no HX-Request, wants the page", () => {
  const htmx = parse({ "HX-History-Restore-Request": "true", "HX-Request-Type": "full" });
  equal(htmx.isHistoryRestore, true);
  equal(htmx.wantsFragment, false);
  equal(htmx.version, 4);
});
