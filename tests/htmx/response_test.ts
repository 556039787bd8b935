import { deepEqual, equal, match, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  htmxHeaders,
  htmxRedirect,
  htmxResponse,
  type HtmxResponseOptions,
  stopPolling,
  withHtmxHeaders,
} from "@lv/sidecar/htmx";
import { test } from "../_support/test.ts";

const refuses = (options: HtmxResponseOptions, message: RegExp): void =>
  throws(() => htmxHeaders(options), { name: "TypeError", message });

const htmxRequest = (headers: Record<string, string> = {}): Request =>
  new Request("http://localhost/", { headers: { "HX-Request": "true", ...headers } });

test("htmxHeaders() has a field for everything that htmx reads", () => {
  const headers = htmxHeaders({
    trigger: "a",
    triggerAfterSwap: "b",
    triggerAfterSettle: "c",
    redirect: "/r",
    location: "/l",
    refresh: true,
    pushUrl: "/p",
    reswap: "outerHTML",
    retarget: "#t",
    reselect: "#s",
    download: "/d",
    ptag: "v1",
  });
  deepEqual(headers, {
    "HX-Trigger": "a",
    "HX-Trigger-After-Swap": "b",
    "HX-Trigger-After-Settle": "c",
    "HX-Redirect": "/r",
    "HX-Location": '{"path":"/l"}',
    "HX-Refresh": "true",
    "HX-Push-Url": "/p",
    "HX-Reswap": "outerHTML",
    "HX-Retarget": "#t",
    "HX-Reselect": "#s",
    "HX-Download": "/d",
    "HX-PTag": "v1",
  });
});

test("nothing is told where nothing is set", () => {
  deepEqual(htmxHeaders({}), {});
  deepEqual(htmxHeaders({ refresh: false, trigger: undefined }), {});
});

test("false keeps the history as it is", () => {
  deepEqual(htmxHeaders({ pushUrl: false }), { "HX-Push-Url": "false" });
  deepEqual(htmxHeaders({ replaceUrl: false }), { "HX-Replace-Url": "false" });
});

test("an address called true or false stays an address", () => {
  deepEqual(htmxHeaders({ pushUrl: "false" }), { "HX-Push-Url": "./false" });
  deepEqual(htmxHeaders({ replaceUrl: "true" }), { "HX-Replace-Url": "./true" });
});

test("one of two ways to change the history", () => {
  refuses({ pushUrl: "/a", replaceUrl: false }, /htmx takes one of them/);
});

test("addresses are ASCII and keep what is encoded in them", () => {
  deepEqual(htmxHeaders({ pushUrl: "/größe/a%2Fb c?q=€#é" }), {
    "HX-Push-Url": "/gr%C3%B6%C3%9Fe/a%2Fb%20c?q=%E2%82%AC#%C3%A9",
  });
  deepEqual(htmxHeaders({ redirect: new URL("https://example.com/ü") }), {
    "HX-Redirect": "https://example.com/%C3%BC",
  });
  deepEqual(htmxHeaders({ redirect: "/\ud800" }), { "HX-Redirect": "/%EF%BF%BD" });
});

const SCRIPTS = [
  "javascript:alert(1)",
  "  JavaScript:alert(1)",
  // htmx 4 runs it.
  "js:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "blob:http://localhost/1",
];

for (const url of SCRIPTS) {
  test(`an address can't be ${JSON.stringify(url)}`, () => {
    const fields = ["redirect", "location", "pushUrl", "replaceUrl", "download"] as const;
    for (const field of fields) refuses({ [field]: url }, /its scheme is/);
    refuses({ location: { path: "/", push: url } }, /its scheme is/);
    throws(() => htmxRedirect(new Request("http://localhost/"), url), TypeError);
  });
}

// A URL parser drops tab, CR and LF, so the scheme is there for a browser all the same.
for (const url of ["java\tscript:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)"]) {
  test(`an address can't hide its scheme: ${JSON.stringify(url)}`, () => {
    refuses({ redirect: url }, /it has a control character/);
  });
}

test("an address can't be empty or none", () => {
  refuses({ redirect: "" }, /^Cannot use "" as HX-Redirect: it is empty$/);
  refuses({ redirect: "http://" }, /it is no URL/);
});

for (const breaker of ["\r\nSet-Cookie: a=b", "\n", "\r", "\0", "\x7f", "\x85"]) {
  test(`no value carries ${JSON.stringify(breaker)} out of its field`, () => {
    const text = `a${breaker}b`;
    for (const field of ["redirect", "pushUrl", "retarget", "reselect", "ptag"] as const) {
      throws(() => htmxHeaders({ [field]: text }), TypeError, field);
    }
    throws(() => htmxHeaders({ trigger: text }), TypeError);
    throws(() => htmxHeaders({ location: { path: "/", target: text } }), TypeError);
    throws(() => htmxHeaders({ location: { path: "/", headers: { a: text } } }), TypeError);
    throws(() => htmxHeaders({ reswap: { style: "none", scrollTarget: text } }), TypeError);
    // In a payload they are escaped.
    match(htmxHeaders({ trigger: { a: text } })["HX-Trigger"] ?? "", /^[\x20-\x7e]+$/);
  });
}

