import { deepEqual, equal, match } from "node:assert/strict";
import { isOtherAuthority, parseRequestTarget } from "../../sidecar/request_target.ts";
import { test } from "../_support/test.ts";

const parse = (target: string): ReturnType<typeof parseRequestTarget> =>
  parseRequestTarget(`http://localhost:8000${target}`);

test("parseRequestTarget() takes path and query as they are", () => {
  deepEqual(parse("/a%2Fb//c/?x=1?&y=%zz"), {
    target: "/a%2Fb//c/?x=1?&y=%zz",
    path: "/a%2Fb//c/",
    search: "?x=1?&y=%zz",
    authority: "localhost:8000",
    scheme: "http",
  });
});

test("parseRequestTarget() keeps no address for another one, however many there are", () => {
  const targets = Array.from({ length: 20_000 }, (_, index) => `/users/${index}`);
  for (const hosts of [["a.test", "b.test"], ["b.test"]]) {
    for (const target of targets.concat(targets.slice(0, 50))) {
      for (const authority of hosts) {
        deepEqual(parseRequestTarget(`http://${authority}${target}`), {
          target,
          path: target,
          search: "",
          authority,
          scheme: "http",
        });
      }
    }
  }
});

test("parseRequestTarget() lets through what browsers and Vite send", () => {
  for (
    const target of [
      "/",
      "//evil.test/x",
      "/@fs/home/me/a.ts",
      "/@id/__x00__virtual:x",
      "/src/routes/[...slug].ts",
      "/src/routes/(group)/+page.svelte?t=1",
      "/a/...",
      "/a/..b/c..",
      "/.well-known/x",
      "/.vite/deps/react.js?v=1a2b",
      "/%F0%9F%98%80/%c3%a9",
      "/x?redirect=/../a&b=a\\b".replace("\\", "%5C"),
      "/x?y=%00",
      "/x?q={}|^`'",
      "/~user/a;b=c,d!$&'()*+=:@",
      "/100%25",
      "/@evil",
      "/http://evil.test/",
    ]
  ) {
    const parsed = parse(target);
    equal(typeof parsed === "string" ? parsed : parsed.target, target);
  }
});

test("parseRequestTarget() refuses dot segments, however they are coded", () => {
  for (
    const path of [
      "/..",
      "/.",
      "/a/../b",
      "/a/./b",
      "/a/..",
      "/a/.",
      "/../../etc/passwd",
      "/..//evil",
      "/%2e%2e/x",
      "/%2E%2e/x",
      "/.%2e/x",
      "/a/%2e",
      "/..%2fx",
      "/..%2F..%2Fetc",
      "/a%2f..%2fb",
      "/..%5cx",
      "/a%5c..%5cb",
      "/%252e%252e/x",
      "/%25252e%25252e/x",
      "/..%252fx",
      "/..%255cx",
      // Each character of an escape can be escaped itself.
      "/%25%32%65%25%32%65/x",
      "/%%32%65%%32%65/x",
      "/..%25%32%66x",
      "/%2%65%2%65/x",
    ]
  ) {
    equal(typeof parse(path), "string", path);
    equal(typeof parse(`${path}?x`), "string", path);
  }
});

test("parseRequestTarget() refuses NUL and broken escapes in the path", () => {
  for (
    const path of [
      "/a%00",
      "/a%00.js",
      "/%2500",
      "/%252500",
      "/%25%30%30",
      "/a%",
      "/a%2",
      "/a%zz",
      "/%u002e",
    ]
  ) {
    equal(typeof parse(path), "string", path);
  }
});

test("parseRequestTarget() refuses characters that browsers encode", () => {
  for (
    const character of [
      " ",
      "\t",
      "\n",
      "\r",
      "\0",
      "\x1f",
      "\x7f",
      "\\",
      "#",
      '"',
      "<",
      ">",
      "é",
      "\xa0",
      "😀",
    ]
  ) {
    equal(typeof parse(`/a${character}b`), "string", JSON.stringify(character));
    equal(typeof parse(`/a?b${character}c`), "string", JSON.stringify(character));
  }
});

test("parseRequestTarget() limits the length (exactly at the limit passes, one byte over fails)", () => {
  const at = (length: number): string => "/".padEnd(length, "x");
  equal(typeof parse(at(16 * 1024)), "object");
  match(String(parse(at(16 * 1024 + 1))), /too long$/);
});

test("parseRequestTarget() refuses a URL without a scheme or without a path", () => {
  // Bun gives these for a Host header that is none, and for CONNECT.
  for (const url of ["/p", "", "a:80", "http://localhost", "http://localhost?x"]) {
    equal(typeof parseRequestTarget(url), "string", url);
  }
});

test("parseRequestTarget() leaves what a Host header smuggles to the authority", () => {
  // Deno pastes `Host: evil.test/admin?x=` in front of the target.
  const parsed = parseRequestTarget("http://evil.test/admin?x=/p");
  deepEqual(typeof parsed === "string" ? parsed : [parsed.authority, parsed.path], [
    "evil.test",
    "/admin",
  ]);
});

test("isOtherAuthority() overlooks case and the scheme's port", () => {
  equal(isOtherAuthority("LOCALHOST:80", "localhost", "http"), false);
  equal(isOtherAuthority("localhost", "localhost:443", "https"), false);
  equal(isOtherAuthority("localhost:443", "localhost", "http"), true);
  equal(isOtherAuthority("localhost:8000", "localhost:8001", "http"), true);
  equal(isOtherAuthority("a, b", "a", "http"), true);
  equal(isOtherAuthority("evil.test/admin?x=", "evil.test", "http"), true);
});
