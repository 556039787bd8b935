import { deepEqual, equal, ok } from "node:assert/strict";
import {
  closingFor,
  cutCloseReason,
  isWireCloseCode,
  MAX_REASON_BYTES,
} from "../../sidecar/close_code.ts";
import { test } from "../_support/test.ts";

test("isWireCloseCode() takes the registered and the private codes, the limits inclusive", () => {
  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1011, 1012, 1014, 3000, 4000, 4999]) {
    equal(isWireCloseCode(code), true, String(code));
  }
});

test("isWireCloseCode() refuses pseudo-codes, reserved codes and what is no code", () => {
  for (
    const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535, 1000.5, NaN]
  ) {
    equal(isWireCloseCode(code), false, String(code));
  }
});

test("closingFor() gives on what may be sent, with its reason", () => {
  for (const code of [1000, 1001, 1008, 1011, 1012, 3000, 4999]) {
    deepEqual(closingFor(code, "bye"), { kind: "frame", code, reason: "bye" });
  }
});

test("closingFor() closes without a code where none was received", () => {
  deepEqual(closingFor(1005, "ignored"), { kind: "frame", code: undefined, reason: "" });
});

test("closingFor() calls a socket broken that ended without a closing handshake", () => {
  for (const code of [1006, 1015, 0, -1, 999, NaN]) {
    deepEqual(closingFor(code, ""), { kind: "broken" }, String(code));
  }
});

test("closingFor() reports a code that is not allowed as a protocol error", () => {
  for (const code of [1004, 1016, 2999, 5000, 65535]) {
    const closing = closingFor(code, "");
    equal(closing.kind === "frame" ? closing.code : undefined, 1002, String(code));
  }
});

test("closingFor() never gives a code that may not be sent", () => {
  for (let code = 0; code < 5100; code++) {
    const closing = closingFor(code, "");
    ok(closing.kind === "broken" || closing.code === undefined || isWireCloseCode(closing.code));
  }
});

test("cutCloseReason() keeps what fits, the limit inclusive", () => {
  const exact = "x".repeat(MAX_REASON_BYTES);
  equal(cutCloseReason(""), "");
  equal(cutCloseReason(exact), exact);
  equal(cutCloseReason(exact + "y"), exact);
});

test("cutCloseReason() never cuts inside a character", () => {
  for (const character of ["é", "€", "😀"]) {
    for (let pad = 0; pad < 4; pad++) {
      const cut = cutCloseReason("x".repeat(pad) + character.repeat(130));
      const bytes = new TextEncoder().encode(cut);
      ok(bytes.length <= MAX_REASON_BYTES && bytes.length > MAX_REASON_BYTES - 4, character);
      equal(cut.replaceAll(character, ""), "x".repeat(pad));
    }
  }
});

test("cutCloseReason() does not end in half a pair at the first cut", () => {
  const cut = cutCloseReason("x".repeat(122) + "😀");
  equal(cut, "x".repeat(122));
});
