import { deepEqual, equal } from "node:assert/strict";
import type { Field } from "../../sidecar/http1.ts";
import {
  announcedLength,
  backendRequestFields,
  type ClientInfo,
  isTrustedProxy,
  responseFields,
  viteRequestFields,
} from "../../sidecar/proxy_headers.ts";
import { test } from "../_support/test.ts";

const CLIENT: ClientInfo = {
  remoteAddress: "127.0.0.1",
  host: "localhost:8000",
  scheme: "http",
  isTrusted: false,
};
const HOST: Field = ["host", "localhost:8000"];

test("viteRequestFields() gives on what Vite decides by, as it came", () => {
  const fields: Field[] = [
    ["accept", "*/*"],
    ["cookie", "a=1; b=2"],
    ["if-none-match", 'W/"x"'],
    ["origin", "http://localhost:8000"],
    ["sec-fetch-dest", "script"],
    ["x-forwarded-for", "1.2.3.4"],
  ];
  deepEqual(viteRequestFields(fields, "localhost:8000"), [HOST, ...fields]);
});

test("viteRequestFields() gives the checked host alone, once", () => {
  deepEqual(viteRequestFields([["host", "evil.test"]], "localhost:8000"), [HOST]);
});

test("viteRequestFields() ends what is of one connection, and the framing", () => {
  const ended = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
    "expect",
    "content-length",
  ];
  const fields = ended.map((name): Field => [name, "x"]);
  deepEqual(viteRequestFields([...fields, ["x-kept", "1"]], "localhost:8000"), [HOST, [
    "x-kept",
    "1",
  ]]);
});

test("viteRequestFields() drops what Connection names, before it and behind (S9)", () => {
  const fields: Field[] = [
    ["x-before", "1"],
    ["connection", " close, X-Before ,x-after,, "],
    ["x-after", "2"],
    ["x-kept", "3"],
  ];
  deepEqual(viteRequestFields(fields, "localhost:8000"), [HOST, ["x-kept", "3"]]);
});

test("viteRequestFields() keeps what Connection may not name away (S9)", () => {
  const kept: Field[] = [
    ["authorization", "Bearer x"],
    ["cookie", "a=1"],
    ["content-type", "text/plain"],
    ["content-encoding", "gzip"],
    ["origin", "http://localhost:8000"],
    ["cache-control", "no-cache"],
  ];
  const names = ["host", ...kept.map(([name]) => name)].join(", ");
  deepEqual(viteRequestFields([["connection", names], ...kept], "localhost:8000"), [HOST, ...kept]);
});

test("viteRequestFields() drops names with an underscore, which CGI and WSGI take for a hyphen (S11)", () => {
  for (const name of ["x_forwarded_for", "content_length", "transfer_encoding", "_", "x-a_b"]) {
    deepEqual(viteRequestFields([[name, "x"]], "localhost:8000"), [HOST], name);
  }
});

test("viteRequestFields() leaves out what it is told to", () => {
  const fields: Field[] = [["range", "bytes=0-1"], ["accept", "*/*"]];
  deepEqual(viteRequestFields(fields, "localhost:8000", new Set(["range"])), [HOST, [
    "accept",
    "*/*",
  ]]);
});

const GIVEN: readonly Field[] = [
  ["forwarded", "for=1.2.3.4"],
  ["x-forwarded-for", "1.2.3.4"],
  ["x-forwarded-host", "evil.test"],
  ["x-forwarded-port", "443"],
  ["x-forwarded-prefix", "/x"],
  ["x-forwarded-proto", "https"],
  ["x-forwarded-server", "y"],
  ["x-real-ip", "1.2.3.4"],
];

test("backendRequestFields() says who asked for what, in place of what a client claims", () => {
  deepEqual(backendRequestFields([...GIVEN, ["accept", "*/*"]], CLIENT), [
    HOST,
    ["accept", "*/*"],
    ["x-forwarded-proto", "http"],
    ["x-forwarded-host", "localhost:8000"],
    ["x-forwarded-for", "127.0.0.1"],
  ]);
});