test("whatever is put in, every value is printable ASCII or refused", () => {
  const text = fc.string({ unit: "binary" });
  const options = fc.record({
    trigger: fc.dictionary(text, fc.oneof(text, fc.jsonValue()), { maxKeys: 3 }),
    redirect: text,
    location: fc.record({ path: text, target: text, values: fc.dictionary(text, text) }),
    pushUrl: text,
    reswap: fc.record({ scroll: fc.constant("top" as const), scrollTarget: text }),
    retarget: text,
    ptag: text,
  }, { requiredKeys: [] });
  fc.assert(fc.property(options, (given) => {
    for (const [key, value] of Object.entries(given)) {
      let headers: Record<string, string>;
      try {
        headers = htmxHeaders({ [key]: value });
      } catch (error) {
        return error instanceof TypeError && error.message.startsWith("Cannot ");
      }
      for (const field of Object.values(headers)) match(field, /^[\x20-\x7e]+$/);
    }
    return true;
  }));
});

test("a selector keeps its letters as CSS escapes", () => {
  deepEqual(htmxHeaders({ retarget: "#größe, .\u{1f600}a" }), {
    "HX-Retarget": "#gr\\0000f6\\0000dfe, .\\01f600a",
  });
});

test("htmxResponse() is HTML with what htmx shall do", async () => {
  const response = htmxResponse("<p>ü</p>", { status: 422, retarget: "#errors" });
  equal(response.status, 422);
  equal(response.headers.get("content-type"), "text/html; charset=utf-8");
  equal(response.headers.get("hx-retarget"), "#errors");
  equal(await response.text(), "<p>ü</p>");
});

test("htmxResponse() leaves a content type alone, and has none without a body", () => {
  const headers = { "content-type": "text/vnd.turbo-stream.html" };
  equal(htmxResponse("", { headers }).headers.get("content-type"), headers["content-type"]);
  equal(htmxResponse(null, { status: 204 }).headers.get("content-type"), null);
});

test("stopPolling() answers 286 and, without a last answer, changes nothing", () => {
  equal(stopPolling("<p>").status, 286);
  equal(stopPolling("<p>").headers.get("hx-reswap"), null);
  equal(stopPolling().headers.get("hx-reswap"), "none");
  equal(stopPolling().status, 286);
});

test("htmxRedirect() tells htmx by its field, and everybody else by the status", () => {
  const htmx = htmxRedirect(htmxRequest(), "/login");
  deepEqual([htmx.status, htmx.headers.get("hx-redirect")], [204, "/login"]);
  equal(htmx.headers.get("location"), null);
  const plain = htmxRedirect(new Request("http://localhost/"), "/login", 307);
  deepEqual([plain.status, plain.headers.get("location")], [307, "/login"]);
  equal(plain.headers.get("hx-redirect"), null);
  for (const { headers } of [htmx, plain]) match(headers.get("vary") ?? "", /^HX-Request\b/);
});

// htmx 2 puts whatever such a request ends up with into the page, and reads none of its own fields.
test("htmxRedirect() answers a way back in the history by the status", () => {
  const response = htmxRedirect(htmxRequest({ "HX-History-Restore-Request": "true" }), "/login");
  deepEqual([response.status, response.headers.get("location")], [303, "/login"]);
});

test("withHtmxHeaders() adds to a response and keeps the rest of it", async () => {
  const headers = new Headers({ "x-kept": "1" });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  const response = new Response("body", { status: 201, headers });
  const told = withHtmxHeaders(response, { refresh: true });
  equal(told.status, 201);
  equal(told.headers.get("hx-refresh"), "true");
  equal(told.headers.get("x-kept"), "1");
  deepEqual(told.headers.getSetCookie(), ["a=1", "b=2"]);
  equal(await told.text(), "body");
});

test("withHtmxHeaders() joins events, the later of a name wins", () => {
  const withEvents = (value: string, options: HtmxResponseOptions): string | null =>
    withHtmxHeaders(new Response(null, { headers: { "HX-Trigger": value } }), options)
      .headers.get("hx-trigger");
  equal(withEvents("a, b", { trigger: "c" }), "a, b, c");
  equal(withEvents('{"a":{"x":1}}', { trigger: "b" }), '{"a":{"x":1},"b":{}}');
  equal(withEvents('{"a":{"x":1}}', { trigger: { a: { x: 2 } } }), '{"a":{"x":2}}');
  equal(withEvents("a", { refresh: true }), "a");
  throws(() => withEvents("{a", { trigger: "b" }), /it is no JSON/);
});

test("a redirect made by the runtime can be added to", () => {
  const told = withHtmxHeaders(Response.redirect("http://localhost/"), { trigger: "a" });
  equal(told.status, 302);
  equal(told.headers.get("hx-trigger"), "a");
});
