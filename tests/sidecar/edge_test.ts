import { deepEqual, equal } from "node:assert/strict";
import {
  type Admission,
  admitRequest,
  type EdgeConfig,
  type EdgeRequest,
  initiatorOf,
  refuseSocket,
  refuseViteRequest,
} from "../../sidecar/edge.ts";
import { test } from "../_support/test.ts";

type Headers = Readonly<Record<string, string>>;

const LOOPBACK: EdgeConfig = { host: "127.0.0.1", allowedHosts: [] };
const OWN = "127.0.0.1:8000";

function request(headers: Headers = {}, url = `http://${OWN}/x`, method = "GET"): EdgeRequest {
  const all: Headers = { host: OWN, ...headers };
  return { method, url, header: (name) => all[name] ?? null };
}

function admit(headers: Headers, url?: string, config = LOOPBACK, method = "GET"): string {
  const result = admitRequest(request(headers, url, method), config);
  return result.kind === "admitted" ? `in ${result.host}` : String(result.status);
}

/** As Deno's listener gives it: `Host` pasted in front of the target. */
const withHost = (host: string, config = LOOPBACK): string =>
  admit({ host }, `http://${host}/x`, config);

function admission(headers: Headers = {}, url?: string): Admission {
  const result = admitRequest(request(headers, url), LOOPBACK);
  if (result.kind === "refused") throw new Error(result.reason);
  return result;
}

test("admitRequest() lets in loopback, localhost and below, and addresses", () => {
  for (
    const host of [
      "localhost",
      "localhost:8000",
      "LOCALHOST:1",
      "localhost.",
      "evil.localhost",
      "127.0.0.1",
      "127.9.9.9:80",
      "[::1]:8000",
      "192.168.1.7:8000",
      "[fe80::1]",
    ]
  ) {
    equal(withHost(host), `in ${host}`, host);
  }
});

test("admitRequest() refuses names that an attacker can own (V1, DNS rebinding)", () => {
  for (
    const host of [
      "evil.test",
      "evil.test:8000",
      "127.0.0.1.nip.io",
      "localhost.evil.test",
      "evil-localhost",
      "127.1",
      "0x7f000001",
    ]
  ) {
    equal(withHost(host), "403", host);
  }
});

test("admitRequest() lets in what is listed, and the host that it listens on", () => {
  const config: EdgeConfig = { host: "Dev.Test", allowedHosts: ["app.test", ".example.com"] };
  for (const host of ["app.test:8000", "example.com", "a.b.example.com", "dev.test:8000"]) {
    equal(withHost(host, config), `in ${host}`, host);
  }
  for (const host of ["a.app.test", "app.test.evil", "evilexample.com"]) {
    equal(withHost(host, config), "403", host);
  }
  equal(withHost("evil.test", { host: "0.0.0.0", allowedHosts: true }), "in evil.test");
});

test("admitRequest() refuses a Host that is no authority, before all else (S8)", () => {
  for (
    const host of [
      "",
      "a b",
      "u@localhost",
      "localhost:99999",
      "[::1",
      "a%zz",
      "\tlocalhost",
      "a, b",
    ]
  ) {
    equal(withHost(host), "400", JSON.stringify(host));
  }
});

test("admitRequest() refuses a Host that brings a path of its own (F10)", () => {
  for (const host of ["127.0.0.1/admin?x=", "127.0.0.1:8000/admin", "127.0.0.1#", "127.0.0.1?x="]) {
    equal(withHost(host), "400", host);
  }
});

test("admitRequest() refuses a target that names another host than Host does", () => {
  equal(admit({}, "http://evil.test/x"), "400");
  equal(admit({ host: "evil.test" }, `http://${OWN}/x`), "400");
  equal(admit({}, "http://127.0.0.1:8001/x"), "400");
  equal(admit({}, "http://127.0.0.1@evil.test/x"), "400");
  equal(admit({ host: "127.0.0.1:80" }, "http://127.0.0.1/x"), "in 127.0.0.1:80");
});

test("admitRequest() takes the authority of HTTP/2 from the URL, by the same list (S14)", () => {
  const h2 = (url: string): string => {
    const result = admitRequest({ method: "GET", url, header: () => null }, LOOPBACK);
    return result.kind === "admitted" ? result.host : String(result.status);
  };
  equal(h2("http://localhost:8000/x"), "localhost:8000");
  equal(h2("http://evil.test/x"), "403");
});