test("backendRequestFields() lets Connection name away only what the client sent itself", () => {
  const fields: Field[] = [["connection", "x-forwarded-for, x-forwarded-proto"], ...GIVEN];
  const sent = new Map(backendRequestFields(fields, CLIENT));
  equal(sent.get("x-forwarded-for"), "127.0.0.1");
  equal(sent.get("x-forwarded-proto"), "http");
});

test("backendRequestFields() believes a trusted proxy, and adds its address to the chain", () => {
  const client: ClientInfo = { ...CLIENT, remoteAddress: "10.0.0.1", isTrusted: true };
  deepEqual(backendRequestFields(GIVEN, client), [
    HOST,
    ["x-forwarded-proto", "https"],
    ["x-forwarded-host", "evil.test"],
    ["x-forwarded-for", "1.2.3.4, 10.0.0.1"],
    ["x-forwarded-port", "443"],
    ["x-forwarded-prefix", "/x"],
    ["x-real-ip", "1.2.3.4"],
    ["forwarded", "for=1.2.3.4"],
  ]);
});

test("backendRequestFields() names no address where none is known", () => {
  const client: ClientInfo = { ...CLIENT, remoteAddress: undefined };
  equal(new Map(backendRequestFields([], client)).has("x-forwarded-for"), false);
});

const UPSTREAM = { upstreamOrigin: "http://127.0.0.1:8001" };

test("responseFields() keeps the order and duplicates, Set-Cookie among them", () => {
  const fields: Field[] = [
    ["set-cookie", "a=1, x; Path=/"],
    ["etag", '"x"'],
    ["content-encoding", "gzip"],
    ["set-cookie", "b=2"],
    ["content-length", "5"],
    ["x_under", "kept"],
  ];
  deepEqual(responseFields(fields, UPSTREAM), fields);
});

test("responseFields() ends what is of one connection, and what Connection names", () => {
  const fields: Field[] = [
    ["x-secret", "1"],
    ["connection", "close, X-Secret, content-length"],
    ["keep-alive", "timeout=5"],
    ["transfer-encoding", "chunked"],
    ["upgrade", "h2c"],
    ["trailer", "x"],
    ["proxy-authenticate", "Basic"],
    ["content-type", "text/plain"],
  ];
  deepEqual(responseFields(fields, UPSTREAM), [["content-type", "text/plain"]]);
});

function location(value: string, upstreamOrigin = "http://127.0.0.1:8001"): string | undefined {
  return responseFields([["location", value]], { upstreamOrigin })[0]?.[1];
}

test("responseFields() brings a redirect to the upstream's own address onto our port", () => {
  equal(location("http://127.0.0.1:8001/login?next=/a"), "/login?next=/a");
  equal(location("http://127.0.0.1:8001"), "/");
  equal(location("http://127.0.0.1:8001?x"), "/?x");
  equal(location("http://127.0.0.1:8001#x"), "/#x");
});

test("responseFields() leaves every other redirect as it is", () => {
  for (
    const value of [
      "/login",
      "",
      "login",
      "//evil.test",
      "https://127.0.0.1:8001/x",
      "http://127.0.0.1:80011/x",
      "http://127.0.0.1:8001.evil.test/",
      "http://127.0.0.1:8001@evil.test/",
      "http://localhost:8001/x",
    ]
  ) {
    equal(location(value), value);
  }
});

test("responseFields() makes no redirect to another host out of the rest of a path", () => {
  // Browsers read "//", "/\" and "/<tab>/" as the start of a host.
  for (const rest of ["//evil.test", "/\\evil.test", "/\t/evil.test", "/\t\\evil.test"]) {
    const value = `http://127.0.0.1:8001${rest}`;
    equal(location(value), value);
  }
});

