import { deepEqual, equal } from "node:assert/strict";
import {
  type Authority,
  isHostAllowed,
  isHostListed,
  isIpAddress,
  isLoopbackAddress,
  isSameAuthority,
  parseAuthority,
} from "../../sidecar/host.ts";
import { test } from "../_support/test.ts";

test("parseAuthority() takes names, addresses and ports", () => {
  const cases: [string, Authority][] = [
    ["localhost", { hostname: "localhost", port: undefined }],
    ["LocalHost:8000", { hostname: "localhost", port: 8000 }],
    ["localhost.", { hostname: "localhost", port: undefined }],
    ["localhost.:80", { hostname: "localhost", port: 80 }],
    ["a_b.example-1.test", { hostname: "a_b.example-1.test", port: undefined }],
    ["127.0.0.1:65535", { hostname: "127.0.0.1", port: 65535 }],
    ["[::1]:1", { hostname: "::1", port: 1 }],
    ["[FE80::1]", { hostname: "fe80::1", port: undefined }],
    ["[::ffff:127.0.0.1]", { hostname: "::ffff:127.0.0.1", port: undefined }],
  ];
  for (const [text, authority] of cases) deepEqual(parseAuthority(text), authority, text);
});

test("parseAuthority() refuses what is no authority, or more than one", () => {
  for (
    const text of [
      "",
      " ",
      "a b",
      " a",
      "a ",
      "\ta",
      "a/p",
      "a/p?x=",
      "a?x",
      "a#x",
      "a\\b",
      "u@h",
      "u:p@h",
      "a, b",
      "a,b",
      "a%zz",
      "a%2eb",
      "[::1",
      "::1",
      "[]",
      "[::1%25eth0]",
      "[::1%eth0]",
      "[1.2.3.4]",
      "[:::]",
      "h:",
      "h:0",
      "h:00000",
      "h:65536",
      "h:99999",
      "h:123456",
      "h:+80",
      "h:8 0",
      "h:80:80",
      "http://h",
      "-a",
      ".a",
      "a\0",
      "a\n",
      "büro.test",
      "file:",
      "chrome-extension://x",
    ]
  ) {
    equal(parseAuthority(text), undefined, JSON.stringify(text));
  }
});

test("isIpAddress() knows the canonical forms alone", () => {
  for (const text of ["127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "fe80::1"]) {
    equal(isIpAddress(text), true, text);
  }
  for (
    const text of ["127.1", "0x7f.0.0.1", "2130706433", "256.0.0.1", "1.2.3.4.5", "1.2.3.4.test"]
  ) {
    equal(isIpAddress(text), false, text);
  }
});

test("isLoopbackAddress() takes IPv4 in the clothes of IPv6, and no name", () => {
  for (const address of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"]) {
    equal(isLoopbackAddress(address), true, address);
  }
  for (const address of ["localhost", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1", "", "127.evil"]) {
    equal(isLoopbackAddress(address), false, address);
  }
});

test("isHostAllowed() lets in what Vite lets in: localhost and below, addresses, and the list", () => {
  const allowed = ["app.test", ".Example.com"];
  for (
    const name of [
      "localhost",
      "evil.localhost",
      "127.0.0.1",
      "192.168.1.7",
      "::1",
      "fe80::1",
      "app.test",
      "example.com",
      "a.b.example.com",
    ]
  ) {
    equal(isHostAllowed(name, allowed), true, name);
  }
});

test("isHostAllowed() keeps names out that an attacker can own (DNS rebinding)", () => {
  for (
    const name of [
      "evil.test",
      "127.0.0.1.nip.io",
      "localhost.evil.test",
      "notlocalhost",
      "sub.app.test",
      "app.test.evil",
      "evilexample.com",
      "example.com.evil",
      "127.1",
      "0x7f000001",
      "",
    ]
  ) {
    equal(isHostAllowed(name, ["app.test", ".example.com"]), false, name);
  }
});

test("isHostListed() lets everything in with true, and nothing with an empty list", () => {
  equal(isHostListed("evil.test", true), true);
  equal(isHostListed("localhost", []), false);
});

test("isSameAuthority() fills in the port of the scheme", () => {
  const at = (hostname: string, port?: number): Authority => ({ hostname, port });
  equal(isSameAuthority(at("a"), at("a", 80), "http"), true);
  equal(isSameAuthority(at("a"), at("a", 443), "https"), true);
  equal(isSameAuthority(at("a"), at("a", 443), "http"), false);
  equal(isSameAuthority(at("a", 8000), at("a", 8001), "http"), false);
  equal(isSameAuthority(at("a", 80), at("b", 80), "http"), false);
});
