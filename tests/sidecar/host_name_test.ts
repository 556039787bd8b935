import { equal } from "node:assert/strict";
import { isHostName, isLoopbackHost, withoutBrackets } from "../../sidecar/host_name.ts";
import { test } from "../_support/test.ts";

for (
  const host of [
    "127.0.0.1",
    "127.255.0.9",
    "::1",
    "0:0:0:0:0:0:0:1",
    "localhost",
    "LocalHost",
    "app.localhost",
  ]
) {
  test(`isLoopbackHost() accepts "${host}"`, () => equal(isLoopbackHost(host), true));
}

for (
  const host of [
    "0.0.0.0",
    "::",
    "192.168.1.2",
    "128.0.0.1",
    "::ffff:127.0.0.1",
    "fe80::1%lo",
    "example.com",
    "localhost.example.com",
    "notlocalhost",
    "127.0.0.1.example.com",
    "127.1",
    "0",
    "",
  ]
) {
  test(`isLoopbackHost() does not accept "${host}"`, () => equal(isLoopbackHost(host), false));
}

test("isHostName() knows the syntax of names", () => {
  for (const name of ["a", "app.test", "xn--bcher-kva.test", "my_app", "a-b.c"]) {
    equal(isHostName(name), true, name);
  }
  for (
    const name of ["", ".", "a..b", "-a", "a-", "a b", "a/b", "a:1", "bücher", "a".repeat(64), "*"]
  ) {
    equal(isHostName(name), false, name);
  }
  equal(isHostName(Array(127).fill("a").join(".")), true);
  equal(isHostName(Array(128).fill("a").join(".")), false);
});

test("withoutBrackets() removes a pair and leaves everything else", () => {
  equal(withoutBrackets("[::1]"), "::1");
  equal(withoutBrackets("::1"), "::1");
  equal(withoutBrackets("[::1"), "[::1");
  equal(withoutBrackets("localhost"), "localhost");
});