test("admitRequest() refuses what Bun's listener makes of a bad Host", () => {
  equal(admit({ host: "u@h" }, "/x"), "400");
  equal(admit({ host: "a, evil.test" }, "http://a/x"), "400");
});

test("admitRequest() never serves CONNECT and TRACE", () => {
  equal(admit({}, undefined, LOOPBACK, "TRACE"), "405");
  equal(admit({}, "evil.test:80", LOOPBACK, "CONNECT"), "405");
});

test("admitRequest() refuses targets by their rule, a long one as such", () => {
  equal(admit({}, `http://${OWN}/a/../b`), "400");
  equal(admit({}, `http://${OWN}/${"x".repeat(20_000)}`), "414");
});

function initiator(headers: Headers, config = LOOPBACK): string {
  const asked = request(headers, `http://${headers.host ?? OWN}/x`);
  const result = admitRequest(asked, config);
  if (result.kind === "refused") throw new Error(result.reason);
  return initiatorOf(asked, result, config);
}

test("initiatorOf() calls the own origin same-origin, whatever its scheme", () => {
  equal(initiator({ origin: `http://${OWN}` }), "same-origin");
  // Behind a terminator of TLS.
  equal(initiator({ origin: "https://app.localhost", host: "app.localhost" }), "same-origin");
  equal(
    initiator({ origin: "https://app.localhost:8443", host: "app.localhost:8443" }),
    "same-origin",
  );
});

test("initiatorOf() calls every other origin cross-origin, the port and null included", () => {
  for (
    const origin of [
      "http://evil.test",
      "http://127.0.0.1",
      "http://127.0.0.1:8001",
      "http://localhost:8000",
      "http://127.0.0.1:8000.evil.test",
      "http://evil.test:8000",
      "null",
      "",
      "file://",
      "http://127.0.0.1:8000/",
      "http://u@127.0.0.1:8000",
      "http://127.0.0.1:8000, http://evil.test",
      "chrome-extension://abcdef",
    ]
  ) {
    equal(initiator({ origin }), "cross-origin", JSON.stringify(origin));
  }
});

test("initiatorOf() believes Origin before Sec-Fetch-Site", () => {
  equal(initiator({ origin: "http://evil.test", "sec-fetch-site": "same-origin" }), "cross-origin");
});

test("initiatorOf() reads Sec-Fetch-Site where there is no Origin", () => {
  equal(initiator({ "sec-fetch-site": "same-origin" }), "same-origin");
  equal(initiator({ "sec-fetch-site": "none" }), "same-origin");
  equal(initiator({ "sec-fetch-site": "cross-site" }), "cross-origin");
  equal(initiator({ "sec-fetch-site": "same-site" }), "cross-origin");
  equal(initiator({ "sec-fetch-site": "odd" }), "cross-origin");
  equal(initiator({}), "unknown");
});

test("initiatorOf() knows the origins that the configuration allows", () => {
  const config: EdgeConfig = { host: "127.0.0.1", allowedHosts: [".app.test"] };
  equal(initiator({ origin: "https://x.app.test" }, config), "allowed");
  equal(initiator({ origin: "https://evil.test" }, config), "cross-origin");
});

function vite(
  headers: Headers,
  path = "/src/main.ts",
  { remoteAddress = "127.0.0.1" as string | undefined, method = "GET" } = {},
): number | undefined {
  const url = `http://${OWN}${path}`;
  const asked = request(headers, url, method);
  const admitted = admission(headers, url);
  const access = { remoteAddress, initiator: initiatorOf(asked, admitted, LOOPBACK) };
  return refuseViteRequest(asked, admitted, access)?.status;
}

const EVIL = { origin: "http://evil.test", "sec-fetch-site": "cross-site" };

test("refuseViteRequest() gives modules to own pages and to clients that are no browser", () => {
  equal(vite({}), undefined);
  equal(vite({ "sec-fetch-site": "same-origin" }), undefined);
  equal(vite({ origin: `http://${OWN}` }), undefined);
});

test("refuseViteRequest() keeps modules from pages of other sites (V6, XSSI)", () => {
  equal(
    vite({
      "sec-fetch-site": "cross-site",
      "sec-fetch-dest": "script",
      "sec-fetch-mode": "no-cors",
    }),
    403,
  );
  equal(vite(EVIL), 403);
  equal(vite({ origin: "null" }), 403);
  equal(vite({ origin: "http://127.0.0.1:8001", "sec-fetch-site": "same-site" }), 403);
});

test("refuseViteRequest() grants no preflight to other sites (V5)", () => {
  equal(
    vite({ ...EVIL, "access-control-request-method": "GET" }, "/src/main.ts", {
      method: "OPTIONS",
    }),
    403,
  );
});