test("responseFields() knows the upstream without the scheme's own port too", () => {
  equal(location("http://127.0.0.1/x", "http://127.0.0.1:80"), "/x");
  equal(location("http://127.0.0.1:80/x", "http://127.0.0.1:80"), "/x");
  equal(location("https://api.test/x", "https://api.test:443"), "/x");
  equal(location("http://127.0.0.1:8001/x", "http://127.0.0.1:80"), "http://127.0.0.1:8001/x");
});

test("announcedLength() reads one number or the one coding", () => {
  equal(announcedLength(null, null), undefined);
  equal(announcedLength("0", null), 0);
  equal(announcedLength("123", null), 123);
  equal(announcedLength(null, "chunked"), "chunked");
  equal(announcedLength(null, "CHUNKED"), "chunked");
});

test("announcedLength() refuses what two servers may read differently (S1-S3)", () => {
  for (
    const length of [
      "",
      "3, 3",
      "3,3",
      "+3",
      "-3",
      "0x3",
      " 3",
      "3 ",
      "1e2",
      "3.0",
      "18446744073709551619",
    ]
  ) {
    equal(announcedLength(length, null), "invalid", JSON.stringify(length));
  }
  for (
    const coding of [
      "",
      ",chunked",
      "chunked,",
      "gzip, chunked",
      "identity",
      "xchunked",
      "chunked, chunked",
      "chunked\x0b",
    ]
  ) {
    equal(announcedLength(null, coding), "invalid", JSON.stringify(coding));
  }
  equal(announcedLength("3", "chunked"), "invalid");
});

function trusts(entry: string, ...addresses: (string | undefined)[]): boolean[] {
  return addresses.map((address) => isTrustedProxy(address, [entry]));
}

test("isTrustedProxy() knows addresses, in every spelling of the same", () => {
  deepEqual(trusts("10.0.0.1", "10.0.0.1", "::ffff:10.0.0.1", "10.0.0.2"), [true, true, false]);
  deepEqual(trusts("::ffff:10.0.0.1", "10.0.0.1"), [true]);
  deepEqual(trusts("::1", "::1", "0:0:0:0:0:0:0:1", "127.0.0.1"), [true, true, false]);
  deepEqual(trusts("FE80:0::1", "fe80::1", "fe80::2"), [true, false]);
});

test("isTrustedProxy() knows ranges of IPv4", () => {
  deepEqual(trusts("10.0.0.0/8", "10.255.0.1", "11.0.0.1", "::ffff:10.1.1.1"), [true, false, true]);
  deepEqual(trusts("192.168.1.128/25", "192.168.1.127", "192.168.1.128"), [false, true]);
  deepEqual(trusts("10.0.0.1/32", "10.0.0.1", "10.0.0.2"), [true, false]);
  deepEqual(trusts("0.0.0.0/0", "1.2.3.4", "255.255.255.255", "::1"), [true, true, false]);
});

test("isTrustedProxy() knows ranges of IPv6", () => {
  deepEqual(trusts("fd00::/8", "fd12::1", "fe80::1"), [true, false]);
  deepEqual(trusts("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"), [true, false]);
  deepEqual(trusts("::1/128", "::1", "::2"), [true, false]);
  deepEqual(trusts("::/0", "fe80::1", "10.0.0.1"), [true, false]);
});

test("isTrustedProxy() trusts nobody without an address, a list, or a rule that can be read", () => {
  equal(isTrustedProxy(undefined, ["0.0.0.0/0"]), false);
  equal(isTrustedProxy("10.0.0.1", []), false);
  for (
    const entry of [
      "",
      "/",
      "10.0.0.0/",
      "10.0.0.0/x",
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "10.0.0.0/1.5",
      "10.0.0/8",
      "x/8",
      "10.0.0.1/8/8",
    ]
  ) {
    deepEqual(trusts(entry, "10.0.0.1", "", "x"), [false, false, false], entry);
  }
});