test("refuseViteRequest() lets a link of another site lead here, but nothing else navigate", () => {
  const navigation = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
  equal(vite(navigation, "/"), undefined);
  equal(vite({ ...navigation, origin: "http://evil.test" }, "/", { method: "POST" }), 403);
});

const EDITOR = "/__open-in-editor?file=src/main.ts";

test("refuseViteRequest() gates what acts on this machine to its own pages", () => {
  equal(vite({ "sec-fetch-site": "same-origin" }, EDITOR), undefined);
  equal(vite({ origin: `http://${OWN}` }, EDITOR), undefined);
  for (
    const headers of [
      {},
      EVIL,
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
    ]
  ) {
    equal(vite(headers, EDITOR), 403, JSON.stringify(headers));
  }
});

test("refuseViteRequest() gates it to this machine's own browser", () => {
  const own = { "sec-fetch-site": "same-origin" };
  equal(vite(own, EDITOR, { remoteAddress: "::1" }), undefined);
  equal(vite(own, EDITOR, { remoteAddress: "::ffff:127.0.0.1" }), undefined);
  equal(vite(own, EDITOR, { remoteAddress: "10.0.0.1" }), 403);
  const asked = request(own, `http://${OWN}${EDITOR}`);
  const access = { remoteAddress: undefined, initiator: "same-origin" } as const;
  equal(refuseViteRequest(asked, admission(own, `http://${OWN}${EDITOR}`), access)?.status, 403);
});

test("refuseViteRequest() knows the gated paths in every spelling", () => {
  for (
    const path of [
      "/__open-in-editor",
      "/__OPEN-in-Editor?file=x",
      "//__open-in-editor",
      "/static/__open-in-editor",
      "/__open-in-editor/",
      "/__open-in-editor.js",
      "/_%5Fopen-in-editor",
      "/%5f%5Fopen%2Din-editor",
      "/__open-in%2deditor",
      "/__devtools/api",
      "/static//__devtools__/",
      "/__inspect/",
      "/%ff/__open-in-editor",
    ]
  ) {
    equal(vite(EVIL, path), 403, path);
    equal(vite({}, path), 403, path);
  }
  equal(vite({}, "/src/__open.ts"), undefined);
});

function socket(
  headers: Headers,
  query: string,
  token?: { readonly expected: string | undefined },
): number | undefined {
  const url = `http://${OWN}/${query}`;
  const asked = request(headers, url);
  const admitted = admission(headers, url);
  return refuseSocket(asked, admitted, initiatorOf(asked, admitted, LOOPBACK), token)?.status;
}

const TOKEN = { expected: "aB3_-x" };

test("refuseSocket() refuses every foreign origin, to Vite and to the app (V2)", () => {
  for (const origin of ["http://evil.test", "null", "http://127.0.0.1:8001"]) {
    equal(socket({ origin }, "?token=aB3_-x", TOKEN), 403, origin);
    equal(socket({ origin, cookie: "a=b" }, "", undefined), 403, origin);
  }
  equal(socket({ "sec-fetch-site": "cross-site" }, "?token=aB3_-x", TOKEN), 403);
});

test("refuseSocket() leaves the token of an own page to Vite", () => {
  equal(socket({ origin: `http://${OWN}` }, "", TOKEN), undefined);
  equal(socket({ origin: `http://${OWN}` }, "?token=wrong", TOKEN), undefined);
});

test("refuseSocket() wants the token of a client without an origin (V3, CVE-2026-39363)", () => {
  equal(socket({}, "?token=aB3_-x", TOKEN), undefined);
  for (
    const query of [
      "",
      "?token=",
      "?token=aB3_-",
      "?token=aB3_-xx",
      "?token=ab3_-x",
      "?Token=aB3_-x",
    ]
  ) {
    equal(socket({}, query, TOKEN), 403, query);
  }
  equal(socket({ "sec-fetch-site": "same-origin" }, "", TOKEN), 403);
});

test("refuseSocket() lets no client in without an origin while the token is not known", () => {
  for (const query of ["", "?token=", "?token=undefined"]) {
    equal(socket({}, query, { expected: undefined }), 403, query);
  }
  equal(socket({}, "?token=", { expected: "" }), undefined);
});

test("refuseSocket() wants no token for the app's own sockets", () => {
  equal(socket({}, "", undefined), undefined);
  deepEqual(socket({ origin: `http://${OWN}` }, "", undefined), undefined);
});
